/* SPDX-License-Identifier: MIT */
/* lifecycle.c - what docker, podman and containerd did. Spec: .spec below. */
#include <jansson.h>

#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/log.h"

enum {
	L_RAW, L_TYPE, L_ACTION, L_STATUS, L_ACTOR, L_ID, L_FROM, L_NANO, L_TIME, L_NAME, L_IMAGE,
	L_CONTAINER, L_EXIT, L_SIGNAL, L_POD, L_NAMESPACE, L_POD_UID, L_POD_CONTAINER,
	P_ID, P_STATUS, P_TIME, P_NAME, P_IMAGE, P_EXIT, P_HEALTH, P_DETAILS_EXIT,
	N_TIME, N_TOPIC, N_EVENT,
	C_TYPE, C_ID, C_TIME, C_SANDBOX, C_POD, C_NAMESPACE, C_POD_UID, C_IDS, C_NAMES, C_IMAGES,
	L_COUNT
};
static const struct read_field event_fields[L_COUNT] = {
	[L_RAW] = { "", READ_RAW },
	[L_TYPE] = { "Type" },
	[L_ACTION] = { "Action" },
	[L_STATUS] = { "status" }, /* this and the next but one: before 1.10 there was nothing else
	                            */
	[L_ACTOR] = { "Actor.ID" },
	[L_ID] = { "id" },
	[L_FROM] = { "from" },
	[L_NANO] = { "timeNano" },
	[L_TIME] = { "time" },
	[L_NAME] = { "Actor.Attributes.name" },
	[L_IMAGE] = { "Actor.Attributes.image" },
	[L_CONTAINER] = { "Actor.Attributes.container" },
	[L_EXIT] = { "Actor.Attributes.exitCode" },
	[L_SIGNAL] = { "Actor.Attributes.signal" },
	[L_POD] = { "Actor.Attributes.io.kubernetes.pod.name" },
	[L_NAMESPACE] = { "Actor.Attributes.io.kubernetes.pod.namespace" },
	[L_POD_UID] = { "Actor.Attributes.io.kubernetes.pod.uid" },
	[L_POD_CONTAINER] = { "Actor.Attributes.io.kubernetes.container.name" },
	[P_ID] = { "ID" }, /* podman, and nerdctl */
	[P_STATUS] = { "Status" },
	[P_TIME] = { "Time" },
	[P_NAME] = { "Name" },
	[P_IMAGE] = { "Image" },
	[P_EXIT] = { "ContainerExitCode" },
	[P_HEALTH] = { "HealthStatus" },
	[P_DETAILS_EXIT] = { "Details.containerExitCode" },
	[N_TIME] = { "Timestamp" }, /* nerdctl */
	[N_TOPIC] = { "Topic" },
	[N_EVENT] = { "Event" },
	[C_TYPE] = { "containerEventType" }, /* this and the rest: crictl */
	[C_ID] = { "containerId" },
	[C_TIME] = { "createdAt" },
	[C_SANDBOX] = { "podSandboxStatus.id" },
	[C_POD] = { "podSandboxStatus.metadata.name" },
	[C_NAMESPACE] = { "podSandboxStatus.metadata.namespace" },
	[C_POD_UID] = { "podSandboxStatus.metadata.uid" },
	[C_IDS] = { "containersStatuses[].id" },
	[C_NAMES] = { "containersStatuses[].metadata.name" },
	[C_IMAGES] = { "containersStatuses[].image.image" },
};

struct engine {
	const char *source; /* of the scan that was put; NULL: none yet */
};

/* One event, wherever it was read from; every string may be NULL but type and action. */
struct happening {
	const char *source, *type, *action, *id, *name, *image, *container, *exit_code, *signal,
	           *health;
};

#define TASK "task-" /* before what containerd calls a task's: /tasks/exit */

static bool put_scan(struct log *g, const char *source, struct err *e)
{
	struct engine *x = g->own;
	struct record rec = { .kind = REC_SCAN, .u.scan = { .source = source } };
	if (str_eq(x->source, source))
		return true;
	x->source = source;
	return g->sink->put(g->sink, &rec, e);
}

/* Long ids in examples are cut in the middle; such are none. */
static const char *whole_id(const char *id)
{
	return id == NULL || strstr(id, "...") != NULL ? NULL : kube_container(id);
}

static enum priority priority_of(const struct happening *h)
{
	static const char *const notable[] = {
		"kill",   "exec_create", "exec_start",    "exec", "attach",     "export",
		"commit", "checkpoint",  "health_status", "copy", "exec-added", "exec-started",
	};
	static const char *const ends[] = { "die", "died", "exit" };
	const char *action = h->action + (str_prefix(h->action, TASK) ? strlen(TASK) : 0);
	if (str_eq(action, "oom"))
		return PRIO_WARNING;
	if (str_index(ends, LENGTH(ends), action) >= 0)
		return h->exit_code == NULL || str_eq(h->exit_code, "0") ? PRIO_INFO : PRIO_NOTICE;
	return str_index(notable, LENGTH(notable), action) >= 0 ? PRIO_NOTICE : PRIO_INFO;
}

static const char *sentence(struct arena *mem, const struct happening *h, const char *command)
{
	const char *s = arena_printf(mem, "%s %s", h->type, h->action);
	const char *what = h->name != NULL ? h->name : h->id;
	if (what != NULL)
		s = arena_printf(mem, "%s %s", s, what);
	if (command != NULL)
		s = arena_printf(mem, "%s: %s", s, command);
	if (h->exit_code != NULL)
		s = arena_printf(mem, "%s, exit code %s", s, h->exit_code);
	if (h->signal != NULL)
		s = arena_printf(mem, "%s, signal %s", s, h->signal);
	return h->health == NULL ? s : arena_printf(mem, "%s, %s", s, h->health);
}

static void find_object(struct arena *mem, const struct happening *h, struct rec_event *ev)
{
	if (str_eq(h->type, "image") && h->id != NULL) {
		ev->image_digest = kube_is_digest(h->id) ? h->id : NULL;
		ev->image = h->name != NULL && strpbrk(h->id, ":/") == NULL ? h->name : h->id;
		if (ev->image_digest != NULL)
			ev->image = h->name;
		return;
	}
	ev->container_id = whole_id(str_eq(h->type, "container") ? h->id : h->container);
	if (!str_eq(h->type, "container"))
		return;
	ev->container = h->name;
	ev->image = h->image;
	ev->image_digest = kube_manifest_digest(h->image);
	if (ev->image_digest == NULL)
		ev->image_digest = kube_config_digest(mem, h->image);
}

/* `exec_create: sh -c id`: what stands behind the colon is the command. */
static bool put_happening(struct log *g, struct happening *h, struct record *rec, struct err *e)
{
	struct rec_event *ev = &rec->u.event;
	const char *colon = strstr(h->action, ": ");
	const char *command = colon == NULL ? NULL : colon + 2;
	if (colon != NULL)
		h->action = arena_dupn(&g->mem, h->action, (size_t)(colon - h->action));
	ev->kind = EVENT_LIFECYCLE;
	ev->rule = arena_printf(&g->mem, "%s %s", h->type, h->action);
	ev->action = h->action;
	ev->priority = priority_of(h);
	ev->cmdline = str_prefix(h->action, "exec") ? command : NULL;
	find_object(&g->mem, h, ev);
	ev->message = sentence(&g->mem, h, command);
	return put_scan(g, h->source, e) && g->sink->put(g->sink, rec, e);
}

/* ---- JSON ---- */

static bool find_time(const struct read_record *r, struct rec_event *ev)
{
	static const size_t texts[] = { P_TIME, N_TIME, L_TIME };
	if (read_int(r, L_NANO, NS_PER_S, INT64_MAX, &ev->ts_ns))
		return true;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		const char *text = read_text(r, texts[i]);
		if (text != NULL
		    && (time_parse_ns(text, &ev->ts_ns) || kube_epoch_ns(text, &ev->ts_ns)))
			return true;
	}
	return false;
}

static const char *first(const struct read_record *r, size_t a, size_t b, size_t c)
{
	const char *s = read_text(r, a);
	if (s == NULL)
		s = read_text(r, b);
	return s != NULL ? s : read_text(r, c);
}

/* containerd's topics: "/containers/create", "/tasks/exec-added". */
static void split_topic(struct arena *mem, const char *topic, struct happening *h)
{
	const char *slash = strrchr(topic, '/');
	bool image = str_prefix(topic, "/images");
	bool container = str_prefix(topic, "/containers") || str_prefix(topic, "/tasks");
	h->source = "containerd";
	h->type = image       ? "image"
	          : container ? "container"
	                      : arena_dupn(mem, topic + 1, strcspn(topic + 1, "/"));
	h->action = slash + 1;
	if (str_prefix(topic, "/tasks"))
		h->action = arena_printf(mem, TASK "%s", slash + 1);
}

/* What containerd says of an event, in JSON; `id` may be that of an exec. */
static void read_details(struct arena *mem, const char *json, struct happening *h)
{
	static const char *const ids[] = { "container_id", "id", "key", "name" };
	json_t *v = json == NULL ? NULL : json_loads(json, 0, NULL);
	const json_t *status = json_object_get(v, "exit_status");
	for (size_t i = 0; str_empty(h->id) && i < LENGTH(ids); i++)
		h->id = arena_dup(mem, json_string_value(json_object_get(v, ids[i])));
	if (h->image == NULL)
		h->image = arena_dup(mem, json_string_value(json_object_get(v, "image")));
	if (json_is_integer(status))
		h->exit_code = arena_printf(mem, "%lld", (long long)json_integer_value(status));
	json_decref(v);
}

/* Of a list with a member for each container of the pod: the one of the container `id`. */
static const char *of_container(const struct read_record *r, size_t list, const char *id)
{
	const char *value = NULL;
	if (read_count(r, list) != read_count(r, C_IDS))
		return NULL;
	for (const char *s = NULL; (s = read_item(r, C_IDS, s)) != NULL;) {
		value = read_item(r, list, value);
		if (str_eq(s, id))
			return value;
	}
	return NULL;
}

static void set_pod(struct log *g, struct rec_event *ev, const char *name, const char *uid,
                    const char *namespace)
{
	struct kube_workload w = kube_workload(&g->mem, "Pod", name);
	ev->pod = name;
	ev->pod_uid = uid;
	ev->namespace = namespace;
	ev->workload_kind = w.kind;
	ev->workload = w.name;
}

/* "CONTAINER_STARTED_EVENT" of a container, or of the sandbox of its pod. */
static bool put_cri(struct log *g, const struct read_record *r, struct err *e)
{
	static const char before[] = "CONTAINER_", after[] = "_EVENT";
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };
	struct rec_event *ev = &rec.u.event;
	struct happening h = { .source = "cri", .type = "container", .id = read_text(r, C_ID) };
	const char *type = read_text(r, C_TYPE), *time = read_text(r, C_TIME);
	if (h.id == NULL || !str_prefix(type, before) || !str_suffix(type, after))
		return log_skip(g, r, "no action or no id: not an engine's event", e);
	if (!read_int(r, C_TIME, NS_PER_S, INT64_MAX, &ev->ts_ns)
	    && (time == NULL || !time_parse_ns(time, &ev->ts_ns)) && !log_time(g, ev))
		return log_skip(g, r, READ_NO_TIME, e);
	char *action = arena_dupn(&g->mem, type + strlen(before),
	                          strlen(type) - strlen(before) - strlen(after));
	for (char *c = action; *c != '\0'; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	h.action = action;
	h.name = of_container(r, C_NAMES, h.id);
	h.image = of_container(r, C_IMAGES, h.id);
	set_pod(g, ev, read_text(r, C_POD), read_text(r, C_POD_UID), read_text(r, C_NAMESPACE));
	if (str_eq(h.id, read_text(r, C_SANDBOX))) {
		h.type = "pod";
		h.name = ev->pod;
	}
	log_origin(g, r, L_RAW, ev);
	return put_happening(g, &h, &rec, e);
}

static bool on_event(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };
	struct rec_event *ev = &rec.u.event;
	struct happening h = { .source = "docker" };
	const char *topic = read_text(r, N_TOPIC);
	arena_reset(&g->mem);
	if (read_text(r, C_TYPE) != NULL)
		return put_cri(g, r, e);
	h.type = read_text(r, L_TYPE);
	h.action = first(r, L_ACTION, P_STATUS, L_STATUS);
	h.id = first(r, L_ACTOR, P_ID, L_ID);
	if (topic != NULL && topic[0] == '/')
		split_topic(&g->mem, topic, &h);
	else if (read_text(r, P_STATUS) != NULL)
		h.source = "podman";
	if (h.action == NULL || (h.id == NULL && h.type == NULL)) /* a prune is of many */
		return log_skip(g, r, "no action or no id: not an engine's event", e);
	if (h.type == NULL)
		h.type = "container";
	if (!find_time(r, ev) && !log_time(g, ev))
		return log_skip(g, r, READ_NO_TIME, e);
	h.name = first(r, L_NAME, P_NAME, P_NAME);
	h.image = first(r, L_IMAGE, P_IMAGE, L_FROM);
	h.container = read_text(r, L_CONTAINER);
	h.exit_code = first(r, L_EXIT, P_EXIT, P_DETAILS_EXIT);
	h.signal = read_text(r, L_SIGNAL);
	h.health = read_text(r, P_HEALTH);
	if (topic != NULL)
		read_details(&g->mem, read_text(r, N_EVENT), &h);
	set_pod(g, ev, read_text(r, L_POD), read_text(r, L_POD_UID), read_text(r, L_NAMESPACE));
	log_origin(g, r, L_RAW, ev);
	return put_happening(g, &h, &rec, e);
}

/* ---- text ---- */

/*
 * Past the time at the start of a line: RFC 3339, or Go's "2019-03-02 10:33:42.3 -0600 CST", which
 * the first Dockers put in brackets. Their documentation says "Z07:00" for Z.
 */
static const char *past_time(struct arena *mem, const char *s, int64_t *ns)
{
	if (*s == '[') {
		const char *end = strstr(s, "] ");
		if (end == NULL || s[1] == '[')
			return NULL;
		s = arena_dupn(mem, s + 1, (size_t)(end - s - 1));
		return past_time(mem, s, ns) == NULL ? NULL : end + 2;
	}
	size_t n = strcspn(s, " ");
	char *first = arena_dupn(mem, s, n);
	if (str_suffix(first, "Z07:00"))
		first[strlen(first) - strlen("07:00")] = '\0';
	if (time_parse_ns(first, ns) && strchr(first, 'T') != NULL)
		return s + n + strspn(s + n, " ");
	const char *clock = s + n + (s[n] == ' ');
	const char *zone = clock + strcspn(clock, " ");
	const char *name = zone + (*zone == ' ');
	size_t nzone = strcspn(name, " ");
	const char *text = arena_printf(mem, "%sT%s%s", arena_dupn(mem, s, n),
	                                arena_dupn(mem, clock, (size_t)(zone - clock)),
	                                arena_dupn(mem, name, nzone));
	if (!time_parse_ns(text, ns))
		return NULL;
	s = name + nzone;
	s += strspn(s, " ");
	size_t word = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ+-0123456789"); /* the zone's name */
	return word > 0 && s[word] == ' ' ? s + word + strspn(s + word, " ") : s;
}

/* The value of `key` in "(k=v, k=v)" or "k=v k=v"; NULL: none. */
static const char *value_of(struct arena *mem, const char *s, const char *key)
{
	size_t n = strlen(key);
	for (const char *at = strstr(s, key); at != NULL; at = strstr(at + 1, key)) {
		if (at[n] == '=' && (at == s || strchr(" (", at[-1]) != NULL))
			return arena_dupn(mem, at + n + 1, strcspn(at + n + 1, ",) "));
	}
	return NULL;
}

static bool is_type(const char *s, size_t n)
{
	static const char *const types[] = {
		"container", "image",   "network", "volume", "pod",    "plugin", "system",
		"daemon",    "builder", "service", "node",   "secret", "config", "machine",
	};
	for (size_t i = 0; i < LENGTH(types); i++) {
		if (strlen(types[i]) == n && memcmp(types[i], s, n) == 0)
			return true;
	}
	return false;
}

/* "container exec_create: sh -c id 34503c192940 (image=alpine, name=test)" */
static bool split_words(struct arena *mem, const char *from, const char *bracket,
                        struct happening *h)
{
	char *words = arena_dupn(mem, from, (size_t)(bracket - from));
	char *blank = strrchr(words, ' ');
	if (blank == NULL)
		return false;
	*blank = '\0';
	h->action = words;
	h->id = blank + 1;
	h->image = value_of(mem, bracket, "image");
	h->name = value_of(mem, bracket, "name");
	h->container = value_of(mem, bracket, "container");
	h->exit_code = value_of(mem, bracket, "exitCode");
	h->signal = value_of(mem, bracket, "signal");
	h->health = value_of(mem, bracket, "health_status"); /* podman's; docker has it above */
	return true;
}

/* podman's images have no list behind them: "image pull 961769676411 docker.io/library/alpine". */
static bool split_bare(struct arena *mem, const char *from, struct happening *h)
{
	size_t action = strcspn(from, " ");
	h->action = arena_dupn(mem, from, action);
	if (from[action] == '\0') /* "system refresh" is of no object */
		return str_eq(h->type, "system") && action > 0;
	const char *id = from + action + 1;
	size_t n = strcspn(id, " ");
	h->id = arena_dupn(mem, id, n);
	h->name = id[n] == '\0' ? NULL : arena_dup(mem, id + n + 1);
	return true;
}

/* The list's bracket: a command may hold some too, so the one that stands behind an id. */
static const char *find_list(const char *s)
{
	for (const char *at = strstr(s, " ("); at != NULL; at = strstr(at + 1, " (")) {
		const char *id = at;
		while (id > s && strchr("0123456789abcdef", id[-1]) != NULL)
			id--;
		if (at - id >= 12 && id > s && id[-1] == ' ')
			return at;
	}
	return strstr(s, " (");
}

/* Docker before 1.10: "4386fb97867d: (from alpine:3.2) exec_start: sh" */
static bool split_old(struct arena *mem, const char *s, struct happening *h)
{
	static const char from[] = ": (from ";
	size_t n = strspn(s, "0123456789abcdef");
	const char *image = s + n + strlen(from), *end;
	if (n < 12 || !str_prefix(s + n, from) || (end = strstr(image, ") ")) == NULL
	    || end[2] == '\0')
		return false;
	h->type = "container";
	h->id = arena_dupn(mem, s, n);
	h->image = arena_dupn(mem, image, (size_t)(end - image));
	h->action = arena_dup(mem, end + 2);
	return true;
}

static bool split_line(struct arena *mem, const char *s, struct happening *h)
{
	if (split_old(mem, s, h))
		return true;
	size_t type = strcspn(s, " ");
	const char *bracket = find_list(s);
	if (!is_type(s, type) || s[type] == '\0' || bracket == s + type)
		return false;
	h->type = arena_dupn(mem, s, type);
	return bracket == NULL ? split_bare(mem, s + type + 1, h)
	                       : split_words(mem, s + type + 1, bracket, h);
}

/* containerd: "[namespace] /topic {json}", of old "/topic k=v k=v". */
static bool split_containerd(struct arena *mem, const char *s, struct happening *h)
{
	if (*s != '/') {
		s += strcspn(s, " ");
		s += strspn(s, " ");
	}
	if (*s != '/' || strchr(s + 1, '/') == NULL)
		return false;
	size_t n = strcspn(s, " ");
	split_topic(mem, arena_dupn(mem, s, n), h);
	h->id = value_of(mem, s + n, "id");
	if (h->id == NULL)
		h->id = value_of(mem, s + n, "key");
	h->image = value_of(mem, s + n, "image");
	h->exit_code = value_of(mem, s + n, "status");
	read_details(mem, strchr(s + n, '{'), h);
	return true;
}

static bool on_text(struct log *g, const struct log_line *l, bool *taken, struct err *e)
{
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };
	struct rec_event *ev = &rec.u.event;
	struct happening h = { .source = NULL };
	const char *rest = past_time(&g->mem, l->s, &ev->ts_ns);
	if (rest == NULL)
		return true;
	if (split_line(&g->mem, rest, &h))
		h.source = *l->s == '[' || l->s[strcspn(l->s, "T ")] == 'T' ? "docker" : "podman";
	else if (!split_containerd(&g->mem, rest, &h))
		return true;
	*taken = true;
	ev->raw = l->s;
	ev->raw_len = l->n;
	ev->offset = (int64_t)l->offset;
	return put_happening(g, &h, &rec, e);
}

static const struct read_scope scopes[] = {
	{ "", event_fields, L_COUNT, on_event, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct engine x = { NULL };
	struct log g = { .sink = out, .scope = scopes, .nscope = LENGTH(scopes),
		         .at = o->at };
	g.text = on_text;
	g.own = &x;
	return log_read(&g, src, NULL, e) && (x.source != NULL || put_scan(&g, "docker", e));
}

static bool is_line(struct arena *mem, const char *line)
{
	struct happening h = { .source = NULL };
	int64_t ns;
	const char *rest = past_time(mem, line, &ns);
	return rest != NULL && (split_line(mem, rest, &h) || split_containerd(mem, rest, &h));
}

static int sniff(const struct peek *p)
{
	if (peek_has(p, "Type") && peek_has(p, "Action") && peek_has(p, "Actor.ID"))
		return 95;
	if (peek_has(p, "Type") && peek_has(p, "Status") && peek_has(p, "ID"))
		return 90;
	if (peek_has(p, "containerEventType") && peek_has(p, "containerId"))
		return 95;
	if (peek_has(p, "Topic") && peek_has(p, "Namespace") && peek_has(p, "Event"))
		return 90;
	if (peek_has(p, "status") && peek_has(p, "id") && peek_has(p, "from")
	    && peek_has(p, "time"))
		return 85;
	return head_has(peek_head(p), 20, is_line) ? 80 : 0;
}

const struct importer importer_lifecycle = {
	.id = "lifecycle",
	.title = "docker, podman, nerdctl, ctr and crictl events",
	.spec = "https://docs.docker.com/reference/cli/docker/system/events/",
	.sniff = sniff,
	.run = run,
};
