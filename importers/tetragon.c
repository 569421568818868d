/* SPDX-License-Identifier: MIT */
/* tetragon.c - what Tetragon saw processes do, and what it stopped. Spec: .spec below. */
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/log.h"

enum { T_RAW, T_TIME, T_NODE, T_CLUSTER, T_COUNT };
static const struct read_field top_fields[T_COUNT] = {
	[T_RAW] = { "", READ_RAW },
	[T_TIME] = { "time" },
	[T_NODE] = { "node_name" },
	[T_CLUSTER] = { "cluster_name" },
};

/* Of the one member that is the event. */
enum {
	E_START, E_BINARY, E_ARGUMENTS, E_UID, E_USER, E_PARENT, E_NAMESPACE, E_POD, E_WORKLOAD,
	E_WORKLOAD_KIND, E_CONTAINER_ID, E_DOCKER, E_CONTAINER, E_IMAGE_ID, E_IMAGE, E_POLICY,
	E_FUNCTION, E_SYMBOL, E_SUBSYSTEM, E_TRACEPOINT, E_ACTION, E_MESSAGE, E_TAGS, E_SIGNAL,
	E_FILES, E_PATHS, E_BINPRM, E_FROM, E_FROM_PORT, E_TO, E_TO_PORT, E_PACKET_FROM,
	E_PACKET_FROM_PORT, E_PACKET_TO, E_PACKET_TO_PORT, E_ADDRESS, E_ADDRESS_PORT, E_SOURCE,
	E_SOURCE_PORT, E_TARGET, E_TARGET_PORT, E_LISTEN, E_LISTEN_PORT, E_THROTTLE, E_CGROUP,
	E_DROPPED, E_COUNT
};
static const struct read_field event_fields[E_COUNT] = {
	[E_START] = { "process.start_time" },
	[E_BINARY] = { "process.binary" },
	[E_ARGUMENTS] = { "process.arguments" },
	[E_UID] = { "process.uid" },
	[E_USER] = { "process.user.name" },
	[E_PARENT] = { "parent.binary" },
	[E_NAMESPACE] = { "process.pod.namespace" },
	[E_POD] = { "process.pod.name" },
	[E_WORKLOAD] = { "process.pod.workload" },
	[E_WORKLOAD_KIND] = { "process.pod.workload_kind" },
	[E_CONTAINER_ID] = { "process.pod.container.id" },
	[E_DOCKER] = { "process.docker" }, /* the id's first 31 digits; there without a pod too */
	[E_CONTAINER] = { "process.pod.container.name" },
	[E_IMAGE_ID] = { "process.pod.container.image.id" },
	[E_IMAGE] = { "process.pod.container.image.name" },
	[E_POLICY] = { "policy_name" },
	[E_FUNCTION] = { "function_name" },
	[E_SYMBOL] = { "symbol" },
	[E_SUBSYSTEM] = { "subsys" },
	[E_TRACEPOINT] = { "event" },
	[E_ACTION] = { "action" },
	[E_MESSAGE] = { "message" },
	[E_TAGS] = { "tags", READ_LIST },
	[E_SIGNAL] = { "signal" },
	[E_FILES] = { "args[].file_arg.path" },
	[E_PATHS] = { "args[].path_arg.path" },
	[E_BINPRM] = { "args[].linux_binprm_arg.path" },
	[E_FROM] = { "args[].sock_arg.saddr" },
	[E_FROM_PORT] = { "args[].sock_arg.sport" },
	[E_TO] = { "args[].sock_arg.daddr" },
	[E_TO_PORT] = { "args[].sock_arg.dport" },
	[E_PACKET_FROM] = { "args[].skb_arg.saddr" },
	[E_PACKET_FROM_PORT] = { "args[].skb_arg.sport" },
	[E_PACKET_TO] = { "args[].skb_arg.daddr" },
	[E_PACKET_TO_PORT] = { "args[].skb_arg.dport" },
	[E_ADDRESS] = { "args[].sockaddr_arg.addr" },
	[E_ADDRESS_PORT] = { "args[].sockaddr_arg.port" },
	[E_SOURCE] = { "source_ip" }, /* to E_LISTEN_PORT: the enterprise edition's connections */
	[E_SOURCE_PORT] = { "source_port" },
	[E_TARGET] = { "destination_ip" },
	[E_TARGET_PORT] = { "destination_port" },
	[E_LISTEN] = { "ip" },
	[E_LISTEN_PORT] = { "port" },
	[E_THROTTLE] = { "type" }, /* this and the rest: what Tetragon says of itself */
	[E_CGROUP] = { "cgroup" },
	[E_DROPPED] = { "number_of_dropped_process_events" },
};

/* The member that holds the event; those of a policy are alerts, for somebody asked for them. */
static const struct member {
	const char     *key;
	enum event_kind kind;
	enum priority   priority;
	const char     *verb; /* for a message of our own */
} members[] = {
	{ "process_exec", EVENT_PROCESS, PRIO_INFO, "started" },
	{ "process_exit", EVENT_PROCESS, PRIO_DEBUG, "ended" },
	{ "process_kprobe", EVENT_ALERT, PRIO_NOTICE, "called" },
	{ "process_tracepoint", EVENT_ALERT, PRIO_NOTICE, "reached" },
	{ "process_uprobe", EVENT_ALERT, PRIO_NOTICE, "called" },
	{ "process_usdt", EVENT_ALERT, PRIO_NOTICE, "reached" },
	{ "process_lsm", EVENT_ALERT, PRIO_NOTICE, "asked for" },
	{ "process_loader", EVENT_PROCESS, PRIO_DEBUG, "loaded" },
	{ "process_connect", EVENT_NETWORK, PRIO_INFO, "connected" },
	{ "process_accept", EVENT_NETWORK, PRIO_INFO, "was connected to" },
	{ "process_listen", EVENT_NETWORK, PRIO_INFO, "listened" },
	{ "process_close", EVENT_NETWORK, PRIO_DEBUG, "closed a connection" },
	{ "process_sockstats", EVENT_NETWORK, PRIO_DEBUG, "moved data" },
	{ "process_dns", EVENT_NETWORK, PRIO_INFO, "asked for a name" },
	{ "process_http", EVENT_NETWORK, PRIO_INFO, "spoke HTTP" },
	{ "process_tls", EVENT_NETWORK, PRIO_INFO, "spoke TLS" },
	{ "process_throttle", EVENT_HEALTH, PRIO_NOTICE, "was throttled" },
	{ "rate_limit_info", EVENT_HEALTH, PRIO_WARNING, "events were dropped" },
};

/* What was written or read, in base64. */
static const char *const contents[] = { "bytes_arg", "truncated_bytes_arg" };

static const struct member *member_of(const char *key)
{
	for (size_t i = 0; i < LENGTH(members); i++) {
		if (str_eq(members[i].key, key))
			return &members[i];
	}
	return NULL;
}

static bool find_time(const struct read_record *r, struct rec_event *ev)
{
	const char *time = read_text(r->up, T_TIME), *start = read_text(r, E_START);
	if (time != NULL && time_parse_ns(time, &ev->ts_ns))
		return true;
	ev->ts_inferred = true; /* early versions: when the process began */
	return start != NULL && time_parse_ns(start, &ev->ts_ns);
}

static void find_workload(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	const char *workload = read_text(r, E_WORKLOAD), *kind = read_text(r, E_WORKLOAD_KIND);
	const char *full = read_text(r, E_CONTAINER_ID);
	struct kube_workload w = kube_workload(mem, "Pod", read_text(r, E_POD));
	if (workload != NULL && kind != NULL)
		w = kube_workload(mem, kind, workload);
	ev->namespace = read_text(r, E_NAMESPACE);
	ev->pod = read_text(r, E_POD);
	ev->workload_kind = w.kind;
	ev->workload = w.name;
	ev->container_id = kube_container(full != NULL ? full : read_text(r, E_DOCKER));
	ev->container = read_text(r, E_CONTAINER);
	const char *id = read_text(r, E_IMAGE_ID);
	ev->image = read_text(r, E_IMAGE);
	ev->image_digest = kube_manifest_digest(id);
	if (ev->image_digest == NULL)
		ev->image_digest = kube_config_digest(mem, id);
	else if (kube_is_digest(ev->image)) /* the runtime knows the image by its digest alone */
		ev->image = kube_without_scheme(id);
}

static void find_process(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	const char *arguments = read_text(r, E_ARGUMENTS), *binary = read_text(r, E_BINARY);
	ev->process = binary;
	ev->cmdline = binary == NULL || arguments == NULL ? binary
	              : arena_printf(mem, "%s %s", binary, arguments);
	ev->parent = read_text(r, E_PARENT);
	ev->user = read_text(r, read_text(r, E_USER) != NULL ? E_USER : E_UID);
}

static const char *connection(struct arena *mem, const char *from, const char *from_port,
                              const char *to, const char *to_port)
{
	if (to == NULL)
		return from;
	return arena_printf(mem, "%s:%s->%s:%s", from != NULL ? from : "",
	                    from_port != NULL ? from_port : "", to, to_port != NULL ? to_port : "");
}

static void find_object(struct arena *mem, const struct read_record *r, struct rec_event *ev)
{
	static const size_t paths[] = { E_FILES, E_PATHS, E_BINPRM };
	for (size_t i = 0; ev->file == NULL && i < LENGTH(paths); i++)
		ev->file = read_item(r, paths[i], NULL);
	const char *port = read_item(r, E_ADDRESS_PORT, NULL);
	for (size_t i = E_FROM; ev->peer == NULL && i <= E_PACKET_FROM; i += 4) {
		if (read_item(r, i + 2, NULL) != NULL)
			ev->peer = connection(mem, read_item(r, i, NULL),
			                      read_item(r, i + 1, NULL),
			                      read_item(r, i + 2, NULL),
			                      read_item(r, i + 3, NULL));
	}
	if (ev->peer == NULL && read_item(r, E_ADDRESS, NULL) != NULL)
		ev->peer = arena_printf(mem, port == NULL ? "->%s" : "->%s:%s",
		                        read_item(r, E_ADDRESS, NULL), port);
	if (ev->peer == NULL)
		ev->peer = connection(mem, read_text(r, E_SOURCE), read_text(r, E_SOURCE_PORT),
		                      read_text(r, E_TARGET), read_text(r, E_TARGET_PORT));
	if (ev->peer == NULL && read_text(r, E_LISTEN) != NULL)
		ev->peer = read_text(r, E_LISTEN_PORT) == NULL
		                   ? read_text(r, E_LISTEN)
		                   : arena_printf(mem, "%s:%s", read_text(r, E_LISTEN),
		                                  read_text(r, E_LISTEN_PORT));
}

static const char *rule_of(struct arena *mem, const struct read_record *r)
{
	const char *subsystem = read_text(r, E_SUBSYSTEM), *tracepoint = read_text(r, E_TRACEPOINT);
	if (read_text(r, E_POLICY) != NULL)
		return read_text(r, E_POLICY);
	if (read_text(r, E_FUNCTION) != NULL)
		return read_text(r, E_FUNCTION);
	if (subsystem != NULL && tracepoint != NULL)
		return arena_printf(mem, "%s/%s", subsystem, tracepoint);
	return read_text(r, E_SYMBOL);
}

/* What the policy did about it; what was stopped ranks above what was seen. */
static void find_action(const struct read_record *r, struct rec_event *ev)
{
	const char *word = read_text(r, E_ACTION);
	ev->priority_raw = word;
	ev->action = "detected";
	if (word == NULL)
		return;
	if (str_suffix(word, "_SIGKILL") || str_suffix(word, "_SIGNAL"))
		ev->action = "killed";
	else if (str_suffix(word, "_OVERRIDE") || strstr(word, "_NOTIFYENFORCER") != NULL
	         || strstr(word, "_NOTIFYKILLER") != NULL)
		ev->action = "blocked";
	else
		return;
	ev->priority = PRIO_ERROR;
}

/* Events that are of no process: how many were lost, and which group's are held back. */
static const char *health(struct arena *mem, const struct read_record *r, const struct member *m)
{
	const char *n = read_text(r, E_DROPPED), *group = read_text(r, E_CGROUP);
	if (n != NULL)
		return arena_printf(mem, "%s %s", n, m->verb);
	if (str_eq(read_text(r, E_THROTTLE), "THROTTLE_STOP"))
		return arena_printf(mem, "%s is no longer throttled",
		                    group == NULL ? "a group of processes" : group);
	return group == NULL ? m->verb : arena_printf(mem, "%s %s", group, m->verb);
}

static const char *sentence(struct arena *mem, const struct read_record *r,
                            const struct member *m, const struct rec_event *ev)
{
	const char *message = read_text(r, E_MESSAGE), *function = read_text(r, E_FUNCTION);
	const char *what = ev->file != NULL ? ev->file : ev->peer;
	if (message != NULL)
		return message;
	if (m->kind == EVENT_HEALTH)
		return health(mem, r, m);
	if (function == NULL)
		function = m->kind == EVENT_ALERT ? ev->rule : read_text(r, E_SIGNAL);
	message = ev->cmdline == NULL ? m->verb : arena_printf(mem, "%s %s", ev->cmdline, m->verb);
	if (function != NULL)
		message = arena_printf(mem, "%s %s", message, function);
	return what == NULL ? message : arena_printf(mem, "%s (%s)", message, what);
}

static bool on_event(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	bool *any = g->own;
	const struct member *m = member_of(r->key);
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };
	struct rec_event *ev = &rec.u.event;
	struct buf tags = BUF_INIT;
	if (m == NULL)
		return true;
	*any = true;
	arena_reset(&g->mem);
	if (!find_time(r, ev) && !log_time(g, ev))
		return log_skip(g, r->up, READ_NO_TIME, e);
	ev->kind = m->kind;
	ev->priority = m->priority;
	ev->rule = rule_of(&g->mem, r);
	ev->node = read_text(r->up, T_NODE);
	ev->cluster = read_text(r->up, T_CLUSTER);
	find_action(r, ev);
	find_workload(&g->mem, r, ev);
	find_process(&g->mem, r, ev);
	find_object(&g->mem, r, ev);
	ev->message = sentence(&g->mem, r, m, ev);
	read_join(r, E_TAGS, ", ", &tags);
	ev->tags = tags.len > 0 ? tags.s : NULL;
	log_origin(g, r->up, T_RAW, ev);
	log_hide(g, ev, contents, LENGTH(contents));
	bool ok = g->sink->put(g->sink, &rec, e);
	buf_release(&tags);
	return ok;
}

static bool on_top(void *ctx, const struct read_record *r UNUSED, struct err *e UNUSED)
{
	struct log *g = ctx;
	bool *any = g->own;
	*any = false;
	return true;
}

static bool end_top(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	const bool *any = g->own;
	return *any || log_skip(g, r, "not a Tetragon event", e);
}

static const struct read_scope scopes[] = {
	{ "", top_fields, T_COUNT, on_top, end_top },
	{ "{}", event_fields, E_COUNT, on_event, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	bool any = false;
	struct log g = { .sink = out, .scope = scopes, .nscope = LENGTH(scopes), .own = &any,
		         .at = o->at };
	return log_read(&g, src, "tetragon", e);
}

static int sniff(const struct peek *p)
{
	const char *head = peek_head(p);
	struct arena mem = ARENA_INIT;
	int sure = 0;
	for (size_t i = 0; sure == 0 && i < LENGTH(members); i++) {
		if (peek_has(p, arena_printf(&mem, "%s.process", members[i].key)))
			sure = 95;
		else if (peek_has(p, members[i].key) && peek_has(p, "node_name"))
			sure = 90; /* events that were lost are of no process */
		else if (strstr(head, arena_printf(&mem, "{\"%s\":{\"process\":", members[i].key))
		         != NULL)
			sure = 80; /* behind a prefix */
	}
	arena_release(&mem);
	return sure;
}

const struct importer importer_tetragon = {
	.id = "tetragon",
	.title = "Tetragon events (JSON)",
	.spec = "https://tetragon.io/docs/concepts/events/",
	.sniff = sniff,
	.run = run,
};
