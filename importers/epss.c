/* SPDX-License-Identifier: MIT */
/* epss.c - FIRST's scores: how likely a vulnerability is exploited in 30 days. Spec: .spec below.
 */
#include "importers/csv.h"
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/source.h"
#include "importers/value.h"

enum { E_CVE, E_SCORE, E_PERCENTILE, E_DATE, E_COUNT };
static const struct read_field score_fields[E_COUNT] = { /* as the interface answers */
	[E_CVE] = { "cve" },
	[E_SCORE] = { "epss" },
	[E_PERCENTILE] = { "percentile" },
	[E_DATE] = { "date" },
};

struct epss {
	struct sink *sink;
	int64_t      at;  /* of the scores, seconds UTC; 0: the file does not say */
	bool         any; /* the scan was put                                     */
};

static bool put_scan(struct epss *x, const char *model, struct err *e)
{
	struct record rec = { .kind = REC_SCAN };
	rec.u.scan = (struct rec_scan){ .source = "epss", .version = model, .at = x->at };
	x->any = true;
	return x->sink->put(x->sink, &rec, e);
}

/* NULL: put; else why it was not. */
static const char *put_score(struct epss *x, const char *cve, const char *score,
                             const char *percentile, bool *ok, struct err *e)
{
	struct record rec = { .kind = REC_SIGNAL };
	rec.u.signal = (struct rec_signal){ .cve = cve, .at = x->at };
	*ok = true;
	if (cve == NULL || !str_prefix(cve, "CVE-"))
		return "no CVE id";
	rec.u.signal.epss = score == NULL ? -1 : value_share(score);
	if (rec.u.signal.epss < 0)
		return "no score from 0 to 1";
	rec.u.signal.percentile = percentile == NULL ? -1 : value_share(percentile);
	*ok = x->sink->put(x->sink, &rec, e);
	return NULL;
}

static bool on_score(void *ctx, const struct read_record *r, struct err *e)
{
	struct epss *x = ctx;
	bool ok;
	x->at = read_time(r, E_DATE);
	if (!x->any && !put_scan(x, NULL, e))
		return false;
	const char *reason = put_score(x, read_text(r, E_CVE), read_text(r, E_SCORE),
	                               read_text(r, E_PERCENTILE), &ok, e);
	return reason == NULL ? ok : read_skip(r, reason, e);
}

static const struct read_scope scopes[] = {
	{ "data[]", score_fields, E_COUNT, on_score, NULL },
};

/* ---- CSV: a remark with model and date, the names of the columns, then a line for each CVE ----
 */

/* What stands behind `key` in the remark, "#model_version:v2025.03.14,score_date:2025-12-26T.." */
static const char *remark(const struct csv_row *row, const char *key)
{
	for (size_t i = 0; i < row->ncell; i++) {
		const char *s = row->cell[i] + (row->cell[i][0] == '#');
		if (str_prefix(s, key))
			return s + strlen(key);
	}
	return NULL;
}

static bool put_row(struct epss *x, const struct csv_row *row, struct err *e)
{
	bool ok;
	const char *reason = put_score(x, csv_cell(row, 0), csv_cell(row, 1), csv_cell(row, 2), &ok,
	                               e);
	return reason == NULL ? ok : csv_skip(x->sink, row, reason, e);
}

static bool read_head(struct epss *x, struct csv *c, struct err *e)
{
	const struct csv_row *row;
	if (!csv_next(c, &row, e))
		return false;
	if (row != NULL && row->cell[0][0] == '#') {
		const char *date = remark(row, "score_date:");
		if (date == NULL || !time_parse(date, &x->at))
			x->at = 0;
		if (!put_scan(x, remark(row, "model_version:"), e) || !csv_next(c, &row, e))
			return false;
	}
	if (row == NULL || row->ncell < 2 || !str_ieq(row->cell[0], "cve") ||
	    !str_ieq(row->cell[1], "epss"))
		return err_set(e, ERR_FORMAT, "no columns cve,epss,percentile");
	return x->any || put_scan(x, NULL, e);
}

static bool read_rows(struct epss *x, struct csv *c, uint64_t size, struct err *e)
{
	const struct csv_row *row;
	if (!read_head(x, c, e))
		return false;
	for (;;) {
		if (!csv_next(c, &row, e) || (row != NULL && !put_row(x, row, e)))
			return false;
		if (row == NULL)
			return true;
		if (row->line % 1024 == 0 && !x->sink->tick(x->sink, csv_done(c), size, e))
			return false;
	}
}

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct epss x = { .sink = out };
	struct read_opts opts = { .sink = out };
	struct csv *c;
	if (source_form(src) != SOURCE_TEXT)
		return read_document(src, scopes, LENGTH(scopes), &x, &opts, e) &&
		       (x.any || put_scan(&x, NULL, e));
	if (!csv_open(src, &c, e))
		return false;
	bool ok = read_rows(&x, c, (uint64_t)source_size(src), e);
	csv_close(c);
	return ok;
}

static bool names_columns(const char *line)
{
	return str_prefix(line, "cve,epss") || str_prefix(line, "\"cve\",\"epss\"");
}

static int sniff(const struct peek *p)
{
	const char *head = peek_head(p), *second = head + strcspn(head, "\n");
	if (peek_has(p, "data[0].cve") && peek_has(p, "data[0].epss"))
		return 95;
	if (peek_has(p, "status-code") && peek_has(p, "data") && str_eq(peek_text(p, "total"), "0"))
		return 90; /* an answer that knows none of them */
	if (names_columns(head))
		return 95;
	return str_prefix(head, "#model_version:") && names_columns(second + (*second != '\0')) ?
	       95 : 0;
}

const struct importer importer_epss = {
	.id = "epss",
	.title = "EPSS scores (CSV, JSON)",
	.spec = "https://www.first.org/epss/data_stats",
	.sniff = sniff,
	.run = run,
};
