/* SPDX-License-Identifier: MIT */
/*
 * github_snapshot.c - snapshots of dependencies as GitHub takes them, of Trivy and Syft: packages
 * by the file that names them. Spec: .spec below.
 */
#include "importers/importer.h"
#include "importers/scanner.h"
#include "importers/value.h"

enum { R_TOOL, R_VERSION, R_AT, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_TOOL]    = { "detector.name" },
	[R_VERSION] = { "detector.version" },
	[R_AT]      = { "scanned" },
};

enum { M_NAME, M_FILE, M_TAGS, M_DIGESTS, M_COUNT };
static const struct read_field manifest_field[M_COUNT] = {
	[M_NAME]    = { "name" },
	[M_FILE]    = { "file.source_location" },
	[M_TAGS]    = { "metadata.aquasecurity:trivy:RepoTag" },
	[M_DIGESTS] = { "metadata.aquasecurity:trivy:RepoDigest" },
};

enum { P_SELF, P_PURL, P_COUNT };
static const struct read_field package_field[P_COUNT] = {
	[P_SELF] = { "" },
	[P_PURL] = { "package_url" },
};

struct snapshot {
	struct scanner s; /* first: the context of a scanner's functions                 */
	const char    *path; /* of what the manifest lists; NULL: all of a system; in `outer` */
};

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct snapshot *x = ctx;
	const char *tool = read_text(r, R_TOOL);

	return scanner_scan(&x->s, &(struct rec_scan){ .source = tool == NULL ? "github" : tool,
	                                               .version = read_text(r, R_VERSION),
	                                               .at = read_time(r, R_AT) }, e);
}

/* The first of a list with ", " between its items. */
static const char *first_of(struct arena *mem, const char *list)
{
	return list == NULL ? NULL : arena_dupn(mem, list, strcspn(list, ","));
}

/* Syft writes "IMAGE:/path" of an image, and the path alone of a folder. */
static bool split_syft(struct arena *mem, const char *key, const char **image, const char **path)
{
	const char *at = strstr(key, ":/");

	if (at == NULL || at == key || at[2] == '/')
		return false;
	*image = arena_dupn(mem, key, (size_t)(at - key));
	*path = at + 1;
	return true;
}

/*
 * The image is told by the manifest's metadata, by the target of its system's packages, or by
 * Syft's name of the manifest.
 */
static bool on_manifest(void *ctx, const struct read_record *r, struct err *e)
{
	struct snapshot *x = ctx;
	struct arena *mem = &x->s.outer;
	struct rec_digest digest;
	struct rec_asset a = { .kind = ASSET_IMAGE, .digest = &digest };
	const char *tag, *ref;

	arena_reset(mem);
	tag = first_of(mem, read_text(r, M_TAGS));
	ref = first_of(mem, read_text(r, M_DIGESTS));
	x->path = read_text(r, M_FILE) != NULL ? arena_dup(mem, read_text(r, M_FILE)) : r->key;
	if (value_target(mem, r->key, &a.name, &a.os))
		x->path = NULL;
	else if (!split_syft(mem, r->key, &a.name, &x->path))
		a.name = NULL;
	digest = (struct rec_digest){ DIGEST_UNKNOWN, value_digest(ref) };
	a.ndigest = digest.value != NULL;
	if (tag != NULL || ref != NULL)
		a.name = tag != NULL ? tag : ref;
	if (x->s.opts->image != NULL && (a.name == NULL || value_is_file(a.name)))
		a.name = x->s.opts->image;
	if (a.name == NULL && a.ndigest == 0) {
		a.kind = ASSET_TREE;
		a.name = ".";
	}
	return scanner_asset(&x->s, &a, e);
}

static bool on_package(void *ctx, const struct read_record *r, struct err *e)
{
	struct snapshot *x = ctx;
	const struct record rec = {
		.kind = REC_COMPONENT,
		.u.component = { .purl = read_text(r, P_PURL), .path = x->path },
	};

	if (read_text(r, P_SELF) != NULL)
		return read_skip(r, "not an object", e);
	return rec.u.component.purl == NULL ? read_skip(r, "no package_url", e) :
	       scanner_put(&x->s, &rec, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, NULL },
	{ "manifests{}", manifest_field, M_COUNT, on_manifest, NULL },
	{ "manifests{}.resolved{}", package_field, P_COUNT, on_package, NULL },
};

static int sniff(const struct peek *p)
{
	return peek_has(p, "detector.name") && peek_has(p, "manifests") && peek_has(p, "job") &&
	       peek_has(p, "scanned") ? 90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct snapshot x = { .s = { .sink = out, .opts = o } };

	return scanner_read(&x.s, src, scope, LENGTH(scope), "dependencies", e);
}

const struct importer importer_github_snapshot = {
	.id    = "github-snapshot",
	.title = "Snapshot of dependencies for GitHub",
	.spec  = "https://docs.github.com/rest/dependency-graph/dependency-submission",
	.sniff = sniff,
	.run   = run,
};
