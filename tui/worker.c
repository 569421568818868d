/* SPDX-License-Identifier: MIT */
/* worker.c - the queue, the thread, and the rules of who interrupts whom. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/worker.h"

enum fate {
	FATE_WANTED, /* its answer is looked at */
	FATE_AGAIN,  /* interrupted for something more urgent: run it once more */
	FATE_STALE,  /* replaced or cancelled */
};

struct worker {
	const struct worker_ops *ops;
	void                    *arg;
	int                      wake_fd;
	pthread_t                thread;
	pthread_mutex_t          lock;  /* guards all below */
	pthread_cond_t           work_came;
	struct work             *queue; /* in the order they will run */
	struct work             *running;
	struct work             *ready; /* oldest first */
	void                    *ctx;
	bool                     end;
};

struct guard {
	pthread_mutex_t lock;
};

struct guard *guard_new(void)
{
	struct guard *g = xcalloc(1, sizeof(*g));

	pthread_mutex_init(&g->lock, NULL);
	return g;
}

void guard_free(struct guard *g)
{
	if (g)
		pthread_mutex_destroy(&g->lock);
	free(g);
}

void guard_lock(struct guard *g)
{
	pthread_mutex_lock(&g->lock);
}

void guard_unlock(struct guard *g)
{
	pthread_mutex_unlock(&g->lock);
}

static void lock(struct worker *k)
{
	pthread_mutex_lock(&k->lock);
}

static void unlock(struct worker *k)
{
	pthread_mutex_unlock(&k->lock);
}

static void append(struct work **list, struct work *w)
{
	while (*list)
		list = &(*list)->next;
	w->next = NULL;
	*list = w;
}

/* Behind all of the same or a lower slot; `first`: before those of the same slot. */
static void enqueue(struct worker *k, struct work *w, bool first)
{
	struct work **at = &k->queue;

	while (*at && ((*at)->slot < w->slot || ((*at)->slot == w->slot && !first)))
		at = &(*at)->next;
	w->next = *at;
	*at = w;
}

/* Locked. The main thread hears of it. */
static void hand_over(struct worker *k, struct work *w)
{
	ssize_t wrote;

	append(&k->ready, w);
	do {
		wrote = write(k->wake_fd, "", 1);
	} while (wrote < 0 && errno == EINTR);
}

/* Locked on entry and on return; not while the work runs. */
static void run_one(struct worker *k, const struct err *ctx_err)
{
	struct work *w = k->queue;
	void *ctx = k->ctx;

	k->queue = w->next;
	w->next = NULL;
	k->running = w;
	unlock(k);
	w->run(w, ctx, ctx_err);
	lock(k);
	k->running = NULL;
	if (ctx && k->ops->go_on && w->fate != FATE_WANTED)
		k->ops->go_on(ctx);
	if (w->fate == FATE_AGAIN) {
		w->fate = FATE_WANTED;
		enqueue(k, w, true);
	} else {
		hand_over(k, w);
	}
}

/* False: the end came first. */
static bool wait_for_work(struct worker *k)
{
	bool work;

	lock(k);
	while (!k->queue && !k->end)
		pthread_cond_wait(&k->work_came, &k->lock);
	work = k->queue && !k->end;
	unlock(k);
	return work;
}

static void *worker_main(void *arg)
{
	struct worker *k = arg;
	struct err e = ERR_INIT;
	void *ctx = NULL;
	bool open = wait_for_work(k) && k->ops->open(k->arg, &ctx, &e);

	lock(k);
	k->ctx = open ? ctx : NULL;
	while (!k->end) {
		if (k->queue)
			run_one(k, &e);
		else
			pthread_cond_wait(&k->work_came, &k->lock);
	}
	k->ctx = NULL;
	unlock(k);
	if (open)
		k->ops->close(k->arg, ctx);
	return NULL;
}

/* Signals belong to the main thread. */
static void start_thread(struct worker *k)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	failed = pthread_create(&k->thread, NULL, worker_main, k);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		die("cannot start a thread: %s", strerror(failed));
}

struct worker *worker_new(const struct worker_ops *ops, void *arg, int wake_fd)
{
	struct worker *k = xcalloc(1, sizeof(*k));

	k->ops = ops;
	k->arg = arg;
	k->wake_fd = wake_fd;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->work_came, NULL);
	start_thread(k);
	return k;
}

/* Locked. */
static void interrupt(struct worker *k, enum fate fate)
{
	k->running->fate = (int)fate;
	if (k->ctx && k->ops->interrupt)
		k->ops->interrupt(k->ctx);
}

/* Locked. Drop what `owner` asked at `slot` (-1: any slot; NULL: everybody). */
static void drop(struct worker *k, const void *owner, int slot)
{
	struct work **at = &k->queue;
	struct work *r = k->running;

	while (*at) {
		struct work *w = *at;

		if ((owner && w->owner != owner) || (slot >= 0 && w->slot != slot)) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		w->fate = FATE_STALE;
		hand_over(k, w);
	}
	if (r && (!owner || r->owner == owner) && (slot < 0 || r->slot == slot))
		interrupt(k, FATE_STALE);
	for (struct work *w = k->ready; w; w = w->next)
		if ((!owner || w->owner == owner) && (slot < 0 || w->slot == slot))
			w->fate = FATE_STALE;
}

void worker_submit(struct worker *k, struct work *w)
{
	w->worker = k;
	w->fate = FATE_WANTED;
	lock(k);
	if (w->owner)
		drop(k, w->owner, w->slot);
	enqueue(k, w, false);
	if (k->running && k->running->fate == FATE_WANTED && k->running->slot > w->slot)
		interrupt(k, FATE_AGAIN);
	pthread_cond_signal(&k->work_came);
	unlock(k);
}

void worker_cancel(struct worker *k, const void *owner)
{
	lock(k);
	drop(k, owner, -1);
	unlock(k);
}

size_t worker_collect(struct worker *k)
{
	struct work *w;
	size_t n = 0;

	for (;; n++) { /* one at a time: done() may make the next one stale */
		lock(k);
		w = k->ready;
		if (w)
			k->ready = w->next;
		unlock(k);
		if (!w)
			return n;
		w->done(w, w->fate == FATE_STALE);
	}
}

bool worker_idle(struct worker *k)
{
	bool idle;

	lock(k);
	idle = !k->queue && !k->running && !k->ready;
	unlock(k);
	return idle;
}

bool worker_busy(struct worker *k, const void *owner)
{
	bool busy;

	lock(k);
	busy = k->running && k->running->owner == owner;
	for (struct work *w = k->queue; w; w = w->next)
		busy = busy || w->owner == owner;
	unlock(k);
	return busy;
}

void worker_free(struct worker *k)
{
	if (!k)
		return;
	lock(k);
	drop(k, NULL, -1);
	k->end = true;
	pthread_cond_signal(&k->work_came);
	unlock(k);
	pthread_join(k->thread, NULL);
	worker_collect(k);
	pthread_mutex_destroy(&k->lock);
	pthread_cond_destroy(&k->work_came);
	free(k);
}
