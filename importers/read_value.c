/* SPDX-License-Identifier: MIT */
/* read_value.c - what a record function asks of its record. */
#include <inttypes.h>
#include <stdio.h>

#include "importers/read_inner.h"

const char *read_text(const struct read_record *r, size_t i)
{
	const struct read_value *v = &r->value[i];

	return v->type == READ_NONE || v->type == READ_ITEMS || v->n == 0 ? NULL : v->s;
}

static const char *scalar(const struct read_record *r, size_t i)
{
	return r->value[i].type == READ_JSON ? NULL : read_text(r, i);
}

bool read_int(const struct read_record *r, size_t i, int64_t lo, int64_t hi, int64_t *out)
{
	const char *s = scalar(r, i);

	return s != NULL && str_int64(s, lo, hi, out);
}

bool read_double(const struct read_record *r, size_t i, double *out)
{
	const char *s = scalar(r, i);

	return s != NULL && str_double(s, out);
}

bool read_true(const struct read_record *r, size_t i)
{
	const char *s = scalar(r, i);

	return s != NULL && str_ieq(s, "true");
}

int64_t read_time(const struct read_record *r, size_t i)
{
	const char *s = scalar(r, i);
	int64_t t;

	return s != NULL && time_parse(s, &t) ? t : 0;
}

const char *read_item(const struct read_record *r, size_t i, const char *after)
{
	const struct read_value *v = &r->value[i];

	if (v->type != READ_ITEMS)
		return NULL;
	after = after == NULL ? v->s : after + strlen(after) + 1;
	return after < v->s + v->n ? after : NULL;
}

size_t read_count(const struct read_record *r, size_t i)
{
	size_t n = 0;

	for (const char *s = NULL; (s = read_item(r, i, s)) != NULL;)
		n++;
	return n;
}

const char *read_pair(const struct read_record *r, size_t i, const char *key)
{
	const char *found = NULL, *value;

	for (const char *s = NULL; (s = read_item(r, i, s)) != NULL; s = value) {
		value = read_item(r, i, s);
		if (value == NULL)
			break;
		if (str_eq(s, key))
			found = value;
	}
	return found;
}

void read_join(const struct read_record *r, size_t i, const char *sep, struct buf *out)
{
	bool first = true;

	for (const char *s = NULL; (s = read_item(r, i, s)) != NULL; first = false) {
		if (!first)
			buf_adds(out, sep);
		buf_adds(out, s);
	}
}

void read_place(const struct read_record *r, char out[static 160])
{
	size_t nstep = 0;

	for (size_t i = 0; i < r->reader->nframe; i++)
		if (&r->reader->frame[i]->rec == r)
			nstep = r->reader->frame[i]->nstep;
	place_print(r->reader, nstep, r->line, out);
}

bool read_skip(const struct read_record *r, const char *reason, struct err *e)
{
	struct sink *sink = r->reader->opts->sink;
	char place[160];
	struct record rec = { .kind = REC_SKIP, .u.skip = { .place = place, .reason = reason } };

	read_place(r, place);
	return sink == NULL || sink->put(sink, &rec, e);
}

bool read_skip_line(struct sink *sink, uint64_t line, const char *reason, struct err *e)
{
	char place[32];
	struct record rec = { .kind = REC_SKIP, .u.skip = { .place = place, .reason = reason } };

	(void)snprintf(place, sizeof(place), "line %" PRIu64, line);
	return sink->put(sink, &rec, e);
}
