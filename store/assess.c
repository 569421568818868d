/* SPDX-License-Identifier: MIT */
/* assess.c - what answers rest on (files, links, samples), and the steps of an assessment. */
#include <inttypes.h>
#include <stdlib.h>

#include "store/judge.h"

static bool name_what(const struct scope *what, char out[static OBJECT_SIZE], struct err *e)
{
	object_name(what, out);
	return what->kind == SCOPE_ITEM || what->kind == SCOPE_CONTROL ||
	       err_set(e, ERR_USAGE, "only items and controls are assessed");
}

/* ---- evidence ---- */

static bool check_evidence(const struct evidence_in *in, struct err *e)
{
	if (!in->bytes && str_empty(in->link))
		return err_set(e, ERR_USAGE, "evidence is a file or a link");
	if (in->bytes && in->size > EVIDENCE_MAX)
		return err_set(e, ERR_USAGE,
		               "%s: %zu bytes; files are kept up to %d MB: give a link instead",
		               in->name ? in->name : "evidence", in->size,
		               EVIDENCE_MAX / (1024 * 1024));
	return true;
}

static bool insert_evidence(struct store *st, const char *object, const struct evidence_in *in,
                            const uint8_t hash[static SHA256_SIZE], struct err *e)
{
	struct stmt *s;
	int64_t seq;

	if (!audit_next(st, &seq, e))
		return false;
	s = db_stmt(st->db,
	            "INSERT INTO attachment (seq, object, name, sha256, size, bytes, link,\n"
	            "                        made_at, at, actor, note)\n"
	            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
	db_int(s, 1, seq);
	db_text(s, 2, object);
	db_text(s, 3, in->name ? in->name : "");
	db_blob(s, 4, hash, SHA256_SIZE);
	db_int(s, 5, (int64_t)(in->bytes ? in->size : 0));
	db_blob(s, 6, in->bytes, in->size);
	db_text(s, 7, in->link ? in->link : "");
	db_int(s, 8, in->made_at);
	db_int(s, 9, st->now);
	db_text(s, 10, st->actor);
	db_text(s, 11, in->note ? in->note : "");
	return db_run(s, e);
}

static void tell_evidence(struct buf *b, const struct evidence_in *in,
                          const uint8_t hash[static SHA256_SIZE])
{
	char hex[2 * SHA256_SIZE + 1], made[21];

	hex_print(hash, SHA256_SIZE, hex);
	buf_addf(b, "name\t%s\nsha256\t%s\n", in->name ? in->name : "", hex);
	if (in->bytes)
		buf_addf(b, "size\t%zu\n", in->size);
	else
		buf_addf(b, "link\t%s\n", in->link);
	if (in->made_at) {
		time_print(in->made_at, made);
		buf_addf(b, "made\t%s\n", made);
	}
	if (!str_empty(in->note))
		buf_addf(b, "note\t%s\n", in->note);
}

bool store_attach(struct store *st, const struct scope *what, const struct evidence_in *in,
                  int64_t *id, struct err *e)
{
	char object[OBJECT_SIZE];
	uint8_t hash[SHA256_SIZE];
	struct buf after = BUF_INIT;
	bool ok;

	if (!may_write(st, "attach", e) || !name_what(what, object, e) || !check_evidence(in, e))
		return false;
	sha256_of(in->bytes ? in->bytes : in->link, in->bytes ? in->size : strlen(in->link), hash);
	tell_evidence(&after, in, hash);
	ok = db_begin(st->db, DB_SYNC_FULL, e);
	if (ok) {
		bool done = insert_evidence(st, object, in, hash, e);

		if (id)
			*id = db_last_id(st->db);
		ok = act_end(st, done,
		             &(struct audit_entry){
				     .act = "attach", .object = object, .after = after.s },
		             e);
	}
	buf_release(&after);
	return ok;
}

static void read_piece(struct stmt *s, struct arena *mem, struct evidence_piece *out)
{
	size_t size;
	const void *hash = db_column_blob(s, 4, &size);

	*out = (struct evidence_piece){
		.id = db_column(s, 0),
		.seq = db_column(s, 1),
		.object = arena_dup(mem, db_column_text(s, 2)),
		.name = arena_dup(mem, db_column_text(s, 3)),
		.size = db_column(s, 5),
		.file = db_column(s, 6) != 0,
		.link = arena_dup(mem, db_column_text(s, 7)),
		.made_at = db_column(s, 8),
		.at = db_column(s, 9),
		.actor = arena_dup(mem, db_column_text(s, 10)),
		.note = arena_dup(mem, db_column_text(s, 11)),
	};
	if (size == SHA256_SIZE)
		hex_print(hash, SHA256_SIZE, out->sha256);
}

bool store_evidence(struct store *st, const struct scope *what, struct arena *mem,
                    const struct evidence_piece **out, size_t *n, struct err *e)
{
	static const char count[] =
		"SELECT count(*) FROM attachment WHERE $1 = '' OR object = $1";
	static const char sql[] =
		"SELECT id, seq, object, name, sha256, size, bytes IS NOT NULL, link, made_at,\n"
		"       at, actor, note\n"
		"FROM attachment\n"
		"WHERE $1 = '' OR object = $1\n"
		"ORDER BY id DESC";
	char object[OBJECT_SIZE] = "";
	struct evidence_piece *piece;
	struct stmt *s = db_stmt(st->db, count);
	int64_t total;

	*n = 0;
	if (what)
		object_name(what, object);
	db_text(s, 1, object);
	if (!db_scalar(s, 0, &total, e))
		return false;
	*out = piece = arena_array(mem, struct evidence_piece, (size_t)total + 1);
	s = db_stmt(st->db, sql);
	db_text(s, 1, object);
	while (*n < (size_t)total && db_next(s))
		read_piece(s, mem, &piece[(*n)++]);
	return db_done(s, e);
}

bool store_evidence_bytes(struct store *st, int64_t id, struct buf *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db,
	                         "SELECT bytes, sha256, link FROM attachment WHERE id = $1");
	uint8_t hash[SHA256_SIZE];
	bool found = false, link = false, same = false;

	db_int(s, 1, id);
	if (db_next(s)) {
		size_t size, nhash;
		const void *bytes = db_column_blob(s, 0, &size);
		const void *was = db_column_blob(s, 1, &nhash);

		found = true;
		link = *db_column_text(s, 2) != '\0';
		sha256_of(bytes ? bytes : "", bytes ? size : 0, hash);
		same = nhash == SHA256_SIZE && memcmp(was, hash, SHA256_SIZE) == 0;
		if (same)
			buf_add(out, bytes ? bytes : "", bytes ? size : 0);
	}
	if (!db_done(s, e))
		return false;
	if (!found)
		return err_set(e, ERR_USAGE, "there is no evidence %" PRId64, id);
	if (link)
		return err_set(e, ERR_USAGE, "evidence %" PRId64 " is a link: no file is kept", id);
	return same || err_set(e, ERR_STORE,
	                       "evidence %" PRId64 ": its bytes are not those that were attached",
	                       id);
}

/* ---- samples ---- */

struct drawn {
	uint8_t hash[SHA256_SIZE];
	char *key, *label;
};
struct draw {
	const struct sample_query *q;
	const struct list_info *info;
	struct drawn *row; /* the smallest so far, in order */
	size_t n;
	int64_t population;
	struct arena mem;
};

static void key_print(const struct row *r, size_t nkey, struct buf *out)
{
	for (size_t i = 0; i < nkey; i++)
		buf_addf(out, "%s%" PRId64, i ? "-" : "", r->key[i]);
}

/* What a person calls the row: its first column that is a text. */
static void label_print(const struct draw *d, const struct row *r, struct buf *out)
{
	for (size_t i = 0; i < d->info->ncol && out->len == 0; i++)
		if (r->val[i].type == VAL_TEXT && !str_empty(r->val[i].u.s))
			buf_adds(out, r->val[i].u.s);
}

static void keep(struct draw *d, const struct drawn *x)
{
	size_t at = d->n;

	while (at > 0 && memcmp(x->hash, d->row[at - 1].hash, SHA256_SIZE) < 0)
		at--;
	if (at == d->q->want)
		return;
	if (d->n < d->q->want)
		d->n++;
	memmove(&d->row[at + 1], &d->row[at], (d->n - at - 1) * sizeof(*d->row));
	d->row[at] = *x;
}

static bool draw_row(void *ctx, const struct row *r, struct err *e)
{
	struct draw *d = ctx;
	struct buf key = BUF_INIT, label = BUF_INIT, seeded = BUF_INIT;
	struct drawn x;

	(void)e;
	d->population++;
	key_print(r, d->info->nkey, &key);
	buf_addf(&seeded, "%" PRId64 " %s", d->q->seed, key.s);
	sha256_of(seeded.s, seeded.len, x.hash);
	if (d->n < d->q->want || memcmp(x.hash, d->row[d->n - 1].hash, SHA256_SIZE) < 0) {
		label_print(d, r, &label);
		x.key = arena_dup(&d->mem, key.s);
		x.label = arena_dup(&d->mem, label.len ? label.s : key.s);
		keep(d, &x);
	}
	buf_release(&key);
	buf_release(&label);
	buf_release(&seeded);
	return true;
}

static bool insert_drawn(struct store *st, int64_t sample, const struct draw *d, struct err *e)
{
	for (size_t i = 0; i < d->n; i++) {
		struct stmt *s = db_stmt(st->db, "INSERT INTO sample_row (sample, n, key, label)\n"
		                                 "VALUES ($1, $2, $3, $4)");

		db_int(s, 1, sample);
		db_int(s, 2, (int64_t)i + 1);
		db_text(s, 3, d->row[i].key);
		db_text(s, 4, d->row[i].label);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

static bool insert_sample(struct store *st, const char *object, const struct draw *d, int64_t *id,
                          struct err *e)
{
	struct stmt *s;
	int64_t seq;

	if (!audit_next(st, &seq, e))
		return false;
	s = db_stmt(st->db, "INSERT INTO sample (seq, object, list, filter, seed, population, at,\n"
	                    "                    actor)\n"
	                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
	db_int(s, 1, seq);
	db_text(s, 2, object);
	db_text(s, 3, d->info->name);
	db_text(s, 4, d->q->filter ? d->q->filter : "");
	db_int(s, 5, d->q->seed);
	db_int(s, 6, d->population);
	db_int(s, 7, st->now);
	db_text(s, 8, st->actor);
	if (!db_run(s, e))
		return false;
	*id = db_last_id(st->db);
	return insert_drawn(st, *id, d, e);
}

static bool record_sample(struct store *st, const char *object, const struct draw *d, int64_t *id,
                          struct err *e)
{
	struct buf after = BUF_INIT;
	bool ok;

	buf_addf(&after, "list\t%s\nfilter\t%s\nseed\t%" PRId64 "\npopulation\t%" PRId64 "\n",
	         d->info->name, d->q->filter ? d->q->filter : "", d->q->seed, d->population);
	for (size_t i = 0; i < d->n; i++)
		buf_addf(&after, "row\t%s %s\n", d->row[i].key, d->row[i].label);
	ok = db_begin(st->db, DB_SYNC_FULL, e) &&
	     act_end(st, insert_sample(st, object, d, id, e),
	             &(struct audit_entry){ .act = "sample", .object = object, .after = after.s },
	             e);
	buf_release(&after);
	return ok;
}

bool store_sample(struct store *st, const struct scope *what, const struct sample_query *q,
                  int64_t *id, struct err *e)
{
	char object[OBJECT_SIZE];
	struct draw d = { .q = q, .info = store_list(q->from->list), .mem = ARENA_INIT };
	bool ok;

	if (!may_write(st, "sample", e) || !name_what(what, object, e))
		return false;
	if (q->want == 0 || q->want > 10000)
		return err_set(e, ERR_USAGE, "a sample has 1 to 10000 rows");
	d.row = xcalloc(q->want + 1, sizeof(*d.row));
	ok = store_each(st, q->from, draw_row, &d, e);
	if (ok && d.n == 0)
		ok = err_set(e, ERR_USAGE, "the list has no row to draw");
	ok = ok && record_sample(st, object, &d, id, e);
	free(d.row);
	arena_release(&d.mem);
	return ok;
}

static bool read_sample_rows(struct store *st, struct arena *mem, struct sample *out,
                             struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT count(*) FROM sample_row WHERE sample = $1");
	struct sample_row *row;
	int64_t total;

	db_int(s, 1, out->id);
	if (!db_scalar(s, 0, &total, e))
		return false;
	out->row = row = arena_array(mem, struct sample_row, (size_t)total + 1);
	s = db_stmt(st->db, "SELECT key, label FROM sample_row WHERE sample = $1 ORDER BY n");
	db_int(s, 1, out->id);
	while (out->nrow < (size_t)total && db_next(s))
		row[out->nrow++] = (struct sample_row){ arena_dup(mem, db_column_text(s, 0)),
			                                arena_dup(mem, db_column_text(s, 1)) };
	return db_done(s, e);
}

bool store_samples(struct store *st, const struct scope *what, struct arena *mem,
                   const struct sample **out, size_t *n, struct err *e)
{
	static const char sql[] =
		"SELECT id, list, filter, seed, population, at, actor\n"
		"FROM sample WHERE object = $1 ORDER BY id DESC";
	char object[OBJECT_SIZE];
	struct sample *sample;
	struct stmt *s = db_stmt(st->db, "SELECT count(*) FROM sample WHERE object = $1");
	int64_t total;

	*n = 0;
	object_name(what, object);
	db_text(s, 1, object);
	if (!db_scalar(s, 0, &total, e))
		return false;
	*out = sample = arena_array(mem, struct sample, (size_t)total + 1);
	s = db_stmt(st->db, sql);
	db_text(s, 1, object);
	while (*n < (size_t)total && db_next(s))
		sample[(*n)++] = (struct sample){
			.id = db_column(s, 0),
			.list = arena_dup(mem, db_column_text(s, 1)),
			.filter = arena_dup(mem, db_column_text(s, 2)),
			.seed = db_column(s, 3),
			.population = db_column(s, 4),
			.at = db_column(s, 5),
			.actor = arena_dup(mem, db_column_text(s, 6)),
		};
	if (!db_done(s, e))
		return false;
	for (size_t i = 0; i < *n; i++)
		if (!read_sample_rows(st, mem, &sample[i], e))
			return false;
	return true;
}

/* ---- steps ---- */

const char *assess_step_word(enum assess_step s)
{
	static const char *const words[STEP_COUNT] = {
		"open", "assigned", "submitted", "returned", "closed",
	};

	return words[s];
}

/* When the newest answer that stands was given, and until when it holds; 0: there is none. */
static bool standing_since(struct store *st, const struct scope *what, int64_t *at, int64_t *until,
                           struct err *e)
{
	bool item = what->kind == SCOPE_ITEM;
	struct stmt *s = db_stmt(st->db, item ? "SELECT at, until FROM standing_answer\n"
	                                        "WHERE item = $1 ORDER BY id DESC LIMIT 1"
	                                      : "SELECT at, until FROM standing_answer\n"
	                                        "WHERE control = $1 ORDER BY id DESC LIMIT 1");

	*at = *until = 0;
	db_int(s, 1, what->key[0]);
	if (db_next(s)) {
		*at = db_column(s, 0);
		*until = db_column(s, 1);
	}
	return db_done(s, e);
}

bool store_assess_state(struct store *st, const struct scope *what, struct arena *mem,
                        struct assess_state *out, struct err *e)
{
	static const char sql[] = "SELECT step, who, note, actor, at\n"
				  "FROM assessment WHERE object = $1 ORDER BY id";
	char object[OBJECT_SIZE];
	struct stmt *s = db_stmt(st->db, sql);
	int64_t answered, until;

	*out = (struct assess_state){ .step = STEP_OPEN };
	object_name(what, object);
	db_text(s, 1, object);
	while (db_next(s)) {
		const char *who = db_column_text(s, 1);

		out->step = (enum assess_step)db_column(s, 0);
		if (*who)
			out->who = arena_dup(mem, who);
		out->note = arena_dup(mem, db_column_text(s, 2));
		out->actor = arena_dup(mem, db_column_text(s, 3));
		out->at = db_column(s, 4);
	}
	if (!db_done(s, e) || !standing_since(st, what, &answered, &until, e))
		return false;
	if (out->step == STEP_CLOSED && answered > out->at)
		out->step = out->who ? STEP_ASSIGNED : STEP_OPEN;
	return true;
}

static bool step_fits(struct store *st, const struct scope *what, enum assess_step from,
                      enum assess_step to, const char *who, const char *note, struct err *e)
{
	int64_t at, until;

	switch (to) {
	case STEP_ASSIGNED:
		return !str_empty(who) || err_set(e, ERR_USAGE, "assigned to whom?");
	case STEP_SUBMITTED:
		if (!standing_since(st, what, &at, &until, e))
			return false;
		return until > st->now ||
		       err_set(e, ERR_USAGE, "no valid answer stands: nothing to submit");
	case STEP_RETURNED:
		if (str_empty(note))
			return err_set(e, ERR_USAGE, "sent back why? A note is needed");
		break;
	case STEP_CLOSED:
		break;
	case STEP_OPEN:
	case STEP_COUNT:
		return err_set(e, ERR_USAGE, "an assessment opens by itself");
	}
	return from == STEP_SUBMITTED || err_set(e, ERR_USAGE, "it is %s, not submitted",
	                                         assess_step_word(from));
}

static bool insert_step(struct store *st, const char *object, enum assess_step to, const char *who,
                        const char *note, struct err *e)
{
	struct stmt *s;
	int64_t seq;

	if (!audit_next(st, &seq, e))
		return false;
	s = db_stmt(st->db, "INSERT INTO assessment (seq, object, step, who, note, at, actor)\n"
	                    "VALUES ($1, $2, $3, $4, $5, $6, $7)");
	db_int(s, 1, seq);
	db_text(s, 2, object);
	db_int(s, 3, to);
	db_text(s, 4, who ? who : "");
	db_text(s, 5, note ? note : "");
	db_int(s, 6, st->now);
	db_text(s, 7, st->actor);
	return db_run(s, e);
}

bool store_assess_step(struct store *st, const struct scope *what, enum assess_step to,
                       const char *who, const char *note, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct buf after = BUF_INIT;
	char object[OBJECT_SIZE];
	struct assess_state is;
	bool ok = may_write(st, assess_step_word(to), e) && name_what(what, object, e) &&
		  store_assess_state(st, what, &mem, &is, e) &&
		  step_fits(st, what, is.step, to, who, note, e);

	if (ok) {
		buf_addf(&after, "step\t%s\n", assess_step_word(to));
		if (!str_empty(who))
			buf_addf(&after, "who\t%s\n", who);
		if (!str_empty(note))
			buf_addf(&after, "note\t%s\n", note);
		ok = db_begin(st->db, DB_SYNC_FULL, e) &&
		     act_end(st, insert_step(st, object, to, who, note, e),
		             &(struct audit_entry){ .act = "assessment",
		                                    .object = object,
		                                    .before = assess_step_word(is.step),
		                                    .after = after.s },
		             e);
	}
	buf_release(&after);
	arena_release(&mem);
	return ok;
}
