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
	int64_t          due;    /* seconds UTC; 0: by the rules */
	bool             report; /* rather than move to `to` */
	bool             bear;   /* a tag, from now on; else no longer */
	bool             marked; /* what is marked rather than `what` */
	const char      *verb;   /* "set the owner to": a constant */
	char             text[TEXT_MAX + 1];
};

/* A deed and the things it is done to. */
struct order {
	struct deed  d;
	size_t       n;
	struct scope what[];
};

typedef bool deed_fn(struct store *st, const struct deed *d, const struct scope *what,
                     struct err *e);

/*
 * Do it to each. What is refused is passed over, and is told of behind what was done: how many, and
 * why the first was. Anything worse than a refusal ends it.
 */
static bool each(const struct order *o, struct store *st, struct buf *say, struct err *e,
                 deed_fn *one)
{
	struct err why = ERR_INIT;
	size_t done = 0;

	for (size_t i = 0; i < o->n; i++) {
		struct err here = ERR_INIT;

		if (one(st, &o->d, &o->what[i], &here)) {
			done++;
			continue;
		}
		if (why.kind == ERR_NONE)
			why = here;
		if (here.kind != ERR_USAGE) {
			*e = here;
			return o->n > 1 ? err_context(e, "after %zu of %zu", done, o->n) : false;
		}
	}
	if (done == 0) {
		*e = why;
		return false;
	}
	if (o->n > 1)
		buf_addf(say, ", on %zu", done);
	if (done < o->n)
		buf_addf(say, "; %zu refused: %s", o->n - done, why.text);
	return true;
}

static bool one_note(struct store *st, const struct deed *d, const struct scope *what,
                     struct err *e)
{
	return store_note(st, what, d->text, e);
}

static bool run_note(struct store *st, void *arg, struct buf *say, struct err *e)
{
	buf_adds(say, "note written");
	return each(arg, st, say, e, one_note);
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
	return each(o, st, say, e, one_owner);
}

static bool one_due(struct store *st, const struct deed *d, const struct scope *what,
                    struct err *e)
{
	return store_due(st, what, d->due, e);
}

static bool run_due(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct order *o = arg;
	char day[11];

	if (o->d.due > 0) {
		time_print_date(o->d.due - 1, day);
		buf_addf(say, "due by the end of %s", day);
	} else {
		buf_adds(say, "due by the rules again");
	}
	return each(o, st, say, e, one_due);
}

static bool one_tag(struct store *st, const struct deed *d, const struct scope *what,
                    struct err *e)
{
	bool changed;

	return store_tag(st, what, d->text, d->bear, &changed, e);
}

static void say_tag(const struct deed *d, const char *tag, struct buf *say)
{
	buf_addf(say, "%s tag %s", d->bear ? "bears the" : "no longer bears the", tag);
}

static bool run_tag(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct order *o = arg;

	say_tag(&o->d, o->d.text, say);
	return each(o, st, say, e, one_tag);
}

/* "repo/payments/api pci": things by the names that `seaworthy tag` takes. */
static bool run_tag_named(struct store *st, void *arg, struct buf *say, struct err *e)
{
	struct order *o = arg;
	const char *tag = strchr(o->d.text, ' ');
	size_t n = (size_t)(tag - o->d.text);
	struct arena mem = ARENA_INIT;
	const struct scope *what;
	bool changed, ok;

	o->d.text[n] = '\0';
	tag += 1 + strspn(tag + 1, " ");
	ok = store_scope_find(st, o->d.text, &mem, &what, &n, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = store_tag(st, &what[i], tag, o->d.bear, &changed, e);
	buf_addf(say, "%s ", o->d.text);
	say_tag(&o->d, tag, say);
	arena_release(&mem);
	return ok;
}

static bool one_step(struct store *st, const struct deed *d, const struct scope *what,
                     struct err *e)
{
	return d->report ? store_alert_report(st, what->key[0], d->text, e)
	                 : store_alert_step(st, what->key[0], d->to, d->text, e);
}

static bool run_step(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct order *o = arg;

	buf_addf(say, "alert %s", o->d.report ? "reported" : alert_state_word(o->d.to));
	return each(o, st, say, e, one_step);
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

/* What a person calls the row with that key; NULL when it is not in the window. */
static const char *name_of(const struct view *v, const struct table *t, const int64_t key[4],
                           struct arena *mem)
{
	for (size_t i = 0; i < t->page.nrow; i++) {
		struct buf b = BUF_INIT;
		const char *name;

		if (memcmp(t->page.row[i].key, key, sizeof(t->page.row[i].key)) != 0)
			continue;
		table_cell(t, &t->page.row[i], t->lv->label ? t->lv->label : "id",
		           app_now(v->app), &b);
		name = arena_dup(mem, short_name(b.s));
		buf_release(&b);
		return name;
	}
	return NULL;
}

/* Several things are touched only after they were named. */
static void confirm(struct view *v, const struct table *t, const struct order *o, size_t size,
                    bool (*run)(struct store *, void *, struct buf *, struct err *))
{
	struct arena mem = ARENA_INIT;
	const char **name = arena_array(&mem, const char *, o->n);
	struct buf title = BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < o->n; i++) {
		const char *s = name_of(v, t, o->what[i].key, &mem);

		if (s)
			name[n++] = s;
	}
	buf_addf(&title, "%s%s%s - on these %zu:", o->d.verb, o->d.text[0] != '\0' ? " " : "",
	         o->d.text, o->n);
	app_confirm(v->app, title.s, name, n, o->n - n, o, size, run);
	buf_release(&title);
	arena_release(&mem);
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
	if (t)
		confirm(v, t, o, size, run);
	else
		app_job(v->app, o, size, run);
	free(o);
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

static bool take_due(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	if (!read_until(text, app_now(v->app), &deed_of(v)->due))
		return err_set(e, ERR_USAGE, "3d, 2w or a date to come such as 2027-01-31");
	return send(v, text, e, run_due);
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

static void begin(struct view *v, const struct scope *what, const char *verb)
{
	const struct table *t = view_table_const(v);
	bool marked = t && t->marks.n > 0 && t->lv->opens == what->kind;

	*deed_of(v) = (struct deed){ .what = *what, .marked = marked, .verb = verb };
}

/* The end of a long name says most; the room is for what is typed. */
static void add_end(const char *name, struct buf *b)
{
	enum { MOST = 34 };
	size_t n = strlen(name), from = n > MOST ? n - MOST + 1 : 0;

	while (((unsigned char)name[from] & 0xc0) == 0x80)
		from++;
	buf_addf(b, "%s%s", from > 0 ? "~" : "", name + from);
}

/* What the act is about: the row it is on, or how many are marked. */
static void add_subject(struct view *v, struct buf *b)
{
	const struct deed *d = deed_of(v);
	const struct table *t = view_table_const(v);
	const struct scope row = view_row(v);
	struct arena mem = ARENA_INIT;
	const char *name = NULL;

	if (d->marked) {
		buf_addf(b, "%zu marked", t->marks.n);
		return;
	}
	if (t && row.kind == d->what.kind && memcmp(row.key, d->what.key, sizeof(row.key)) == 0)
		name = name_of(v, t, row.key, &mem);
	add_end(name ? name : short_name(v->label), b);
	arena_release(&mem);
}

/* "owner of CVE-2023-4911: " */
static void ask(struct view *v, const char *label,
                bool (*done)(struct view *, const char *, size_t *, struct err *))
{
	struct buf b = BUF_INIT;
	struct line_ask line = { NULL, "", done, NULL, HISTORY_NOTE };

	buf_addf(&b, "%s ", label);
	add_subject(v, &b);
	buf_adds(&b, ": ");
	line.label = b.s;
	app_prompt(v->app, &line);
	buf_release(&b);
}

/* ---- alerts ---- */

static void ask_step(struct view *v, enum alert_state to)
{
	static const char *const verb[ALERT_STATE_COUNT] = {
		[ALERT_ACKNOWLEDGED] = "acknowledge", [ALERT_CONTAINED] = "contained",
		[ALERT_CLOSED] = "close",
	};

	deed_of(v)->to = to;
	deed_of(v)->verb = verb[to];
	ask(v, to == ALERT_CONTAINED ? "note on containing" :
	       to == ALERT_CLOSED ? "note on closing" : "note on acknowledging", take_step);
}

static void ask_report(struct view *v)
{
	deed_of(v)->report = true;
	deed_of(v)->verb = "reported";
	ask(v, "note on reporting", take_step);
}

static bool take_state(struct view *v, size_t i, struct err *e)
{
	(void)e;
	if (i >= ALERT_CLOSED) /* behind the states */
		ask_report(v);
	else
		ask_step(v, (enum alert_state)((int)i + ALERT_ACKNOWLEDGED));
	return true;
}

static enum view_result act_on_alert(struct view *v, enum action a, const struct scope *what)
{
	static const struct choice states[] = {
		{ "acknowledged", "somebody looks at it", 'a' },
		{ "contained", "it can do no more harm", 'c' },
		{ "closed", "done with", 'x' },
		{ "reported", "whoever has to know was told, or need not be", 'r' },
	};

	begin(v, what, "");
	if (a == ACT_ACCEPT)
		ask_step(v, ALERT_ACKNOWLEDGED);
	else
		app_choose(v->app, "State of the alert; it only goes forward, u takes it back",
		           states, LENGTH(states), 0, take_state);
	return VIEW_DONE;
}

/* ---- all ---- */

static bool is_finding(enum scope_kind k)
{
	return k == SCOPE_FINDING || k == SCOPE_PROBLEM;
}

/* What is asked for by a line of text, of whatever kind of thing. */
static const struct asked {
	enum action action;
	const char *right, *verb, *label;
	bool (*done)(struct view *v, const char *text, size_t *at, struct err *e);
} asked[] = {
	{ ACT_NOTE, "note", "write the note:", "note on", take_note },
	{ ACT_OWNER, "own", "set the owner to", "owner of", take_owner },
	{ ACT_DUE, "due", "make due", "earlier date (3d, 2w, 2027-01-31; empty: none) for",
	  take_due },
};

static const struct asked *asked_by(enum action a)
{
	for (size_t i = 0; i < LENGTH(asked); i++)
		if (asked[i].action == a)
			return &asked[i];
	return NULL;
}

bool act_takes(enum action a, enum scope_kind k)
{
	switch (a) {
	case ACT_ACCEPT: case ACT_STATE: return is_finding(k) || k == SCOPE_ALERT;
	case ACT_CROSSWALK: return k == SCOPE_ALERT;
	case ACT_DUE: return is_finding(k);
	default: return asked_by(a) && k != SCOPE_ALL && k != SCOPE_EXCEPTION;
	}
}

enum view_result act_on(struct view *v, enum action a, const struct scope *what)
{
	const struct asked *k = asked_by(a);

	if (!act_takes(a, what->kind))
		return VIEW_PASS;
	if (!k && is_finding(what->kind))
		return act_decide(v, a, what);
	if (a == ACT_CROSSWALK) {
		act_mute(v, what);
		return VIEW_DONE;
	}
	if (!k)
		return app_may(v->app, "alert") ? act_on_alert(v, a, what) : VIEW_DONE;
	if (!app_may(v->app, k->right))
		return VIEW_DONE;
	begin(v, what, k->verb);
	ask(v, k->label, k->done);
	return VIEW_DONE;
}

enum view_result act_on_row(struct view *v, enum action a, struct err *e)
{
	const struct scope row = view_row(v);

	(void)e;
	return act_on(v, a, &row);
}

void act_tag(struct view *v, const char *tag, bool bear)
{
	struct scope what = view_row(v);
	bool named = strchr(tag, ' ') != NULL;
	struct err e = ERR_INIT;

	if (what.kind == SCOPE_ALL)
		what = v->scope;
	if (!app_may(v->app, "tag"))
		return;
	begin(v, &what, bear ? "tag as" : "take away the tag");
	deed_of(v)->bear = bear;
	deed_of(v)->marked = deed_of(v)->marked && !named;
	if (tag[0] == '\0')
		err_set(&e, ERR_USAGE, "which tag? such as pci; in front of it, a thing by name: "
		        "repo/payments/api");
	else if (what.kind == SCOPE_ALL && !named)
		err_set(&e, ERR_USAGE, "there is no thing here that could bear a tag");
	else if (send(v, tag, &e, named ? run_tag_named : run_tag))
		return;
	app_fault(v->app, &e);
}

void act_answer(struct view *v, enum answer a, const struct scope *what, bool differs)
{
	struct buf label = BUF_INIT;
	struct err e = ERR_INIT;

	if (!app_may(v->app, "answer"))
		return;
	begin(v, what, "answer");
	deed_of(v)->answer = a;
	if (!differs) {
		if (!send_answer(v, "", &e))
			app_fault(v->app, &e);
		return;
	}
	buf_addf(&label, "%s, but the data says otherwise; why? for", answer_word(a));
	ask(v, label.s, take_differing);
	buf_release(&label);
}
