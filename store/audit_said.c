/* SPDX-License-Identifier: MIT */
/*
 * audit_said.c - does the store still hold what the trail says that people decided? Who edits a
 * table and leaves the trail alone would otherwise be believed.
 */
#include <inttypes.h>

#include "store/audit.h"
#include "store/except.h"

/* ---- exceptions ---- */

static const char SQL_EXCEPTIONS[] =
	"SELECT x.kind, x.reach, x.severity, x.check_in, x.reason, x.justification, x.control,\n"
	"       x.requester, x.approver, x.until, x.target, x.renews, x.seq, x.at, a.at,\n"
	"       a.object, a.after, x.id\n"
	"FROM main.exception AS x\n"
	"LEFT JOIN main.audit AS a ON a.seq = x.seq AND a.act = 'except'\n"
	"ORDER BY x.seq, x.id";

/* What the row says, and behind it at most the targets, when they were several. */
static bool begins_so(const char *told, const char *row)
{
	size_t n = strlen(row);

	return str_prefix(told, row) && (!told[n] || str_prefix(told + n, EXCEPT_ON));
}

/* Records of before renewals were told in them end without that line. */
static bool is_as_told(const struct store *st, struct stmt *s)
{
	const struct exception x = {
		.kind = (enum finding_state)db_column(s, 0),
		.reach = (enum except_reach)db_column(s, 1),
		.severity = (enum severity)db_column(s, 2),
		.check_in = db_column(s, 3),
		.reason = db_column_text(s, 4),
		.justification = db_column_text(s, 5),
		.control = db_column_text(s, 6),
		.requester = db_column_text(s, 7),
		.approver = db_column_text(s, 8),
		.until = db_column(s, 9) == DUE_NONE ? 0 : db_column(s, 9),
	};
	const char *told = db_column_text(s, 16);
	struct buf row = BUF_INIT, object = BUF_INIT;
	size_t len;
	bool ok;

	except_describe(st, &x, db_column_text(s, 10), 0, &row);
	len = row.len;
	ok = begins_so(told, row.s);
	if (db_column(s, 11) > 0) {
		except_describe(st, &x, db_column_text(s, 10), db_column(s, 11), &row);
		ok = ok || begins_so(told, row.s + len);
	}
	buf_addf(&object, "exception %" PRId64, db_column(s, 17));
	ok = ok && db_column(s, 13) == db_column(s, 14) && str_eq(db_column_text(s, 15), object.s);
	buf_release(&row);
	buf_release(&object);
	return ok;
}

static bool check_exceptions(struct store *st, struct verify_answer *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_EXCEPTIONS);

	while (db_next(s))
		if (!is_as_told(st, s))
			audit_fault(out, db_column(s, 12), "the exception it made was changed");
	return db_done(s, e);
}

/* ---- answers ---- */

static const char SQL_ANSWERS[] =
	"SELECT v.seq, v.verdict, v.note, v.until, v.actor, v.at, a.actor, a.at, a.after\n"
	"FROM main.answer AS v\n"
	"JOIN main.audit AS a ON a.seq = v.seq AND a.act = 'answer'\n"
	"ORDER BY v.seq, v.id";

static bool check_answers(struct store *st, struct verify_answer *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_ANSWERS);
	struct buf row = BUF_INIT;

	while (db_next(s)) {
		buf_reset(&row);
		buf_addf(&row, "answer\t%s\nnote\t%s\nuntil\t%" PRId64 "\n",
			 answer_word((enum answer)db_column(s, 1)), db_column_text(s, 2),
			 db_column(s, 3));
		if (!str_prefix(db_column_text(s, 8), row.s) ||
		    db_column(s, 5) != db_column(s, 7) ||
		    !str_eq(db_column_text(s, 4), db_column_text(s, 6)))
			audit_fault(out, db_column(s, 0), "the answer it gave was changed");
	}
	buf_release(&row);
	return db_done(s, e);
}

/* ---- what one statement tells ---- */

static const struct {
	const char *sql, *reason;
} others[] = {
	{ "SELECT x.seq\n"
	  "FROM main.decides AS d\n"
	  "JOIN main.exception AS x ON x.id = d.maker\n"
	  "LEFT JOIN main.exception_end AS n ON n.exception = x.id\n"
	  "WHERE d.state <> x.kind OR d.severity <> x.severity OR d.at <> x.at\n"
	  "  OR d.until <> CASE WHEN n.at < x.until THEN n.at ELSE x.until END\n"
	  "ORDER BY x.seq LIMIT 1",
	  "what the exception it made holds was changed" },
	{ "SELECT a.seq\n"
	  "FROM main.audit AS a\n"
	  "WHERE a.act = 'except'\n"
	  "  AND NOT EXISTS (SELECT 1 FROM main.exception AS x WHERE x.seq = a.seq)\n"
	  "ORDER BY a.seq LIMIT 1",
	  "the exception it made was taken away" },
	{ "SELECT a.seq\n"
	  "FROM main.audit AS a\n"
	  "WHERE a.act = 'except-end' AND NOT EXISTS (SELECT 1 FROM main.exception_end AS n\n"
	  "  WHERE n.seq = a.seq AND n.at = a.at)\n"
	  "ORDER BY a.seq LIMIT 1",
	  "the end of an exception that it tells was taken away" },
	{ "SELECT a.seq\n"
	  "FROM main.audit AS a\n"
	  "WHERE a.act = 'answer' AND NOT EXISTS (SELECT 1 FROM main.answer AS v\n"
	  "  WHERE v.seq = a.seq)\n"
	  "ORDER BY a.seq LIMIT 1",
	  "the answer it gave was taken away" },
};

bool audit_check_said(struct store *st, struct verify_answer *out, struct err *e)
{
	if (!check_exceptions(st, out, e) || !check_answers(st, out, e))
		return false;
	for (size_t i = 0; i < LENGTH(others); i++) {
		int64_t seq;

		if (!db_scalar(db_stmt(st->db, others[i].sql), 0, &seq, e))
			return false;
		if (seq > 0)
			audit_fault(out, seq, others[i].reason);
	}
	return true;
}
