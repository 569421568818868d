/* SPDX-License-Identifier: MIT */
/* detail_image.c - one image in full, and the image that a person means. */
#include <inttypes.h>

#include "store/detail.h"
#include "store/judged.h"
#include "store/list.h"
#include "store/list_parts.h"

struct work {
	struct store *st;
	struct arena *mem;
	struct image_detail *d;
	int64_t repository;
	struct err *e;
};

static const char *column_text(struct work *w, struct stmt *s, int n)
{
	return arena_dup(w->mem, db_column_text(s, n));
}

static void read_image(struct work *w, struct stmt *s)
{
	struct image_detail *d = w->d;

	d->name = column_text(w, s, 0);
	d->repository = column_text(w, s, 1);
	d->os = column_text(w, s, 2);
	d->arch = column_text(w, s, 3);
	d->base = column_text(w, s, 4);
	d->built = db_column(s, 5);
	d->scanned_at = db_column(s, 6);
	d->db_built = db_column(s, 7);
	d->running = db_column(s, 8);
	d->due = db_column(s, 9);
	d->current = db_column(s, 10) != 0;
	d->unpinned = db_column(s, 11) != 0;
	d->eol = db_column(s, 12) != 0;
	d->exposed = (int)db_column(s, 13);
	d->kev = db_column(s, 14);
	d->fixable = db_column(s, 15);
	w->repository = db_column(s, 16);
	for (int i = 0; i < SEV_COUNT; i++)
		d->open[i] = db_column(s, 17 + i);
}

static bool load_image(struct work *w)
{
	static const char sql[] =
		"SELECT i.name, COALESCE(r.name, ''), i.os, i.arch, i.base, i.built, "
		"i.scanned_at,\n"
		"i.db_built, i.running, i.due, i.current, i.unpinned, i.eol, i.exposed, i.kev,\n"
		"i.fixable, i.repository, i.critical, i.high, i.medium, i.low, i.negligible,\n"
		"i.unknown\n"
		"FROM image i LEFT JOIN repository r ON r.id = i.repository\n"
		"WHERE i.asset = $1";
	struct stmt *s = db_stmt(w->st->db, sql);
	bool found;

	db_int(s, 1, w->d->id);
	found = db_next(s);
	if (found)
		read_image(w, s);
	if (!db_done(s, w->e))
		return false;
	return found || err_set(w->e, ERR_USAGE, "there is no image %lld", (long long)w->d->id);
}

static bool load_texts(struct work *w, const char *sql, const char *const **out, size_t *n)
{
	struct stmt *s = db_stmt(w->st->db, sql);

	db_int(s, 1, w->d->id);
	return detail_texts(s, w->mem, out, n, w->e);
}

static bool load_number(struct work *w, const char *sql, int64_t *out)
{
	struct stmt *s = db_stmt(w->st->db, sql);

	db_int(s, 1, w->d->id);
	return db_scalar(s, 0, out, w->e);
}

static bool load_lists(struct work *w)
{
	static const char names[] =
		"SELECT name FROM image_name WHERE image = $1 AND until = 0 ORDER BY name";
	static const char digests[] =
		"SELECT CASE d.kind WHEN 0 THEN 'config ' WHEN 1 THEN 'manifest '\n"
		"WHEN 2 THEN 'index ' ELSE '' END || d.value\n"
		"FROM (SELECT kind, value, image FROM digest\n"
		"UNION ALL SELECT 2, value, image FROM index_digest) d\n"
		"WHERE d.image = $1 ORDER BY d.kind, d.value";
	static const char runs_in[] =
		"SELECT COALESCE(k.name, h.name, 'host') || COALESCE(' ' || n.name, '') || ' ' ||\n"
		"count(*)\n"
		"FROM container c\n"
		"LEFT JOIN asset k ON k.id = c.cluster\n"
		"LEFT JOIN asset n ON n.id = c.namespace\n"
		"LEFT JOIN asset h ON h.id = c.node\n"
		"WHERE c.image = $1 AND c.running = 1\n"
		"GROUP BY k.name, n.name, CASE WHEN k.id IS NULL THEN h.name END\n"
		"ORDER BY count(*) DESC, k.name, n.name";
	static const char late[] = "SELECT count(*) FROM finding\n"
				   "WHERE asset = $1 AND state = 0 AND due < " SQL_TODAY;
	static const char accepted[] = "SELECT count(*) FROM finding\n"
				       "WHERE asset = $1 AND state BETWEEN 2 AND 5";
	struct image_detail *d = w->d;

	return load_texts(w, names, &d->names, &d->nnames) &&
	       load_texts(w, digests, &d->digest, &d->ndigest) &&
	       load_texts(w, runs_in, &d->runs_in, &d->nruns_in) &&
	       load_number(w, late, &d->late) && load_number(w, accepted, &d->accepted);
}

static bool load_signature(struct work *w)
{
	static const char sql[] = "SELECT result, signer\n"
				  "FROM signature\n"
				  "WHERE image = $1 AND predicate = ''\n"
				  "ORDER BY CASE result WHEN 0 THEN 0 WHEN 2 THEN 1 WHEN 3 THEN 2\n"
				  "WHEN 4 THEN 3 ELSE 4 END\n"
				  "LIMIT 1";
	static const char *const words[] = { "ok", "none", "bad", "key?", "present" };
	struct stmt *s = db_stmt(w->st->db, sql);
	int64_t result;

	w->d->signature = "none";
	w->d->signer = w->d->claimed = "";
	db_int(s, 1, w->d->id);
	if (db_next(s)) {
		result = db_column(s, 0);
		if (result >= 0 && (size_t)result < LENGTH(words))
			w->d->signature = words[result];
		if (result == SIGNATURE_PRESENT)
			w->d->claimed = column_text(w, s, 1);
		else
			w->d->signer = column_text(w, s, 1);
	}
	return db_done(s, w->e);
}

/* The newest look of each source at it, of whatever kind. */
static bool load_scans(struct work *w)
{
	static const char sql[] =
		"SELECT o.word, n.version, z.at, n.db_built\n"
		"FROM (SELECT source, max(at) AS at, max(scan) AS scan FROM cover\n"
		"WHERE asset = $1 GROUP BY source) z\n"
		"JOIN source o ON o.id = z.source JOIN scan n ON n.id = z.scan\n"
		"ORDER BY z.at DESC, o.word";
	struct stmt *s = db_stmt(w->st->db, sql);
	struct sighting *g = NULL;
	size_t cap = 0;

	db_int(s, 1, w->d->id);
	while (db_next(s)) {
		DETAIL_MORE(w->mem, g, w->d->nscan, cap);
		g[w->d->nscan++] = (struct sighting){
			.source = column_text(w, s, 0),
			.word = column_text(w, s, 1),
			.severity = SEV_UNKNOWN,
			.score = -1,
			.last_scan = db_column(s, 2),
			.db_built = db_column(s, 3),
		};
	}
	w->d->scan = g;
	return db_done(s, w->e);
}

/*
 * Controls that fail and that open findings of this image bear on: of a vulnerability class only
 * those that are late, as in the judgement.
 */
static bool load_controls(struct work *w)
{
	static const char sql[] =
		"SELECT DISTINCT CASE WHEN a.kind = 0 THEN CASE f.severity\n"
		"WHEN 0 THEN 'vuln-critical' WHEN 1 THEN 'vuln-high' WHEN 2 THEN 'vuln-medium'\n"
		"WHEN 5 THEN 'vuln-medium' ELSE 'vuln-low' END ELSE COALESCE(cl.name, '') END,\n"
		"CASE WHEN a.kind = 0 THEN a.kev ELSE 0 END\n"
		"FROM finding f JOIN advisory a ON a.id = f.advisory\n"
		"LEFT JOIN class cl ON cl.id = a.class\n"
		"WHERE f.asset = $1 AND f.state = 0 AND (a.kind > 0 OR f.due < " SQL_TODAY ")";
	struct stmt *s = db_stmt(w->st->db, sql);
	const char **class_name = NULL;
	size_t n = 0, cap = 0;
	struct refs r;

	db_int(s, 1, w->d->id);
	while (db_next(s)) {
		DETAIL_MORE(w->mem, class_name, n, cap);
		class_name[n++] = column_text(w, s, 0);
		if (db_column(s, 1)) {
			DETAIL_MORE(w->mem, class_name, n, cap);
			class_name[n++] = "vuln-kev";
		}
	}
	if (!db_done(s, w->e) || !refs_begin(w->st, w->mem, &r, w->e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!refs_add_class(&r, class_name[i], w->e))
			return false;
	refs_end(&r, true, &w->d->control, &w->d->ncontrol);
	return true;
}

static bool load_admission(struct work *w)
{
	static const char sql[] =
		"SELECT w.body FROM event e JOIN word w ON w.id = e.action\n"
		"WHERE e.kind = 1 AND e.asset IN (SELECT $1\n"
		"UNION ALL SELECT c.asset FROM container c WHERE c.image = $1\n"
		"UNION ALL SELECT c.workload FROM container c WHERE c.image = $1)\n"
		"ORDER BY e.ts_ns DESC, e.id DESC LIMIT 1";
	struct stmt *s = db_stmt(w->st->db, sql);

	db_int(s, 1, w->d->id);
	w->d->admission = db_next(s) ? column_text(w, s, 0) : "";
	return db_done(s, w->e);
}

/* A refusal outranks missing evidence. */
bool image_gate(struct store *st, const char *id, const char **word, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct gate_answer g = { .nreason = 0 };
	bool ok = store_gate(st, id, NULL, 0, &mem, &g, e);

	*word = g.admitted ? "admitted" : "none";
	for (size_t i = 0; ok && i < g.nreason; i++)
		if (!g.reason[i].evidence)
			*word = "refused";
	arena_release(&mem);
	return ok;
}

static bool load_gate(struct work *w)
{
	return image_gate(w->st, arena_printf(w->mem, "%lld", (long long)w->d->id), &w->d->gate,
			  w->e);
}

/* How its repository went from build to build. */
static bool load_kin(struct work *w)
{
	enum { KIN = 6 };
	static const char sql[] =
		"SELECT asset, name, critical + high + medium + low + negligible + unknown\n"
		"FROM image\n"
		"WHERE repository = $1 AND repository > 0 AND scanned_at > 0\n"
		"ORDER BY built DESC, asset DESC\n"
		"LIMIT $2";
	struct image_kin *kin = arena_array(w->mem, struct image_kin, KIN);
	struct stmt *s = db_stmt(w->st->db, sql);
	size_t n = 0;

	db_int(s, 1, w->repository);
	db_int(s, 2, KIN);
	while (n < KIN && db_next(s)) {
		struct image_kin *k = &kin[KIN - 1 - n++];

		k->id = db_column(s, 0);
		k->name = column_text(w, s, 1);
		k->open = db_column(s, 2);
	}
	w->d->kin = kin + KIN - n;
	w->d->nkin = n;
	return db_done(s, w->e);
}

bool store_image(struct store *st, int64_t id, struct arena *mem, struct image_detail *out,
		 struct err *e)
{
	struct work w = { .st = st, .mem = mem, .d = out, .e = e };
	struct scope near[2] = { { SCOPE_IMAGE, { id } }, { SCOPE_REPOSITORY, { 0 } } };
	bool mine, ok;

	*out = (struct image_detail){ .id = id };
	if (!reading_begin(st, &mine, e))
		return false;
	ok = load_image(&w) && load_lists(&w) && load_signature(&w) && load_scans(&w) &&
	     load_admission(&w) && load_gate(&w) && load_kin(&w) && load_controls(&w) &&
	     object_notes(st, &near[0], mem, &out->note, &out->nnote, e);
	near[1].key[0] = w.repository;
	ok = ok && detail_owner(st, near, LENGTH(near), mem, &out->owner, e);
	return reading_end(st, mine, ok, e);
}

/* ---- by what a person types ---- */

enum { MIN_DIGEST = 12 };

static bool is_hex(const char *s)
{
	return *s && s[strspn(s, "0123456789abcdef")] == '\0';
}

static bool add_called(struct store *st, int64_t image, struct buf *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT name FROM image WHERE asset = $1");

	db_int(s, 1, image);
	if (db_next(s))
		buf_addf(out, "%s (%" PRId64 ")", db_column_text(s, 0), image);
	return db_done(s, e);
}

static bool ambiguous(struct store *st, const char *what, int64_t one, int64_t other,
		      struct err *e)
{
	struct buf names = BUF_INIT;

	if (add_called(st, one, &names, e)) {
		buf_adds(&names, ", ");
		if (add_called(st, other, &names, e))
			err_set(e, ERR_USAGE,
				"%s is more than one image, these among them: %s; give more of "
				"the name, the number, or a digest",
				what, names.s);
	}
	buf_release(&names);
	return false;
}

/* One image is found, or the error says what stands in the way. */
static bool only_one(struct store *st, struct stmt *s, const char *what, int64_t *id,
		     struct err *e)
{
	int64_t other = 0;

	*id = db_next(s) ? db_column(s, 0) : 0;
	if (*id && db_next(s))
		other = db_column(s, 0);
	if (!db_done(s, e))
		return false;
	return other == 0 || ambiguous(st, what, *id, other, e);
}

static bool find_digest(struct store *st, const char *what, int64_t *id, struct err *e)
{
	static const char sql[] =
		"SELECT DISTINCT image FROM (SELECT image, value FROM digest\n"
		"WHERE value >= $1 AND value < $2\n"
		"UNION SELECT image, value FROM index_digest WHERE value >= $3 AND value < $4)\n"
		"LIMIT 2";
	const char *at = strchr(what, '@');
	const char *hex = at ? at + 1 : what;
	struct buf from = BUF_INIT, to = BUF_INIT;
	struct stmt *s;
	bool ok;

	hex = str_prefix(hex, "sha256:") ? hex + 7 : hex;
	*id = 0;
	if (strlen(hex) < MIN_DIGEST || !is_hex(hex))
		return true;
	buf_addf(&from, "sha256:%s", hex);
	buf_addf(&to, "sha256:%sg", hex);
	s = db_stmt(st->db, sql);
	db_text(s, 1, from.s);
	db_text(s, 2, to.s);
	db_text(s, 3, from.s);
	db_text(s, 4, to.s);
	ok = only_one(st, s, what, id, e);
	buf_release(&from);
	buf_release(&to);
	return ok;
}

/* The full name as it is kept first, then any name that ends so after a '/', with its tag or
 * without. */
static bool find_name(struct store *st, const char *what, int64_t *id, struct err *e)
{
	static const char exact[] =
		"SELECT DISTINCT image FROM image_name\n"
		"WHERE until = 0 AND name IN ($1, $1 || ':latest', 'docker.io/' || $1,\n"
		"'docker.io/' || $1 || ':latest', 'docker.io/library/' || $1,\n"
		"'docker.io/library/' || $1 || ':latest') LIMIT 2";
	static const char loose[] = "SELECT DISTINCT image FROM image_name\n"
				    "WHERE until = 0 AND text_match(4, $1, name) LIMIT 2";
	static const char label[] =
		"SELECT asset FROM image WHERE name = $1 ORDER BY current DESC, asset DESC LIMIT 2";
	static const char *const tries[] = { exact, loose, label };

	*id = 0;
	for (size_t i = 0; i < LENGTH(tries) && *id == 0; i++) {
		struct stmt *s = db_stmt(st->db, tries[i]);

		db_text(s, 1, what);
		if (!only_one(st, s, what, id, e))
			return false;
	}
	return true;
}

bool store_image_find(struct store *st, const char *what, int64_t *id, struct err *e)
{
	struct stmt *s;
	int64_t n;

	*id = 0;
	if (str_int64(what, 1, INT64_MAX, &n)) {
		s = db_stmt(st->db, "SELECT asset FROM image WHERE asset = $1");
		db_int(s, 1, n);
		if (!db_scalar(s, 0, id, e))
			return false;
	}
	if (*id == 0 && !find_digest(st, what, id, e))
		return false;
	if (*id == 0 && !str_empty(what) && !find_name(st, what, id, e))
		return false;
	return *id != 0 || err_set(e, ERR_USAGE, "no image %s was ever seen", what);
}
