/* SPDX-License-Identifier: MIT */
/* acts.c - prompts for what must be said, then the job worker writes it to the store. */
#include <stdlib.h>

#include "tui/acts.h"

enum { TEXT_MAX = 1000 };

/*
 * What the job worker gets: plain data. Kept in the view between the key and the end of its prompt.
 */
struct deed {
	struct scope     what;
	enum answer      answer;
	enum alert_state to;
	bool             marked; /* what is marked rather than `what` */
	char             text[TEXT_MAX + 1];
};

/* A deed and the things it is done to. */
struct order {
	struct deed  d;
	size_t       n;
	struct scope what[];
};

/* Do it to each; the first that refuses ends it, and says how many were done. */
static bool each(const struct order *o, struct store *st, struct err *e,
                 bool (*one)(struct store *, const struct deed *, const struct scope *,
                             struct err *))
{
	for (size_t i = 0; i < o->n; i++)
		if (!one(st, &o->d, &o->what[i], e))
			return i == 0 ? false : err_context(e, "after %zu of %zu", i, o->n);
	return true;
}

static void say_many(struct buf *say, size_t n)
{
	if (n > 1)
		buf_addf(say, ", %zu times", n);
}

static bool one_note(struct store *st, const struct deed *d, const struct scope *what,
                     struct err *e)
{
	return store_note(st, what, d->text, e);
}

static bool run_note(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct order *o = arg;

	buf_adds(say, "note written");
	say_many(say, o->n);
	return each(o, st, e, one_note);
}

static bool one_owner(struct store *st, const struct deed *d, const struct scope *what,
                      struct err *e)
{
	return store_own(st, what, d->text, e);
}

static bool run_owner(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct order *o = arg;

	buf_addf(say, "owner is now %s", o->d.text[0] != '\0' ? o->d.text : "nobody");
	say_many(say, o->n);
	return each(o, st, e, one_owner);
}

static bool one_step(struct store *st, const struct deed *d, const struct scope *what,
                     struct err *e)
{
	return store_alert_step(st, what->key[0], d->to, d->text, e);
}

static bool run_step(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct order *o = arg;

	buf_addf(say, "alert %s", alert_state_word(o->d.to));
	say_many(say, o->n);
	return each(o, st, e, one_step);
}

static bool run_answer(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct order *o = arg;

	buf_addf(say, "answered %s", answer_word(o->d.answer));
	return store_answer(st, &o->d.what, o->d.answer, o->d.text, 0, e);
}

static struct deed *deed_of(struct view *v)
{
	return app_scratch(v->app, sizeof(struct deed));
}

/* The text typed goes into the deed, the deed to the worker. */
static bool send(struct view *v, const char *text, struct err *e,
                 bool (*run)(struct store *, void *, struct buf *, struct err *))
{
	struct deed *d = deed_of(v);
	struct table *t = d->marked ? view_table(v) : NULL;
	size_t n = t ? t->marks.n : 1, size = sizeof(struct order) + array_size(n, sizeof(d->what));
	struct order *o;

	if (!str_copy(d->text, sizeof(d->text), text))
		return err_set(e, ERR_LIMIT, "at most %d bytes", TEXT_MAX);
	o = xcalloc(1, size);
	o->d = *d;
	o->n = n;
	for (size_t i = 0; i < n; i++) {
		o->what[i] = d->what;
		if (t)
			memcpy(o->what[i].key, t->marks.mark[i].key, sizeof(d->what.key));
	}
	app_job(v->app, o, size, run);
	free(o);
	if (t)
		marks_clear(&t->marks);
	return true;
}

static bool take_note(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	if (text[0] == '\0')
		return err_set(e, ERR_USAGE, "a note says something; Esc leaves");
	return send(v, text, e, run_note);
}

static bool take_owner(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	return send(v, text, e, run_owner);
}

static bool take_step(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	return send(v, text, e, run_step);
}

/* In the walk one answer leads to the next question. */
static bool send_answer(struct view *v, const char *text, struct err *e)
{
	if (!send(v, text, e, run_answer))
		return false;
	if (v->ops->walk)
		view_act(v, ACT_NEXT_ITEM, e);
	return true;
}

static bool take_differing(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	if (text[0] == '\0')
		return err_set(e, ERR_USAGE, "your answer differs from the data: say why");
	return send_answer(v, text, e);
}

static void begin(struct view *v, const struct scope *what)
{
	const struct table *t = view_table_const(v);
	bool row = t && t->marks.n > 0 && t->lv->opens == what->kind;

	*deed_of(v) = (struct deed){ .what = *what, .marked = row };
}

static void ask(struct view *v, const char *label,
                bool (*done)(struct view *, const char *, size_t *, struct err *))
{
	const struct line_ask line = { label, "", done, NULL, HISTORY_NOTE };

	app_prompt(v->app, &line);
}

/* ---- alerts ---- */

static void ask_step(struct view *v, enum alert_state to)
{
	deed_of(v)->to = to;
	ask(v, to == ALERT_ACKNOWLEDGED ? "acknowledge, note: " :
	       to == ALERT_CONTAINED ? "contained, note: " : "close, note: ", take_step);
}

static bool take_state(struct view *v, size_t i, struct err *e)
{
	(void)e;
	ask_step(v, (enum alert_state)((int)i + ALERT_ACKNOWLEDGED));
	return true;
}

static enum view_result act_on_alert(struct view *v, enum action a, const struct scope *what)
{
	static const struct choice states[] = {
		{ "acknowledged", "somebody looks at it" },
		{ "contained", "it can do no more harm" },
		{ "closed", "done with" },
	};

	if (a != ACT_ACCEPT && a != ACT_STATE)
		return VIEW_PASS;
	begin(v, what);
	if (a == ACT_ACCEPT)
		ask_step(v, ALERT_ACKNOWLEDGED);
	else
		app_choose(v->app, "State of the alert; it only goes forward", states,
		           LENGTH(states), 0, take_state);
	return VIEW_DONE;
}

/* ---- all ---- */

static bool may_write(struct view *v)
{
	if (app_read_only(v->app))
		app_say(v->app, "read-only: nothing can be written");
	return !app_read_only(v->app);
}

enum view_result act_on(struct view *v, enum action a, const struct scope *what)
{
	bool acts = a == ACT_NOTE || a == ACT_OWNER ||
	            (what->kind == SCOPE_ALERT && (a == ACT_ACCEPT || a == ACT_STATE));

	if (!acts || what->kind == SCOPE_ALL)
		return VIEW_PASS;
	if (!may_write(v))
		return VIEW_DONE;
	if (a != ACT_NOTE && a != ACT_OWNER)
		return act_on_alert(v, a, what);
	begin(v, what);
	if (a == ACT_NOTE)
		ask(v, "note: ", take_note);
	else
		ask(v, "owner: ", take_owner);
	return VIEW_DONE;
}

void act_answer(struct view *v, enum answer a, const struct scope *what, bool differs)
{
	struct buf label = BUF_INIT;
	struct err e = ERR_INIT;

	if (!may_write(v))
		return;
	begin(v, what);
	deed_of(v)->answer = a;
	if (!differs) {
		if (!send_answer(v, "", &e))
			app_fault(v->app, &e);
		return;
	}
	buf_addf(&label, "%s, but the data says otherwise; why: ", answer_word(a));
	ask(v, label.s, take_differing);
	buf_release(&label);
}
