/* SPDX-License-Identifier: MIT */
/* relay.c - two threads: one makes, the other takes, through a ring of slots. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "store/base/base.h"

struct relay {
	relay_fn       *make;
	void           *ctx;
	size_t          nslot;
	pthread_t       thread;
	pthread_mutex_t lock;    /* guards all below */
	pthread_cond_t  changed;
	uint64_t        given, taken; /* slots, since the start */
	bool            holding; /* the taker is at the slot behind the last one taken */
	bool            ended;   /* the maker has returned */
	bool            gone;    /* nobody takes any more */
};

static void lock(struct relay *r)
{
	pthread_mutex_lock(&r->lock);
}

static void unlock(struct relay *r)
{
	pthread_mutex_unlock(&r->lock);
}

/* Locked, as all that wait are: something is other than it was. */
static void wait_change(struct relay *r)
{
	pthread_cond_wait(&r->changed, &r->lock);
}

static void tell_change(struct relay *r)
{
	pthread_cond_broadcast(&r->changed);
}

/* ---- the maker ---- */

bool relay_empty(struct relay *r, size_t *slot)
{
	bool gone;

	lock(r);
	while (r->given - r->taken == r->nslot && !r->gone)
		wait_change(r);
	*slot = (size_t)(r->given % r->nslot);
	gone = r->gone;
	unlock(r);
	return !gone;
}

void relay_give(struct relay *r)
{
	lock(r);
	r->given++;
	tell_change(r);
	unlock(r);
}

bool relay_drain(struct relay *r)
{
	bool gone;

	lock(r);
	while (r->taken < r->given && !r->gone)
		wait_change(r);
	gone = r->gone;
	unlock(r);
	return !gone;
}

static void *maker_main(void *arg)
{
	struct relay *r = arg;

	r->make(r->ctx, r);
	lock(r);
	r->ended = true;
	tell_change(r);
	unlock(r);
	return NULL;
}

/* ---- the taker ---- */

bool relay_next(struct relay *r, size_t *slot)
{
	lock(r);
	if (r->holding) {
		r->taken++;
		tell_change(r);
	}
	while (r->given == r->taken && !r->ended)
		wait_change(r);
	*slot = (size_t)(r->taken % r->nslot);
	r->holding = r->given > r->taken;
	unlock(r);
	return r->holding;
}

static void relay_free(struct relay *r)
{
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

void relay_stop(struct relay *r)
{
	if (!r)
		return;
	lock(r);
	r->gone = true;
	tell_change(r);
	unlock(r);
	pthread_join(r->thread, NULL);
	relay_free(r);
}

/* Signals are for the threads that were there before. */
static bool start_thread(struct relay *r)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	failed = pthread_create(&r->thread, NULL, maker_main, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed == 0;
}

struct relay *relay_start(size_t nslot, relay_fn *make, void *ctx)
{
	struct relay *r = xcalloc(1, sizeof(*r));

	r->make = make;
	r->ctx = ctx;
	r->nslot = nslot;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	if (start_thread(r))
		return r;
	relay_free(r);
	return NULL;
}
