/* SPDX-License-Identifier: MIT */
/* matrix.c - which rule fails in which cluster: one look shows whether a fault is everyone's. */
#include "tui/matrix.h"

enum { IDENT_LEAST = 12, IDENT_MOST = 34, TITLE_LEAST = 24, COUNT = 6, MARGIN = 2 };
enum { CELL_MAX = 11, CELL_NARROW = 8, CELL_MIN = 3, WIDE = 100 };

/* Columns for each cluster: half of the width goes to them at most. */
static int cell_width(const struct matrix *m, struct rect r)
{
	int w = m->ncluster > 0 ? r.w * 45 / 100 / (int)m->ncluster : CELL_MAX;
	int most = r.w < WIDE ? CELL_NARROW : CELL_MAX;

	return w > most ? most : w < CELL_MIN ? CELL_MIN : w;
}

static size_t cells_shown(const struct matrix *m, struct rect r)
{
	size_t most = (size_t)(r.w / 2 / cell_width(m, r));

	return m->ncluster < most ? m->ncluster : most;
}

static int cells_at(const struct matrix *m, struct rect r)
{
	return r.w - 1 - (int)cells_shown(m, r) * cell_width(m, r);
}

/* The name of a rule without that of its benchmark. */
static const char *rule_name(const struct matrix_row *row)
{
	const char *number = strchr(row->ident, ':');

	return number ? number + 1 : row->ident;
}

/* Columns for names: what the widest needs, as long as titles keep enough. */
static int ident_width(const struct matrix *m, struct rect r)
{
	int most = cells_at(m, r) - MARGIN - COUNT - 3 - TITLE_LEAST, w = IDENT_LEAST;

	if (most > IDENT_MOST)
		most = IDENT_MOST;
	for (size_t i = 0; i < m->nrow; i++) {
		int need = canvas_width(rule_name(&m->row[i]));

		if (m->row[i].title[0] != '\0' && need > w && need <= most)
			w = need;
	}
	return w;
}

static enum style_role cell_role(char cell)
{
	return cell == 'F' ? ROLE_fail : cell == 'P' ? ROLE_pass : cell == '-' ? ROLE_none :
	       ROLE_warn;
}

static void draw_head(const struct matrix *m, struct canvas *c, struct rect r)
{
	static const char full[] = "F fail  P pass  m manual  w warn  - no data";
	static const char brief[] = "F fail P pass - none";
	int w = cell_width(m, r), x = cells_at(m, r), ident = ident_width(m, r);
	int room = x - MARGIN - ident - COUNT - 3;

	canvas_text(c, r, 0, MARGIN, ROLE_head, "RULE");
	if (room >= canvas_width(brief))
		canvas_text(c, r, 0, MARGIN + ident + 1, ROLE_head,
		            room >= canvas_width(full) ? full : brief);
	canvas_right(c, r, 0, x - COUNT - 1, COUNT, ROLE_head, "FAILS");
	for (size_t i = 0; i < cells_shown(m, r); i++, x += w)
		canvas_tail(c, r, 0, x, w - 1, ROLE_head, m->cluster[i].name);
}

static void draw_row(const struct matrix *m, const struct matrix_row *row, struct canvas *c,
                     struct rect r, int y)
{
	int w = cell_width(m, r), x = cells_at(m, r), ident = ident_width(m, r);
	char fails[32];

	if (row->title[0] == '\0') { /* a policy's rule is its own title */
		canvas_cut(c, r, y, MARGIN, x - MARGIN - COUNT - 2, ROLE_text, row->ident);
	} else {
		canvas_cut(c, r, y, MARGIN, ident, ROLE_text, rule_name(row));
		canvas_cut(c, r, y, MARGIN + ident + 1, x - MARGIN - ident - COUNT - 3, ROLE_text,
		           row->title);
	}
	print_short(row->fail, fails);
	canvas_right(c, r, y, x - COUNT - 1, COUNT, ROLE_text, fails);
	for (size_t i = 0; i < cells_shown(m, r); i++, x += w)
		canvas_printf(c, r, y, x, cell_role(row->cell[i]), "%c", row->cell[i]);
}

void matrix_draw(const struct matrix *m, const struct matrix_at *at, struct canvas *c,
                 struct rect r)
{
	size_t rows = r.h > 1 ? (size_t)r.h - 1 : 0;
	size_t top = rows > 0 && at->row >= rows ? at->row - rows + 1 : 0;
	int w = cell_width(m, r);

	if (r.h < 2)
		return;
	draw_head(m, c, r);
	if (m->nrow == 0)
		canvas_text(c, r, 1, MARGIN, ROLE_dim, "no rule fails in a cluster that speaks");
	for (size_t i = top; i < m->nrow && i - top < rows; i++) {
		int y = (int)(i - top) + 1;

		draw_row(m, &m->row[i], c, r, y);
		if (!at->focus || i != at->row)
			continue;
		canvas_text(c, r, y, 0, ROLE_cursor, ">");
		canvas_cursor(c, r, y, 0);
		if (at->cell == 0)
			canvas_paint(c, r, y, 0, cells_at(m, r) - COUNT - 1, ROLE_COUNT, true);
		else
			canvas_paint(c, r, y, cells_at(m, r) + (int)(at->cell - 1) * w, w - 1,
			             ROLE_COUNT, true);
	}
}

static const char *cell_says(char cell)
{
	switch (cell) {
	case 'F': return "fail";
	case 'P': return "pass";
	case 'm': return "manual";
	case 'w': return "warn";
	default: return "no data";
	}
}

static void speak_rule(const struct matrix *m, const struct matrix_row *row, struct buf *out)
{
	buf_addf(out, "rule %s", row->ident);
	if (row->title[0] != '\0')
		buf_addf(out, ", %s", row->title);
	buf_addf(out, ", fails %lld:", (long long)row->fail);
	for (size_t i = 0; i < m->ncluster; i++)
		buf_addf(out, "%s %s %s", i > 0 ? "," : "", m->cluster[i].name,
		         cell_says(row->cell[i]));
	buf_addc(out, '\n');
}

void matrix_speak(const struct matrix *m, const struct matrix_at *at, struct buf *out)
{
	enum { RULES = 15 };

	buf_addf(out, "rules that fail, by cluster, %zu rules%s\n", m->nrow,
	         at->focus ? ", the keys act here" : ", Tab goes there");
	if (m->nrow == 0)
		buf_adds(out, "no rule fails in a cluster that speaks\n");
	else if (at->focus && at->cell > 0)
		buf_addf(out, "selected in cluster %s, ", m->cluster[at->cell - 1].name);
	else if (at->focus)
		buf_adds(out, "selected ");
	for (size_t i = at->row; i < m->nrow && i - at->row < RULES; i++)
		speak_rule(m, &m->row[i], out);
}

/* What FAILS counts: in the clusters that speak, as far as their names have room in a filter. */
static void add_failing(const struct matrix *m, struct buf *filter)
{
	struct buf of = BUF_INIT;
	bool all = true;

	for (size_t i = 0; i < m->ncluster; i++) {
		all = all && !m->cluster[i].silent;
		if (m->cluster[i].silent)
			continue;
		buf_adds(&of, of.len > 0 ? " or " : "");
		filter_add_term(&of, "cluster", m->cluster[i].name);
	}
	if (all || of.len + 16 > FILTER_MAX)
		buf_adds(filter, "is:fail !cluster:none");
	else
		buf_addf(filter, "is:fail (%s)", of.s);
	buf_release(&of);
}

/* The results of the rule: those that fail, or all in the one cluster. */
static void open_checks(struct view *v, const struct matrix *m, const struct matrix_at *at,
                        struct err *e)
{
	const struct matrix_row *row = &m->row[at->row];
	struct view_arg arg = { .scope = { SCOPE_PROBLEM, { row->rule } }, .label = row->ident };
	struct buf filter = BUF_INIT;

	if (at->cell > 0)
		filter_add_term(&filter, "cluster", m->cluster[at->cell - 1].name);
	else
		add_failing(m, &filter);
	arg.filter = filter.s;
	if (!view_push(v->app, view_find("checks"), &arg, e))
		app_fault(v->app, e);
	buf_release(&filter);
}

static void move(const struct matrix *m, struct matrix_at *at, int64_t by)
{
	int64_t to = (int64_t)at->row + by;

	if (to >= (int64_t)m->nrow)
		to = (int64_t)m->nrow - 1;
	at->row = to < 0 ? 0 : (size_t)to;
}

enum view_result matrix_act(struct view *v, const struct matrix *m, struct matrix_at *at,
                            enum action a, struct err *e)
{
	enum { PAGE = 10 };

	switch (a) {
	case ACT_DOWN: move(m, at, 1); return VIEW_DONE;
	case ACT_UP: move(m, at, -1); return VIEW_DONE;
	case ACT_PAGE_DOWN: case ACT_HALF_DOWN: move(m, at, PAGE); return VIEW_DONE;
	case ACT_PAGE_UP: case ACT_HALF_UP: move(m, at, -PAGE); return VIEW_DONE;
	case ACT_TOP: move(m, at, INT32_MIN); return VIEW_DONE;
	case ACT_BOTTOM: move(m, at, INT32_MAX); return VIEW_DONE;
	case ACT_RIGHT: at->cell += at->cell < m->ncluster; return VIEW_DONE;
	case ACT_LEFT: at->cell -= at->cell > 0; return VIEW_DONE;
	case ACT_ENTER:
		if (at->row < m->nrow)
			open_checks(v, m, at, e);
		return VIEW_DONE;
	default: return VIEW_PASS;
	}
}
