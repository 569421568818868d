/* SPDX-License-Identifier: MIT */
/* policy.c - policy files: read, checked to the last key, never guessed at. */
#include "store/policy_json.h"
#include "store/trust.h"

#define EXTENDS_DEEPEST 8

#define AT(member) offsetof(struct policy, member)

/* ---- deadlines ---- */

#define OF(member) offsetof(struct policy_deadline, member)
static const struct json_field deadline_fields[] = {
	{ "id", FIELD_TEXT, OF(id) },
	{ "citation", FIELD_TEXT, OF(citation) },
	{ "severity", FIELD_SEVERITIES, OF(severities) },
	{ "kev", FIELD_CONDITION, OF(kev) },
	{ "exposed", FIELD_CONDITION, OF(exposed) },
	{ "running", FIELD_CONDITION, OF(running) },
	{ "likely", FIELD_CONDITION, OF(likely) },
	{ "automatable", FIELD_CONDITION, OF(automatable) },
	{ "impact", FIELD_IMPACT, OF(total) },
	{ "tag", FIELD_TEXT, OF(tag) },
	{ "certification", FIELD_TEXT, OF(certification) },
	{ "within", FIELD_OPEN, OF(within) },
	{ "triage", FIELD_BOOL, OF(triage) },
	{ "valid_from", FIELD_DAY, OF(valid_from) },
	{ "valid_to", FIELD_DAY, OF(valid_to) },
	{ "force", FIELD_FORCE, OF(force) },
};

static bool check_deadline(const struct policy_reader *r, const char *path, json_t *o,
			   const struct policy_deadline *d)
{
	if (!json_object_get(o, "within"))
		return policy_bad(r, path, "within", "is missing");
	if (str_empty(d->id))
		return policy_bad(r, path, "id", "is missing: the rule is named by it");
	if (d->valid_to && d->valid_to <= d->valid_from)
		return policy_bad(r, path, "valid_to", "is not after valid_from");
	return true;
}

static bool read_deadline(const struct policy_reader *r, json_t *o, size_t i,
			  struct policy_deadline *out)
{
	const char *path = arena_printf(r->mem, "deadlines[%zu]", i);

	*out = (struct policy_deadline){ .id = "",
					 .citation = "",
					 .severities = (1u << SEV_COUNT) - 1,
					 .kev = -1,
					 .exposed = -1,
					 .running = -1,
					 .likely = -1,
					 .automatable = -1,
					 .total = -1 };
	if (!json_is_object(o))
		return policy_bad(r, "", path, "wants an object");
	return policy_object(r, path, o, deadline_fields, LENGTH(deadline_fields), out) &&
	       check_deadline(r, path, o, out);
}

static bool read_deadlines(const struct policy_reader *r, json_t *root, struct policy *p)
{
	struct policy_deadline *d;
	json_t *list;

	if (!policy_child(r, "", root, "deadlines", JSON_ARRAY, &list))
		return false;
	if (!list)
		return true;
	p->ndeadline = json_array_size(list);
	p->deadline = d = arena_array(r->mem, struct policy_deadline, p->ndeadline + 1);
	for (size_t i = 0; i < p->ndeadline; i++)
		if (!read_deadline(r, json_array_get(list, i), i, &d[i]))
			return false;
	return true;
}

/* What extends a policy may choose another class, or switch proposals on: so this comes last. */
static void drop_deadlines(struct policy *p, struct arena *mem)
{
	struct policy_deadline *kept = arena_array(mem, struct policy_deadline, p->ndeadline + 1);
	size_t n = 0;

	for (size_t i = 0; i < p->ndeadline; i++) {
		const struct policy_deadline *d = &p->deadline[i];

		if ((!d->certification || str_eq(d->certification, p->certification)) &&
		    (d->force != FORCE_PROPOSED || p->proposed))
			kept[n++] = *d;
	}
	p->deadline = kept;
	p->ndeadline = n;
}

/* ---- the other parts ---- */

#define BY_SEVERITY(type, member)                                                                  \
	{ "critical", type, AT(member[SEV_CRITICAL]) }, { "high", type, AT(member[SEV_HIGH]) },    \
		{ "medium", type, AT(member[SEV_MEDIUM]) }, { "low", type, AT(member[SEV_LOW]) },  \
		{ "negligible", type, AT(member[SEV_NEGLIGIBLE]) },                                \
	{                                                                                          \
		"unknown", type, AT(member[SEV_UNKNOWN])                                           \
	}
static const struct json_field gate_fields[] = {
	BY_SEVERITY(FIELD_COUNT, gate.severity),
	{ "lint", FIELD_OTHER, 0 },
	{ "kev", FIELD_COUNT, AT(gate.kev) },
	{ "secret", FIELD_COUNT, AT(gate.secret) },
	{ "fixable_only", FIELD_BOOL, AT(gate.fixable_only) },
	{ "signature", FIELD_BOOL, AT(gate.signature) },
	{ "scan_age", FIELD_DURATION, AT(gate.scan_age) },
	{ "database_age", FIELD_DURATION, AT(gate.database_age) },
};
static const struct json_field lint_fields[] = { BY_SEVERITY(FIELD_COUNT, gate.lint) };
static const struct json_field fresh_fields[] = {
	{ "scan", FIELD_DURATION, AT(fresh.scan) },
	{ "database", FIELD_DURATION, AT(fresh.database) },
	{ "benchmark", FIELD_DURATION, AT(fresh.benchmark) },
	{ "admission", FIELD_DURATION, AT(fresh.admission) },
	{ "signature", FIELD_DURATION, AT(fresh.signature) },
	{ "answer", FIELD_DURATION, AT(fresh.answer) },
	{ "silent", FIELD_DURATION, AT(fresh.silent) },
};
static const struct json_field approved_fields[] = {
	{ "registries", FIELD_TEXTS, AT(registries) },
	{ "base_images", FIELD_TEXTS, AT(base_images) },
};
static const struct json_field exception_fields[] = {
	{ "longest", FIELD_OTHER, 0 },
	{ "approver", FIELD_BOOL, AT(exceptions.approver) },
};
static const struct json_field longest_fields[] = { BY_SEVERITY(FIELD_OPEN, exceptions.longest) };
static const struct json_field scope_fields[] = { { "tags", FIELD_TEXTS, AT(tags) } };
static const struct json_field likely_fields[] = { { "epss", FIELD_RATIO, AT(likely_epss) } };

struct part {			  /* an object of the file whose fields lie in struct policy */
	const char *parent, *key; /* parent "": the file's own object */
	const struct json_field *field;
	size_t n;
};
#define PART(parent, key, fields)                                                                  \
	{                                                                                          \
		parent, key, fields, LENGTH(fields)                                                \
	}
static const struct part parts[] = {
	PART("", "gate", gate_fields),
	PART("gate", "lint", lint_fields),
	PART("", "fresh", fresh_fields),
	PART("", "approved", approved_fields),
	PART("", "exceptions", exception_fields),
	PART("exceptions", "longest", longest_fields),
	PART("", "scope", scope_fields),
	PART("", "likely", likely_fields),
};

static bool read_part(const struct policy_reader *r, json_t *root, const struct part *part,
		      struct policy *p)
{
	json_t *parent = *part->parent ? json_object_get(root, part->parent) : root, *o;
	const char *path = *part->parent ? arena_printf(r->mem, "%s.%s", part->parent, part->key)
					 : part->key;

	if (!parent)
		return true;
	if (!policy_child(r, part->parent, parent, part->key, JSON_OBJECT, &o))
		return false;
	return !o || policy_object(r, path, o, part->field, part->n, p);
}

static const struct json_field signer_fields[] = {
	{ "identity", FIELD_TEXT, offsetof(struct policy_signer, identity) },
	{ "issuer", FIELD_TEXT, offsetof(struct policy_signer, issuer) },
	{ "key", FIELD_TEXT, offsetof(struct policy_signer, key) },
};

static bool read_signers(const struct policy_reader *r, json_t *root, struct policy *p)
{
	json_t *list, *one;
	struct policy_signer *s;
	size_t i;

	if (!policy_child(r, "", root, "signers", JSON_ARRAY, &list))
		return false;
	if (!list)
		return true;
	p->nsigner = json_array_size(list);
	p->signer = s = arena_array(r->mem, struct policy_signer, p->nsigner + 1);
	json_array_foreach(list, i, one)
	{
		const char *path = arena_printf(r->mem, "signers[%zu]", i);

		if (!json_is_object(one) || json_object_size(one) == 0)
			return policy_bad(r, "", path, "wants an identity, an issuer or a key");
		if (!policy_object(r, path, one, signer_fields, LENGTH(signer_fields), &s[i]))
			return false;
		if (trust_is_pem(s[i].key) && !sign_name(s[i].key, s[i].key_name))
			return policy_bad(r, path, "key",
					  "is no public key in PEM that can be checked with: ECDSA "
					  "on P-256, Ed25519, RSA from 2048 bits");
	}
	return true;
}

static const struct json_field response_fields[] = {
	{ "acknowledge", FIELD_OPEN, offsetof(struct policy_response, acknowledge) },
	{ "contain", FIELD_OPEN, offsetof(struct policy_response, contain) },
	{ "close", FIELD_OPEN, offsetof(struct policy_response, close) },
	{ "report", FIELD_OPEN, offsetof(struct policy_response, report) },
};
static const struct json_field alert_fields[] = {
	{ "from", FIELD_OTHER, 0 },
	{ "gap", FIELD_DURATION, AT(alert_gap) },
	{ "response", FIELD_OTHER, 0 },
};

static bool read_responses(const struct policy_reader *r, json_t *alerts, struct policy *p)
{
	json_t *response, *one;
	const char *word;

	if (!policy_child(r, "alerts", alerts, "response", JSON_OBJECT, &response))
		return false;
	json_object_foreach(response, word, one)
	{
		enum priority prio = priority_fold(word);
		const char *path = arena_printf(r->mem, "alerts.response.%s", word);

		if (prio == PRIO_COUNT || !str_eq(priority_word(prio), word))
			return policy_bad(r, "", path, "is no priority");
		if (!json_is_object(one))
			return policy_bad(r, "", path, "wants an object");
		if (!policy_object(r, path, one, response_fields, LENGTH(response_fields),
				   &p->response[prio]))
			return false;
	}
	return true;
}

static bool read_alerts(const struct policy_reader *r, json_t *root, struct policy *p)
{
	json_t *alerts, *from;

	if (!policy_child(r, "", root, "alerts", JSON_OBJECT, &alerts))
		return false;
	if (!alerts)
		return true;
	if (!policy_object(r, "alerts", alerts, alert_fields, LENGTH(alert_fields), p))
		return false;
	from = json_object_get(alerts, "from");
	if (from && (p->alert_from = priority_fold(json_string_value(from))) == PRIO_COUNT)
		return policy_bad(r, "alerts", "from", "is no priority");
	return read_responses(r, alerts, p);
}

static bool bad_severity(const struct policy_reader *r)
{
	return policy_bad(r, "", "severity",
			  "wants \"highest\", or sources whose word counts, first come: "
			  "\"trivy,nvd\"");
}

/* "highest" names nobody. */
static bool read_severity(const struct policy_reader *r, json_t *root, struct policy *p)
{
	json_t *v = json_object_get(root, "severity");
	const char *text = json_string_value(v);
	const char **s;
	size_t n = 0;

	if (!v)
		return true;
	if (str_empty(text))
		return bad_severity(r);
	s = arena_array(r->mem, const char *, strlen(text) + 1);
	for (const char *at = text; at; at = *at ? at + 1 : NULL) {
		size_t len = strcspn(at, ",");
		const char *word = arena_dupn(r->mem, at, len);

		if (len == 0 || strpbrk(word, " \t") || str_index(s, n, word) >= 0)
			return bad_severity(r);
		s[n++] = word;
		at += len;
	}
	if (str_index(s, n, "highest") >= 0 && n > 1)
		return bad_severity(r);
	p->severity = (struct policy_texts){ s, str_eq(s[0], "highest") ? 0 : n };
	return true;
}

/* ---- the whole ---- */

static const struct json_field fields[] = {
	{ "extends", FIELD_OTHER, 0 },
	{ "name", FIELD_TEXT, AT(name) },
	{ "title", FIELD_TEXT, AT(title) },
	{ "note", FIELD_TEXT, AT(note) },
	{ "valid_from", FIELD_DAY, AT(valid_from) },
	{ "valid_to", FIELD_DAY, AT(valid_to) },
	{ "grace_to", FIELD_DAY, AT(grace_to) },
	{ "force", FIELD_FORCE, AT(force) },
	{ "fallback", FIELD_BOOL, AT(fallback) },
	{ "scope", FIELD_OTHER, 0 },
	{ "proposed", FIELD_BOOL, AT(proposed) },
	{ "certification", FIELD_TEXT, AT(certification) },
	{ "severity", FIELD_OTHER, 0 },
	{ "clock", FIELD_OTHER, 0 },
	{ "likely", FIELD_OTHER, 0 },
	{ "deadlines", FIELD_OTHER, 0 },
	{ "gate", FIELD_OTHER, 0 },
	{ "approved", FIELD_OTHER, 0 },
	{ "signers", FIELD_OTHER, 0 },
	{ "attestations", FIELD_TEXTS, AT(attestations) },
	{ "fresh", FIELD_OTHER, 0 },
	{ "exceptions", FIELD_OTHER, 0 },
	{ "alerts", FIELD_OTHER, 0 },
};

/* What holds where a file is silent: nothing is limited, evidence ages as in the baseline. */
static void policy_defaults(struct policy *p)
{
	*p = (struct policy){ .title = "",
			      .note = "",
			      .likely_epss = 1000,
			      .alert_from = PRIO_NOTICE,
			      .alert_gap = DAY_S };
	for (int s = 0; s < SEV_COUNT; s++) {
		p->gate.severity[s] = p->gate.lint[s] = -1;
		p->exceptions.longest[s] = DUE_NONE;
	}
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
		p->response[i] = (struct policy_response){ DUE_NONE, DUE_NONE, DUE_NONE, DUE_NONE };
}

static bool parse(const char *file, const char *json, int depth, struct arena *mem,
		  struct policy *out, struct err *e);

static bool load(const char *name, int depth, struct arena *mem, struct policy *out, struct err *e)
{
	struct buf text = BUF_INIT;
	const char *file;
	bool done = policy_text(name, mem, &file, &text, e) &&
		    parse(file, text.s, depth, mem, out, e);

	buf_release(&text);
	return done;
}

/* What the other policy says holds, but for what it is: its names, scope and dates. */
static bool extend(const struct policy_reader *r, json_t *root, int depth, struct policy *p)
{
	json_t *v = json_object_get(root, "extends");

	if (!v)
		return true;
	if (!json_is_string(v))
		return policy_bad(r, "", "extends", "wants the name of a policy");
	if (depth >= EXTENDS_DEEPEST)
		return policy_bad(r, "", "extends", "goes too deep, or in a circle");
	if (!load(json_string_value(v), depth + 1, r->mem, p, r->e)) {
		r->e->kind = ERR_FORMAT; /* of this file, however the other failed */
		return depth == 0 ? err_context(r->e, "%s: extends", r->file) : false;
	}
	p->title = p->note = "";
	p->tags = (struct policy_texts){ NULL, 0 };
	p->fallback = false;
	p->force = FORCE_MUST;
	p->valid_from = p->valid_to = p->grace_to = 0;
	return true;
}

static bool read_clock(const struct policy_reader *r, json_t *root, struct policy *p)
{
	json_t *v = json_object_get(root, "clock");

	if (!v)
		return true;
	p->start_kev = str_eq(json_string_value(v), "kev");
	if (!p->start_kev && !str_eq(json_string_value(v), "detection"))
		return policy_bad(r, "", "clock", "wants \"detection\" or \"kev\"");
	return true;
}

/* The file's name without its ending. */
static const char *stem_of(const char *file, struct arena *mem)
{
	const char *base = file_base(file);
	size_t len = strlen(base);

	return arena_dupn(mem, base, str_suffix(base, ".json") ? len - strlen(".json") : len);
}

static bool check_dates(const struct policy_reader *r, const struct policy *p)
{
	if (p->valid_to && p->valid_to <= p->valid_from)
		return policy_bad(r, "", "valid_to", "is not after valid_from");
	if (p->grace_to && p->grace_to < p->valid_from)
		return policy_bad(r, "", "grace_to", "is before valid_from");
	return true;
}

static bool read_policy(const struct policy_reader *r, json_t *root, int depth, struct policy *p)
{
	if (!json_is_object(root))
		return err_set(r->e, ERR_FORMAT, "%s: a policy is a JSON object", r->file);
	if (!extend(r, root, depth, p))
		return false;
	p->name = p->key = stem_of(r->file, r->mem);
	p->file = arena_dup(r->mem, r->file);
	if (!policy_object(r, "", root, fields, LENGTH(fields), p))
		return false;
	for (size_t i = 0; i < LENGTH(parts); i++)
		if (!read_part(r, root, &parts[i], p))
			return false;
	if (str_empty(p->title))
		p->title = p->name;
	return check_dates(r, p) && read_clock(r, root, p) && read_severity(r, root, p) &&
	       read_signers(r, root, p) && read_deadlines(r, root, p) && read_alerts(r, root, p);
}

/* Behind that of what it extends, which is still there. */
static void add_text(struct policy *p, const char *json, struct arena *mem)
{
	struct policy_text *t = arena_new(mem, struct policy_text);

	*t = (struct policy_text){ arena_dup(mem, json), p->text };
	p->text = t;
}

static bool parse(const char *file, const char *json, int depth, struct arena *mem,
		  struct policy *out, struct err *e)
{
	const struct policy_reader r = { file, mem, e };
	json_error_t where;
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &where);
	bool done;

	if (!root)
		return err_set(e, ERR_FORMAT, "%s: line %d, column %d: %s", file, where.line,
			       where.column, where.text);
	policy_defaults(out);
	done = read_policy(&r, root, depth, out);
	add_text(out, json, mem);
	if (done && depth == 0)
		drop_deadlines(out, mem);
	json_decref(root);
	return done;
}

static void hash_text(const struct policy_text *t, uint8_t out[static SHA256_SIZE])
{
	struct sha256 *h;

	memset(out, 0, SHA256_SIZE);
	if (!t)
		return;
	hash_text(t->extends, out);
	h = sha256_new();
	sha256_add(h, out, SHA256_SIZE);
	sha256_add(h, t->json, strlen(t->json));
	sha256_end(h, out);
}

void policy_hash(const struct policy *p, uint8_t out[static SHA256_SIZE])
{
	hash_text(p->text, out);
}

bool policy_parse(const char *file, const char *json, struct arena *mem, struct policy *out,
		  struct err *e)
{
	return parse(file, json, 0, mem, out, e);
}

bool policy_load(const char *name, struct arena *mem, struct policy *out, struct err *e)
{
	return load(name, 0, mem, out, e);
}

bool policy_read(const char *path, struct arena *mem, struct policy *out, struct err *e)
{
	struct buf text = BUF_INIT;
	bool done = file_read(path, POLICY_LIMIT, &text, e) && parse(path, text.s, 0, mem, out, e);

	buf_release(&text);
	return done;
}

const char *policy_texts_joined(struct arena *mem, const struct policy_texts *t)
{
	struct buf b = BUF_INIT;
	const char *text;

	for (size_t i = 0; i < t->n; i++)
		buf_addf(&b, "%s%s", i ? ", " : "", t->s[i]);
	text = arena_dup(mem, b.s);
	buf_release(&b);
	return text;
}
