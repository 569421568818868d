/* SPDX-License-Identifier: MIT */
/* cmd_show.c - `seaworthy show`: one thing in full. */
#include <inttypes.h>

#include "tui/cli.h"
#include "tui/sheet.h"

struct showing {
	struct cli *cli;
	struct store *st;
	struct out *out;
};

static void print_time(struct out *o, const char *label, int64_t t)
{
	char text[21];

	if (t <= 0 || t == DUE_NONE)
		return;
	time_print(t, text);
	text_line(o, "%-12s %s", label, text);
}

static void print_text(struct out *o, const char *label, const char *text)
{
	if (!str_empty(text))
		text_line(o, "%-12s %s", label, text);
}

static void print_open(struct out *o, const char *label, const int64_t open[static SEV_COUNT])
{
	out_printf(o, "%-12s", label);
	for (int s = 0; s < SEV_COUNT; s++)
		out_printf(o, " %" PRId64 " %s", open[s], severity_word((enum severity)s));
	out_puts(o, "\n");
}

static void print_notes(struct out *o, const struct note *note, size_t n)
{
	char at[21];

	for (size_t i = 0; i < n; i++) {
		time_print(note[i].at, at);
		text_line(o, "%-12s %s %s: %s", i ? "" : "notes", at, note[i].actor,
		           note[i].text);
	}
}

static void print_history(struct out *o, const struct history *h, size_t n)
{
	char at[21];

	for (size_t i = 0; i < n; i++) {
		time_print(h[i].at, at);
		text_line(o, "%-12s %s %s %s %s", i ? "" : "history", at, h[i].what,
		           h[i].who ? h[i].who : "", h[i].text ? h[i].text : "");
	}
}

static void print_controls(struct out *o, const char *label, const struct control_ref *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_line(o, "%-12s %s %s %s: %s", i ? "" : label, c[i].framework, c[i].ident,
		           control_word(c[i].word), c[i].title);
}

/* ---- */

/* "decided  accepted by mlee, approved by chief, until 2026-12-20T00:00:00Z: behind the proxy" */
static void print_decisions(struct out *o, const struct finding_detail *d)
{
	for (size_t i = 0; i < d->ndecision; i++) {
		const struct verdict_on *v = &d->decision[i];
		bool approved = !str_empty(v->approver);
		char until[21] = "no end";

		if (v->until != DUE_NONE)
			time_print(v->until, until);
		text_line(o, "%-12s %s by %s%s%s%s, until %s: %s",
		          v->holds ? "decided" : i ? "" : "decisions", state_word(v->state),
		          str_empty(v->who) ? "nobody named" : v->who,
		          v->machine ? " (statement)" : "", approved ? ", approved by " : "",
		          approved ? v->approver : "", until,
		          str_empty(v->reason) ? v->justification : v->reason);
	}
}

static bool show_finding(struct showing *s, const struct scope *what, struct err *e)
{
	struct finding_detail d;
	struct out *o = s->out;

	if (!store_finding(s->st, what->key, &s->cli->mem, &d, e))
		return false;
	if (s->cli->json) {
		json_finding(o, &d, s->cli->now);
		return true;
	}
	text_line(o, "%s %s %s  %s", d.name, severity_word(d.severity), state_word(d.state),
	           d.title ? d.title : "");
	print_text(o, asset_kind_word(d.asset_kind), d.asset_name);
	if (d.package)
		text_line(o, "%-12s %s %s %s", "package", d.package_type, d.package, d.version);
	print_text(o, "fixed in", d.fixed_in);
	print_text(o, "place", d.place);
	print_text(o, "message", d.message);
	for (size_t i = 0; i < d.nlocation; i++)
		print_text(o, i ? "" : "at", d.location[i]);
	print_text(o, "severity", d.why);
	if (d.vector_score >= 0 && d.score >= 0 && d.vector_score != d.score)
		text_line(o, "%-12s the vector %s says %d.%d, not %d.%d", "cvss", d.vector,
		          d.vector_score / 10, d.vector_score % 10, d.score / 10, d.score % 10);
	print_text(o, "risk", d.risk_why);
	print_time(o, "since", d.since);
	print_time(o, "due", d.due);
	print_text(o, "due by", d.due_rule);
	print_time(o, "clock since", d.clock_start);
	print_controls(o, "controls", d.control, d.ncontrol);
	print_history(o, d.history, d.nhistory);
	print_decisions(o, &d);
	print_notes(o, d.note, d.nnote);
	return true;
}

static bool show_image(struct showing *s, const struct scope *what, struct err *e)
{
	struct image_detail d;
	struct out *o = s->out;
	struct buf sign = BUF_INIT;

	if (!store_image(s->st, what->key[0], &s->cli->mem, &d, e))
		return false;
	if (s->cli->json) {
		json_image(o, &d);
		return true;
	}
	text_line(o, "%s", d.name);
	for (size_t i = 0; i < d.ndigest; i++)
		print_text(o, i ? "" : "digests", d.digest[i]);
	for (size_t i = 0; i < d.nnames; i++)
		print_text(o, i ? "" : "names", d.names[i]);
	print_text(o, "system", d.os);
	print_text(o, "base", d.base);
	print_open(o, "open", d.open);
	print_time(o, "scanned", d.scanned_at);
	print_time(o, "due", d.due);
	print_signature(&d, &sign);
	print_text(o, "signature", sign.s);
	buf_release(&sign);
	print_text(o, "gate", d.gate);
	print_text(o, "admission", d.admission);
	print_text(o, "owner", d.owner);
	for (size_t i = 0; i < d.nruns_in; i++)
		print_text(o, i ? "" : "runs in", d.runs_in[i]);
	print_controls(o, "controls", d.control, d.ncontrol);
	print_notes(o, d.note, d.nnote);
	return true;
}

static bool show_control(struct showing *s, const struct scope *what, struct err *e)
{
	struct control_detail d;
	struct out *o = s->out;

	if (!store_control(s->st, what->key[0], &s->cli->mem, &d, e))
		return false;
	if (s->cli->json) {
		json_control(o, &d, s->cli->now);
		return true;
	}
	text_line(o, "%s %s %s", d.framework, d.ident, d.title);
	if (!str_empty(d.text))
		text_line(o, "%-12s %s", "asks", d.text);
	text_line(o, "%-12s %s: %s", "is", control_word(d.word), d.why);
	text_line(o, "%-12s %d of %d classes", "tested", d.tested, d.classes);
	print_time(o, "evidence", d.newest);
	for (size_t i = 0; i < d.nclass; i++)
		text_line(o, "%-12s %s: %" PRId64 " open, %" PRId64 " passed",
		           i ? "" : "classes", d.class_ref[i].name, d.class_ref[i].open,
		           d.class_ref[i].passed);
	print_controls(o, "also", d.also, d.nalso);
	print_history(o, d.history, d.nhistory);
	print_notes(o, d.note, d.nnote);
	return true;
}

static bool show_alert(struct showing *s, const struct scope *what, struct err *e)
{
	struct alert_detail d;
	struct out *o = s->out;

	if (!store_alert(s->st, what->key[0], &s->cli->mem, &d, e))
		return false;
	if (s->cli->json) {
		json_alert(o, &d, s->cli->now);
		return true;
	}
	text_line(o, "%s %s %s", d.rule, priority_word(d.priority), alert_state_word(d.state));
	print_text(o, "cluster", d.cluster);
	print_text(o, "namespace", d.namespace);
	print_text(o, "workload", d.workload);
	print_text(o, "pod", d.pod);
	print_text(o, "container", d.container);
	print_text(o, "image", d.image);
	print_time(o, "first", d.first_ns / NS_PER_S);
	print_time(o, "last", d.last_ns / NS_PER_S);
	text_line(o, "%-12s %" PRId64, "events", d.events);
	print_time(o, "acknowledge", d.ack_due);
	print_time(o, "contain", d.contain_due);
	print_time(o, "close", d.close_due);
	print_time(o, "report", d.report_due);
	print_time(o, "reported", d.reported);
	print_controls(o, "controls", d.control, d.ncontrol);
	print_history(o, d.history, d.nhistory);
	print_notes(o, d.note, d.nnote);
	return true;
}

static void print_assessment(struct out *o, const struct item_detail *d)
{
	text_line(o, "%-12s %s%s%s%s%s", "assessment", assess_step_word(d->state.step),
	          d->state.who ? ", assigned to " : "", d->state.who ? d->state.who : "",
	          str_empty(d->state.note) ? "" : ": ", d->state.note ? d->state.note : "");
	for (size_t i = 0; i < d->npiece; i++)
		text_line(o, "%-12s #%" PRId64 " %s %s%s %.12s", i ? "" : "attached",
		          d->piece[i].id, d->piece[i].name, d->piece[i].link,
		          *d->piece[i].link ? "" : "sha256", d->piece[i].sha256);
	for (size_t i = 0; i < d->nsample; i++)
		text_line(o, "%-12s #%" PRId64 " %zu of %" PRId64 " %s, seed %" PRId64,
		          i ? "" : "samples", d->sample[i].id, d->sample[i].nrow,
		          d->sample[i].population, d->sample[i].list, d->sample[i].seed);
}

static bool show_item(struct showing *s, const struct scope *what, struct err *e)
{
	struct item_detail d;
	struct out *o = s->out;

	if (!store_item(s->st, what->key[0], &s->cli->mem, &d, e))
		return false;
	if (s->cli->json) {
		json_item(o, &d);
		return true;
	}
	text_line(o, "%s %s", d.ident, d.title);
	print_text(o, "why", d.why);
	print_text(o, "verify", d.verify);
	print_text(o, "evidence", d.evidence);
	text_line(o, "%-12s %s: %s", "data says", control_word(d.data), d.data_why);
	for (size_t i = 0; i < d.nanswer; i++) {
		char at[21];

		time_print(d.answer[i].at, at);
		text_line(o, "%-12s %s %s: %s %s", i ? "" : "answers", at, d.answer[i].actor,
		           answer_word(d.answer[i].answer), d.answer[i].note);
	}
	print_assessment(o, &d);
	print_controls(o, "controls", d.control, d.ncontrol);
	return true;
}

static int run(struct cli *c, struct err *e)
{
	static const struct {
		const char *kind;
		bool (*show)(struct showing *s, const struct scope *what, struct err *e);
	} kinds[] = {
		{ "finding", show_finding }, { "image", show_image }, { "control", show_control },
		{ "alert", show_alert },     { "item", show_item },
	};
	struct showing s = { .cli = c };
	struct scope what;
	size_t i = 0;
	bool ok;

	if (!cli_operands(c, &command_show, 2, 2, e))
		return CLI_USAGE;
	while (i < LENGTH(kinds) && !str_eq(kinds[i].kind, c->operand[0]))
		i++;
	if (i == LENGTH(kinds)) {
		err_set(e, ERR_USAGE,
		        "%s cannot be shown; there are image, finding, control, alert and item",
		        c->operand[0]);
		return CLI_USAGE;
	}
	if (!cli_open(c, &s.st, e))
		return cli_exit_code(e);
	s.out = cli_out();
	cli_tell_past(s.st, c->json, s.out);
	ok = cli_object(s.st, c->operand[0], c->operand[1], &what, e) &&
	     kinds[i].show(&s, &what, e);
	store_close(s.st);
	if (!ok) {
		out_discard(s.out);
		return cli_exit_code(e);
	}
	return cli_close(s.out, CLI_YES, e);
}

const struct command command_show = {
	.name = "show",
	.operands = "image|finding|control|alert|item ID",
	.summary = "Show one thing in full",
	.more = "ID: an image's name or digest; a finding's A-B-C, or its name if that is open in\n"
		"one place only (CVE-2023-4911); FRAMEWORK:CONTROL; an alert's number; the name\n"
		"of an item (CN-DATA-01).",
	.run = run,
	.reads = true,
};
