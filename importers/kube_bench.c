/* SPDX-License-Identifier: MIT */
/*
 * kube_bench.c - kube-bench's JSON: the CIS Kubernetes benchmarks, checked on one node; also as
 * Starboard keeps it in a cluster, or prints it before that.
 */
#include "importers/kube_bench_text.h"
#include "importers/peek.h"
#include "importers/read.h"
#include "importers/value.h"

#define STORED "CISKubeBenchReport"

enum {
	B_VERSION, B_NODE_TYPE, B_TESTS, B_KIND, B_NAME, B_TIME, B_TOOL, B_BARE_TIME, B_BARE_TOOL,
	B_COUNT
};
static const struct read_field controls_field[B_COUNT] = {
	[B_VERSION]   = { "version" },
	[B_NODE_TYPE] = { "node_type" },
	[B_TESTS]     = { "tests" },
	[B_KIND]      = { "kind" }, /* this and the rest: an object in a cluster */
	[B_NAME]      = { "metadata.name" },
	[B_TIME]      = { "report.updateTimestamp" },
	[B_TOOL]      = { "report.scanner.version" },
	[B_BARE_TIME] = { "updateTimestamp" }, /* these: what the object's report holds */
	[B_BARE_TOOL] = { "scanner.version" },
};

enum { S_SECTION, S_COUNT };
static const struct read_field section_field[S_COUNT] = {
	[S_SECTION] = { "section" },
};

enum {
	C_SELF, C_NUMBER, C_TITLE, C_AUDIT, C_REMEDIATION, C_TYPE, C_SCORED, C_STATUS, C_ACTUAL,
	C_EXPECTED, C_REASON, C_COUNT
};
static const struct read_field check_field[C_COUNT] = {
	[C_SELF]        = { "" },
	[C_NUMBER]      = { "test_number" },
	[C_TITLE]       = { "test_desc" },
	[C_AUDIT]       = { "audit" },
	[C_REMEDIATION] = { "remediation" },
	[C_TYPE]        = { "type" },
	[C_SCORED]      = { "scored" },
	[C_STATUS]      = { "status" },
	[C_ACTUAL]      = { "actual_value" },
	[C_EXPECTED]    = { "expected_result" },
	[C_REASON]      = { "reason" },
};

struct bench {
	struct sink *sink;
	uint64_t     documents; /* whose scan and asset are put */
	bool         any;       /* the file holds a section     */
	struct arena mem;       /* dies with the row            */
};

/*
 * Of every document one scan of one host; the node's name is not in the file, but in the options,
 * unless a cluster kept the report.
 */
static bool put_scan(struct bench *b, const struct read_record *r, struct err *e)
{
	bool bare = read_text(r, B_BARE_TOOL) != NULL;
	const struct record scan = {
		.kind = REC_SCAN,
		.u.scan = {
			.source = "kube-bench",
			.version = read_text(r, bare ? B_BARE_TOOL : B_TOOL),
			.at = read_time(r, bare ? B_BARE_TIME : B_TIME),
		},
	};
	const struct record host = {
		.kind = REC_ASSET,
		.u.asset = {
			.kind = ASSET_HOST,
			.name = str_eq(read_text(r, B_KIND), STORED) ? read_text(r, B_NAME) : NULL,
		},
	};

	return b->sink->put(b->sink, &scan, e) && b->sink->put(b->sink, &host, e);
}

/*
 * A benchmark is named by its file of checks ("cis-1.8", "eks-1.2.0"), of old by its bare version.
 */
static const char *benchmark(struct arena *mem, const struct read_record *controls)
{
	const char *version = read_text(controls, B_VERSION);

	if (version == NULL || version[0] < '0' || version[0] > '9')
		return version;
	return arena_printf(mem, "cis-%s", version);
}

static bool on_controls(void *ctx, const struct read_record *r, struct err *e)
{
	struct bench *b = ctx;
	const char *kind = read_text(r, B_KIND);

	if (read_text(r, B_TESTS) != NULL)
		return err_set(e, ERR_FORMAT, "tests is not an array");
	if (kind != NULL && str_suffix(kind, "List"))
		return true;
	if (b->documents > r->document && !str_eq(kind, STORED))
		return true;
	b->documents = r->document + 1;
	return put_scan(b, r, e);
}

/* The scan is complete for the sections it holds, failed or not. */
static bool on_section(void *ctx, const struct read_record *r, struct err *e)
{
	struct bench *b = ctx;
	const struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION, .scope = read_text(r, S_SECTION) },
	};

	b->any = true;
	if (cover.u.cover.scope == NULL)
		return read_skip(r, "no section", e);
	return b->sink->put(b->sink, &cover, e);
}

/*
 * The tool warns where it could not decide, or where only a person can. Its totals are not used:
 * they do not always agree with the rows.
 */
static enum verdict check_verdict(const struct read_record *r)
{
	static const char *const word[] = { "PASS", "FAIL", "WARN", "INFO" };
	static const enum verdict verdict[] = {
		VERDICT_PASS, VERDICT_FAIL, VERDICT_WARN, VERDICT_INFO,
	};
	int i = str_index(word, LENGTH(word), read_text(r, C_STATUS));

	if (i < 0)
		return VERDICT_COUNT;
	if (verdict[i] == VERDICT_WARN &&
	    (str_ieq(read_text(r, C_TYPE), "manual") || str_ieq(read_text(r, C_SCORED), "false")))
		return VERDICT_MANUAL;
	return verdict[i];
}

static const char *labelled(struct arena *mem, const char *label, const char *text)
{
	size_t n = text == NULL ? 0 : strlen(text);

	while (n > 0 && text[n - 1] == '\n')
		n--;
	return n == 0 ? NULL : arena_printf(mem, "%s: %s", label, arena_dupn(mem, text, n));
}

/* What was found here, and what should have been. */
static const char *check_message(struct arena *mem, const struct read_record *r)
{
	const char *expected = labelled(mem, "expected", read_text(r, C_EXPECTED));
	const char *found = labelled(mem, "found", read_text(r, C_ACTUAL));

	expected = value_join(mem, read_text(r, C_REASON), "; ", expected);
	return value_join(mem, expected, "; ", found);
}

static bool on_check(void *ctx, const struct read_record *r, struct err *e)
{
	struct bench *b = ctx;
	const char *number = read_text(r, C_NUMBER);
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = check_verdict(r),
			.raw     = read_text(r, C_STATUS),
			.scope   = read_text(r->up, S_SECTION),
			.rule    = {
				.text        = read_text(r, C_AUDIT),
				.remediation = read_text(r, C_REMEDIATION),
				.severity    = SEV_UNKNOWN,
			},
		},
	};
	struct rec_check *c = &rec.u.check;

	arena_reset(&b->mem);
	if (read_text(r, C_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (number == NULL)
		return read_skip(r, "no test_number", e);
	if (c->verdict == VERDICT_COUNT)
		return read_skip(r, "unknown status", e);
	c->benchmark = benchmark(&b->mem, r->up->up);
	c->rule.id = value_join(&b->mem, c->benchmark, ":", number);
	c->rule.title = value_title(&b->mem, read_text(r, C_TITLE));
	c->message = check_message(&b->mem, r);
	return b->sink->put(b->sink, &rec, e);
}

/* One object of controls, an array of them, or such an array beside its totals. */
#define CONTROLS(path, below) \
	{ path, controls_field, B_COUNT, on_controls, NULL }, \
	{ below "tests[]", section_field, S_COUNT, on_section, NULL }, \
	{ below "tests[].results[]", check_field, C_COUNT, on_check, NULL }

static const struct read_scope scope[] = {
	CONTROLS("", ""),
	CONTROLS("Controls[]", "Controls[]."),
	CONTROLS("sections[]", "sections[]."),
	CONTROLS("report.sections[]", "report.sections[]."),
	{ "items[]", controls_field, B_COUNT, on_controls, NULL },
	CONTROLS("items[].report.sections[]", "items[].report.sections[]."),
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "Controls[0].tests") || peek_has(p, "Controls[0].node_type"))
		return 100;
	if (str_eq(peek_text(p, "kind"), STORED) || str_eq(peek_text(p, "items[0].kind"), STORED))
		return 100;
	if ((peek_has(p, "node_type") && peek_has(p, "tests")) ||
	    peek_has(p, "sections[0].node_type"))
		return 100;
	if (peek_key_like(p, "Controls", "Controls") && peek_has(p, "Totals.total_pass"))
		return 90;
	return kube_bench_is_text(peek_head(p)) ? 85 : 0;
}

/* Text has no key of the JSON's; JSON behind a banner has. */
static bool is_text(const struct source *src)
{
	struct peek *p = peek_new(src);
	struct err ignored = ERR_INIT; /* whoever reads the source meets it again */
	bool text = !peek_look(p, false, &ignored) || sniff(p) <= 85;

	text = text && kube_bench_is_text(peek_head(p));
	peek_free(p);
	return text;
}

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct bench b = { .sink = out, .mem = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	bool ok;

	if (is_text(src))
		return kube_bench_read_text(src, out, e);
	ok = read_document(src, scope, LENGTH(scope), &b, &how, e);
	if (ok && !b.any)
		ok = err_set(e, ERR_FORMAT, "not a kube-bench report: it holds no tests");
	arena_release(&b.mem);
	return ok;
}

const struct importer importer_kube_bench = {
	.id    = "kube-bench",
	.title = "kube-bench, JSON and text",
	.spec  = "https://github.com/aquasecurity/kube-bench/blob/main/docs/running.md",
	.sniff = sniff,
	.run   = run,
};
