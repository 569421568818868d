/* SPDX-License-Identifier: MIT */
/* cis_view.c - the pod or container that is judged: its fields, and how verdicts are told. */
#include "importers/cis_view.h"
#include "importers/tree.h"

/* ---- telling ---- */

const char *view_path(const struct view *v, bool of_container, const char *field)
{
	struct arena *mem = v->p->cis->mem;
	return of_container
	               ? arena_printf(mem, "%s.%s[%zu].%s", v->p->root, v->list, v->index, field)
	               : arena_printf(mem, "%s.%s", v->p->root, field);
}

bool view_say(const struct view *v, enum verdict verdict, const char *field, const char *message)
{
	struct arena *mem = v->p->cis->mem;
	const char *place = v->c == NULL ? field
	                                 : arena_printf(mem, "%s[%s].%s", v->list,
	                                                tree_text(v->c, "name"), field);
	return cis_put(v->p->cis, v->rule, verdict, place, message, v->e);
}

const char *view_state(const struct view *v, struct setting s)
{
	struct arena *mem = v->p->cis->mem;
	if (s.v == NULL)
		return arena_printf(mem, "%s is not set", s.path);
	if (json_is_string(s.v))
		return arena_printf(mem, "%s is %s", s.path, json_string_value(s.v));
	if (json_is_integer(s.v))
		return arena_printf(mem, "%s is %lld", s.path, (long long)json_integer_value(s.v));
	if (json_is_boolean(s.v))
		return arena_printf(mem, "%s is %s", s.path, json_is_true(s.v) ? "true" : "false");
	return arena_printf(mem, "%s is set", s.path);
}

/* ---- finding a setting ---- */

struct setting view_own(const struct view *v, const char *field)
{
	const json_t *o = v->c != NULL ? v->c : v->p->spec;
	return (struct setting){ tree_at(o, field), view_path(v, v->c != NULL, field) };
}

struct setting view_inherited(const struct view *v, const char *field)
{
	struct setting s = view_own(v, field);
	const json_t *pod = tree_at(v->p->spec, field);
	if (s.v == NULL && pod != NULL)
		s = (struct setting){ pod, view_path(v, false, field) };
	return s;
}

bool view_say_unless_true(const struct view *v, const char *field)
{
	struct setting s = view_own(v, field);
	return view_say(v, json_is_true(s.v) ? VERDICT_FAIL : VERDICT_PASS, field,
	                view_state(v, s));
}

bool view_run(struct view *v, const struct view_check *checks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *field = v->windows ? checks[i].linux_field : NULL;
		v->rule = checks[i].rule;
		if (field != NULL ? !view_say(v, VERDICT_SKIP, field, "the pod runs on Windows")
		                  : !checks[i].judge(v))
			return false;
	}
	return true;
}
