/* SPDX-License-Identifier: MIT */
/* sarif.c - SARIF 2.1.0: the runs of any tool, and what each of them was about. */
#include <stdlib.h>

#include "importers/sarif.h"
#include "importers/scanner.h"
#include "importers/value.h"

#define VERSION "2.1.0"
#define NAMES   64 /* digests and further names of one image; more are left out */

enum { R_VERSION, R_SCHEMA, R_RUNS, R_INLINE, R_COUNT };
static const struct read_field log_field[R_COUNT] = {
	[R_VERSION] = { "version" },
	[R_SCHEMA]  = { "$schema" },
	[R_RUNS]    = { "runs" },
	[R_INLINE]  = { "inlineExternalProperties[].results[].message.text" },
};

const struct read_field sarif_run_field[RUN_COUNT] = {
	[RUN_TOOL]       = { "tool.driver.name" },
	[RUN_VERSION]    = { "tool.driver.version" },
	[RUN_SEMANTIC]   = { "tool.driver.semanticVersion" },
	[RUN_IMAGE]      = { "properties.imageName" },
	[RUN_IMAGE_ID]   = { "properties.imageID" },
	[RUN_TAGS]       = { "properties.repoTags", READ_LIST },
	[RUN_DIGESTS]    = { "properties.repoDigests", READ_LIST },
	[RUN_BASES]      = { "originalUriBaseIds{}.uri", READ_LIST },
	[RUN_REPOSITORY] = { "versionControlProvenance[].repositoryUri", READ_LIST },
	[RUN_STARTED]    = { "invocations[].startTimeUtc", READ_LIST },
	[RUN_ENDED]      = { "invocations[].endTimeUtc", READ_LIST },
	[RUN_SUCCESS]    = { "invocations[].executionSuccessful", READ_LIST },
	[RUN_AUTOMATION] = { "automationDetails.id" },
	[RUN_ELSEWHERE]  = { "externalPropertyFileReferences.results[].location.uri", READ_LIST },
	[RUN_PULLED]     = { "properties.pullString" }, /* Sysdig's words for the image */
	[RUN_MANIFEST]   = { "properties.digest" },
	[RUN_CONFIG]     = { "properties.imageId" },
};

/* An array, or whatever stands in its place. */
static const struct read_field results_field[] = { { "" } };

/*
 * What SARIF's drivers are called by everybody else, so that a tool is one source in all its
 * formats.
 */
static const struct {
	const char     *driver, *source;
	enum sarif_tool tool;
} known_tool[] = {
	{ "Trivy",            "trivy",    TOOL_TRIVY },
	{ "Grype",            "grype",    TOOL_GRYPE },
	{ "Snyk Container",   "snyk",     TOOL_SNYK },
	{ "Snyk Open Source", "snyk",     TOOL_SNYK },
	{ "Dockle",           "dockle",   TOOL_DOCKLE },
	{ "Hadolint",         "hadolint", TOOL_HADOLINT },
	{ "docker scout",     "docker-scout", TOOL_SCOUT },
	{ "checkov",          "checkov",  TOOL_CHECKOV },
	{ "kubescape",        "kubescape", TOOL_OTHER },
	{ "gitleaks",         "gitleaks", TOOL_GITLEAKS },
	{ "osv-scanner",      "osv-scanner", TOOL_OSV },
	{ "sysdig-cli-scanner", "sysdig", TOOL_SYSDIG },
	{ "dependency-check", "dependency-check", TOOL_DEPENDENCY_CHECK },
	{ "Clair V4",         "clair",    TOOL_CLAIR },
	{ "Prisma Cloud (twistcli)", "twistlock", TOOL_TWISTCLI },
	{ "Anchore Container Vulnerability Report (T0)", "grype", TOOL_ANCHORE },
};

/* ---- the asset ---- */

/* An image's id is that of its configuration, unless the engine uses the manifest's for it. */
static size_t image_digests(const struct read_record *run, const char *name, struct rec_digest *d)
{
	const char *id = value_digest(read_text(run, RUN_IMAGE_ID)), *s = NULL, *digest;
	bool config = id != NULL;
	size_t n = 0;

	if (id == NULL && (digest = value_digest(read_text(run, RUN_CONFIG))) != NULL)
		d[n++] = (struct rec_digest){ DIGEST_CONFIG, digest };
	if ((digest = value_digest(read_text(run, RUN_MANIFEST))) != NULL)
		d[n++] = (struct rec_digest){ DIGEST_UNKNOWN, digest };
	if ((digest = value_digest(name)) != NULL)
		d[n++] = (struct rec_digest){ DIGEST_UNKNOWN, digest };
	while (n + 1 < NAMES && (s = read_item(run, RUN_DIGESTS, s)) != NULL) {
		if ((digest = value_digest(s)) == NULL || (n > 0 && str_eq(digest, d[0].value)))
			continue;
		config = config && !str_eq(digest, id);
		d[n++] = (struct rec_digest){ DIGEST_UNKNOWN, digest };
	}
	if (config)
		d[n++] = (struct rec_digest){ DIGEST_CONFIG, id };
	return n;
}

static bool put_image(struct sarif *s, const struct read_record *run, const char *name,
                      struct err *e)
{
	struct rec_digest digest[NAMES];
	const char *names[NAMES], *tag = NULL;
	size_t n = 0;
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = {
			.kind    = ASSET_IMAGE,
			.name    = name,
			.digest  = digest,
			.ndigest = image_digests(run, name, digest),
			.names   = names,
		},
	};

	while (n < NAMES && (tag = read_item(run, RUN_TAGS, tag)) != NULL)
		if (*tag != '\0' && !str_eq(tag, name))
			names[n++] = tag;
	rec.u.asset.nnames = n;
	return s->sink->put(s->sink, &rec, e);
}

/* The folder or repository that locations are relative to. */
static const char *tree_name(const struct read_record *run)
{
	const char *name = read_item(run, RUN_REPOSITORY, NULL);

	if (name != NULL)
		return name;
	name = read_item(run, RUN_BASES, NULL); /* its id; what it stands for comes after it */
	if (name != NULL)
		name = read_item(run, RUN_BASES, name);
	return name == NULL || *name == '\0' ? "." : name;
}

/* Does the tool look at images and nothing else, so that `--image` says which? */
static bool always_image(enum sarif_tool tool)
{
	return tool == TOOL_GRYPE || tool == TOOL_SNYK || tool == TOOL_DOCKLE ||
	       tool == TOOL_SCOUT || tool == TOOL_CLAIR || tool == TOOL_TWISTCLI ||
	       tool == TOOL_ANCHORE || tool == TOOL_SYSDIG;
}

static const char *named_image(const struct read_record *run)
{
	const char *name = read_text(run, RUN_IMAGE);

	return name != NULL ? name : read_text(run, RUN_PULLED);
}

/* The reference of the run's image, if the run tells one. */
static const char *image_name(const struct sarif *s, const struct read_record *run)
{
	const char *name = named_image(run), *tag = read_item(run, RUN_TAGS, NULL);

	if (name != NULL && value_is_file(name) && tag != NULL)
		return tag;
	if (name == NULL && always_image(s->tool))
		return s->opts->image;
	return name;
}

static bool put_tree(struct sarif *s, const struct read_record *run, struct err *e)
{
	const struct record rec = {
		.kind = REC_ASSET,
		.u.asset = { .kind = ASSET_TREE, .name = tree_name(run) },
	};

	return s->sink->put(s->sink, &rec, e);
}

/* The scan is complete for the kinds that it found of the current asset. */
static bool put_covers(struct sarif *s, struct err *e)
{
	unsigned kind;

	for (kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		const struct record cover = {
			.kind = REC_COVER,
			.u.cover = {
				.kind  = (enum finding_kind)kind,
				.scope = kind == FINDING_VULNERABILITY ? NULL : sarif_category(s),
			},
		};

		if (s->covered & 1u << kind && !s->sink->put(s->sink, &cover, e))
			return false;
	}
	s->covered = 0;
	return true;
}

bool sarif_settle(struct sarif *s, const struct read_record *run, const char *image, struct err *e)
{
	const char *name;

	if (image == NULL && s->asset.len > 0)
		return true;
	if (image == NULL)
		image = image_name(s, run);
	if (image == NULL && (s->tool == TOOL_DOCKLE || s->tool == TOOL_SCOUT ||
	                      s->tool == TOOL_CLAIR || s->tool == TOOL_TWISTCLI))
		return scanner_no_image(e);
	name = image != NULL ? image : tree_name(run);
	if (s->asset.len > 0 && str_eq(s->asset.s, name))
		return true;
	if (!put_covers(s, e))
		return false;
	buf_reset(&s->asset);
	buf_adds(&s->asset, name);
	return image != NULL ? put_image(s, run, image, e) : put_tree(s, run, e);
}

/* ---- runs ---- */

/* Of the version that is read; some writers leave it to this to tell it. */
static bool is_schema(const char *url)
{
	return url != NULL && strstr(url, "sarif") != NULL && strstr(url, VERSION) != NULL;
}

static bool on_log(void *ctx, const struct read_record *r, struct err *e)
{
	struct sarif *s = ctx;
	const char *version = read_text(r, R_VERSION), *schema = read_text(r, R_SCHEMA);

	if (!str_eq(version, VERSION) && (version != NULL || !is_schema(schema)))
		return err_set(e, ERR_FORMAT, "SARIF version %s is not supported (want %s)",
		               version == NULL ? "(none)" : version, VERSION);
	if (read_text(r, R_RUNS) != NULL)
		return err_set(e, ERR_FORMAT, "runs is not an array");
	s->any = true;
	s->outside = read_count(r, R_INLINE) > 0;
	return !s->outside || read_skip(r, "it has results outside of its runs, which are not read",
	                                e);
}

static int64_t run_time(const struct read_record *r)
{
	const char *text = read_item(r, RUN_ENDED, NULL);
	int64_t at;

	if (text == NULL)
		text = read_item(r, RUN_STARTED, NULL);
	return text != NULL && time_parse(text, &at) ? at : 0;
}

static bool run_failed(const struct read_record *r)
{
	const char *success = NULL;

	while ((success = read_item(r, RUN_SUCCESS, success)) != NULL)
		if (str_ieq(success, "false"))
			return true;
	return false;
}

void sarif_note_run(struct sarif_rules *t, const struct read_record *r)
{
	const char *tool = read_text(r, RUN_TOOL), *version = read_text(r, RUN_VERSION);
	const char *image = named_image(r);

	if (t->runs == t->caprun) {
		t->caprun = t->caprun == 0 ? 16 : t->caprun * 2;
		t->run = xrealloc_array(t->run, t->caprun, sizeof(*t->run));
	}
	if (version == NULL)
		version = read_text(r, RUN_SEMANTIC);
	t->run[t->runs++] = (struct sarif_run){
		.of      = arena_printf(&t->mem, "%s\n%s\n%s", tool == NULL ? "" : tool,
		                        image == NULL ? "" : image, tree_name(r)),
		.version = arena_dup(&t->mem, version),
		.at      = run_time(r),
		.failed  = run_failed(r),
	};
}

static int by_thing(const void *a, const void *b)
{
	const struct sarif_run *const *x = a, *const *y = b;

	return strcmp((*x)->of, (*y)->of);
}

void sarif_join_runs(struct sarif_rules *t)
{
	struct sarif_run **run = arena_array(&t->mem, struct sarif_run *, t->runs + 1);
	size_t i, first, n = (size_t)t->runs;

	for (i = 0; i < n; i++)
		run[i] = &t->run[i];
	qsort(run, n, sizeof(struct sarif_run *), by_thing);
	for (first = 0; first < n; first = i) {
		struct sarif_run all = *run[first];

		for (i = first + 1; i < n && str_eq(run[i]->of, all.of); i++) {
			bool failed = all.failed || run[i]->failed;

			if (run[i]->at > all.at)
				all = *run[i];
			all.failed = failed;
		}
		for (size_t k = first; k < i; k++)
			*run[k] = all;
	}
}

/* What stands before the last slash; behind it, which run it was. */
const char *sarif_category(const struct sarif *s)
{
	return s->category.len > 0 ? s->category.s : NULL;
}

static void take_category(struct sarif *s, const char *id)
{
	const char *end = id == NULL ? NULL : strrchr(id, '/');

	buf_reset(&s->category);
	if (end != NULL)
		buf_add(&s->category, id, (size_t)(end - id));
}

static bool on_run(void *ctx, const struct read_record *r, struct err *e)
{
	struct sarif *s = ctx;
	const struct sarif_run *run = &s->rules.run[s->run];
	struct record scan = {
		.kind = REC_SCAN,
		.u.scan = {
			.source  = read_text(r, RUN_TOOL),
			.version = run->version,
			.at      = run->at,
			.partial = run->failed ? "execution failed" : NULL,
		},
	};
	size_t i;

	s->run++;
	s->tool = TOOL_OTHER;
	s->ran = false;
	s->covered = 0;
	take_category(s, read_text(r, RUN_AUTOMATION));
	buf_reset(&s->asset);
	if (scan.u.scan.source == NULL)
		return err_set(e, ERR_FORMAT, "the run names no tool");
	for (i = 0; i < LENGTH(known_tool); i++) {
		if (!str_ieq(scan.u.scan.source, known_tool[i].driver))
			continue;
		scan.u.scan.source = known_tool[i].source;
		s->tool = known_tool[i].tool;
		break;
	}
	if (read_count(r, RUN_ELSEWHERE) > 0 &&
	    !read_skip(r, "it has results in other files, which are not read", e))
		return false;
	if (s->outside)
		scan.u.scan.partial = "results outside of the run";
	if (read_count(r, RUN_ELSEWHERE) > 0)
		scan.u.scan.partial = "results in other files";
	return s->sink->put(s->sink, &scan, e);
}

static bool on_results(void *ctx, const struct read_record *r, struct err *e)
{
	struct sarif *s = ctx;

	if (read_text(r, 0) != NULL)
		return err_set(e, ERR_FORMAT, "results is not an array");
	s->ran = true;
	return true;
}

/* What a run without a single result would have been about. */
static enum finding_kind usual_kind(enum sarif_tool tool, const struct read_record *run)
{
	switch (tool) {
	case TOOL_GRYPE:
	case TOOL_SNYK:
	case TOOL_SCOUT:
	case TOOL_ANCHORE:
	case TOOL_CLAIR:
	case TOOL_OSV:
	case TOOL_TWISTCLI:
	case TOOL_DEPENDENCY_CHECK:
	case TOOL_SYSDIG:
		return FINDING_VULNERABILITY;
	case TOOL_TRIVY:
		return read_text(run, RUN_IMAGE) != NULL ? FINDING_VULNERABILITY :
		       FINDING_MISCONFIGURATION;
	case TOOL_GITLEAKS:
		return FINDING_SECRET;
	case TOOL_HADOLINT:
		return FINDING_LINT;
	default:
		return FINDING_MISCONFIGURATION;
	}
}

/* Can a run without results be told to be of something? */
static bool knows_asset(const struct sarif *s, const struct read_record *run)
{
	return image_name(s, run) != NULL || !always_image(s->tool);
}

/*
 * Complete for the kinds it found, and when it found nothing, for the tool's own. A run without an
 * array of results has produced none: it is complete for nothing.
 */
static bool end_run(void *ctx, const struct read_record *r, struct err *e)
{
	struct sarif *s = ctx;

	if (!s->ran || (s->asset.len == 0 && !knows_asset(s, r)))
		return true;
	if (s->asset.len == 0 && !sarif_settle(s, r, NULL, e))
		return false;
	if (s->covered == 0)
		s->covered = 1u << usual_kind(s->tool, r);
	return put_covers(s, e);
}

/* ---- the importer ---- */

static const struct read_scope scope[] = {
	{ "", log_field, R_COUNT, on_log },
	{ "runs[]", sarif_run_field, RUN_COUNT, on_run, end_run },
	{ "runs[].results", results_field, LENGTH(results_field), on_results },
	{ "runs[].results[]", sarif_result_field, SARIF_RESULT, sarif_on_result },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "runs") &&
	    (peek_is(p, "version", VERSION) || is_schema(peek_text(p, "$schema"))))
		return 100;
	return peek_has(p, "runs[0].tool") ? 60 : 0; /* of another version, which is refused */
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct sarif s = {
		.sink = out, .opts = o, .rules = SARIF_RULES_INIT, .asset = BUF_INIT,
		.category = BUF_INIT, .mem = ARENA_INIT,
	};
	const struct read_opts how = { .sink = out };
	bool ok = sarif_rules_read(&s.rules, src, e) &&
	          read_document(src, scope, LENGTH(scope), &s, &how, e);

	if (ok && !s.any)
		ok = err_set(e, ERR_FORMAT, "not a SARIF log: it holds no object");
	sarif_rules_release(&s.rules);
	buf_release(&s.asset);
	buf_release(&s.category);
	arena_release(&s.mem);
	return ok;
}

const struct importer importer_sarif = {
	.id    = "sarif",
	.title = "SARIF 2.1.0",
	.spec  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html",
	.sniff = sniff,
	.run   = run,
};
