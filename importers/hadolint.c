/* SPDX-License-Identifier: MIT */
/* hadolint.c - Hadolint's JSON: what a linter says of Dockerfiles. */
#include "importers/importer.h"
#include "importers/peek.h"
#include "importers/read.h"

enum { L_SELF, L_FILE, L_CODE, L_LEVEL, L_MESSAGE, L_LINE, L_COUNT };
static const struct read_field lint_field[L_COUNT] = {
	[L_SELF]    = { "" },
	[L_FILE]    = { "file" },
	[L_CODE]    = { "code" },
	[L_LEVEL]   = { "level" },
	[L_MESSAGE] = { "message" },
	[L_LINE]    = { "line" },
};

struct hadolint {
	struct sink *sink;
	bool         any;  /* the scan is put                      */
	struct buf   file; /* whose findings come; empty before any */
	struct arena mem;  /* dies with the row                    */
};

static enum severity severity_of(const char *level)
{
	static const char *const word[] = { "error", "warning", "info", "style" };
	static const enum severity severity[] = { SEV_HIGH, SEV_MEDIUM, SEV_LOW, SEV_NEGLIGIBLE };
	int i = str_index(word, LENGTH(word), level);

	return i < 0 ? SEV_UNKNOWN : severity[i];
}

/* Where the rule is explained: Hadolint's own rules, and those of ShellCheck inside it. */
static const char *url_of(struct arena *mem, const char *code)
{
	if (str_prefix(code, "DL"))
		return arena_printf(mem, "https://github.com/hadolint/hadolint/wiki/%s", code);
	if (str_prefix(code, "SC"))
		return arena_printf(mem, "https://www.shellcheck.net/wiki/%s", code);
	return NULL;
}

/* Each file is an asset: a run is complete for the files it names, and for no others. */
static bool put_file(struct hadolint *h, const char *file, struct err *e)
{
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "hadolint" } };
	const struct record asset = {
		.kind = REC_ASSET,
		.u.asset = { .kind = ASSET_TREE, .name = file },
	};
	const struct record cover = { .kind = REC_COVER, .u.cover = { .kind = FINDING_LINT } };

	if (h->any && str_eq(h->file.s, file))
		return true;
	if (!h->any && !h->sink->put(h->sink, &scan, e))
		return false;
	h->any = true;
	buf_reset(&h->file);
	buf_adds(&h->file, file);
	return h->sink->put(h->sink, &asset, e) && h->sink->put(h->sink, &cover, e);
}

static bool on_lint(void *ctx, const struct read_record *r, struct err *e)
{
	struct hadolint *h = ctx;
	const char *code = read_text(r, L_CODE), *file = read_text(r, L_FILE);
	struct record rec = {
		.kind = REC_FINDING,
		.u.finding = {
			.kind    = FINDING_LINT,
			.message = read_text(r, L_MESSAGE),
			.rule    = {
				.id           = code,
				.severity     = severity_of(read_text(r, L_LEVEL)),
				.severity_raw = read_text(r, L_LEVEL),
			},
		},
	};

	if (read_text(r, L_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (code == NULL)
		return read_skip(r, "no code", e);
	if (file == NULL)
		return read_skip(r, "no file", e);
	arena_reset(&h->mem);
	rec.u.finding.rule.url = url_of(&h->mem, code);
	return put_file(h, file, e) && h->sink->put(h->sink, &rec, e);
}

/* An empty array is a clean run, which names no file: there is nothing that it could clear. */
static bool put_clean(struct hadolint *h, struct err *e)
{
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "hadolint" } };

	return h->any || h->sink->put(h->sink, &scan, e);
}

/* One list of rows, or several gathered in a list. */
static const struct read_scope scope[] = {
	{ "[]", lint_field, L_COUNT, on_lint },
};
static const struct read_scope gathered[] = {
	{ "[][]", lint_field, L_COUNT, on_lint },
};

static int sniff(const struct peek *p)
{
	return peek_open(p) == '[' && peek_has(p, "code") && peek_has(p, "level") &&
	       peek_has(p, "line") && peek_has(p, "file") ? 95 : 0;
}

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct hadolint h = { .sink = out, .file = BUF_INIT, .mem = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	const struct read_scope *rows = peek_source_nested(src) ? gathered : scope;
	bool ok = read_document(src, rows, 1, &h, &how, e) && put_clean(&h, e);

	buf_release(&h.file);
	arena_release(&h.mem);
	return ok;
}

const struct importer importer_hadolint = {
	.id    = "hadolint",
	.title = "Hadolint JSON",
	.spec  = "https://github.com/hadolint/hadolint#cli",
	.sniff = sniff,
	.run   = run,
};
