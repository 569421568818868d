/* SPDX-License-Identifier: MIT */
/*
 * ingest_statement.c - what machines say of findings: VEX statements, and what scanners were told
 * to set aside. Each becomes a decision below those of people; one whose product nobody has seen
 * yet waits for it.
 */
#include "store/decision.h"
#include "store/list_parts.h"

/* The place of a decision on a product that nobody has seen: no asset has this number. */
#define NOWHERE (-(INT64_C(1) << 62))

/* ---- the product ---- */

struct subject { /* what a statement is about */
	int64_t source; /* who says it */
	int64_t advisory;
	int64_t asset; /* 0: none, or not one alone */
	struct decision d;
	const char *awaited; /* product to wait for; NULL: it is known */
	const char *refused; /* why it holds nothing, ever; NULL: it may */
};

static bool await(struct subject *x, const char *product)
{
	x->awaited = product;
	x->d.place = NOWHERE;
	return true;
}

static bool by_digest(struct ingest *ig, const char *digest, struct subject *x, struct err *e)
{
	if (!image_by_digest(ig, digest, &x->asset, e))
		return false;
	if (x->asset == 0)
		return await(x, arena_dup(&ig->row, digest));
	x->d.place = -x->asset;
	return true;
}

/* A digest, a name with its tag, or a repository as a whole. */
static bool by_reference(struct ingest *ig, const char *reference, bool tagged, int64_t at,
			 struct subject *x, struct err *e)
{
	char digest[DIGEST_SIZE];
	struct image_ref ref;

	if (digest_normal(reference, digest))
		return by_digest(ig, digest, x, e);
	if (!image_ref_parse(reference, &ig->row, &ref)) {
		x->refused = "refused: the product is no image or package";
		return true;
	}
	if (!tagged)
		return repository_id(ig, ref.repository, &x->d.place, e);
	if (!name_holder(ig, ref.name, "", at, &x->asset, e))
		return false;
	if (x->asset == 0)
		return await(x, ref.name);
	x->d.place = -x->asset;
	return true;
}

/* pkg:oci/name@sha256:...?repository_url=registry/path&tag=1.2, pkg:docker/path@1.2 */
static bool by_image_purl(struct ingest *ig, const char *purl, int64_t at, struct subject *x,
			  struct err *e)
{
	struct purl_image p;
	char digest[DIGEST_SIZE];

	if (!purl_image(purl, &ig->row, &p)) {
		x->refused = "refused: the product's purl names no image";
		return true;
	}
	if (digest_normal(p.digest, digest))
		return by_digest(ig, digest, x, e);
	if (str_empty(p.repository)) {
		x->refused = "refused: the product's purl has neither digest nor repository";
		return true;
	}
	if (str_empty(p.tag))
		return by_reference(ig, p.repository, false, at, x, e);
	return by_reference(ig, arena_printf(&ig->row, "%s:%s", p.repository, p.tag), true, at, x,
			    e);
}

static bool find_part(struct ingest *ig, const char *type, const char *name, const char *version,
		      const char *purl, int64_t *package, int64_t *part, struct err *e)
{
	struct package_id p;
	int64_t any;

	package_normal(type, name, version, purl, &ig->row, &p);
	if (!part_id(ig, &p, &any, e) || !part_package(ig, any, package, e))
		return false;
	*part = str_empty(p.version) ? 0 : any;
	return true;
}

static bool is_image_purl(const char *s)
{
	return str_prefix(s, "pkg:oci/") || str_prefix(s, "pkg:docker/");
}

/*
 * One name means other code in each distribution, and a purl's namespace is no part of a package's
 * identity here: without a version it would speak for all of them.
 */
static bool is_loose(const char *purl)
{
	return !strchr(purl, '@') && (str_prefix(purl, "pkg:rpm/") ||
				      str_prefix(purl, "pkg:deb/") || str_prefix(purl, "pkg:apk/"));
}

/* A package as a product: what is spoken of, or what holds it. */
static bool by_package(struct ingest *ig, const struct rec_statement *r, struct subject *x,
		       struct err *e)
{
	int64_t package, part;

	if (!find_part(ig, NULL, NULL, NULL, r->product, &package, &part, e))
		return false;
	if (!str_empty(r->package) || !str_empty(r->purl)) {
		x->d.holder = part > 0 ? part : -package;
		return true;
	}
	x->d.package = package;
	x->d.part = part;
	if (is_loose(r->product))
		x->refused = "refused: it names a distribution's package without a version";
	return true;
}

static bool find_product(struct ingest *ig, const struct rec_statement *r, int64_t at,
			 struct subject *x, struct err *e)
{
	const char *colon;

	if (str_empty(r->product)) {
		x->asset = ig->now_look ? ig->now_look->asset : 0;
		x->d.place = -x->asset;
		return true;
	}
	if (is_image_purl(r->product))
		return by_image_purl(ig, r->product, at, x, e);
	if (str_prefix(r->product, "pkg:"))
		return by_package(ig, r, x, e);
	if (strstr(r->product, "://") || strchr(r->product, ' ')) {
		x->refused = "refused: the product is no image or package";
		return true;
	}
	colon = strrchr(r->product, ':');
	if (!colon && !strchr(r->product, '/')) { /* a word names anything */
		x->refused = "refused: the product is no image or package";
		return true;
	}
	return by_reference(ig, r->product, colon && !strchr(colon, '/'), at, x, e);
}

/* ---- what it says ---- */

static const struct meaning {
	const char *status;
	enum finding_state state;
	bool exact; /* holds only for a version that it names */
} meanings[] = {
	{ "not_affected", STATE_NOT_AFFECTED, false },
	{ "known_not_affected", STATE_NOT_AFFECTED, false },
	{ "false_positive", STATE_FALSE_POSITIVE, false },
	{ "ignored", STATE_ACCEPTED, false },
	/* who ships the version knows that the fix is in it, whatever its number says */
	{ "fixed", STATE_NOT_AFFECTED, true },
	{ "resolved", STATE_NOT_AFFECTED, true },
	{ "resolved_with_pedigree", STATE_NOT_AFFECTED, true },
	{ "affected", STATE_OPEN, false },
	{ "exploitable", STATE_OPEN, false },
	{ "under_investigation", STATE_OPEN, false },
	{ "in_triage", STATE_OPEN, false },
};

static void mean(const struct rec_statement *r, struct subject *x)
{
	for (size_t i = 0; i < LENGTH(meanings); i++) {
		if (!str_eq(meanings[i].status, r->status))
			continue;
		x->d.state = meanings[i].state;
		if (r->unexplained)
			x->refused = "refused: it says not affected, and not why";
		if (meanings[i].exact && x->d.part == 0 && x->d.place >= 0)
			x->refused = "refused: it claims a fix, and names no version that has it";
		return;
	}
	x->refused = "refused: its status is not known";
}

/* One who says later why says something else. */
static const char *said_status(const struct rec_statement *r)
{
	return r->unexplained ? "not_affected, and not why" : r->status;
}

/* Not seen in any finding so far: known from now on, so that a finding meets the statement. */
static bool find_advisory(struct ingest *ig, const struct rec_statement *r, int64_t *out,
			  struct err *e)
{
	const struct rec_vulnerability v = {
		.id = r->advisory,
		.aliases = r->aliases,
		.naliases = r->naliases,
		.severity = SEV_UNKNOWN,
		.score = -1,
		.epss = -1,
	};

	if (ig->now_look && str_empty(r->product)) { /* perhaps a rule of the tool that says it */
		const char *word = ig->now_scan->word;
		struct stmt *s = db_stmt(ig->db, "SELECT id\n"
						 "FROM advisory\n"
						 "WHERE source = $1 AND name = $2");

		db_int(s, 1, ig->now_scan->source);
		db_text(s, 2, rule_normal(rule_tool(word), r->advisory, &ig->row));
		if (!db_scalar(s, 0, out, e))
			return false;
		if (*out > 0)
			return true;
	}
	return advisory_id(ig, &v, out, e);
}

static bool find_subject(struct ingest *ig, const struct rec_statement *r, struct subject *x,
			 struct err *e)
{
	int64_t at = r->at > 0 ? r->at : ingest_time(ig);

	*x = (struct subject){ .source = ig->now_scan->source,
			       .d = { .severity = -1,
				      .at = at,
				      .until = r->until > 0 ? r->until : DUE_NONE } };
	if (!find_advisory(ig, r, &x->advisory, e) || !find_product(ig, r, at, x, e))
		return false;
	if ((!str_empty(r->package) || !str_empty(r->purl)) &&
	    !find_part(ig, r->package_type, r->package, r->version, r->purl, &x->d.package,
		       &x->d.part, e))
		return false;
	if (!x->refused)
		mean(r, x);
	return true;
}

/* ---- writing ---- */

static const char SQL_STATEMENT[] =
	"INSERT INTO statement (hash, source, import, advisory, asset, part, name, product, "
	"status,\n"
	"                       justification, text, author, at, outcome)\n"
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)\n"
	"ON CONFLICT (hash) DO NOTHING";

static bool write_statement(struct ingest *ig, const struct rec_statement *r,
			    const struct subject *x, const uint8_t *hash, int64_t text,
			    struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_STATEMENT);

	db_blob(s, 1, hash, ID_HASH_SIZE);
	db_int(s, 2, x->source);
	db_int(s, 3, ig->import);
	db_int(s, 4, x->advisory);
	db_int(s, 5, x->asset);
	db_int(s, 6, x->d.part);
	db_text(s, 7, r->advisory);
	db_text(s, 8, r->product ? r->product : "");
	db_text(s, 9, r->status ? r->status : "");
	db_text(s, 10, r->justification ? r->justification : "");
	db_int(s, 11, text);
	db_text(s, 12, r->author ? r->author : "");
	db_int(s, 13, x->d.at);
	db_text(s, 14, x->refused ? x->refused : "");
	return db_run(s, e);
}

static bool wait_for(struct ingest *ig, const char *product, int64_t statement, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO awaited (product, statement)\n"
					 "VALUES ($1, $2)\n"
					 "ON CONFLICT (product, statement) DO NOTHING");

	db_text(s, 1, product);
	db_int(s, 2, statement);
	return db_run(s, e);
}

static bool decide_by(struct ingest *ig, struct subject *x, int64_t statement, struct err *e)
{
	if (x->refused)
		return true;
	x->d.maker = -statement;
	if (!decides_add(ig, x->advisory, &x->d, e) ||
	    (x->awaited && !wait_for(ig, x->awaited, statement, e)))
		return false;
	decisions_forget(ig);
	ARRAY_MORE(ig->maker, ig->nmaker, ig->capmaker);
	ig->maker[ig->nmaker++] = x->d.maker;
	return true;
}

/* Said before; in this very file it is a row of the same statement. */
static bool count_known(struct ingest *ig, const uint8_t *hash, int64_t *id, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT import, id\n"
					 "FROM statement\n"
					 "WHERE hash = $1");

	db_blob(s, 1, hash, ID_HASH_SIZE);
	if (db_next(s)) {
		ig->stats.unchanged[COUNT_STATEMENTS] += db_column(s, 0) != ig->import;
		*id = db_column(s, 1);
	}
	return db_done(s, e);
}

/* Since it was said first, something else was said of that product: now it is news again. */
static bool is_said_anew(struct ingest *ig, const uint8_t *hash, int64_t at, bool *yes,
			 struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT COUNT(*)\n"
					 "FROM statement AS k\n"
					 "  JOIN decides AS d ON d.advisory = k.advisory\n"
					 "  JOIN statement AS n ON n.id = -d.maker\n"
					 "WHERE k.hash = $1 AND k.at < $2 AND n.at > k.at\n"
					 "  AND n.product = k.product AND n.status <> k.status");
	int64_t n;

	db_blob(s, 1, hash, ID_HASH_SIZE);
	db_int(s, 2, at);
	if (!db_scalar(s, 0, &n, e))
		return false;
	*yes = n > 0;
	return true;
}

static bool write_once(struct ingest *ig, const struct rec_statement *r, const struct subject *x,
		       int64_t text, int64_t *id, bool *made, struct err *e)
{
	char asset[24], at[24];
	const char *const what[] = { r->advisory, r->product,	    r->package, r->version,
				     said_status(r), r->author,	    r->justification, asset,
				     r->purl,	  at };
	uint8_t hash[ID_HASH_SIZE];
	bool anew;

	str_copy(asset, sizeof(asset), arena_printf(&ig->row, "%lld", (long long)x->asset));
	str_copy(at, sizeof(at), arena_printf(&ig->row, "%lld", (long long)x->d.at));
	id_hash(ig->hash, what, LENGTH(what) - 1, NULL, 0, hash);
	if (!is_said_anew(ig, hash, x->d.at, &anew, e))
		return false;
	if (anew)
		id_hash(ig->hash, what, LENGTH(what), NULL, 0, hash);
	if (!write_statement(ig, r, x, hash, text, e))
		return false;
	*made = db_changes(ig->db) > 0;
	*id = db_last_id(ig->db);
	return *made || count_known(ig, hash, id, e);
}

bool put_statement(struct ingest *ig, const struct rec_statement *r, struct err *e)
{
	struct subject x;
	int64_t text, id;
	bool made;

	if (str_empty(r->advisory)) {
		ingest_skip(ig, r->product ? r->product : "statement", "no advisory");
		return true;
	}
	if (!need_scan(ig, e) || !find_subject(ig, r, &x, e) || !text_id(ig, r->text, &text, e))
		return false;
	if (str_empty(r->product) && ig->now_look && x.d.part > 0 &&
	    !keep_finding(ig, x.advisory, x.d.part, e))
		return false;
	if (!write_once(ig, r, &x, text, &id, &made, e))
		return false;
	keyset_add(&ig->said, (uint64_t)id);
	if (!made)
		return true;
	ig->stats.created[COUNT_STATEMENTS]++;
	return decide_by(ig, &x, id, e);
}

/* ---- what a scanner sets aside no longer ---- */

struct unsaid {
	int64_t source, asset, statement;
	int64_t at; /* of the scan */
	struct decision d;
};

/* Said in such a report of this asset; not in rules or documents that stand beside reports. */
static bool is_own(struct ingest *ig, int64_t statement, int64_t source, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT 1\n"
					 "FROM statement AS v\n"
					 "JOIN import AS i ON i.id = v.import\n"
					 "WHERE v.id = $1 AND v.source = $2 AND v.product = ''\n"
					 "  AND i.importer = $3");
	int64_t any;

	db_int(s, 1, statement);
	db_int(s, 2, source);
	db_text(s, 3, ig->o.importer);
	if (!db_scalar(s, 0, &any, e))
		return false;
	*yes = any != 0;
	return true;
}

/* The newest before the scan of what its source says of this finding there; NULL: nothing. */
static bool own_word(struct ingest *ig, const struct look *l, const struct standing *is,
		     const struct finding_row *f, const struct decision **out, struct err *e)
{
	const struct decision *d;
	size_t n;

	*out = NULL;
	if (!decisions_of(ig, f->advisory, &d, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool own;

		if (d[i].maker > 0 || d[i].place != -l->asset || d[i].at >= l->scan->at ||
		    d[i].until <= l->scan->at || (*out && d[i].at < (*out)->at))
			continue;
		if (!decision_holds(ig, &d[i], is, f, &own, e) ||
		    (own && !is_own(ig, -d[i].maker, l->scan->source, &own, e)))
			return false;
		if (own)
			*out = &d[i];
	}
	return true;
}

bool statement_unsaid(struct ingest *ig, const struct look *l, const struct standing *is,
		      const struct finding_row *f, struct err *e)
{
	const struct decision *d;

	if (!own_word(ig, l, is, f, &d, e))
		return false;
	if (!d || d->state == STATE_OPEN || keyset_has(&ig->said, (uint64_t)-d->maker))
		return true;
	ARRAY_MORE(ig->unsaid, ig->nunsaid, ig->capunsaid);
	ig->unsaid[ig->nunsaid++] = (struct unsaid){ l->scan->source, l->asset, -d->maker,
						    l->scan->at, *d };
	return true;
}

static bool unsay(struct ingest *ig, const struct unsaid *u, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT name, author, advisory\n"
					 "FROM statement\n"
					 "WHERE id = $1");
	struct rec_statement r = { .status = STATUS_LISTED, .at = u->at };
	struct subject x = { .source = u->source, .asset = u->asset, .d = u->d };
	int64_t id;
	bool made;

	arena_reset(&ig->row);
	db_int(s, 1, u->statement);
	if (db_next(s)) {
		r.advisory = arena_dup(&ig->row, db_column_text(s, 0));
		r.author = arena_dup(&ig->row, db_column_text(s, 1));
		x.advisory = db_column(s, 2);
	}
	if (!db_done(s, e))
		return false;
	x.d.state = STATE_OPEN;
	x.d.at = u->at;
	x.d.until = DUE_NONE;
	/* a name of its own: the packages that it speaks of are numbers here */
	r.purl = arena_printf(&ig->row, "%lld %lld", (long long)x.d.package, (long long)x.d.part);
	return write_once(ig, &r, &x, 0, &id, &made, e) &&
	       (!made || decide_by(ig, &x, id, e));
}

bool statements_unsay(struct ingest *ig, struct err *e)
{
	for (size_t i = 0; i < ig->nunsaid; i++)
		if (!unsay(ig, &ig->unsaid[i], e))
			return false;
	if (ig->nunsaid > 0)
		ingest_warn(ig, "%zu %s set aside by the tool before, and no longer",
			    ig->nunsaid, ig->nunsaid == 1 ? "finding was" : "findings were");
	return true;
}

/* ---- products that came ---- */

static const char SQL_AWAITED[] =
	"SELECT statement\n"
	"FROM awaited\n"
	"WHERE product IN (SELECT value FROM digest WHERE image = $1\n"
	"                  UNION SELECT value FROM index_digest WHERE image = $1\n"
	"                  UNION SELECT name FROM image_name WHERE image = $1)\n"
	"LIMIT 1";

static bool run_pair(struct ingest *ig, const char *sql, int64_t a, int64_t b, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, a);
	db_int(s, 2, b);
	return db_run(s, e);
}

static bool give_place(struct ingest *ig, int64_t statement, int64_t image, struct err *e)
{
	static const char place[] = "UPDATE decides\n"
				    "SET place = -$1\n"
				    "WHERE maker = -$2 AND place = -4611686018427387904";
	static const char forget[] = "DELETE FROM awaited\n"
				     "WHERE $1 > 0 AND statement = $2";
	static const char note[] = "UPDATE statement\n"
				   "SET asset = $1, met_at = $2, met_seq = $3\n"
				   "WHERE id = $4";
	struct stmt *s;

	if (!run_pair(ig, place, image, statement, e) ||
	    !run_pair(ig, forget, image, statement, e))
		return false;
	s = db_stmt(ig->db, note);
	db_int(s, 1, image);
	db_int(s, 2, ingest_time(ig));
	db_int(s, 3, ig->seq);
	db_int(s, 4, statement);
	return db_run(s, e);
}

bool statements_meet(struct ingest *ig, int64_t image, struct err *e)
{
	int64_t statement;

	for (;;) {
		struct stmt *s = db_stmt(ig->db, SQL_AWAITED);

		db_int(s, 1, image);
		if (!db_scalar(s, 0, &statement, e))
			return false;
		if (statement == 0)
			return true;
		if (!give_place(ig, statement, image, e))
			return false;
		decisions_forget(ig);
	}
}

/* ---- what became of those that came with this import ---- */

static const char SQL_OUTCOMES[] =
	"SELECT outcome, count(*)\n"
	"FROM (SELECT " SQL_OUTCOME " AS outcome\n"
	"      FROM statement AS v\n"
	"      WHERE v.import = $1) AS o\n"
	"WHERE outcome <> 'applied'\n"
	"GROUP BY outcome\n"
	"ORDER BY outcome";

bool statements_tell(struct ingest *ig, struct err *e)
{
	struct stmt *s;

	if (ig->stats.created[COUNT_STATEMENTS] == 0)
		return true;
	s = db_stmt(ig->db, SQL_OUTCOMES);
	db_int(s, 1, ig->import);
	while (db_next(s))
		ingest_warn(ig, "%lld %s %s", (long long)db_column(s, 1),
			    count_noun(COUNT_STATEMENTS, db_column(s, 1)), db_column_text(s, 0));
	return db_done(s, e);
}
