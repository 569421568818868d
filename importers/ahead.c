/* SPDX-License-Identifier: MIT */
/* ahead.c - a sink that one thread fills and another empties into the one behind it. */
#include <stdlib.h>

#include "importers/ahead.h"

enum {
	BATCHES = 4,
	BATCH_RECORDS = 256,
	BATCH_BYTES = 64 << 10,
};

/* Records in the order they came, then how far the reading was. */
struct batch {
	struct arena  mem; /* of their texts */
	size_t        bytes, n;
	struct record rec[BATCH_RECORDS];
	bool          ticks;
	uint64_t      done, total;
};

struct ahead {
	struct sink   sink; /* the importer's */
	struct sink  *out;
	ahead_fn     *fn;
	void         *ctx;
	struct relay *relay;
	struct batch  batch[BATCHES];

	/* the importer's thread: */
	struct batch *now;  /* being filled; NULL: none */
	bool          ok;   /* what came of it */
	struct err    e;
	bool          told; /* it has heard of `why` */

	/* the thread of `out`; the importer's reads it once nothing is taken any more */
	struct err why;
};

static struct ahead *ahead_of(struct sink *s)
{
	return (struct ahead *)s;
}

/* ---- the importer's thread ---- */

static bool turned_away(struct ahead *a, struct err *e)
{
	a->told = true;
	*e = a->why;
	return false;
}

static bool batch_begin(struct ahead *a, struct relay *r)
{
	size_t slot;

	if (a->now)
		return true;
	if (!relay_empty(r, &slot))
		return false;
	a->now = &a->batch[slot];
	arena_reset(&a->now->mem);
	a->now->bytes = a->now->n = 0;
	a->now->ticks = false;
	return true;
}

static void batch_give(struct ahead *a)
{
	a->now = NULL;
	relay_give(a->relay);
}

static bool put(struct sink *s, const struct record *r, struct err *e)
{
	struct ahead *a = ahead_of(s);
	bool copies = record_copies(r->kind);
	struct batch *b;

	if (!batch_begin(a, a->relay))
		return turned_away(a, e);
	b = a->now;
	if (copies)
		b->bytes += record_copy(&b->mem, r, &b->rec[b->n++]);
	else
		b->rec[b->n++] = *r;
	if (!copies || b->n == BATCH_RECORDS || b->bytes >= BATCH_BYTES)
		batch_give(a);
	return copies || relay_drain(a->relay) || turned_away(a, e);
}

static bool tick(struct sink *s, uint64_t done, uint64_t total, struct err *e)
{
	struct ahead *a = ahead_of(s);

	if (!batch_begin(a, a->relay))
		return turned_away(a, e);
	a->now->ticks = true;
	a->now->done = done;
	a->now->total = total;
	batch_give(a);
	return true;
}

static void import(void *ctx, struct relay *r)
{
	struct ahead *a = ctx;

	a->relay = r;
	a->ok = a->fn(a->ctx, &a->sink, &a->e);
	if (a->now)
		batch_give(a);
}

/* ---- the thread that called ---- */

/* What is said of a record that the importer has long left behind would be told of another. */
static bool put_one(struct ahead *a, const struct record *r)
{
	if (a->out->put(a->out, r, &a->why))
		return true;
	if (record_copies(r->kind) && (a->why.kind == ERR_FORMAT || a->why.kind == ERR_LIMIT))
		a->why.kind = ERR_AGAIN;
	return false;
}

static bool take(struct ahead *a, const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (!put_one(a, &b->rec[i]))
			return false;
	return !b->ticks || !a->out->tick || a->out->tick(a->out, b->done, b->total, &a->why);
}

static bool result(const struct ahead *a, struct err *e)
{
	bool refused = a->why.kind != ERR_NONE;

	if (a->ok && !refused)
		return true;
	*e = refused && (a->ok || !a->told) ? a->why : a->e;
	return false;
}

bool ahead_run(ahead_fn *fn, void *ctx, struct sink *out, struct err *e)
{
	struct ahead *a = xcalloc(1, sizeof(*a));
	struct relay *r;
	size_t slot;
	bool ok;

	a->sink = (struct sink){ .put = put, .tick = tick, .hasty = out->hasty };
	a->out = out;
	a->fn = fn;
	a->ctx = ctx;
	r = relay_start(BATCHES, import, a);
	ok = r ? true : fn(ctx, out, e);
	if (r) {
		while (relay_next(r, &slot) && take(a, &a->batch[slot]))
			continue;
		relay_stop(r);
		ok = result(a, e);
	}
	for (size_t i = 0; i < BATCHES; i++)
		arena_release(&a->batch[i].mem);
	free(a);
	return ok;
}
