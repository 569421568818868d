/* SPDX-License-Identifier: MIT */
/* jobs.c - what the two workers do for the dashboard: open the store, write to it, watch it. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/app_state.h"

static bool conn_open(void *arg, void **ctx, struct err *e)
{
	const struct app *a = arg;
	struct store_opts so = a->opts->store;
	struct store *st;

	if (so.now == 0)
		so.now = time_now();
	if (!store_open(&st, &so, e))
		return false;
	*ctx = st;
	return true;
}

static void conn_close(UNUSED void *arg, void *ctx)
{
	store_close(ctx);
}

/* The store that is open already is the reader's, and stays its owner's. */
static bool reader_open(void *arg, void **ctx, struct err *e)
{
	const struct app *a = arg;

	*ctx = a->opts->opened;
	return *ctx || conn_open(arg, ctx, e);
}

static void reader_close(void *arg, void *ctx)
{
	const struct app *a = arg;

	if (ctx != a->opts->opened)
		store_close(ctx);
}

static void conn_interrupt(void *ctx)
{
	store_interrupt(ctx);
}

static void conn_go_on(void *ctx)
{
	store_go_on(ctx);
}

const struct worker_ops app_reader = { reader_open, reader_close, conn_interrupt, conn_go_on };
const struct worker_ops app_writer = { conn_open, conn_close, conn_interrupt, conn_go_on };

/* What a person does to the store. */
struct job {
	struct work w;
	struct app *app;
	int64_t     now;
	bool      (*act)(struct store *st, void *arg, struct buf *say, struct err *e);
	void      (*then)(struct app *a, void *arg, size_t size); /* NULL: nothing */
	size_t      size;
	struct buf  say;
	struct done done; /* records it wrote */
	struct past past; /* the store is to be as of then */
	struct err  e;
	bool        ok;
	alignas(max_align_t) char arg[];
};

static void job_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct job *j = (struct job *)w;
	struct err ignored = ERR_INIT;

	j->e = *ctx_err;
	if (!ctx)
		return;
	j->e = (struct err)ERR_INIT;
	if (!past_set(ctx, &j->past, j->now, &j->e))
		return;
	if (j->past.at == 0 && j->past.known == 0)
		store_set_now(ctx, j->now);
	if (!store_seq(ctx, &j->done.after, &j->e))
		return;
	j->ok = j->act(ctx, j->arg, &j->say, &j->e);
	if (!store_seq(ctx, &j->done.upto, &ignored))
		j->done.upto = j->done.after;
}

static bool run_undo(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct done *d = arg;
	int64_t n;

	if (!store_undo(st, d->after, d->upto, &n, e))
		return false;
	if (n == 1)
		buf_adds(say, "taken back; both stay in the audit trail");
	else
		buf_addf(say, "%lld acts taken back; all stay in the audit trail", (long long)n);
	return true;
}

static void remember_done(struct app *a, const struct job *j)
{
	if (j->act == run_undo || j->done.upto <= j->done.after)
		return;
	if (a->ndone == DONE_MAX)
		memmove(a->done, a->done + 1, sizeof(a->done[0]) * --a->ndone);
	a->done[a->ndone++] = j->done;
}

static void job_done(struct work *w, bool stale)
{
	struct job *j = (struct job *)w;
	struct app *a = j->app;

	if (worker_idle(a->job))
		progress_end(&a->progress);
	if (!stale)
		remember_done(a, j);
	if (!stale && !j->ok)
		app_fault(a, &j->e);
	if (!stale && j->ok) {
		if (j->say.len > 0)
			app_say(a, "%s", j->say.s);
		for (size_t i = 0; i < a->nview; i++)
			a->view[i]->seen = 0; /* reloaded when they come back */
		app_ask_revision(a);
		if (app_top(a))
			view_reload(app_top(a));
		if (j->then)
			j->then(a, j->arg, j->size);
	}
	buf_release(&j->say);
	free(j);
}

void app_job_then(struct app *a, const void *arg, size_t size,
                  bool (*act)(struct store *st, void *arg, struct buf *say, struct err *e),
                  void (*then)(struct app *a, void *arg, size_t size))
{
	struct job *j = xcalloc(1, sizeof(*j) + size);

	j->w.run = job_run;
	j->w.done = job_done;
	j->app = a;
	j->now = app_present(a);
	j->past = a->past;
	j->act = act;
	j->then = then;
	j->size = size;
	j->say = (struct buf)BUF_INIT;
	memcpy(j->arg, arg, size);
	progress_begin(&a->progress, "working", "");
	worker_submit(a->job, &j->w);
}

void app_job(struct app *a, const void *arg, size_t size,
             bool (*act)(struct store *st, void *arg, struct buf *say, struct err *e))
{
	app_job_then(a, arg, size, act, NULL);
}

void undo_last(struct app *a)
{
	if (a->ndone == 0) {
		app_say(a, "nothing to take back: you changed nothing since you came");
		return;
	}
	if (!app_may(a, "note"))
		return;
	a->ndone--;
	app_job(a, &a->done[a->ndone], sizeof(a->done[0]), run_undo);
}

/* Is the store another by now? */
struct watch {
	struct work w;
	struct app *app;
	int64_t     now;
	uint64_t    known, revision;
	int64_t     late;
};

static void watch_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct watch *k = (struct watch *)w;
	struct err unheard = ERR_INIT;

	(void)ctx_err;
	k->revision = k->known;
	if (!ctx)
		return;
	store_set_now(ctx, k->now);
	k->revision = store_revision(ctx);
	if (k->revision != k->known && !store_alerts_late(ctx, &k->late, &unheard))
		k->late = 0;
}

static void watch_done(struct work *w, bool stale)
{
	struct watch *k = (struct watch *)w;
	struct app *a = k->app;
	struct view *v = app_top(a);

	if (!stale && k->revision != k->known) {
		a->revision = k->revision;
		a->alerts_late = k->late;
		a->dirty = true;
		if (v && v->seen != 0 && v->seen != k->revision && a->paused)
			app_say(a, "the store changed; %s shows it",
			        keymap_key(a->keys, ACT_PAUSE));
		else if (v && v->seen != 0 && v->seen != k->revision)
			view_reload(v);
	}
	free(k);
}

void app_ask_revision(struct app *a)
{
	struct watch *k = xcalloc(1, sizeof(*k));

	k->w.run = watch_run;
	k->w.done = watch_done;
	k->w.owner = a;
	k->w.slot = 100; /* after everything that is looked at */
	k->app = a;
	k->now = app_now(a);
	k->known = a->revision;
	worker_submit(a->reader, &k->w);
}

void app_settle(struct app *a)
{
	while (!worker_idle(a->reader) || !worker_idle(a->job)) {
		struct pollfd p = { a->wake[0], POLLIN, 0 };
		char drop[64];

		if (worker_collect(a->reader) + worker_collect(a->job) > 0) {
			held_go_on(a);
			continue;
		}
		if (poll(&p, 1, -1) > 0 && read(a->wake[0], drop, sizeof(drop)) < 0)
			continue;
	}
}
