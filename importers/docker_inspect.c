/* SPDX-License-Identifier: MIT */
/* docker_inspect.c - what docker, podman and nerdctl inspect show. Spec: .spec below. */
#include "importers/cis_engine.h"
#include "importers/engine.h"
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"
#include "importers/tree.h"

/* Config.Env holds secrets: it is never asked for. */
enum {
	D_ID, D_NAME, D_CREATED, D_LABELS, D_USER, D_HEALTH, /* of both */
	D_STATE, D_STATUS, D_RUNNING, D_HOST_CONFIG, D_NETWORK, D_PORTS, D_IMAGE, D_REFERENCE,
	D_IMAGE_NAME, D_IMAGE_DIGEST, D_PLATFORM_DIGEST, D_CONMON, D_NODE,
	D_MOUNTS, D_VOLUMES, D_APPARMOR, D_SELINUX, D_BOUNDING, /* of containers */
	D_TAGS, D_TAGS_NULL, D_NAMES, D_DIGESTS, D_ROOT, D_OS, D_OS_VERSION, D_ARCH, D_VARIANT,
	D_DIGEST,
	D_HISTORY, D_DESCRIPTOR, D_MEDIA_TYPE, /* of images */
	D_COUNT
};
static const struct read_field inspect_fields[D_COUNT] = {
	[D_ID] = { "Id" },
	[D_NAME] = { "Name" },
	[D_CREATED] = { "Created" },
	[D_LABELS] = { "Config.Labels{}", READ_LIST },
	[D_USER] = { "Config.User" },
	[D_HEALTH] = { "Config.Healthcheck", READ_RAW },
	[D_STATE] = { "State", READ_RAW },
	[D_STATUS] = { "State.Status" },
	[D_RUNNING] = { "State.Running" },
	[D_HOST_CONFIG] = { "HostConfig", READ_RAW },
	[D_NETWORK] = { "HostConfig.NetworkMode" },
	[D_PORTS] = { "NetworkSettings.Ports{}[].HostPort" },
	[D_IMAGE] = { "Image" },
	[D_REFERENCE] = { "Config.Image" },
	[D_IMAGE_NAME] = { "ImageName" },                           /* podman */
	[D_IMAGE_DIGEST] = { "ImageDigest" },                       /* podman */
	[D_PLATFORM_DIGEST] = { "ImageManifestDescriptor.digest" }, /* docker with containerd's
	                                                               store */
	[D_CONMON] = { "ConmonPidFile" },                           /* podman */
	[D_NODE] = { "Node.Name" },                                 /* classic swarm */
	[D_MOUNTS] = { "Mounts", READ_RAW },
	[D_VOLUMES] = { "Volumes", READ_RAW }, /* the same, before docker 1.8 */
	[D_APPARMOR] = { "AppArmorProfile" },
	[D_SELINUX] = { "ProcessLabel" },
	[D_BOUNDING] = { "BoundingCaps", READ_RAW }, /* podman */
	[D_TAGS] = { "RepoTags", READ_LIST },
	[D_TAGS_NULL] = { "RepoTags", READ_RAW },
	[D_NAMES] = { "Names", READ_LIST }, /* podman's list */
	[D_DIGESTS] = { "RepoDigests", READ_LIST },
	[D_ROOT] = { "RootFS.Type" },
	[D_OS] = { "Os" },
	[D_OS_VERSION] = { "OsVersion" },
	[D_ARCH] = { "Architecture" },
	[D_VARIANT] = { "Variant" },
	[D_DIGEST] = { "Digest" },                  /* podman */
	[D_HISTORY] = { "NamesHistory", READ_RAW }, /* podman */
	[D_DESCRIPTOR] = { "Descriptor.digest" },   /* docker with containerd's store */
	[D_MEDIA_TYPE] = { "Descriptor.mediaType" },
};

struct inspect {
	struct sink *sink;
	struct arena mem; /* strings of the object at hand      */
	const char  *source; /* of the scan at hand; NULL: none yet */
	const char  *partial, *told; /* why a scan is; as it was told                */
};

/* One object, as the engine's interface gives it, says nothing of others. */
static bool is_single(const struct read_record *r)
{
	return *r->scope->path == '\0';
}

static bool put_scan(struct inspect *d, const char *source, struct err *e)
{
	struct record rec = { .kind = REC_SCAN, .u.scan = { .source = source,
	                                                    .partial = d->partial } };
	if (str_eq(d->source, source) && str_eq(d->told, d->partial))
		return true;
	d->source = source;
	d->told = d->partial;
	return d->sink->put(d->sink, &rec, e);
}

/* What was judged is a scan of its own; what comes next belongs to the engine's again. */
static bool end_judged(struct inspect *d, struct err *e)
{
	const char *source = d->source;
	d->source = NULL;
	return put_scan(d, source, e);
}

static const char *label(const struct read_record *r, const char *key)
{
	const char *value = read_pair(r, D_LABELS, key);
	return str_empty(value) ? NULL : value;
}

static bool is_podman(const struct read_record *r)
{
	static const size_t own[] = { D_IMAGE_NAME, D_CONMON, D_DIGEST, D_HISTORY };
	for (size_t i = 0; i < LENGTH(own); i++) {
		if (r->value[own[i]].type != READ_NONE)
			return true;
	}
	return false;
}

static const char *label_of(const void *ctx, const char *key)
{
	return label(ctx, key);
}

static void find_image(struct inspect *d, const struct read_record *r, struct rec_running *run)
{
	static const size_t names[] = { D_IMAGE_NAME, D_REFERENCE, D_IMAGE }; /* or nerdctl's */
	const char *name = NULL, *podman = read_text(r, D_IMAGE_DIGEST);
	for (size_t i = 0; name == NULL && i < LENGTH(names); i++)
		name = read_text(r, names[i]);
	engine_image(&d->mem, name, read_text(r, D_IMAGE), read_text(r, D_PLATFORM_DIGEST), run);
	if (kube_is_digest(podman) && !kube_is_digest(read_text(r, D_PLATFORM_DIGEST)))
		run->image_digest = podman;
}

/* What the container is called on its host, whenever it is made anew; NULL: a pod's sandbox. */
static const char *stable_name(struct inspect *d, const struct rec_running *run)
{
	if (run->pod == NULL)
		return run->container == NULL ? run->container_id : run->container;
	if (run->container == NULL || str_eq(run->container, "POD"))
		return NULL;
	return arena_printf(&d->mem, "%s/%s/%s", run->namespace == NULL ? "" : run->namespace,
	                    run->workload, run->container);
}

static bool has_ended(const char *phase)
{
	return str_eq(phase, "exited") || str_eq(phase, "dead") || str_eq(phase, "removing")
	       || str_eq(phase, "stopped");
}

/* {"/in/it": "/on/the/host"}; what the engine keeps itself is no path of the host's. */
static json_t *mounts_of(json_t *volumes)
{
	json_t *mounts = json_array(), *value;
	const char *to;
	json_object_foreach(volumes, to, value) {
		const char *from = json_string_value(value);
		bool own = from != NULL && (strstr(from, "/vfs/dir/") != NULL
		                            || strstr(from, "/docker/volumes/") != NULL);
		json_array_append_new(mounts, json_pack("{s:s, s:s*, s:s}", "Type",
		                                        own ? "volume" : "bind", "Source", from,
		                                        "Destination", to));
	}
	return mounts;
}

static bool judge_container(struct inspect *d, const struct read_record *r,
                            const struct rec_running *run, struct err *e)
{
	struct cis cis = { .sink = d->sink, .mem = &d->mem,
		           .partial = is_single(r) ? "one container" : NULL };
	struct rec_asset host = { .kind = ASSET_HOST, .name = run->node };
	json_t *config = tree_parse(read_text(r, D_HOST_CONFIG));
	json_t *mounts = tree_parse(read_text(r, D_MOUNTS));
	json_t *volumes = tree_parse(read_text(r, D_VOLUMES));
	json_t *health = tree_parse(read_text(r, D_HEALTH));
	json_t *bounding = tree_parse(read_text(r, D_BOUNDING));
	struct cis_docker c = { .cis = &cis, .name = stable_name(d, run), .host = config,
		                .mounts = mounts, .health = health, .bounding = bounding,
		                .user = read_text(r, D_USER), .image = run->image,
		                .apparmor = read_text(r, D_APPARMOR),
		                .label = read_text(r, D_SELINUX) };
	bool ok = true;
	if (mounts == NULL && json_is_object(volumes)) {
		c.mounts = mounts = mounts_of(volumes);
		c.volumes = true;
	}
	if (config == NULL)
		ok = read_skip(r, read_text(r, D_HOST_CONFIG) != NULL
		               ? "its HostConfig cannot be read"
		               : "not judged: it has no HostConfig", e);
	else if (c.name != NULL && !has_ended(run->phase))
		ok = cis_begin(&cis, &host, e) && cis_docker(&c, e) && end_judged(d, e);
	json_decref(bounding);
	json_decref(health);
	json_decref(volumes);
	json_decref(mounts);
	json_decref(config);
	return ok;
}

static bool put_container(struct inspect *d, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_RUNNING, .u.running = { .node = NULL } };
	struct rec_running *run = &rec.u.running;
	const char *status = read_text(r, D_STATUS);
	run->node = read_text(r, D_NODE);
	run->container_id = kube_container(read_text(r, D_ID));
	engine_owner(&d->mem, read_text(r, D_NAME), label_of, r, run);
	find_image(d, r, run);
	run->labels = kube_lines(&d->mem, r, D_LABELS);
	run->running = read_true(r, D_RUNNING) || str_eq(status, "running")
	               || str_eq(status, "paused");
	run->phase = status != NULL ? status
	             : run->running ? "running"
	                            : "exited"; /* old engines have no word */
	run->host_port = read_count(r, D_PORTS) > 0 || str_eq(read_text(r, D_NETWORK), "host");
	return d->sink->put(d->sink, &rec, e) && judge_container(d, r, run, e);
}

static bool is_name(const char *reference)
{
	return !str_empty(reference) && strstr(reference, "<none>") == NULL;
}

/*
 * A repository digest is that of an index or of a manifest; the engine does not say which. The id
 * is the configuration's digest, but in containerd's store it is that of the index or manifest, and
 * stands among the repository digests as well.
 */
static void find_digests(struct inspect *d, const struct read_record *r, struct rec_asset *a)
{
	const char *id = kube_config_digest(&d->mem, read_text(r, D_ID)), *item = NULL;
	const char *manifest = read_text(r, D_DIGEST);
	const char *media = read_text(r, D_MEDIA_TYPE), *descriptor = read_text(r, D_DESCRIPTOR);
	struct rec_digest *list = arena_array(&d->mem, struct rec_digest,
	                                      read_count(r, D_DIGESTS) + 3);
	enum digest_kind of_id = str_eq(id, descriptor) ? DIGEST_UNKNOWN : DIGEST_CONFIG;
	size_t n = 1;
	while ((item = read_item(r, D_DIGESTS, item)) != NULL) {
		const char *digest = kube_manifest_digest(item);
		if (str_eq(digest, id))
			of_id = DIGEST_UNKNOWN;
		else if (digest != NULL && !str_eq(digest, manifest))
			list[n++] = (struct rec_digest){ DIGEST_UNKNOWN, digest };
	}
	if (of_id == DIGEST_UNKNOWN && media != NULL && str_eq(id, descriptor))
		of_id = strstr(media, "index") != NULL || strstr(media, "manifest.list") != NULL
		                ? DIGEST_INDEX
		                : DIGEST_MANIFEST;
	if (kube_is_digest(manifest))
		list[n++] = (struct rec_digest){ DIGEST_MANIFEST, manifest };
	list[0] = (struct rec_digest){ of_id, id };
	a->digest = list;
	a->ndigest = n;
}

static void find_names(struct inspect *d, const struct read_record *r, struct rec_asset *a)
{
	size_t tags = read_count(r, D_TAGS) > 0 ? D_TAGS : D_NAMES;
	const char **names = arena_array(&d->mem, const char *, read_count(r, tags) + 1);
	const char *item = NULL;
	size_t n = 0;
	while ((item = read_item(r, tags, item)) != NULL) {
		if (is_name(item))
			names[n++] = item;
	}
	item = read_item(r, D_DIGESTS, NULL);
	a->name = n > 0 ? names[0] : is_name(item) ? item : a->digest[0].value;
	a->names = n > 1 ? names + 1 : NULL;
	a->nnames = n > 1 ? n - 1 : 0;
}

static bool judge_image(struct inspect *d, const struct read_record *r, const struct rec_asset *a,
                        struct err *e)
{
	struct cis cis = { .sink = d->sink, .mem = &d->mem };
	json_t *health = tree_parse(read_text(r, D_HEALTH));
	bool ok = cis_begin(&cis, a, e) && cis_image(&cis, read_text(r, D_USER), health, e)
	          && end_judged(d, e);
	json_decref(health);
	return ok;
}

/*
 * In a list of images, as the engine's interface and `podman images` give it, an image says when it
 * was made in seconds, and nothing of its configuration.
 */
static bool is_listed(const struct read_record *r)
{
	return r->value[D_CREATED].type == READ_NUMBER;
}

static bool put_image(struct inspect *d, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_IMAGE } };
	struct rec_asset *a = &rec.u.asset;
	const char *os = read_text(r, D_OS), *arch = read_text(r, D_ARCH),
		   *variant = read_text(r, D_VARIANT);
	find_digests(d, r, a);
	find_names(d, r, a);
	if (os != NULL && arch != NULL)
		a->arch = variant == NULL ? arena_printf(&d->mem, "%s/%s", os, arch)
		                          : arena_printf(&d->mem, "%s/%s/%s", os, arch, variant);
	if (os != NULL
	    && read_text(r, D_OS_VERSION) != NULL) /* Windows: the base system's version */
		a->os = arena_printf(&d->mem, "%s %s", os, read_text(r, D_OS_VERSION));
	a->base = label(r, "org.opencontainers.image.base.name");
	a->built = read_time(r, D_CREATED);
	if (is_listed(r))
		read_int(r, D_CREATED, 0, INT64_MAX / NS_PER_S, &a->built);
	return d->sink->put(d->sink, &rec, e) && (is_listed(r) || judge_image(d, r, a, e));
}

static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct inspect *d = ctx;
	bool container = r->value[D_STATE].type != READ_NONE
	                 && (r->value[D_HOST_CONFIG].type != READ_NONE
	                     || read_text(r, D_STATUS) != NULL);
	bool image = r->value[D_TAGS_NULL].type != READ_NONE || r->value[D_ROOT].type != READ_NONE
	             || (is_listed(r) && read_count(r, D_DIGESTS) > 0);
	arena_reset(&d->mem);
	if (!container && !image)
		return read_skip(r, "neither a container nor an image", e);
	if (r->value[D_ID].type != READ_STRING
	    || kube_config_digest(&d->mem, read_text(r, D_ID)) == NULL)
		return read_skip(r, "no id of 64 hex digits", e);
	d->partial = !container                                      ? NULL
	             : is_single(r)                                  ? "one container"
	             : label(r, "io.kubernetes.pod.name") != NULL ? "one node of a cluster"
	                                                             : NULL;
	if (!put_scan(d, is_podman(r) ? "podman" : "docker", e))
		return false;
	return container ? put_container(d, r, e) : put_image(d, r, e);
}

static const struct read_scope scopes[] = {
	{ "", inspect_fields, D_COUNT, on_object, NULL },
	{ "[]", inspect_fields, D_COUNT, on_object, NULL },
};

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct inspect d = { .sink = out, .mem = ARENA_INIT };
	struct read_opts opts = { .sink = out };
	bool ok = read_document(src, scopes, LENGTH(scopes), &d, &opts, e);
	ok = ok && (d.source != NULL || put_scan(&d, "docker", e));
	arena_release(&d.mem);
	return ok;
}

static int sniff(const struct peek *p)
{
	if (!peek_has(p, "Id"))
		return 0;
	if (peek_has(p, "HostConfig")
	    && (peek_has(p, "State.Running") || peek_has(p, "State.Status")))
		return 95;
	if (peek_has(p, "State.Status") && peek_has(p, "Path") && peek_has(p, "Image"))
		return 90; /* nerdctl before 2.0 */
	return peek_has(p, "RepoTags") || peek_has(p, "RepoDigests") || peek_has(p, "RootFS") ? 90
	                                                                                      : 0;
}

const struct importer importer_docker_inspect = {
	.id = "docker-inspect",
	.title = "docker or podman inspect (containers, images)",
	.spec = "https://docs.docker.com/reference/cli/docker/inspect/",
	.sniff = sniff,
	.run = run,
};
