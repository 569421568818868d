/* SPDX-License-Identifier: MIT */
/* cmd_except.c - `seaworthy except`: exceptions made, revoked and renewed. */
#include <inttypes.h>

#include "tui/cli.h"
#include "tui/sheet.h"

struct except_args {
	const char *kind, *reach, *until, *reason, *approver, *requester, *severity, *check_in;
	const char *justification, *control, *filter, *end, *renew;
	bool dry_run;
};
#define OPTION(name, field, value, help)                                                           \
	{                                                                                          \
		name, 0, ARG_TEXT, offsetof(struct except_args, field), value, help                \
	}
static const struct arg args[] = {
	OPTION("kind", kind, "KIND",
	       "accepted, false-positive, not-affected, operational, risk-adjusted, vendor"),
	OPTION("reach", reach, "REACH",
	       "digest (this image, the default), repository (its other tags too), everywhere"),
	OPTION("until", until, "DATE", "its last day, or for how long: 2026-12-31, 30d"),
	OPTION("reason", reason, "TEXT", "why"),
	OPTION("approver", approver, "NAME", "who approved it"),
	OPTION("requester", requester, "NAME", "who asked for it; you, when not given"),
	OPTION("severity", severity, "WORD", "what risk-adjusted findings count as"),
	OPTION("check-in", check_in, "DATE", "when the vendor is asked again"),
	OPTION("justification", justification, "WORD",
	       "a word of VEX, such as vulnerable_code_not_present"),
	OPTION("control", control, "TEXT", "what compensates meanwhile"),
	OPTION("filter", filter, "FILTER", "decide on all findings that pass"),
	OPTION("end", end, "ID", "revoke this exception; --reason says why"),
	OPTION("renew", renew, "ID", "make it last up to --until"),
	{ "dry-run", 0, ARG_FLAG, offsetof(struct except_args, dry_run), NULL,
	  "name what it would hold, and change nothing" },
	{ .name = NULL },
};

/* ---- words and times ---- */

static bool read_kind(const char *word, enum finding_state *out, struct err *e)
{
	for (int k = STATE_ACCEPTED; word && k < STATE_COUNT; k++)
		if (str_ieq(word, state_word((enum finding_state)k))) {
			*out = (enum finding_state)k;
			return true;
		}
	return err_set(e, ERR_USAGE,
	               word ? "--kind %s is none; there are accepted, false-positive, "
	                      "not-affected, operational, risk-adjusted and vendor"
	                    : "--kind says what to decide%s: accepted, false-positive, ...",
	               word ? word : "");
}

static bool read_reach(const char *word, enum except_reach *out, struct err *e)
{
	*out = REACH_DIGEST;
	for (int r = 0; word && r < REACH_COUNT; r++)
		if (str_ieq(word, reach_word((enum except_reach)r))) {
			*out = (enum except_reach)r;
			return true;
		}
	return !word || err_set(e, ERR_USAGE,
	                        "--reach %s is none; there are digest, repository and everywhere",
	                        word);
}

/* A date is the whole of that day, which ends at 24:00Z; a span counts from now. */
static bool read_day(const struct cli *c, const char *option, const char *text, int64_t *out,
                     struct err *e)
{
	size_t len = text ? strlen(text) : 0;
	char number[8];
	int64_t n;

	*out = 0;
	if (!text)
		return true;
	if (len >= 2 && len < sizeof(number) && strchr("dw", text[len - 1])) {
		memcpy(number, text, len - 1);
		number[len - 1] = '\0';
		if (str_int64(number, 1, 36500, &n)) {
			*out = c->now + n * DAY_S * (text[len - 1] == 'w' ? 7 : 1);
			return true;
		}
	}
	if (time_parse(text, out)) {
		if (len == strlen("2026-12-31"))
			*out += DAY_S;
		return true;
	}
	return err_set(e, ERR_USAGE, "--%s %s: wants a day such as 2026-12-31, or 30d", option,
	               text);
}

static bool read_exception(const struct cli *c, const struct except_args *a, struct exception *x,
                           struct err *e)
{
	*x = (struct exception){ .reason = a->reason,
		                 .justification = a->justification,
		                 .control = a->control,
		                 .requester = a->requester,
		                 .approver = a->approver,
		                 .severity = SEV_COUNT };
	if (a->severity) {
		x->severity = severity_fold(a->severity);
		if (!str_ieq(a->severity, severity_word(x->severity)))
			return err_set(e, ERR_USAGE, "--severity %s is none", a->severity);
	}
	return read_kind(a->kind, &x->kind, e) && read_reach(a->reach, &x->reach, e) &&
	       read_day(c, "until", a->until, &x->until, e) &&
	       read_day(c, "check-in", a->check_in, &x->check_in, e);
}

/* ---- what it says ---- */

static void print_held(void *ctx, const struct except_held *h)
{
	text_line(ctx, "  %s  %s  %s %s", h->asset, h->advisory, h->package, h->version);
}

static void print_answer(const struct cli *c, struct out *o, const struct except_answer *a)
{
	const struct except_args *args_ = c->opts;
	char until[21] = "no end";
	struct buf held = BUF_INIT;

	if (c->json) {
		json_except(o, a, args_->dry_run);
		return;
	}
	if (a->until != DUE_NONE)
		time_print(a->until, until);
	print_many(a->findings, "finding", &held);
	if (a->id)
		text_line(o, "exception %" PRId64 ": %s, until %s", a->id, held.s, until);
	else
		text_line(o, "it would hold %s, until %s", held.s, until);
	buf_release(&held);
}

/* ---- making one ---- */

static bool read_scopes(struct cli *c, struct store *st, struct scope **out, struct err *e)
{
	struct scope *what = arena_array(&c->mem, struct scope, c->noperand + 1);

	for (size_t i = 0; i < c->noperand; i++) {
		const char *first = strchr(c->operand[i], '-');
		bool finding = first && strchr(first + 1, '-');

		if (!cli_object(st, finding ? "finding" : "problem", c->operand[i], &what[i], e))
			return false;
	}
	*out = what;
	return true;
}

static bool make(struct cli *c, struct store *st, struct except_answer *out, struct err *e)
{
	const struct except_args *a = c->opts;
	struct list_query q = { .list = LIST_findings };
	struct exception x;
	struct scope *what;

	if (!read_exception(c, a, &x, e))
		return false;
	if (a->filter && c->noperand > 0)
		return err_set(e, ERR_USAGE, "either findings or --filter");
	if (!a->filter)
		return read_scopes(c, st, &what, e) &&
		       store_except(st, &x, what, c->noperand, a->dry_run, out, e);
	return cli_filter(c, LIST_findings, a->filter, &q.where, e) &&
	       store_except_rows(st, &x, &q, a->dry_run, out, e);
}

/* ---- ending and renewing ---- */

static bool read_id(const char *text, int64_t *out, struct err *e)
{
	return str_int64(text, 1, INT64_MAX, out) ||
	       err_set(e, ERR_USAGE, "%s is no number of an exception", text);
}

static bool end(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct except_args *a = c->opts;
	int64_t id;

	if (!read_id(a->end, &id, e) || !store_except_end(st, id, a->reason, e))
		return false;
	if (!c->json)
		text_line(o, "exception %" PRId64 " is ended", id);
	return true;
}

static bool renew(struct cli *c, struct store *st, struct except_answer *out, struct err *e)
{
	const struct except_args *a = c->opts;
	int64_t id, until;

	return read_id(a->renew, &id, e) && read_day(c, "until", a->until, &until, e) &&
	       store_except_renew(st, id, until, a->reason, a->approver, out, e);
}

static bool act(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct except_args *a = c->opts;
	struct except_answer answer = { .each = a->dry_run && !c->json ? print_held : NULL,
		                        .ctx = o };

	if ((a->end || a->renew) && (c->noperand > 0 || a->filter || (a->end && a->renew)))
		return err_set(e, ERR_USAGE, "--end and --renew stand alone");
	if ((a->end || a->renew) && a->dry_run)
		return err_set(e, ERR_USAGE, "--dry-run is for new exceptions");
	if (a->end)
		return end(c, st, o, e);
	if (!(a->renew ? renew(c, st, &answer, e) : make(c, st, &answer, e)))
		return false;
	print_answer(c, o, &answer);
	return true;
}

static int run(struct cli *c, struct err *e)
{
	struct store *st;
	struct out *o;
	bool ok;

	if (!cli_open(c, &st, e))
		return cli_exit_code(e);
	o = cli_out();
	ok = act(c, st, o, e);
	store_close(st);
	if (!ok) {
		out_discard(o);
		return cli_exit_code(e);
	}
	return cli_close(o, CLI_YES, e);
}

const struct command command_except = {
	.name = "except",
	.operands = "[FINDING|PROBLEM...]",
	.summary = "Decide on findings until a date: accept, declare false positive, adjust, wait",
	.more = "A finding is A-B-C and a problem A-B, as lists show them in --json. Findings\n"
		"that come later and fall in its reach count as decided from the start; scans\n"
		"never undo it. `seaworthy list exceptions` shows all with what they hold now.",
	.arg = args,
	.opts_size = sizeof(struct except_args),
	.run = run,
};
