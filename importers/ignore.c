/* SPDX-License-Identifier: MIT */
/*
 * ignore.c - what scanners are told to set aside: .trivyignore as text and YAML, and the ignore
 * rules of Grype's configuration. Each vulnerability becomes a statement, of the image named with
 * --image, else of everything.
 */
#include "importers/csv.h"
#include "importers/importer.h"
#include "importers/read.h"

enum { I_SELF, I_ID, I_PATHS, I_PURLS, I_UNTIL, I_WHY, I_COUNT };
static const struct read_field trivy_field[I_COUNT] = {
	[I_SELF]  = { "" },
	[I_ID]    = { "id" },
	[I_PATHS] = { "paths", READ_LIST },
	[I_PURLS] = { "purls", READ_LIST },
	[I_UNTIL] = { "expired_at" },
	[I_WHY]   = { "statement" },
};

enum {
	G_SELF, G_ID, G_NAME, G_VERSION, G_TYPE, G_PLACE, G_FIX, G_NAMESPACE, G_UPSTREAM, G_REASON,
	G_COUNT
};
static const struct read_field grype_field[G_COUNT] = {
	[G_SELF]      = { "" },
	[G_ID]        = { "vulnerability" },
	[G_NAME]      = { "package.name" },
	[G_VERSION]   = { "package.version" },
	[G_TYPE]      = { "package.type" },
	[G_PLACE]     = { "package.location" },
	[G_FIX]       = { "fix-state" },
	[G_NAMESPACE] = { "namespace" },
	[G_UPSTREAM]  = { "package.upstream-name" },
	[G_REASON]    = { "reason" },
};

/* A finding has its places; set aside in one of them it is open all the same. */
#define ONE_PLACE "it holds for some paths, and a finding is the package in all of its places"

struct ignore {
	struct sink             *sink;
	const struct import_opts *opts;
	bool                     any; /* the scan was put */
};

static bool put_scan(struct ignore *g, const char *source, struct err *e)
{
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = source } };

	if (g->any)
		return true;
	g->any = true;
	return g->sink->put(g->sink, &scan, e);
}

static bool put(struct ignore *g, struct rec_statement *s, const char *author, struct err *e)
{
	struct record rec = { .kind = REC_STATEMENT };

	s->product = g->opts->image;
	s->status = "ignored";
	s->author = author;
	rec.u.statement = *s;
	return put_scan(g, author, e) && g->sink->put(g->sink, &rec, e);
}

/* ---- Trivy ---- */

static bool on_trivy(void *ctx, const struct read_record *r, struct err *e)
{
	struct ignore *g = ctx;
	const char *purl = NULL;
	struct rec_statement s = { .advisory = read_text(r, I_ID),
		                   .text = read_text(r, I_WHY),
		                   .until = read_time(r, I_UNTIL) };

	if (!put_scan(g, "trivyignore", e))
		return false;
	if (read_text(r, I_SELF) != NULL || s.advisory == NULL)
		return read_skip(r, "no id", e);
	if (read_count(r, I_PATHS) > 0)
		return read_skip(r, ONE_PLACE, e);
	if (read_text(r, I_UNTIL) != NULL && s.until == 0)
		return read_skip(r, "expired_at is no date", e);
	if (read_count(r, I_PURLS) == 0)
		return put(g, &s, "trivyignore", e);
	while ((purl = read_item(r, I_PURLS, purl)) != NULL) {
		s.purl = purl;
		if (!put(g, &s, "trivyignore", e))
			return false;
		s.more = true;
	}
	return true;
}

static bool on_trivy_other(void *ctx, const struct read_record *r, struct err *e)
{
	return put_scan(ctx, "trivyignore", e) &&
	       read_skip(r, "only vulnerabilities are set aside by their id", e);
}

/* "CVE-2018-14618 exp:2026-12-31", with a tab or blanks between. */
static const char *read_line(const char *line, struct arena *mem, struct rec_statement *s)
{
	size_t n = strcspn(line, " \t");
	const char *rest = line + n;

	*s = (struct rec_statement){ .advisory = arena_dupn(mem, line, n) };
	while (*(rest += strspn(rest, " \t")) != '\0' && *rest != '#') {
		const char *word = arena_dupn(mem, rest, strcspn(rest, " \t"));

		rest += strlen(word);
		if (!str_prefix(word, "exp:"))
			return "what stands behind the id is not known";
		if (!time_parse(word + strlen("exp:"), &s->until))
			return "exp: names no day";
	}
	return NULL;
}

static bool read_lines(struct ignore *g, struct csv *c, struct arena *mem, struct err *e)
{
	const struct csv_row *row;

	for (;;) {
		struct rec_statement s;
		const char *flaw;

		if (!csv_next(c, &row, e))
			return false;
		if (row == NULL)
			return true;
		if (row->cell[0][0] == '#')
			continue;
		arena_reset(mem);
		flaw = read_line(row->cell[0], mem, &s);
		if (!(flaw ? csv_skip(g->sink, row, flaw, e) : put(g, &s, "trivyignore", e)))
			return false;
	}
}

static bool run_trivy(const struct source *src, const struct import_opts *o, struct sink *out,
                      struct err *e)
{
	static const struct read_scope scope[] = {
		{ "vulnerabilities[]", trivy_field, I_COUNT, on_trivy, NULL },
		{ "misconfigurations[]", trivy_field, I_COUNT, on_trivy_other, NULL },
		{ "secrets[]", trivy_field, I_COUNT, on_trivy_other, NULL },
		{ "licenses[]", trivy_field, I_COUNT, on_trivy_other, NULL },
	};
	struct ignore g = { .sink = out, .opts = o };
	struct arena mem = ARENA_INIT;
	struct csv *c;
	bool ok;

	if (source_form(src) != SOURCE_TEXT)
		return read_document(src, scope, LENGTH(scope), &g,
		                     &(struct read_opts){ .sink = out }, e);
	if (!csv_open(src, &c, e))
		return false;
	ok = put_scan(&g, "trivyignore", e) && read_lines(&g, c, &mem, e);
	csv_close(c);
	arena_release(&mem);
	return ok;
}

static int sniff_trivy(const struct peek *p)
{
	static const char *const start[] = { "CVE-", "GHSA-" };
	const char *s = peek_head(p);

	if (peek_has(p, "vulnerabilities[0].id") && peek_open(p) == '{')
		return peek_has(p, "vulnerabilities[0].statement") ||
		                       peek_has(p, "vulnerabilities[0].purls") ||
		                       peek_has(p, "vulnerabilities[0].expired_at")
		               ? 80
		               : 0;
	while (s != NULL && (*s == '#' || *s == '\n' || *s == '\r')) {
		s += strcspn(s, "\n");
		s += *s == '\n';
	}
	for (size_t i = 0; s != NULL && i < LENGTH(start); i++)
		if (str_prefix(s, start[i]) && s[strcspn(s, ",\n")] != ',')
			return 60;
	return 0;
}

/* ---- Grype ---- */

static bool on_grype(void *ctx, const struct read_record *r, struct err *e)
{
	struct ignore *g = ctx;
	struct rec_statement s = { .advisory = read_text(r, G_ID),
		                   .package_type = read_text(r, G_TYPE),
		                   .package = read_text(r, G_NAME),
		                   .version = read_text(r, G_VERSION),
		                   .text = read_text(r, G_REASON) };

	if (!put_scan(g, "grype-ignore", e))
		return false;
	if (read_text(r, G_SELF) != NULL || s.advisory == NULL)
		return read_skip(r, "it names no vulnerability: a filter, not a decision", e);
	if (read_text(r, G_PLACE) != NULL)
		return read_skip(r, ONE_PLACE, e);
	for (size_t i = G_FIX; i <= G_UPSTREAM; i++)
		if (read_text(r, i) != NULL)
			return read_skip(r, "it holds under a condition that a later scan "
			                 "may not meet", e);
	if (s.package != NULL && s.package_type == NULL)
		return read_skip(r, "a package without its type may be another", e);
	return put(g, &s, "grype-ignore", e);
}

static bool run_grype(const struct source *src, const struct import_opts *o, struct sink *out,
                      struct err *e)
{
	static const struct read_scope scope[] = {
		{ "ignore[]", grype_field, G_COUNT, on_grype, NULL },
	};
	struct ignore g = { .sink = out, .opts = o };

	return read_document(src, scope, LENGTH(scope), &g, &(struct read_opts){ .sink = out }, e);
}

static int sniff_grype(const struct peek *p)
{
	return peek_has(p, "ignore[0].vulnerability") || peek_has(p, "ignore[0].package") ||
	                       peek_has(p, "ignore[0].fix-state")
	               ? 80
	               : 0;
}

const struct importer importer_trivyignore = {
	.id    = "trivyignore",
	.title = ".trivyignore, as text or YAML",
	.spec  = "https://trivy.dev/latest/docs/configuration/filtering/",
	.sniff = sniff_trivy,
	.run   = run_trivy,
};

const struct importer importer_grype_ignore = {
	.id    = "grype-ignore",
	.title = "ignore rules of Grype's configuration",
	.spec  = "https://github.com/anchore/grype#specifying-matches-to-ignore",
	.sniff = sniff_grype,
	.run   = run_grype,
};
