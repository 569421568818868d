/* SPDX-License-Identifier: MIT */
/* except.c - exceptions: made, revoked and renewed; each is a record of the audit trail. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/except.h"
#include "store/scoped.h"

const char *reach_word(enum except_reach r)
{
	static const char *const names[REACH_COUNT] = { "digest", "repository", "everywhere" };

	return r < REACH_COUNT ? names[r] : "?";
}

/* ---- what it must keep to ---- */

static bool may_be_endless(enum finding_state kind)
{
	return kind == STATE_FALSE_POSITIVE || kind == STATE_NOT_AFFECTED;
}

static bool fields_hold(const struct store *st, const struct exception *x, struct err *e)
{
	if (x->kind < STATE_ACCEPTED || x->kind >= STATE_COUNT || x->reach >= REACH_COUNT)
		return err_set(e, ERR_USAGE, "that is no kind of exception");
	if (str_empty(x->reason))
		return err_set(e, ERR_USAGE, "an exception needs a reason");
	if (x->until == 0 && !may_be_endless(x->kind))
		return err_set(e, ERR_USAGE, "an exception of kind %s needs an end",
			       state_word(x->kind));
	if (x->until != 0 && x->until <= st->now)
		return err_set(e, ERR_USAGE, "its end lies in the past");
	if (x->kind == STATE_RISK_ADJUSTED && (unsigned)x->severity >= SEV_COUNT)
		return err_set(e, ERR_USAGE, "a risk adjustment says to which severity");
	if (x->kind == STATE_VENDOR && x->check_in <= st->now)
		return err_set(e, ERR_USAGE,
			       "waiting for a vendor needs the day of the next check-in");
	if (x->kind == STATE_VENDOR && x->until != 0 && x->check_in > x->until)
		return err_set(e, ERR_USAGE, "the next check-in lies behind the end");
	return true;
}

static const char *requester_of(const struct store *st, const struct exception *x)
{
	return str_empty(x->requester) ? st->actor : x->requester;
}

/* By the worst severity that it sets aside. */
static bool policy_holds(const struct ingest *ig, const struct policy *p, const struct exception *x,
			 enum severity worst, struct err *e)
{
	const char *asks = requester_of(ig->st, x);
	bool capped = worst < SEV_COUNT && !may_be_endless(x->kind);
	int64_t longest = capped ? p->exceptions.longest[worst] : DUE_NONE;

	if (p->exceptions.approver && str_empty(x->approver))
		return err_set(e, ERR_USAGE, "the policy %s wants an approver", p->key);
	if (p->exceptions.approver && str_ieq(x->approver, asks))
		return err_set(e, ERR_USAGE,
			       "the policy %s wants an approver other than the requester %s",
			       p->key, asks);
	if (longest < DUE_NONE && (x->until == 0 || x->until - ig->st->now > longest))
		return err_set(e, ERR_USAGE,
			       "the policy %s allows %" PRId64 " days for findings of severity %s",
			       p->key, longest / DAY_S, severity_word(worst));
	return true;
}

/* Every policy in the scope of what it is about, so that the strictest rules. */
static bool policies_hold(struct ingest *ig, const struct exception *x,
			  const struct except_targets *t, struct err *e)
{
	const struct policies *all;

	if (!t->asked)
		return policy_holds(ig, ig->policy, x, t->worst, e);
	if (!store_policies(ig->st, &all, e))
		return false;
	for (size_t i = 0; i < all->n; i++)
		if (t->asked[i] && !policy_holds(ig, all->p[i], x, t->worst, e))
			return false;
	return true;
}

/* ---- writing ---- */

static int64_t until_of(const struct exception *x)
{
	return x->until == 0 ? DUE_NONE : x->until;
}

static bool insert(struct ingest *ig, const struct exception *x, const char *target, int64_t renews,
		   int64_t *id, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO exception (seq, kind, reach, severity, check_in, reason,\n"
			"                       justification, control, requester, approver,\n"
			"                       target, at, until, renews)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");

	db_int(s, 1, ig->seq);
	db_int(s, 2, x->kind);
	db_int(s, 3, x->reach);
	db_int(s, 4, x->kind == STATE_RISK_ADJUSTED ? (int64_t)x->severity : -1);
	db_int(s, 5, x->kind == STATE_VENDOR ? x->check_in : 0);
	db_text(s, 6, x->reason);
	db_text(s, 7, x->justification ? x->justification : "");
	db_text(s, 8, x->control ? x->control : "");
	db_text(s, 9, requester_of(ig->st, x));
	db_text(s, 10, x->approver ? x->approver : "");
	db_text(s, 11, target);
	db_int(s, 12, ig->st->now);
	db_int(s, 13, until_of(x));
	db_int(s, 14, renews);
	if (!db_run(s, e))
		return false;
	*id = db_last_id(ig->db);
	return true;
}

static bool write_targets(struct ingest *ig, const struct exception *x,
			  const struct except_targets *t, int64_t id, struct err *e)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct except_target *r = &t->t[i];
		const struct decision d = {
			.maker = id,
			.package = r->package,
			.part = r->part,
			.place = r->place,
			.state = x->kind,
			.severity = x->kind == STATE_RISK_ADJUSTED ? (int64_t)x->severity : -1,
			.check_in = x->kind == STATE_VENDOR ? x->check_in : 0,
			.at = ig->st->now,
			.until = until_of(x),
		};

		if (!decides_add(ig, r->advisory, &d, e))
			return false;
	}
	return true;
}

static bool count_held(struct ingest *ig, int64_t id, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT count(*)\n"
					 "FROM decided\n"
					 "WHERE maker = $1");

	db_int(s, 1, id);
	return db_scalar(s, 0, out, e);
}

static const char SQL_HELD[] =
	"SELECT d.asset, d.advisory, d.part, coalesce(i.name, s.name), a.name,\n"
	"       CASE WHEN k.type = '@scope' THEN p.version ELSE k.name END,\n"
	"       CASE WHEN k.type = '@scope' THEN '' ELSE p.version END\n"
	"FROM decided AS d\n"
	"JOIN asset AS s ON s.id = d.asset\n"
	"LEFT JOIN image AS i ON i.asset = d.asset\n"
	"JOIN advisory AS a ON a.id = d.advisory\n"
	"JOIN part AS p ON p.id = d.part\n"
	"JOIN package AS k ON k.id = p.package\n"
	"WHERE d.maker = $1\n"
	"ORDER BY d.asset, a.name, d.part";

static bool tell_held(struct ingest *ig, int64_t id, const struct except_answer *out, struct err *e)
{
	struct stmt *s;

	if (!out->each)
		return true;
	s = db_stmt(ig->db, SQL_HELD);
	db_int(s, 1, id);
	while (db_next(s))
		out->each(out->ctx,
			  &(struct except_held){
				  .key = { db_column(s, 0), db_column(s, 1), db_column(s, 2) },
				  .asset = db_column_text(s, 3),
				  .advisory = db_column_text(s, 4),
				  .package = db_column_text(s, 5),
				  .version = db_column_text(s, 6),
			  });
	return db_done(s, e);
}

void except_describe(const struct store *st, const struct exception *x, const char *target,
		     int64_t renews, struct buf *out)
{
	char until[21] = "never", check_in[21];

	if (x->until != 0)
		time_print(x->until, until);
	buf_addf(out, "kind\t%s\nreach\t%s\ntarget\t%s\nreason\t%s\nuntil\t%s\nrequester\t%s\n",
		 state_word(x->kind), reach_word(x->reach), target, x->reason, until,
		 requester_of(st, x));
	if (!str_empty(x->approver))
		buf_addf(out, "approver\t%s\n", x->approver);
	if (!str_empty(x->justification))
		buf_addf(out, "justification\t%s\n", x->justification);
	if (!str_empty(x->control))
		buf_addf(out, "control\t%s\n", x->control);
	if (x->kind == STATE_RISK_ADJUSTED)
		buf_addf(out, "severity\t%s\n", severity_word(x->severity));
	if (x->kind == STATE_VENDOR) {
		time_print(x->check_in, check_in);
		buf_addf(out, "check-in\t%s\n", check_in);
	}
	if (renews > 0)
		buf_addf(out, "renews\texception %" PRId64 "\n", renews);
}

static void name_of(int64_t id, char out[static OBJECT_SIZE])
{
	(void)snprintf(out, OBJECT_SIZE, "exception %" PRId64, id);
}

/* ---- making one ---- */

static bool make(struct ingest *ig, const struct exception *x, struct except_targets *t,
		 struct except_answer *out, struct err *e)
{
	except_targets_end(t);
	if (t->n == 0)
		return err_set(e, ERR_USAGE, "there is no finding to decide on");
	out->targets = (int64_t)t->n;
	out->until = until_of(x);
	return policies_hold(ig, x, t, e) && insert(ig, x, t->text.s, 0, &out->id, e) &&
	       write_targets(ig, x, t, out->id, e) && decision_apply(ig, out->id, ig->st->now, e) &&
	       count_held(ig, out->id, &out->findings, e) && tell_held(ig, out->id, out, e);
}

/*
 * The end of an act: with its record, or, when it was only tried, with no trace. A renewal has the
 * targets of the one it renews.
 */
static bool end_act(struct ingest *ig, bool ok, bool trial, const struct exception *x,
		    const struct except_targets *t, const char *target, int64_t renews,
		    struct except_answer *out, struct err *e)
{
	char object[OBJECT_SIZE];
	struct buf after = BUF_INIT;

	if (!ok || trial) {
		ingest_act_drop(ig);
		out->id = 0;
		return ok;
	}
	name_of(out->id, object);
	except_describe(ig->st, x, target, renews, &after);
	ok = except_targets_tell(ig, t, &after, e);
	ok = ingest_act_end(
		ig, ok,
		&(struct audit_entry){ .act = "except", .object = object, .after = after.s }, e);
	buf_release(&after);
	return ok;
}

bool store_except(struct store *st, const struct exception *x, const struct scope *what,
		  size_t nwhat, bool trial, struct except_answer *out, struct err *e)
{
	struct except_targets t = EXCEPT_TARGETS_INIT(x->reach);
	struct ingest *ig;
	bool ok = true;

	*out = (struct except_answer){ .each = out->each, .ctx = out->ctx };
	if (!act_allowed(st, MAY_EXCEPT, e) || !fields_hold(st, x, e) ||
	    !ingest_act_begin(st, &ig, e))
		return false;
	for (size_t i = 0; ok && i < nwhat; i++)
		ok = except_targets_add(ig, &t, &what[i], e);
	ok = ok && make(ig, x, &t, out, e); /* which may move t.text.s */
	ok = end_act(ig, ok, trial, x, &t, t.text.s, 0, out, e);
	except_targets_release(&t);
	return ok;
}

struct picked {
	struct scope *what;
	size_t n, cap;
};

static bool gather(void *ctx, const struct row *r, UNUSED struct err *e)
{
	struct picked *g = ctx;

	ARRAY_MORE(g->what, g->n, g->cap);
	g->what[g->n++] = (struct scope){ SCOPE_FINDING, { r->key[0], r->key[1], r->key[2] } };
	return true;
}

bool store_except_rows(struct store *st, const struct exception *x, const struct list_query *q,
		       bool trial, struct except_answer *out, struct err *e)
{
	struct list_query keys = *q;
	struct picked g = { 0 };
	bool ok;

	*out = (struct except_answer){ .each = out->each, .ctx = out->ctx };
	if (q->list != LIST_findings)
		return err_set(e, ERR_USAGE, "exceptions are made on findings");
	keys.columns = 1; /* the key is all that is wanted */
	ok = store_each(st, &keys, gather, &g, e) &&
	     store_except(st, x, g.what, g.n, trial, out, e);
	free(g.what);
	return ok;
}

/* ---- ending one ---- */

struct stored {
	struct exception x;
	const char *target;
	int64_t at, ended;
	bool is;
};

static bool read_stored(struct ingest *ig, int64_t id, struct stored *out, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "SELECT x.kind, x.reach, x.severity, x.check_in, x.reason,\n"
			"       x.justification, x.control, x.requester, x.approver, x.until,\n"
			"       x.target, x.at, coalesce(n.at, 0)\n"
			"FROM exception AS x\n"
			"LEFT JOIN exception_end AS n ON n.exception = x.id\n"
			"WHERE x.id = $1");

	*out = (struct stored){ 0 };
	db_int(s, 1, id);
	if (db_next(s)) {
		out->is = true;
		out->x = (struct exception){
			.kind = (enum finding_state)db_column(s, 0),
			.reach = (enum except_reach)db_column(s, 1),
			.severity = (enum severity)db_column(s, 2),
			.check_in = db_column(s, 3),
			.reason = arena_dup(&ig->mem, db_column_text(s, 4)),
			.justification = arena_dup(&ig->mem, db_column_text(s, 5)),
			.control = arena_dup(&ig->mem, db_column_text(s, 6)),
			.requester = arena_dup(&ig->mem, db_column_text(s, 7)),
			.approver = arena_dup(&ig->mem, db_column_text(s, 8)),
			.until = db_column(s, 9) == DUE_NONE ? 0 : db_column(s, 9),
		};
		out->target = arena_dup(&ig->mem, db_column_text(s, 10));
		out->at = db_column(s, 11);
		out->ended = db_column(s, 12);
	}
	if (!db_done(s, e))
		return false;
	if (!out->is)
		return err_set(e, ERR_USAGE, "there is no exception %" PRId64, id);
	if (out->ended)
		return err_set(e, ERR_USAGE, "exception %" PRId64 " was ended already", id);
	return true;
}

static bool write_end(struct ingest *ig, int64_t id, const char *reason, int64_t renewal,
		      struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO exception_end (exception, seq, at, actor, reason, renewal)\n"
			"VALUES ($1, $2, $3, $4, $5, $6)");

	db_int(s, 1, id);
	db_int(s, 2, ig->seq);
	db_int(s, 3, ig->st->now);
	db_text(s, 4, ig->st->actor);
	db_text(s, 5, reason ? reason : "");
	db_int(s, 6, renewal);
	return db_run(s, e) && decides_end(ig, id, ig->st->now, e);
}

bool except_end(struct ingest *ig, int64_t id, const char *reason, struct err *e)
{
	struct stored old;

	if (!read_stored(ig, id, &old, e))
		return false;
	if (old.x.until != 0 && old.x.until <= ig->st->now)
		return err_set(e, ERR_USAGE, "exception %" PRId64 " has lapsed already", id);
	return write_end(ig, id, reason, 0, e) && decision_apply(ig, id, ig->st->now, e);
}

bool store_except_end(struct store *st, int64_t id, const char *reason, struct err *e)
{
	char object[OBJECT_SIZE];
	struct ingest *ig;

	name_of(id, object);
	if (!act_allowed(st, MAY_EXCEPT, e))
		return false;
	if (str_empty(reason))
		return err_set(e, ERR_USAGE, "say why the exception ends");
	if (!ingest_act_begin(st, &ig, e))
		return false;
	return ingest_act_end(
		ig, except_end(ig, id, reason, e),
		&(struct audit_entry){ .act = "except-end", .object = object, .after = reason }, e);
}

/* ---- renewing one ---- */

static const char SQL_COPY_TARGETS[] = "SELECT DISTINCT advisory, package, part, place\n"
				       "FROM decides\n"
				       "WHERE maker = $1";
static const char SQL_SET_ASIDE[] =
	"SELECT f.asset, min(f.severity)\n"
	"FROM decides AS d\n"
	"JOIN affects AS x ON x.advisory = d.advisory AND d.part IN (0, x.part)\n"
	"JOIN part AS p ON p.id = x.part AND d.package IN (0, p.package)\n"
	"JOIN holds AS h ON h.part = x.part AND (d.place >= 0 OR h.asset = -d.place)\n"
	"JOIN finding AS f ON f.asset = h.asset AND f.advisory = x.advisory AND f.part = x.part\n"
	"WHERE d.maker = $1 AND f.state <> 1\n"
	"GROUP BY f.asset";

/* How bad it is what the exception sets aside now, and which policies have a say. */
static bool weigh(struct ingest *ig, int64_t id, struct except_targets *t, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_SET_ASIDE);
	int64_t *asset = NULL;
	size_t n = 0, cap = 0;
	bool ok;

	db_int(s, 1, id);
	while (db_next(s)) {
		ARRAY_MORE(asset, n, cap);
		asset[n++] = db_column(s, 0);
		if (db_column(s, 1) < (int64_t)t->worst)
			t->worst = (enum severity)db_column(s, 1);
	}
	ok = db_done(s, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = except_targets_ask(ig, t, asset[i], e);
	free(asset);
	return ok;
}

static bool copy_targets(struct ingest *ig, int64_t id, struct except_targets *t, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_COPY_TARGETS);

	db_int(s, 1, id);
	while (db_next(s)) {
		ARRAY_MORE(t->t, t->n, t->cap);
		t->t[t->n++] = (struct except_target){ db_column(s, 0), db_column(s, 1),
						       db_column(s, 2), db_column(s, 3) };
	}
	return db_done(s, e) && weigh(ig, id, t, e);
}

static bool renew(struct ingest *ig, int64_t id, const struct stored *old,
		  const struct exception *x, struct except_answer *out, struct err *e)
{
	struct except_targets t = EXCEPT_TARGETS_INIT(x->reach);
	bool ok = copy_targets(ig, id, &t, e) && policies_hold(ig, x, &t, e) &&
		  insert(ig, x, old->target, id, &out->id, e) &&
		  write_targets(ig, x, &t, out->id, e) &&
		  write_end(ig, id, "renewed", out->id, e) &&
		  decision_apply(ig, id, ig->st->now, e) &&
		  decision_apply(ig, out->id, ig->st->now, e) &&
		  count_held(ig, out->id, &out->findings, e);

	out->targets = (int64_t)t.n;
	out->until = until_of(x);
	except_targets_release(&t);
	return ok;
}

bool store_except_renew(struct store *st, int64_t id, int64_t until, const char *reason,
			const char *approver, struct except_answer *out, struct err *e)
{
	struct ingest *ig;
	struct stored old;
	bool ok;

	*out = (struct except_answer){ .each = out->each, .ctx = out->ctx };
	if (!act_allowed(st, MAY_EXCEPT, e) || !ingest_act_begin(st, &ig, e))
		return false;
	ok = read_stored(ig, id, &old, e);
	if (ok) {
		const struct except_targets none = EXCEPT_TARGETS_INIT(old.x.reach);
		struct exception x = old.x;

		x.until = until;
		x.reason = str_empty(reason) ? x.reason : reason;
		x.approver = str_empty(approver) ? x.approver : approver;
		if (x.kind == STATE_VENDOR && x.check_in <= st->now)
			x.check_in = until;
		ok = fields_hold(st, &x, e) && renew(ig, id, &old, &x, out, e);
		return end_act(ig, ok, false, &x, &none, old.target, id, out, e);
	}
	ingest_act_drop(ig);
	return false;
}
