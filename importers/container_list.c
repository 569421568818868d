/* SPDX-License-Identifier: MIT */
/* container_list.c - containers as docker, podman and nerdctl list them. Spec: .spec below. */
#include "importers/engine.h"
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"

/* The engine's interface and podman have lists and numbers where docker's command has words. */
enum {
	P_ID, P_ID_TOO, P_NAMES, P_IMAGE, P_IMAGE_ID, P_PLATFORM_DIGEST, P_STATE, P_STATUS,
	P_LABELS, P_LABEL_TEXT, P_PORTS, P_PUBLIC_PORTS, P_HOST_PORTS, P_NETWORK, P_NETWORKS,
	P_INFRA, P_COUNT
};
static const struct read_field row_fields[P_COUNT] = {
	[P_ID] = { "Id" },
	[P_ID_TOO] = { "ID" },
	[P_NAMES] = { "Names", READ_LIST },
	[P_IMAGE] = { "Image" },
	[P_IMAGE_ID] = { "ImageID" },
	[P_PLATFORM_DIGEST] = { "ImageManifestDescriptor.digest" },
	[P_STATE] = { "State" },
	[P_STATUS] = { "Status" },
	[P_LABELS] = { "Labels{}", READ_LIST },
	[P_LABEL_TEXT] = { "Labels" },
	[P_PORTS] = { "Ports" },
	[P_PUBLIC_PORTS] = { "Ports[].PublicPort" },
	[P_HOST_PORTS] = { "Ports[].host_port" },
	[P_NETWORK] = { "HostConfig.NetworkMode" },
	[P_NETWORKS] = { "Networks" },
	[P_INFRA] = { "IsInfra" }, /* podman's own */
};

struct list {
	struct sink *sink;
	struct arena mem; /* strings of the container at hand       */
	bool begun;       /* a scan was put                         */
	const char *partial; /* why it is; as it was told           */
};

static bool put_scan(struct list *l, bool podman, const char *partial, struct err *e)
{
	struct record rec = { .kind = REC_SCAN,
		              .u.scan = { .source = podman ? "podman" : "docker",
		                          .partial = partial } };
	if (l->begun && str_eq(l->partial, partial))
		return true;
	l->begun = true;
	l->partial = partial;
	return l->sink->put(l->sink, &rec, e);
}

/* Labels: members of an object, or "key=value,key=value", where a value may hold commas, too. */
struct labels {
	const struct read_record *r;
	struct arena *mem;
};

static const char *label(const void *ctx, const char *key)
{
	const struct labels *l = ctx;
	const char *value = read_pair(l->r, P_LABELS, key), *s = read_text(l->r, P_LABEL_TEXT);
	size_t n = strlen(key);
	if (value == NULL) {
		while (s != NULL && (strncmp(s, key, n) != 0 || s[n] != '=')) {
			s = strchr(s, ',');
			s = s == NULL ? NULL : s + 1;
		}
		if (s != NULL)
			value = arena_dupn(l->mem, s + n + 1, strcspn(s + n + 1, ","));
	}
	return str_empty(value) ? NULL : value;
}

/* "Up 2 hours (Paused)": where there is no word for it. */
static const char *phase_of(const struct read_record *r)
{
	static const struct {
		const char *begin, *phase;
	} words[] = {
		{ "Up", "running" },       { "Exit", "exited" },          { "Created", "created" },
		{ "Restarting", "restarting" }, { "Removal", "removing" }, { "Dead", "dead" },
		{ "Paused", "paused" },
	};
	const char *state = read_text(r, P_STATE), *status = read_text(r, P_STATUS);
	if (state != NULL)
		return state;
	if (status == NULL)
		return NULL;
	if (strstr(status, "(Paused)") != NULL)
		return "paused";
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (str_prefix(status, words[i].begin))
			return words[i].phase;
	}
	return status;
}

static bool has_host_port(const struct read_record *r)
{
	const char *item = NULL, *text = read_text(r, P_PORTS);
	while ((item = read_item(r, P_PUBLIC_PORTS, item)) != NULL) {
		if (!str_eq(item, "0"))
			return true;
	}
	return read_count(r, P_HOST_PORTS) > 0 || (text != NULL && strstr(text, "->") != NULL)
	       || str_eq(read_text(r, P_NETWORK), "host")
	       || str_eq(read_text(r, P_NETWORKS), "host");
}

/* "web" of "web,proxy/alias": the first of its names. */
static const char *name_of(struct list *l, const struct read_record *r)
{
	const char *name = read_item(r, P_NAMES, NULL);
	return str_empty(name) ? NULL : arena_dupn(&l->mem, name, strcspn(name, ","));
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct list *l = ctx;
	struct record rec = { .kind = REC_RUNNING, .u.running = { .node = NULL } };
	struct rec_running *run = &rec.u.running;
	struct labels labels = { r, &l->mem };
	arena_reset(&l->mem);
	run->container_id = kube_container(read_text(r, read_text(r, P_ID) != NULL ? P_ID
	                                                                          : P_ID_TOO));
	if (run->container_id == NULL)
		return read_skip(r, "no id of a container", e);
	engine_owner(&l->mem, name_of(l, r), label, &labels, run);
	engine_image(&l->mem, read_text(r, P_IMAGE), read_text(r, P_IMAGE_ID),
	             read_text(r, P_PLATFORM_DIGEST), run);
	run->labels = kube_lines(&l->mem, r, P_LABELS);
	run->phase = phase_of(r);
	run->running = engine_runs(run->phase);
	run->host_port = has_host_port(r);
	return put_scan(l, r->value[P_INFRA].type != READ_NONE,
	                run->pod != NULL ? "one node of a cluster" : NULL, e)
	       && l->sink->put(l->sink, &rec, e);
}

static const struct read_scope scopes[] = {
	{ "", row_fields, P_COUNT, on_row, NULL },
};

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct list l = { .sink = out, .mem = ARENA_INIT };
	struct read_opts opts = { .sink = out };
	bool ok = read_document(src, scopes, LENGTH(scopes), &l, &opts, e)
	          && (l.begun || put_scan(&l, false, NULL, e));
	arena_release(&l.mem);
	return ok;
}

static int sniff(const struct peek *p)
{
	if (!peek_has(p, "Names") || !peek_has(p, "Image") || !peek_has(p, "Status"))
		return 0;
	if (peek_has(p, "Id") && peek_has(p, "ImageID"))
		return 95;
	return peek_has(p, "ID") && peek_has(p, "CreatedAt") ? 95 : 0;
}

const struct importer importer_container_list = {
	.id = "container-list",
	.title = "docker, podman and nerdctl ps --format json, the engine's list of containers",
	.spec = "https://docs.docker.com/reference/cli/docker/container/ls/",
	.sniff = sniff,
	.run = run,
};
