/* SPDX-License-Identifier: MIT */
/*
 * checked.c - the spans of verdicts: written when a verdict changes, when its source looks without
 * speaking of it, and when it speaks again. What a source's first look at an asset said is implied
 * by the row, as long as nothing changes.
 */
#include "store/checked.h"

struct key {
	int64_t asset, advisory, part, source;
};

static struct key key_of(const struct look *l, const struct checked *c)
{
	return (struct key){ l->asset, key_advisory(c->key), key_part(c->key), l->scan->source };
}

static void bind_key(struct stmt *s, const struct key *k)
{
	db_int(s, 1, k->asset);
	db_int(s, 2, k->advisory);
	db_int(s, 3, k->part);
	db_int(s, 4, k->source);
}

static bool add(struct ingest *ig, const struct key *k, const struct checked *c, int64_t at,
		int64_t seq, enum spoken silent, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db,
		"INSERT INTO check_span (asset, advisory, part, source, at, seq, verdict, word,\n"
		"                        message, gone, silent)\n"
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)\n"
		"ON CONFLICT (asset, advisory, part, source, at, seq) DO UPDATE\n"
		"SET verdict = excluded.verdict, word = excluded.word,\n"
		"    message = excluded.message, gone = excluded.gone, silent = excluded.silent");

	bind_key(s, k);
	db_int(s, 5, at);
	db_int(s, 6, seq);
	db_int(s, 7, c->verdict);
	db_int(s, 8, c->word);
	db_int(s, 9, c->message);
	db_int(s, 10, c->gone);
	db_int(s, 11, silent);
	return db_run(s, e);
}

struct newest { /* the span that holds at a time */
	struct checked c;
	int64_t at;
	enum spoken silent;
	bool found;
};

static bool newest_at(struct ingest *ig, const struct key *k, int64_t at, struct newest *out,
		      struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT verdict, word, message, gone, silent, at\n"
					 "FROM check_span\n"
					 "WHERE asset = $1 AND advisory = $2 AND part = $3\n"
					 "  AND source = $4 AND at <= $5\n"
					 "ORDER BY at DESC, seq DESC\n"
					 "LIMIT 1");

	*out = (struct newest){ .found = false };
	bind_key(s, k);
	db_int(s, 5, at);
	if (db_next(s)) {
		out->c = (struct checked){ .verdict = db_column(s, 0),
					   .word = db_column(s, 1),
					   .message = db_column(s, 2),
					   .gone = db_column(s, 3) };
		out->silent = (enum spoken)db_column(s, 4);
		out->at = db_column(s, 5);
		out->found = true;
	}
	return db_done(s, e);
}

static bool first_look(struct ingest *ig, const struct key *k, int64_t *seq, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT min(i.seq)\n"
					 "FROM cover AS c\n"
					 "JOIN scan AS n ON n.id = c.scan\n"
					 "JOIN import AS i ON i.id = n.import\n"
					 "WHERE c.asset = $1 AND c.source = $2");

	db_int(s, 1, k->asset);
	db_int(s, 2, k->source);
	return db_scalar(s, 0, seq, e);
}

static bool has_any(struct ingest *ig, const struct key *k, bool *yes, struct err *e)
{
	struct newest any;

	if (!newest_at(ig, k, INT64_MAX, &any, e))
		return false;
	*yes = any.found;
	return true;
}

/* The first interval, which the row alone implies. */
static bool spell_out(struct ingest *ig, const struct key *k, const struct checked *was,
		      struct err *e)
{
	int64_t seq;
	bool any;

	if (!has_any(ig, k, &any, e))
		return false;
	return any || (first_look(ig, k, &seq, e) && add(ig, k, was, was->since, seq, SPOKEN, e));
}

bool checked_again(struct ingest *ig, const struct look *l, const struct checked *was,
		   struct err *e)
{
	const struct key k = key_of(l, was);
	struct newest n;

	if (!newest_at(ig, &k, INT64_MAX, &n, e))
		return false;
	return !n.found || n.silent == SPOKEN || add(ig, &k, was, l->scan->at, ig->seq, SPOKEN, e);
}

/* When the source looked next at the asset; 0: never since. */
static bool next_look(struct ingest *ig, const struct key *k, int64_t at, int64_t *out,
		      struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT min(at)\n"
					 "FROM cover\n"
					 "WHERE asset = $1 AND source = $2 AND at > $3");

	db_int(s, 1, k->asset);
	db_int(s, 2, k->source);
	db_int(s, 3, at);
	return db_scalar(s, 0, out, e);
}

/* What only an older look speaks of, the looks after it did not. */
static bool unspoken_since(struct ingest *ig, const struct key *k, const struct checked *is,
			   int64_t at, struct err *e)
{
	int64_t next;

	return next_look(ig, k, at, &next, e) &&
	       (next == 0 || add(ig, k, is, next, ig->seq, SILENT, e));
}

bool checked_change(struct ingest *ig, const struct look *l, const struct checked *was,
		    const struct checked *is, int64_t at, enum spoken how, struct err *e)
{
	const struct key k = key_of(l, is);
	struct newest n;

	if ((was && !spell_out(ig, &k, was, e)) || !newest_at(ig, &k, INT64_MAX, &n, e) ||
	    !add(ig, &k, is, at, ig->seq, how, e))
		return false;
	if (n.found && n.at > at) /* told late, it holds from the newest word on */
		return add(ig, &k, is, n.at, ig->seq, n.silent, e);
	return is->gone || unspoken_since(ig, &k, is, at, e);
}

bool checked_until(struct ingest *ig, const struct look *l, const struct checked *is,
		   enum spoken how, int64_t next, struct err *e)
{
	const struct key k = key_of(l, is);
	struct checked ended = *is;
	struct newest n;

	ended.gone = 1;
	return newest_at(ig, &k, INT64_MAX, &n, e) && add(ig, &k, is, is->at, ig->seq, how, e) &&
	       unspoken_since(ig, &k, is, is->at, e) &&
	       add(ig, &k, &ended, next, ig->seq, SPOKEN, e) &&
	       (!n.found || n.at <= next || add(ig, &k, &ended, n.at, ig->seq, n.silent, e));
}

bool checked_held(struct ingest *ig, const struct look *l, const struct checked *was, int64_t at,
		  bool *held, struct err *e)
{
	const struct key k = key_of(l, was);
	struct newest n;

	if (!newest_at(ig, &k, at, &n, e))
		return false;
	*held = n.found && !n.c.gone;
	return true;
}

bool checked_silent(struct ingest *ig, const struct look *l, const struct checked *was,
		    struct err *e)
{
	const struct key k = key_of(l, was);
	int64_t at = l->scan->at, next = 0;
	struct checked then = *was;
	struct newest n;

	if (at == was->at || at < was->since)
		return true;
	if (!newest_at(ig, &k, at, &n, e))
		return false;
	if (n.found) {
		if (n.silent != SPOKEN || n.c.gone)
			return true;
		then = n.c;
		then.key = was->key;
	}
	if (!spell_out(ig, &k, was, e) || !add(ig, &k, &then, at, ig->seq, SILENT, e))
		return false;
	if (at > was->at)
		return true;
	return next_look(ig, &k, at, &next, e) &&
	       (next == 0 || add(ig, &k, &then, next, ig->seq, SPOKEN, e));
}
