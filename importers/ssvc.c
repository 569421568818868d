/* SPDX-License-Identifier: MIT */
/*
 * ssvc.c - CISA's Vulnrichment: CVE records with what its assessors say of exploitation, automation
 * and impact. Spec: .spec below.
 */
#include "importers/importer.h"
#include "importers/read.h"

#define METRICS "containers.adp[].metrics[].other.content."

enum {
	R_TYPE, R_CVE, R_TIME, R_EXPLOITATION, R_AUTOMATABLE, R_IMPACT, R_KEV,
	R_SELF, /* elements of an array only */
	R_COUNT
};
static const struct read_field record_field[R_COUNT] = {
	[R_TYPE]         = { "dataType" },
	[R_CVE]          = { "cveMetadata.cveId" },
	[R_TIME]         = { METRICS "timestamp", READ_LIST },
	[R_EXPLOITATION] = { METRICS "options[].Exploitation", READ_LIST },
	[R_AUTOMATABLE]  = { METRICS "options[].Automatable", READ_LIST },
	[R_IMPACT]       = { METRICS "options[].Technical Impact", READ_LIST },
	[R_KEV]          = { METRICS "dateAdded", READ_LIST },
	[R_SELF]         = { "" },
};

struct ssvc {
	struct sink *sink;
	bool         any; /* the scan was put */
};

/* An assessment that was renewed is there twice: the last one counts. */
static const char *last_item(const struct read_record *r, size_t field)
{
	const char *s = NULL, *last = NULL;

	while ((s = read_item(r, field, s)) != NULL)
		last = s;
	return last;
}

static int64_t time_of(const char *text)
{
	int64_t t;

	return text != NULL && time_parse(text, &t) ? t : 0;
}

static bool put_scan(struct ssvc *x, struct err *e)
{
	const struct record rec = { .kind = REC_SCAN, .u.scan = { .source = "ssvc" } };

	x->any = true;
	return x->sink->put(x->sink, &rec, e);
}

static bool put_signal(struct ssvc *x, const struct read_record *r, struct err *e)
{
	const char *added = last_item(r, R_KEV);
	const struct record rec = {
		.kind = REC_SIGNAL,
		.u.signal = {
			.cve          = read_text(r, R_CVE),
			.kev          = added != NULL,
			.kev_added    = time_of(added),
			.epss         = -1,
			.percentile   = -1,
			.exploitation = exploitation_fold(last_item(r, R_EXPLOITATION)),
			.automatable  = said_fold(last_item(r, R_AUTOMATABLE)),
			.impact       = impact_fold(last_item(r, R_IMPACT)),
			.at           = time_of(last_item(r, R_TIME)),
		},
	};

	return x->sink->put(x->sink, &rec, e);
}

/* Why a record is no use; NULL: it is. */
static const char *flaw(const struct read_record *r)
{
	const char *cve = read_text(r, R_CVE);

	if (!str_eq(read_text(r, R_TYPE), "CVE_RECORD"))
		return "not a CVE record";
	if (cve == NULL || !str_prefix(cve, "CVE-"))
		return "no CVE id";
	if (read_count(r, R_EXPLOITATION) + read_count(r, R_AUTOMATABLE) +
	    read_count(r, R_IMPACT) + read_count(r, R_KEV) == 0)
		return "nobody has assessed it";
	return NULL;
}

static bool on_record(void *ctx, const struct read_record *r, struct err *e)
{
	struct ssvc *x = ctx;

	if (!x->any && !put_scan(x, e))
		return false;
	return flaw(r) != NULL ? read_skip(r, flaw(r), e) : put_signal(x, r, e);
}

static const struct read_scope scope[] = {
	{ "", record_field, R_SELF, on_record },
	{ "[]", record_field, R_COUNT, on_record },
};

static int sniff(const struct peek *p)
{
	return peek_is(p, "dataType", "CVE_RECORD") && peek_has(p, "cveMetadata.cveId") ? 95 : 0;
}

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct ssvc x = { .sink = out };
	const struct read_opts how = { .sink = out };

	return read_document(src, scope, LENGTH(scope), &x, &how, e) &&
	       (x.any || put_scan(&x, e));
}

const struct importer importer_ssvc = {
	.id    = "ssvc",
	.title = "CISA Vulnrichment: CVE records with SSVC values",
	.spec  = "https://github.com/cisagov/vulnrichment",
	.sniff = sniff,
	.run   = run,
};
