/* SPDX-License-Identifier: MIT */
/* falco_alert.c - one alert of Falco's in JSON, made an event. */
#include <stdio.h>
#include <strings.h>

#include "importers/falco_alert.h"
#include "importers/falco_text.h"
#include "importers/kube.h"

#define FIELDS "output_fields"
#define CAMEL  "outputFields" /* as protocol buffers are written in JSON */
static const struct read_field event_fields[F_COUNT] = {
	[F_RAW] = { "", READ_RAW },
	[F_RULE] = { "rule" },
	[F_PRIORITY] = { "priority" },
	[F_TIME] = { "time" },
	[F_SECONDS] = { "time.seconds" }, /* this and the next: over gRPC */
	[F_NANOS] = { "time.nanos" },
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
	[F_IN_EVENTS] = { "events[].message" },
	[F_FIELDS] = { FIELDS, READ_RAW },
	[F_CAMEL] = { CAMEL, READ_RAW },
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

void falco_fields(struct arena *mem, struct read_field out[static FALCO_SPELLINGS][F_COUNT])
{
	for (size_t i = 0; i < F_COUNT; i++) {
		const char *name = event_fields[i].name;
		for (size_t k = 0; k < FALCO_SPELLINGS; k++)
			out[k][i] = event_fields[i];
		if (!str_prefix(name, FIELDS "."))
			continue;
		name += strlen(FIELDS ".");
		char *flat = arena_printf(mem, FIELDS ".%s", name);
		for (char *c = flat + strlen(FIELDS "."); *c != '\0'; c++)
			*c = (char)(*c == '.' ? '_' : *c);
		out[FALCO_FLAT][i].name = flat;
		out[FALCO_CAMEL][i].name = arena_printf(mem, CAMEL ".%s", name);
	}
}

/* Falco's own keys, and how they look where they are flattened. */
enum falco_spelling falco_spelling(const struct read_record *r)
{
	static const char *const keys[][2] = {
		{ "\"evt_time\"", "\"evt.time\"" },
		{ "\"container_id\"", "\"container.id\"" },
		{ "\"proc_name\"", "\"proc.name\"" },
		{ "\"proc_cmdline\"", "\"proc.cmdline\"" },
		{ "\"user_name\"", "\"user.name\"" },
		{ "\"ka_user_name\"", "\"ka.user.name\"" },
	};
	const char *fields = read_text(r, F_FIELDS);
	if (r->value[F_CAMEL].type != READ_NONE)
		return FALCO_CAMEL;
	for (size_t i = 0; fields != NULL && i < LENGTH(keys); i++) {
		if (strstr(fields, keys[i][0]) != NULL && strstr(fields, keys[i][1]) == NULL)
			return FALCO_FLAT;
	}
	return FALCO_AS_IS;
}

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

bool falco_time(const struct falco_reading *f, const struct read_record *r, struct rec_event *ev)
{
	const char *time = read_text(r, F_TIME);
	int64_t seconds, nanos = 0;
	if (time != NULL && time_parse_ns(time, &ev->ts_ns))
		return true;
	if (read_int(r, F_SECONDS, 1, INT64_MAX / NS_PER_S - 1, &seconds)) {
		read_int(r, F_NANOS, 0, NS_PER_S - 1, &nanos);
		ev->ts_ns = seconds * NS_PER_S + nanos;
		return true;
	}
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

static void find_workload(struct falco_reading *f, const struct read_record *r,
                          struct rec_event *ev)
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

static void find_container(struct falco_reading *f, const struct read_record *r,
                           struct rec_event *ev)
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
	       || str_prefix(read_text(r, F_RULE), FALCO_OF_ITSELF);
}

/* A word, or over gRPC syslog's number. */
bool falco_has_priority(const struct read_record *r)
{
	enum read_type type = r->value[F_PRIORITY].type;
	return (type == READ_STRING || type == READ_NUMBER) && read_text(r, F_PRIORITY) != NULL;
}

static enum priority priority_of(const struct read_record *r)
{
	enum priority p = priority_fold(read_text(r, F_PRIORITY));
	int64_t n;
	if (r->value[F_PRIORITY].type == READ_NUMBER
	    && read_int(r, F_PRIORITY, 0, PRIO_COUNT - 1, &n))
		p = (enum priority)n;
	return p == PRIO_COUNT ? PRIO_NOTICE : p; /* a word of the future still makes an alert */
}

/* The output begins with the time, in Falco's zone, and the priority; both are known better. */
static const char *message_of(const struct read_record *r)
{
	const char *output = kube_value(read_text(r, F_OUTPUT)), *raw = read_text(r, F_PRIORITY);
	if (output == NULL)
		return kube_value(read_text(r, F_MESSAGE));
	const char *s = strstr(output, ": ");
	if (s == NULL || memchr(output, ' ', (size_t)(s - output)) != NULL)
		return output;
	s += strlen(": ");
	size_t n = strcspn(s, " ");
	char word[16];
	snprintf(word, sizeof(word), "%.*s", (int)(n < sizeof(word) ? n : 0), s);
	bool same = r->value[F_PRIORITY].type == READ_NUMBER
	                    ? priority_fold(word) == priority_of(r)
	                    : strncasecmp(s, raw, strlen(raw)) == 0 && n == strlen(raw);
	return same && s[n] == ' ' ? s + n + 1 : output;
}

/* Falco can be told to leave the fields out; rules put most of them into their text too. */
static void find_in_output(struct falco_reading *f, const struct read_record *r,
                           struct rec_event *ev)
{
	const char *output = read_text(r, F_OUTPUT);
	struct rec_event said;
	if (r->value[F_FIELDS].type != READ_NONE || r->value[F_CAMEL].type != READ_NONE
	    || output == NULL
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

void falco_fill(struct falco_reading *f, const struct read_record *r, struct rec_event *ev)
{
	const struct read_value *raw = &r->value[F_RAW];
	ev->kind = is_health(r) ? EVENT_HEALTH : EVENT_ALERT;
	ev->rule = read_text(r, F_RULE);
	ev->priority_raw = read_text(r, F_PRIORITY);
	ev->priority = priority_of(r);
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

void falco_fill_ecs(struct falco_reading *f, const struct read_record *up, struct rec_event *ev)
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
