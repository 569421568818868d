/* SPDX-License-Identifier: MIT */
/* sarif_rules.c - the rules that a SARIF file describes, and the lines of their help. */
#include <stdlib.h>

#include "importers/sarif.h"

enum {
	F_ID, F_NAME, F_SHORT, F_FULL, F_HELP, F_URL, F_LEVEL, F_SECURITY, F_CVSS, F_TAGS,
	F_MESSAGES, F_FIXED, F_PURLS, F_PURL, F_COUNT
};
static const struct read_field rule_field[F_COUNT] = {
	[F_ID]       = { "id" },
	[F_NAME]     = { "name" },
	[F_SHORT]    = { "shortDescription.text" },
	[F_FULL]     = { "fullDescription.text" },
	[F_HELP]     = { "help.text" },
	[F_URL]      = { "helpUri" },
	[F_LEVEL]    = { "defaultConfiguration.level" },
	[F_SECURITY] = { "properties.security-severity" },
	[F_CVSS]     = { "properties.cvssv3_baseScore" },
	[F_TAGS]     = { "properties.tags", READ_LIST },
	[F_MESSAGES] = { "messageStrings{}.text", READ_LIST },
	[F_FIXED]    = { "properties.fixed_version" },
	[F_PURLS]    = { "properties.purls", READ_LIST },
	[F_PURL]     = { "properties.purl", READ_LIST }, /* Docker Scout before 1.0 */
};

enum { O_LEVEL, O_ID, O_INDEX, O_EXTENSION, O_COUNT };
static const struct read_field override_field[O_COUNT] = {
	[O_LEVEL]     = { "configuration.level" },
	[O_ID]        = { "descriptor.id" },
	[O_INDEX]     = { "descriptor.index" },
	[O_EXTENSION] = { "descriptor.toolComponent.index" },
};

static const struct read_field driver_field[] = { { "globalMessageStrings{}.text", READ_LIST } };
static const struct read_field artifact_field[] = { { "location.uri" } };

/* ---- labels ---- */

/* The value of a line "label value" or "label [value](link)"; NULL: another line, or nothing. */
static const char *value_of(struct arena *mem, const char *line, size_t n, const char *label)
{
	size_t skip = strlen(label);

	if (n < skip || memcmp(line, label, skip) != 0)
		return NULL;
	while (skip < n && line[skip] == ' ')
		skip++;
	while (n > skip && (line[n - 1] == ' ' || line[n - 1] == '\r'))
		n--;
	if (n > skip && line[skip] == '[' && line[n - 1] == ')') {
		const char *end = memchr(line + skip, ']', n - skip);

		if (end != NULL && end[1] == '(') {
			skip++;
			n = (size_t)(end - line);
		}
	}
	if (n == skip || (n - skip == 4 && memcmp(line + skip, "None", 4) == 0))
		return NULL;
	return arena_dupn(mem, line + skip, n - skip);
}

static void take(struct arena *mem, const char *line, size_t n, const char *label, const char **out)
{
	if (*out == NULL)
		*out = value_of(mem, line, n, label);
}

void sarif_labels(struct arena *mem, const char *text, struct sarif_labels *out)
{
	size_t n;

	*out = (struct sarif_labels){ NULL };
	for (; text != NULL && *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		take(mem, text, n, "Vulnerability ", &out->id);
		take(mem, text, n, "Package:", &out->package);
		take(mem, text, n, "Installed Version:", &out->version);
		take(mem, text, n, "Version:", &out->version);
		take(mem, text, n, "Fixed Version:", &out->fixed_in);
		take(mem, text, n, "Fix Version:", &out->fixed_in);
		take(mem, text, n, "Type:", &out->type);
		take(mem, text, n, "Package type:", &out->type);
		take(mem, text, n, "Location:", &out->location);
		take(mem, text, n, "Package path:", &out->location);
		take(mem, text, n, "Severity:", &out->severity);
		take(mem, text, n, "Message:", &out->message);
		take(mem, text, n, "Match:", &out->match);
	}
}

/* ---- reading ---- */

static struct sarif_rule *add_rule(struct sarif_rules *t)
{
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 64 : t->cap * 2;
		t->rule = xrealloc_array(t->rule, t->cap, sizeof(*t->rule));
	}
	t->rule[t->n] = (struct sarif_rule){ .run = t->runs };
	return &t->rule[t->n++];
}

/* Tags hold, in any order, words for severity, weaknesses, and what the rule is about. */
static void take_tags(struct sarif_rules *t, const struct read_record *r, struct sarif_rule *rule)
{
	const char *s = NULL;

	while ((s = read_item(r, F_TAGS, s)) != NULL) {
		if (severity_fold(s) != SEV_UNKNOWN && rule->word == NULL)
			rule->word = arena_dup(&t->mem, s);
		else if (!str_eq(s, "security") && !str_prefix(s, "CWE-"))
			rule->type = arena_dup(&t->mem, s);
	}
}

/* The items of a list, *n of them. */
static const char *const *take_list(struct sarif_rules *t, const struct read_record *r,
                                    size_t field, size_t *n)
{
	size_t most = read_count(r, field), i = 0;
	const char **list = arena_array(&t->mem, const char *, most), *s = NULL;

	while (i < most && (s = read_item(r, field, s)) != NULL)
		list[i++] = arena_dup(&t->mem, s);
	*n = i;
	return list;
}

static const char *kept(struct sarif_rules *t, const struct read_record *r, size_t field)
{
	return arena_dup(&t->mem, read_text(r, field));
}

static bool on_rule(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct sarif_rules *t = ctx;
	struct sarif_rule *rule = add_rule(t);

	rule->index = r->index;
	rule->id = kept(t, r, F_ID);
	rule->name = kept(t, r, F_NAME);
	rule->title = kept(t, r, F_SHORT);
	rule->text = kept(t, r, F_FULL);
	rule->url = kept(t, r, F_URL);
	rule->level = kept(t, r, F_LEVEL);
	rule->security = kept(t, r, F_SECURITY);
	rule->cvss = kept(t, r, F_CVSS);
	take_tags(t, r, rule);
	rule->fixed_in = kept(t, r, F_FIXED);
	if (read_count(r, F_MESSAGES) > 0)
		rule->message = take_list(t, r, F_MESSAGES, &rule->nmessage);
	if (read_count(r, F_PURLS) + read_count(r, F_PURL) > 0)
		rule->purl = take_list(t, r, read_count(r, F_PURLS) > 0 ? F_PURLS : F_PURL,
		                       &rule->npurl);
	sarif_labels(&t->mem, read_text(r, F_HELP), &rule->help);
	return true;
}

static bool on_extension_rule(void *ctx, const struct read_record *r, struct err *e)
{
	struct sarif_rules *t = ctx;

	if (!on_rule(ctx, r, e))
		return false;
	t->rule[t->n - 1].index = UINT64_MAX;
	t->rule[t->n - 1].extension = r->up->index;
	t->rule[t->n - 1].nth = r->index;
	return true;
}

static bool on_artifact(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct sarif_rules *t = ctx;

	if (read_text(r, 0) == NULL)
		return true;
	if (t->nartifact == t->capartifact) {
		t->capartifact = t->capartifact == 0 ? 64 : t->capartifact * 2;
		t->artifact = xrealloc_array(t->artifact, t->capartifact, sizeof(*t->artifact));
	}
	t->artifact[t->nartifact++] = (struct sarif_artifact){ t->runs, r->index, kept(t, r, 0) };
	return true;
}

static bool on_driver(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct sarif_rules *t = ctx;
	struct sarif_words *w;

	if (read_count(r, 0) == 0)
		return true;
	if (t->nwords == t->capwords) {
		t->capwords = t->capwords == 0 ? 4 : t->capwords * 2;
		t->words = xrealloc_array(t->words, t->capwords, sizeof(*t->words));
	}
	w = &t->words[t->nwords++];
	w->run = t->runs;
	w->message = take_list(t, r, 0, &w->nmessage);
	return true;
}

static bool on_override(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct sarif_rules *t = ctx;
	struct sarif_override *o;

	if (read_text(r, O_LEVEL) == NULL)
		return true;
	if (t->noverride == t->capoverride) {
		t->capoverride = t->capoverride == 0 ? 16 : t->capoverride * 2;
		t->override = xrealloc_array(t->override, t->capoverride, sizeof(*t->override));
	}
	o = &t->override[t->noverride++];
	*o = (struct sarif_override){ .run = t->runs, .extension = -1, .index = -1,
	                              .id = kept(t, r, O_ID), .level = kept(t, r, O_LEVEL) };
	read_int(r, O_INDEX, 0, INT64_MAX, &o->index);
	read_int(r, O_EXTENSION, 0, INT64_MAX, &o->extension);
	return true;
}

static bool on_run(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	sarif_note_run(ctx, r);
	return true;
}

static int compare(uint64_t run_a, const char *id_a, uint64_t run_b, const char *id_b)
{
	if (run_a != run_b)
		return run_a < run_b ? -1 : 1;
	return strcmp(id_a == NULL ? "" : id_a, id_b == NULL ? "" : id_b);
}

static int by_id(const void *a, const void *b)
{
	const struct sarif_rule *const *x = a, *const *y = b;

	return compare((*x)->run, (*x)->id, (*y)->run, (*y)->id);
}

/* An override names a rule by its place, or by its id where no place is given. */
static void override_levels(struct sarif_rules *t)
{
	for (size_t i = 0; i < t->noverride; i++) {
		const struct sarif_override *o = &t->override[i];
		uint64_t index = (uint64_t)o->index; /* -1: UINT64_MAX, which is none */
		const struct sarif_rule *rule = o->extension < 0 ?
			sarif_rule_find(t, o->run, index, o->id) :
			sarif_rule_of(t, o->run, (uint64_t)o->extension, index);

		if (rule != NULL)
			t->rule[rule - t->rule].level = o->level;
	}
}

bool sarif_rules_read(struct sarif_rules *t, const struct source *src, struct err *e)
{
	static const struct read_scope scope[] = {
		{ "runs[]", sarif_run_field, RUN_COUNT, on_run },
		{ "runs[].tool.driver", driver_field, LENGTH(driver_field), on_driver },
		{ "runs[].tool.driver.rules[]", rule_field, F_COUNT, on_rule },
		{ "runs[].tool.extensions[]", NULL, 0, NULL },
		{ "runs[].tool.extensions[].rules[]", rule_field, F_COUNT, on_extension_rule },
		{ "runs[].invocations[].ruleConfigurationOverrides[]", override_field, O_COUNT,
		  on_override },
		{ "runs[].artifacts[]", artifact_field, LENGTH(artifact_field), on_artifact },
	};
	size_t i;

	if (!read_document(src, scope, LENGTH(scope), t, NULL, e))
		return false;
	sarif_join_runs(t);
	t->by_id = arena_array(&t->mem, const struct sarif_rule *, t->n + 1);
	for (i = 0; i < t->n; i++)
		t->by_id[i] = &t->rule[i];
	qsort(t->by_id, t->n, sizeof(*t->by_id), by_id);
	override_levels(t);
	return true;
}

void sarif_rules_release(struct sarif_rules *t)
{
	free(t->rule);
	free(t->artifact);
	free(t->override);
	free(t->words);
	free(t->run);
	arena_release(&t->mem);
	*t = (struct sarif_rules)SARIF_RULES_INIT;
}

/* ---- finding ---- */

/* First place in by_id that is not before (run, id). */
static size_t lower_bound(const struct sarif_rules *t, uint64_t run, const char *id)
{
	size_t lo = 0, hi = t->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (compare(t->by_id[mid]->run, t->by_id[mid]->id, run, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The rules of a run's driver lie side by side, but for those of extensions. */
static const struct sarif_rule *at_index(const struct sarif_rules *t, uint64_t run, uint64_t index)
{
	size_t lo = 0, hi = t->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (t->rule[mid].run < run)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < t->n && t->rule[lo].run == run; lo++)
		if (t->rule[lo].index == 0)
			break;
	if (index >= t->n - lo)
		return NULL;
	lo += (size_t)index;
	return t->rule[lo].run == run && t->rule[lo].index == index ? &t->rule[lo] : NULL;
}

/* A result may name a part of the rule: "CA2101/1". Some tools write index 0 into every result. */
static bool is_of(const struct sarif_rule *rule, const char *id)
{
	size_t n = rule->id == NULL ? 0 : strlen(rule->id);

	if (n == 0 || !str_prefix(id, rule->id))
		return n == 0;
	return id[n] == '\0' || id[n] == '/';
}

static const struct sarif_rule *by_name(const struct sarif_rules *t, uint64_t run, const char *id)
{
	size_t i = lower_bound(t, run, id);

	if (i == t->n || compare(t->by_id[i]->run, t->by_id[i]->id, run, id) != 0)
		return NULL;
	return t->by_id[i];
}

const struct sarif_rule *sarif_rule_find(const struct sarif_rules *t, uint64_t run, uint64_t index,
                                         const char *id)
{
	const struct sarif_rule *rule = index == UINT64_MAX ? NULL : at_index(t, run, index);
	char part[256];
	size_t i;

	if (id == NULL || (rule != NULL && is_of(rule, id)))
		return rule;
	rule = by_name(t, run, id);
	for (i = strlen(id); rule == NULL && i > 0; i--) { /* and what it is a part of */
		if (id[i] != '/' || i >= sizeof(part))
			continue;
		memcpy(part, id, i);
		part[i] = '\0';
		rule = by_name(t, run, part);
	}
	return rule;
}

const struct sarif_rule *sarif_rule_of(const struct sarif_rules *t, uint64_t run,
                                       uint64_t extension, uint64_t nth)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct sarif_rule *rule = &t->rule[i];

		if (rule->run == run && rule->index == UINT64_MAX && rule->extension == extension &&
		    rule->nth == nth)
			return rule;
	}
	return NULL;
}

const char *sarif_message(const struct sarif_rules *t, uint64_t run, const char *id)
{
	for (size_t i = 0; i < t->nwords; i++)
		for (size_t k = 0; t->words[i].run == run && k + 1 < t->words[i].nmessage; k += 2)
			if (str_eq(t->words[i].message[k], id))
				return t->words[i].message[k + 1];
	return NULL;
}

const char *sarif_artifact(const struct sarif_rules *t, uint64_t run, uint64_t index)
{
	size_t lo = 0, hi = t->nartifact;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct sarif_artifact *a = &t->artifact[mid];

		if (a->run == run && a->index == index)
			return a->uri;
		if (a->run < run || (a->run == run && a->index < index))
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
