/* SPDX-License-Identifier: MIT */
/* policy.c - policy files: read, checked to the last key, never guessed at. */
#include <stdlib.h>

#include <jansson.h>

#include "store/policy.h"

#define POLICY_LIMIT (1u << 20) /* bytes; a policy is a page of text */

/* Where we are in the file, for messages: "gate.critical" of FILE. */
struct reader {
	const char *file;
	struct arena *mem;
	struct err *e;
};

static bool bad(const struct reader *r, const char *path, const char *key, const char *want)
{
	return err_set(r->e, ERR_FORMAT, "%s: %s%s%s: %s", r->file, path, *path ? "." : "", key,
	               want);
}

/* Every key of `o` must be one of the names: a misspelt threshold must not be taken for "no
 * threshold". */
static bool known_keys(const struct reader *r, const char *path, json_t *o, const char *const *name,
                       size_t n)
{
	const char *key;
	json_t *value;

	json_object_foreach(o, key, value) if (str_index(name, n, key) < 0) return bad(
		r, path, key, "no such key in a policy");
	return true;
}

static bool get_object(const struct reader *r, json_t *root, const char *key, json_t **out)
{
	*out = json_object_get(root, key);
	if (*out && !json_is_object(*out))
		return bad(r, "", key, "wants an object");
	return true;
}

static bool get_text(const struct reader *r, const char *path, json_t *o, const char *key,
                     const char **out)
{
	json_t *v = json_object_get(o, key);

	if (!v)
		return true;
	if (!json_is_string(v))
		return bad(r, path, key, "wants text");
	*out = arena_dup(r->mem, json_string_value(v));
	return true;
}

static bool get_duration(const struct reader *r, const char *path, json_t *o, const char *key,
                         int64_t *out)
{
	json_t *v = json_object_get(o, key);

	if (!v)
		return true;
	if (!json_is_string(v) || !duration_parse(json_string_value(v), out))
		return bad(r, path, key, "wants a duration such as \"30d\", \"12h\" or \"15m\"");
	return true;
}

static bool get_count(const struct reader *r, const char *path, json_t *o, const char *key,
                      int64_t *out)
{
	json_t *v = json_object_get(o, key);

	if (!v)
		return true;
	if (json_is_null(v)) {
		*out = -1;
		return true;
	}
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return bad(r, path, key, "wants a number from 0, or null for no limit");
	*out = json_integer_value(v);
	return true;
}

static bool get_bool(const struct reader *r, const char *path, json_t *o, const char *key,
                     bool *out)
{
	json_t *v = json_object_get(o, key);

	if (!v)
		return true;
	if (!json_is_boolean(v))
		return bad(r, path, key, "wants true or false");
	*out = json_is_true(v);
	return true;
}

/* true, false or absent: 1, 0, -1. */
static bool get_condition(const struct reader *r, const char *path, json_t *o, const char *key,
                          int *out)
{
	bool is = false;

	*out = -1;
	if (!json_object_get(o, key))
		return true;
	if (!get_bool(r, path, o, key, &is))
		return false;
	*out = is;
	return true;
}

static bool get_severities(const struct reader *r, const char *path, json_t *o, uint32_t *out)
{
	json_t *list = json_object_get(o, "severity");
	size_t i;
	json_t *v;

	*out = (1u << SEV_COUNT) - 1;
	if (!list)
		return true;
	if (!json_is_array(list))
		return bad(r, path, "severity", "wants a list of severities");
	*out = 0;
	json_array_foreach(list, i, v)
	{
		const char *word = json_string_value(v);
		enum severity s = severity_fold(word);

		if (!word || !str_eq(word, severity_word(s)))
			return bad(r, path, "severity", "holds a word that is no severity");
		*out |= 1u << s;
	}
	return true;
}

static bool read_deadline(const struct reader *r, json_t *o, size_t i, struct policy_deadline *d)
{
	static const char *const keys[] = { "id",      "severity", "kev",     "exposed",
		                            "running", "within",   "citation" };
	const char *path = arena_printf(r->mem, "deadlines[%zu]", i);

	if (!json_is_object(o))
		return bad(r, "", path, "wants an object");
	*d = (struct policy_deadline){ .id = "", .citation = "", .within = -1 };
	if (!known_keys(r, path, o, keys, LENGTH(keys)) || !get_text(r, path, o, "id", &d->id) ||
	    !get_text(r, path, o, "citation", &d->citation) ||
	    !get_severities(r, path, o, &d->severities) ||
	    !get_condition(r, path, o, "kev", &d->kev) ||
	    !get_condition(r, path, o, "exposed", &d->exposed) ||
	    !get_condition(r, path, o, "running", &d->running) ||
	    !get_duration(r, path, o, "within", &d->within))
		return false;
	return d->within >= 0 || bad(r, path, "within", "is missing");
}

static bool read_deadlines(const struct reader *r, json_t *root, struct policy *p)
{
	json_t *list = json_object_get(root, "deadlines");
	struct policy_deadline *d;

	if (!list)
		return true;
	if (!json_is_array(list))
		return bad(r, "", "deadlines", "wants a list");
	p->ndeadline = json_array_size(list);
	p->deadline = d = arena_array(r->mem, struct policy_deadline, p->ndeadline);
	for (size_t i = 0; i < p->ndeadline; i++)
		if (!read_deadline(r, json_array_get(list, i), i, &d[i]))
			return false;
	return true;
}

static bool read_gate(const struct reader *r, json_t *root, struct policy_gate *g)
{
	static const char *const keys[] = {
		"critical", "high",   "medium",       "low",       "negligible", "unknown",
		"kev",      "secret", "fixable_only", "signature", "scan_age",   "database_age",
	};
	json_t *o;

	if (!get_object(r, root, "gate", &o) || !o)
		return !r->e->kind;
	for (int s = 0; s < SEV_COUNT; s++)
		if (!get_count(r, "gate", o, severity_word((enum severity)s), &g->severity[s]))
			return false;
	return known_keys(r, "gate", o, keys, LENGTH(keys)) &&
	       get_count(r, "gate", o, "kev", &g->kev) &&
	       get_count(r, "gate", o, "secret", &g->secret) &&
	       get_bool(r, "gate", o, "fixable_only", &g->fixable_only) &&
	       get_bool(r, "gate", o, "signature", &g->signature) &&
	       get_duration(r, "gate", o, "scan_age", &g->scan_age) &&
	       get_duration(r, "gate", o, "database_age", &g->database_age);
}

static bool read_fresh(const struct reader *r, json_t *root, struct policy_fresh *f)
{
	static const char *const keys[] = {
		"scan", "database", "benchmark", "admission", "signature", "answer", "silent",
	};
	int64_t *const field[] = {
		&f->scan,      &f->database, &f->benchmark, &f->admission,
		&f->signature, &f->answer,   &f->silent,
	};
	json_t *o;

	if (!get_object(r, root, "fresh", &o) || !o)
		return !r->e->kind;
	for (size_t i = 0; i < LENGTH(keys); i++)
		if (!get_duration(r, "fresh", o, keys[i], field[i]))
			return false;
	return known_keys(r, "fresh", o, keys, LENGTH(keys));
}

static bool read_response(const struct reader *r, json_t *response, enum priority p,
                          struct policy_response *out)
{
	static const char *const keys[] = { "acknowledge", "contain", "close" };
	const char *path = arena_printf(r->mem, "alerts.response.%s", priority_word(p));
	json_t *o = json_object_get(response, priority_word(p));

	if (!o)
		return true;
	if (!json_is_object(o))
		return bad(r, "", path, "wants an object");
	return known_keys(r, path, o, keys, LENGTH(keys)) &&
	       get_duration(r, path, o, "acknowledge", &out->acknowledge) &&
	       get_duration(r, path, o, "contain", &out->contain) &&
	       get_duration(r, path, o, "close", &out->close);
}

static bool read_alerts(const struct reader *r, json_t *root, struct policy *p)
{
	static const char *const keys[] = { "from", "gap", "response" };
	const char *from = NULL;
	json_t *o, *response;

	if (!get_object(r, root, "alerts", &o) || !o)
		return !r->e->kind;
	if (!known_keys(r, "alerts", o, keys, LENGTH(keys)) ||
	    !get_text(r, "alerts", o, "from", &from) ||
	    !get_duration(r, "alerts", o, "gap", &p->alert_gap))
		return false;
	if (from && (p->alert_from = priority_fold(from)) == PRIO_COUNT)
		return bad(r, "alerts", "from", "is no priority");
	response = json_object_get(o, "response");
	if (response && !json_is_object(response))
		return bad(r, "alerts", "response", "wants an object");
	for (int i = 0; response && i < PRIO_COUNT; i++)
		if (!read_response(r, response, (enum priority)i, &p->response[i]))
			return false;
	return true;
}

/* What holds where a file is silent: nothing is limited, evidence ages as in the baseline. */
static void policy_defaults(struct policy *p, const char *name)
{
	*p = (struct policy){ .name = name,
		              .title = name,
		              .note = "",
		              .alert_from = PRIO_NOTICE,
		              .alert_gap = DAY_S };
	for (int s = 0; s < SEV_COUNT; s++)
		p->gate.severity[s] = -1;
	p->gate.kev = p->gate.secret = -1;
	p->gate.scan_age = 7 * DAY_S;
	p->gate.database_age = 7 * DAY_S;
	p->fresh = (struct policy_fresh){
		.scan = 7 * DAY_S,
		.database = 7 * DAY_S,
		.benchmark = 30 * DAY_S,
		.admission = 7 * DAY_S,
		.signature = 90 * DAY_S,
		.answer = 90 * DAY_S,
		.silent = 3 * DAY_S,
	};
	for (int i = 0; i < PRIO_COUNT; i++)
		p->response[i] = (struct policy_response){ DUE_NONE, DUE_NONE, DUE_NONE };
}

static bool read_policy(const struct reader *r, json_t *root, struct policy *p)
{
	static const char *const keys[] = { "name", "title", "note",  "deadlines",
		                            "gate", "fresh", "alerts" };

	if (!json_is_object(root))
		return err_set(r->e, ERR_FORMAT, "%s: a policy is a JSON object", r->file);
	return known_keys(r, "", root, keys, LENGTH(keys)) &&
	       get_text(r, "", root, "name", &p->name) &&
	       get_text(r, "", root, "title", &p->title) &&
	       get_text(r, "", root, "note", &p->note) && read_deadlines(r, root, p) &&
	       read_gate(r, root, &p->gate) && read_fresh(r, root, &p->fresh) &&
	       read_alerts(r, root, p);
}

bool policy_parse(const char *file, const char *json, struct arena *mem, struct policy *out,
                  struct err *e)
{
	const struct reader r = { file, mem, e };
	json_error_t where;
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &where);
	bool done;

	e->kind = ERR_NONE;
	if (!root)
		return err_set(e, ERR_FORMAT, "%s: line %d, column %d: %s", file, where.line,
		               where.column, where.text);
	policy_defaults(out, file_base(file));
	done = read_policy(&r, root, out);
	json_decref(root);
	return done;
}

/* $XDG_CONFIG_HOME/seaworthy/policies/NAME.json; NULL without a home. */
static const char *user_path(const char *name, struct arena *mem)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (!str_empty(config))
		return arena_printf(mem, "%s/seaworthy/policies/%s.json", config, name);
	if (!str_empty(home))
		return arena_printf(mem, "%s/.config/seaworthy/policies/%s.json", home, name);
	return NULL;
}

static void list_builtin(struct buf *b)
{
	for (const struct embed *f = embed_next("store/policies/", NULL); f;
	     f = embed_next("store/policies/", f)) {
		const char *base = file_base(f->path);

		buf_addf(b, "%s%.*s", b->len ? ", " : "", (int)(strlen(base) - strlen(".json")),
		         base);
	}
}

static bool load_builtin(const char *name, struct arena *mem, struct policy *out, struct err *e)
{
	const struct embed *f = embed_find(arena_printf(mem, "store/policies/%s.json", name));
	struct buf names = BUF_INIT;

	if (f)
		return policy_parse(f->path, f->data, mem, out, e);
	list_builtin(&names);
	err_set(e, ERR_USAGE, "there is no policy %s; built in: %s", name, names.s);
	buf_release(&names);
	return false;
}

bool policy_load(const char *name, struct arena *mem, struct policy *out, struct err *e)
{
	struct buf text = BUF_INIT;
	const char *path;
	struct err missing = ERR_INIT;
	bool done;

	if (str_empty(name) || strchr(name, '/'))
		return err_set(e, ERR_USAGE, "%s is no name of a policy", name ? name : "");
	path = user_path(name, mem);
	if (!path || !file_read(path, POLICY_LIMIT, &text, &missing))
		done = load_builtin(name, mem, out, e);
	else
		done = policy_parse(path, text.s, mem, out, e);
	buf_release(&text);
	return done;
}
