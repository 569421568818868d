/* SPDX-License-Identifier: MIT */
/*
 * gate.c - may this image be promoted? Every reason against it, with the fix where one is known.
 *
 * A refusal outranks missing evidence: an image with critical findings is refused whatever the age
 * of its scan. All policies in the image's scope are asked; where they limit the same thing, the
 * strictest is the one that is named.
 */
#include <stdlib.h>

#include "store/gate_inner.h"
#include "store/identity.h"

/* Refusals first, then what evidence is missing; each group in the order it was found. */
static void order_reasons(const struct gate_list *l, struct gate_answer *out)
{
	struct gate_reason *sorted = arena_array(l->mem, struct gate_reason, l->n + 1);
	size_t n = 0;

	for (int evidence = 0; evidence < 2; evidence++)
		for (size_t i = 0; i < l->n; i++)
			if (l->reason[i].evidence == evidence)
				sorted[n++] = l->reason[i];
	out->reason = sorted;
	out->nreason = n;
	out->admitted = n == 0;
}

static void answer(const struct gate_facts *f, const struct policy *const *p, size_t n, int64_t now,
		   int64_t max_age, struct arena *mem, struct gate_answer *out)
{
	struct gate_list l = { .mem = mem };
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		gate_judge(p[i], f, now, max_age, &l);
		buf_addf(&names, "%s%s", i ? ", " : "", p[i]->key);
	}
	out->image = f->image;
	out->name = f->name;
	out->digest = f->digest;
	out->policy = arena_dup(mem, names.s);
	buf_release(&names);
	order_reasons(&l, out);
}

/* The policies in scope of tags, into `mem`. */
static size_t in_scope(const struct policies *all, uint64_t tags, struct arena *mem,
		       const struct policy ***out)
{
	size_t n = 0;

	*out = arena_array(mem, const struct policy *, all->n + 1);
	for (size_t i = 0; i < all->n; i++)
		if (policy_in_scope(all, i, tags))
			(*out)[n++] = all->p[i];
	return n;
}

/*
 * The repository of a reference; NULL for ids, digests and parts of names. One with a digest finds
 * what it holds wherever that came from: it is asked for where it says, though nobody saw it there.
 */
static const char *asked_for(const char *image, const struct gate_facts *f, struct arena *mem)
{
	struct image_ref ref;
	int64_t id;

	if (str_int64(image, 0, INT64_MAX, &id) || !image_ref_parse(image, mem, &ref))
		return NULL;
	for (size_t i = 0; i < f->nrepository; i++)
		if (str_eq(f->repository[i], ref.repository))
			return ref.repository;
	return ref.digest && image_ref_names_registry(image) ? ref.repository : NULL;
}

bool store_gate(struct store *st, const char *image, const char *policy, int64_t max_age,
		struct arena *mem, struct gate_answer *out, struct err *e)
{
	const struct policies *all;
	const struct policy **p;
	struct policy *one = arena_new(mem, struct policy);
	struct gate_facts f;
	int64_t id;
	size_t n = 1;

	*out = (struct gate_answer){ .admitted = false };
	if (!store_policies(st, &all, e) || (policy && !policy_load(policy, mem, one, e)))
		return false;
	if (!store_image_find(st, image, &id, e)) {
		if (e->kind == ERR_USAGE)
			e->kind = ERR_EVIDENCE; /* never seen, or not which: there is no answer */
		out->image = id;
		return false;
	}
	if (!gate_facts(st, id, mem, &f, e))
		return false;
	f.asked = asked_for(image, &f, mem);
	if (policy) {
		p = arena_new(mem, const struct policy *);
		*p = one;
	} else {
		n = in_scope(all, f.tags, mem, &p);
	}
	answer(&f, p, n, st->now, max_age, mem, out);
	return true;
}

/* ---- all that run, kept while neither the store nor the minute changes ---- */

struct gated {
	struct arena mem;
	struct gate_answer *answer;
	size_t n;
	uint64_t revision;
	int64_t now;
};

void gated_free(struct gated *g)
{
	if (!g)
		return;
	arena_release(&g->mem);
	free(g);
}

static bool gate_all(struct store *st, struct gated *g, struct err *e)
{
	const struct policies *all;
	struct gate_facts *f;

	if (!store_policies(st, &all, e) || !gate_facts_running(st, &g->mem, &f, &g->n, e))
		return false;
	g->answer = arena_array(&g->mem, struct gate_answer, g->n + 1);
	for (size_t i = 0; i < g->n; i++) {
		const struct policy **p;
		size_t n = in_scope(all, f[i].tags, &g->mem, &p);

		answer(&f[i], p, n, st->now, 0, &g->mem, &g->answer[i]);
	}
	return true;
}

bool gate_running(struct store *st, const struct gate_answer **out, size_t *n, struct err *e)
{
	uint64_t revision = store_revision(st);
	struct gated *g = st->gated;

	if (!g || g->revision != revision || g->now / 60 != st->now / 60) {
		gated_free(g);
		st->gated = NULL;
		g = xcalloc(1, sizeof(*g));
		if (!gate_all(st, g, e)) {
			gated_free(g);
			return false;
		}
		g->revision = revision;
		g->now = st->now;
		st->gated = g;
	}
	*out = g->answer;
	*n = g->n;
	return true;
}
