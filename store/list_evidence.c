/* SPDX-License-Identifier: MIT */
/* list_evidence.c - what a control is judged by: scans, checks, signatures, alerts, answers. */
#include "store/list.h"
#include "store/list_parts.h"
#include "store/store_private.h"

enum evidence {
	EVIDENCE_SCAN,
	EVIDENCE_CHECK,
	EVIDENCE_SIGNATURE,
	EVIDENCE_ALERT,
	EVIDENCE_ANSWER
};

static const struct column columns[] = {
	{ "kind", NULL, "EVIDENCE", "scan, check, signature, alert or answer.", VAL_TEXT, 9, true,
	  NULL },
	{ "source", "by", "BY", "The tool or the person.", VAL_TEXT, 12, true, NULL },
	{ "what", NULL, "WHAT IT SHOWS", "What was looked at.", VAL_TEXT, 40, false,
	  SQL(.match = MATCH_PROSE) },
	{ "says", "is", "SAYS", "What it says of the control.", VAL_VERDICT, 5, true, NULL },
	{ "count", NULL, "COUNT", "Pieces of it.", VAL_INT, 6, true, NULL },
	{ "failing", NULL, "FAILS", "Of them failing.", VAL_INT, 5, true, NULL },
	{ "at", "age", "AGE", "Time of the newest.", VAL_TIME, 5, true, NULL },
	{ "sha256", NULL, "SHA256", "Of the newest file.", VAL_TEXT, 12, false, NULL },
};

#define FILE_HASH(scan)                                                                            \
	"COALESCE((SELECT lower(hex(m.sha256)) FROM scan n JOIN import m ON m.id = n.import\n"     \
	"WHERE n.id = " scan "), '')"

/*
 * Each gives: source, what, verdict, count, failing, at, hash, id, second id. Scans count when the
 * control has a class of the kind that they look for: covers have the numbers of enum finding_kind.
 * That there are scans is no verdict: what they found says whether the control fails.
 */
static const char scans[] =
	"SELECT o.word, CASE z.kind WHEN 0 THEN 'vulnerability scans' WHEN 2 THEN 'secret scans'\n"
	"ELSE 'licence scans' END, 3, z.assets, 0, z.at, " FILE_HASH(
		"z.scan") ", z.source, z.kind\n"
			  "FROM (SELECT v.source AS source, v.kind AS kind, count(DISTINCT "
			  "v.asset) AS assets,\n"
			  "max(v.at) AS at, max(v.scan) AS scan\n"
			  "FROM cover v\n"
			  "WHERE v.kind IN (SELECT CASE cl.record WHEN 'vulnerability' THEN 0 WHEN "
			  "'scan' THEN 0\n"
			  "WHEN 'secret' THEN 2 ELSE -1 END\n"
			  "FROM class_control m JOIN class cl ON cl.id = m.class\n"
			  "WHERE m.control = $1 AND m.weight < 2)\n"
			  "GROUP BY v.source, v.kind) z JOIN source o ON o.id = z.source";
static const char checks[] =
	"SELECT o.word, a.name || CASE a.title WHEN '' THEN '' ELSE ' ' END || a.title,\n"
	"CASE WHEN sum(c.verdict = 1) > 0 THEN 1 WHEN sum(c.verdict = 0) > 0 THEN 0\n"
	"WHEN sum(c.verdict = 4) > 0 THEN 4 ELSE max(c.verdict) END,\n"
	"count(*), sum(c.verdict = 1), max(c.at), '', c.source, c.advisory\n"
	"FROM check_result c JOIN advisory a ON a.id = c.advisory JOIN source o ON o.id = "
	"c.source\n"
	"WHERE c.gone = 0 AND c.advisory IN (SELECT x.id FROM class_control m\n"
	"JOIN advisory x ON x.class = m.class WHERE m.control = $1 AND m.weight < 2\n"
	"UNION SELECT x.id FROM rule_control m JOIN source y ON y.word = m.tool\n"
	"JOIN advisory x ON x.source = y.id AND x.name = m.rule\n"
	"WHERE m.control = $2 AND m.weight < 2)\n"
	"GROUP BY c.source, c.advisory";
static const char signatures[] =
	"SELECT CASE z.signer WHEN '' THEN 'cosign' ELSE z.signer END,\n"
	"CASE WHEN z.claimed = 1 THEN 'signatures that nobody verified'\n"
	"  ELSE 'signatures of images' END,\n"
	"CASE WHEN z.bad > 0 THEN 1 WHEN z.claimed = 1 THEN 3 ELSE 0 END, z.n, z.bad, z.at, "
	FILE_HASH("z.scan") ",\n"
			  "z.image, 0\n"
			  "FROM (SELECT g.signer AS signer, g.result = 4 AS claimed,\n"
			  "count(*) AS n, sum(g.result IN (1, 2, 3)) AS bad,\n"
			  "max(g.at) AS at, max(g.scan) AS scan, min(g.image) AS image\n"
			  "FROM signature g\n"
			  "WHERE EXISTS (SELECT 1 FROM class_control m JOIN class cl ON cl.id = "
			  "m.class\n"
			  "WHERE m.control = $1 AND m.weight < 2 AND cl.name LIKE '%sign%')\n"
			  "GROUP BY g.signer, g.result = 4) z";
static const char alerts[] =
	"SELECT o.word, a.name, CASE WHEN sum(t.closed = 0) > 0 THEN 1 ELSE 3 END, count(*),\n"
	"sum(t.closed = 0), max(t.last_ns) / 1000000000, '', t.rule, 0\n"
	"FROM alert t JOIN advisory a ON a.id = t.rule JOIN source o ON o.id = a.source\n"
	"WHERE a.class IN (SELECT m.class FROM class_control m\n"
	"WHERE m.control = $1 AND m.weight < 2)\n"
	"GROUP BY t.rule";
static const char answers[] =
	"SELECT actor, note, CASE verdict WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 2 THEN 2 ELSE 5 END,\n"
	"1, verdict = 1, at, '', id, 0\n"
	"FROM standing_answer\n"
	"WHERE control = $1";

static const struct {
	const char *word, *sql;
	int nparam;
} kinds[] = {
	[EVIDENCE_SCAN] = { "scan", scans, 1 },
	[EVIDENCE_CHECK] = { "check", checks, 2 },
	[EVIDENCE_SIGNATURE] = { "signature", signatures, 1 },
	[EVIDENCE_ALERT] = { "alert", alerts, 1 },
	[EVIDENCE_ANSWER] = { "answer", answers, 1 },
};

struct rows {
	struct row *row;
	size_t n, cap;
};

static struct row *more(struct rows *r, struct arena *mem)
{
	ARENA_MORE(mem, r->row, r->n, r->cap);
	return &r->row[r->n++];
}

static void read_piece(struct stmt *s, size_t kind, struct arena *mem, struct row *out)
{
	struct value *v = arena_array(mem, struct value, LENGTH(columns));

	v[0] = (struct value){ VAL_TEXT, { .s = kinds[kind].word } };
	v[1] = (struct value){ VAL_TEXT, { .s = arena_dup(mem, db_column_text(s, 0)) } };
	v[2] = (struct value){ VAL_TEXT, { .s = arena_dup(mem, db_column_text(s, 1)) } };
	v[3] = (struct value){ VAL_VERDICT, { .i = db_column(s, 2) } };
	v[4] = (struct value){ VAL_INT, { .i = db_column(s, 3) } };
	v[5] = (struct value){ VAL_INT, { .i = db_column(s, 4) } };
	v[6] = (struct value){ VAL_TIME, { .i = db_column(s, 5) } };
	v[7] = (struct value){ VAL_TEXT, { .s = arena_dup(mem, db_column_text(s, 6)) } };
	*out = (struct row){ { (int64_t)kind, db_column(s, 7), db_column(s, 8), 0 }, v };
}

static bool evidence_rows(struct store *st, const struct list_query *q, struct arena *mem,
			  struct row **row, size_t *n, struct err *e)
{
	struct rows all = { NULL, 0, 0 };

	for (size_t i = 0; i < LENGTH(kinds); i++) {
		struct stmt *s = db_stmt(st->db, kinds[i].sql);

		for (int k = 1; k <= kinds[i].nparam; k++)
			db_int(s, k, q->scope.key[0]);
		while (db_next(s))
			read_piece(s, i, mem, more(&all, mem));
		if (!db_done(s, e))
			return false;
	}
	*row = all.row;
	*n = all.n;
	return true;
}

/* What makes the control fail stands first. */
static const struct list_order orders[] = { { "failing", "failing" }, { "kind", "kind" } };
static const struct list_term by_failing[] = { { NULL, "failing", 0, 0, true } };
static const struct list_term by_kind[] = { { NULL, NULL, 0, 0 } };
static const struct list_sort sorts[] = { { true, false, by_failing, 1 },
					  { true, false, by_kind, 1 } };
static const struct list_scope scopes[] = { { .kind = SCOPE_CONTROL } };

const struct list_def list_evidence = {
	.info = { .name = "evidence",
		  .title = "Evidence",
		  .col = columns,
		  .ncol = LENGTH(columns),
		  .order = orders,
		  .norder = LENGTH(orders),
		  .nkey = 3 },
	.sort = sorts,
	.scope = scopes,
	.nscope = LENGTH(scopes),
	.rows = evidence_rows,
};
