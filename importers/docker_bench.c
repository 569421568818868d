/* SPDX-License-Identifier: MIT */
/* docker_bench.c - docker-bench-security's JSON: the CIS Docker benchmark, checked on one host. */
#include "importers/docker_bench.h"
#include "importers/peek.h"
#include "importers/read.h"
#include "importers/value.h"

enum { R_VERSION, R_START, R_TESTS, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_VERSION] = { "dockerbenchsecurity" },
	[R_START]   = { "start" },
	[R_TESTS]   = { "tests" },
};

enum { S_ID, S_COUNT };
static const struct read_field section_field[S_COUNT] = {
	[S_ID] = { "id" },
};

enum { C_SELF, C_ID, C_TITLE, C_RESULT, C_DETAILS, C_ITEMS, C_REMEDIATION, C_COUNT };
static const struct read_field check_field[C_COUNT] = {
	[C_SELF]        = { "" },
	[C_ID]          = { "id" },
	[C_TITLE]       = { "desc" },
	[C_RESULT]      = { "result" },
	[C_DETAILS]     = { "details" },
	[C_ITEMS]       = { "items", READ_LIST },
	[C_REMEDIATION] = { "remediation" },
};

struct bench {
	struct sink *sink;
	bool         any;       /* the file holds a report                              */
	const char  *benchmark; /* whose numbers are another benchmark's; NULL: today's */
	struct arena outer;     /* dies with the file */
	struct arena mem;       /* dies with the row  */
};

/*
 * Numbers moved in 1.3.6 and have stood since: 2.1 is another check before. A check of an older
 * script carries its version, so that nobody takes it for what the number means today.
 */
const char *docker_bench_benchmark(struct arena *mem, const char *version)
{
	static const int64_t since[] = { 1, 3, 6 };
	const char *s = version;
	int64_t part;
	size_t i, n;

	for (i = 0; i < LENGTH(since); i++) {
		n = strspn(s, "0123456789");
		if (!str_int64(arena_dupn(mem, s, n), 0, INT32_MAX, &part) || part > since[i])
			return NULL;
		if (part < since[i])
			return arena_printf(mem, "docker-bench-%s", version);
		s += n + (s[n] == '.');
	}
	return NULL;
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct bench *b = ctx;
	const char *version = read_text(r, R_VERSION);
	struct record scan = {
		.kind = REC_SCAN,
		.u.scan = { .source = "docker-bench", .version = version },
	};
	const struct record host = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_HOST } };

	if (version == NULL)
		return err_set(e, ERR_FORMAT, "no docker-bench report: no dockerbenchsecurity");
	if (read_text(r, R_TESTS) != NULL)
		return err_set(e, ERR_FORMAT, "tests is not an array");
	if (!read_int(r, R_START, 1, INT32_MAX, &scan.u.scan.at))
		scan.u.scan.at = 0;
	b->any = true;
	b->benchmark = docker_bench_benchmark(&b->outer, version);
	return b->sink->put(b->sink, &scan, e) && b->sink->put(b->sink, &host, e);
}

/* Sections that are not there were not run: the scan is complete for those that are. */
static bool on_section(void *ctx, const struct read_record *r, struct err *e)
{
	struct bench *b = ctx;
	const struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION, .scope = read_text(r, S_ID) },
	};

	if (cover.u.cover.scope == NULL)
		return read_skip(r, "no id", e);
	return b->sink->put(b->sink, &cover, e);
}

/* There is no word for failure: WARN is one. NOTE is for a person to look at. */
enum verdict docker_bench_verdict(const char *result)
{
	static const char *const word[] = { "PASS", "WARN", "INFO", "NOTE" };
	static const enum verdict verdict[] = {
		VERDICT_PASS, VERDICT_FAIL, VERDICT_INFO, VERDICT_MANUAL,
	};
	int i = str_index(word, LENGTH(word), result);

	return i < 0 ? VERDICT_COUNT : verdict[i];
}

/* Details name the items as well; older scripts write the one, and newer ones both. */
static const char *message(struct arena *mem, const struct read_record *r)
{
	const char *all = NULL, *s = NULL;

	if (read_text(r, C_DETAILS) != NULL)
		return read_text(r, C_DETAILS);
	while ((s = read_item(r, C_ITEMS, s)) != NULL)
		all = value_join(mem, all, ", ", s);
	return all;
}

static bool on_check(void *ctx, const struct read_record *r, struct err *e)
{
	struct bench *b = ctx;
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind      = FINDING_MISCONFIGURATION,
			.benchmark = b->benchmark,
			.verdict   = docker_bench_verdict(read_text(r, C_RESULT)),
			.raw       = read_text(r, C_RESULT),
			.scope     = read_text(r->up, S_ID),
			.rule      = {
				.remediation = read_text(r, C_REMEDIATION),
				.severity    = SEV_UNKNOWN,
			},
		},
	};
	struct rec_check *c = &rec.u.check;

	if (read_text(r, C_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (read_text(r, C_ID) == NULL)
		return read_skip(r, "no id", e);
	if (c->verdict == VERDICT_COUNT)
		return read_skip(r, "unknown result", e);
	arena_reset(&b->mem);
	c->rule.id = value_join(&b->mem, b->benchmark, ":", read_text(r, C_ID));
	c->rule.title = value_title(&b->mem, read_text(r, C_TITLE));
	c->message = message(&b->mem, r);
	return b->sink->put(b->sink, &rec, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report },
	{ "tests[]", section_field, S_COUNT, on_section },
	{ "tests[].results[]", check_field, C_COUNT, on_check },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "dockerbenchsecurity"))
		return 100;
	return docker_bench_is_text(peek_head(p)) ? 95 : 0;
}

static bool is_text(const struct source *src)
{
	struct peek *p = peek_new(src);
	struct err ignored = ERR_INIT; /* whoever reads the source meets it again */
	bool text = !peek_look(p, false, &ignored) || !peek_has(p, "dockerbenchsecurity");

	text = text && docker_bench_is_text(peek_head(p));
	peek_free(p);
	return text;
}

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct bench b = { .sink = out, .outer = ARENA_INIT, .mem = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	bool ok;

	if (is_text(src))
		return docker_bench_read_text(src, out, e);
	ok = read_document(src, scope, LENGTH(scope), &b, &how, e);

	if (ok && !b.any)
		ok = err_set(e, ERR_FORMAT, "no docker-bench report: it holds no object");
	arena_release(&b.outer);
	arena_release(&b.mem);
	return ok;
}

const struct importer importer_docker_bench = {
	.id    = "docker-bench",
	.title = "Docker Bench for Security, JSON and text",
	.spec  = "https://github.com/docker/docker-bench-security",
	.sniff = sniff,
	.run   = run,
};
