/* SPDX-License-Identifier: MIT */
/* kyverno.c - policy reports, of Kyverno and all tools that write them. Spec: .spec below. */
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"

enum {
	P_KIND, P_NAME, P_NAMESPACE, P_UID, P_CREATED, P_SCANNED, P_SOURCE, P_ENGINE, P_MANAGER,
	P_SCOPE_KIND, P_SCOPE_NAME, P_SCOPE_NAMESPACE, P_SPEC_KIND, P_SPEC_NAME,
	P_SPEC_NAMESPACE, P_OWNER_KINDS, P_OWNER_NAMES, P_HINT_KIND, P_HINT_NAME, P_IMAGE_KIND,
	P_IMAGE_NAME, P_IMAGE_NAMESPACE, P_IMAGE_CONTAINER,
	P_SUMMARY, P_COUNT = P_SUMMARY + 20
};
#define SUMMARY(i, word, Word) \
	[P_SUMMARY + (i)] = { "summary." word }, \
	[P_SUMMARY + 5 + (i)] = { "summary." Word }, \
	[P_SUMMARY + 10 + (i)] = { "spec.summary." word }, \
	[P_SUMMARY + 15 + (i)] = { "spec.summary." Word }
static const struct read_field report_fields[P_COUNT] = {
	[P_KIND] = { "kind" },
	[P_NAME] = { "metadata.name" },
	[P_NAMESPACE] = { "metadata.namespace" },
	[P_UID] = { "metadata.uid" },
	[P_CREATED] = { "metadata.creationTimestamp" },
	[P_SCANNED] = { "metadata.annotations.audit.kyverno.io/last-scan-time" },
	[P_SOURCE] = { "source" },
	[P_ENGINE] = { "metadata.labels.policy.kubernetes.io/engine" },
	[P_MANAGER] = { "metadata.labels.app.kubernetes.io/managed-by" },
	[P_SCOPE_KIND] = { "scope.kind" },
	[P_SCOPE_NAME] = { "scope.name" },
	[P_SCOPE_NAMESPACE] = { "scope.namespace" },
	[P_SPEC_KIND] = { "spec.owner.kind" },
	[P_SPEC_NAME] = { "spec.owner.name" },
	[P_SPEC_NAMESPACE] = { "spec.owner.namespace" },
	[P_OWNER_KINDS] = { "metadata.ownerReferences[].kind" },
	[P_OWNER_NAMES] = { "metadata.ownerReferences[].name" },
	[P_HINT_KIND] = { "metadata.labels.audit.kyverno.io/resource.kind" },
	[P_HINT_NAME] = { "metadata.annotations.audit.kyverno.io/resource.name" },
	[P_IMAGE_KIND] = { "metadata.labels.imgvuln.resource.kind" },
	[P_IMAGE_NAME] = { "metadata.labels.imgvuln.resource.name" },
	[P_IMAGE_NAMESPACE] = { "metadata.labels.imgvuln.resource.namespace" },
	[P_IMAGE_CONTAINER] = { "metadata.labels.imgvuln.container.name" },
	SUMMARY(0, "pass", "Pass"), SUMMARY(1, "fail", "Fail"), SUMMARY(2, "warn", "Warn"),
	SUMMARY(3, "error", "Error"), SUMMARY(4, "skip", "Skip"),
};

enum {
	R_POLICY, R_RULE, R_RESULT, R_STATUS, R_SEVERITY, R_SEVERITY_TOO, R_SOURCE, R_CATEGORY,
	R_MESSAGE, R_SECONDS, R_SCORED, R_RESOURCES, R_SUBJECTS, R_INDEX, R_TYPE, R_REMEDIATION,
	R_AUDIT, R_ID, R_FIXED, R_FIXED_TOO, R_INSTALLED, R_INSTALLED_TOO, R_URL, R_URL_TOO,
	R_RESOURCE_NAMES, R_SUBJECT_NAMES, R_POD, R_POD_SPACE, R_SEVERITY_OLD, R_EXCEPTIONS,
	R_COUNT
};
static const struct read_field result_fields[R_COUNT] = {
	[R_POLICY] = { "policy" },
	[R_RULE] = { "rule" },
	[R_RESULT] = { "result" },
	[R_STATUS] = { "status" }, /* v1alpha1 */
	[R_SEVERITY] = { "severity" },
	[R_SEVERITY_TOO] = { "properties.severity" }, /* Falco's adapter */
	[R_SOURCE] = { "source" },
	[R_CATEGORY] = { "category" },
	[R_MESSAGE] = { "message" },
	[R_SECONDS] = { "timestamp.seconds" },
	[R_SCORED] = { "scored" },
	[R_RESOURCES] = { "resources[].kind" },
	[R_SUBJECTS] = { "subjects[].kind" },
	[R_INDEX] = { "properties.index" }, /* this and the next three: kube-bench's adapter */
	[R_TYPE] = { "properties.type" },
	[R_REMEDIATION] = { "properties.remediation" },
	[R_AUDIT] = { "properties.audit" },
	[R_ID] = { "properties.VulnerabilityID" }, /* this and the rest: Trivy's adapters */
	[R_FIXED] = { "properties.FixedVersion" },
	[R_FIXED_TOO] = { "properties.fixedVersion" },
	[R_INSTALLED] = { "properties.InstalledVersion" },
	[R_INSTALLED_TOO] = { "properties.installedVersion" },
	[R_URL] = { "properties.PrimaryURL" },
	[R_URL_TOO] = { "properties.primaryLink" },
	[R_RESOURCE_NAMES] = { "resources[].name" },
	[R_SUBJECT_NAMES] = { "subjects[].name" },
	[R_POD] = { "properties.pod_name" }, /* this and the next: KubeArmor's adapter */
	[R_POD_SPACE] = { "properties.namespace_name" },
	[R_SEVERITY_OLD] = { "data.severity" }, /* policy.kubernetes.io */
	[R_EXCEPTIONS] = { "properties.exceptions" },
};

enum { O_KIND, O_NAME, O_NAMESPACE, O_COUNT };
static const struct read_field object_fields[O_COUNT] = {
	[O_KIND] = { "kind" },
	[O_NAME] = { "name" },
	[O_NAMESPACE] = { "namespace" },
};

enum word { WORD_PASS, WORD_FAIL, WORD_WARN, WORD_ERROR, WORD_SKIP, WORD_COUNT };
static const char *const words[WORD_COUNT] = { "pass", "fail", "warn", "error", "skip" };
static const enum verdict verdicts[WORD_COUNT] = {
	/* An error is a rule that could not be tried; it says nothing about the object. */
	VERDICT_PASS, VERDICT_FAIL, VERDICT_WARN, VERDICT_SKIP, VERDICT_SKIP,
};

struct object {
	const char *kind, *space, *name, *container;
};

struct reports {
	struct sink *sink;
	struct arena mem;    /* strings of the result at hand                    */
	struct buf   source; /* of the scan at hand                              */
	struct buf   asset;  /* key of the asset at hand                         */
	int64_t      latest; /* no honest time is after this; seconds UTC        */
	int64_t      newest; /* honest time in the file, the scan's; 0: none     */
	bool         cli;    /* `kyverno apply` wrote it: only the policies given */
	int64_t      n[WORD_COUNT]; /* results of the report at hand             */
	int64_t      rows, unnamed; /* of it: all; those without a word          */
};

enum {
	YEAR_2015 = 1420070400
}; /* Falcosidekick writes seconds: 40; no report is older than this */

static bool is_honest(const struct reports *p, int64_t t)
{
	return t >= YEAR_2015 && t <= p->latest;
}

static int64_t time_of(const struct reports *p, const struct read_record *r)
{
	const char *text = read_text(r, R_SECONDS);
	int64_t ns;
	bool ok = text != NULL && kube_epoch_ns(text, &ns) && is_honest(p, ns / NS_PER_S);
	return ok ? ns / NS_PER_S : 0;
}

/* ---- first read: the scan's time ---- */

static void note_time(struct reports *p, int64_t t)
{
	if (is_honest(p, t) && t > p->newest)
		p->newest = t;
}

static bool note_report(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct reports *p = ctx;
	const char *name = read_text(r, P_NAME);
	note_time(p, read_time(r, P_CREATED));
	note_time(p, read_time(r, P_SCANNED));
	if (read_text(r, P_UID) == NULL
	    && (str_eq(name, "merged") || str_eq(name, "clusterpolicyreport")))
		p->cli = true;
	return true;
}

static bool note_result(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct reports *p = ctx;
	note_time(p, time_of(p, r));
	return true;
}

/* ---- second read: the records ---- */

/*
 * The tool behind a result in one word: "Trivy Vulnerability" is trivy, "KyvernoValidatingPolicy"
 * kyverno. Where the result names none its report does, or a result with kube-bench's own
 * properties; the default is kyverno.
 */
static const char *source_of(struct reports *p, const struct read_record *report,
                             const struct read_record *r)
{
	const char *s = kube_value(read_text(r, R_SOURCE));
	if (s == NULL && report != NULL)
		s = kube_value(read_text(report, P_SOURCE));
	if (s == NULL && read_text(r, R_INDEX) != NULL && r->value[R_AUDIT].type != READ_NONE)
		return "kube-bench";
	if (s == NULL && report != NULL)
		s = kube_value(read_text(report, read_text(report, P_ENGINE) != NULL ? P_ENGINE
		                                                                     : P_MANAGER));
	if (s == NULL)
		return "kyverno";
	char *word = arena_dupn(&p->mem, s, strcspn(s, " \t/"));
	for (char *c = word; *c != '\0'; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	if (str_prefix(word, "kyverno"))
		return "kyverno";
	return str_eq(word, "falco-agent") ? "falco" : word;
}

/* What the whole report is about: the first of the places where its writers put that. */
static struct object object_of(const struct read_record *r)
{
	const char *space = kube_value(read_text(r, P_NAMESPACE));
	const char *owner = read_item(r, P_OWNER_KINDS, NULL);
	if (read_text(r, P_SCOPE_KIND) != NULL) {
		const char *own = kube_value(read_text(r, P_SCOPE_NAMESPACE));
		return (struct object){ read_text(r, P_SCOPE_KIND), own != NULL ? own : space,
			                read_text(r, P_SCOPE_NAME), NULL };
	}
	if (read_text(r, P_IMAGE_KIND) != NULL)
		return (struct object){ read_text(r, P_IMAGE_KIND), read_text(r, P_IMAGE_NAMESPACE),
			                read_text(r, P_IMAGE_NAME),
			                read_text(r, P_IMAGE_CONTAINER) };
	if (read_text(r, P_SPEC_KIND) != NULL) {
		const char *own = kube_value(read_text(r, P_SPEC_NAMESPACE));
		return (struct object){ read_text(r, P_SPEC_KIND), own != NULL ? own : space,
			                read_text(r, P_SPEC_NAME), NULL };
	}
	if (owner != NULL)
		return (struct object){ owner, space, read_item(r, P_OWNER_NAMES, NULL), NULL };
	if (read_text(r, P_HINT_KIND) != NULL && read_text(r, P_HINT_NAME) != NULL)
		return (struct object){ read_text(r, P_HINT_KIND), space, read_text(r, P_HINT_NAME),
			                NULL };
	return (struct object){ NULL, space, NULL, NULL };
}

static bool put_scan(struct reports *p, const char *source, struct err *e)
{
	struct record rec = { .kind = REC_SCAN, .u.scan = { .source = source, .at = p->newest } };
	if (str_eq(p->source.s, source))
		return true;
	if (p->cli)
		rec.u.scan.partial = "kyverno apply tries only the policies it is given";
	buf_reset(&p->source);
	buf_adds(&p->source, source);
	buf_reset(&p->asset);
	return p->sink->put(p->sink, &rec, e);
}

/*
 * An admission report knows only the policies of one request; the others hold all that is known of
 * their object.
 */
static bool is_complete(const struct reports *p, const struct read_record *report)
{
	const char *kind = report == NULL ? NULL : read_text(report, P_KIND);
	return !p->cli
	       && (kind == NULL
	           || (strstr(kind, "Admission") == NULL && strstr(kind, "Ephemeral") == NULL));
}

/* The verdict's word in any case, as the first writers had it; -1: none that is known. */
static int word_of(const char *s)
{
	for (int i = 0; i < WORD_COUNT; i++) {
		if (str_ieq(s, words[i]))
			return i;
	}
	return -1;
}

/* A result on its way into a record. */
struct result {
	const struct read_record *report, *r;
	struct object     object;
	enum finding_kind kind;
	const char       *scope;
};

static bool put_asset(struct reports *p, const struct result *x, const char **place, struct err *e)
{
	struct record rec = { .kind = REC_ASSET, .u.asset = { .name = NULL } };
	struct record cover = { .kind = REC_COVER,
		                .u.cover = { .kind = x->kind, .scope = x->scope } };
	struct rec_asset *a = &rec.u.asset;
	*place = kube_asset(&p->mem, x->object.kind, x->object.space, x->object.name, a);
	if (x->object.container != NULL && a->kind == ASSET_WORKLOAD) {
		a->kind = ASSET_CONTAINER;
		a->container = x->object.container;
	}
#define PART(s) ((s) == NULL ? "" : (s))
	const char *key = arena_printf(&p->mem, "%d|%s|%s|%s|%s|%d|%s", (int)a->kind,
	                               PART(a->namespace), PART(a->workload_kind), PART(a->name),
	                               PART(a->container), (int)x->kind, PART(x->scope));
#undef PART
	if (str_eq(key, p->asset.s))
		return true;
	buf_reset(&p->asset);
	buf_adds(&p->asset, key);
	if (!p->sink->put(p->sink, &rec, e))
		return false;
	return !is_complete(p, x->report) || p->sink->put(p->sink, &cover, e);
}

static enum severity severity_of(const struct read_record *r, enum verdict v, const char **raw)
{
	static const size_t fields[] = { R_SEVERITY, R_SEVERITY_TOO, R_SEVERITY_OLD };
	*raw = NULL;
	for (size_t i = 0; *raw == NULL && i < LENGTH(fields); i++)
		*raw = read_text(r, fields[i]);
	if (*raw != NULL)
		return severity_fold(*raw);
	return v == VERDICT_WARN ? SEV_LOW : SEV_MEDIUM; /* most policies set none */
}

static const char *first(const struct read_record *r, size_t a, size_t b)
{
	const char *s = read_text(r, a);
	return s != NULL ? s : read_text(r, b);
}

/* Trivy's adapters put vulnerabilities into policy reports; they are no policy's verdict. */
static const char *advisory(const struct read_record *r)
{
	const char *id = read_text(r, R_ID);
	if (first(r, R_INSTALLED, R_INSTALLED_TOO) == NULL)
		return NULL;
	if (id == NULL)
		id = read_text(r, R_POLICY);
	return id;
}

static bool put_vulnerability(struct reports *p, const struct result *x, struct err *e)
{
	struct record rec = { .kind = REC_VULNERABILITY, .u.vulnerability = { .id = NULL } };
	struct rec_vulnerability *v = &rec.u.vulnerability;
	const char *place;
	bool old = read_text(x->r, R_ID) != NULL; /* the first adapter: the policy is the title */
	if (!put_asset(p, x, &place, e))
		return false;
	v->id = advisory(x->r);
	v->title = old ? read_text(x->r, R_POLICY) : read_text(x->r, R_MESSAGE);
	v->package = read_text(x->r, old ? R_CATEGORY : R_RULE);
	v->version = first(x->r, R_INSTALLED, R_INSTALLED_TOO);
	v->fixed_in = first(x->r, R_FIXED, R_FIXED_TOO);
	v->url = first(x->r, R_URL, R_URL_TOO);
	v->severity_raw = first(x->r, R_SEVERITY, R_SEVERITY_TOO);
	v->severity = severity_fold(v->severity_raw);
	v->score = v->epss = -1;
	v->path = place;
	return p->sink->put(p->sink, &rec, e);
}

/* "policy/rule"; a ValidatingAdmissionPolicy has no rules, and CIS sections have a number. */
static const char *rule_id(struct reports *p, const struct read_record *r, bool bench)
{
	const char *policy = read_text(r, R_POLICY), *rule = read_text(r, R_RULE);
	if (bench)
		return arena_printf(&p->mem, "cis:%s", read_text(r, R_INDEX));
	if (policy == NULL || rule == NULL)
		return policy != NULL ? policy : rule;
	return arena_printf(&p->mem, "%s/%s", policy, rule);
}

/* kube-bench warns where a person must look, and where the check does not count. */
static enum verdict verdict_of(const struct read_record *r, const char *raw, bool bench)
{
	int word = word_of(raw);
	if (raw == NULL)
		return VERDICT_FAIL; /* some adapters list only what is wrong */
	if (word == WORD_WARN && bench
	    && (str_ieq(read_text(r, R_TYPE), "manual") || !read_true(r, R_SCORED)))
		return VERDICT_MANUAL;
	return word < 0 ? VERDICT_SKIP : verdicts[word];
}

static bool put_check(struct reports *p, struct result *x, bool bench, struct err *e)
{
	struct record rec = { .kind = REC_CHECK, .u.check = { .at = 0 } };
	struct rec_check *c = &rec.u.check;
	const struct read_record *r = x->r;
	x->kind = bench ? FINDING_MISCONFIGURATION : FINDING_POLICY;
	x->scope = bench ? read_text(r, R_CATEGORY) : kube_value(x->object.kind);
	if (!put_asset(p, x, &c->place, e))
		return false;
	c->kind = x->kind;
	c->scope = x->scope;
	c->rule.id = rule_id(p, r, bench);
	c->raw = first(r, R_RESULT, R_STATUS);
	c->verdict = verdict_of(r, c->raw, bench);
	c->rule.severity = severity_of(r, c->verdict, &c->rule.severity_raw);
	c->message = kube_value(read_text(r, R_MESSAGE));
	if (c->message == NULL && read_text(r, R_EXCEPTIONS) != NULL)
		c->message = arena_printf(&p->mem, "policy exception: %s",
		                          read_text(r, R_EXCEPTIONS));
	c->at = time_of(p, r);
	if (bench) {
		c->benchmark = "cis";
		c->rule.title = c->message;
		c->rule.remediation = read_text(r, R_REMEDIATION);
	}
	return p->sink->put(p->sink, &rec, e);
}

static bool put_result(struct reports *p, const struct read_record *report,
                       const struct read_record *r, struct object object, struct err *e)
{
	struct result x = { .report = report, .r = r, .object = object };
	const char *source = source_of(p, report, r);
	if (!put_scan(p, source, e))
		return false;
	if (advisory(r) != NULL) {
		x.kind = FINDING_VULNERABILITY;
		return put_vulnerability(p, &x, e);
	}
	bool bench = str_eq(source, "kube-bench") && read_text(r, R_INDEX) != NULL;
	if (bench) /* the namespace of such a report is where it was put, not what it is about */
		x.object = (struct object){ NULL, NULL, NULL, NULL };
	return put_check(p, &x, bench, e);
}

static bool is_wrong_type(const struct read_record *r, size_t i)
{
	return r->value[i].type != READ_NONE && r->value[i].type != READ_STRING;
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct reports *p = ctx;
	const char *kind = read_text(r, P_KIND);
	memset(p->n, 0, sizeof(p->n));
	p->rows = p->unnamed = 0;
	if (kind == NULL || str_suffix(kind, "List") || str_suffix(kind, "Report"))
		return true;
	return read_skip(r, "no policy report", e);
}

static bool names_objects(const struct read_record *r)
{
	return read_count(r, R_RESOURCES) + read_count(r, R_SUBJECTS)
	               + read_count(r, R_RESOURCE_NAMES) + read_count(r, R_SUBJECT_NAMES) > 0;
}

static bool on_result(void *ctx, const struct read_record *r, struct err *e)
{
	struct reports *p = ctx;
	const char *word = first(r, R_RESULT, R_STATUS);
	int i = word_of(word);
	arena_reset(&p->mem);
	p->rows++;
	if (i >= 0)
		p->n[i]++;
	else
		p->unnamed++;
	if (is_wrong_type(r, R_POLICY) || is_wrong_type(r, R_RULE))
		return read_skip(r, "policy or rule is not a string", e);
	if (is_wrong_type(r, R_RESULT) || is_wrong_type(r, R_STATUS))
		return read_skip(r, "result is not a word", e);
	if (first(r, R_POLICY, R_RULE) == NULL && read_text(r, R_ID) == NULL)
		return read_skip(r, "no policy and no rule", e);
	if (names_objects(r))
		return true; /* on_object, once for each */
	struct object object = object_of(r->up);
	if (object.kind == NULL && read_text(r, R_POD) != NULL)
		object = (struct object){ "Pod", read_text(r, R_POD_SPACE), read_text(r, R_POD),
			                  NULL };
	return put_result(p, r->up, r, object, e);
}

static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct reports *p = ctx;
	const struct read_record *result = r->up, *report = result->up;
	struct object object = { read_text(r, O_KIND), read_text(r, O_NAMESPACE),
		                 read_text(r, O_NAME), NULL };
	arena_reset(&p->mem);
	if (is_wrong_type(result, R_POLICY) || is_wrong_type(result, R_RULE)
	    || is_wrong_type(result, R_RESULT) || is_wrong_type(result, R_STATUS))
		return true; /* skipped with its result */
	if (object.kind == NULL && object.name == NULL)
		return true; /* on_result, which saw no object */
	if (kube_value(object.space) == NULL && kube_is_workload(object.kind))
		object.space = read_text(report, P_NAMESPACE);
	return put_result(p, report, result, object, e);
}

/* What the summary says of `word`; false when it does not. */
static bool summed(const struct read_record *r, int word, int64_t *n)
{
	for (int spelling = 0; spelling < 4; spelling++) {
		if (read_int(r, (size_t)(P_SUMMARY + spelling * WORD_COUNT + word), 0, INT32_MAX,
		             n))
			return true;
	}
	return false;
}

static bool put_mismatch(struct reports *p, const struct read_record *r, const char *reason,
                         struct err *e)
{
	char place[160];
	read_place(r, place);
	const char *summary = arena_printf(&p->mem, "%s%ssummary", place,
	                                   strchr(place, '[') != NULL ? "." : ": ");
	struct record rec = { .kind = REC_SKIP, .u.skip = { .place = summary, .reason = reason } };
	return p->sink->put(p->sink, &rec, e);
}

/*
 * The summary is the writer's own count; where it and the list differ one of them was cut, so say
 * so.
 */
static bool end_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct reports *p = ctx;
	int64_t said, total = 0;
	bool any = false;
	arena_reset(&p->mem);
	for (int i = 0; i < WORD_COUNT; i++) {
		if (!summed(r, i, &said))
			continue;
		any = true;
		total += said;
		if (p->unnamed == 0 && said != p->n[i])
			return put_mismatch(
				p, r,
				arena_printf(&p->mem, "the summary says %lld %s, the list has %lld",
			                     (long long)said, words[i], (long long)p->n[i]),
				e);
	}
	if (!any || total == p->rows)
		return true;
	return put_mismatch(p, r,
	                    arena_printf(&p->mem,
	                                 "the summary says %lld results, the list has %lld",
	                                 (long long)total, (long long)p->rows),
	                    e);
}

#define RESULTS(path, result, object) \
	{ path, result_fields, R_COUNT, result, NULL }, \
	{ path ".resources[]", object_fields, O_COUNT, object, NULL }, \
	{ path ".subjects[]", object_fields, O_COUNT, object, NULL }
static const struct read_scope report_scopes[] = {
	{ "", report_fields, P_COUNT, on_report, end_report },
	RESULTS("results[]", on_result, on_object),
	RESULTS("spec.results[]", on_result, on_object),
	{ "items[]", report_fields, P_COUNT, on_report, end_report },
	RESULTS("items[].results[]", on_result, on_object),
	RESULTS("items[].spec.results[]", on_result, on_object),
};
#undef RESULTS
static const struct read_scope time_scopes[] = {
	{ "", report_fields, P_COUNT, note_report, NULL },
	{ "results[]", result_fields, R_COUNT, note_result, NULL },
	{ "spec.results[]", result_fields, R_COUNT, note_result, NULL },
	{ "items[]", report_fields, P_COUNT, note_report, NULL },
	{ "items[].results[]", result_fields, R_COUNT, note_result, NULL },
	{ "items[].spec.results[]", result_fields, R_COUNT, note_result, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct reports p = {
		.sink = out, .mem = ARENA_INIT, .source = BUF_INIT, .asset = BUF_INIT
	};
	struct read_opts quiet = { .flags = 0 }, opts = { .sink = out };
	p.latest = o->at != 0 ? o->at : source_mtime(src);
	p.latest = p.latest == 0 ? INT64_MAX
	                         : p.latest + DAY_S; /* a day for clocks that are ahead */
	bool ok = read_document(src, time_scopes, LENGTH(time_scopes), &p, &quiet, e)
	          && read_document(src, report_scopes, LENGTH(report_scopes), &p, &opts, e);
	ok = ok && (p.source.len > 0 || put_scan(&p, "kyverno", e)); /* no results at all */
	buf_release(&p.asset);
	buf_release(&p.source);
	arena_release(&p.mem);
	return ok;
}

static bool is_report(const char *group, const char *kind)
{
	static const char *const groups[] = {
		"wgpolicyk8s.io/",   "openreports.io/",       "kyverno.io/", "reports.kyverno.io/",
		"reports.x-k8s.io/", "policy.kubernetes.io/",
	};
	static const char *const kinds[] = {
		"PolicyReport", "ClusterPolicyReport", "Report", "ClusterReport", "AdmissionReport",
		"ClusterAdmissionReport", "BackgroundScanReport", "ClusterBackgroundScanReport",
		"EphemeralReport", "ClusterEphemeralReport",
	};
	if (group == NULL || kind == NULL)
		return false;
	bool ours = false;
	for (size_t i = 0; i < LENGTH(groups); i++)
		ours = ours || str_prefix(group, groups[i]);
	for (size_t i = 0; ours && i < LENGTH(kinds); i++) {
		const char *rest = str_prefix(kind, kinds[i]) ? kind + strlen(kinds[i]) : "?";
		if (str_eq(rest, "") || str_eq(rest, "List"))
			return true;
	}
	return false;
}

static int sniff(const struct peek *p)
{
	if (is_report(peek_text(p, "apiVersion"), peek_text(p, "kind")))
		return 95;
	return is_report(peek_text(p, "items[0].apiVersion"), peek_text(p, "items[0].kind")) ? 95
	                                                                                     : 0;
}

const struct importer importer_kyverno = {
	.id = "kyverno",
	.title = "Policy reports (Kyverno, Trivy, Falco, kube-bench, ...)",
	.spec = "https://kyverno.io/docs/guides/reports/",
	.sniff = sniff,
	.run = run,
};
