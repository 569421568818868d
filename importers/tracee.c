/* SPDX-License-Identifier: MIT */
/* tracee.c - events and signatures of Tracee, in all its layouts. Spec: .spec below. */
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/log.h"

/*
 * Up to 0.13 the names stand on top, from 0.15 on in objects, and from 0.24 on all is new: "name",
 * "workload", "data", "threat", in snake_case or camelCase, and at first with numbers wrapped in
 * objects. Members of one thing follow another.
 */
enum {
	T_RAW, T_TIME, T_SECONDS, T_NANOS, T_NAME, T_NAME_NEW, T_ID, T_PROCESS, T_PROCESS_NEW,
	T_EXECUTABLE, T_EXECUTABLE_NEW, T_USER, T_USER_NEW, T_USER_VALUE, T_USER_CAMEL, T_HOST,
	T_POLICIES, T_POLICIES_NEW,
	T_CONTAINER_ID, T_CONTAINER_ID_TOO, T_CONTAINER_ID_NEW, T_CONTAINER, T_CONTAINER_TOO,
	T_CONTAINER_NEW, T_IMAGE, T_IMAGE_TOO, T_IMAGE_NEW, T_IMAGE_DIGEST, T_IMAGE_ID,
	T_REPO_DIGESTS, T_REPO_DIGESTS_CAMEL, T_POD, T_POD_TOO, T_POD_NEW, T_POD_NEW_TOO,
	T_NAMESPACE, T_NAMESPACE_TOO, T_NAMESPACE_NEW, T_NAMESPACE_NEW_TOO, T_POD_UID,
	T_POD_UID_TOO, T_POD_UID_NEW, T_POD_UID_NEW_TOO, T_SEVERITY, T_THREAT_SEVERITY,
	T_DESCRIPTION, T_THREAT_DESCRIPTION, T_THREAT_NAME, T_SIGNATURE, T_CATEGORY, T_TACTIC,
	T_TECHNIQUE, T_TECHNIQUE_NEW, T_RULE_NAME, T_RULE_TEXT, T_RULE_SEVERITY, T_RULE_EVENT,
	T_COUNT
};
static const struct read_field event_fields[T_COUNT] = {
	[T_RAW] = { "", READ_RAW },
	[T_TIME] = { "timestamp" },
	[T_SECONDS] = { "timestamp.seconds" },
	[T_NANOS] = { "timestamp.nanos" },
	[T_NAME] = { "eventName" },
	[T_NAME_NEW] = { "name" },
	[T_ID] = { "eventId" },
	[T_PROCESS] = { "processName" },
	[T_PROCESS_NEW] = { "workload.process.thread.name" },
	[T_EXECUTABLE] = { "executable.path" },
	[T_EXECUTABLE_NEW] = { "workload.process.executable.path" },
	[T_USER] = { "userId" },
	[T_USER_NEW] = { "workload.process.real_user.id" },
	[T_USER_VALUE] = { "workload.process.real_user.id.value" },
	[T_USER_CAMEL] = { "workload.process.realUser.id" },
	[T_HOST] = { "hostName" },
	[T_POLICIES] = { "matchedPolicies", READ_LIST },
	[T_POLICIES_NEW] = { "policies.matched", READ_LIST },
	[T_CONTAINER_ID] = { "containerId" },
	[T_CONTAINER_ID_TOO] = { "container.id" },
	[T_CONTAINER_ID_NEW] = { "workload.container.id" },
	[T_CONTAINER] = { "containerName" },
	[T_CONTAINER_TOO] = { "container.name" },
	[T_CONTAINER_NEW] = { "workload.container.name" },
	[T_IMAGE] = { "containerImage" },
	[T_IMAGE_TOO] = { "container.image" },
	[T_IMAGE_NEW] = { "workload.container.image.name" },
	[T_IMAGE_DIGEST] = { "container.imageDigest" },
	[T_IMAGE_ID] = { "workload.container.image.id" },
	[T_REPO_DIGESTS] = { "workload.container.image.repo_digests", READ_LIST },
	[T_REPO_DIGESTS_CAMEL] = { "workload.container.image.repoDigests", READ_LIST },
	[T_POD] = { "podName" },
	[T_POD_TOO] = { "kubernetes.podName" },
	[T_POD_NEW] = { "workload.k8s.pod.name" },
	[T_POD_NEW_TOO] = { "workload.pod.name" },
	[T_NAMESPACE] = { "podNamespace" },
	[T_NAMESPACE_TOO] = { "kubernetes.podNamespace" },
	[T_NAMESPACE_NEW] = { "workload.k8s.namespace.name" },
	[T_NAMESPACE_NEW_TOO] = { "workload.pod.namespace" },
	[T_POD_UID] = { "podUID" },
	[T_POD_UID_TOO] = { "kubernetes.podUID" },
	[T_POD_UID_NEW] = { "workload.k8s.pod.uid" },
	[T_POD_UID_NEW_TOO] = { "workload.pod.uid" },
	[T_SEVERITY] = { "metadata.Properties.Severity" },
	[T_THREAT_SEVERITY] = { "threat.severity" },
	[T_DESCRIPTION] = { "metadata.Description" },
	[T_THREAT_DESCRIPTION] = { "threat.description" },
	[T_THREAT_NAME] = { "threat.name" },
	[T_SIGNATURE] = { "metadata.Properties.signatureID" },
	[T_CATEGORY] = { "metadata.Properties.Category" },
	[T_TACTIC] = { "threat.mitre.tactic.name" },
	[T_TECHNIQUE] = { "metadata.Properties.Technique" },
	[T_TECHNIQUE_NEW] = { "threat.mitre.technique.name" },
	[T_RULE_NAME] = { "SigMetadata.Name" }, /* this and the rest: around an event, of old */
	[T_RULE_TEXT] = { "SigMetadata.Description" },
	[T_RULE_SEVERITY] = { "SigMetadata.Properties.Severity" },
	[T_RULE_EVENT] = { "Context.eventName" },
};

enum {
	A_NAME, A_VALUE, A_TEXT, A_TEXTS, A_FROM, A_FROM_PORT, A_TO, A_TO_PORT, A_ADDRESS,
	A_ADDRESS_PORT, A_ADDRESS6, A_ADDRESS6_PORT, A_COUNT
};
static const struct read_field argument_fields[A_COUNT] = {
	[A_NAME] = { "name" },
	[A_VALUE] = { "value", READ_LIST },
	[A_TEXT] = { "str", READ_LIST }, /* this and the next: of the first new versions */
	[A_TEXTS] = { "str_array.value", READ_LIST },
	[A_FROM] = { "value.src_ip" }, /* of a packet */
	[A_FROM_PORT] = { "value.src_port" },
	[A_TO] = { "value.dst_ip" },
	[A_TO_PORT] = { "value.dst_port" },
	[A_ADDRESS] = { "value.sin_addr" }, /* of a socket */
	[A_ADDRESS_PORT] = { "value.sin_port" },
	[A_ADDRESS6] = { "value.sin6_addr" },
	[A_ADDRESS6_PORT] = { "value.sin6_port" },
};

/* The arguments that say what an event was about. */
enum argument { ARG_FILE, ARG_FROM, ARG_FROM_PORT, ARG_TO, ARG_TO_PORT, ARG_COMMAND, ARG_COUNT };
static const char *const arguments[ARG_COUNT] = {
	"pathname", "src", "src_port", "dst", "dst_port", "argv",
};
struct found {
	const char *argument[ARG_COUNT]; /* of the event at hand, in the log's mem */
};

/* The first of the members `from` to `to` that is there. */
static const char *first(const struct read_record *r, size_t from, size_t to)
{
	const char *s = NULL;
	for (size_t i = from; s == NULL && i <= to; i++)
		s = read_text(r, i);
	return s;
}

/*
 * Nanoseconds since 1970; the first versions wrote seconds with a fraction, or counted from the
 * start of the machine, which is no time at all. The newest write it out.
 */
static bool find_time(const struct read_record *r, struct rec_event *ev)
{
	static const int64_t year_2000_ns = INT64_C(946684800) * NS_PER_S;
	const char *text = read_text(r, T_TIME);
	int64_t nanos = 0;
	if (text == NULL) {
		read_int(r, T_NANOS, 0, NS_PER_S - 1, &nanos);
		if (!read_int(r, T_SECONDS, 1, INT64_MAX / NS_PER_S - 1, &ev->ts_ns))
			return false;
		ev->ts_ns = ev->ts_ns * NS_PER_S + nanos;
		return true;
	}
	if (str_int64(text, year_2000_ns, INT64_MAX, &ev->ts_ns) || time_parse_ns(text, &ev->ts_ns))
		return true;
	return kube_epoch_ns(text, &ev->ts_ns) && ev->ts_ns >= year_2000_ns;
}

/* Signatures have ids of their own, from 6000 on, and newer versions describe them. */
static bool is_signature(const struct read_record *r)
{
	int64_t id;
	return read_text(r, T_SIGNATURE) != NULL || first(r, T_SEVERITY, T_THREAT_NAME) != NULL
	       || (read_int(r, T_ID, 0, INT32_MAX, &id) && id >= 6000 && id < 7000);
}

static bool is_network(const char *name)
{
	static const char *const calls[] = { "connect", "accept", "accept4", "bind", "listen" };
	return str_prefix(name, "net_") || str_prefix(name, "security_socket_")
	       || str_index(calls, LENGTH(calls), name) >= 0;
}

static const enum priority of_severity[] = { PRIO_INFO, PRIO_NOTICE, PRIO_WARNING, PRIO_CRITICAL };

/* A threat's severity is a number from 0 on, or its name in the interface's definition. */
static enum priority priority_of(const struct read_record *r)
{
	static const char *const names[] = { "INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL" };
	static const enum priority of_threat[LENGTH(names)] = {
		PRIO_INFO, PRIO_NOTICE, PRIO_WARNING, PRIO_ERROR, PRIO_CRITICAL,
	};
	int64_t n;
	if (read_int(r, T_SEVERITY, 0, (int64_t)LENGTH(of_severity) - 1, &n))
		return of_severity[n];
	if (read_int(r, T_THREAT_SEVERITY, 0, (int64_t)LENGTH(of_threat) - 1, &n))
		return of_threat[n];
	int i = str_index(names, LENGTH(names), read_text(r, T_THREAT_SEVERITY));
	return i >= 0 ? of_threat[i] : PRIO_WARNING;
}

static void find_kind(const struct read_record *r, struct rec_event *ev)
{
	ev->rule = first(r, T_NAME, T_NAME_NEW);
	ev->priority_raw = first(r, T_SEVERITY, T_THREAT_SEVERITY);
	ev->priority = PRIO_INFO;
	ev->kind = is_network(ev->rule) ? EVENT_NETWORK : EVENT_PROCESS;
	if (!is_signature(r))
		return;
	ev->kind = EVENT_ALERT;
	ev->priority = priority_of(r);
}

/* tracee-rules, up to 0.7: a finding around the event that it was found in. */
static void find_finding(const struct read_record *r, struct rec_event *ev)
{
	int64_t n;
	ev->kind = EVENT_ALERT;
	if (read_text(r, T_RULE_NAME) != NULL)
		ev->rule = read_text(r, T_RULE_NAME);
	if (read_text(r, T_RULE_TEXT) != NULL)
		ev->message = read_text(r, T_RULE_TEXT);
	ev->priority_raw = read_text(r, T_RULE_SEVERITY);
	ev->priority = read_int(r, T_RULE_SEVERITY, 0, (int64_t)LENGTH(of_severity) - 1, &n)
	                       ? of_severity[n]
	                       : PRIO_WARNING;
}

/* The manifest's digest where it is said, else that of the configuration. */
static const char *digest_of(struct arena *mem, const struct read_record *r)
{
	const char *old = read_text(r, T_IMAGE_DIGEST), *digest;
	if (old != NULL)
		return kube_is_digest(old) ? old : kube_manifest_digest(old);
	digest = read_item(r, T_REPO_DIGESTS, NULL);
	if (digest == NULL)
		digest = read_item(r, T_REPO_DIGESTS_CAMEL, NULL);
	digest = kube_manifest_digest(digest);
	return digest != NULL ? digest : kube_config_digest(mem, read_text(r, T_IMAGE_ID));
}

static void find_container(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	struct kube_workload w;
	ev->container_id = kube_container(first(r, T_CONTAINER_ID, T_CONTAINER_ID_NEW));
	ev->container = first(r, T_CONTAINER, T_CONTAINER_NEW);
	ev->image = first(r, T_IMAGE, T_IMAGE_NEW);
	ev->image_digest = digest_of(mem, r);
	ev->pod = first(r, T_POD, T_POD_NEW_TOO);
	ev->namespace = first(r, T_NAMESPACE, T_NAMESPACE_NEW_TOO);
	ev->pod_uid = first(r, T_POD_UID, T_POD_UID_NEW_TOO);
	w = kube_workload(mem, "Pod", ev->pod);
	ev->workload_kind = w.kind;
	ev->workload = w.name;
}

static const char *sentence(struct arena *mem, const struct read_record *r,
                            const struct rec_event *ev)
{
	const char *what = ev->file != NULL ? ev->file : ev->peer;
	const char *who = first(r, T_PROCESS, T_EXECUTABLE_NEW);
	const char *told = first(r, T_DESCRIPTION, T_THREAT_NAME);
	if (told != NULL)
		return told;
	if (who == NULL)
		who = "unknown process";
	return what == NULL ? arena_printf(mem, "%s: %s", who, ev->rule)
	                    : arena_printf(mem, "%s: %s %s", who, ev->rule, what);
}

static void find_object(struct arena *mem, const struct found *f, struct rec_event *ev)
{
#define ARG(i) (f->argument[i] != NULL ? f->argument[i] : "")
	ev->file = str_empty(f->argument[ARG_FILE]) ? NULL : f->argument[ARG_FILE];
	ev->cmdline = f->argument[ARG_COMMAND];
	if (f->argument[ARG_TO] != NULL && f->argument[ARG_FROM] == NULL)
		ev->peer = arena_printf(mem, "->%s:%s", ARG(ARG_TO), ARG(ARG_TO_PORT));
	else if (f->argument[ARG_TO] != NULL)
		ev->peer = arena_printf(mem, "%s:%s->%s:%s", ARG(ARG_FROM), ARG(ARG_FROM_PORT),
		                        ARG(ARG_TO), ARG(ARG_TO_PORT));
#undef ARG
}

static const char *tags_of(struct arena *mem, const struct read_record *r)
{
	const char *all = NULL, *item = NULL;
	for (size_t i = T_POLICIES; i <= T_POLICIES_NEW; i++) {
		while ((item = read_item(r, i, item)) != NULL) {
			if (*item != '\0')
				all = all == NULL ? item : arena_printf(mem, "%s, %s", all, item);
		}
	}
	for (size_t i = T_CATEGORY; i <= T_TECHNIQUE_NEW; i++) {
		item = read_text(r, i);
		if (item != NULL)
			all = all == NULL ? item : arena_printf(mem, "%s, %s", all, item);
	}
	return all;
}

static bool on_event(void *ctx, const struct read_record *r UNUSED, struct err *e UNUSED)
{
	struct log *g = ctx;
	struct found *f = g->own;
	arena_reset(&g->mem);
	*f = (struct found){ { NULL } };
	return true;
}

/* The two ends of a packet, or the far one of a socket. */
static void find_ends(struct log *g, const struct read_record *r)
{
	static const struct {
		size_t field;
		enum argument argument;
	} ends[] = {
		{ A_FROM, ARG_FROM },        { A_FROM_PORT, ARG_FROM_PORT },
		{ A_TO, ARG_TO },            { A_TO_PORT, ARG_TO_PORT },
		{ A_ADDRESS, ARG_TO },       { A_ADDRESS_PORT, ARG_TO_PORT },
		{ A_ADDRESS6, ARG_TO },      { A_ADDRESS6_PORT, ARG_TO_PORT },
	};
	struct found *f = g->own;
	for (size_t i = 0; i < LENGTH(ends); i++) {
		const char *s = read_text(r, ends[i].field);
		if (s != NULL)
			f->argument[ends[i].argument] = arena_dup(&g->mem, s);
	}
}

static bool on_argument(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct log *g = ctx;
	struct found *f = g->own;
	int i = str_index(arguments, LENGTH(arguments), read_text(r, A_NAME));
	struct buf text = BUF_INIT;
	find_ends(g, r);
	if (i < 0)
		return true;
	for (size_t k = A_VALUE; k <= A_TEXTS; k++)
		read_join(r, k, " ", &text);
	if (text.len > 0)
		f->argument[i] = arena_dup(&g->mem, text.s);
	buf_release(&text);
	return true;
}

/* Values of the environment. */
static const char *const hidden[] = { "envp", "env" };

/* A new event need not be of a process, but says so in an object. */
static bool is_event(const struct read_record *r)
{
	if (read_text(r, T_NAME) != NULL)
		return r->value[T_PROCESS].type == READ_STRING;
	return read_text(r, T_NAME_NEW) != NULL
	       && (first(r, T_TIME, T_SECONDS) != NULL || is_signature(r));
}

/* Only now, for the arguments come after the event that they belong to. */
static bool end_event(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };
	struct rec_event *ev = &rec.u.event;
	if (r->value[T_RULE_EVENT].type != READ_NONE)
		return true; /* its event was put */
	if (!is_event(r))
		return log_skip(g, r, "no name of an event and of a process: not a Tracee event",
		                e);
	if (!find_time(r, ev) && !log_time(g, ev)) /* or one since the machine started */
		return log_skip(g, r, READ_NO_TIME, e);
	find_kind(r, ev);
	find_object(&g->mem, g->own, ev);
	find_container(&g->mem, r, ev);
	ev->action = "detected";
	ev->message = sentence(&g->mem, r, ev);
	if (r->up != NULL)
		find_finding(r->up, ev);
	ev->node = read_text(r, T_HOST);
	ev->user = first(r, T_USER, T_USER_CAMEL);
	ev->process = first(r, T_EXECUTABLE, T_EXECUTABLE_NEW);
	if (ev->process == NULL)
		ev->process = first(r, T_PROCESS, T_PROCESS_NEW);
	ev->tags = tags_of(&g->mem, r);
	log_origin(g, r->up != NULL ? r->up : r, T_RAW, ev);
	log_hide(g, ev, hidden, LENGTH(hidden));
	return g->sink->put(g->sink, &rec, e);
}

static const struct read_scope scopes[] = {
	{ "", event_fields, T_COUNT, on_event, end_event },
	{ "args[]", argument_fields, A_COUNT, on_argument, NULL },
	{ "data[]", argument_fields, A_COUNT, on_argument, NULL },
	{ "Context", event_fields, T_COUNT, on_event, end_event },
	{ "Context.args[]", argument_fields, A_COUNT, on_argument, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct found f = { { NULL } };
	struct log g = { .sink = out, .scope = scopes, .nscope = LENGTH(scopes), .own = &f,
		         .at = o->at };
	return log_read(&g, src, "tracee", e);
}

static int sniff(const struct peek *p)
{
	const char *head = peek_head(p);
	if (peek_has(p, "eventName") && peek_has(p, "eventId") && peek_has(p, "processName"))
		return 95;
	if (peek_has(p, "SigMetadata.Name") && peek_has(p, "Context.eventName"))
		return 95;
	if (peek_has(p, "name") && peek_has(p, "timestamp")
	    && (peek_has(p, "workload.process") || peek_has(p, "workload.container")))
		return 95;
	if (strstr(head, "\"eventName\"") != NULL && strstr(head, "\"hostProcessId\"") != NULL)
		return 80; /* behind a prefix, or after other lines */
	return strstr(head, "\"workload\":{\"process\":{") != NULL ? 80 : 0;
}

const struct importer importer_tracee = {
	.id = "tracee",
	.title = "Tracee events (JSON)",
	.spec = "https://aquasecurity.github.io/tracee/latest/docs/outputs/output-formats/",
	.sniff = sniff,
	.run = run,
};
