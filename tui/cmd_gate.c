/* SPDX-License-Identifier: MIT */
/* cmd_gate.c - gate: may these images be promoted? For people, scripts and code scanning. */
#include "tui/cli.h"
#include "tui/gate_input.h"

struct gate_args {
	const char *max_age, *format;
};
static const struct arg gate_options[] = {
	{ "max-age", 0, ARG_TEXT, offsetof(struct gate_args, max_age), "AGE",
	  "how old a scan may be: 24h, 7d" },
	{ "format", 'f', ARG_TEXT, offsetof(struct gate_args, format), "FORMAT",
	  "text, json or sarif" },
	{ .name = NULL },
};

static bool read_age(const char *text, int64_t *out, struct err *e)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {
		{ 'm', 60 },
		{ 'h', 3600 },
		{ 'd', DAY_S },
		{ 'w', 7 * DAY_S },
	};
	size_t len = text ? strlen(text) : 0;
	char number[16] = "";

	*out = 0;
	if (!text)
		return true;
	for (size_t i = 0; len > 1 && len <= sizeof(number) && i < LENGTH(units); i++) {
		if (text[len - 1] != units[i].unit)
			continue;
		memcpy(number, text, len - 1);
		if (str_int64(number, 0, 1000000, out)) {
			*out *= units[i].seconds;
			return true;
		}
	}
	return err_set(e, ERR_USAGE, "--max-age %s: wants an age such as 24h or 7d", text);
}

/* ---- one answer ---- */

static bool refused(const struct gate_answer *a)
{
	for (size_t i = 0; i < a->nreason; i++)
		if (!a->reason[i].evidence)
			return true;
	return false;
}

/* 1 before 3 where both hold. */
static int gate_code(const struct gate_answer *a)
{
	return a->admitted ? CLI_YES : refused(a) ? CLI_NO : CLI_EVIDENCE;
}

static void print_gate(struct out *o, const struct gate_answer *a)
{
	text_line(o, "%s: %s  %s  (policy %s)",
		  a->admitted  ? "PASS"
		  : refused(a) ? "REFUSED"
			       : "NO EVIDENCE",
		  a->name, a->digest, a->policy);
	for (size_t i = 0; i < a->nreason; i++) {
		const struct gate_reason *r = &a->reason[i];
		bool named = strchr(a->policy, ',') && !str_empty(r->policy);

		text_line(o, "  %s  %-24s %s%s%s%s", r->evidence ? "?" : "-", r->rule, r->text,
			  named ? "  [" : "", named ? r->policy : "", named ? "]" : "");
		if (r->fix)
			text_line(o, "     %-24s fix: %s", "", r->fix);
	}
}

/* ---- all of them ---- */

static int worse(int a, int b)
{
	static const int rank[] = {
		[CLI_YES] = 0, [CLI_EVIDENCE] = 1, [CLI_NO] = 2, [CLI_USAGE] = 3, [CLI_ERROR] = 4
	};

	return rank[a] > rank[b] ? a : b;
}

/* One that was never seen is an answer too: nothing is known of it, or of which of several. */
static void never_seen(struct cli *c, const char *image, struct gate_answer *out, struct err *e)
{
	struct gate_reason *r = arena_new(&c->mem, struct gate_reason);

	*r = out->image
		? (struct gate_reason){ .rule = "image.ambiguous",
					.text = arena_dup(&c->mem, e->text),
					.fix = "name it by its digest",
					.policy = "",
					.evidence = true }
		: (struct gate_reason){ .rule = "image.unknown",
					.text = "this image was never seen",
					.fix = "scan it, and import the report",
					.policy = "",
					.evidence = true };
	*out = (struct gate_answer){
		.name = image, .digest = "", .policy = "none", .reason = r, .nreason = 1
	};
	*e = (struct err)ERR_INIT;
}

static bool same_answer(const struct gate_answer *a, const struct gate_answer *b)
{
	if (!a->image || a->image != b->image || a->nreason != b->nreason)
		return false;
	for (size_t i = 0; i < a->nreason; i++)
		if (!str_eq(a->reason[i].text, b->reason[i].text))
			return false;
	return true;
}

/* In a list one image may stand under its name and its digest: it is answered once. */
static bool answered(const struct gate_answer *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same_answer(&a[i], &a[n]))
			return true;
	return false;
}

enum gate_format { GATE_TEXT, GATE_JSON, GATE_SARIF };

static bool ask(struct cli *c, struct store *st, const struct gate_input *in, int64_t age,
		enum gate_format format, struct gate_answer *out, size_t *n, struct err *e)
{
	bool alone = in->n == 1 && !in->listed && format == GATE_TEXT; /* a person who mistypes */

	*n = 0;
	for (size_t i = 0; i < in->n; i++) {
		if (!store_gate(st, in->image[i], c->policy, age, &c->mem, &out[*n], e)) {
			if (e->kind != ERR_EVIDENCE || alone)
				return false;
			never_seen(c, in->image[i], &out[*n], e);
		}
		*n += !in->listed || !answered(out, *n);
	}
	return true;
}

static bool read_format(const struct cli *c, enum gate_format *out, struct err *e)
{
	static const char *const words[] = { "text", "json", "sarif" };
	const struct gate_args *a = c->opts;
	int i = a->format ? str_index(words, LENGTH(words), a->format)
			  : (c->json ? GATE_JSON : GATE_TEXT);

	if (i < 0)
		return err_set(e, ERR_USAGE, "--format %s: there are text, json and sarif",
			       a->format);
	*out = (enum gate_format)i;
	return true;
}

static int tell(struct out *o, const struct gate_answer *a, size_t n, enum gate_format format,
		struct err *e)
{
	int code = CLI_YES;

	for (size_t i = 0; i < n; i++) {
		code = worse(code, gate_code(&a[i]));
		if (format == GATE_TEXT)
			print_gate(o, &a[i]);
		else if (format == GATE_JSON)
			json_gate(o, &a[i]);
	}
	if (format == GATE_SARIF)
		sarif_gate(o, a, n);
	return cli_close(o, code, e);
}

static int run_gate(struct cli *c, struct err *e)
{
	const struct gate_args *args = c->opts;
	enum gate_format format = GATE_TEXT;
	struct gate_input in = { NULL, 0, false };
	struct gate_answer *answer;
	struct store *st;
	struct out *o;
	int64_t age;
	size_t n = 0;
	int code;
	bool ok;

	if (!cli_operands(c, &command_gate, 1, SIZE_MAX, e) || !read_age(args->max_age, &age, e) ||
	    !read_format(c, &format, e) || !gate_input(c, &in, e) || !cli_open(c, &st, e))
		return cli_exit_code(e);
	answer = arena_array(&c->mem, struct gate_answer, in.n + 1);
	ok = ask(c, st, &in, age, format, answer, &n, e);
	o = cli_out();
	cli_tell_past(st, format != GATE_TEXT, o);
	code = ok ? tell(o, answer, n, format, e) : cli_close(o, cli_exit_code(e), e);
	store_close(st); /* which owns words of the answers */
	return code;
}

const struct command command_gate = {
	.name = "gate",
	.operands = "IMAGE...|-",
	.summary = "May an image be promoted? Says every reason against it, and the fix",
	.more = "IMAGE is a name (the image that holds it now), a digest or its beginning. With - "
		"images\n"
		"are read from standard input: one a line, or what kubectl get -o json prints of "
		"pods\n"
		"and workloads. All policies in an image's scope are asked; --policy asks one "
		"alone.\n"
		"Exit status: 0 yes, 1 refused, 3 no evidence or too old.",
	.arg = gate_options,
	.opts_size = sizeof(struct gate_args),
	.run = run_gate,
	.reads = true,
};
