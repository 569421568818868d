/* SPDX-License-Identifier: MIT */
/* acts.c - prompts for what must be said, then the job worker writes it to the store. */
#include "tui/acts.h"

enum { TEXT_MAX = 1000 };

/*
 * What the job worker gets: plain data. Kept in the view between the key and the end of its prompt.
 */
struct deed {
	struct scope     what;
	enum answer      answer;
	enum alert_state to;
	char             text[TEXT_MAX + 1];
};

static bool run_note(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct deed *d = arg;

	buf_adds(say, "note written");
	return store_note(st, &d->what, d->text, e);
}

static bool run_owner(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct deed *d = arg;

	buf_addf(say, "owner is now %s", d->text[0] != '\0' ? d->text : "nobody");
	return store_own(st, &d->what, d->text, e);
}

static bool run_step(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct deed *d = arg;

	buf_addf(say, "alert %s", alert_state_word(d->to));
	return store_alert_step(st, d->what.key[0], d->to, d->text, e);
}

static bool run_answer(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct deed *d = arg;

	buf_addf(say, "answered %s", answer_word(d->answer));
	return store_answer(st, &d->what, d->answer, d->text, 0, e);
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

	if (!str_copy(d->text, sizeof(d->text), text))
		return err_set(e, ERR_LIMIT, "at most %d bytes", TEXT_MAX);
	app_job(v->app, d, sizeof(*d), run);
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

static bool take_answer(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	return send(v, text, e, run_answer);
}

static bool take_differing(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	if (text[0] == '\0')
		return err_set(e, ERR_USAGE, "your answer differs from the data: say why");
	return send(v, text, e, run_answer);
}

static void begin(struct view *v, const struct scope *what)
{
	*deed_of(v) = (struct deed){ .what = *what };
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
	char label[64];
	struct buf b = BUF_INIT;

	if (!may_write(v))
		return;
	begin(v, what);
	deed_of(v)->answer = a;
	buf_addf(&b, "%s, %s: ", answer_word(a), differs ? "differs from the data, why" : "note");
	str_copy(label, sizeof(label), b.s);
	buf_release(&b);
	ask(v, label, differs ? take_differing : take_answer);
}
