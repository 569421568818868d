/* SPDX-License-Identifier: MIT */
/* prisma_csv.c - the table of vulnerabilities that Prisma Cloud and twistcli export. */
#include "importers/csv.h"
#include "importers/scanner.h"
#include "importers/twistlock.h"
#include "importers/value.h"

enum {
	C_ID, C_PACKAGES, C_VERSION, C_FIX, C_REPOSITORY, C_TAG, C_NEEDED,
	C_REGISTRY = C_NEEDED, C_DIGEST, C_DISTRO, C_TYPE, C_SEVERITY, C_SOURCE, C_SCORE, C_TEXT,
	C_COUNT
};
static const char *const column[C_COUNT] = {
	[C_ID] = "CVE ID",         [C_PACKAGES] = "Packages",     [C_VERSION] = "Package Version",
	[C_FIX] = "Fix Status",    [C_REPOSITORY] = "Repository", [C_TAG] = "Tag",
	[C_REGISTRY] = "Registry", [C_DIGEST] = "Id",             [C_DISTRO] = "Distro",
	[C_TYPE] = "Type",         [C_SEVERITY] = "Severity",     [C_SOURCE] = "Source Package",
	[C_SCORE] = "CVSS",        [C_TEXT] = "Description",
};

struct table {
	struct scanner        s;
	const struct csv_row *row;
	int                   at[C_COUNT]; /* -1: no such column */
	size_t                ncolumn;
};

static const char *get(const struct table *t, size_t i)
{
	return t->at[i] < 0 ? NULL : csv_cell(t->row, (size_t)t->at[i]);
}

/* Of two columns of one name, where the scan was made stands before the package's type. */
static void find_columns(struct table *t)
{
	t->ncolumn = t->row->ncell;
	for (size_t i = 0; i < C_COUNT; i++) {
		t->at[i] = -1;
		for (size_t k = 0; k < t->ncolumn; k++)
			if (str_eq(t->row->cell[k], column[i]))
				t->at[i] = (int)k;
	}
}

/* A cell that no column is for: which of the row's own belongs to which, nobody can tell. */
static bool is_shifted(const struct table *t)
{
	for (size_t i = t->ncolumn; i < t->row->ncell; i++)
		if (csv_cell(t->row, i) != NULL)
			return true;
	return false;
}

static bool put_image(struct table *t, struct err *e)
{
	struct arena *mem = &t->s.mem;
	const char *name = value_join(mem, get(t, C_REGISTRY), "/", get(t, C_REPOSITORY));
	const char *digest = get(t, C_DIGEST), *image;

	name = value_join(mem, name, ":", get(t, C_TAG));
	image = arena_printf(mem, "%s %s", str_empty(name) ? "" : name,
	                     digest == NULL ? "" : digest);
	if (t->s.last != NULL && str_eq(t->s.last, image))
		return true;
	arena_reset(&t->s.outer);
	t->s.last = arena_dup(&t->s.outer, image);
	return scanner_image(&t->s, &(struct scanner_image){
		.name = name, .kind = DIGEST_UNKNOWN, .digest = digest }, e);
}

/* "libssl1.1;libcrypto1.1": the source package, if it is told, and what is made of it. */
static void name_package(struct table *t, struct rec_vulnerability *v)
{
	struct arena *mem = &t->s.mem;
	const char *source = get(t, C_SOURCE), *packages = get(t, C_PACKAGES);

	if (source == NULL && packages != NULL)
		source = arena_dupn(mem, packages, strcspn(packages, ";"));
	v->package_type = twistlock_type(get(t, C_TYPE), get(t, C_DISTRO));
	v->package = twistlock_package(mem, source, v->package_type);
}

static bool put_row(struct table *t, struct err *e)
{
	const char *fix = get(t, C_FIX), *severity = get(t, C_SEVERITY);
	bool fixed = str_prefix(fix, TWISTLOCK_FIXED);
	struct record rec = {
		.kind = REC_VULNERABILITY,
		.u.vulnerability = {
			.id           = get(t, C_ID),
			.text         = get(t, C_TEXT),
			.severity     = severity_fold(severity),
			.severity_raw = severity,
			.score        = value_score(get(t, C_SCORE)),
			.epss         = -1,
			.version      = get(t, C_VERSION),
			.fixed_in     = fixed ? fix + strlen(TWISTLOCK_FIXED) : NULL,
			.fix_state    = fixed ? "fixed" : fix,
		},
	};

	arena_reset(&t->s.mem);
	if (is_shifted(t))
		return csv_skip(t->s.sink, t->row, "more cells than the table has columns", e);
	if (rec.u.vulnerability.id == NULL)
		return csv_skip(t->s.sink, t->row, "no id", e);
	name_package(t, &rec.u.vulnerability);
	if (rec.u.vulnerability.package == NULL)
		return csv_skip(t->s.sink, t->row, "no package", e);
	return put_image(t, e) && scanner_put(&t->s, &rec, e);
}

static bool read_rows(struct table *t, struct csv *c, uint64_t size, struct err *e)
{
	while (csv_next(c, &t->row, e)) {
		if (t->row == NULL)
			return true;
		if (!put_row(t, e) || (t->row->line % 1024 == 0 &&
		                       !t->s.sink->tick(t->s.sink, csv_done(c), size, e)))
			return false;
	}
	return false;
}

static bool is_table(const char *head, char separator)
{
	return csv_heads(head, separator, column, C_NEEDED);
}

static int sniff(const struct peek *p)
{
	return is_table(peek_head(p), ',') || is_table(peek_head(p), ';') ? 95 : 0;
}

/* Does the first row, taken apart in this way, name all that a row needs? */
static bool has_head(struct table *t, struct csv *c, char separator, bool *has, struct err *e)
{
	csv_separator(c, separator);
	if (!csv_next(c, &t->row, e))
		return false;
	*has = t->row != NULL;
	if (!*has)
		return true;
	find_columns(t);
	for (size_t i = 0; i < C_NEEDED; i++)
		*has = *has && t->at[i] >= 0;
	return true;
}

/* Whoever exports rows chooses them, so that the table says of nothing that it is gone. */
static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	static const struct rec_scan scan = {
		.source = "twistlock", .partial = "rows of an export, which may be a choice",
	};
	struct table t = {
		.s = { .sink = out, .opts = o, .mem = ARENA_INIT, .outer = ARENA_INIT },
	};
	struct csv *c = NULL;
	bool has = false, ok = true;

	for (const char *separator = ",;"; ok && !has && *separator != '\0'; separator++) {
		csv_close(c);
		c = NULL;
		ok = csv_open(src, &c, e) && has_head(&t, c, *separator, &has, e);
	}
	if (ok && !has)
		ok = err_set(e, ERR_FORMAT, "line 1: not the columns of Prisma Cloud's table");
	ok = ok && scanner_scan(&t.s, &scan, e) && read_rows(&t, c, (uint64_t)source_size(src), e);
	csv_close(c);
	arena_release(&t.s.mem);
	arena_release(&t.s.outer);
	return ok;
}

const struct importer importer_prisma_csv = {
	.id = "prisma-csv",
	.title = "Prisma Cloud's table of vulnerabilities (CSV)",
	.spec = "https://docs.prismacloud.io/en/compute-edition",
	.sniff = sniff,
	.run = run,
};
