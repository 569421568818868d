/* SPDX-License-Identifier: MIT */
/* gatekeeper_log.c - Gatekeeper's audit and webhook logs, and what they share with its constraints.
 */
#include "importers/gatekeeper_doop.h"
#include "importers/gatekeeper_log.h"
#include "importers/gator.h"
#include "importers/kube.h"
#include "importers/log.h"
#include "importers/read.h"
#include "importers/source.h"

/* The log's names and those of the export (from 3.19 on) side by side. */
enum {
	L_RAW, L_LEVEL, L_TS, L_TIME, L_STAMP, L_TYPE, L_TYPE_TOO, L_KIND, L_KIND_TOO, L_NAME,
	L_NAME_TOO, L_ACTION, L_ACTION_TOO, L_ACTIONS, L_ACTIONS_TOO, L_OBJECT_KIND,
	L_OBJECT_KIND_TOO, L_SPACE, L_SPACE_TOO, L_OBJECT_NAME, L_OBJECT_NAME_TOO, L_MESSAGE,
	L_MESSAGE_TOO, L_AUDIT, L_AUDIT_TOO, L_USER, L_USER_TOO, L_VIOLATIONS, L_COUNT
};
static const struct read_field line_fields[L_COUNT] = {
	[L_RAW] = { "", READ_RAW },
	[L_LEVEL] = { "level" },
	[L_TS] = { "ts" },
	[L_TIME] = { "time" },
	[L_STAMP] = { "timestamp" }, /* of what was exported on admission */
	[L_TYPE] = { "event_type" },
	[L_TYPE_TOO] = { "eventType" },
	[L_KIND] = { "constraint_kind" },
	[L_KIND_TOO] = { "kind" },
	[L_NAME] = { "constraint_name" },
	[L_NAME_TOO] = { "name" },
	[L_ACTION] = { "constraint_action" },
	[L_ACTION_TOO] = { "enforcementAction" },
	[L_ACTIONS] = { "constraint_enforcement_actions", READ_LIST },
	[L_ACTIONS_TOO] = { "enforcementActions", READ_LIST },
	[L_OBJECT_KIND] = { "resource_kind" },
	[L_OBJECT_KIND_TOO] = { "resourceKind" },
	[L_SPACE] = { "resource_namespace" },
	[L_SPACE_TOO] = { "resourceNamespace" },
	[L_OBJECT_NAME] = { "resource_name" },
	[L_OBJECT_NAME_TOO] = { "resourceName" },
	[L_MESSAGE] = { "msg" },
	[L_MESSAGE_TOO] = { "message" },
	[L_AUDIT] = { "audit_id" },
	[L_AUDIT_TOO] = { "id" },
	[L_USER] = { "request_username" },
	[L_USER_TOO] = { "requestUsername" },
	[L_VIOLATIONS] = { "constraint_violations" },
};

struct audit {
	int64_t at;  /* time of the audit whose scan is at hand */
	bool    any; /* a scan was put                          */
};

enum severity gatekeeper_severity(const char *label, const char *action)
{
	enum severity severity = str_ieq(label, "error")   ? SEV_HIGH
	                         : str_ieq(label, "debug") ? SEV_NEGLIGIBLE
	                         : label != NULL           ? severity_fold(label)
	                                                   : SEV_UNKNOWN;
	if (severity != SEV_UNKNOWN)
		return severity;
	return str_eq(action, "warn") || str_eq(action, "dryrun") ? SEV_LOW : SEV_HIGH;
}

const char *gatekeeper_message(const char *message)
{
	const char *sentence = message != NULL && *message == '{' ? strstr(message, "} >> ") : NULL;
	return sentence != NULL ? sentence + strlen("} >> ") : message;
}

/* `container "web"` or `container <web>` in a message: which container of the object it speaks of.
 */
static const char *container_in(struct arena *mem, const char *message)
{
	static const char word[] = "ontainer ";
	const char *s = message == NULL ? NULL : strstr(message, word);
	if (s == NULL)
		return NULL;
	s += strlen(word);
	if (*s != '"' && *s != '<')
		return NULL;
	size_t n = strspn(s + 1, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	return n > 0 && s[n + 1] == (*s == '<' ? '>' : '"') ? arena_dupn(mem, s + 1, n) : NULL;
}

/* `image REFERENCE` in a message. */
static const char *image_in(struct arena *mem, const char *message)
{
	const char *s = message == NULL ? NULL : strstr(message, "image ");
	if (s == NULL)
		return NULL;
	s += strlen("image ");
	s += strspn(s, "<\"'");
	size_t n = strcspn(s, " \t<>\"',;");
	char *image = arena_dupn(mem, s, n);
	return strpbrk(image, ":/@") != NULL ? image : NULL; /* else it is prose */
}

bool gatekeeper_put(struct sink *out, struct arena *mem, const struct gatekeeper_violation *v,
                    struct err *e)
{
	struct record asset = { .kind = REC_ASSET, .u.asset = { .name = NULL } };
	struct record rec = { .kind = REC_CHECK, .u.check = { .at = 0 } };
	struct rec_check *k = &rec.u.check;
	k->message = gatekeeper_message(v->message);
	k->place = kube_asset(mem, v->kind, v->space, v->name, &asset.u.asset);
	asset.u.asset.cluster = v->cluster;
	const char *container = container_in(mem, k->message);
	if (k->place == NULL && container != NULL && asset.u.asset.kind == ASSET_WORKLOAD)
		k->place = arena_printf(mem, "container/%s", container);
	k->kind = FINDING_POLICY;
	k->rule.id = k->scope = v->rule;
	k->rule.text = v->rule_text;
	k->rule.severity = gatekeeper_severity(v->severity,
	                                       v->strictest != NULL ? v->strictest : v->action);
	k->rule.severity_raw = v->severity;
	k->verdict = VERDICT_FAIL;
	k->raw = v->action;
	k->at = v->at;
	return out->put(out, &asset, e) && out->put(out, &rec, e);
}

static const char *either(const struct read_record *r, size_t i)
{
	const char *s = kube_value(read_text(r, i));
	return s != NULL ? s
	                 : kube_value(read_text(r, i + 1)); /* the export's name stands behind */
}

static bool time_of_line(const struct read_record *r, int64_t *ns)
{
	const char *text = either(r, L_TS);
	if (text != NULL && (time_parse_ns(text, ns) || kube_epoch_ns(text, ns)))
		return true;
	text = kube_value(read_text(r, L_STAMP));
	if (text != NULL && time_parse_ns(text, ns))
		return true;
	text = either(r, L_AUDIT);
	return text != NULL && time_parse_ns(text, ns);
}

/* Of several points where a constraint is enforced, each with its own word: the first. */
static const char *strictest(const struct read_record *r)
{
	const char *s = read_item(r, L_ACTIONS, NULL);
	if (!str_eq(either(r, L_ACTION), "scoped"))
		return NULL;
	return s != NULL ? s : read_item(r, L_ACTIONS_TOO, NULL);
}

static bool put_scan(struct log *g, int64_t at, struct err *e)
{
	struct record rec = { .kind = REC_SCAN, .u.scan = { .source = "gatekeeper", .at = at } };
	struct audit *a = g->own;
	rec.u.scan.partial = "a log lists violations, not what is in order";
	a->any = true;
	a->at = at;
	return g->sink->put(g->sink, &rec, e);
}

/* A log may hold many audits; each is a scan. */
static bool put_audit(struct log *g, const struct read_record *r, struct err *e)
{
	const struct audit *a = g->own;
	const char *audit = either(r, L_AUDIT);
	int64_t at = 0, ns;
	if ((audit == NULL || !time_parse(audit, &at)) && time_of_line(r, &ns))
		at = ns / NS_PER_S;
	return (a->any && at == a->at) || put_scan(g, at, e);
}

static bool put_audited(struct log *g, const struct read_record *r, const char *rule, struct err *e)
{
	struct gatekeeper_violation v = { .rule = rule };
	v.kind = either(r, L_OBJECT_KIND);
	v.space = either(r, L_SPACE);
	v.name = either(r, L_OBJECT_NAME);
	if (v.kind == NULL || v.name == NULL)
		return log_skip(g, r, "a violation without kind or name of its object", e);
	v.action = either(r, L_ACTION);
	v.strictest = strictest(r);
	v.message = either(r, L_MESSAGE);
	return put_audit(g, r, e) && gatekeeper_put(g->sink, &g->mem, &v, e);
}

/* The audit's own count of a constraint: none is evidence that the cluster keeps it. */
static bool put_total(struct log *g, const struct read_record *r, const char *rule, struct err *e)
{
	struct record asset = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_CLUSTER } };
	struct record rec = { .kind = REC_CHECK, .u.check = { .at = 0 } };
	struct rec_check *k = &rec.u.check;
	int64_t n;
	if (!read_int(r, L_VIOLATIONS, 0, INT32_MAX, &n) || n > 0)
		return true; /* these have a line each */
	k->kind = FINDING_POLICY;
	k->rule.id = k->scope = rule;
	k->raw = either(r, L_ACTION);
	k->rule.severity = gatekeeper_severity(NULL, k->raw);
	k->verdict = VERDICT_PASS;
	k->message = "no violations";
	return put_audit(g, r, e) && g->sink->put(g->sink, &asset, e)
	       && g->sink->put(g->sink, &rec, e);
}

static bool put_event(struct log *g, const struct read_record *r, struct record *rec, struct err *e)
{
	const struct audit *a = g->own;
	struct rec_event *ev = &rec->u.event;
	if (!time_of_line(r, &ev->ts_ns) && !log_time(g, ev))
		return log_skip(g, r, READ_NO_TIME, e);
	ev->message = gatekeeper_message(either(r, L_MESSAGE));
	ev->user = either(r, L_USER);
	ev->namespace = either(r, L_SPACE);
	log_origin(g, r, L_RAW, ev);
	return (a->any || put_scan(g, 0, e)) && g->sink->put(g->sink, rec, e);
}

static const char *done(const char *action)
{
	if (str_eq(action, "warn"))
		return "warned";
	return str_eq(action, "dryrun") ? "audited" : "denied";
}

static bool put_admission(struct log *g, const struct read_record *r, const char *rule,
                          struct err *e)
{
	struct record rec = { .kind = REC_EVENT, .u.event = { .kind = EVENT_ADMISSION } };
	struct rec_event *ev = &rec.u.event;
	const char *action = either(r, L_ACTION), *kind = either(r, L_OBJECT_KIND);
	const char *scoped = strictest(r);
	struct kube_workload w = kube_workload(&g->mem, kind, either(r, L_OBJECT_NAME));
	ev->rule = rule;
	ev->action = done(scoped != NULL ? scoped : action);
	ev->priority = str_eq(ev->action, "denied") ? PRIO_WARNING : PRIO_NOTICE;
	ev->priority_raw = action;
	ev->workload_kind = w.kind;
	ev->workload = w.name;
	ev->pod = str_eq(kind, "Pod") ? either(r, L_OBJECT_NAME) : NULL;
	ev->image = image_in(&g->mem, either(r, L_MESSAGE));
	ev->container = container_in(&g->mem, either(r, L_MESSAGE));
	return put_event(g, r, &rec, e);
}

static bool put_health(struct log *g, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_EVENT, .u.event = { .kind = EVENT_HEALTH } };
	rec.u.event.action = "reported";
	rec.u.event.priority_raw = read_text(r, L_LEVEL);
	rec.u.event.priority = PRIO_INFO;
	rec.u.event.rule = either(r, L_TYPE);
	return put_event(g, r, &rec, e);
}

static bool on_line(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	const char *type = either(r, L_TYPE), *kind = either(r, L_KIND), *name = either(r, L_NAME);
	arena_reset(&g->mem);
	if (str_eq(type, "review_response_stats"))
		return put_health(g, r, e);
	bool audited = str_eq(type, "violation_audited"),
	     total = str_eq(type, "constraint_audited");
	if (!audited && !total && !str_eq(type, "violation")
	    && !str_eq(type, "violation_admission")) /* Gatekeeper's other lines hold no verdict */
		return type != NULL || r->value[L_LEVEL].type != READ_NONE
		       || str_prefix(read_text(r, L_MESSAGE_TOO), "audit is ")
		       || log_skip(g, r, "not a Gatekeeper line", e);
	if (kind == NULL || name == NULL)
		return log_skip(g, r, "a violation without kind or name of its constraint", e);
	const char *rule = arena_printf(&g->mem, "%s/%s", kind, name);
	if (audited)
		return put_audited(g, r, rule, e);
	return total ? put_total(g, r, rule, e) : put_admission(g, r, rule, e);
}

static const struct read_scope scopes[] = {
	{ "", line_fields, L_COUNT, on_line, NULL },
};

bool gatekeeper_read_log(const struct source *src, int64_t at, struct sink *out, struct err *e)
{
	struct audit a = { .any = false };
	struct log g = { .sink = out, .scope = scopes, .nscope = LENGTH(scopes), .own = &a,
		         .mem = ARENA_INIT, .at = at };
	return log_read(&g, src, NULL, e) && (a.any || put_scan(&g, 0, e));
}

/*
 * Which of two kinds of key stands first; constraints are objects of the cluster and begin with
 * those.
 */
static bool looks_like_log(const char *head)
{
	static const char *const keys[] = { "\"event_type\"", "\"eventType\"", "\"level\"",
		                            "\"logger\"" };
	const char *object = strstr(head, "\"apiVersion\"");
	for (size_t i = 0; i < LENGTH(keys); i++) {
		const char *s = strstr(head, keys[i]);
		if (s != NULL && (object == NULL || s < object))
			return true;
	}
	return false;
}

bool gatekeeper_form(const struct source *src, enum gatekeeper_form *form, struct err *e)
{
	char head[1 << 16];
	size_t n = 0, got = 1;
	struct pass *p;
	*form = GATEKEEPER_CONSTRAINTS;
	if (!pass_open(src, &p, e))
		return false;
	bool ok = true;
	while (ok && got > 0 && n + 8 < sizeof(head)) {
		ok = pass_read(p, head + n, sizeof(head) - 1 - n, &got, e);
		n += ok ? got : 0;
	}
	pass_close(p);
	head[n] = '\0';
	if (doop_is(head))
		*form = GATEKEEPER_DOOP;
	else if (gator_is(head))
		*form = GATEKEEPER_TEST;
	else if (source_form(src) != SOURCE_YAML && looks_like_log(head))
		*form = GATEKEEPER_LOG;
	return ok;
}

int gatekeeper_sniff_log(const struct peek *p)
{
	const char *head = peek_head(p);
	const char *type = peek_text(p, "event_type");
	if (type == NULL)
		type = peek_text(p, "eventType");
	if (type != NULL && (peek_has(p, "constraint_kind") || peek_has(p, "enforcementAction")
	                     || str_eq(type, "review_response_stats")))
		return 95;
	if (strstr(head, "\"constraints.gatekeeper.sh\"") == NULL)
		return 0;
	return strstr(head, "\"violation_audited\"") != NULL
	                       || strstr(head, "\"violation\"") != NULL
	                       || strstr(head, "\"constraint_audited\"") != NULL
	               ? 80
	               : 0; /* other lines come first */
}
