/* SPDX-License-Identifier: MIT */
/* opa.c - decision logs of Open Policy Agent. Spec: .spec below. */
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/log.h"

enum {
	D_RAW,
	D_ID,
	D_PATH,
	D_QUERY,
	D_TIME,
	D_CONSOLE_TIME,
	D_LEVEL,
	D_REQUESTED_BY,
	D_CLUSTER,
	D_NODE,
	D_UID,
	D_KIND,
	D_NAMESPACE,
	D_NAME,
	D_OBJECT_NAME,
	D_OPERATION,
	D_REQUEST_USER,
	D_USER,
	D_IMAGES,
	D_TEMPLATE_IMAGES,
	D_ANY,
	D_RESULT,
	D_RESPONSE,
	D_ALLOWED,
	D_ALLOW,
	D_MESSAGE,
	D_REASON,
	D_DENY,
	D_MESSAGES,
	D_ERROR,
	D_ANSWERED,
	D_COUNT
};
static const struct read_field decision_fields[D_COUNT] = {
	[D_RAW] = { "", READ_RAW },
	[D_ID] = { "decision_id" },
	[D_PATH] = { "path" },
	[D_QUERY] = { "query" },
	[D_TIME] = { "timestamp" },
	[D_CONSOLE_TIME] = { "time" },
	[D_LEVEL] = { "level" },
	[D_REQUESTED_BY] = { "requested_by" },
	[D_CLUSTER] = { "labels.cluster" },
	[D_NODE] = { "labels.hostname" },
	[D_UID] = { "input.request.uid" },
	[D_KIND] = { "input.request.kind.kind" },
	[D_NAMESPACE] = { "input.request.namespace" },
	[D_NAME] = { "input.request.name" },
	[D_OBJECT_NAME] = { "input.request.object.metadata.name" },
	[D_OPERATION] = { "input.request.operation" },
	[D_REQUEST_USER] = { "input.request.userInfo.username" },
	[D_USER] = { "input.user" },
	[D_IMAGES] = { "input.request.object.spec.containers[].image" },
	[D_TEMPLATE_IMAGES] = { "input.request.object.spec.template.spec.containers[].image" },
	[D_ANY] = { "result", READ_RAW }, /* of any type; none at all when nothing was decided */
	[D_RESULT] = { "result", READ_LIST },
	[D_RESPONSE] = { "result.response.allowed" },
	[D_ALLOWED] = { "result.allowed" },
	[D_ALLOW] = { "result.allow" },
	[D_MESSAGE] = { "result.response.status.message" },
	[D_REASON] = { "result.response.status.reason" },
	[D_DENY] = { "result.deny", READ_LIST },
	[D_MESSAGES] = { "result[].msg" },
	[D_ERROR] = { "error.message" },
	[D_ANSWERED] = { "result[].decision_id" },
};

/* A path is written with and without a slash before it. */
static const char *path_of(const struct read_record *r)
{
	const char *path = read_text(r, D_PATH);
	if (path == NULL)
		return read_text(r, D_QUERY);
	return path + (*path == '/' && path[1] != '\0');
}

static bool is_admission(const struct read_record *r, const char *path)
{
	return read_text(r, D_UID) != NULL || read_text(r, D_KIND) != NULL
	       || (path != NULL
	           && (strstr(path, "admission") != NULL || str_eq(path, "system/main")));
}

/* Does the rule name what is wrong, rather than what is right? */
static bool is_refusal(const char *path)
{
	const char *rule = path == NULL ? NULL : strrchr(path, '/');
	rule = rule == NULL ? path : rule + 1;
	return str_eq(rule, "deny") || str_eq(rule, "denied") || str_eq(rule, "violation")
	       || str_eq(rule, "violations") || str_eq(rule, "warn");
}

static bool is_true(const char *word)
{
	return str_ieq(word, "true");
}

/*
 * "allowed", "denied", "failed", or "undefined" when no rule held; a deny rule denies when it
 * yields anything.
 */
static const char *verdict_of(const struct read_record *r, const char *path)
{
	static const size_t answers[] = { D_RESPONSE, D_ALLOWED, D_ALLOW };
	const char *only = read_count(r, D_RESULT) == 1 ? read_item(r, D_RESULT, NULL) : NULL;
	if (r->value[D_ANY].type == READ_NONE)
		return r->value[D_ERROR].type == READ_NONE ? "undefined" : "failed";
	for (size_t i = 0; i < LENGTH(answers); i++) {
		if (r->value[answers[i]].type != READ_NONE)
			return read_true(r, answers[i]) ? "allowed" : "denied";
	}
	if (read_count(r, D_DENY) + read_count(r, D_MESSAGES) > 0)
		return "denied";
	if (is_refusal(path))
		return read_count(r, D_RESULT) == 0 || str_ieq(only, "false") ? "allowed"
		                                                              : "denied";
	if (only != NULL && (is_true(only) || str_ieq(only, "false")))
		return is_true(only) ? "allowed" : "denied";
	return "decided"; /* an answer that is neither yes nor no */
}

static const char *joined(struct arena *mem, const struct read_record *r, size_t field)
{
	struct buf text = BUF_INIT;
	read_join(r, field, "; ", &text);
	const char *s = text.len > 0 ? arena_dup(mem, text.s) : NULL;
	buf_release(&text);
	return s;
}

static const char *sentence(struct arena *mem, const struct read_record *r,
                            const struct rec_event *ev)
{
	static const size_t lists[] = { D_DENY, D_MESSAGES };
	const char *why = read_text(r, D_MESSAGE), *operation = read_text(r, D_OPERATION);
	if (why == NULL)
		why = read_text(r, D_REASON);
	if (why == NULL)
		why = read_text(r, D_ERROR);
	for (size_t i = 0; why == NULL && i < LENGTH(lists); i++)
		why = joined(mem, r, lists[i]);
	if (why == NULL && is_refusal(ev->rule))
		why = joined(mem, r, D_RESULT);
	const char *what = ev->rule == NULL ? "decision" : ev->rule;
	if (operation != NULL && ev->workload_kind != NULL)
		what = arena_printf(mem, "%s %s %s", operation, ev->workload_kind,
		                    ev->workload == NULL ? "" : ev->workload);
	return why == NULL ? arena_printf(mem, "%s: %s", what, ev->action)
	                   : arena_printf(mem, "%s: %s", what, why);
}

static void find_object(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	const char *kind = read_text(r, D_KIND), *name = read_text(r, D_NAME);
	if (name == NULL)
		name = read_text(r, D_OBJECT_NAME);
	struct kube_workload w = kube_workload(mem, kind, name);
	ev->namespace = read_text(r, D_NAMESPACE);
	ev->workload_kind = w.kind != NULL ? w.kind : kind;
	ev->workload = w.name;
	ev->pod = str_eq(kind, "Pod") ? name : NULL;
	ev->image = read_item(r, D_IMAGES, NULL);
	if (ev->image == NULL)
		ev->image = read_item(r, D_TEMPLATE_IMAGES, NULL);
}

static bool find_time(const struct read_record *r, struct rec_event *ev)
{
	const char *time = read_text(r, D_TIME), *console = read_text(r, D_CONSOLE_TIME);
	if (time != NULL && time_parse_ns(time, &ev->ts_ns))
		return true;
	return console != NULL && time_parse_ns(console, &ev->ts_ns);
}

/* What was asked about a Secret is the Secret; headers show who somebody is. */
static const char *const bodies[] = { "object", "oldObject" };
static const char *const headers[] = { "authorization", "cookie", "set-cookie" };

static bool on_decision(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .kind = EVENT_AUDIT } };
	struct rec_event *ev = &rec.u.event;
	arena_reset(&g->mem);
	if (read_text(r, D_ID) == NULL && read_count(r, D_ANSWERED) > 0)
		return true; /* an answer with decisions, which come next */
	if (read_text(r, D_ID) == NULL) /* OPA's own lines stand between */
		return r->value[D_LEVEL].type != READ_NONE || log_skip(g, r, "no decision_id", e);
	if (!find_time(r, ev) && !log_time(g, ev))
		return log_skip(g, r, READ_NO_TIME, e);
	ev->rule = path_of(r);
	if (is_admission(r, ev->rule))
		ev->kind = EVENT_ADMISSION;
	ev->action = verdict_of(r, ev->rule);
	ev->priority = str_eq(ev->action, "denied") ? PRIO_WARNING : PRIO_INFO;
	find_object(&g->mem, r, ev);
	ev->message = sentence(&g->mem, r, ev);
	ev->cluster = read_text(r, D_CLUSTER);
	ev->node = read_text(r, D_NODE);
	ev->user = read_text(r, read_text(r, D_REQUEST_USER) != NULL ? D_REQUEST_USER : D_USER);
	ev->peer = read_text(r, D_REQUESTED_BY);
	log_origin(g, r, D_RAW, ev);
	if (str_eq(read_text(r, D_KIND), "Secret"))
		log_hide(g, ev, bodies, LENGTH(bodies));
	log_hide(g, ev, headers, LENGTH(headers));
	return g->sink->put(g->sink, &rec, e);
}

/* Of a list of results; what a decision decided has no id. */
static bool on_result(void *ctx, const struct read_record *r, struct err *e)
{
	return read_text(r->up, D_ID) != NULL || on_decision(ctx, r, e);
}

static const struct read_scope scopes[] = {
	{ "", decision_fields, D_COUNT, on_decision, NULL },
	{ "result[]", decision_fields, D_COUNT, on_result, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct log g = { .sink = out, .scope = scopes, .nscope = LENGTH(scopes),
		         .at = o->at };
	return log_read(&g, src, "opa", e);
}

static int sniff(const struct peek *p)
{
	if (peek_has(p, "decision_id") || peek_has(p, "result[0].decision_id"))
		return 95;
	return strstr(peek_head(p), "\"decision_id\"") != NULL ? 80 : 0; /* behind other lines */
}

const struct importer importer_opa = {
	.id = "opa",
	.title = "Open Policy Agent decision logs",
	.spec = "https://www.openpolicyagent.org/docs/management-decision-logs",
	.sniff = sniff,
	.run = run,
};
