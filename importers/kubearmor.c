/* SPDX-License-Identifier: MIT */
/* kubearmor.c - KubeArmor's alerts, and what it logs besides. Spec: .spec below. */
#include <strings.h>

#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/log.h"

enum {
	K_RAW, K_UPDATED, K_TIME, K_CLUSTER, K_NODE, K_NAMESPACE, K_POD, K_OWNER_KIND, K_OWNER,
	K_CONTAINER_ID, K_CONTAINER, K_IMAGE, K_PROCESS, K_SOURCE, K_PARENT, K_USER, K_POLICY,
	K_SEVERITY, K_TAGS, K_TAG_LIST, K_MESSAGE, K_TYPE, K_OPERATION, K_RESOURCE, K_ACTION,
	K_RESULT, K_COUNT
};
static const struct read_field event_fields[K_COUNT] = {
	[K_RAW] = { "", READ_RAW },
	[K_UPDATED] = { "UpdatedTime" }, /* to the microsecond */
	[K_TIME] = { "Timestamp" },      /* in seconds */
	[K_CLUSTER] = { "ClusterName" },
	[K_NODE] = { "HostName" },
	[K_NAMESPACE] = { "NamespaceName" },
	[K_POD] = { "PodName" },
	[K_OWNER_KIND] = { "Owner.Ref" },
	[K_OWNER] = { "Owner.Name" },
	[K_CONTAINER_ID] = { "ContainerID" },
	[K_CONTAINER] = { "ContainerName" },
	[K_IMAGE] = { "ContainerImage" },
	[K_PROCESS] = { "ProcessName" },
	[K_SOURCE] = { "Source" }, /* who asked: the parent, where a process starts */
	[K_PARENT] = { "ParentProcessName" },
	[K_USER] = { "UID" },
	[K_POLICY] = { "PolicyName" },
	[K_SEVERITY] = { "Severity" },
	[K_TAGS] = { "Tags" },
	[K_TAG_LIST] = { "ATags", READ_LIST },
	[K_MESSAGE] = { "Message" },
	[K_TYPE] = { "Type" },
	[K_OPERATION] = { "Operation" },
	[K_RESOURCE] = { "Resource" },
	[K_ACTION] = { "Action" },
	[K_RESULT] = { "Result" },
};

static bool find_time(struct log *g, const struct read_record *r, struct rec_event *ev)
{
	const char *text = read_text(r, K_UPDATED);
	if (text != NULL
	    && (time_parse_ns(text, &ev->ts_ns)
	        || time_parse_ns(arena_printf(&g->mem, "%sZ", text), &ev->ts_ns)))
		return true;
	text = read_text(r, K_TIME);
	return (text != NULL && kube_epoch_ns(text, &ev->ts_ns)) || log_time(g, ev);
}

/* A policy's severity is a number, 10 the worst; none is 1. */
static enum priority priority_of(const struct read_record *r)
{
	static const enum priority of_severity[] = {
		PRIO_NOTICE,  PRIO_NOTICE,  PRIO_NOTICE, PRIO_NOTICE, PRIO_WARNING,   PRIO_WARNING,
		PRIO_WARNING, PRIO_ERROR,   PRIO_ERROR,  PRIO_CRITICAL, PRIO_CRITICAL,
	};
	int64_t n;
	return read_int(r, K_SEVERITY, 0, (int64_t)LENGTH(of_severity) - 1, &n) ? of_severity[n]
	                                                                        : PRIO_WARNING;
}

/* Everything else is a log of what went on, which no policy speaks of. */
static bool is_alert(const struct read_record *r)
{
	const char *type = read_text(r, K_TYPE);
	return read_text(r, K_POLICY) != NULL || read_text(r, K_ACTION) != NULL
	       || str_prefix(type, "Matched");
}

static void judge(const struct read_record *r, struct rec_event *ev)
{
	const char *operation = read_text(r, K_OPERATION), *action = read_text(r, K_ACTION);
	ev->kind = str_eq(operation, "Network") ? EVENT_NETWORK : EVENT_PROCESS;
	ev->priority = PRIO_INFO;
	ev->action = "detected";
	if (!is_alert(r))
		return;
	ev->kind = EVENT_ALERT;
	ev->rule = read_text(r, K_POLICY);
	ev->priority = priority_of(r);
	ev->priority_raw = read_text(r, K_SEVERITY);
	if (str_eq(action, "Block"))
		ev->action = "blocked";
	else if (str_prefix(action, "Audit"))
		ev->action = "audited";
}

/*
 * The words of KubeArmor for what it was not told: the name of the cluster, and the namespace of a
 * container that is in no pod.
 */
static void find_place(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	const char *cluster = read_text(r, K_CLUSTER), *space = read_text(r, K_NAMESPACE);
	struct kube_workload w = { read_text(r, K_OWNER_KIND), read_text(r, K_OWNER) };
	bool no_pod = str_eq(space, "container_namespace");
	ev->cluster = cluster != NULL && strcasecmp(cluster, "default") == 0 ? NULL : cluster;
	ev->node = read_text(r, K_NODE);
	ev->namespace = no_pod ? NULL : space;
	ev->pod = no_pod ? NULL : read_text(r, K_POD);
	ev->container_id = kube_container(read_text(r, K_CONTAINER_ID));
	ev->container = read_text(r, K_CONTAINER);
	ev->image = read_text(r, K_IMAGE);
	ev->image_digest = kube_manifest_digest(ev->image);
	if (no_pod || w.kind == NULL || w.name == NULL || str_eq(w.kind, "Pod"))
		w = kube_workload(mem, "Pod", ev->pod);
	ev->workload_kind = w.kind;
	ev->workload = w.name;
}

static void find_process(const struct read_record *r, struct rec_event *ev)
{
	const char *operation = read_text(r, K_OPERATION), *what = read_text(r, K_RESOURCE);
	bool starts = str_eq(operation, "Process");
	ev->process = read_text(r, K_PROCESS);
	ev->parent = read_text(r, K_PARENT);
	if (ev->process == NULL && !starts)
		ev->process = read_text(r, K_SOURCE);
	if (ev->parent == NULL && starts)
		ev->parent = read_text(r, K_SOURCE);
	ev->user = read_text(r, K_USER);
	ev->cmdline = starts ? what : NULL;
	ev->file = str_eq(operation, "File") ? what : NULL;
	ev->peer = str_eq(operation, "Network") ? what : NULL;
}

static const char *tags_of(struct arena *mem, const struct read_record *r)
{
	const char *all = read_text(r, K_TAGS);
	if (all != NULL)
		return all;
	for (const char *tag = NULL; (tag = read_item(r, K_TAG_LIST, tag)) != NULL;)
		all = all == NULL ? tag : arena_printf(mem, "%s, %s", all, tag);
	return all;
}

static const char *sentence(struct arena *mem, const struct read_record *r)
{
	const char *told = read_text(r, K_MESSAGE), *what = read_text(r, K_RESOURCE);
	if (told != NULL)
		return told;
	told = read_text(r, K_OPERATION);
	if (what != NULL)
		told = arena_printf(mem, "%s %s", told, what);
	return read_text(r, K_RESULT) == NULL
	               ? told : arena_printf(mem, "%s: %s", told, read_text(r, K_RESULT));
}

static bool on_event(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };
	struct rec_event *ev = &rec.u.event;
	arena_reset(&g->mem);
	if (read_text(r, K_OPERATION) == NULL || read_text(r, K_TYPE) == NULL)
		return log_skip(g, r, "no type or no operation: not KubeArmor's", e);
	if (!find_time(g, r, ev))
		return log_skip(g, r, READ_NO_TIME, e);
	judge(r, ev);
	find_place(&g->mem, r, ev);
	find_process(r, ev);
	ev->message = sentence(&g->mem, r);
	ev->tags = tags_of(&g->mem, r);
	log_origin(g, r, K_RAW, ev);
	return g->sink->put(g->sink, &rec, e);
}

static const struct read_scope scopes[] = {
	{ "", event_fields, K_COUNT, on_event, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct log g = { .sink = out, .scope = scopes, .nscope = LENGTH(scopes),
		         .mem = ARENA_INIT, .at = o->at };
	return log_read(&g, src, "kubearmor", e);
}

static int sniff(const struct peek *p)
{
	const char *head = peek_head(p);
	if (peek_has(p, "Operation") && peek_has(p, "Type") && peek_has(p, "HostName")
	    && peek_has(p, "Resource") && peek_has(p, "Result"))
		return 95;
	return strstr(head, "\"HostPPID\"") != NULL && strstr(head, "\"Operation\"") != NULL
	               ? 60 : 0; /* other lines come first */
}

const struct importer importer_kubearmor = {
	.id = "kubearmor",
	.title = "KubeArmor's alerts and logs in JSON",
	.spec = "https://docs.kubearmor.io/kubearmor/documentation/kubearmor-events",
	.sniff = sniff,
	.run = run,
};
