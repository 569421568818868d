/* SPDX-License-Identifier: MIT */
/* view_reports.c - what can be written: every report in every format, to a file. */
#include "reports/report.h"
#include "tui/app.h"
#include "tui/progress.h"

enum { PATH_LENGTH = 1000 };

struct reports { /* where the cursor is */
	size_t report, format;
};

/* What the job worker gets. */
struct order {
	char         report[32], format[16], path[PATH_LENGTH + 1];
	struct scope scope;
	int64_t      now;
	struct progress *progress; /* the app's, and outlives it */
};

static size_t report_count(void)
{
	size_t n = 0;

	while (report_at(n))
		n++;
	return n;
}

static size_t format_count(void)
{
	size_t n = 0;

	while (format_at(n))
		n++;
	return n;
}

/* The format that the cursor is on, unless the report has one of its own. */
static bool is_written(const struct reports *s, const struct format_info *f)
{
	const char *only = report_at(s->report)->format;

	return only ? str_eq(f->id, only) : f == format_at(s->format);
}

static const struct format_info *format_of(const struct reports *s)
{
	size_t i = 0;

	while (!is_written(s, format_at(i)))
		i++;
	return format_at(i);
}

/* ---- drawing ---- */

static void draw_formats(const struct view *v, struct canvas *c, struct rect r, int y)
{
	const struct reports *s = v->state;
	const struct format_info *f;
	int x = 2;

	canvas_text(c, r, y, x, ROLE_head, "FORMAT");
	x += 8;
	for (size_t i = 0; (f = format_at(i)) != NULL; i++) {
		bool here = is_written(s, f);

		x += canvas_printf(c, r, y, x, here ? ROLE_tab : ROLE_text, "%s%s%s",
		                   here ? "[" : " ", f->id, here ? "]" : " ");
	}
	canvas_text(c, r, y + 1, 10, ROLE_dim, format_of(s)->title);
}

static void draw(const struct view *v, struct canvas *c)
{
	enum { ABOUT = 58, WIDE = 110 }; /* else the titles alone: they say enough to choose by */
	const struct reports *s = v->state;
	const struct report_info *info;
	struct rect r = view_body(v);

	view_draw_crumb(v, c, NULL);
	canvas_text(c, r, 0, 2, ROLE_head, "REPORT");
	for (size_t i = 0; (info = report_at(i)) != NULL; i++) {
		int y = (int)i + 1;

		canvas_cut(c, r, y, 2, 14, ROLE_text, info->id);
		canvas_cut(c, r, y, 17, r.w - 18, ROLE_text, info->title);
		if (r.w >= WIDE)
			canvas_cut(c, r, y, ABOUT, r.w - ABOUT - 1, ROLE_dim, info->about);
		if (i != s->report)
			continue;
		canvas_text(c, r, y, 0, ROLE_cursor, ">");
		canvas_paint(c, r, y, 0, r.w, ROLE_COUNT, true);
		canvas_cursor(c, r, y, 0);
	}
	draw_formats(v, c, r, (int)report_count() + 2);
}

static void speak(const struct view *v, struct buf *out)
{
	const struct reports *s = v->state;
	const struct report_info *chosen = report_at(s->report), *info;
	const struct format_info *f;

	buf_addf(out, "selected report %s: %s, as %s, %s; %s\n", chosen->id, chosen->title,
	         format_of(s)->id, format_of(s)->title, chosen->about);
	for (size_t i = 0; (info = report_at(i)) != NULL; i++)
		if (info != chosen)
			buf_addf(out, "report %s: %s\n", info->id, info->title);
	if (chosen->format)
		return;
	buf_adds(out, "formats, Right for the next:");
	for (size_t i = 0; (f = format_at(i)) != NULL; i++)
		buf_addf(out, "%s %s", i > 0 ? "," : "", f->id);
	buf_addc(out, '\n');
}

/* ---- writing ---- */

static bool tell_rows(void *ctx, int64_t rows, double share)
{
	return progress_rows(ctx, rows, share);
}

static bool run_order(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct order *o = arg;
	const struct report_job job = {
		.st = st,
		.now = o->now,
		.framework = o->scope.kind == SCOPE_FRAMEWORK ? o->scope.key[0] : 0,
		.image = o->scope.kind == SCOPE_IMAGE ? o->scope.key[0] : 0,
		.tick = tell_rows,
		.ctx = o->progress,
	};

	buf_addf(say, "wrote %s", o->path);
	return report_write(o->report, o->format, &job, o->path, e);
}

static bool take_path(struct view *v, const char *text, size_t *at, struct err *e)
{
	const struct reports *s = v->state;
	struct order o = { .scope = v->scope, .now = app_now(v->app),
	                   .progress = app_progress(v->app) };

	(void)at;
	if (text[0] == '\0' || str_eq(text, "-"))
		return err_set(e, ERR_USAGE, "name a file");
	if (!app_place(v->app, text, o.path, sizeof(o.path), e))
		return false;
	str_copy(o.report, sizeof(o.report), report_at(s->report)->id);
	str_copy(o.format, sizeof(o.format), format_of(s)->id);
	app_job(v->app, &o, sizeof(o), run_order);
	app_doing(v->app, "writing", o.path);
	return true;
}

static void ask_path(struct view *v)
{
	const struct reports *s = v->state;
	const struct report_info *info = report_at(s->report);
	struct line_ask ask = { "write to: ", NULL, take_path, NULL, HISTORY_NOTE };
	struct buf b = BUF_INIT;

	if (info->wants_image && v->scope.kind != SCOPE_IMAGE) {
		app_say(v->app, "this report is of one image: open the image, then W");
		return;
	}
	buf_addf(&b, "%s%s", info->id, format_of(s)->ext);
	ask.text = b.s;
	app_prompt(v->app, &ask);
	buf_release(&b);
}

static size_t turn(size_t at, size_t n, int by)
{
	return n > 0 ? (at + n + (size_t)(by + (int)n)) % n : 0;
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	struct reports *s = v->state;

	(void)e;
	switch (a) {
	case ACT_DOWN: s->report = turn(s->report, report_count(), 1); return VIEW_DONE;
	case ACT_UP: s->report = turn(s->report, report_count(), -1); return VIEW_DONE;
	case ACT_TOP: case ACT_PAGE_UP: case ACT_HALF_UP: s->report = 0; return VIEW_DONE;
	case ACT_BOTTOM: case ACT_PAGE_DOWN: case ACT_HALF_DOWN:
		s->report = report_count() - 1;
		return VIEW_DONE;
	case ACT_RIGHT: case ACT_PANE: s->format = turn(s->format, format_count(),
	                                                1); return VIEW_DONE;
	case ACT_LEFT: case ACT_PANE_BACK:
		s->format = turn(s->format, format_count(), -1);
		return VIEW_DONE;
	case ACT_ENTER: case ACT_WRITE: ask_path(v); return VIEW_DONE;
	default: return VIEW_PASS;
	}
}

static const struct hint hints[] = {
	{ ACT_ENTER, "write" }, { ACT_RIGHT, "other format" }, { ACT_BACK, "back" },
};

const struct view_ops view_reports = {
	.name = "reports",
	.title = "Reports",
	.state_size = sizeof(struct reports),
	.hint = hints,
	.nhint = LENGTH(hints),
	.draw = draw,
	.speak = speak,
	.act = act,
};
