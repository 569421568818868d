/* SPDX-License-Identifier: MIT */
/* dockle.c - Dockle's JSON: how an image is built, against good practice and the CIS benchmark. */
#include "importers/scanner.h"
#include "importers/value.h"

#define RULE_SECRET "CIS-DI-0010" /* its alerts quote the instructions that hold credentials */

enum { R_IMAGE, R_PASS, R_DETAILS, R_FATAL, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_IMAGE]   = { "image" },
	[R_PASS]    = { "summary.pass" },
	[R_DETAILS] = { "details" },
	[R_FATAL]   = { "summary.fatal" },
};

enum { D_SELF, D_CODE, D_TITLE, D_LEVEL, D_ALERTS, D_COUNT };
static const struct read_field detail_field[D_COUNT] = {
	[D_SELF]   = { "" },
	[D_CODE]   = { "code" },
	[D_TITLE]  = { "title" },
	[D_LEVEL]  = { "level" },
	[D_ALERTS] = { "alerts", READ_LIST },
};

struct dockle {
	struct sink             *sink;
	const struct import_opts *opts;
	bool                     any; /* the file holds a report */
	struct arena             mem; /* dies with the row       */
};

/* Checks without a row have passed: their number is all that is told of them. */
static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct dockle *d = ctx;
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "dockle" } };
	struct record asset = {
		.kind = REC_ASSET,
		.u.asset = { .kind = ASSET_IMAGE, .name = read_text(r, R_IMAGE) },
	};
	struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION },
	};

	if (read_text(r, R_FATAL) == NULL)
		return err_set(e, ERR_FORMAT, "not a Dockle report: it has no summary.fatal");
	if (read_text(r, R_DETAILS) != NULL)
		return err_set(e, ERR_FORMAT, "details is not an array");
	if (asset.u.asset.name == NULL)
		asset.u.asset.name = d->opts->image;
	if (asset.u.asset.name == NULL)
		return scanner_no_image(e);
	d->any = true;
	if (!read_int(r, R_PASS, 0, INT64_MAX, &cover.u.cover.passed))
		cover.u.cover.passed = 0;
	return d->sink->put(d->sink, &scan, e) && d->sink->put(d->sink, &asset, e) &&
	       d->sink->put(d->sink, &cover, e);
}

struct level {
	const char   *word;
	enum verdict  verdict;
	enum severity severity;
};

/* What Dockle itself fails a build for is a fail; what it only remarks is not. */
static const struct level *level_of(const char *word)
{
	static const struct level level[] = {
		{ "FATAL",  VERDICT_FAIL, SEV_HIGH },
		{ "WARN",   VERDICT_FAIL, SEV_MEDIUM },
		{ "INFO",   VERDICT_INFO, SEV_LOW },
		{ "PASS",   VERDICT_PASS, SEV_UNKNOWN },
		{ "SKIP",   VERDICT_SKIP, SEV_UNKNOWN },
		{ "IGNORE", VERDICT_SKIP, SEV_UNKNOWN },
	};
	size_t i;

	for (i = 0; i < LENGTH(level); i++)
		if (str_ieq(word, level[i].word))
			return &level[i];
	return NULL;
}

static const char *alerts(struct arena *mem, const struct read_record *r)
{
	const char *all = NULL, *s = NULL;
	bool secret = str_eq(read_text(r, D_CODE), RULE_SECRET);

	while ((s = read_item(r, D_ALERTS, s)) != NULL)
		all = value_join(mem, all, "; ", secret ? value_mask_values(mem, s) : s);
	return all;
}

static bool on_detail(void *ctx, const struct read_record *r, struct err *e)
{
	struct dockle *d = ctx;
	const char *word = read_text(r, D_LEVEL);
	const struct level *level = level_of(word);
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind = FINDING_MISCONFIGURATION,
			.raw  = word,
			.rule = {
				.id           = read_text(r, D_CODE),
				.title        = read_text(r, D_TITLE),
				.severity_raw = word,
			},
		},
	};
	struct rec_check *c = &rec.u.check;

	if (read_text(r, D_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (c->rule.id == NULL)
		return read_skip(r, "no code", e);
	if (level == NULL)
		return read_skip(r, "unknown level", e);
	arena_reset(&d->mem);
	c->verdict = level->verdict;
	c->rule.severity = level->severity;
	c->message = alerts(&d->mem, r);
	return d->sink->put(d->sink, &rec, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report },
	{ "details[]", detail_field, D_COUNT, on_detail },
};

static int sniff(const struct peek *p)
{
	return peek_has(p, "summary.fatal") && peek_has(p, "summary.pass") ? 95 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct dockle d = { .sink = out, .opts = o, .mem = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	bool ok = read_document(src, scope, LENGTH(scope), &d, &how, e);

	if (ok && !d.any)
		ok = err_set(e, ERR_FORMAT, "not a Dockle report: it holds no object");
	arena_release(&d.mem);
	return ok;
}

const struct importer importer_dockle = {
	.id    = "dockle",
	.title = "Dockle JSON",
	.spec  = "https://github.com/goodwithtech/dockle#json",
	.sniff = sniff,
	.run   = run,
};
