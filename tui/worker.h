/* SPDX-License-Identifier: MIT */
/* worker.h - a thread with a queue, for what may take time. The only threads of the program. */
#ifndef WORKER_H
#define WORKER_H

#include "store/base/base.h"

/* What a worker's thread owns, such as a connection to the store. */
struct worker_ops {
	/*
	 * In the thread, when the first work has come. False: every work is run with ctx NULL and
	 * *e set.
	 */
	bool (*open)(void *arg, void **ctx, struct err *e);
	void (*close)(void *arg, void *ctx); /* in the thread, at the end; ctx is never NULL */
	/*
	 * On the main thread, while a work runs: make it end soon. ctx is never NULL. May be NULL.
	 */
	void (*interrupt)(void *ctx);
	/* When that work has ended: the next one is run. ctx is never NULL. May be NULL. */
	void (*go_on)(void *ctx);
};

/*
 * One thing to do: embed it at the head of a larger struct. A work with the same owner and slot as
 * an older one replaces it: nobody will look at the older answer. Among works that wait, the lower
 * slot goes first, and it interrupts a running work of a higher slot, which is then run again from
 * its start.
 */
struct work {
	/* In the thread. Writes only to its own struct. `ctx_err` says why ctx is NULL. */
	void (*run)(struct work *w, void *ctx, const struct err *ctx_err);
	/* On the main thread, exactly once; `stale` when replaced or cancelled. Frees w. */
	void (*done)(struct work *w, bool stale);
	const void *owner;
	int         slot;
	/* The rest is the worker's own. */
	struct work *next;
	struct worker *worker;
	int          fate;
};

struct worker;

/* What a thread writes and another reads. */
struct guard;
struct guard *guard_new(void);
void guard_free(struct guard *g); /* NULL is fine */
void guard_lock(struct guard *g);
void guard_unlock(struct guard *g);

/* Starts the thread. `wake_fd` gets a byte whenever an answer is ready; it must not block. */
struct worker *worker_new(const struct worker_ops *ops, void *arg, int wake_fd);
/*
 * Cancels what waits and runs, ends the thread, hands every work to done() as stale. NULL is fine.
 */
void worker_free(struct worker *k);

void worker_submit(struct worker *k, struct work *w);     /* takes w; never waits */
void worker_cancel(struct worker *k, const void *owner);  /* NULL: everything */
/* Call done() for the works that are ready; returns how many. */
size_t worker_collect(struct worker *k);
/* True when nothing waits, runs or is ready. */
bool worker_idle(struct worker *k);
/* True when something waits or runs for this owner. */
bool worker_busy(struct worker *k, const void *owner);

#endif
