/* SPDX-License-Identifier: MIT */
/*
 * ingest_entry.c - the rows of looks: kept in memory up to a limit, then as sorted runs in a
 * temporary file, and read back in order when the import ends.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/ingest.h"

#define KEPT	     131072 /* rows in memory, of all looks together */
#define COMPACT_FROM 65536  /* rows of a look before duplicates among them are looked for */
#define AHEAD	     1024   /* rows of a run read at a time */

/* ---- in memory ---- */

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* Two rows of one finding: seen outranks in order, the worse severity counts. */
static void fold_entry(struct entry *into, const struct entry *from)
{
	bool better = into->absent != from->absent ? into->absent
		      : into->kept != from->kept   ? into->kept
						   : from->severity < into->severity;

	if (better) {
		into->severity = from->severity;
		into->word = from->word;
		into->score = from->score;
	}
	into->absent = into->absent && from->absent;
	into->kept = into->kept && from->kept;
	into->fixed = into->fixed ? into->fixed : from->fixed;
	into->fix = into->fix ? into->fix : from->fix;
}

static void compact(struct ingest *ig, struct look *l)
{
	size_t to = 0;

	if (l->sorted == l->nentry)
		return;
	rows_sort(l->entry, l->nentry, sizeof(*l->entry), by_key);
	for (size_t i = 1; i < l->nentry; i++) {
		if (l->entry[i].key == l->entry[to].key)
			fold_entry(&l->entry[to], &l->entry[i]);
		else
			l->entry[++to] = l->entry[i];
	}
	ig->kept -= l->nentry - (to + 1);
	l->nentry = l->sorted = to + 1;
}

/* ---- runs ---- */

static bool write_all(int fd, const void *p, size_t n, int64_t at, struct err *e)
{
	const char *s = p;

	while (n > 0) {
		ssize_t k = pwrite(fd, s, n, (off_t)at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_errno(e, ERR_IO, errno, "cannot write a temporary file");
		s += k;
		n -= (size_t)k;
		at += k;
	}
	return true;
}

static bool read_all(int fd, void *p, size_t n, int64_t at, struct err *e)
{
	char *s = p;

	while (n > 0) {
		ssize_t k = pread(fd, s, n, (off_t)at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return err_errno(e, ERR_IO, k < 0 ? errno : EIO,
					 "cannot read a temporary file");
		s += k;
		n -= (size_t)k;
		at += k;
	}
	return true;
}

static bool spill_look(struct ingest *ig, struct look *l, struct err *e)
{
	size_t size;

	if (l->nentry == 0)
		return true;
	compact(ig, l);
	size = l->nentry * sizeof(*l->entry);
	if (!write_all(ig->spill_fd, l->entry, size, ig->spilled, e))
		return false;
	ARRAY_MORE(l->run, l->nrun, l->caprun);
	l->run[l->nrun++] = (struct run){ ig->spilled, l->nentry };
	ig->spilled += (int64_t)size;
	ig->kept -= l->nentry;
	free(l->entry);
	l->entry = NULL;
	l->nentry = l->capentry = l->sorted = 0;
	return true;
}

static bool spill(struct ingest *ig, struct err *e)
{
	if (ig->spill_fd == 0 && !file_scratch(&ig->spill_fd, e))
		return false;
	for (size_t i = 0; i < ig->nlook; i++)
		if (!spill_look(ig, ig->look[i], e))
			return false;
	return true;
}

/* All of a look back into memory. */
static bool unspill(struct ingest *ig, struct look *l, struct err *e)
{
	for (size_t i = 0; i < l->nrun; i++) {
		size_t n = l->nentry + l->run[i].n;

		l->entry = xrealloc_array(l->entry, n, sizeof(*l->entry));
		if (!read_all(ig->spill_fd, l->entry + l->nentry,
			      l->run[i].n * sizeof(*l->entry), l->run[i].at, e))
			return false;
		ig->kept += l->run[i].n;
		l->nentry = l->capentry = n;
	}
	l->nrun = l->sorted = 0;
	return true;
}

/* ---- gathering ---- */

/* Compaction pays once as many rows have come as were left by the last one. */
struct entry *entry_new(struct ingest *ig, struct look *l, struct err *e)
{
	if (l->nentry >= COMPACT_FROM && l->nentry == l->capentry && l->nentry >= 2 * l->sorted)
		compact(ig, l);
	if (ig->kept >= (ig->o.rows > 0 ? ig->o.rows : KEPT) && !spill(ig, e))
		return NULL;
	ARRAY_MORE(l->entry, l->nentry, l->capentry);
	l->entry[l->nentry] = (struct entry){ 0 };
	ig->kept++;
	return &l->entry[l->nentry++];
}

bool entries_rename_advisory(struct ingest *ig, struct look *l, int64_t from, int64_t to,
			     struct err *e)
{
	if (!unspill(ig, l, e))
		return false;
	for (size_t i = 0; i < l->nentry; i++)
		if (key_advisory(l->entry[i].key) == from)
			l->entry[i].key = entry_key(to, key_part(l->entry[i].key));
	l->sorted = 0;
	return true;
}

bool entries_join(struct ingest *ig, struct look *into, struct look *l, struct err *e)
{
	if (!unspill(ig, into, e) || !unspill(ig, l, e))
		return false;
	for (size_t i = 0; i < l->nentry; i++) {
		ARRAY_MORE(into->entry, into->nentry, into->capentry);
		into->entry[into->nentry++] = l->entry[i];
	}
	into->sorted = 0;
	ig->kept += l->nentry;
	return true;
}

void entries_release(struct ingest *ig, struct look *l)
{
	ig->kept -= l->nentry;
	free(l->entry);
	free(l->run);
	l->entry = NULL;
	l->run = NULL;
	l->nentry = l->capentry = l->nrun = l->caprun = 0;
}

/* ---- reading back, in order: the runs and what is in memory, merged ---- */

static bool fill_source(struct entry_walk *w, struct entry_source *s, struct err *e)
{
	size_t n = s->left < AHEAD ? s->left : AHEAD;

	s->next = 0;
	s->n = n;
	s->left -= n;
	if (n == 0 || !s->row)
		return true;
	if (!read_all(w->fd, s->row, n * sizeof(*s->row), s->at, e))
		return false;
	s->at += (int64_t)(n * sizeof(*s->row));
	return true;
}

static const struct entry *head_of(const struct entry_walk *w, const struct entry_source *s)
{
	if (s->next == s->n)
		return NULL;
	return s->row ? &s->row[s->next] : &w->memory[s->next];
}

static bool step(struct entry_walk *w, struct entry_source *s, struct err *e)
{
	return ++s->next < s->n || fill_source(w, s, e);
}

static struct entry_source *least(const struct entry_walk *w)
{
	struct entry_source *best = NULL;

	for (size_t i = 0; i < w->n; i++) {
		const struct entry *x = head_of(w, &w->source[i]);

		if (x && (!best || x->key < head_of(w, best)->key))
			best = &w->source[i];
	}
	return best;
}

bool entries_next(struct entry_walk *w, struct err *e)
{
	struct entry_source *s = least(w);
	const struct entry *x;

	w->there = s != NULL;
	if (!s)
		return true;
	w->now = *head_of(w, s);
	if (!step(w, s, e))
		return false;
	for (size_t i = 0; w->n > 1 && i < w->n; i++)
		while ((x = head_of(w, &w->source[i])) != NULL && x->key == w->now.key) {
			fold_entry(&w->now, x);
			if (!step(w, &w->source[i], e))
				return false;
		}
	return true;
}

bool entries_walk(struct ingest *ig, struct look *l, struct entry_walk *w, struct err *e)
{
	compact(ig, l);
	*w = (struct entry_walk){ .fd = ig->spill_fd, .memory = l->entry, .n = l->nrun + 1 };
	w->source = xcalloc(w->n, sizeof(*w->source));
	for (size_t i = 0; i < l->nrun; i++) {
		w->source[i] = (struct entry_source){ .at = l->run[i].at, .left = l->run[i].n };
		w->source[i].row = xcalloc(AHEAD, sizeof(*w->source[i].row));
		if (!fill_source(w, &w->source[i], e))
			return false;
	}
	w->source[l->nrun].n = l->nentry;
	return entries_next(w, e);
}

void entries_walked(struct entry_walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->source[i].row);
	free(w->source);
}
