/* SPDX-License-Identifier: MIT */
/*
 * ssvc.c - what assessors say of exploitation, automation and impact: CISA's Vulnrichment, which
 * puts it into CVE records, and SSVC's own lists of selections. Specs: .spec below, and
 * https://certcc.github.io/SSVC/data/schema/v2/.
 */
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/tree.h"

#define METRICS "containers.adp[].metrics[].other.content."

enum {
	R_TYPE, R_CVE, R_TIME, R_EXPLOITATION, R_AUTOMATABLE, R_IMPACT, R_KEV,
	R_SELECTIONS, R_TARGETS, R_TARGET, R_SELECTED, /* of a list of selections */
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
	[R_SELECTIONS]   = { "selections", READ_RAW },
	[R_TARGETS]      = { "target_ids", READ_LIST },
	[R_TARGET]       = { "id" },
	[R_SELECTED]     = { "timestamp" },
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

/* ---- a list of selections: of one decision point each, as schema 1 or 2 writes them ---- */

/* The value that is left of a decision point; NULL: none, or it is not decided. */
static const char *chosen(const json_t *selections, const char *key, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach(selections, i, one) {
		const json_t *values = tree_at(one, "values"), *first = json_array_get(values, 0);

		if (json_array_size(values) != 1 ||
		    !(str_eq(tree_text(one, "key"), key) || str_ieq(tree_text(one, "name"), name)))
			continue;
		return json_is_string(first) ? json_string_value(first) : tree_text(first, "key");
	}
	return NULL;
}

/* The word for a value's key in schema 2; schema 1 has the words themselves. */
static const char *word_of(const char *value, const char *const (*key)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(value, key[i][0]))
			return key[i][1];
	return value;
}

static void fill_chosen(const json_t *selections, struct rec_signal *s)
{
	static const char *const exploitation[][2] = {
		{ "N", "none" }, { "P", "poc" }, { "A", "active" },
	};
	static const char *const automatable[][2] = { { "N", "no" }, { "Y", "yes" } };
	static const char *const impact[][2] = { { "P", "partial" }, { "T", "total" } };

	s->exploitation = exploitation_fold(word_of(chosen(selections, "E", "Exploitation"),
	                                            exploitation, LENGTH(exploitation)));
	s->automatable = said_fold(word_of(chosen(selections, "A", "Automatable"), automatable,
	                                   LENGTH(automatable)));
	s->impact = impact_fold(word_of(chosen(selections, "TI", "Technical Impact"), impact,
	                                LENGTH(impact)));
}

static bool is_cve(const char *id)
{
	return id != NULL && str_prefix(id, "CVE-");
}

static bool put_one(struct ssvc *x, const struct rec_signal *s, struct err *e)
{
	const struct record rec = { .kind = REC_SIGNAL, .u.signal = *s };

	return x->sink->put(x->sink, &rec, e);
}

static bool put_selected(struct ssvc *x, const struct read_record *r, struct rec_signal *s,
                         struct err *e)
{
	const char *id = NULL;
	bool any = false;

	if (s->exploitation == EXPLOITATION_UNSAID && s->automatable == SAID_NOTHING &&
	    s->impact == IMPACT_UNSAID)
		return read_skip(r, "nobody has assessed it", e);
	s->cve = read_text(r, R_TARGET);
	if (is_cve(s->cve))
		return put_one(x, s, e);
	while ((id = read_item(r, R_TARGETS, id)) != NULL) {
		s->cve = id;
		if (is_cve(id) && !put_one(x, s, e))
			return false;
		any |= is_cve(id);
	}
	return any || read_skip(r, "no CVE id", e);
}

static bool on_selections(struct ssvc *x, const struct read_record *r, struct err *e)
{
	json_t *selections = tree_parse(read_text(r, R_SELECTIONS));
	struct rec_signal s = { .epss = -1, .percentile = -1, .at = read_time(r, R_SELECTED) };
	bool ok;

	fill_chosen(selections, &s);
	ok = put_selected(x, r, &s, e);
	json_decref(selections);
	return ok;
}

static bool on_record(void *ctx, const struct read_record *r, struct err *e)
{
	struct ssvc *x = ctx;

	if (!x->any && !put_scan(x, e))
		return false;
	if (read_text(r, R_SELECTIONS) != NULL)
		return on_selections(x, r, e);
	return flaw(r) != NULL ? read_skip(r, flaw(r), e) : put_signal(x, r, e);
}

static const struct read_scope scope[] = {
	{ "", record_field, R_SELF, on_record },
	{ "[]", record_field, R_COUNT, on_record },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "selections[0].values") && peek_has(p, "selections[0].namespace"))
		return peek_has(p, "schemaVersion") ? 95 : 80;
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
	.title = "SSVC values: CISA Vulnrichment's CVE records, lists of selections",
	.spec  = "https://github.com/cisagov/vulnrichment",
	.sniff = sniff,
	.run   = run,
};
