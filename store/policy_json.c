/* SPDX-License-Identifier: MIT */
/* policy_json.c - objects of a policy file, read by tables of their fields. */
#include "store/policy_json.h"

bool policy_bad(const struct policy_reader *r, const char *path, const char *key, const char *want)
{
	return err_set(r->e, ERR_FORMAT, "%s: %s%s%s: %s", r->file, path, *path ? "." : "", key,
		       want);
}

/* ---- one value ---- */

static bool as_text(const struct policy_reader *r, const json_t *v, const char **out)
{
	if (!json_is_string(v))
		return false;
	*out = arena_dup(r->mem, json_string_value(v));
	return true;
}

static bool as_texts(const struct policy_reader *r, const json_t *v, struct policy_texts *out)
{
	const char **s;
	size_t i;
	json_t *one;

	if (!json_is_array(v))
		return false;
	s = arena_array(r->mem, const char *, json_array_size(v) + 1);
	json_array_foreach(v, i, one)
	{
		if (!as_text(r, one, &s[i]) || !*s[i])
			return false;
	}
	*out = (struct policy_texts){ s, json_array_size(v) };
	return true;
}

static bool as_bool(const json_t *v, bool *out)
{
	*out = json_is_true(v);
	return json_is_boolean(v);
}

static bool as_condition(const json_t *v, int *out)
{
	*out = json_is_true(v);
	return json_is_boolean(v);
}

static bool as_impact(const json_t *v, int *out)
{
	*out = str_eq(json_string_value(v), "total");
	return *out || str_eq(json_string_value(v), "partial");
}

static bool as_count(const json_t *v, int64_t *out)
{
	*out = json_is_null(v) ? -1 : json_integer_value(v);
	return json_is_null(v) || (json_is_integer(v) && *out >= 0);
}

static bool as_duration(const json_t *v, int64_t *out)
{
	return json_is_string(v) && duration_parse(json_string_value(v), out);
}

static bool as_open(const json_t *v, int64_t *out)
{
	*out = DUE_NONE;
	return json_is_null(v) || as_duration(v, out);
}

static bool as_day(const json_t *v, int64_t *out)
{
	const char *s = json_string_value(v);

	return s && strlen(s) == strlen("2026-12-07") && time_parse(s, out);
}

static bool as_ratio(const json_t *v, int64_t *out)
{
	double d = json_number_value(v);

	*out = (int64_t)(d * 10000 + 0.5);
	return json_is_number(v) && d >= 0 && d <= 1;
}

static bool as_severities(const json_t *v, uint32_t *out)
{
	size_t i;
	json_t *one;

	*out = 0;
	json_array_foreach(v, i, one)
	{
		const char *word = json_string_value(one);
		enum severity s = severity_fold(word);

		if (!word || !str_eq(word, severity_word(s)))
			return false;
		*out |= 1u << s;
	}
	return json_is_array(v) && *out != 0;
}

static bool as_force(const json_t *v, enum policy_force *out)
{
	static const char *const words[] = {
		[FORCE_MUST] = "must", [FORCE_SHOULD] = "should", [FORCE_PROPOSED] = "proposed"
	};
	const char *word = json_string_value(v);

	for (size_t i = 0; i < LENGTH(words); i++)
		if (str_eq(word, words[i])) {
			*out = (enum policy_force)i;
			return true;
		}
	return false;
}

static bool as_type(const struct policy_reader *r, const json_t *v, enum field_type t, void *out)
{
	switch (t) {
	case FIELD_OTHER:
		return true;
	case FIELD_TEXT:
		return as_text(r, v, out);
	case FIELD_TEXTS:
		return as_texts(r, v, out);
	case FIELD_BOOL:
		return as_bool(v, out);
	case FIELD_CONDITION:
		return as_condition(v, out);
	case FIELD_IMPACT:
		return as_impact(v, out);
	case FIELD_COUNT:
		return as_count(v, out);
	case FIELD_DURATION:
		return as_duration(v, out);
	case FIELD_OPEN:
		return as_open(v, out);
	case FIELD_DAY:
		return as_day(v, out);
	case FIELD_RATIO:
		return as_ratio(v, out);
	case FIELD_SEVERITIES:
		return as_severities(v, out);
	case FIELD_FORCE:
		return as_force(v, out);
	}
	return false;
}

static const char *wanted(enum field_type t)
{
	static const char *const want[] = {
		[FIELD_OTHER] = "",
		[FIELD_TEXT] = "wants text",
		[FIELD_TEXTS] = "wants a list of texts",
		[FIELD_BOOL] = "wants true or false",
		[FIELD_CONDITION] = "wants true or false",
		[FIELD_IMPACT] = "wants \"total\" or \"partial\"",
		[FIELD_COUNT] = "wants a number from 0, or null for no limit",
		[FIELD_DURATION] = "wants a duration such as \"30d\", \"12h\" or \"15m\"",
		[FIELD_OPEN] = "wants a duration such as \"30d\", or null for none",
		[FIELD_DAY] = "wants a day such as \"2026-12-07\"",
		[FIELD_RATIO] = "wants a number from 0 to 1",
		[FIELD_SEVERITIES] = ("wants a list of severities: critical, high, medium, low, "
				      "negligible, unknown"),
		[FIELD_FORCE] = "wants \"must\", \"should\" or \"proposed\"",
	};

	return want[t];
}

/* ---- objects ---- */

static bool unknown_key(const struct policy_reader *r, const char *path, const char *key,
			const struct json_field *field, size_t n)
{
	const char **names = arena_array(r->mem, const char *, n + 1);
	const char *near;

	for (size_t i = 0; i < n; i++)
		names[i] = field[i].key;
	near = str_nearest(names, n, key);
	return policy_bad(r, path, key,
			  near ? arena_printf(r->mem, "no such key here; did you mean %s?", near)
			       : "no such key here");
}

static const struct json_field *field_named(const struct json_field *field, size_t n,
					    const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(field[i].key, key))
			return &field[i];
	return NULL;
}

bool policy_object(const struct policy_reader *r, const char *path, json_t *o,
		   const struct json_field *field, size_t n, void *into)
{
	const char *key;
	json_t *value;

	json_object_foreach(o, key, value)
	{
		const struct json_field *f = field_named(field, n, key);

		if (!f)
			return unknown_key(r, path, key, field, n);
		if (!as_type(r, value, f->type, (char *)into + f->at))
			return policy_bad(r, path, key, wanted(f->type));
	}
	return true;
}

bool policy_child(const struct policy_reader *r, const char *path, json_t *o, const char *key,
		  json_type want, json_t **out)
{
	*out = json_object_get(o, key);
	if (*out && json_typeof(*out) != want)
		return policy_bad(r, path, key,
				  want == JSON_ARRAY ? "wants a list" : "wants an object");
	return true;
}
