/* SPDX-License-Identifier: MIT */
/* ingest_signal.c - what others say of images and advisories: signatures, statements, KEV, EPSS,
 * SSVC. */
#include "store/ingest.h"
#include "store/sealed.h"
#include "store/trust.h"

/* ---- signatures ---- */

struct targets {
	int64_t image[64];
	size_t n;
};

/* A digest may be of an index, and then stands for several images. */
static bool signed_images(struct ingest *ig, const char *digest, struct targets *t, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT image\n"
					 "FROM digest\n"
					 "WHERE value = $1\n"
					 "UNION\n"
					 "SELECT image\n"
					 "FROM index_digest\n"
					 "WHERE value = $1\n"
					 "LIMIT 64");

	t->n = 0;
	db_text(s, 1, digest);
	while (db_next(s))
		t->image[t->n++] = db_column(s, 0);
	return db_done(s, e);
}

static bool find_signed(struct ingest *ig, const struct rec_signature *r, struct targets *t,
			struct err *e)
{
	char digest[DIGEST_SIZE];
	struct rec_digest d = { DIGEST_UNKNOWN, digest };
	const struct rec_asset a = { .kind = ASSET_IMAGE,
				     .name = r->name,
				     .digest = &d,
				     .ndigest = digest_normal(r->digest, digest) };

	t->n = 0;
	if (a.ndigest > 0 && !signed_images(ig, digest, t, e))
		return false;
	if (t->n > 0)
		return true;
	t->n = 1;
	return image_id(ig, &a, ingest_time(ig), false, &t->image[0], e);
}

/* Every word on the signature; the table of signatures has the one that holds only. */
static bool note_verification(struct ingest *ig, const struct rec_signature *r, int64_t image,
			      struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO signature_seen (image, predicate, signer, issuer, at, scan,\n"
			"                            result, log_index, signed_at)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)\n"
			"ON CONFLICT (image, predicate, signer, issuer, at, scan) DO UPDATE\n"
			"SET result = excluded.result, log_index = excluded.log_index,\n"
			"    signed_at = excluded.signed_at");

	db_int(s, 1, image);
	db_text(s, 2, r->predicate ? r->predicate : "");
	db_text(s, 3, r->signer ? r->signer : "");
	db_text(s, 4, r->issuer ? r->issuer : "");
	db_int(s, 5, ingest_time(ig));
	db_int(s, 6, ig->now_scan->id);
	db_int(s, 7, r->result);
	db_int(s, 8, r->log_index);
	db_int(s, 9, r->at);
	return db_run(s, e);
}

static bool write_signature(struct ingest *ig, const struct rec_signature *r, int64_t image,
			    struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_SIGNATURES_HOLD(
		"WHERE image = $1 AND predicate = $2 AND signer = $3 AND issuer = $4"));

	db_int(s, 1, image);
	db_text(s, 2, r->predicate ? r->predicate : "");
	db_text(s, 3, r->signer ? r->signer : "");
	db_text(s, 4, r->issuer ? r->issuer : "");
	return db_run(s, e);
}

/* The keys of the import at hand; what is wrong with them is told with its first signature. */
static const struct trust *trust_of(struct ingest *ig)
{
	static const struct trust none = { NULL, 0, "" };
	const struct trust *t = ig->o.trust ? ig->o.trust : &none;

	if (!ig->trusted && *t->unread)
		ingest_warn(ig, "keys of policies that cannot be read verify nothing: %s",
			    t->unread);
	ig->trusted = true;
	return t;
}

/*
 * A signature that came unverified is checked with the keys that policies name, and is told by the
 * key that made it. Whoever imports may vouch for what another tool verified: then it is told by
 * them, unless a certificate says whose it is.
 */
static void verify(struct ingest *ig, struct rec_signature *r)
{
	const struct trust *t = trust_of(ig);
	const struct trust_key *key = NULL;

	if (r->result == SIGNATURE_PRESENT && r->seal)
		key = trust_find(t, r->sealed, r->sealed_len, r->seal, r->seal_len);
	if (key) {
		r->result = SIGNATURE_OK;
		r->signer = key->name;
		r->issuer = NULL;
	} else if (ig->o.vouched && r->result == SIGNATURE_PRESENT) {
		r->result = SIGNATURE_OK;
		r->signer = str_empty(r->issuer) ? ig->o.vouched : r->signer;
	} else if (r->result == SIGNATURE_PRESENT && r->seal && t->n && str_empty(r->issuer)) {
		r->result = SIGNATURE_OTHER_KEY;
	} else if (ig->o.vouched && r->result == SIGNATURE_OK && str_empty(r->signer)) {
		r->signer = ig->o.vouched;
	}
}

bool put_signature(struct ingest *ig, const struct rec_signature *told, struct err *e)
{
	struct rec_signature own = *told, *r = &own;
	struct targets t;

	if (str_empty(r->digest) && str_empty(r->name)) {
		ingest_skip(ig, "signature", "no image");
		return true;
	}
	if (!need_scan(ig, e) || !find_signed(ig, r, &t, e))
		return false;
	verify(ig, r);
	for (size_t i = 0; i < t.n; i++)
		if (!note_verification(ig, r, t.image[i], e) ||
		    !write_signature(ig, r, t.image[i], e))
			return false;
	ig->stats.created[COUNT_SIGNATURES]++;
	return true;
}

/* ---- exploited in the wild, probability of exploitation ---- */

/* SSVC's values are one assessment: the newest that is known holds, whatever came in last. */
static const char SQL_SSVC[] =
	"UPDATE advisory\n"
	"SET exploitation = $1, automatable = $2, impact = $3, ssvc_at = $4\n"
	"WHERE id = $5 AND ssvc_at <= $4\n"
	"  AND (exploitation <> $1 OR automatable <> $2 OR impact <> $3 OR ssvc_at <> $4)";

static bool apply_ssvc(struct ingest *ig, const struct rec_signal *r, int64_t advisory,
		       bool *changed, struct err *e)
{
	struct stmt *s;

	if (r->exploitation == EXPLOITATION_UNSAID && r->automatable == SAID_NOTHING &&
	    r->impact == IMPACT_UNSAID)
		return true;
	s = db_stmt(ig->db, SQL_SSVC);
	db_int(s, 1, r->exploitation);
	db_int(s, 2, r->automatable);
	db_int(s, 3, r->impact);
	db_int(s, 4, r->at);
	db_int(s, 5, advisory);
	if (!db_run(s, e))
		return false;
	*changed = db_changes(ig->db) > 0;
	return true;
}

static const char SQL_SIGNAL[] =
	"UPDATE advisory\n"
	"SET kev = CASE WHEN $1 > 0 THEN 1 ELSE kev END,\n"
	"    kev_added = CASE WHEN $2 > 0 THEN $2 ELSE kev_added END,\n"
	"    kev_due = CASE WHEN $3 > 0 THEN $3 ELSE kev_due END,\n"
	"    epss = CASE WHEN $4 >= 0 AND (name = $5 OR epss < $4) THEN $4 ELSE epss END,\n"
	"    triage = CASE WHEN $6 > 0 THEN $6 ELSE triage END\n"
	"WHERE id = $7\n"
	"  AND (kev < $1 OR ($2 > 0 AND kev_added <> $2) OR ($3 > 0 AND kev_due <> $3)\n"
	"    OR ($4 >= 0 AND epss <> $4 AND (name = $5 OR epss < $4))\n"
	"    OR ($6 > 0 AND triage <> $6))";

static bool apply_signal(struct ingest *ig, const struct rec_signal *r, int64_t advisory,
			 struct err *e)
{
	struct facts was;
	struct stmt *s;
	bool changed = false;

	if (!advisory_facts(ig, advisory, &was, e) || !apply_ssvc(ig, r, advisory, &changed, e))
		return false;
	s = db_stmt(ig->db, SQL_SIGNAL);
	db_int(s, 1, r->kev);
	db_int(s, 2, r->kev_added);
	db_int(s, 3, r->kev_due);
	db_int(s, 4, r->epss);
	db_text(s, 5, advisory_normal(r->cve, &ig->row));
	db_int(s, 6, r->triage);
	db_int(s, 7, advisory);
	if (!db_run(s, e))
		return false;
	if (db_changes(ig->db) == 0 && !changed) {
		ig->stats.unchanged[COUNT_SIGNALS]++;
		return true;
	}
	ig->stats.created[COUNT_SIGNALS]++;
	return advisory_touch(ig, advisory, &was, e);
}

/* The CVE itself, and the advisories that stand for several of which it is one. */
static bool signalled(struct ingest *ig, const char *cve, struct targets *t, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT id\n"
				 "FROM advisory\n"
				 "WHERE source = 0 AND name = $1\n"
				 "UNION\n"
				 "SELECT l.advisory\n"
				 "FROM advisory_alias AS l\n"
				 "JOIN advisory AS a ON a.id = l.advisory\n"
				 "WHERE l.name = $1 AND a.source = 0 AND a.name NOT LIKE 'CVE-%'\n"
				 "LIMIT 64");

	t->n = 0;
	db_text(s, 1, cve);
	while (db_next(s))
		t->image[t->n++] = db_column(s, 0);
	return db_done(s, e);
}

static bool remember_signal(struct ingest *ig, const char *cve, struct targets *t, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO advisory (source, name, kind)\n"
					 "VALUES (0, $1, $2)");

	db_text(s, 1, cve);
	db_int(s, 2, FINDING_VULNERABILITY);
	if (!db_run(s, e))
		return false;
	t->image[t->n++] = db_last_id(ig->db);
	return true;
}

bool put_signal(struct ingest *ig, const struct rec_signal *r, struct err *e)
{
	const char *cve;
	struct targets t;

	if (str_empty(r->cve)) {
		ingest_skip(ig, "signal", "no CVE");
		return true;
	}
	cve = advisory_normal(r->cve, &ig->row);
	if (!signalled(ig, cve, &t, e) || (t.n == 0 && !remember_signal(ig, cve, &t, e)))
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (!apply_signal(ig, r, t.image[i], e))
			return false;
	return true;
}
