/* SPDX-License-Identifier: MIT */
/* scoped.c - which policies hold for what: the estate's own, and those that tags bring in. */
#include <stdlib.h>

#include "store/scoped.h"

struct scoped { /* what the store keeps */
	struct arena mem;
	struct policies all;
	uint64_t revision;
	char *key; /* the tags in use and the estate's policy, as they were read */
};

void scoped_free(struct scoped *s)
{
	if (!s)
		return;
	arena_release(&s->mem);
	free(s->key);
	free(s);
}

void policies_forget(struct store *st)
{
	if (st->scoped)
		st->scoped->revision = UINT64_MAX;
	st->in_force = NULL;
}

/* ---- reading ---- */

/* In the order in which they came up, so that each keeps its number. */
static bool tags_in_use(struct store *st, struct scoped *s, struct buf *key, struct err *e)
{
	struct stmt *q = db_stmt(st->db, "SELECT tag\n"
					 "FROM tag\n"
					 "GROUP BY tag\n"
					 "ORDER BY MIN(seq), tag");

	s->all.tag = arena_array(&s->mem, const char *, TAGS_MOST);
	while (db_next(q) && s->all.ntag < TAGS_MOST) {
		s->all.tag[s->all.ntag++] = arena_dup(&s->mem, db_column_text(q, 0));
		buf_addf(key, "\n%s", db_column_text(q, 0));
	}
	return db_done(q, e);
}

static bool wanted(const struct policies *all, const struct policy *p)
{
	for (size_t i = 0; i < p->tags.n; i++)
		if (tags_have(all, UINT64_MAX, p->tags.s[i]))
			return true;
	return false;
}

static bool asks_ssvc(const struct policy *p)
{
	for (size_t i = 0; i < p->ndeadline; i++) {
		const struct policy_deadline *d = &p->deadline[i];

		if (d->automatable >= 0 || d->total >= 0 || d->likely >= 0)
			return true;
	}
	return p->start_kev;
}

/* Policies that no tag in use names hold for nothing. */
static bool load_tagged(struct scoped *s, struct err *e)
{
	const char *const *names;
	size_t n;

	policy_names(&s->mem, &names, &n);
	s->all.p = arena_array(&s->mem, const struct policy *, n + 1);
	s->all.n = 1;
	for (size_t i = 0; s->all.ntag > 0 && i < n; i++) {
		struct policy *p = arena_new(&s->mem, struct policy);

		if (!policy_load(names[i], &s->mem, p, e))
			return false;
		if (wanted(&s->all, p))
			s->all.p[s->all.n++] = p;
	}
	return true;
}

static bool load(struct store *st, struct scoped *s, struct err *e)
{
	const struct policy *base;
	size_t n = 1;

	if (!store_policy(st, &base, e) || !load_tagged(s, e))
		return false;
	s->all.p[0] = base;
	for (size_t i = 1; i < s->all.n; i++) /* the estate's own needs no tag */
		if (!str_eq(s->all.p[i]->key, base->key))
			s->all.p[n++] = s->all.p[i];
	s->all.n = n;
	for (size_t i = 0; i < n; i++)
		s->all.asks_ssvc |= asks_ssvc(s->all.p[i]);
	return true;
}

/* The policy of the estate may be another now: of another process's making. */
static bool estate_policy(struct store *st, struct buf *key, struct err *e)
{
	struct arena mem = ARENA_INIT;
	const char *name = st->policy;
	bool ok = name || policy_in_use(st, &mem, &name, e);

	if (ok) {
		buf_adds(key, name);
		if (st->in_force && !str_eq(st->in_force->key, name))
			st->in_force = NULL;
	}
	arena_release(&mem);
	return ok;
}

bool store_policies(struct store *st, const struct policies **out, struct err *e)
{
	uint64_t revision = store_revision(st);
	struct scoped *s = st->scoped, *fresh;
	struct buf key = BUF_INIT;
	bool ok;

	if (s && s->revision == revision) {
		*out = &s->all;
		return true;
	}
	fresh = xcalloc(1, sizeof(*fresh));
	ok = estate_policy(st, &key, e) && tags_in_use(st, fresh, &key, e);
	if (ok && s && str_eq(s->key, key.s)) {
		scoped_free(fresh);
	} else if (ok && load(st, fresh, e)) {
		fresh->key = xstrdup(key.s);
		scoped_free(s);
		st->scoped = s = fresh;
	} else {
		scoped_free(fresh);
		ok = false;
	}
	buf_release(&key);
	if (!ok)
		return false;
	s->revision = revision;
	*out = &s->all;
	return true;
}

/* ---- what bears which ---- */

bool tags_have(const struct policies *all, uint64_t tags, const char *tag)
{
	int i = str_index(all->tag, all->ntag, tag);

	return i >= 0 && (tags >> i & 1);
}

static const char SQL_TAGS[] =
	"WITH " SQL_BEARERS "\n"
	"SELECT t.tag FROM tag AS t JOIN up ON t.object = up.id WHERE t.until = 0\n"
	"UNION\n"
	"SELECT t.tag FROM tag AS t JOIN image_name AS n ON t.object = -n.repository\n"
	"WHERE n.image = $1 AND t.until = 0";

bool asset_tags(struct store *st, const struct policies *all, int64_t asset, uint64_t *out,
		struct err *e)
{
	struct stmt *s;

	*out = 0;
	if (all->ntag == 0)
		return true;
	s = db_stmt(st->db, SQL_TAGS);
	db_int(s, 1, asset);
	while (db_next(s)) {
		int i = str_index(all->tag, all->ntag, db_column_text(s, 0));

		if (i >= 0)
			*out |= UINT64_C(1) << i;
	}
	return db_done(s, e);
}

static bool tagged(const struct policies *all, const struct policy *p, uint64_t tags)
{
	for (size_t i = 0; i < p->tags.n; i++)
		if (tags_have(all, tags, p->tags.s[i]))
			return true;
	return false;
}

bool policy_in_scope(const struct policies *all, size_t i, uint64_t tags)
{
	if (i > 0)
		return tagged(all, all->p[i], tags);
	for (size_t k = 1; all->p[0]->fallback && k < all->n; k++)
		if (tagged(all, all->p[k], tags))
			return false;
	return true;
}

/* ---- due dates ---- */

int64_t policies_due(const struct policies *all, uint64_t tags, struct deadline_case *c,
		     const struct policy **by, const struct policy_deadline **rule)
{
	const char *names[TAGS_MOST];
	struct policy_texts borne = { names, 0 };
	const struct policy_deadline *one;
	int64_t due = DUE_NONE;

	for (size_t i = 0; i < all->ntag; i++)
		if (tags >> i & 1)
			names[borne.n++] = all->tag[i];
	c->tags = &borne;
	if (by)
		*by = NULL;
	if (rule)
		*rule = NULL;
	for (size_t i = 0; i < all->n; i++) {
		int64_t at;

		if (!policy_in_scope(all, i, tags))
			continue;
		at = deadline_due(all->p[i], c, &one);
		if (at >= due)
			continue;
		due = at;
		if (by)
			*by = all->p[i];
		if (rule)
			*rule = one;
	}
	c->tags = NULL;
	return due;
}
