/* SPDX-License-Identifier: MIT */
/* kev.c - CISA's list of vulnerabilities known to be exploited, JSON or CSV. Spec: .spec below. */
#include "importers/csv.h"
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/source.h"

enum { K_RELEASED, K_VERSION, K_TOP_COUNT };
static const struct read_field list_fields[K_TOP_COUNT] = {
	[K_RELEASED] = { "dateReleased" },
	[K_VERSION] = { "catalogVersion" },
};
enum { V_CVE, V_ADDED, V_DUE, V_TRIAGE, V_COUNT };
static const struct read_field entry_fields[V_COUNT] = {
	[V_CVE] = { "cveID" },
	[V_ADDED] = { "dateAdded" },
	[V_DUE] = { "dueDate" },
	[V_TRIAGE] = { "forensicTriage" },
};
static const char *const columns[V_COUNT] = { "cveID", "dateAdded", "dueDate", "forensicTriage" };
#define NEEDED V_TRIAGE /* columns that every edition has; forensicTriage came in 2026 */

struct kev {
	struct sink *sink;
	int64_t      released; /* seconds UTC, 0: the file does not say */
};

static bool put_scan(struct kev *k, const char *version, struct err *e)
{
	struct record rec = { .kind = REC_SCAN };
	rec.u.scan = (struct rec_scan){ .source = "kev", .version = version, .at = k->released };
	return k->sink->put(k->sink, &rec, e);
}

/* Days are kept as their first second, UTC; a due day ends with its last. */
static bool put_entry(struct kev *k, const char *cve, int64_t added, int64_t due,
                      const char *triage, struct err *e)
{
	struct record rec = { .kind = REC_SIGNAL };
	rec.u.signal = (struct rec_signal){
		.cve = cve,
		.kev = true,
		.kev_added = added,
		.kev_due = due,
		.triage = said_fold(triage),
		.epss = -1,
		.percentile = -1,
		.at = k->released,
	};
	return k->sink->put(k->sink, &rec, e);
}

static bool is_cve(const char *id)
{
	return id != NULL && str_prefix(id, "CVE-");
}

static bool on_list(void *ctx, const struct read_record *r, struct err *e)
{
	struct kev *k = ctx;
	k->released = read_time(r, K_RELEASED);
	return put_scan(k, read_text(r, K_VERSION), e);
}

static bool on_entry(void *ctx, const struct read_record *r, struct err *e)
{
	if (!is_cve(read_text(r, V_CVE)))
		return read_skip(r, "no CVE id", e);
	return put_entry(ctx, read_text(r, V_CVE), read_time(r, V_ADDED), read_time(r, V_DUE),
	                 read_text(r, V_TRIAGE), e);
}

static const struct read_scope scopes[] = {
	{ "", list_fields, K_TOP_COUNT, on_list, NULL },
	{ "vulnerabilities[]", entry_fields, V_COUNT, on_entry, NULL },
};

/* ---- CSV: the same columns, whose order is not relied on; it does not say when it was made ----
 */

static bool find_columns(const struct csv_row *head, size_t at[static V_COUNT], struct err *e)
{
	for (size_t i = 0; i < V_COUNT; i++) {
		int column = head == NULL ? -1 : str_index(head->cell, head->ncell, columns[i]);
		if (column < 0 && i < NEEDED)
			return err_set(e, ERR_FORMAT, "line 1: no column %s", columns[i]);
		at[i] = column < 0 ? SIZE_MAX : (size_t)column;
	}
	return true;
}

static int64_t day(const char *text)
{
	int64_t t = 0;
	return text != NULL && time_parse(text, &t) ? t : 0;
}

static bool put_row(struct kev *k, const struct csv_row *row, const size_t at[static V_COUNT],
                    struct err *e)
{
	const char *cve = csv_cell(row, at[V_CVE]);
	if (is_cve(cve))
		return put_entry(k, cve, day(csv_cell(row, at[V_ADDED])),
		                 day(csv_cell(row, at[V_DUE])), csv_cell(row, at[V_TRIAGE]), e);
	return csv_skip(k->sink, row, "no CVE id", e);
}

static bool read_rows(struct kev *k, struct csv *c, uint64_t size, struct err *e)
{
	size_t at[V_COUNT];
	const struct csv_row *row;
	if (!csv_next(c, &row, e) || !find_columns(row, at, e) || !put_scan(k, NULL, e))
		return false;
	for (;;) {
		if (!csv_next(c, &row, e) || (row != NULL && !put_row(k, row, at, e)))
			return false;
		if (row == NULL)
			return true;
		if (row->line % 1024 == 0 && !k->sink->tick(k->sink, csv_done(c), size, e))
			return false;
	}
}

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct kev k = { .sink = out };
	struct read_opts opts = { .sink = out };
	struct csv *c;
	if (source_form(src) != SOURCE_TEXT)
		return read_document(src, scopes, LENGTH(scopes), &k, &opts, e);
	if (!csv_open(src, &c, e))
		return false;
	bool ok = read_rows(&k, c, (uint64_t)source_size(src), e);
	csv_close(c);
	return ok;
}

static int sniff(const struct peek *p)
{
	const char *head = peek_head(p);
	if (peek_has(p, "catalogVersion") && peek_has(p, "vulnerabilities"))
		return 95;
	head += *head == '"';
	return str_prefix(head, "cveID") && strstr(head, "dateAdded") != NULL ? 95 : 0;
}

const struct importer importer_kev = {
	.id = "kev",
	.title = "CISA's known exploited vulnerabilities (JSON, CSV)",
	.spec = "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
	.sniff = sniff,
	.run = run,
};
