/* SPDX-License-Identifier: MIT */
/* overview_draw.c - the overview on the canvas: four blocks of figures above the list NOW. */
#include <stdio.h>

#include "importers/importer.h"
#include "tui/overview.h"

enum { LEFT_WIDTH = 100, RIGHT_WIDTH = 37, NARROW_RIGHT = 30 };
enum { TWO_SIDES = 79, THREE_SIDES = 180, HIGH = 34 };
enum { TREND_AT = 48, WEEKS_MAX = 8, OWNER_ROWS = 6 };
enum { MOVES_AT = 19, MOVE_WIDTH = 7 }; /* `in`, `out` and `7d ago` */

static const enum control_word posture_word[] = {
	CONTROL_PASS, CONTROL_FAIL, CONTROL_MANUAL, CONTROL_NONE, CONTROL_STALE,
};

size_t overview_rows(const struct view *v, enum block b)
{
	const struct status *s = v->answer;
	const struct overview *o = v->state;

	switch (b) {
	case BLOCK_NOW: return s->nnow;
	case BLOCK_POSTURE: return s->nframework + 1;
	case BLOCK_DUE: return STATUS_DUE_COUNT;
	case BLOCK_FINDINGS: return SEVERITIES + 1;
	case BLOCK_SOURCES: return s->nsource;
	case BLOCK_OWNERS: return o->nowner;
	default: return ESTATE_ROWS;
	}
}

size_t overview_cells(enum block b)
{
	static const size_t n[BLOCK_COUNT] = {
		[BLOCK_NOW] = 1, [BLOCK_POSTURE] = 1 + LENGTH(posture_word), [BLOCK_DUE] = 5,
		[BLOCK_FINDINGS] = 4, [BLOCK_ESTATE] = 2, [BLOCK_SOURCES] = 1, [BLOCK_OWNERS] = 4,
	};

	return n[b];
}

size_t overview_row_cells(const struct view *v)
{
	const struct overview *o = v->state;

	if (o->block == BLOCK_ESTATE && overview_estate(v->answer, o->at[o->block]).of < 0)
		return 1;
	if (o->block == BLOCK_DUE && v->at.w < ROOMY)
		return overview_cells(o->block) - 1;
	return overview_cells(o->block);
}

size_t overview_cell(const struct view *v)
{
	const struct overview *o = v->state;
	size_t n = overview_row_cells(v), cell = o->cell[o->block];

	return cell < n ? cell : n - 1;
}

enum control_word overview_word(size_t cell)
{
	return posture_word[cell - 1];
}

/* ---- figures ---- */

/* What passes, of all that applies; -1: nothing applies. */
static int met(const struct posture *p)
{
	int64_t all = 0;

	for (int w = 0; w < CONTROL_COUNT; w++)
		if (w != CONTROL_NA)
			all += p->n[w];
	return all > 0 ? (int)(p->n[CONTROL_PASS] * 100 / all) : -1;
}

static void print_change(int64_t now, int64_t before, char out[static 32])
{
	if (now == before)
		str_copy(out, 32, "0");
	else
		snprintf(out, 32, "%+lld", (long long)(now - before));
}

void overview_number(struct canvas *c, struct rect r, int y, int x, int w, int64_t n,
                     enum style_role role)
{
	char text[32];

	print_short(n, text);
	canvas_right(c, r, y, x, w, n != 0 ? role : ROLE_dim, text);
}

static bool cursor_on(const struct view *v, enum block b, size_t i)
{
	const struct overview *o = v->state;

	return o->block == b && o->at[b] == i;
}

void overview_cursor(const struct view *v, struct canvas *c, struct rect r, int y, enum block b,
                     size_t i, int label, int x, int w)
{
	size_t cell;

	if (!cursor_on(v, b, i))
		return;
	cell = overview_cell(v);
	canvas_text(c, r, y, 0, ROLE_cursor, ">");
	if (cell == 0)
		canvas_paint(c, r, y, 0, label, ROLE_COUNT, true);
	else
		canvas_paint(c, r, y, x + (int)(cell - 1) * w, w, ROLE_COUNT, true);
	canvas_cursor(c, r, y, 0);
}

/* ---- posture ---- */

/* Controls of a baseline that are in this store: no more can be judged. */
static int64_t in_reach(const struct status_framework *f)
{
	int64_t n = 0;

	for (int w = 0; w < CONTROL_COUNT; w++)
		n += f->posture.n[w];
	return n;
}

static int word_width(struct rect r)
{
	return r.w >= WIDE ? 6 : 5;
}

/* What is met takes four columns, with room how that changed ten more; then come the words. */
static int met_width(struct rect r)
{
	return r.w >= WIDE ? 14 : 4;
}

/* The last head is a letter longer than the others. */
static int figures_at(struct rect r)
{
	return r.w - met_width(r) - (int)LENGTH(posture_word) * word_width(r) - (r.w < WIDE);
}

static int word_at(struct rect r, size_t i)
{
	return figures_at(r) + met_width(r) + (int)i * word_width(r) +
	       (r.w < WIDE && i + 1 == LENGTH(posture_word));
}

/* By how many points what is met changed since; nothing where it was not judged then. */
static void draw_since(struct canvas *c, struct rect r, int y, int x, const struct posture *now,
                       const struct posture *then)
{
	char change[32];

	if (met(now) < 0 || met(then) < 0)
		return;
	print_change(met(now), met(then), change);
	canvas_right(c, r, y, x, 5, met(now) < met(then) ? ROLE_warn :
	                            met(now) > met(then) ? ROLE_pass : ROLE_dim, change);
}

static void draw_words(struct canvas *c, struct rect r, int y, const struct posture *p)
{
	int now = met(p);

	if (now >= 0)
		canvas_printf(c, r, y, figures_at(r), ROLE_text, "%3d%%", now);
	for (size_t i = 0; i < LENGTH(posture_word); i++)
		overview_number(c, r, y, word_at(r, i), word_width(r), p->n[posture_word[i]],
		                control_role(posture_word[i]));
}

static void draw_framework(struct canvas *c, struct rect r, int y,
                           const struct status_framework *f)
{
	int x = figures_at(r), title = x - 2;
	char reach[64];

	if (r.w >= WIDE) {
		title -= 5;
		overview_number(c, r, y, x - 5, 5, f->tested, ROLE_text);
		draw_since(c, r, y, x + 4, &f->posture, &f->ago[STATUS_WEEK]);
		draw_since(c, r, y, x + 9, &f->posture, &f->ago[STATUS_MONTH]);
	}
	if (f->baseline)
		(void)snprintf(reach, sizeof(reach), "%s, %lld of %lld", f->title,
		               (long long)in_reach(f), (long long)f->total);
	canvas_cut(c, r, y, 1, title, ROLE_text,
	           f->baseline && canvas_width(reach) <= title ? reach :
	           canvas_width(f->title) <= title ? f->title : f->key);
	draw_words(c, r, y, &f->posture);
}

/* What was answered, in the words of the rows above: items without an answer are manual. */
static void draw_checklist(struct canvas *c, struct rect r, int y, const struct status *s)
{
	struct posture p = { { 0 } };

	p.n[CONTROL_PASS] = s->answered[ANSWER_PASS];
	p.n[CONTROL_FAIL] = s->answered[ANSWER_FAIL] + s->answered[ANSWER_PARTIAL];
	p.n[CONTROL_NA] = s->answered[ANSWER_NA];
	p.n[CONTROL_MANUAL] = s->unanswered;
	canvas_text(c, r, y, 1, ROLE_text, "Checklist");
	draw_words(c, r, y, &p);
}

static void posture_cursor(const struct view *v, struct canvas *c, struct rect r, int y, size_t i)
{
	size_t cell = overview_cell(v);

	overview_cursor(v, c, r, y, BLOCK_POSTURE, i, figures_at(r),
	                cell > 0 ? word_at(r, cell - 1) - (int)(cell - 1) * word_width(r) : 0,
	                word_width(r));
}

/* The checklist keeps the last row, whatever is scrolled above it. */
static void draw_posture(const struct view *v, struct canvas *c, struct rect all)
{
	const struct status *s = v->answer;
	const struct overview *o = v->state;
	struct rect r = { all.y, all.x, all.h, all.w - (all.w > WIDE) }; /* a blank at its end */
	int rows = r.h - 1;
	size_t at = o->at[BLOCK_POSTURE], room = rows > 0 ? (size_t)rows - 1 : 0, top = 0;
	int label = figures_at(r), y = 1;

	if (at >= s->nframework)
		at = room > 0 ? room - 1 : 0;
	if (at >= room)
		top = at - room + 1;
	canvas_text(c, r, 0, 0, ROLE_head, "POSTURE");
	if (r.w >= WIDE)
		canvas_text(c, r, 0, label - 4, ROLE_head, "test");
	canvas_text(c, r, 0, label, ROLE_head,
	            r.w >= WIDE ? " met   7d  30d  pass  fail  manl  none stale" :
	                          " met pass fail manl none stale");
	for (size_t i = top; i < s->nframework && y < rows; i++, y++) {
		draw_framework(c, r, y, &s->framework[i]);
		posture_cursor(v, c, r, y, i);
	}
	draw_checklist(c, r, y, s);
	posture_cursor(v, c, r, y, s->nframework);
}

const char *overview_due_word(size_t i)
{
	static const char *const label[STATUS_DUE_COUNT] = {
		[STATUS_CRITICAL] = "Critical", [STATUS_HIGH] = "High",
		[STATUS_KEV] = "KEV, CISA date", [STATUS_ALERT] = "Alert response",
		[STATUS_EXCEPTION] = "Acceptance ends", [STATUS_ANSWER] = "Manual review",
	};

	return label[i];
}

int64_t overview_due_open(const struct status *s, size_t i)
{
	const int64_t n[STATUS_DUE_COUNT] = {
		[STATUS_CRITICAL] = s->open[SEV_CRITICAL], [STATUS_HIGH] = s->open[SEV_HIGH],
		[STATUS_KEV] = s->kev, [STATUS_ALERT] = s->alerts,
		[STATUS_EXCEPTION] = s->exceptions, [STATUS_ANSWER] = s->unanswered,
	};

	return n[i];
}

static void draw_due(const struct view *v, struct canvas *c, struct rect r)
{
	enum { AT = 15, EACH = 5, OPEN_AT = 30, OPEN = 6 };
	const struct status *s = v->answer;
	bool open = r.w >= OPEN_AT + OPEN, on_open = overview_cell(v) == 4;

	canvas_printf(c, r, 0, 0, ROLE_head, "DUE             late <24h  <7d%s",
	              open ? "  open" : "");
	for (int i = 0; i < STATUS_DUE_COUNT && i + 1 < r.h; i++) {
		canvas_text(c, r, i + 1, 1, ROLE_text, overview_due_word((size_t)i));
		overview_number(c, r, i + 1, AT, EACH, s->late[i], ROLE_late);
		overview_number(c, r, i + 1, AT + EACH, EACH, s->day[i], ROLE_warn);
		overview_number(c, r, i + 1, AT + 2 * EACH, EACH, s->week[i], ROLE_text);
		if (open)
			overview_number(c, r, i + 1, OPEN_AT, OPEN, overview_due_open(s, (size_t)i),
			                ROLE_text);
		overview_cursor(v, c, r, i + 1, BLOCK_DUE, (size_t)i, AT,
		                on_open ? OPEN_AT - 3 * OPEN : AT, on_open ? OPEN : EACH);
	}
}

/* ---- findings ---- */

static void draw_trend_row(struct canvas *c, struct rect r, int y, const char *label,
                           enum style_role role, const int64_t n[4])
{
	char change[32];

	canvas_text(c, r, y, 1, role, label);
	overview_number(c, r, y, 13, 6, n[0], ROLE_text);
	print_change(n[1], 0, change);
	canvas_right(c, r, y, MOVES_AT, MOVE_WIDTH, ROLE_text, change);
	print_change(-n[2], 0, change);
	canvas_right(c, r, y, MOVES_AT + MOVE_WIDTH, MOVE_WIDTH, ROLE_text, change);
	overview_number(c, r, y, MOVES_AT + 2 * MOVE_WIDTH, MOVE_WIDTH, n[3], ROLE_text);
	print_change(n[0], n[3], change);
	canvas_right(c, r, y, 40, 7, n[0] > n[3] ? ROLE_warn : ROLE_text, change);
}

/* The newest day that is not after `day`; NULL: data begins later. */
static const struct trend *trend_at(const struct status *s, int64_t day)
{
	const struct trend *t = NULL;

	for (size_t i = 0; i < s->ntrend && s->trend[i].day <= day; i++)
		t = &s->trend[i];
	return t;
}

/* Open findings of `sev` (SEV_COUNT: the known exploited) at the end of each of the last weeks. */
static void draw_weeks(struct canvas *c, struct rect r, int y, const struct status *s, int sev)
{
	int64_t last = s->ntrend > 0 ? s->trend[s->ntrend - 1].day : 0;
	int x = TREND_AT, weeks = (r.w - TREND_AT) / 6;

	for (int week = weeks < WEEKS_MAX ? weeks : WEEKS_MAX; week-- > 0;) {
		const struct trend *t = trend_at(s, last - 7 * week);

		if (!t)
			continue;
		overview_number(c, r, y, x, 6, sev < SEV_COUNT ? t->open[sev] : t->kev, ROLE_text);
		x += 6;
	}
}

static void draw_findings(const struct view *v, struct canvas *c, struct rect r)
{
	static const char *const label[SEVERITIES] = { "Critical", "High", "Medium", "Low" };
	const struct status *s = v->answer;
	int y = 1;

	canvas_text(c, r, 0, 0, ROLE_head, "OPEN FINDINGS   now     in    out 7d ago change");
	for (int i = 0; i < SEVERITIES; i++, y++) {
		const int64_t n[4] = { s->open[i], s->in7[i], s->out7[i], s->ago7[i] };

		draw_trend_row(c, r, y, label[i], severity_role((enum severity)i), n);
		if (r.w >= WIDE)
			draw_weeks(c, r, y, s, i);
		overview_cursor(v, c, r, y, BLOCK_FINDINGS, (size_t)i, MOVES_AT, MOVES_AT,
		                MOVE_WIDTH);
	}
	draw_trend_row(c, r, y, "of them KEV", ROLE_text,
	               (const int64_t[]){ s->kev, s->kev_in7, s->kev_out7, s->kev_ago7 });
	if (r.w >= WIDE) {
		draw_weeks(c, r, y, s, SEV_COUNT);
		canvas_text(c, r, 0, TREND_AT + 2, ROLE_head, "weeks, oldest first");
	}
	overview_cursor(v, c, r, y, BLOCK_FINDINGS, SEVERITIES, MOVES_AT, MOVES_AT, MOVE_WIDTH);
}

struct overview_estate overview_estate(const struct status *s, size_t i)
{
	const struct overview_estate row[ESTATE_ROWS] = {
		{ "images", "running", s->images, s->running, false },
		{ "unsigned", "running", s->unsigned_images, s->unsigned_running, true },
		{ "stale", "scans too old", s->stale, -1, true },
		{ "clusters", "silent", s->clusters, s->silent, true },
		{ "denied", "in 24h", s->denied24h, -1, false },
		{ "refused", "denied", s->run_refused, s->run_denied, true },
	};

	return row[i];
}

static void draw_estate(const struct view *v, struct canvas *c, struct rect r)
{
	const struct status *s = v->answer;

	canvas_text(c, r, 0, 0, ROLE_head, "ESTATE");
	for (int i = 0; i < ESTATE_ROWS; i++) {
		const struct overview_estate row = overview_estate(s, (size_t)i);
		bool two = row.of >= 0;

		canvas_text(c, r, i + 1, 1, ROLE_text, row.label);
		overview_number(c, r, i + 1, 10, 6, row.n,
		            row.bad && !two ? ROLE_warn : ROLE_text);
		if (two)
			overview_number(c, r, i + 1, 16, 5, row.of,
			            row.bad ? ROLE_warn : ROLE_text);
		canvas_text(c, r, i + 1, two ? 22 : 17, ROLE_text, row.unit);
		overview_cursor(v, c, r, i + 1, BLOCK_ESTATE, (size_t)i, 16, 16, 5);
	}
}

/* ---- where the blocks lie ---- */

static int due_rows(void)
{
	return STATUS_DUE_COUNT + 1;
}

/* Frameworks that have room, and the checklist; the others are scrolled to. */
static int posture_rows(const struct status *s, struct rect r)
{
	int rows = (int)s->nframework + 1;
	int most = r.h < 16 ? 4 : r.h < 20 ? 5 : r.h < 30 ? 6 : r.h < 45 ? 9 : 16;

	return 1 + (rows < most ? rows : most);
}

/* From the top of what is left of r, `gap` rows below it. */
static struct rect take(struct rect *r, int rows, int gap)
{
	struct rect out = *r;

	if (rows > r->h)
		rows = r->h;
	out.h = rows;
	if (rows + gap > r->h)
		gap = r->h - rows;
	r->y += rows + gap;
	r->h -= rows + gap;
	return out;
}

static int right_width(int w)
{
	return w < ROOMY ? NARROW_RIGHT : RIGHT_WIDTH;
}

/* The left and the right part of a band. */
static void split(struct rect band, int left, struct rect *a, struct rect *b)
{
	*a = *b = band;
	a->w = left;
	b->x += left + 2;
	b->w = right_width(band.w);
}

static int source_rows(const struct status *s, struct rect r, int least)
{
	int columns = r.w / SOURCE_WIDTH > 1 ? r.w / SOURCE_WIDTH : 1;
	int rows = 1 + ((int)s->nsource + columns - 1) / columns;

	return rows < least ? least : rows;
}

/* Beside the others where the screen is very wide, else below them where it is high. */
static void place_more(const struct status *s, struct rect body, struct rect *r,
                       struct rect at[BLOCK_COUNT], int left)
{
	if (body.w >= THREE_SIDES) {
		struct rect third = { body.y, body.x + left + RIGHT_WIDTH + 4, r->y - body.y,
		                      body.w - left - RIGHT_WIDTH - 4 };

		at[BLOCK_SOURCES] = take(&third, source_rows(s, third, 2), 1);
		at[BLOCK_OWNERS] = third;
	} else if (body.h >= HIGH && body.w >= TWO_SIDES + 35) {
		split(take(r, source_rows(s, (struct rect){ .w = left }, OWNER_ROWS + 1), 1), left,
		      &at[BLOCK_SOURCES], &at[BLOCK_OWNERS]);
	}
}

void overview_places(const struct view *v, struct rect at[BLOCK_COUNT])
{
	const struct status *s = v->answer;
	struct rect body = view_body(v), r = body;
	bool two = r.w >= TWO_SIDES;
	int left = r.w >= THREE_SIDES ? LEFT_WIDTH : two ? r.w - right_width(r.w) - 2 : r.w;
	int top = posture_rows(s, r), gap = r.h >= 20;

	for (int b = 0; b < BLOCK_COUNT; b++)
		at[b] = (struct rect){ body.y, body.x, 0, 0 };
	if (two && top < due_rows())
		top = due_rows();
	split(take(&r, top, gap), left, &at[BLOCK_POSTURE], &at[BLOCK_DUE]);
	at[BLOCK_POSTURE].h = posture_rows(s, body);
	if (body.h - top - gap >= 11)
		split(take(&r, two ? ESTATE_ROWS + 1 : SEVERITIES + 2,
		           r.h >= 12 && (!two || body.h >= 30)),
		      left, &at[BLOCK_FINDINGS], &at[BLOCK_ESTATE]);
	if (!two)
		at[BLOCK_DUE].h = at[BLOCK_ESTATE].h = 0;
	else
		place_more(s, body, &r, at, left);
	at[BLOCK_NOW] = r;
}

/* ---- all ---- */

/* What parts a block from the one at its left. */
static void draw_bar(struct canvas *c, struct rect r)
{
	struct rect bar = { r.y, r.x - 2, r.h, 1 };

	for (int y = 0; y < r.h; y++)
		canvas_text(c, bar, y, 0, ROLE_rule, "|");
}

/* The next command, exactly, and what can be brought: the importers there are. */
static void draw_empty(struct canvas *c, struct rect r)
{
	static const char *const line[] = {
		"Nothing imported yet.",
		"",
		"  :import FILE                  here: a file, or a folder of them",
		"  seaworthy import FILE...      the same from a shell",
		"",
		"What a file is, is told by what is in it. These are read:",
	};
	struct buf b = BUF_INIT;
	const struct importer *importer;
	int y = 1;

	for (size_t i = 0; i < LENGTH(line); i++)
		canvas_text(c, r, y++, 2, i == 0 ? ROLE_head : ROLE_text, line[i]);
	for (size_t i = 0; (importer = importer_at(i)) != NULL; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", importer->id);
	r.w -= 2;
	y += draw_wrapped(c, r, y, 4, ROLE_text, b.s) + 1;
	canvas_text(c, r, y, 2, ROLE_text,
	            "`make demo` opens a sample estate.   ? shows the keys.");
	buf_release(&b);
}

static void draw_crumb_line(const struct view *v, struct canvas *c)
{
	const struct status *s = v->answer;
	struct buf right = BUF_INIT;

	if (s && s->newest > 0)
		buf_addf(&right, "%lld of %lld sources fresh", (long long)s->fresh,
		         (long long)s->sources);
	view_draw_crumb(v, c, right.s);
	buf_release(&right);
}

void overview_draw(const struct view *v, struct canvas *c)
{
	static void (*const draw[BLOCK_COUNT])(const struct view *v, struct canvas *c,
	                                       struct rect r) = {
		[BLOCK_NOW] = overview_draw_now,         [BLOCK_POSTURE] = draw_posture,
		[BLOCK_DUE] = draw_due,                  [BLOCK_FINDINGS] = draw_findings,
		[BLOCK_ESTATE] = draw_estate,            [BLOCK_SOURCES] = overview_draw_sources,
		[BLOCK_OWNERS] = overview_draw_owners,
	};
	const struct status *s = v->answer;
	struct rect body = view_body(v), at[BLOCK_COUNT];

	draw_crumb_line(v, c);
	if (!s) {
		canvas_text(c, body, 1, 2, v->err.kind ? ROLE_fail : ROLE_dim,
		            v->err.kind ? v->err.text : "reading...");
		return;
	}
	if (s->newest == 0) {
		draw_empty(c, body);
		return;
	}
	overview_places(v, at);
	for (int b = 0; b < BLOCK_COUNT; b++) {
		if (at[b].h < 1)
			continue;
		if (at[b].x > body.x)
			draw_bar(c, at[b]);
		draw[b](v, c, at[b]);
	}
}
