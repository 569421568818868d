/* SPDX-License-Identifier: MIT */
/* 2900-frameworks.c - the built-in catalogue is whole: every name that a line mentions exists. */
#include "t/lib/test.h"

#include <stdio.h>

#include <uthash.h>

#include "importers/source.h"

extern const struct importer importer_framework;

/* ---- the catalogue in memory: every line once, found by its name ---- */

struct line {
	struct line     *next; /* in the order of the files */
	struct rec_entry n;
	const char      *file;
	size_t           number; /* among all lines of all files */
};

struct name {
	UT_hash_handle hh;
	struct line   *line;
};

struct catalogue {
	struct sink  sink; /* first: the sink is the catalogue */
	struct arena mem;
	struct line *first, **tail;
	struct name *names; /* "control PCI-DSS:6.3.3", "class root-user", "rule trivy/DS-0001" */
	const char  *file;
	size_t       lines, skipped, twice, strangers;
};

static struct line *find(struct catalogue *c, const char *kind, const char *name)
{
	char         key[512];
	struct name *f;

	(void)snprintf(key, sizeof(key), "%s %s", kind, name);
	HASH_FIND_STR(c->names, key, f);
	return f != NULL ? f->line : NULL;
}

static const char *name_of(struct arena *a, const struct rec_entry *n)
{
	switch (n->kind) {
	case ENTRY_FRAMEWORK:
		return arena_printf(a, "framework %s", n->id);
	case ENTRY_CLASS:
		return arena_printf(a, "class %s", n->id);
	case ENTRY_RULE:
		return arena_printf(a, "rule %s/%s", n->framework, n->id);
	case ENTRY_CONTROL:
		return arena_printf(a, "control %s:%s", n->framework, n->id);
	case ENTRY_DEADLINE:
		return arena_printf(a, "deadline %s:%s", n->framework, n->id);
	case ENTRY_ITEM:
		return arena_printf(a, "item %s", n->id);
	case ENTRY_MAP:
	case ENTRY_KIND_COUNT:
		break;
	}
	return NULL;
}

static struct rec_entry copy(struct arena *a, const struct rec_entry *n)
{
	return (struct rec_entry){
		.kind = n->kind, .framework = arena_dup(a, n->framework), .id = arena_dup(a, n->id),
		.title = arena_dup(a, n->title), .parent = arena_dup(a, n->parent),
		.class_id = arena_dup(a, n->class_id), .to = arena_dup(a, n->to),
		.severity = arena_dup(a, n->severity), .weight = arena_dup(a, n->weight),
		.attributes = arena_dup(a, n->attributes), .text = arena_dup(a, n->text),
		.source = arena_dup(a, n->source),
	};
}

static void keep(struct catalogue *c, const struct rec_entry *n)
{
	struct line *l = arena_new(&c->mem, struct line);
	const char  *key;

	*l = (struct line){ .n = copy(&c->mem, n), .file = c->file, .number = c->lines++ };
	*c->tail = l;
	c->tail = &l->next;
	key = name_of(&c->mem, &l->n);
	if (key != NULL) {
		struct name *f;

		HASH_FIND_STR(c->names, key, f);
		if (f != NULL) {
			print_message("# %s: %s is in %s too\n", c->file, key, f->line->file);
			c->twice++;
			return;
		}
		f = arena_new(&c->mem, struct name);
		f->line = l;
		HASH_ADD_KEYPTR(hh, c->names, key, strlen(key), f);
	}
}

static bool put(struct sink *s, const struct record *r, UNUSED struct err *e)
{
	struct catalogue *c = (struct catalogue *)s;

	if (r->kind == REC_ENTRY) {
		keep(c, &r->u.entry);
	} else if (r->kind == REC_SKIP) {
		print_message("# %s: %s: %s\n", c->file, r->u.skip.place, r->u.skip.reason);
		c->skipped++;
	}
	return true;
}

static bool tick(UNUSED struct sink *s, UNUSED uint64_t done, UNUSED uint64_t total,
		 UNUSED struct err *e)
{
	return true;
}

static bool read_file(void *ctx, const struct source *src, struct err *e)
{
	struct catalogue         *c = ctx;
	const struct import_opts  o = { 0 };
	const struct importer    *used;

	c->file = arena_dup(&c->mem, source_path(src));
	if (!import_source(src, &o, &c->sink, &used, e))
		return false;
	c->strangers += used != &importer_framework;
	return true;
}

static int load(void **state)
{
	struct catalogue *c = xcalloc(1, sizeof(*c));
	struct err        e = ERR_INIT;

	c->sink = (struct sink){ put, tick };
	c->tail = &c->first;
	if (!source_walk_builtin(read_file, c, &e))
		fail_msg("%s", e.text);
	*state = c;
	return 0;
}

static int unload(void **state)
{
	struct catalogue *c = *state;

	HASH_CLEAR(hh, c->names);
	arena_release(&c->mem);
	free(c);
	return 0;
}

/* ---- what must hold ---- */

static void every_line_of_every_file_is_read(void **state)
{
	struct catalogue *c = *state;

	assert_int_equal(c->skipped, 0);
	assert_int_equal(c->strangers, 0);
	assert_true(c->lines > 9000);
}

static void no_name_is_given_twice(void **state)
{
	struct catalogue *c = *state;

	assert_int_equal(c->twice, 0);
}

/* Pieces of a list that are nowhere, or only behind the line that names them. */
static size_t count_missing(struct catalogue *c, const struct line *l, const char *kind,
			    const char *list)
{
	size_t missing = 0;

	while (list != NULL) {
		const char        *end = strstr(list, "; ");
		size_t             n = end != NULL ? (size_t)(end - list) : strlen(list);
		const char        *one = arena_dupn(&c->mem, list, n);
		const struct line *found = find(c, kind, one);

		if (found == NULL || found->number > l->number) {
			print_message("# %s: %s: no %s %s so far\n", l->file, l->n.id, kind, one);
			missing++;
		}
		list = end != NULL ? end + 2 : NULL;
	}
	return missing;
}

static void every_class_that_is_named_exists_already(void **state)
{
	struct catalogue *c = *state;
	size_t            missing = 0;

	for (const struct line *l = c->first; l != NULL; l = l->next)
		missing += count_missing(c, l, "class", l->n.class_id);
	assert_int_equal(missing, 0);
}

static void every_control_and_rule_that_is_named_exists_already(void **state)
{
	struct catalogue *c = *state;
	size_t            missing = 0;

	for (const struct line *l = c->first; l != NULL; l = l->next) {
		bool map = l->n.kind == ENTRY_MAP;

		if (map && l->n.to != NULL && l->n.to[strcspn(l->n.to, "/:")] == '/')
			missing += find(c, "rule", l->n.to) == NULL;
		else
			missing += count_missing(c, l, "control", l->n.to);
		if (map)
			missing += count_missing(c, l, "control", arena_printf(&c->mem, "%s:%s",
			                         l->n.framework, l->n.id));
	}
	assert_int_equal(missing, 0);
}

static void every_line_belongs_to_the_framework_of_its_file(void **state)
{
	struct catalogue *c = *state;
	size_t            strangers = 0;

	for (const struct line *l = c->first; l != NULL; l = l->next) {
		if (!str_prefix(l->file, "importers/frameworks/"))
			continue;
		if (find(c, "framework", l->n.framework) == NULL)
			strangers++;
		else if (find(c, "framework", l->n.framework)->file != l->file)
			strangers++;
	}
	assert_int_equal(strangers, 0);
}

static void every_rule_table_is_named_after_its_tool(void **state)
{
	struct catalogue *c = *state;

	for (const struct line *l = c->first; l != NULL; l = l->next)
		if (l->n.kind == ENTRY_RULE)
			assert_string_equal(l->file, arena_printf(&c->mem, "importers/rules/%s.tsv",
			                    l->n.framework));
}

static const char *attribute(struct arena *a, const struct rec_entry *n, const char *key)
{
	const char *s = n->attributes;
	size_t      len = strlen(key);

	while (s != NULL && !(strncmp(s, key, len) == 0 && s[len] == '=')) {
		s = strstr(s, " | ");
		s = s != NULL ? s + 3 : NULL;
	}
	if (s == NULL)
		return NULL;
	s += len + 1;
	return strstr(s, " | ") != NULL ? arena_dupn(a, s, (size_t)(strstr(s, " | ") - s)) : s;
}

static void every_class_says_where_its_evidence_comes_from(void **state)
{
	static const char *const records[] = {
		"vulnerability", "misconfiguration", "benchmark", "secret", "image", "workload",
		"host", "cluster", "scan", "exception", "admission", "audit", "forensic",
		"inventory", "vendor", "incident", "runtime",
	};
	struct catalogue *c = *state;

	for (const struct line *l = c->first; l != NULL; l = l->next) {
		if (l->n.kind != ENTRY_CLASS)
			continue;
		assert_true(str_index(records, LENGTH(records),
		                      attribute(&c->mem, &l->n, "record")) >= 0);
		assert_non_null(l->n.severity);
	}
}

static void every_deadline_has_a_number_or_says_why_not(void **state)
{
	static const char *const open[] = {
		"entity-defined", "targeted-risk-analysis", "event", "next-upgrade",
	};
	static const char *const units[] = {
		"minutes", "hours", "days", "business-days", "months", "years", "files",
		"megabytes", "attempts",
	};
	static const char *const forces[] = { "must", "should", "may", "proposed", "superseded" };
	struct catalogue *c = *state;

	for (const struct line *l = c->first; l != NULL; l = l->next) {
		const char *number, *unit;
		int64_t     n;

		if (l->n.kind != ENTRY_DEADLINE)
			continue;
		number = attribute(&c->mem, &l->n, "number");
		unit = attribute(&c->mem, &l->n, "unit");
		if (number != NULL)
			assert_true(str_int64(number, 1, 1000, &n) &&
			            str_index(units, LENGTH(units), unit) >= 0);
		else
			assert_true(str_index(open, LENGTH(open), unit) >= 0);
		assert_true(str_index(forces, LENGTH(forces),
		                      attribute(&c->mem, &l->n, "force")) >= 0);
		assert_non_null(attribute(&c->mem, &l->n, "clock_start"));
	}
}

static void every_date_is_one(void **state)
{
	static const char *const keys[] = {
		"valid_from", "valid_to", "grace_to", "valid_from_20x", "valid_from_20x_existing",
	};
	struct catalogue *c = *state;

	for (const struct line *l = c->first; l != NULL; l = l->next) {
		for (size_t i = 0; i < LENGTH(keys); i++) {
			const char *day = attribute(&c->mem, &l->n, keys[i]);
			int64_t     t;

			assert_true(day == NULL || (strlen(day) == 10 && time_parse(day, &t)));
		}
	}
}

static void every_item_says_how_it_is_checked_and_who_decides(void **state)
{
	static const char *const words[] = { "yes", "partial", "no" };
	struct catalogue *c = *state;

	for (const struct line *l = c->first; l != NULL; l = l->next) {
		const char *automatic;

		if (l->n.kind != ENTRY_ITEM)
			continue;
		automatic = attribute(&c->mem, &l->n, "automatic");
		assert_true(str_index(words, LENGTH(words), automatic) >= 0);
		assert_non_null(attribute(&c->mem, &l->n, "verify"));
		assert_non_null(attribute(&c->mem, &l->n, "evidence"));
		assert_non_null(attribute(&c->mem, &l->n, "why"));
		/* Nothing can be decided from data when no class says which data. */
		assert_true(str_eq(automatic, "no") || l->n.class_id != NULL);
	}
}

/* Per framework: controls, maps, deadlines. A line lost by a careless edit shows here. */
static const struct {
	const char *framework;
	size_t      n[ENTRY_KIND_COUNT];
} sizes[] = {
	{ "CIS-DOCKER",   { [ENTRY_CONTROL] = 118, [ENTRY_MAP] = 1578, [ENTRY_DEADLINE] = 1 } },
	{ "CIS-K8S",      { [ENTRY_CONTROL] = 134, [ENTRY_MAP] = 3000, [ENTRY_DEADLINE] = 3 } },
	{ "NIST-800-190", { [ENTRY_CONTROL] = 24,  [ENTRY_MAP] = 435 } },
	{ "NIST-800-53",  { [ENTRY_CONTROL] = 169, [ENTRY_MAP] = 403 } },
	{ "PCI-DSS",      { [ENTRY_CONTROL] = 139, [ENTRY_MAP] = 428, [ENTRY_DEADLINE] = 32 } },
	{ "HIPAA",        { [ENTRY_CONTROL] = 86,  [ENTRY_MAP] = 303, [ENTRY_DEADLINE] = 22 } },
	{ "FEDRAMP",      { [ENTRY_CONTROL] = 112, [ENTRY_MAP] = 400, [ENTRY_DEADLINE] = 176 } },
	{ "K8S-PSS",      { [ENTRY_CONTROL] = 18,  [ENTRY_MAP] = 95 } },
	{ "NSA-K8S",      { [ENTRY_CONTROL] = 30,  [ENTRY_MAP] = 145 } },
	{ "ISO-27001",    { [ENTRY_CONTROL] = 30,  [ENTRY_MAP] = 145 } },
	{ "SOC2",         { [ENTRY_CONTROL] = 13,  [ENTRY_MAP] = 138 } },
	{ "CN",           { [ENTRY_ITEM] = 50 } },
};

static void every_framework_has_as_many_lines_as_it_should(void **state)
{
	struct catalogue *c = *state;

	for (size_t i = 0; i < LENGTH(sizes); i++) {
		size_t n[ENTRY_KIND_COUNT] = { 0 };

		for (const struct line *l = c->first; l != NULL; l = l->next)
			n[l->n.kind] += str_eq(l->n.framework, sizes[i].framework);
		assert_int_equal(n[ENTRY_FRAMEWORK], 1);
		for (int k = ENTRY_CONTROL; k < ENTRY_KIND_COUNT; k++)
			assert_int_equal(n[k], sizes[i].n[k]);
	}
}

static void benchmarks_find_their_controls_in_every_version(void **state)
{
	struct catalogue  *c = *state;
	const struct line *l = find(c, "control", "CIS-K8S:5.2.5");
	struct line       *docker = find(c, "control", "CIS-DOCKER:v1.8-2.7");

	assert_non_null(l);
	assert_non_null(attribute(&c->mem, &l->n, "id_v1_8"));
	assert_non_null(docker);
	assert_string_equal(attribute(&c->mem, &docker->n, "id_v1_8"), "2.7");
	assert_null(attribute(&c->mem, &docker->n, "id_v1_7"));
	assert_non_null(find(c, "rule", "kube-bench/cis-1.8:1.2.6"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_of_every_file_is_read),
		cmocka_unit_test(no_name_is_given_twice),
		cmocka_unit_test(every_class_that_is_named_exists_already),
		cmocka_unit_test(every_control_and_rule_that_is_named_exists_already),
		cmocka_unit_test(every_line_belongs_to_the_framework_of_its_file),
		cmocka_unit_test(every_rule_table_is_named_after_its_tool),
		cmocka_unit_test(every_class_says_where_its_evidence_comes_from),
		cmocka_unit_test(every_deadline_has_a_number_or_says_why_not),
		cmocka_unit_test(every_date_is_one),
		cmocka_unit_test(every_item_says_how_it_is_checked_and_who_decides),
		cmocka_unit_test(every_framework_has_as_many_lines_as_it_should),
		cmocka_unit_test(benchmarks_find_their_controls_in_every_version),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
