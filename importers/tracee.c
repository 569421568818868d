/* SPDX-License-Identifier: MIT */
/* tracee.c - events and signatures of Tracee, in both of its layouts. Spec: .spec below. */
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/log.h"

/* Up to 0.13 the names stand on top, from 0.15 on in objects; members of one thing follow another.
 */
enum {
	T_RAW, T_TIME, T_NAME, T_ID, T_PROCESS, T_EXECUTABLE, T_USER, T_HOST, T_POLICIES,
	T_CONTAINER_ID, T_CONTAINER_ID_TOO, T_CONTAINER, T_CONTAINER_TOO, T_IMAGE, T_IMAGE_TOO,
	T_IMAGE_DIGEST, T_POD, T_POD_TOO, T_NAMESPACE, T_NAMESPACE_TOO, T_POD_UID, T_POD_UID_TOO,
	T_SEVERITY, T_DESCRIPTION, T_SIGNATURE, T_CATEGORY, T_TECHNIQUE, T_COUNT
};
static const struct read_field event_fields[T_COUNT] = {
	[T_RAW] = { "", READ_RAW },
	[T_TIME] = { "timestamp" },
	[T_NAME] = { "eventName" },
	[T_ID] = { "eventId" },
	[T_PROCESS] = { "processName" },
	[T_EXECUTABLE] = { "executable.path" },
	[T_USER] = { "userId" },
	[T_HOST] = { "hostName" },
	[T_POLICIES] = { "matchedPolicies", READ_LIST },
	[T_CONTAINER_ID] = { "containerId" },
	[T_CONTAINER_ID_TOO] = { "container.id" },
	[T_CONTAINER] = { "containerName" },
	[T_CONTAINER_TOO] = { "container.name" },
	[T_IMAGE] = { "containerImage" },
	[T_IMAGE_TOO] = { "container.image" },
	[T_IMAGE_DIGEST] = { "container.imageDigest" },
	[T_POD] = { "podName" },
	[T_POD_TOO] = { "kubernetes.podName" },
	[T_NAMESPACE] = { "podNamespace" },
	[T_NAMESPACE_TOO] = { "kubernetes.podNamespace" },
	[T_POD_UID] = { "podUID" },
	[T_POD_UID_TOO] = { "kubernetes.podUID" },
	[T_SEVERITY] = { "metadata.Properties.Severity" },
	[T_DESCRIPTION] = { "metadata.Description" },
	[T_SIGNATURE] = { "metadata.Properties.signatureID" },
	[T_CATEGORY] = { "metadata.Properties.Category" },
	[T_TECHNIQUE] = { "metadata.Properties.Technique" },
};

enum { A_NAME, A_VALUE, A_LIST, A_COUNT };
static const struct read_field argument_fields[A_COUNT] = {
	[A_NAME] = { "name" },
	[A_VALUE] = { "value" },
	[A_LIST] = { "value", READ_LIST },
};

/* The arguments that say what an event was about. */
enum argument { ARG_FILE, ARG_FROM, ARG_FROM_PORT, ARG_TO, ARG_TO_PORT, ARG_COMMAND, ARG_COUNT };
static const char *const arguments[ARG_COUNT] = {
	"pathname", "src", "src_port", "dst", "dst_port", "argv",
};
struct found {
	const char *argument[ARG_COUNT]; /* of the event at hand, in the log's mem */
};

static const char *either(const struct read_record *r, size_t i)
{
	const char *s = read_text(r, i);
	return s != NULL ? s : read_text(r, i + 1);
}

/*
 * Nanoseconds since 1970; the first versions wrote seconds with a fraction, or counted from the
 * start of the machine, which is no time at all.
 */
static bool find_time(const struct read_record *r, struct rec_event *ev)
{
	static const int64_t year_2000_ns = INT64_C(946684800) * NS_PER_S;
	const char *text = read_text(r, T_TIME);
	if (text == NULL)
		return false;
	if (str_int64(text, year_2000_ns, INT64_MAX, &ev->ts_ns))
		return true;
	return kube_epoch_ns(text, &ev->ts_ns) && ev->ts_ns >= year_2000_ns;
}

/* Signatures have ids of their own, from 6000 on, and newer versions describe them. */
static bool is_signature(const struct read_record *r)
{
	int64_t id;
	return read_text(r, T_SIGNATURE) != NULL || read_text(r, T_SEVERITY) != NULL
	       || (read_int(r, T_ID, 0, INT32_MAX, &id) && id >= 6000 && id < 7000);
}

static bool is_network(const char *name)
{
	static const char *const calls[] = { "connect", "accept", "accept4", "bind", "listen" };
	return str_prefix(name, "net_") || str_prefix(name, "security_socket_")
	       || str_index(calls, LENGTH(calls), name) >= 0;
}

static void find_kind(const struct read_record *r, struct rec_event *ev)
{
	static const enum priority of_severity[] = { PRIO_INFO, PRIO_NOTICE, PRIO_WARNING,
		                                     PRIO_CRITICAL };
	int64_t severity;
	ev->rule = read_text(r, T_NAME);
	ev->priority_raw = read_text(r, T_SEVERITY);
	ev->priority = PRIO_INFO;
	ev->kind = is_network(ev->rule) ? EVENT_NETWORK : EVENT_PROCESS;
	if (!is_signature(r))
		return;
	ev->kind = EVENT_ALERT;
	ev->priority = PRIO_WARNING;
	if (read_int(r, T_SEVERITY, 0, (int64_t)LENGTH(of_severity) - 1, &severity))
		ev->priority = of_severity[severity];
}

static void find_container(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	const char *digest = read_text(r, T_IMAGE_DIGEST);
	struct kube_workload w;
	ev->container_id = kube_container(either(r, T_CONTAINER_ID));
	ev->container = either(r, T_CONTAINER);
	ev->image = either(r, T_IMAGE);
	ev->image_digest = kube_is_digest(digest) ? digest : kube_manifest_digest(digest);
	ev->pod = either(r, T_POD);
	ev->namespace = either(r, T_NAMESPACE);
	ev->pod_uid = either(r, T_POD_UID);
	w = kube_workload(mem, "Pod", ev->pod);
	ev->workload_kind = w.kind;
	ev->workload = w.name;
}

static const char *sentence(struct arena *mem, const struct read_record *r,
                            const struct rec_event *ev)
{
	const char *what = ev->file != NULL ? ev->file : ev->peer;
	if (read_text(r, T_DESCRIPTION) != NULL)
		return read_text(r, T_DESCRIPTION);
	return what == NULL
	               ? arena_printf(mem, "%s: %s", read_text(r, T_PROCESS), ev->rule)
	               : arena_printf(mem, "%s: %s %s", read_text(r, T_PROCESS), ev->rule, what);
}

static void find_object(struct arena *mem, const struct found *f, struct rec_event *ev)
{
#define ARG(i) (f->argument[i] != NULL ? f->argument[i] : "")
	ev->file = str_empty(f->argument[ARG_FILE]) ? NULL : f->argument[ARG_FILE];
	ev->cmdline = f->argument[ARG_COMMAND];
	if (f->argument[ARG_FROM] != NULL && f->argument[ARG_TO] != NULL)
		ev->peer = arena_printf(mem, "%s:%s->%s:%s", ARG(ARG_FROM), ARG(ARG_FROM_PORT),
		                        ARG(ARG_TO), ARG(ARG_TO_PORT));
#undef ARG
}

static const char *tags_of(struct arena *mem, const struct read_record *r)
{
	const char *all = NULL, *item = NULL;
	while ((item = read_item(r, T_POLICIES, item)) != NULL) {
		if (*item != '\0')
			all = all == NULL ? item : arena_printf(mem, "%s, %s", all, item);
	}
	for (size_t i = T_CATEGORY; i <= T_TECHNIQUE; i++) {
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

static bool on_argument(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct log *g = ctx;
	struct found *f = g->own;
	int i = str_index(arguments, LENGTH(arguments), read_text(r, A_NAME));
	struct buf text = BUF_INIT;
	if (i < 0)
		return true;
	read_join(r, A_LIST, " ", &text);
	if (text.len > 0)
		f->argument[i] = arena_dup(&g->mem, text.s);
	buf_release(&text);
	return true;
}

/* Values of the environment. */
static const char *const hidden[] = { "envp", "env" };

/* Only now, for the arguments come after the event that they belong to. */
static bool end_event(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };
	struct rec_event *ev = &rec.u.event;
	if (read_text(r, T_NAME) == NULL || r->value[T_PROCESS].type != READ_STRING)
		return log_skip(g, r, "no eventName or processName: not a Tracee event", e);
	if (!find_time(r, ev))
		return log_skip(g, r, "no time since 1970", e);
	find_kind(r, ev);
	find_object(&g->mem, g->own, ev);
	find_container(&g->mem, r, ev);
	ev->action = "detected";
	ev->message = sentence(&g->mem, r, ev);
	ev->node = read_text(r, T_HOST);
	ev->user = read_text(r, T_USER);
	ev->process = read_text(r, read_text(r, T_EXECUTABLE) != NULL ? T_EXECUTABLE : T_PROCESS);
	ev->tags = tags_of(&g->mem, r);
	log_origin(g, r, T_RAW, ev);
	log_hide(g, ev, hidden, LENGTH(hidden));
	return g->sink->put(g->sink, &rec, e);
}

static const struct read_scope scopes[] = {
	{ "", event_fields, T_COUNT, on_event, end_event },
	{ "args[]", argument_fields, A_COUNT, on_argument, NULL },
};

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct found f = { { NULL } };
	struct log g = { .sink = out, .scope = scopes, .nscope = LENGTH(scopes), .own = &f };
	return log_read(&g, src, "tracee", e);
}

static int sniff(const struct peek *p)
{
	const char *head = peek_head(p);
	if (peek_has(p, "eventName") && peek_has(p, "eventId") && peek_has(p, "processName"))
		return 95;
	return strstr(head, "\"eventName\"") != NULL && strstr(head, "\"hostProcessId\"") != NULL
	       ? 80 : 0; /* behind a prefix, or after other lines */
}

const struct importer importer_tracee = {
	.id = "tracee",
	.title = "Tracee events (JSON)",
	.spec = "https://aquasecurity.github.io/tracee/latest/docs/outputs/output-formats/",
	.sniff = sniff,
	.run = run,
};
