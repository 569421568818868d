/* SPDX-License-Identifier: MIT */
/* cmd_audit.c - `audit export|sign|keygen` and `verify`: the trail, with the store and without. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/report.h"
#include "tui/cli.h"

#define EXPORT_MAX ((size_t)2 * 1024 * 1024 * 1024)

/* ---- export: one object a line ---- */

struct audit_args {
	const char *output, *key;
};
static const struct arg audit_options[] = {
	{ "output", 'o', ARG_TEXT, offsetof(struct audit_args, output), "FILE",
	  "write the export to this file" },
	{ "key", 0, ARG_TEXT, offsetof(struct audit_args, key), "FILE",
	  "Ed25519 key (PEM): the private one to sign with, or the one to make" },
	{ .name = NULL },
};

static bool put_record(void *ctx, const struct audit_record *r, struct err *e)
{
	json_audit(ctx, r);
	return !out_failed(ctx) || err_set(e, ERR_IO, "the export cannot be written");
}

static bool export_trail(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct audit_args *a = c->opts;
	struct out *file = a->output ? out_file(a->output) : o;
	bool ok = store_audit_each(st, put_record, file, e);

	if (file == o)
		return ok;
	if (ok)
		return out_close(file, e);
	out_discard(file);
	return false;
}

static bool sign_trail(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct audit_args *a = c->opts;
	char head[2 * SHA256_SIZE + 1];
	int64_t seq;

	if (!a->key)
		return err_set(e, ERR_USAGE, "audit sign: --key FILE says with which key");
	if (!store_sign(st, a->key, &seq, head, e))
		return false;
	out_printf(o, "signed #%" PRId64 "\nanchor %" PRId64 ":%s\n", seq, seq, head);
	return true;
}

static bool make_key(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct audit_args *a = c->opts;

	(void)st;
	if (!a->key)
		return err_set(e, ERR_USAGE, "audit keygen: --key FILE says where to write it");
	if (!sign_make_key(a->key, e))
		return false;
	text_line(o, "private key %s, public key %s.pub", a->key, a->key);
	return true;
}

static int run_audit(struct cli *c, struct err *e)
{
	static const struct {
		const char *word;
		bool store;
		bool (*run)(struct cli *c, struct store *st, struct out *o, struct err *e);
	} acts[] = {
		{ "export", true, export_trail },
		{ "sign", true, sign_trail },
		{ "keygen", false, make_key },
	};
	struct store *st = NULL;
	struct out *o;
	size_t i = 0;
	bool ok;

	if (!cli_operands(c, &command_audit, 1, 1, e))
		return CLI_USAGE;
	while (i < LENGTH(acts) && !str_eq(acts[i].word, c->operand[0]))
		i++;
	if (i == LENGTH(acts)) {
		err_set(e, ERR_USAGE, "audit %s: there are export, sign and keygen",
		        c->operand[0]);
		return CLI_USAGE;
	}
	if (acts[i].store && !cli_open(c, &st, e))
		return cli_exit_code(e);
	o = cli_out();
	ok = acts[i].run(c, st, o, e);
	store_close(st);
	return cli_finish(o, ok, e);
}

const struct command command_audit = {
	.name = "audit",
	.operands = "export|sign|keygen",
	.summary = "The audit trail as a file; its head signed with a key",
	.more = "`verify FILE` checks an export without the store. `audit sign` makes the\n"
		"signature a record of the trail and prints an anchor, SEQ:HASH, to keep\n"
		"elsewhere: `verify --anchor` finds what was cut off or written anew before it.",
	.arg = audit_options,
	.opts_size = sizeof(struct audit_args),
	.run = run_audit,
};

/* ---- verify ---- */

struct verify_args {
	const char *key, *anchor;
};
static const struct arg verify_options[] = {
	{ "key", 0, ARG_TEXT, offsetof(struct verify_args, key), "FILE",
	  "public key (PEM): only its signatures vouch for the trail" },
	{ "anchor", 0, ARG_TEXT, offsetof(struct verify_args, anchor), "SEQ:HASH",
	  "of a report's footer or a signature, kept elsewhere" },
	{ .name = NULL },
};

static bool read_hex(const char *s, uint8_t *out, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < 2 * n; i++) {
		const char *at = s[i] ? strchr(digits, s[i]) : NULL;

		if (!at)
			return false;
		out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] << 4 | (at - digits) : at - digits);
	}
	return s[2 * n] == '\0';
}

/* SEQ:HASH */
static bool parse_anchor(const char *s, struct anchor *out)
{
	size_t len = strcspn(s, ":");
	char seq[24] = "";

	if (len < sizeof(seq))
		memcpy(seq, s, len);
	return str_int64(seq + (*seq == '#'), 1, INT64_MAX, &out->seq) && s[len] &&
	       read_hex(s + len + 1, out->head, SHA256_SIZE);
}

static bool read_anchor(const struct verify_args *a, struct anchor *out, struct err *e)
{
	*out = (struct anchor){ .by_key = a->key != NULL };
	if (a->key && !sign_public(a->key, out->key, e))
		return false;
	return !a->anchor || parse_anchor(a->anchor, out) ||
	       err_set(e, ERR_USAGE, "--anchor %s: wants SEQ:HASH, 64 hexadecimal digits",
	               a->anchor);
}

/* A text, or its bytes in base64 where it is no UTF-8; "" where neither is there. */
static const char *text_of(const json_t *j, const char *name, struct arena *mem)
{
	const json_t *v = json_object_get(j, name);
	const char *text = json_string_value(json_object_get(v, "base64"));
	size_t n;

	if (text)
		text = base64_decode(mem, text, &n);
	else
		text = json_string_value(v);
	return text ? text : "";
}

static bool read_record(const json_t *j, struct arena *mem, struct audit_record *r)
{
	*r = (struct audit_record){
		.seq = json_integer_value(json_object_get(j, "seq")),
		.at = json_integer_value(json_object_get(j, "at")),
		.actor = text_of(j, "actor", mem),
		.act = text_of(j, "act", mem),
		.object = text_of(j, "object", mem),
		.before = text_of(j, "before", mem),
		.after = text_of(j, "after", mem),
	};
	return read_hex(text_of(j, "prev", mem), r->prev, SHA256_SIZE) &&
	       read_hex(text_of(j, "hash", mem), r->hash, SHA256_SIZE);
}

/* The time for people is of the same second, and nothing stands there that no hash covers. */
static bool says_only(json_t *j, const struct audit_record *r)
{
	static const char *const names[] = { "seq", "at", "time", "actor", "act", "object",
	                                     "before", "after", "prev", "hash" };
	const char *name;
	json_t *value;
	char time[21];

	json_object_foreach(j, name, value)
		if (str_index(names, LENGTH(names), name) < 0)
			return false;
	time_print(r->at, time);
	return str_eq(json_string_value(json_object_get(j, "time")), time);
}

/* A member that stands there twice says two things. */
static json_t *load_line(const char *s, size_t len, bool *once)
{
	json_t *j = json_loadb(s, len, JSON_REJECT_DUPLICATES, NULL);

	*once = j != NULL;
	return j ? j : json_loadb(s, len, 0, NULL);
}

static bool check_lines(char *s, struct audit_check *check, struct err *e)
{
	struct arena mem = ARENA_INIT;
	bool ok = true;

	for (int line = 1; ok && *s; line++) {
		size_t len = strcspn(s, "\n");
		bool once;
		json_t *j = load_line(s, len, &once);
		struct audit_record r;

		ok = read_record(j, &mem, &r) ||
		     err_set(e, ERR_FORMAT, "line %d: no record of an audit trail", line);
		if (ok)
			audit_check_add(check, &r);
		if (ok && !(once && says_only(j, &r)))
			audit_check_other(check, r.seq);
		json_decref(j);
		arena_reset(&mem);
		s += len + (s[len] == '\n');
	}
	arena_release(&mem);
	return ok;
}

static bool verify_export(char *text, const struct anchor *want, struct verify_answer *v,
                          struct err *e)
{
	struct audit_check check;

	audit_check_begin(&check, want, v);
	if (!check_lines(text, &check, e))
		return false;
	audit_check_end(&check);
	return true;
}

static bool verify_store(struct cli *c, const struct anchor *want, struct verify_answer *v,
                         struct err *e)
{
	struct store *st;
	bool ok;

	if (!cli_open(c, &st, e))
		return false;
	ok = store_verify(st, want, v, e);
	store_close(st);
	return ok;
}

/* ---- of a report: is this the trail it was written from? ---- */

static bool is_export(const char *text)
{
	struct arena mem = ARENA_INIT;
	json_t *j = json_loadb(text, strcspn(text, "\n"), 0, NULL);
	struct audit_record r;
	bool yes = j && read_record(j, &mem, &r);

	json_decref(j);
	arena_release(&mem);
	return yes;
}

/* Its footer: the last place of that name, whatever else it quotes. NULL: no report. */
static const char *footer_of(const char *text)
{
	const char *at = NULL;

	for (const char *s = text; (s = strstr(s, REPORT_ANCHOR)) != NULL; at = s)
		s += strlen(REPORT_ANCHOR);
	return at;
}

/* What stands between the name and the anchor is the format's. */
static bool read_footer(const char *footer, struct anchor *out)
{
	const char *s = footer + strcspn(footer, "0123456789\n");
	char anchor[20 + 2 * SHA256_SIZE + 1];
	size_t n = strspn(s, "0123456789abcdef:");

	if (n >= sizeof(anchor))
		return false;
	memcpy(anchor, s, n);
	anchor[n] = '\0';
	return parse_anchor(anchor, out);
}

static bool verify_report(struct cli *c, const char *footer, struct anchor *want,
                          struct verify_answer *v, struct err *e)
{
	if (want->seq > 0)
		return err_set(e, ERR_USAGE, "--anchor: a report brings its own");
	if (!read_footer(footer, want))
		return err_set(e, ERR_EVIDENCE,
		               "its footer has no anchor: nothing can be said of its trail");
	return verify_store(c, want, v, e);
}

static bool verify_file(struct cli *c, const char *path, struct anchor *want,
                        struct verify_answer *v, struct err *e)
{
	struct buf text = BUF_INIT;
	const char *footer = NULL;
	bool ok = file_read(path, EXPORT_MAX, &text, e);

	if (ok && !is_export(text.s))
		footer = footer_of(text.s);
	ok = ok && (footer ? verify_report(c, footer, want, v, e)
	                   : verify_export(text.s, want, v, e));
	if (!ok)
		(void)err_context(e, "%s", path);
	buf_release(&text);
	return ok;
}

/* The chain tells the order; the times are as who acted had them. */
static void print_backdated(struct out *o, const struct verify_answer *v)
{
	if (v->backdated == 1)
		out_printf(o, "record #%" PRId64 " is dated before one ahead of it\n",
		           v->first_backdated);
	else if (v->backdated > 1)
		out_printf(o, "%" PRId64 " records are dated before one ahead of them, from #%"
		              PRId64 " on\n", v->backdated, v->first_backdated);
}

static void print_answer(struct out *o, const struct verify_answer *v)
{
	if (!v->intact) {
		text_line(o, "TAMPERED: record #%" PRId64 ": %s", v->bad_seq, v->reason);
		return;
	}
	out_printf(o, "intact: %" PRId64 " record%s, head #%" PRId64 " %s\n", v->records,
	           v->records == 1 ? "" : "s", v->seq, v->head);
	if (v->anchored == 0)
		out_puts(o, "nothing outside the trail vouches for it: see audit sign, --anchor\n");
	else
		out_printf(o, "vouched for up to #%" PRId64 " by %s%s; %" PRId64
		              " record%s on the trail alone\n", v->anchored,
		           *v->key ? "key " : "the anchor", v->key, v->seq - v->anchored,
		           v->seq - v->anchored == 1 ? " after it rests" : "s after it rest");
	print_backdated(o, v);
}

static int run_verify(struct cli *c, struct err *e)
{
	const struct verify_args *a = c->opts;
	struct verify_answer v;
	struct anchor want;
	struct out *o;

	if (!cli_operands(c, &command_verify, 0, 1, e) || !read_anchor(a, &want, e))
		return cli_exit_code(e);
	if (!(c->noperand ? verify_file(c, c->operand[0], &want, &v, e)
	                  : verify_store(c, &want, &v, e)))
		return cli_exit_code(e);
	if (v.intact && want.by_key && !*v.key) {
		err_set(e, ERR_EVIDENCE, "%s: no record of the trail is signed by this key",
		        a->key);
		return cli_exit_code(e);
	}
	o = cli_out();
	if (c->json)
		json_verify(o, &v);
	else
		print_answer(o, &v);
	return cli_close(o, v.intact ? CLI_YES : CLI_NO, e);
}

const struct command command_verify = {
	.name = "verify",
	.operands = "[FILE]",
	.summary = "Check the audit trail, the store's, an export's or a report's, from its start",
	.more = "Every record's hash, its link to the one before, signatures, and in a store\n"
		"the evidence that was attached, and the exceptions and answers that records\n"
		"tell of. Of a report (HTML, Markdown, JSON, CSV) the anchor in its footer is\n"
		"looked for in the store's trail, and what came after it is counted; what the\n"
		"report says is not judged. Exit status: 0 intact, 1 a record, or what it tells\n"
		"of, was changed, inserted, taken out, moved or cut off, 3 not signed by the key\n"
		"that was given, or a report without an anchor.",
	.arg = verify_options,
	.opts_size = sizeof(struct verify_args),
	.run = run_verify,
	.reads = true,
};
