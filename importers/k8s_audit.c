/* SPDX-License-Identifier: MIT */
/* k8s_audit.c - the audit log of Kubernetes, also as clouds wrap it. Spec: .spec below. */
#include <jansson.h>

#include "importers/importer.h"
#include "importers/k8s_audit_row.h"
#include "importers/kube.h"
#include "importers/log.h"

enum {
	E_RAW, E_KIND, E_ID, E_STAGE, E_STAGE_TIME, E_RECEIVED, E_TIME, E_CREATED, E_USER,
	E_IMPERSONATED, E_ADDRESSES, E_AGENT, E_VERB, E_VERB_TOO, E_URI, E_RESOURCE, E_SUBRESOURCE,
	E_NAMESPACE, E_NAME, E_RESPONSE_NAME, E_REQUEST_NAME,
	E_CODE, E_CODE_TOO, E_MESSAGE, E_VAP, E_VAP_TOO, E_PSA, E_PSA_TOO, E_IMAGES, E_INIT_IMAGES,
	E_TEMPLATE_IMAGES, E_CRON_IMAGES,
	/* wrappers */
	E_LOG, E_LOG_ID, E_RESOURCE_ID, E_TEXT, E_EXPORTED, E_EXPORTED_ID, E_TABLE, E_TABLE_ID,
	E_ROW_ID, E_ROW_CLUSTER, E_INSIGHT, E_INSIGHT_TEXT, E_LOG_GROUP, E_RECORDS, E_ROWS,
	E_LOG_EVENTS, E_EVENTS, E_INSIGHTS,
	E_ELASTIC_ID, E_ELASTIC_CLUSTER, E_HIT, E_HITS,
	G_METHOD, G_NAME, G_TIME, G_USER, G_ADDRESS, G_ADDRESS_TOO, G_AGENT, G_CODE, G_MESSAGE,
	G_CLUSTER, G_ID, G_IMAGES, G_TEMPLATE_IMAGES, G_CRON_IMAGES,
	E_COUNT
};
static const struct read_field event_fields[E_COUNT] = {
	[E_RAW] = { "", READ_RAW },
	[E_KIND] = { "kind" },
	[E_ID] = { "auditID" },
	[E_STAGE] = { "stage" },
	[E_STAGE_TIME] = { "stageTimestamp" },
	[E_RECEIVED] = { "requestReceivedTimestamp" },
	[E_TIME] = { "timestamp" }, /* v1beta1 */
	[E_CREATED] = { "metadata.creationTimestamp" },
	[E_USER] = { "user.username" },
	[E_IMPERSONATED] = { "impersonatedUser.username" },
	[E_ADDRESSES] = { "sourceIPs", READ_LIST },
	[E_AGENT] = { "userAgent" },
	[E_VERB] = { "verb" },
	[E_VERB_TOO] = { "http.method" }, /* this and its like: as Datadog has it */
	[E_URI] = { "requestURI" },
	[E_RESOURCE] = { "objectRef.resource" },
	[E_SUBRESOURCE] = { "objectRef.subresource" },
	[E_NAMESPACE] = { "objectRef.namespace" },
	[E_NAME] = { "objectRef.name" },
	[E_RESPONSE_NAME] = { "responseObject.metadata.name" },
	[E_REQUEST_NAME] = { "requestObject.metadata.name" },
	[E_CODE] = { "responseStatus.code" },
	[E_CODE_TOO] = { "http.status_code" },
	[E_MESSAGE] = { "responseStatus.message" },
	[E_VAP] = { "annotations.validation.policy.admission.k8s.io/validation_failure" },
	/* this and its like: Elastic's agent keeps dots for itself */
	[E_VAP_TOO] = { "annotations.validation_policy_admission_k8s_io/validation_failure" },
	[E_PSA] = { "annotations.pod-security.kubernetes.io/audit-violations" },
	[E_PSA_TOO] = { "annotations.pod-security_kubernetes_io/audit-violations" },
	[E_IMAGES] = { "requestObject.spec.containers[].image" },
	[E_INIT_IMAGES] = { "requestObject.spec.initContainers[].image" },
	[E_TEMPLATE_IMAGES] = { "requestObject.spec.template.spec.containers[].image" },
	[E_CRON_IMAGES] = {
		"requestObject.spec.jobTemplate.spec.template.spec.containers[].image"
	},
	[E_LOG] = { "properties.log" },     /* AKS: an event as text             */
	[E_LOG_ID] = { "properties.log.auditID" }, /* the same, taken apart on its way */
	[E_RESOURCE_ID] = { "resourceId" }, /* AKS: ends in the cluster's name   */
	[E_TEXT] = { "message" },           /* CloudWatch: an event as text      */
	[E_EXPORTED] = { "@message" },      /* the same, out of its console      */
	[E_EXPORTED_ID] = { "@message.auditID" },
	[E_TABLE] = { "log_s" },            /* AKS, out of Azure Monitor's table */
	[E_TABLE_ID] = { "_ResourceId" },
	[E_ROW_ID] = { "AuditId" },         /* AKS, a row of a table of its own  */
	[E_ROW_CLUSTER] = { "_ResourceId" },
	[E_INSIGHT] = { "field" },          /* this and the next: Logs Insights  */
	[E_INSIGHT_TEXT] = { "value" },
	[E_LOG_GROUP] = { "logGroup" },     /* CloudWatch: /aws/eks/NAME/cluster */
	[E_RECORDS] = { "records[].category" },
	[E_ROWS] = { "records[].AuditId" },
	[E_LOG_EVENTS] = { "logEvents[].message" },
	[E_EVENTS] = { "events[].message" },
	[E_INSIGHTS] = { "results[][].field" },
	[E_ELASTIC_ID] = { "kubernetes.audit.auditID" },
	[E_ELASTIC_CLUSTER] = { "orchestrator.cluster.name" },
	[E_HIT] = { "_source", READ_RAW },  /* this and the next: Elasticsearch's answers */
	[E_HITS] = { "hits.hits[]._index" },
	[G_METHOD] = { "protoPayload.methodName" }, /* this and the rest: GKE's log entries */
	[G_NAME] = { "protoPayload.resourceName" },
	[G_TIME] = { "protoPayload.timestamp" },
	[G_USER] = { "protoPayload.authenticationInfo.principalEmail" },
	[G_ADDRESS] = { "protoPayload.requestMetadata.callerIp" },
	[G_ADDRESS_TOO] = { "protoPayload.requestMetadata.callerIP" },
	[G_AGENT] = { "protoPayload.requestMetadata.callerSuppliedUserAgent" },
	[G_CODE] = { "protoPayload.status.code" },
	[G_MESSAGE] = { "protoPayload.status.message" },
	[G_CLUSTER] = { "resource.labels.cluster_name" },
	[G_ID] = { "insertId" },
	[G_IMAGES] = { "protoPayload.request.spec.containers[].image" },
	[G_TEMPLATE_IMAGES] = { "protoPayload.request.spec.template.spec.containers[].image" },
	[G_CRON_IMAGES] = {
		"protoPayload.request.spec.jobTemplate.spec.template.spec.containers[].image"
	},
};

/* ---- what happened ---- */

static const char *either(const struct read_record *r, size_t i)
{
	const char *s = read_text(r, i);
	return s != NULL ? s : read_text(r, i + 1);
}

/* Data bases that an audit log went through leave the zone out: it was UTC before. */
static bool find_time(struct log *g, const struct read_record *r, struct rec_event *ev)
{
	static const size_t fields[] = { E_STAGE_TIME, E_RECEIVED, E_TIME, G_TIME, E_CREATED };
	for (size_t i = 0; i < LENGTH(fields); i++) {
		const char *text = read_text(r, fields[i]);
		if (text != NULL
		    && (time_parse_ns(text, &ev->ts_ns)
		        || time_parse_ns(arena_printf(&g->mem, "%sZ", text), &ev->ts_ns)))
			return true;
	}
	return log_time(g, ev);
}

/* The text between `before` and the quote that stands there and its like. */
static const char *quoted(struct arena *mem, const char *text, const char *before)
{
	const char *s = strstr(text, before);
	if (s == NULL)
		return NULL;
	s += strlen(before);
	const char *end = *s == '"' || *s == '\'' ? strchr(s + 1, *s) : NULL;
	return end == NULL ? NULL : arena_dupn(mem, s + 1, (size_t)(end - s - 1));
}

/* Who refused a request, by the words of the refusal; NULL: it was not refused on admission. */
static const char *refused_by(struct arena *mem, const char *message)
{
	const char *name;
	if (message == NULL)
		return NULL;
	if ((name = quoted(mem, message, "admission webhook ")) != NULL)
		return strstr(message, "denied the request") != NULL ? name : NULL;
	if ((name = quoted(mem, message, "ValidatingAdmissionPolicy ")) != NULL)
		return name;
	if ((name = quoted(mem, message, "violates PodSecurity ")) != NULL)
		return arena_printf(mem, "PodSecurity %s", name);
	if (strstr(message, "is forbidden: PodSecurityPolicy: ") != NULL
	    || strstr(message, "against any pod security policy") != NULL)
		return "PodSecurityPolicy";
	if (strstr(message, "against any security context constraint") != NULL)
		return "SecurityContextConstraints"; /* OpenShift's */
	return NULL;
}

/* The policy in a validation_failure annotation, which is JSON inside a string. */
static const char *audited_by(struct arena *mem, const struct read_record *r)
{
	const char *text = either(r, E_VAP), *psa = either(r, E_PSA);
	json_t *list = text == NULL ? NULL : json_loads(text, 0, NULL);
	const char *policy = json_string_value(json_object_get(json_array_get(list, 0), "policy"));
	policy = arena_dup(mem, policy);
	json_decref(list);
	if (policy != NULL || psa == NULL)
		return policy;
	const char *level = quoted(mem, psa, "violate PodSecurity ");
	return level == NULL ? "PodSecurity" : arena_printf(mem, "PodSecurity %s", level);
}

static const char *answer_of(int64_t code)
{
	if (code == 0)
		return "requested"; /* a stage before the answer */
	if (code == 401 || code == 403)
		return "forbidden";
	return code < 400 ? "allowed" : "failed";
}

static void judge(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	int64_t code = 0;
	const char *refused = refused_by(mem, read_text(r, E_MESSAGE)),
		   *audited = audited_by(mem, r);
	if (!read_int(r, E_CODE, 0, 999, &code))
		read_int(r, E_CODE_TOO, 0, 999, &code);
	ev->action = answer_of(code);
	if (code >= 400 && refused != NULL) {
		ev->kind = EVENT_ADMISSION;
		ev->rule = refused;
		ev->action = "denied";
		ev->priority = PRIO_WARNING;
	} else if (audited != NULL) {
		ev->kind = EVENT_ADMISSION;
		ev->rule = audited;
		ev->action = "audited";
		ev->priority = PRIO_NOTICE;
	} else if (code == 401 || code == 403) {
		ev->priority = PRIO_NOTICE;
	}
}

/* ---- to what ---- */

static const char *first_of(const struct read_record *r, const size_t *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *s = read_text(r, fields[i]);
		if (s != NULL)
			return s;
	}
	return NULL;
}

static const char *image_of(const struct read_record *r)
{
	static const size_t lists[] = { E_IMAGES, E_TEMPLATE_IMAGES, E_CRON_IMAGES, E_INIT_IMAGES,
		                        G_IMAGES, G_TEMPLATE_IMAGES, G_CRON_IMAGES };
	for (size_t i = 0; i < LENGTH(lists); i++) {
		const char *s = read_item(r, lists[i], NULL);
		if (s != NULL)
			return s;
	}
	return NULL;
}

/* Records that were shortened name it in the address only: "/api/v1/namespaces/NS/pods/NAME". */
static const char *namespace_in(struct arena *mem, const char *uri)
{
	static const char before[] = "/namespaces/";
	const char *s = uri == NULL ? NULL : strstr(uri, before);
	if (s == NULL || !(str_prefix(uri, "/api/") || str_prefix(uri, "/apis/")))
		return NULL;
	s += strlen(before);
	size_t n = strcspn(s, "/?");
	return n > 0 && s[n] == '/' ? arena_dupn(mem, s, n) : NULL;
}

static void find_object(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	static const size_t names[] = { E_NAME, E_RESPONSE_NAME, E_REQUEST_NAME };
	const char *name = first_of(r, names, LENGTH(names)), *uri = read_text(r, E_URI);
	const char *kind = kube_kind(read_text(r, E_RESOURCE));
	struct kube_workload w = kube_workload(mem, kind, name);
	ev->namespace = read_text(r, E_NAMESPACE);
	if (ev->namespace == NULL)
		ev->namespace = namespace_in(mem, uri);
	ev->workload_kind = w.kind;
	ev->workload = w.name;
	ev->pod = str_eq(kind, "Pod") ? name : NULL;
	ev->image = image_of(r);
	ev->file = uri;
	ev->container = kube_parameters(mem, uri, "container", false);
	ev->cmdline = kube_parameters(mem, uri, "command", true);
}

static bool is_entry(const char *subresource)
{
	static const char *const ways[] = { "exec", "attach", "portforward" };
	return str_index(ways, LENGTH(ways), subresource) >= 0;
}

/* "create pods/exec", or the method alone for what is no resource. */
static const char *call(struct arena *mem, const struct read_record *r)
{
	const char *verb = either(r, E_VERB), *resource = read_text(r, E_RESOURCE);
	const char *sub = read_text(r, E_SUBRESOURCE);
	if (verb == NULL || resource == NULL)
		return verb;
	return sub == NULL ? arena_printf(mem, "%s %s", verb, resource)
	                   : arena_printf(mem, "%s %s/%s", verb, resource, sub);
}

static const char *sentence(struct arena *mem, const struct read_record *r)
{
	static const size_t names[] = { E_NAME, E_RESPONSE_NAME, E_REQUEST_NAME };
	const char *what = call(mem, r), *name = first_of(r, names, LENGTH(names));
	const char *as = read_text(r, E_IMPERSONATED), *code = either(r, E_CODE);
	const char *answer = read_text(r, E_MESSAGE);
	if (what == NULL)
		what = "call";
	if (name == NULL)
		name = read_text(r, E_RESOURCE) == NULL ? read_text(r, E_URI) : NULL;
	if (name != NULL)
		what = arena_printf(mem, "%s %s", what, name);
	if (as != NULL)
		what = arena_printf(mem, "%s by %s, who acts as %s", what, read_text(r, E_USER),
		                    as);
	if (answer != NULL)
		return arena_printf(mem, "%s: %s", what, answer);
	return code == NULL ? what : arena_printf(mem, "%s: %s", what, code);
}

/* What was asked to be written, and what came back, where those may be secrets. */
static void hide_bodies(struct log *g, const struct read_record *r, struct rec_event *ev)
{
	static const char *const secret[] = {
		"secrets", "configmaps", "serviceaccounts", "tokenreviews",
	};
	static const char *const bodies[] = { "requestObject", "responseObject" };
	if (str_index(secret, LENGTH(secret), read_text(r, E_RESOURCE)) >= 0)
		log_hide(g, ev, bodies, LENGTH(bodies));
}

/*
 * A request has a record for each stage, of which the last one counts. Who asks may choose its id
 * (the header Audit-ID), and would hide one request behind another, were it not for the time.
 */
static const char *request_of(struct arena *mem, const struct read_record *r)
{
	const char *id = read_text(r, E_ID), *at = read_text(r, E_RECEIVED);
	if (at == NULL)
		at = read_text(r, E_TIME);
	return id == NULL || at == NULL ? id : arena_printf(mem, "%s %s", id, at);
}

static bool put_event(struct log *g, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_EVENT, .u.event = { .kind = EVENT_AUDIT } };
	struct rec_event *ev = &rec.u.event;
	if (!find_time(g, r, ev))
		return log_skip(g, r, READ_NO_TIME, e);
	ev->rule = call(&g->mem, r);
	ev->priority = is_entry(read_text(r, E_SUBRESOURCE)) ? PRIO_NOTICE : PRIO_INFO;
	judge(&g->mem, r, ev);
	find_object(&g->mem, r, ev);
	ev->message = sentence(&g->mem, r);
	ev->cluster = g->cluster;
	ev->user = read_text(r, read_text(r, E_IMPERSONATED) != NULL ? E_IMPERSONATED : E_USER);
	ev->process = read_text(r, E_AGENT);
	ev->peer = read_item(r, E_ADDRESSES, NULL);
	ev->uid = request_of(&g->mem, r);
	log_origin(g, r, E_RAW, ev);
	hide_bodies(g, r, ev);
	return g->sink->put(g->sink, &rec, e);
}

/* ---- wrappers ---- */

/* The part of a path behind its last slash, or of "/aws/eks/NAME/cluster" the name. */
static const char *cluster_in(struct arena *mem, const char *path)
{
	static const char eks[] = "/aws/eks/";
	if (path == NULL)
		return NULL;
	if (str_prefix(path, eks))
		return arena_dupn(mem, path + strlen(eks), strcspn(path + strlen(eks), "/"));
	const char *slash = strrchr(path, '/');
	return arena_dup(mem, slash == NULL ? path : slash + 1);
}

static bool unwrap(struct log *g, const struct read_record *r, size_t field, const char *path,
                   struct err *e)
{
	struct arena mem = ARENA_INIT; /* lives longer than g->mem, which the event resets */
	const char *old = g->cluster;
	g->cluster = cluster_in(&mem, path);
	bool ok = log_inside(g, r, r->value[field].s, r->value[field].n, e);
	g->cluster = old;
	arena_release(&mem);
	return ok;
}

/* The text lives longer than g->mem, as above. */
static bool unwrap_row(struct log *g, const struct read_record *r, struct err *e)
{
	struct arena mem = ARENA_INIT;
	const char *old = g->cluster, *text = k8s_audit_row(&mem, r->value[E_RAW].s,
	                                                    r->value[E_RAW].n);
	g->cluster = cluster_in(&mem, read_text(r, E_ROW_CLUSTER));
	bool ok = text == NULL ? log_skip(g, r, "not an audit event", e)
	                       : log_inside(g, r, text, strlen(text), e);
	g->cluster = old;
	arena_release(&mem);
	return ok;
}

/*
 * A method is "io.k8s.core.v1.pods.exec.create"; its name is
 * "core/v1/namespaces/NS/pods/NAME/exec".
 */
static void find_method(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	char *method = arena_dup(mem, read_text(r, G_METHOD)),
	     *name = arena_dup(mem, read_text(r, G_NAME));
	char *verb = strrchr(method, '.');
	const char *resource = method, *kind;
	if (verb == NULL)
		return;
	*verb++ = '\0';
	if (str_eq(method, "io.k8s")) { /* a call of no resource: "io.k8s.get" of "readyz" */
		ev->rule = arena_dup(mem, verb);
		return;
	}
	for (char *dot = strchr(method, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
		if (dot[1] == 'v' && dot[2] >= '1' && dot[2] <= '9') /* behind the version */
			resource = dot + 1 + strcspn(dot + 1, ".") + (strchr(dot + 1, '.') != NULL);
	}
	char *sub = strchr(resource, '.');
	if (sub != NULL)
		*sub++ = '\0';
	ev->rule = sub == NULL ? arena_printf(mem, "%s %s", verb, resource)
	                       : arena_printf(mem, "%s %s/%s", verb, resource, sub);
	if (is_entry(sub))
		ev->priority = PRIO_NOTICE;
	kind = kube_kind(resource);
	char *space = name == NULL ? NULL : strstr(name, "/namespaces/");
	char *own = name == NULL ? NULL : strstr(name, arena_printf(mem, "/%s/", resource));
	own = own == NULL ? NULL : own + strlen(resource) + 2;
	if (own != NULL)
		own = arena_dupn(mem, own, strcspn(own, "/"));
	if (space != NULL)
		ev->namespace = arena_dupn(mem, space + 12, strcspn(space + 12, "/"));
	struct kube_workload w = kube_workload(mem, kind, own);
	ev->workload_kind = w.kind;
	ev->workload = w.name;
	ev->pod = str_eq(kind, "Pod") ? own : NULL;
}

/*
 * The status is a code of gRPC, absent when all went well; 7 is "permission denied", 16 "not
 * known".
 */
static bool put_gke(struct log *g, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_EVENT, .u.event = { .kind = EVENT_AUDIT } };
	struct rec_event *ev = &rec.u.event;
	const char *message = read_text(r, G_MESSAGE), *refused = refused_by(&g->mem, message);
	int64_t code = 0;
	if (!find_time(g, r, ev))
		return log_skip(g, r, READ_NO_TIME, e);
	read_int(r, G_CODE, 0, INT32_MAX, &code);
	ev->priority = PRIO_INFO;
	find_method(&g->mem, r, ev);
	ev->action = code == 0 ? "allowed" : code == 7 || code == 16 ? "forbidden" : "failed";
	if (code != 0 && refused != NULL) {
		ev->kind = EVENT_ADMISSION;
		ev->rule = refused;
		ev->action = "denied";
		ev->priority = PRIO_WARNING;
	}
	ev->message = message != NULL ? message : read_text(r, G_NAME);
	ev->cluster = read_text(r, G_CLUSTER);
	ev->user = read_text(r, G_USER);
	ev->process = read_text(r, G_AGENT);
	ev->peer = either(r, G_ADDRESS);
	ev->file = read_text(r, G_NAME);
	ev->image = image_of(r);
	ev->uid = read_text(r, G_ID);
	log_origin(g, r, E_RAW, ev);
	return g->sink->put(g->sink, &rec, e);
}

static bool is_wrapper(const struct read_record *r)
{
	const char *kind = read_text(r, E_KIND);
	return (kind != NULL && str_suffix(kind, "List"))
	       || r->value[E_HIT].type != READ_NONE
	       || read_count(r, E_RECORDS) + read_count(r, E_ROWS)
	                          + read_count(r, E_LOG_EVENTS) + read_count(r, E_EVENTS)
	                          + read_count(r, E_HITS) + read_count(r, E_INSIGHTS)
	                  > 0;
}

static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	const char *kind = read_text(r, E_KIND);
	arena_reset(&g->mem);
	if (is_wrapper(r))
		return true;
	if (r->value[E_LOG_ID].type != READ_NONE || r->value[E_ELASTIC_ID].type != READ_NONE
	    || r->value[E_EXPORTED_ID].type != READ_NONE)
		return true; /* on_log or on_elastic comes next */
	if (str_eq(kind, "Event")
	    && (read_text(r, E_ID) != NULL || read_text(r, E_STAGE) != NULL
	        || either(r, E_VERB) != NULL))
		return put_event(g, r, e);
	if (kind == NULL && read_text(r, E_ID) != NULL) /* in a list: webhooks send them so */
		return put_event(g, r, e);
	if (read_text(r, E_ROW_ID) != NULL)
		return unwrap_row(g, r, e);
	if (read_text(r, E_LOG) != NULL)
		return unwrap(g, r, E_LOG, read_text(r, E_RESOURCE_ID), e);
	if (read_text(r, G_METHOD) != NULL)
		return put_gke(g, r, e);
	if (read_text(r, E_TEXT) != NULL && kind == NULL)
		return unwrap(g, r, E_TEXT, r->up == NULL ? NULL : read_text(r->up, E_LOG_GROUP),
		              e);
	if (read_text(r, E_EXPORTED) != NULL)
		return unwrap(g, r, E_EXPORTED, NULL, e);
	if (read_text(r, E_TABLE) != NULL)
		return unwrap(g, r, E_TABLE, read_text(r, E_TABLE_ID), e);
	return log_skip(g, r, "not an audit event", e);
}

/* A cell of a row: what was logged, or when and where. */
static bool on_insight(void *ctx, const struct read_record *r, struct err *e)
{
	return !str_eq(read_text(r, E_INSIGHT), "@message")
	       || read_text(r, E_INSIGHT_TEXT) == NULL
	       || unwrap(ctx, r, E_INSIGHT_TEXT, NULL, e);
}

/* AKS, where a collector has taken the text apart; the text itself was read by on_object. */
static bool on_log(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	const char *old = g->cluster;
	if (read_text(r, E_ID) == NULL)
		return true;
	arena_reset(&g->mem);
	g->cluster = cluster_in(&g->mem, read_text(r->up, E_RESOURCE_ID));
	bool ok = put_event(g, r, e);
	g->cluster = old;
	return ok;
}

static bool on_elastic(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	if (read_text(r, E_ID) == NULL)
		return true;
	arena_reset(&g->mem);
	g->cluster = read_text(r->up, E_ELASTIC_CLUSTER);
	bool ok = put_event(g, r, e);
	g->cluster = NULL;
	return ok;
}

static const struct read_scope scopes[] = {
	{ "", event_fields, E_COUNT, on_object, NULL },
	{ "kubernetes.audit", event_fields, E_COUNT, on_elastic, NULL },
	{ "_source", event_fields, E_COUNT, on_object, NULL },
	{ "_source.kubernetes.audit", event_fields, E_COUNT, on_elastic, NULL },
	{ "hits.hits[]._source", event_fields, E_COUNT, on_object, NULL },
	{ "hits.hits[]._source.kubernetes.audit", event_fields, E_COUNT, on_elastic, NULL },
	{ "properties.log", event_fields, E_COUNT, on_log, NULL },
	{ "records[].properties.log", event_fields, E_COUNT, on_log, NULL },
	{ "@message", event_fields, E_COUNT, on_log, NULL },
	{ "results[][]", event_fields, E_COUNT, on_insight, NULL },
	{ "items[]", event_fields, E_COUNT, on_object, NULL },
	{ "records[]", event_fields, E_COUNT, on_object, NULL },
	{ "logEvents[]", event_fields, E_COUNT, on_object, NULL },
	{ "events[]", event_fields, E_COUNT, on_object, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct log g = {
		.sink = out, .scope = scopes, .nscope = LENGTH(scopes), .mem = ARENA_INIT,
		.at = o->at,
	};
	return log_read(&g, src, "kubernetes-audit", e);
}

static int sniff(const struct peek *p)
{
	const char *kind = peek_text(p, "kind"), *group = peek_text(p, "apiVersion");
	const char *method = peek_text(p, "protoPayload.methodName"), *head = peek_head(p);
	if (str_eq(kind, "Event")
	    && (peek_has(p, "auditID") || (group != NULL && str_prefix(group, "audit.k8s.io/"))))
		return 95;
	if (str_eq(kind, "Event") && peek_has(p, "objectRef")
	    && (peek_has(p, "stage") || peek_has(p, "verb") || peek_has(p, "http.method")))
		return 90;
	if (str_eq(kind, "EventList") && peek_has(p, "items[0].auditID"))
		return 95;
	if (method != NULL && str_prefix(method, "io.k8s."))
		return 95;
	if (peek_has(p, "kubernetes.audit.auditID"))
		return 95;
	if (peek_has(p, "properties.log.auditID") || peek_has(p, "records[0].properties.log"))
		return 90;
	if ((peek_has(p, "AuditId") && peek_has(p, "Verb") && peek_has(p, "RequestUri"))
	    || (peek_has(p, "records[0].AuditId") && peek_has(p, "records[0].Verb")))
		return 90;
	if (strstr(head, "\"auditID\"") != NULL && strstr(head, "\"stage\"") != NULL)
		return 60; /* behind a prefix */
	return strstr(head, "\\\"auditID\\\"") != NULL ? 80 : 0; /* inside another log's text */
}

const struct importer importer_k8s_audit = {
	.id = "k8s-audit",
	.title = "Kubernetes audit log, also from AKS, EKS, GKE and Elastic",
	.spec = "https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/",
	.sniff = sniff,
	.run = run,
};
