/* SPDX-License-Identifier: MIT */
/* cmd_act.c - what people do, for scripts: assess, note, own, due, ack, mute, alias. */
#include "tui/acts.h"
#include "tui/cli.h"

/* ---- assess ---- */

struct assess_args {
	const char *note, *at, *until, *from, *to, *attach, *link, *made;
};
#define ASSESS(name, field, value, help)                                                           \
	{                                                                                          \
		name, 0, ARG_TEXT, offsetof(struct assess_args, field), value, help                \
	}
static const struct arg assess_options[] = {
	ASSESS("note", note, "TEXT", "why; needed where the answer differs from the data"),
	ASSESS("at", at, "TIME", "when it was judged; now, when not given"),
	ASSESS("until", until, "TIME",
	       "when it falls due again; the policy's interval, when not given"),
	ASSESS("from", from, "TIME", "the assessment period: from"),
	ASSESS("to", to, "TIME", "to; a day is the whole of it"),
	ASSESS("attach", attach, "FILE", "evidence: a file, kept with its SHA-256"),
	ASSESS("link", link, "URL", "evidence: a link, or the name of a record"),
	ASSESS("made", made, "TIME", "the evidence's own date"),
	{ .name = NULL },
};

static bool find_answer(const char *word, enum answer *out, struct err *e)
{
	for (int a = 0; a < ANSWER_COUNT; a++)
		if (str_ieq(word, answer_word((enum answer)a))) {
			*out = (enum answer)a;
			return true;
		}
	return err_set(e, ERR_USAGE, "%s is no answer; there are pass, fail, partial and n/a",
	               word);
}

static bool read_time(const char *option, const char *text, int64_t *out, struct err *e)
{
	return !text || time_parse(text, out) ||
	       err_set(e, ERR_USAGE, "--%s %s: wants a time such as 2026-11-23T20:40:00Z", option,
	               text);
}

/* A day ends at 24:00Z. */
static bool read_end(const char *option, const char *text, int64_t *out, struct err *e)
{
	if (!read_time(option, text, out, e))
		return false;
	if (text && strlen(text) == strlen("2026-11-23"))
		*out += DAY_S - 1;
	return true;
}

/* An item of the checklist has no framework before its name; a control has. */
static bool assessed(struct store *st, const char *name, struct scope *out, struct err *e)
{
	return cli_object(st, strchr(name, ':') ? "control" : "item", name, out, e);
}

static bool assess(struct cli *c, struct store *st, struct err *e)
{
	const struct assess_args *a = c->opts;
	struct assessed answer = { .note = a->note };
	struct evidence_in in = { .link = a->link };
	int64_t at = c->now;
	struct scope what;

	if (!find_answer(c->operand[1], &answer.answer, e) || !read_time("at", a->at, &at, e) ||
	    !read_time("until", a->until, &answer.until, e) ||
	    !read_time("from", a->from, &answer.from, e) ||
	    !read_end("to", a->to, &answer.to, e) || !read_time("made", a->made, &in.made_at, e) ||
	    !assessed(st, c->operand[0], &what, e))
		return false;
	if (at > c->now)
		return err_set(e, ERR_USAGE, "--at %s: nothing is judged before its time", a->at);
	store_set_now(st, at);
	/* the evidence first: an answer that rests on a file is not given without it */
	if ((a->attach || a->link) && !cli_attach(c, st, &what, a->attach, &in, e))
		return false;
	return store_assess(st, &what, &answer, e);
}

/* ---- note, own, alias ---- */

static bool note(struct cli *c, struct store *st, struct err *e)
{
	struct scope what;

	return cli_object(st, c->operand[0], c->operand[1], &what, e) &&
	       store_note(st, &what, c->operand[2], e);
}

static bool own(struct cli *c, struct store *st, struct err *e)
{
	struct scope what;

	return cli_object(st, c->operand[0], c->operand[1], &what, e) &&
	       store_own(st, &what, c->operand[2], e);
}

static bool due(struct cli *c, struct store *st, struct err *e)
{
	const char *text = c->operand[2];
	struct scope what;
	int64_t at = 0;

	if (!str_eq(text, "none") && (text[0] == '\0' || !read_until(text, c->now, &at)))
		return err_set(e, ERR_USAGE,
		               "%s: wants 3d, 2w, a date to come such as 2027-01-31, or none",
		               text);
	return cli_object(st, c->operand[0], c->operand[1], &what, e) &&
	       store_due(st, &what, at, e);
}

static bool alias(struct cli *c, struct store *st, struct err *e)
{
	if (!str_eq(c->operand[0], "cluster"))
		return err_set(e, ERR_USAGE,
		               "only clusters have aliases: seaworthy alias cluster NAME OTHER");
	return store_alias_cluster(st, c->operand[1], c->operand[2], e);
}

/* ---- ack ---- */

struct ack_args {
	const char *note;
	bool contain, close, report;
};
static const struct arg ack_options[] = {
	{ "note", 0, ARG_TEXT, offsetof(struct ack_args, note), "TEXT", "what was done" },
	{ "contain", 0, ARG_FLAG, offsetof(struct ack_args, contain), NULL, "it is contained" },
	{ "close", 0, ARG_FLAG, offsetof(struct ack_args, close), NULL, "it is dealt with" },
	{ "report", 0, ARG_FLAG, offsetof(struct ack_args, report), NULL,
	  "whoever has to know was told, or need not be: say why" },
	{ .name = NULL },
};

/* To report is a step of its own: alone it leaves the others as they are. */
static bool ack_one(struct store *st, int64_t alert, const struct ack_args *a, struct err *e)
{
	enum alert_state to = a->close	   ? ALERT_CLOSED
			      : a->contain ? ALERT_CONTAINED
					   : ALERT_ACKNOWLEDGED;
	bool moves = a->close || a->contain || !a->report;

	if (moves && !store_alert_step(st, alert, to, a->note, e))
		return false;
	return !a->report || store_alert_report(st, alert, moves ? NULL : a->note, e);
}

static bool ack(struct cli *c, struct store *st, struct err *e)
{
	const struct ack_args *a = c->opts;

	for (size_t i = 0; i < c->noperand; i++) {
		struct scope what;

		if (!cli_object(st, "alert", c->operand[i], &what, e) ||
		    !ack_one(st, what.key[0], a, e))
			return err_context(e, "alert %s", c->operand[i]);
	}
	return true;
}

/* ---- mute ---- */

struct mute_args {
	const char *until, *reason;
	bool namespace, everywhere, off;
};
static const struct arg mute_options[] = {
	{ "until", 0, ARG_TEXT, offsetof(struct mute_args, until), "DATE", "30d, 12w, 2027-01-31" },
	{ "reason", 0, ARG_TEXT, offsetof(struct mute_args, reason), "TEXT", "why" },
	{ "namespace", 0, ARG_FLAG, offsetof(struct mute_args, namespace), NULL,
	  "in its whole namespace, not in its workload alone" },
	{ "everywhere", 0, ARG_FLAG, offsetof(struct mute_args, everywhere), NULL,
	  "wherever the rule detects something" },
	{ "off", 0, ARG_FLAG, offsetof(struct mute_args, off), NULL, "it is no longer muted" },
	{ .name = NULL },
};

static bool mute(struct cli *c, struct store *st, struct err *e)
{
	const struct mute_args *a = c->opts;
	enum mute_reach reach = a->everywhere  ? MUTE_EVERYWHERE
				: a->namespace ? MUTE_NAMESPACE
					       : MUTE_THERE;
	struct scope what;
	int64_t until;

	if (!cli_object(st, "alert", c->operand[0], &what, e))
		return false;
	if (a->off)
		return store_unmute(st, what.key[0], e);
	if (!a->until || !read_until(a->until, c->now, &until) || until == 0)
		return err_set(e, ERR_USAGE, "--until: a mute ends some day: 30d, 12w or a date");
	return store_mute(st, what.key[0], reach, until, a->reason, e);
}

/* ---- */

static int act(struct cli *c, const struct command *cmd, size_t least, size_t most,
               bool (*fn)(struct cli *c, struct store *st, struct err *e), struct err *e)
{
	struct store *st;
	bool ok;

	if (!cli_operands(c, cmd, least, most, e) || !cli_open(c, &st, e))
		return cli_exit_code(e);
	ok = fn(c, st, e);
	store_close(st);
	return ok ? CLI_YES : cli_exit_code(e);
}

static int run_assess(struct cli *c, struct err *e)
{
	return act(c, &command_assess, 2, 2, assess, e);
}

static int run_note(struct cli *c, struct err *e)
{
	return act(c, &command_note, 3, 3, note, e);
}

static int run_own(struct cli *c, struct err *e)
{
	return act(c, &command_own, 3, 3, own, e);
}

static int run_due(struct cli *c, struct err *e)
{
	return act(c, &command_due, 3, 3, due, e);
}

static int run_ack(struct cli *c, struct err *e)
{
	return act(c, &command_ack, 1, SIZE_MAX, ack, e);
}

static int run_mute(struct cli *c, struct err *e)
{
	return act(c, &command_mute, 1, 1, mute, e);
}

static int run_alias(struct cli *c, struct err *e)
{
	return act(c, &command_alias, 3, 3, alias, e);
}

const struct command command_assess = {
	.name = "assess",
	.operands = "ITEM|FRAMEWORK:CONTROL pass|fail|partial|n/a",
	.summary = "Answer an item of the checklist, or a control",
	.arg = assess_options,
	.opts_size = sizeof(struct assess_args),
	.run = run_assess,
};
const struct command command_note = {
	.name = "note",
	.operands = "KIND ID TEXT",
	.summary = "Write a note on a thing: image, finding, control, alert, item, ...",
	.run = run_note,
};
const struct command command_own = {
	.name = "own",
	.operands = "KIND ID NAME",
	.summary = "Say who owns a thing; the nearest owner of a finding wins",
	.run = run_own,
};
const struct command command_due = {
	.name = "due",
	.operands = "finding|problem ID DATE|none",
	.summary = "Set an earlier date than the rules say; a later one needs an exception",
	.run = run_due,
};
const struct command command_ack = {
	.name = "ack",
	.operands = "ALERT...",
	.summary = "Acknowledge alerts; alerts only go forward",
	.arg = ack_options,
	.opts_size = sizeof(struct ack_args),
	.run = run_ack,
};
const struct command command_mute = {
	.name = "mute",
	.operands = "ALERT",
	.summary = "Mute the rule of an alert until a date: nobody is called for what it detects",
	.arg = mute_options,
	.opts_size = sizeof(struct mute_args),
	.run = run_mute,
};
const struct command command_alias = {
	.name = "alias",
	.operands = "cluster NAME OTHER",
	.summary = "From now on, OTHER is another name of the cluster NAME",
	.run = run_alias,
};
