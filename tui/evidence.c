/* SPDX-License-Identifier: MIT */
/* evidence.c - `e` on an item or a control: what is attached; attach to it, write one out. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tui/acts.h"
#include "tui/app_state.h"

enum { ROW_MAX = 120, PATH_LENGTH = 900 };

/* What the job worker gets, and what it found. */
struct pieces {
	struct scope what;
	size_t       n;
	int64_t      id[PIECES_MAX];
	char         name[PIECES_MAX][ROW_MAX], more[PIECES_MAX][ROW_MAX];
};

/* One piece to attach, or to write to a file. */
struct piece {
	struct scope what;
	int64_t      id; /* to be written out; 0: to be attached */
	bool         link;
	char         text[PATH_LENGTH + 1];
};

static struct piece *piece_of(struct view *v)
{
	return app_scratch(v->app, sizeof(struct piece));
}

/* ---- attaching, and taking one out ---- */

static bool run_attach(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct piece *p = arg;
	struct evidence_in in = { .name = p->text, .link = p->text };
	struct buf bytes = BUF_INIT;
	bool ok = true;

	if (!p->link) {
		ok = file_read(p->text, EVIDENCE_MAX, &bytes, e);
		in = (struct evidence_in){ .name = file_base(p->text), .bytes = bytes.s,
			                   .size = bytes.len };
	}
	ok = ok && store_attach(st, &p->what, &in, NULL, e);
	buf_addf(say, "attached %s", in.name);
	buf_release(&bytes);
	return ok;
}

static bool run_write(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct piece *p = arg;
	struct buf bytes = BUF_INIT;
	bool ok = store_evidence_bytes(st, p->id, &bytes, e);

	if (ok) {
		struct out *o = out_file(p->text);

		out_add(o, bytes.s, bytes.len);
		ok = out_close(o, e);
	}
	buf_addf(say, "wrote %s, whose hash holds", p->text);
	buf_release(&bytes);
	return ok;
}

static bool take_text(struct view *v, const char *text, size_t *at, struct err *e)
{
	struct piece *p = piece_of(v);

	*at = 0;
	if (text[0] == '\0')
		return err_set(e, ERR_USAGE, "name it; Esc leaves");
	if (p->link && !str_copy(p->text, sizeof(p->text), text))
		return err_set(e, ERR_LIMIT, "at most %d bytes", PATH_LENGTH);
	if (!p->link && !app_place(v->app, text, p->text, sizeof(p->text), e))
		return false;
	app_job(v->app, p, sizeof(*p), p->id != 0 ? run_write : run_attach);
	return true;
}

static void ask_text(struct view *v, const char *label, const char *text)
{
	const struct line_ask ask = { .label = label, .text = text, .done = take_text,
		                      .history = HISTORY_NOTE };

	app_prompt(v->app, &ask);
}

/* ---- what is there ---- */

static bool run_list(struct store *st, void *arg, struct buf *say, struct err *e)
{
	struct pieces *p = arg;
	const struct evidence_piece *piece;
	struct arena mem = ARENA_INIT;
	size_t n;
	bool ok = store_evidence(st, &p->what, &mem, &piece, &n, e);

	(void)say;
	for (size_t i = 0; ok && i < n && p->n < PIECES_MAX; i++) {
		char age[16];

		time_print_span(store_now(st) - piece[i].at, age);
		p->id[p->n] = piece[i].file ? piece[i].id : 0;
		str_copy(p->name[p->n], ROW_MAX, piece[i].name);
		(void)snprintf(p->more[p->n], ROW_MAX, "%.12s  %s ago by %s  %s",
		               piece[i].file ? piece[i].sha256 : "link", age, piece[i].actor,
		               piece[i].file ? "" : piece[i].link);
		p->n++;
	}
	arena_release(&mem);
	return ok;
}

/* The pieces, then the two ways to add one; the app keeps their ids. */
static bool take_piece(struct view *v, size_t i, struct err *e)
{
	struct piece *p = piece_of(v);
	size_t n = v->app->npiece;

	(void)e;
	if (i < n && v->app->piece[i] == 0) {
		app_say(v->app, "a link: nothing of it is kept here");
		return true;
	}
	p->id = i < n ? v->app->piece[i] : 0;
	p->link = i == n + 1;
	if (i < n)
		ask_text(v, "write it to: ", "");
	else if (app_may(v->app, "answer"))
		ask_text(v, p->link ? "link (URL or record): " : "attach file: ", "");
	return true;
}

static void show(struct app *a, void *arg, size_t size)
{
	const struct pieces *p = arg;
	struct choice c[PIECES_MAX + 2];
	size_t n = 0;

	(void)size;
	if (!app_top(a) || a->prompting || a->chooser.open || a->dialog.open)
		return; /* the user went on to something else */
	*piece_of(app_top(a)) = (struct piece){ .what = p->what };
	a->npiece = p->n;
	for (; n < p->n; n++) {
		a->piece[n] = p->id[n];
		c[n] = (struct choice){ p->name[n], p->more[n], 0 };
	}
	c[n++] = (struct choice){ "attach a file...", "it is kept in the store, with its hash", 0 };
	c[n++] = (struct choice){ "attach a link...", "a URL, or the name of a record", 0 };
	app_choose(a, "Evidence attached here; Enter writes a file out", c, n, 0, take_piece);
}

void act_evidence(struct view *v, const struct scope *what)
{
	struct pieces *p = xcalloc(1, sizeof(*p));

	p->what = *what;
	app_job_then(v->app, p, sizeof(*p), run_list, show);
	free(p);
}
