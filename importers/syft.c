/* SPDX-License-Identifier: MIT */
/* syft.c - Syft's own JSON, and Docker Scout's, which is much like it: packages. */
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/value.h"

enum {
	R_TOOL, R_VERSION, R_AT, R_TYPE, R_NAME, R_USER, R_OLD_USER, R_IMAGE_ID, R_OLD_IMAGE_ID,
	R_MANIFEST, R_OLD_MANIFEST, R_TAGS, R_OLD_TAGS, R_DIGESTS, R_OLD_DIGESTS, R_OS, R_ARCH,
	R_S_NAME, R_S_DIGEST, R_S_TAGS, R_S_OS, R_S_ARCH, R_S_VARIANT, R_S_DISTRO,
	R_S_DISTRO_VERSION, R_PATH, R_OLD_PATH, R_DISTRO, R_DISTRO_ID, R_DISTRO_NAME,
	R_DISTRO_VERSION, R_OLD_VERSION, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_TOOL]           = { "descriptor.name" },
	[R_VERSION]        = { "descriptor.version" },
	[R_AT]             = { "descriptor.timestamp" },
	[R_TYPE]           = { "source.type" },
	[R_NAME]           = { "source.name" },
	[R_USER]           = { "source.metadata.userInput" },
	[R_OLD_USER]       = { "source.target.userInput" },
	[R_IMAGE_ID]       = { "source.metadata.imageID" },
	[R_OLD_IMAGE_ID]   = { "source.target.imageID" },
	[R_MANIFEST]       = { "source.metadata.manifestDigest" },
	[R_OLD_MANIFEST]   = { "source.target.manifestDigest" },
	[R_TAGS]           = { "source.metadata.tags", READ_LIST },
	[R_OLD_TAGS]       = { "source.target.tags", READ_LIST },
	[R_DIGESTS]        = { "source.metadata.repoDigests", READ_LIST },
	[R_OLD_DIGESTS]    = { "source.target.repoDigests", READ_LIST },
	[R_OS]             = { "source.metadata.os" },
	[R_ARCH]           = { "source.metadata.architecture" },
	[R_S_NAME]         = { "source.image.name" }, /* Docker Scout */
	[R_S_DIGEST]       = { "source.image.digest" },
	[R_S_TAGS]         = { "source.image.tags", READ_LIST },
	[R_S_OS]           = { "source.image.platform.os" },
	[R_S_ARCH]         = { "source.image.platform.architecture" },
	[R_S_VARIANT]      = { "source.image.platform.variant" },
	[R_S_DISTRO]       = { "source.image.distro.os_name" },
	[R_S_DISTRO_VERSION] = { "source.image.distro.os_version" },
	[R_PATH]           = { "source.metadata.path" },
	[R_OLD_PATH]       = { "source.target" },
	[R_DISTRO]         = { "distro.prettyName" },
	[R_DISTRO_ID]      = { "distro.id" },
	[R_DISTRO_NAME]    = { "distro.name" },
	[R_DISTRO_VERSION] = { "distro.versionID" },
	[R_OLD_VERSION]    = { "distro.version" },
};

enum { A_SELF, A_NAME, A_VERSION, A_TYPE, A_PURL, A_LICENCES, A_VALUES, A_PATHS, A_COUNT };
static const struct read_field artifact_field[A_COUNT] = {
	[A_SELF]     = { "" },
	[A_NAME]     = { "name" },
	[A_VERSION]  = { "version" },
	[A_TYPE]     = { "type" },
	[A_PURL]     = { "purl" },
	[A_LICENCES] = { "licenses", READ_LIST },
	[A_VALUES]   = { "licenses[].value", READ_LIST },
	[A_PATHS]    = { "locations[].path", READ_LIST },
};

#define NAMES 64

struct syft {
	struct sink             *sink;
	const struct import_opts *opts;
	bool                     any; /* the file holds a report */
	struct arena             mem; /* dies with the object    */
};

static const char *either(const struct read_record *r, size_t a, size_t b)
{
	return read_text(r, a) != NULL ? read_text(r, a) : read_text(r, b);
}

static size_t items(const struct read_record *r, size_t a, size_t b, const char *out[static NAMES])
{
	size_t n = 0, field = read_count(r, a) > 0 ? a : b;
	const char *s = NULL;

	while (n < NAMES && (s = read_item(r, field, s)) != NULL)
		out[n++] = s;
	return n;
}

static const char *os(struct syft *x, const struct read_record *r)
{
	const char *name = either(r, R_DISTRO_ID, R_DISTRO_NAME);
	const char *version = either(r, R_DISTRO_VERSION, R_OLD_VERSION);

	return name == NULL ? NULL : value_join(&x->mem, name, " ", version);
}

static bool put_image(struct syft *x, const struct read_record *r, struct err *e)
{
	const char *name[NAMES], *digests[NAMES];
	struct rec_digest digest[2 + NAMES];
	struct record rec = { .kind = REC_ASSET,
		              .u.asset = { .kind = ASSET_IMAGE,
		                           .name = either(r, R_USER, R_OLD_USER),
		                           .names = name,
		                           .digest = digest,
		                           .os = os(x, r) } };
	struct rec_asset *a = &rec.u.asset;
	const char *config = value_digest(either(r, R_IMAGE_ID, R_OLD_IMAGE_ID));
	const char *manifest = value_digest(either(r, R_MANIFEST, R_OLD_MANIFEST));
	size_t n = items(r, R_DIGESTS, R_OLD_DIGESTS, digests);

	a->nnames = items(r, R_TAGS, R_OLD_TAGS, name);
	a->arch = value_join(&x->mem, read_text(r, R_OS), "/", read_text(r, R_ARCH));
	if (config != NULL)
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_CONFIG, config };
	if (manifest != NULL)
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_MANIFEST, manifest };
	for (size_t i = 0; i < n; i++)
		if (value_digest(digests[i]) != NULL)
			digest[a->ndigest++] =
				(struct rec_digest){ DIGEST_UNKNOWN, value_digest(digests[i]) };
	if (value_is_file(a->name))
		a->name = NULL;
	if (a->name == NULL && a->nnames == 0)
		a->name = x->opts->image;
	return x->sink->put(x->sink, &rec, e);
}

/* A name without a tag stands beside its tags; the digest is the manifest's. */
static bool put_scouted(struct syft *x, const struct read_record *r, struct err *e)
{
	const char *name = read_text(r, R_S_NAME), *tag = read_item(r, R_S_TAGS, NULL);
	struct rec_digest digest = { DIGEST_MANIFEST, value_digest(read_text(r, R_S_DIGEST)) };
	struct record rec = { .kind = REC_ASSET,
		              .u.asset = { .kind = ASSET_IMAGE,
		                           .name = name,
		                           .digest = &digest,
		                           .ndigest = digest.value != NULL } };
	struct rec_asset *a = &rec.u.asset;
	const char *base = name != NULL ? strrchr(name, '/') : NULL;

	if (name != NULL && tag != NULL && strpbrk(base != NULL ? base : name, ":@") == NULL)
		a->name = arena_printf(&x->mem, "%s:%s", name, tag);
	if (name == NULL || value_is_file(name))
		a->name = x->opts->image;
	a->os = value_join(&x->mem, read_text(r, R_S_DISTRO), " ",
	                   read_text(r, R_S_DISTRO_VERSION));
	a->arch = value_join(&x->mem, value_join(&x->mem, read_text(r, R_S_OS), "/",
	                                         read_text(r, R_S_ARCH)),
	                     "/", read_text(r, R_S_VARIANT));
	return x->sink->put(x->sink, &rec, e);
}

static bool put_tree(struct syft *x, const struct read_record *r, struct err *e)
{
	const char *path = either(r, R_PATH, R_OLD_PATH);
	struct record rec = { .kind = REC_ASSET,
		              .u.asset = { .kind = ASSET_TREE,
		                           .name = path ? path : read_text(r, R_NAME) } };

	if (x->opts->image != NULL) {
		rec.u.asset.kind = ASSET_IMAGE;
		rec.u.asset.name = x->opts->image;
	}
	if (rec.u.asset.name == NULL)
		rec.u.asset.name = "unnamed";
	return x->sink->put(x->sink, &rec, e);
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct syft *x = ctx;
	bool scouted = str_eq(read_text(r, R_TOOL), "docker-scout");
	struct record scan = { .kind = REC_SCAN,
		               .u.scan = { .source = scouted ? "docker-scout" : "syft",
		                           .version = read_text(r, R_VERSION),
		                           .at = read_time(r, R_AT) } };

	x->any = true;
	arena_reset(&x->mem);
	if (!x->sink->put(x->sink, &scan, e))
		return false;
	if (scouted)
		return put_scouted(x, r, e);
	return str_eq(read_text(r, R_TYPE), "image") ? put_image(x, r, e) : put_tree(x, r, e);
}

static bool on_artifact(void *ctx, const struct read_record *r, struct err *e)
{
	struct syft *x = ctx;
	struct buf licences = BUF_INIT;
	struct record rec = {
		.kind = REC_COMPONENT,
		.u.component = {
			.package_type = read_text(r, A_TYPE),
			.package      = read_text(r, A_NAME),
			.version      = read_text(r, A_VERSION),
			.purl         = read_text(r, A_PURL),
			.path         = read_item(r, A_PATHS, NULL),
		},
	};
	bool ok;

	if (read_text(r, A_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (rec.u.component.package == NULL)
		return read_skip(r, "no name", e);
	arena_reset(&x->mem);
	read_join(r, read_count(r, A_VALUES) > 0 ? A_VALUES : A_LICENCES, ", ", &licences);
	rec.u.component.licence = licences.len > 0 ? licences.s : NULL;
	ok = x->sink->put(x->sink, &rec, e);
	buf_release(&licences);
	return ok;
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, NULL },
	{ "artifacts[]", artifact_field, A_COUNT, on_artifact, NULL },
};

static int sniff(const struct peek *p)
{
	const char *schema = peek_text(p, "schema.url");

	if (!peek_has(p, "artifacts"))
		return 0;
	if (peek_is(p, "descriptor.name", "syft") || peek_is(p, "descriptor.name", "docker-scout"))
		return 100;
	return schema != NULL && strstr(schema, "/syft/") != NULL ? 95 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct syft x = { .sink = out, .opts = o, .mem = ARENA_INIT };
	bool ok = read_document(src, scope, LENGTH(scope), &x,
	                        &(struct read_opts){ .sink = out }, e);

	if (ok && !x.any)
		ok = err_set(e, ERR_FORMAT, "not a Syft report: it holds no object");
	arena_release(&x.mem);
	return ok;
}

const struct importer importer_syft = {
	.id    = "syft",
	.title = "Syft JSON, Docker Scout's bill of materials",
	.spec  = "https://github.com/anchore/syft/tree/main/schema/json",
	.sniff = sniff,
	.run   = run,
};
