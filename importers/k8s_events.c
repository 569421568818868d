/* SPDX-License-Identifier: MIT */
/* k8s_events.c - what controllers say happens in a cluster: Event objects. Spec: .spec below. */
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"

/* core/v1 and events.k8s.io/v1 name one thing differently; members of one thing follow another. */
enum {
	E_RAW,
	E_KIND,
	E_UID,
	E_NAMESPACE,
	E_REASON,
	E_TYPE,
	E_MESSAGE,
	E_NOTE,
	E_COUNT_OLD,
	E_COUNT_NEW,
	E_LAST,
	E_SERIES,
	E_LAST_OLD,
	E_TIME,
	E_FIRST,
	E_CREATED,
	E_OBJECT_KIND,
	E_OBJECT_KIND_TOO,
	E_OBJECT,
	E_OBJECT_TOO,
	E_SPACE,
	E_SPACE_TOO,
	E_OBJECT_UID,
	E_OBJECT_UID_TOO,
	E_FIELD,
	E_FIELD_TOO,
	E_COMPONENT,
	E_CONTROLLER,
	E_SOURCE,
	E_SOURCE_OLD,
	E_HOST,
	E_HOST_OLD,
	E_BARE_SPACE,
	E_ITEMS,
	E_WATCHED,
	E_ROUTED,
	E_FIELDS
};
static const struct read_field event_fields[E_FIELDS] = {
	[E_RAW] = { "", READ_RAW },
	[E_KIND] = { "kind" },
	[E_UID] = { "metadata.uid" },
	[E_NAMESPACE] = { "metadata.namespace" },
	[E_REASON] = { "reason" },
	[E_TYPE] = { "type" },
	[E_MESSAGE] = { "message" },
	[E_NOTE] = { "note" },
	[E_COUNT_OLD] = { "count" },
	[E_COUNT_NEW] = { "series.count" },
	[E_LAST] = { "lastTimestamp" },
	[E_SERIES] = { "series.lastObservedTime" },
	[E_LAST_OLD] = { "deprecatedLastTimestamp" },
	[E_TIME] = { "eventTime" },
	[E_FIRST] = { "firstTimestamp" },
	[E_CREATED] = { "metadata.creationTimestamp" },
	[E_OBJECT_KIND] = { "involvedObject.kind" },
	[E_OBJECT_KIND_TOO] = { "regarding.kind" },
	[E_OBJECT] = { "involvedObject.name" },
	[E_OBJECT_TOO] = { "regarding.name" },
	[E_SPACE] = { "involvedObject.namespace" },
	[E_SPACE_TOO] = { "regarding.namespace" },
	[E_OBJECT_UID] = { "involvedObject.uid" },
	[E_OBJECT_UID_TOO] = { "regarding.uid" },
	[E_FIELD] = { "involvedObject.fieldPath" },
	[E_FIELD_TOO] = { "regarding.fieldPath" },
	[E_COMPONENT] = { "reportingComponent" },
	[E_CONTROLLER] = { "reportingController" },
	[E_SOURCE] = { "source.component" },
	[E_SOURCE_OLD] = { "deprecatedSource.component" },
	[E_HOST] = { "source.host" },
	[E_HOST_OLD] = { "deprecatedSource.host" },
	[E_BARE_SPACE] = { "namespace" }, /* of dumps that keep little */
	[E_ITEMS] = { "items", READ_RAW },
	[E_WATCHED] = { "object.kind" },
	[E_ROUTED] = { "event.metadata.uid" },
};

struct events {
	struct sink *sink;
	int64_t at;       /* of events without a time; 0: skip them */
	struct arena mem; /* strings of the event at hand            */
};

static const char *either(const struct read_record *r, size_t i)
{
	const char *s = read_text(r, i);
	return s != NULL ? s : read_text(r, i + 1);
}

/* The newest of what it says: an event stands for all its repetitions. */
static bool find_time(const struct events *v, const struct read_record *r, struct rec_event *ev)
{
	for (size_t i = E_LAST; i <= E_CREATED; i++) {
		const char *text = read_text(r, i);
		if (text != NULL && time_parse_ns(text, &ev->ts_ns))
			return true;
	}
	ev->ts_ns = v->at * NS_PER_S;
	ev->ts_inferred = true;
	return v->at != 0;
}

/* `spec.containers{web}` names a container of the pod. */
static const char *container_of(struct arena *mem, const char *path)
{
	const char *brace = path == NULL ? NULL : strchr(path, '{');
	return brace == NULL ? NULL : arena_dupn(mem, brace + 1, strcspn(brace + 1, "}"));
}

/* `image "busybox"` in the words of the kubelet. */
static const char *image_of(struct arena *mem, const char *message)
{
	static const char word[] = "mage \"";
	const char *s = message == NULL ? NULL : strstr(message, word);
	if (s == NULL)
		return NULL;
	s += strlen(word);
	return arena_dupn(mem, s, strcspn(s, "\""));
}

static void find_object(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	const char *kind = either(r, E_OBJECT_KIND), *name = either(r, E_OBJECT);
	ev->namespace = either(r, E_SPACE);
	if (ev->namespace == NULL)
		ev->namespace = read_text(r, kind == NULL ? E_BARE_SPACE : E_NAMESPACE);
	ev->node = either(r, E_HOST);
	if (str_eq(kind, "Node"))
		ev->node = name;
	if (str_eq(kind, "Node") || str_eq(kind, "Namespace"))
		return;
	struct kube_workload w = kube_workload(mem, kind, name);
	ev->workload_kind = w.kind;
	ev->workload = w.name;
	if (!str_eq(kind, "Pod"))
		return;
	ev->pod = name;
	ev->pod_uid = either(r, E_OBJECT_UID);
	ev->container = container_of(mem, either(r, E_FIELD));
}

static bool has(const char *text, const char *word)
{
	return text != NULL && strstr(text, word) != NULL;
}

/* Policies speak through events too, their own or those of a controller that they refused. */
static void find_verdict(struct rec_event *ev)
{
	static const char *const reasons[] = {
		"PolicyViolation", "FailedValidation",                   /* Kyverno    */
		"AuditViolation", "DryrunViolation", "WarningAdmission", /* Gatekeeper */
	};
	bool refused = has(ev->message, "denied the request")
	               || has(ev->message, "violates PodSecurity")
	               || has(ev->message, "ValidatingAdmissionPolicy '")
	               || str_eq(ev->rule, "FailedAdmission"); /* Gatekeeper */
	bool policy = str_index(reasons, LENGTH(reasons), ev->rule) >= 0;
	if (!refused && !policy)
		return;
	ev->kind = EVENT_ADMISSION;
	ev->action = refused || has(ev->message, "(blocked)") ? "denied" : "audited";
	ev->priority = str_eq(ev->action, "denied") ? PRIO_WARNING : PRIO_NOTICE;
}

static bool put_event(struct events *v, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_EVENT, .u.event = { .kind = EVENT_LIFECYCLE } };
	struct rec_event *ev = &rec.u.event;
	int64_t count = 1;
	if (!find_time(v, r, ev))
		return read_skip(r, READ_NO_TIME, e);
	ev->rule = read_text(r, E_REASON);
	ev->priority_raw = read_text(r, E_TYPE);
	ev->priority = str_eq(ev->priority_raw, "Warning") ? PRIO_NOTICE : PRIO_INFO;
	ev->action = "reported";
	ev->message = either(r, E_MESSAGE);
	ev->image = image_of(&v->mem, ev->message);
	find_object(&v->mem, r, ev);
	find_verdict(ev);
	if ((read_int(r, E_COUNT_OLD, 2, INT32_MAX, &count)
	     || read_int(r, E_COUNT_NEW, 2, INT32_MAX, &count))
	    && ev->message != NULL)
		ev->message = arena_printf(&v->mem, "%s (%lld times)", ev->message,
		                           (long long)count);
	ev->process = either(r, E_COMPONENT);
	if (ev->process == NULL)
		ev->process = either(r, E_SOURCE);
	ev->uid = read_text(r, E_UID);
	ev->raw = r->value[E_RAW].s;
	ev->raw_len = r->value[E_RAW].n;
	ev->offset = (int64_t)r->offset;
	return v->sink->put(v->sink, &rec, e);
}

static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct events *v = ctx;
	const char *kind = read_text(r, E_KIND);
	arena_reset(&v->mem);
	if (r->value[E_ITEMS].type != READ_NONE || r->value[E_WATCHED].type != READ_NONE
	    || r->value[E_ROUTED].type != READ_NONE
	    || (r->value[E_RAW].type == READ_JSON && *r->value[E_RAW].s == '['))
		return true; /* what is around events */
	if ((kind != NULL && !str_eq(kind, "Event")) || r->value[E_REASON].type != READ_STRING)
		return read_skip(
			r, kind != NULL && !str_eq(kind, "Event") ? "not an event" : "no reason",
			e);
	return put_event(v, r, e);
}

static const struct read_scope scopes[] = {
	{ "", event_fields, E_FIELDS, on_object, NULL },
	{ "items[]", event_fields, E_FIELDS, on_object, NULL },
	/* kubectl get events --output-watch-events */
	{ "object", event_fields, E_FIELDS, on_object, NULL },
	/* Event Router; what it was before an update has been said */
	{ "event", event_fields, E_FIELDS, on_object, NULL },
	{ "[]", event_fields, E_FIELDS, on_object, NULL },
	{ "[][]", event_fields, E_FIELDS, on_object, NULL },
	{ "[].items[]", event_fields, E_FIELDS, on_object, NULL },
	{ "[].object", event_fields, E_FIELDS, on_object, NULL },
	{ "[].event", event_fields, E_FIELDS, on_object, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct events v = { .sink = out, .at = o->at, .mem = ARENA_INIT };
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "kubernetes-events" } };
	struct read_opts opts = { .sink = out };
	bool ok = out->put(out, &scan, e)
	          && read_document(src, scopes, LENGTH(scopes), &v, &opts, e);
	arena_release(&v.mem);
	return ok;
}

static bool is_about(const struct peek *p, const char *involved, const char *regarding)
{
	return peek_has(p, involved) || peek_has(p, regarding);
}

static int sniff(const struct peek *p)
{
	if (peek_is(p, "kind", "Event") && is_about(p, "involvedObject", "regarding"))
		return 95;
	if (!peek_has(p, "kind") && peek_has(p, "reason")
	    && is_about(p, "involvedObject", "regarding"))
		return 90; /* collectors leave out what is the same in all */
	if (peek_is(p, "object.kind", "Event")
	    && is_about(p, "object.involvedObject", "object.regarding"))
		return 95;
	if (peek_has(p, "verb") && peek_has(p, "event.reason")
	    && is_about(p, "event.involvedObject", "event.regarding"))
		return 95;
	if (peek_has(p, "items[0].reason")
	    && is_about(p, "items[0].involvedObject", "items[0].regarding"))
		return 95;
	return peek_has(p, "items[0].reason") && peek_has(p, "items[0].lastTimestamp") ? 80 : 0;
}

const struct importer importer_k8s_events = {
	.id = "k8s-events",
	.title = "Kubernetes events (kubectl get events -o json|yaml), also from Event Router",
	.spec = "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
	.sniff = sniff,
	.run = run,
};
