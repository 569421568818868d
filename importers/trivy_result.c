/* SPDX-License-Identifier: MIT */
/* trivy_result.c - a Trivy result: what was looked at, and what the scan is complete for. */
#include "importers/trivy_result.h"
#include "importers/value.h"

enum class {
	CLASS_NONE, CLASS_OS, CLASS_LANGUAGE, CLASS_CONFIG, CLASS_SECRET, CLASS_LICENCE,
	CLASS_LICENCE_FILE,
};
static const char *const class_name[] = {
	"", "os-pkgs", "lang-pkgs", "config", "secret", "license", "license-file",
};

const struct read_field trivy_result_field[T_COUNT] = { TRIVY_RESULT_FIELDS };

bool trivy_cover(struct trivy *t, enum finding_kind kind, struct err *e)
{
	const struct record cover = { .kind = REC_COVER, .u.cover = { .kind = kind } };

	if (t->covered & 1u << kind)
		return true;
	t->covered |= 1u << kind;
	return t->sink->put(t->sink, &cover, e);
}

static bool cover_checks(struct trivy *t, const struct read_record *r, struct err *e)
{
	const char *control = t->control.scope;
	struct record cover = {
		.kind = REC_COVER,
		.u.cover = {
			.kind  = FINDING_MISCONFIGURATION,
			.scope = control != NULL ? control : read_text(r, T_TARGET),
		},
	};
	int64_t successes = 0;

	if (read_int(r, T_SUCCESSES, 0, INT64_MAX, &successes) && successes > t->passes)
		cover.u.cover.passed = successes - t->passes;
	return t->sink->put(t->sink, &cover, e);
}

const char *trivy_package_type(struct arena *mem, const struct read_record *result)
{
	const char *type = read_text(result, T_TYPE), *name, *os;

	if (type != NULL || !value_target(mem, read_text(result, T_TARGET), &name, &os))
		return type;
	return arena_dupn(mem, os, strcspn(os, " "));
}

const char *trivy_package_path(struct arena *mem, const struct read_record *result)
{
	const char *target = read_text(result, T_TARGET), *name, *os;

	if (str_eq(read_text(result, T_CLASS), class_name[CLASS_OS]) ||
	    value_target(mem, target, &name, &os))
		return NULL;
	return target;
}

const char *trivy_place(struct arena *mem, const char *target, const char *inside)
{
	if (inside == NULL)
		return target;
	return target == NULL ? inside : arena_printf(mem, "%s (%s)", target, inside);
}

bool trivy_on_result(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;

	t->any = t->results = true;
	t->checks = false;
	t->passes = 0;
	if (read_text(r, T_SELF) != NULL)
		return read_skip(r, "not an object", e);
	return t->settle(t, r, e);
}

bool trivy_end_result(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;
	const char *class = read_text(r, T_CLASS);

	arena_reset(&t->mem);
	if (read_text(r, T_SELF) != NULL)
		return true;
	if (t->control.scope != NULL) /* it looks at some checks or severities, never at all */
		return !t->checks || cover_checks(t, r, e);
	switch (str_index(class_name, LENGTH(class_name), class == NULL ? "" : class)) {
	case CLASS_OS:
	case CLASS_LANGUAGE:
		return trivy_cover(t, FINDING_VULNERABILITY, e);
	case CLASS_CONFIG:
		return cover_checks(t, r, e);
	case CLASS_SECRET:
		return trivy_cover(t, FINDING_SECRET, e);
	case CLASS_LICENCE:
	case CLASS_LICENCE_FILE:
		return trivy_cover(t, FINDING_LICENCE, e);
	case CLASS_NONE: /* before classes: a result of checks has a summary or rows of them */
		if (t->checks || read_text(r, T_SUCCESSES) != NULL ||
		    read_text(r, T_FAILURES) != NULL)
			return cover_checks(t, r, e);
		return trivy_cover(t, FINDING_VULNERABILITY, e);
	default:
		return true;
	}
}
