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
	const char  *image; /* what the files build; NULL: not said  */
	bool         any;   /* the scan is put                       */
	bool         rows;  /* the list is not empty                 */
	struct buf   on;    /* whose findings come; empty before any */
	struct arena mem;   /* dies with the row                     */
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

static bool put_scan(struct hadolint *h, struct err *e)
{
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "hadolint" } };

	if (h->any)
		return true;
	h->any = true;
	return h->sink->put(h->sink, &scan, e);
}

/*
 * Each file is an asset, and a run is complete for the files it names and for no others; unless it
 * is said which image they build: then it is complete for that.
 */
static bool put_asset(struct hadolint *h, const char *file, struct err *e)
{
	const char *name = h->image ? h->image : file;
	const struct record asset = {
		.kind = REC_ASSET,
		.u.asset = { .kind = h->image ? ASSET_IMAGE : ASSET_TREE, .name = name },
	};
	const struct record cover = { .kind = REC_COVER, .u.cover = { .kind = FINDING_LINT } };

	if (h->any && str_eq(h->on.s, name))
		return true;
	buf_reset(&h->on);
	buf_adds(&h->on, name);
	return put_scan(h, e) && h->sink->put(h->sink, &asset, e) &&
	       h->sink->put(h->sink, &cover, e);
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

	h->rows = true;
	if (read_text(r, L_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (code == NULL)
		return read_skip(r, "no code", e);
	if (file == NULL)
		return read_skip(r, "no file", e);
	arena_reset(&h->mem);
	rec.u.finding.rule.url = url_of(&h->mem, code);
	rec.u.finding.place = h->image ? file : NULL;
	return put_asset(h, file, e) && h->sink->put(h->sink, &rec, e);
}

/* An empty array is a clean run, which names no file: all it can clear is the image. */
static bool finish(struct hadolint *h, struct err *e)
{
	if (h->rows && !h->any)
		return err_set(e, ERR_FORMAT, "no list of Hadolint: no row has a code and a file");
	return h->image ? put_asset(h, NULL, e) : put_scan(h, e);
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

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct hadolint h = { .sink = out, .image = o->image, .on = BUF_INIT, .mem = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	const struct read_scope *rows = peek_source_nested(src) ? gathered : scope;
	bool ok = read_document(src, rows, 1, &h, &how, e) && finish(&h, e);

	buf_release(&h.on);
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
