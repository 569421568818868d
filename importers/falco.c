/* SPDX-License-Identifier: MIT */
/* falco.c - alerts of Falco and Falcosidekick: JSON in any shape, text, syslog. Spec: .spec below.
 */
#include <limits.h>
#include <strings.h>

#include "importers/embedded.h"
#include "importers/falco_text.h"
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"
#include "importers/source.h"

/*
 * The keys of output_fields hold dots; a log pipeline may have turned them into nested objects, and
 * the reader takes both. Where tools or versions name one thing differently the members stand one
 * after another.
 */
enum {
	F_RAW, F_RULE, F_PRIORITY, F_TIME, F_OUTPUT, F_MESSAGE, F_SOURCE, F_HOST, F_TAGS,
	F_IN_DATA, F_IN_RESULTS, F_IN_HIT, F_IN_HITS, F_IN_ECS, F_FIELDS,
	F_EVT_TIME, F_EVT_TIME_NS, F_CLUSTER,
	F_CLUSTER_NAME, F_NODE, F_NAMESPACE, F_META_NAMESPACE, F_POD,
	F_META_POD, F_POD_UID, F_META_POD_UID, F_DEPLOYMENT, F_META_DEPLOYMENT, F_CONTAINER_ID,
	F_CONTAINER_FULL, F_CONTAINER, F_REPOSITORY, F_TAG, F_IMAGE, F_KA_IMAGE, F_DIGEST,
	F_IMAGE_ID, F_PROCESS, F_CMDLINE, F_PARENT, F_FD, F_KA_NAMESPACE, F_KA_NAME,
	F_KA_RESOURCE, F_KA_POD, F_KA_COMMAND, F_KA_URI,
	F_USER, F_KA_USER, F_CT_USER, F_GCP_USER, F_GITHUB_USER, F_OKTA_USER, F_OKTA_NAME,
	F_CT_ADDRESS, F_GCP_ADDRESS, F_OKTA_ADDRESS, F_KA_ADDRESS,
	/* Elastic's agent moves what ECS has a name for out of the alert, which it keeps */
	X_RULE, X_NAMESPACE, X_POD, X_POD_UID, X_CONTAINER_ID, X_CONTAINER, X_IMAGE, X_PROCESS,
	X_CMDLINE, X_PARENT, X_USER,
	F_COUNT
};
static const struct read_field event_fields[F_COUNT] = {
	[F_RAW] = { "", READ_RAW },
	[F_RULE] = { "rule" },
	[F_PRIORITY] = { "priority" },
	[F_TIME] = { "time" },
	[F_OUTPUT] = { "output" },
	[F_MESSAGE] = { "message" }, /* from 0.41 on, the output without time and priority */
	[F_SOURCE] = { "source" },
	[F_HOST] = { "hostname" },
	[F_TAGS] = { "tags", READ_LIST },
	[F_IN_DATA] = { "data.rule" },
	[F_IN_RESULTS] = { "results[].rule" },
	[F_IN_HIT] = { "_source", READ_RAW },
	[F_IN_HITS] = { "hits.hits[]._index" },
	[F_IN_ECS] = { "falco.priority" },
	[F_FIELDS] = { "output_fields", READ_RAW },
	[F_EVT_TIME] = { "output_fields.evt.time" },
	[F_EVT_TIME_NS] = { "output_fields.evt.time.iso8601" }, /* a number in spite of its name */
	[F_CLUSTER] = { "output_fields.k8s.cluster.name" },
	[F_CLUSTER_NAME] = { "output_fields.cluster_name" },
	[F_NODE] = { "output_fields.k8s.node.name" },
	[F_NAMESPACE] = { "output_fields.k8s.ns.name" },
	[F_META_NAMESPACE] = { "output_fields.k8smeta.ns.name" },
	[F_POD] = { "output_fields.k8s.pod.name" },
	[F_META_POD] = { "output_fields.k8smeta.pod.name" },
	[F_POD_UID] = { "output_fields.k8s.pod.uid" },
	[F_META_POD_UID] = { "output_fields.k8smeta.pod.uid" },
	[F_DEPLOYMENT] = { "output_fields.k8s.deployment.name" },
	[F_META_DEPLOYMENT] = { "output_fields.k8smeta.deployment.name" },
	[F_CONTAINER_ID] = { "output_fields.container.id" },
	[F_CONTAINER_FULL] = { "output_fields.container.full_id" },
	[F_CONTAINER] = { "output_fields.container.name" },
	[F_REPOSITORY] = { "output_fields.container.image.repository" },
	[F_TAG] = { "output_fields.container.image.tag" },
	[F_IMAGE] = { "output_fields.container.image" },
	[F_KA_IMAGE] = { "output_fields.ka.req.pod.containers.image", READ_LIST },
	[F_DIGEST] = { "output_fields.container.image.digest", READ_LIST },
	[F_IMAGE_ID] = { "output_fields.container.image.id" },
	[F_PROCESS] = { "output_fields.proc.name" },
	[F_CMDLINE] = { "output_fields.proc.cmdline" },
	[F_PARENT] = { "output_fields.proc.pname" },
	[F_FD] = { "output_fields.fd.name" },
	[F_KA_NAMESPACE] = { "output_fields.ka.target.namespace" },
	[F_KA_NAME] = { "output_fields.ka.target.name" },
	[F_KA_RESOURCE] = { "output_fields.ka.target.resource" },
	[F_KA_POD] = { "output_fields.ka.target.pod.name" },
	[F_KA_COMMAND] = { "output_fields.ka.uri.param[command]" },
	[F_KA_URI] = { "output_fields.ka.uri" },
	[F_USER] = { "output_fields.user.name" },
	[F_KA_USER] = { "output_fields.ka.user.name" },
	[F_CT_USER] = { "output_fields.ct.user" },
	[F_GCP_USER] = { "output_fields.gcp.user" },
	[F_GITHUB_USER] = { "output_fields.github.user" },
	[F_OKTA_USER] = { "output_fields.okta.actor.alternateid" },
	[F_OKTA_NAME] = { "output_fields.okta.actor.name" },
	[F_CT_ADDRESS] = { "output_fields.ct.srcip" },
	[F_GCP_ADDRESS] = { "output_fields.gcp.callerIP" },
	[F_OKTA_ADDRESS] = { "output_fields.okta.client.ip" },
	[F_KA_ADDRESS] = { "output_fields.ka.sourceips" },
	[X_RULE] = { "rule.name" },
	[X_NAMESPACE] = { "orchestrator.namespace" },
	[X_POD] = { "orchestrator.resource.name" },
	[X_POD_UID] = { "orchestrator.resource.id" },
	[X_CONTAINER_ID] = { "container.id" },
	[X_CONTAINER] = { "container.name" },
	[X_IMAGE] = { "container.image.name" },
	[X_PROCESS] = { "process.name" },
	[X_CMDLINE] = { "process.command_line" },
	[X_PARENT] = { "process.parent.name" },
	[X_USER] = { "process.user.name" },
};

struct falco {
	const struct source *src;
	struct sink *sink;
	struct arena mem;    /* strings of the event at hand   */
	struct buf   tags;   /* of the event at hand           */
	int64_t      until;  /* latest time a line can be from */
	int64_t      at;     /* of what names no time; 0: not said */
	int64_t      known;  /* the newest time the log itself has dated; 0: none yet */
	uint64_t base; /* offset of the object's source in the file; 0 but for objects behind a
	                  prefix */
	uint64_t     line;   /* its line; 0: the reader knows  */
	bool         wrapped; /* objects were seen that hold alerts */
};

/* The first of the members `from` to `to` that is not absent. */
static const char *first(const struct read_record *r, size_t from, size_t to)
{
	const char *s = NULL;
	for (size_t i = from; s == NULL && i <= to; i++)
		s = kube_value(read_text(r, i));
	return s;
}

/* The first of two members that is not absent. */
static const char *value(const struct read_record *r, size_t a, size_t b)
{
	const char *s = kube_value(read_text(r, a));
	return s != NULL ? s : kube_value(read_text(r, b));
}

static bool find_time(const struct falco *f, const struct read_record *r, struct rec_event *ev)
{
	const char *time = read_text(r, F_TIME);
	if (time != NULL && time_parse_ns(time, &ev->ts_ns))
		return true;
	ev->ts_inferred = true;
	for (size_t i = F_EVT_TIME; i <= F_EVT_TIME_NS; i++) {
		/* Second choice: JavaScript rounds it, Elastic's to milliseconds. */
		if (read_int(r, i, INT64_C(100000000) * NS_PER_S, INT64_MAX, &ev->ts_ns))
			return true;
		if (read_int(r, i, INT64_C(100000000) * 1000, INT64_C(100000000000) * 1000,
		             &ev->ts_ns) && ev->ts_ns < INT64_MAX / 1000000) {
			ev->ts_ns *= 1000000;
			return true;
		}
		if (read_text(r, i) != NULL && time_parse_ns(read_text(r, i), &ev->ts_ns))
			return true;
	}
	struct arena tmp = ARENA_INIT;
	struct rec_event text;
	const char *output = read_text(r, F_OUTPUT);
	bool ok = output != NULL && falco_text(&tmp, output, f->until, &text);
	if (ok)
		ev->ts_ns = text.ts_ns;
	arena_release(&tmp);
	if (!ok)
		ev->ts_ns = f->at * NS_PER_S;
	return ok || f->at != 0;
}

static void find_workload(struct falco *f, const struct read_record *r, struct rec_event *ev)
{
	const char *deployment = value(r, F_DEPLOYMENT, F_META_DEPLOYMENT);
	const char *kind = kube_kind(read_text(r, F_KA_RESOURCE));
	struct kube_workload w;
	ev->namespace = value(r, F_NAMESPACE, F_META_NAMESPACE);
	ev->pod = value(r, F_POD, F_META_POD);
	ev->pod_uid = value(r, F_POD_UID, F_META_POD_UID);
	if (ev->namespace == NULL)
		ev->namespace = kube_value(read_text(r, F_KA_NAMESPACE));
	if (ev->pod == NULL)
		ev->pod = value(r, F_KA_POD, str_eq(kind, "Pod") ? F_KA_NAME : F_KA_POD);
	if (deployment != NULL)
		w = (struct kube_workload){ "Deployment", deployment };
	else if (ev->pod != NULL)
		w = kube_workload(&f->mem, "Pod", ev->pod);
	else
		w = kube_workload(&f->mem, kind, read_text(r, F_KA_NAME));
	ev->workload_kind = w.kind;
	ev->workload = w.name;
}

static void find_container(struct falco *f, const struct read_record *r, struct rec_event *ev)
{
	const char *tag = kube_value(read_text(r, F_TAG));
	ev->container_id = kube_container(value(r, F_CONTAINER_FULL, F_CONTAINER_ID));
	ev->container = kube_container(read_text(r, F_CONTAINER));
	ev->image = kube_value(read_text(r, F_REPOSITORY));
	if (ev->image != NULL && tag != NULL)
		ev->image = arena_printf(&f->mem, "%s:%s", ev->image, tag);
	if (ev->image == NULL)
		ev->image = kube_value(read_text(r, F_IMAGE));
	if (ev->image == NULL)
		ev->image = kube_value(read_item(r, F_KA_IMAGE, NULL));
	const char *digest = read_item(r, F_DIGEST, NULL);
	ev->image_digest = kube_is_digest(digest)
	                           ? digest
	                           : kube_config_digest(&f->mem, read_text(r, F_IMAGE_ID));
}

static void find_process(const struct read_record *r, struct rec_event *ev)
{
	const char *fd = kube_value(read_text(r, F_FD));
	ev->user = first(r, F_USER, F_OKTA_NAME);
	ev->process = kube_value(read_text(r, F_PROCESS));
	ev->cmdline = value(r, F_CMDLINE, F_KA_COMMAND);
	ev->parent = kube_value(read_text(r, F_PARENT));
	if (fd != NULL && strstr(fd, "->") != NULL)
		ev->peer = fd;
	else
		ev->file = fd != NULL ? fd : kube_value(read_text(r, F_KA_URI));
	if (ev->peer == NULL)
		ev->peer = first(r, F_CT_ADDRESS, F_KA_ADDRESS);
}

/* Falco speaks of itself under its own source word: figures every hour, dropped events. */
static bool is_health(const struct read_record *r)
{
	return str_eq(read_text(r, F_SOURCE), "internal")
	       || str_prefix(read_text(r, F_RULE), "Falco internal:");
}

/* The output begins with the time, in Falco's zone, and the priority; both are known better. */
static const char *message_of(const struct read_record *r)
{
	const char *output = kube_value(read_text(r, F_OUTPUT)),
		   *priority = read_text(r, F_PRIORITY);
	if (output == NULL)
		return kube_value(read_text(r, F_MESSAGE));
	const char *s = strstr(output, ": ");
	if (s == NULL || memchr(output, ' ', (size_t)(s - output)) != NULL
	    || strncasecmp(s + 2, priority, strlen(priority)) != 0)
		return output;
	s += 2 + strlen(priority);
	return *s == ' ' ? s + 1 : output;
}

/* Falco can be told to leave the fields out; rules put most of them into their text too. */
static void find_in_output(struct falco *f, const struct read_record *r, struct rec_event *ev)
{
	const char *output = read_text(r, F_OUTPUT);
	struct rec_event said;
	if (r->value[F_FIELDS].type != READ_NONE || output == NULL
	    || !falco_text(&f->mem, output, f->until, &said))
		return;
	ev->namespace = said.namespace;
	ev->pod = said.pod;
	ev->workload_kind = said.workload_kind;
	ev->workload = said.workload;
	ev->container_id = said.container_id;
	ev->container = said.container;
	ev->image = said.image;
	ev->user = said.user;
	ev->process = said.process;
	ev->cmdline = said.cmdline;
	ev->parent = said.parent;
	ev->file = said.file;
	ev->peer = said.peer;
}

static void fill(struct falco *f, const struct read_record *r, struct rec_event *ev)
{
	const struct read_value *raw = &r->value[F_RAW];
	ev->kind = is_health(r) ? EVENT_HEALTH : EVENT_ALERT;
	ev->rule = read_text(r, F_RULE);
	ev->priority_raw = read_text(r, F_PRIORITY);
	ev->priority = priority_fold(ev->priority_raw);
	if (ev->priority == PRIO_COUNT)
		ev->priority = PRIO_NOTICE; /* a word of the future still makes an alert */
	ev->action = ev->kind == EVENT_HEALTH ? "reported" : "detected"; /* Falco never blocks */
	ev->message = message_of(r);
	ev->cluster = value(r, F_CLUSTER, F_CLUSTER_NAME);
	ev->node = value(r, F_NODE, F_HOST);
	find_workload(f, r, ev);
	find_container(f, r, ev);
	find_process(r, ev);
	find_in_output(f, r, ev);
	buf_reset(&f->tags);
	read_join(r, F_TAGS, ", ", &f->tags);
	ev->tags = f->tags.len > 0 ? f->tags.s : NULL;
	ev->raw = raw->s;
	ev->raw_len = raw->n;
	ev->offset = (int64_t)(f->base + r->offset);
}

static void fill_absent(const char **member, const struct read_record *up, size_t i)
{
	if (*member == NULL)
		*member = kube_value(read_text(up, i));
}

static void fill_ecs(struct falco *f, const struct read_record *up, struct rec_event *ev)
{
	fill_absent(&ev->rule, up, X_RULE);
	fill_absent(&ev->namespace, up, X_NAMESPACE);
	fill_absent(&ev->pod, up, X_POD);
	fill_absent(&ev->pod_uid, up, X_POD_UID);
	fill_absent(&ev->container_id, up, X_CONTAINER_ID);
	fill_absent(&ev->container, up, X_CONTAINER);
	fill_absent(&ev->image, up, X_IMAGE);
	fill_absent(&ev->process, up, X_PROCESS);
	fill_absent(&ev->cmdline, up, X_CMDLINE);
	fill_absent(&ev->parent, up, X_PARENT);
	fill_absent(&ev->user, up, X_USER);
	ev->container_id = kube_container(ev->container_id);
	ev->container = kube_container(ev->container);
	if (ev->workload != NULL)
		return;
	struct kube_workload w = kube_workload(&f->mem, "Pod", ev->pod);
	ev->workload_kind = w.kind;
	ev->workload = w.name;
}

static bool skip(struct falco *f, const struct read_record *r, const char *reason, struct err *e)
{
	return read_skip_line(f->sink, f->line != 0 ? f->line : r->line, reason, e);
}

static bool on_event(void *ctx, const struct read_record *r, struct err *e)
{
	struct falco *f = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };

	arena_reset(&f->mem);
	if (r->value[F_RULE].type == READ_NONE
	    && (r->value[F_IN_DATA].type != READ_NONE || read_count(r, F_IN_RESULTS) > 0
	        || r->value[F_IN_HIT].type != READ_NONE || read_count(r, F_IN_HITS) > 0
	        || r->value[F_IN_ECS].type != READ_NONE)) {
		f->wrapped = true;
		return true;
	}
	if (r->value[F_RULE].type == READ_NONE)
		return skip(f, r, "no rule: not a Falco event", e);
	if (r->value[F_RULE].type != READ_STRING)
		return skip(f, r, "rule is not a string", e);
	if (read_text(r, F_RULE) == NULL)
		return skip(f, r, "rule is empty", e);
	if (r->value[F_PRIORITY].type != READ_STRING || read_text(r, F_PRIORITY) == NULL)
		return skip(f, r, "no priority", e);
	if (!find_time(f, r, &rec.u.event))
		return skip(f, r, READ_NO_TIME, e);
	fill(f, r, &rec.u.event);
	return f->sink->put(f->sink, &rec, e);
}

static bool on_ecs(void *ctx, const struct read_record *r, struct err *e)
{
	struct falco *f = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };

	arena_reset(&f->mem);
	if (read_text(r, F_RULE) == NULL && read_text(r->up, X_RULE) == NULL)
		return skip(f, r, "no rule: not a Falco event", e);
	if (r->value[F_PRIORITY].type != READ_STRING)
		return skip(f, r, "no priority", e);
	if (!find_time(f, r, &rec.u.event))
		return skip(f, r, READ_NO_TIME, e);
	fill(f, r, &rec.u.event);
	fill_ecs(f, r->up, &rec.u.event);
	return f->sink->put(f->sink, &rec, e);
}

static const struct read_scope events[] = {
	{ "", event_fields, F_COUNT, on_event, NULL },
};
static const struct read_scope wrapped_events[] = {
	{ "data", event_fields, F_COUNT, on_event, NULL },      /* CloudEvents             */
	{ "results[]", event_fields, F_COUNT, on_event, NULL }, /* Falcosidekick's own UI  */
	{ "_source", event_fields, F_COUNT, on_event, NULL },   /* Elasticsearch's answers */
	{ "hits.hits[]._source", event_fields, F_COUNT, on_event, NULL },
	{ "", event_fields, F_COUNT, NULL, NULL },
	{ "falco", event_fields, F_COUNT, on_ecs, NULL },       /* Elastic's agent         */
	{ "_source.falco", event_fields, F_COUNT, on_ecs, NULL },
	{ "hits.hits[]._source.falco", event_fields, F_COUNT, on_ecs, NULL },
};

/* An object behind a prefix: syslog, a container runtime's log, `docker compose logs`. */
static bool on_prefixed(struct falco *f, const char *json, size_t n, uint64_t line, uint64_t offset,
                        struct err *e)
{
	bool good;
	f->base = offset;
	f->line = line;
	bool ok = embedded_read(json, n, events, LENGTH(events), f, &good, e);
	f->base = 0;
	f->line = 0;
	return ok && (good || read_skip_line(f->sink, line, "not JSON", e));
}

/*
 * What follows was written within a day of this, give or take what is out of order. The user may
 * know better.
 */
static void follow(struct falco *f, int64_t time)
{
	if (f->at != 0 || time <= f->known)
		return;
	f->known = time;
	f->until = time + DAY_S - 3600;
}

static bool on_text(void *ctx, const char *s, size_t n, uint64_t line, uint64_t offset,
                    struct err *e)
{
	struct falco *f = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };

	arena_reset(&f->mem);
	if (strspn(s, " \t\r") == n)
		return true;
	if (falco_text(&f->mem, s, f->until, &rec.u.event)) {
		if (rec.u.event.ts_ns < DAY_S * NS_PER_S)
			return read_skip_line(f->sink, line,
			                "a time without a date, and none to take it from: use --at",
			                e);
		rec.u.event.raw = s;
		rec.u.event.raw_len = n;
		rec.u.event.offset = (int64_t)offset;
		if (f->known != 0)
			follow(f, rec.u.event.ts_ns / NS_PER_S);
		return f->sink->put(f->sink, &rec, e);
	}
	const char *json = embedded_find(s);
	if (json != NULL && json > s)
		return on_prefixed(f, json, n - (size_t)(json - s), line,
		                   offset + (uint64_t)(json - s), e);
	follow(f, falco_text_console(s));
	return read_skip_line(f->sink, line, "not a Falco event", e);
}

static bool read_all(struct falco *f, struct err *e)
{
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "falco" } };
	struct read_opts opts = { .flags = READ_STREAM, .sink = f->sink, .text = on_text };
	if (!f->sink->put(f->sink, &scan, e))
		return false;
	if (!read_document(f->src, events, LENGTH(events), f, &opts, e))
		return false;
	if (!f->wrapped)
		return true;
	opts.sink = NULL; /* what is skipped was said in the first read */
	opts.text = NULL;
	return read_document(f->src, wrapped_events, LENGTH(wrapped_events), f, &opts, e);
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct falco f = { .src = src, .sink = out, .mem = ARENA_INIT, .tags = BUF_INIT,
		           .at = o->at };
	f.until = o->at != 0 ? o->at : source_mtime(src);
	bool ok = read_all(&f, e);
	buf_release(&f.tags);
	arena_release(&f.mem);
	return ok;
}

enum { ANY_TIME = INT32_MAX }; /* to recognise a line its date does not matter */

static bool is_text(struct arena *mem, const char *line)
{
	struct rec_event ev;
	return falco_text(mem, line, ANY_TIME, &ev);
}

static bool has_text(const char *head)
{
	return head_has(head, INT_MAX, is_text);
}

static int sniff(const struct peek *p)
{
	const char *type = peek_text(p, "type");
	if (peek_has(p, "rule") && peek_has(p, "priority"))
		return peek_has(p, "output") || peek_has(p, "output_fields")
		                       || (peek_has(p, "message") && peek_has(p, "source"))
		               ? 95 : 0;
	if (type != NULL && str_prefix(type, "falco.") && peek_has(p, "data.rule"))
		return 95;
	if (peek_has(p, "falco.output") && peek_has(p, "falco.priority"))
		return 95;
	if (strstr(peek_head(p), "\"output_fields\"") != NULL
	    && strstr(peek_head(p), "\"rule\"") != NULL)
		return 60; /* other lines come first */
	return has_text(peek_head(p)) ? 80 : 0;
}

const struct importer importer_falco = {
	.id = "falco",
	.title = "Falco alerts (JSON, text, syslog), also from Falcosidekick",
	.spec = "https://falco.org/docs/concepts/outputs/",
	.sniff = sniff,
	.run = run,
};
