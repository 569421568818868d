/* SPDX-License-Identifier: MIT */
/*
 * kubescape.c - Kubescape's report (JSON, version 2 of the format): which control holds for which
 * object of a cluster or of a set of files. Spec: .spec below.
 */
#include <uthash.h>

#include "importers/kube.h"
#include "importers/kubescape.h"
#include "importers/scanner.h"
#include "importers/value.h"

struct control { /* as the summary tells it */
	const char     *id, *name, *severity;
	const char     *status, *sub;
	int64_t         failed;
	bool            told; /* by some object's own row */
	UT_hash_handle  hh;
};
struct object {
	const char     *id, *kind, *space, *name;
	const char     *file;    /* NULL: of a cluster                               */
	const char     *related; /* what it was judged together with; NULL: with nothing */
	UT_hash_handle  hh;
};

struct kubescape {
	struct scanner  s; /* first: the context of a scanner's functions */
	struct control *controls;
	struct object  *objects;
	struct arena    tables;
	bool            files;    /* some object is from a file */
	const char     *place;    /* of the object in hand, in `outer`; NULL: it is the asset */
	bool            settled;  /* the object in hand is known */
};

enum { R_CLUSTER, R_CONTEXT, R_TIME, R_VERSION, R_RESULTS, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_CLUSTER] = { "clusterName" },
	[R_CONTEXT] = { "metadata.targetMetadata.clusterContextMetadata.contextName" },
	[R_TIME]    = { "generationTime" },
	[R_VERSION] = { "metadata.scanMetadata.kubescapeVersion" },
	[R_RESULTS] = { "results" },
};

enum { C_ID, C_NAME, C_FACTOR, C_SEVERITY, C_STATUS, C_SUB, C_OLD, C_FAILED, C_COUNT };
static const struct read_field control_field[C_COUNT] = {
	[C_ID]       = { "controlID" },
	[C_NAME]     = { "name" },
	[C_FACTOR]   = { "scoreFactor" },
	[C_SEVERITY] = { "severity" },
	[C_STATUS]   = { "statusInfo.status" },
	[C_SUB]      = { "statusInfo.subStatus" },
	[C_OLD]      = { "status" },
	[C_FAILED]   = { "ResourceCounters.failedResources" },
};

enum {
	O_ID, O_KIND, O_SPACE, O_NAME, O_SUBJECT_SPACE, O_SUBJECT, O_FILE, O_RELATED_KIND,
	O_RELATED_NAME, O_RELATED_FILE, O_PAIRED_FILE, O_SOURCE, O_COUNT
};
static const struct read_field object_field[O_COUNT] = {
	[O_ID]            = { "resourceID" },
	[O_KIND]          = { "object.kind" },
	[O_SPACE]         = { "object.metadata.namespace" },
	[O_NAME]          = { "object.metadata.name" },
	[O_SUBJECT_SPACE] = { "object.namespace" }, /* of an account that roles are bound to */
	[O_SUBJECT]       = { "object.name" },
	[O_FILE]          = { "source.relativePath" },
	[O_RELATED_KIND]  = { "object.relatedObjects[].kind", READ_LIST },
	[O_RELATED_NAME]  = { "object.relatedObjects[].metadata.name", READ_LIST },
	[O_RELATED_FILE]  = { "object.relatedObjects[].sourcePath", READ_LIST },
	[O_PAIRED_FILE]   = { "object.relatedObjects.sourcePath" },
	[O_SOURCE]        = { "object.sourcePath" },
};

enum { T_ID, T_COUNT };
static const struct read_field result_field[T_COUNT] = {
	[T_ID] = { "resourceID" },
};

enum {
	V_SELF, V_ID, V_NAME, V_STATUS, V_SUB, V_RULES, V_FAILED, V_REVIEW, V_DELETE, V_FIX,
	V_VALUE, V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]   = { "" },
	[V_ID]     = { "controlID" },
	[V_NAME]   = { "name" },
	[V_STATUS] = { "status.status" },
	[V_SUB]    = { "status.subStatus" },
	[V_RULES]  = { "rules[].status", READ_LIST },
	[V_FAILED] = { "rules[].paths[].failedPath", READ_LIST },
	[V_REVIEW] = { "rules[].paths[].reviewPath", READ_LIST },
	[V_DELETE] = { "rules[].paths[].deletePath", READ_LIST },
	[V_FIX]    = { "rules[].paths[].fixPath.path", READ_LIST },
	[V_VALUE]  = { "rules[].paths[].fixPath.value", READ_LIST },
};

/* ---- the first pass: controls, and the objects that results name ---- */

static struct control *control_of(struct kubescape *k, const char *id)
{
	struct control *c;

	HASH_FIND_STR(k->controls, id, c);
	if (c == NULL) {
		c = arena_new(&k->tables, struct control);
		c->id = arena_dup(&k->tables, id);
		HASH_ADD_KEYPTR(hh, k->controls, c->id, strlen(c->id), c);
	}
	return c;
}

/* Few reports have a word for it; the factor's bands are Kubescape's own. */
static const char *severity_of(const struct read_record *r)
{
	double factor;

	if (read_text(r, C_SEVERITY) != NULL || !read_double(r, C_FACTOR, &factor))
		return read_text(r, C_SEVERITY);
	return factor >= 9 ? "critical" : factor >= 7 ? "high" : factor >= 4 ? "medium" :
	       factor >= 1 ? "low" : NULL;
}

static bool note_control(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct kubescape *k = ctx;
	struct control *c = control_of(k, read_text(r, C_ID) != NULL ? read_text(r, C_ID) :
	                                                              r->key);

	c->name = arena_dup(&k->tables, read_text(r, C_NAME));
	c->severity = arena_dup(&k->tables, severity_of(r));
	c->status = arena_dup(&k->tables, scanner_text(r, C_STATUS, C_OLD));
	c->sub = arena_dup(&k->tables, read_text(r, C_SUB));
	if (!read_int(r, C_FAILED, 0, INT64_MAX, &c->failed))
		c->failed = 0;
	return true;
}

static bool note_row(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	if (read_text(r, V_ID) != NULL)
		control_of(ctx, read_text(r, V_ID))->told = true;
	return true;
}

/* "ClusterRole/x, ClusterRoleBinding/y": what a subject's rights come from. */
static const char *related(struct arena *mem, const struct read_record *r)
{
	const char *all = NULL, *kind = NULL, *name = NULL;

	if (read_count(r, O_RELATED_KIND) != read_count(r, O_RELATED_NAME))
		return NULL;
	while ((kind = read_item(r, O_RELATED_KIND, kind)) != NULL) {
		name = read_item(r, O_RELATED_NAME, name);
		all = value_join(mem, all, ", ", arena_printf(mem, "%s/%s", kind, name));
	}
	return all;
}

/* A file is named by the object's source or, with ":" and a number, by the object. */
static const char *file_of(struct arena *mem, const struct read_record *r)
{
	const char *file = read_text(r, O_FILE);

	if (file == NULL)
		file = read_item(r, O_RELATED_FILE, NULL);
	if (file == NULL)
		file = scanner_text(r, O_PAIRED_FILE, O_SOURCE);
	return file == NULL ? NULL : arena_dupn(mem, file, strcspn(file, ":"));
}

static bool note_object(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct kubescape *k = ctx;
	struct object *o;
	const char *id = read_text(r, O_ID);

	if (id == NULL)
		return true;
	HASH_FIND_STR(k->objects, id, o);
	if (o != NULL)
		return true;
	o = arena_new(&k->tables, struct object);
	o->id = arena_dup(&k->tables, id);
	o->kind = arena_dup(&k->tables, read_text(r, O_KIND));
	o->space = arena_dup(&k->tables, scanner_text(r, O_SPACE, O_SUBJECT_SPACE));
	o->name = arena_dup(&k->tables, scanner_text(r, O_NAME, O_SUBJECT));
	o->file = file_of(&k->tables, r);
	o->related = related(&k->tables, r);
	k->files = k->files || o->file != NULL;
	HASH_ADD_KEYPTR(hh, k->objects, o->id, strlen(o->id), o);
	return true;
}

static const struct read_scope table[] = {
	{ "summaryDetails.controls{}", control_field, C_COUNT, note_control },
	{ "resources[]", object_field, O_COUNT, note_object },
	{ "results[].controls[]", row_field, V_COUNT, note_row },
};

/* ---- the second pass: verdicts ---- */

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct kubescape *k = ctx;

	if (k->controls == NULL && k->objects == NULL)
		return err_set(e, ERR_FORMAT, "only a summary: it tells of no objects; import the "
		               "whole report");
	if (read_text(r, R_RESULTS) != NULL)
		return err_set(e, ERR_FORMAT, "results is not an array");
	return scanner_scan(&k->s, &(struct rec_scan){
		.source  = "kubescape",
		.version = read_text(r, R_VERSION),
		.at      = read_time(r, R_TIME),
		.cluster = k->files ? NULL : scanner_text(r, R_CLUSTER, R_CONTEXT),
	}, e);
}

/* A file is a tree of its own, with the object as the place in it. */
static bool put_object(struct kubescape *k, const struct object *o, struct err *e)
{
	struct rec_asset a = { .kind = ASSET_TREE, .name = o->file };

	if (o->file != NULL)
		k->place = value_join(&k->s.outer, o->kind, "/", o->name);
	else
		k->place = kube_asset(&k->s.outer, o->kind, o->space, o->name, &a);
	k->place = value_join(&k->s.outer, k->place, " with ", o->related);
	return scanner_asset(&k->s, &a, e);
}

/*
 * The raw objects may be left out of a report (--omit-raw-resources). Then their ids tell what they
 * are: "apps/v1/shop/Deployment/web", with nothing for the group or the namespace of what has none,
 * and behind "path=1/api=" for an object of a file.
 */
static bool told_by_id(struct arena *mem, const char *id, struct object *o)
{
	enum { GROUP, VERSION, SPACE, KIND, NAME, PARTS };
	static const char api[] = "/api=", path[] = "path=";
	const char *part[PARTS], *s = id, *slash;
	size_t i;

	if (id != NULL && str_prefix(id, path) && (s = strstr(id, api)) != NULL)
		s += strlen(api);
	for (i = 0; s != NULL && i < PARTS; i++) {
		slash = strchr(s, '/');
		part[i] = arena_dupn(mem, s, slash == NULL ? strlen(s) : (size_t)(slash - s));
		s = slash == NULL ? NULL : slash + 1;
	}
	if (s != NULL || i < PARTS || *part[KIND] == '\0' || *part[NAME] == '\0')
		return false;
	*o = (struct object){
		.id = id, .kind = part[KIND], .name = part[NAME],
		.space = *part[SPACE] == '\0' ? NULL : part[SPACE],
		.file = str_prefix(id, path) ? "." : NULL,
	};
	return true;
}

static bool on_result(void *ctx, const struct read_record *r, struct err *e)
{
	struct kubescape *k = ctx;
	const char *id = read_text(r, T_ID);
	struct object *o = NULL, told;

	arena_reset(&k->s.outer);
	if (id != NULL)
		HASH_FIND_STR(k->objects, id, o);
	k->settled = o != NULL && o->kind != NULL;
	if (!k->settled && told_by_id(&k->s.outer, id, &told)) {
		k->settled = true;
		o = &told;
	}
	return k->settled ? put_object(k, o, e) : read_skip(r, "no such resource", e);
}

enum verdict kubescape_verdict(const char *status, const char *sub)
{
	static const char *const word[] = {
		"passed", "failed", "skipped", "irrelevant", "excluded", "warning", "error",
	};
	static const enum verdict verdict[] = {
		VERDICT_PASS, VERDICT_FAIL, VERDICT_SKIP, VERDICT_SKIP, VERDICT_SKIP, VERDICT_WARN,
		VERDICT_SKIP,
	};
	int i = str_index(word, LENGTH(word), status);

	if (i < 0)
		return VERDICT_COUNT;
	if (str_ieq(sub, "manual review") || str_ieq(sub, "requires review"))
		return VERDICT_MANUAL;
	if (verdict[i] == VERDICT_PASS && (str_ieq(sub, "irrelevant") ||
	                                   str_ieq(sub, "w/exceptions")))
		return VERDICT_SKIP;
	return verdict[i];
}

/* Old reports leave the status of a row to be told by its rules: one that fails decides. */
static const char *status_of(const struct read_record *r)
{
	const char *status = read_text(r, V_STATUS), *s = NULL;

	while (read_text(r, V_STATUS) == NULL && (s = read_item(r, V_RULES, s)) != NULL)
		if (status == NULL || str_eq(s, "failed"))
			status = s;
	return status;
}

const char *kubescape_fixes(struct arena *mem, const char *all, const struct read_record *r,
                            size_t paths, size_t values)
{
	const char *path = NULL, *value = NULL;
	bool pairs = read_count(r, paths) == read_count(r, values);

	while ((path = read_item(r, paths, path)) != NULL) {
		value = pairs ? read_item(r, values, value) : NULL;
		if (*path != '\0')
			all = value_join(mem, all, ", ", value_join(mem, path, "=", value));
	}
	return all;
}

/*
 * Where it fails, and what would mend it. The paths that are to be looked at and those that are to
 * go repeat the ones that fail, and stand for them in newer reports.
 */
static const char *message_of(struct arena *mem, const struct read_record *r)
{
	const char *all = scanner_items(mem, r, V_FAILED);

	if (all == NULL)
		all = value_join(mem, scanner_items(mem, r, V_REVIEW), ", ",
		                 scanner_items(mem, r, V_DELETE));
	return kubescape_fixes(mem, all, r, V_FIX, V_VALUE);
}

static void fill_rule(struct kubescape *k, const char *id, struct rec_rule *rule)
{
	const struct control *c = control_of(k, id);

	rule->id = c->id;
	rule->severity = severity_fold(c->severity);
	rule->severity_raw = c->severity;
	if (rule->title == NULL)
		rule->title = c->name;
}

/* Which controls run is the user's choice: each is its own scope, complete for itself alone. */
static bool put_check(struct kubescape *k, struct rec_check *c, struct err *e)
{
	const struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION, .scope = c->rule.id },
	};
	struct record rec = { .kind = REC_CHECK };

	c->kind = FINDING_MISCONFIGURATION;
	c->scope = c->rule.id;
	rec.u.check = *c;
	return scanner_put(&k->s, &cover, e) && scanner_put(&k->s, &rec, e);
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct kubescape *k = ctx;
	const char *id = read_text(r, V_ID), *status = status_of(r);
	struct rec_check c = {
		.verdict = kubescape_verdict(status, read_text(r, V_SUB)),
		.raw     = status,
		.place   = k->place,
		.rule    = { .title = read_text(r, V_NAME) },
	};

	if (!k->settled)
		return true;
	if (id == NULL)
		return read_skip(r, "no controlID", e);
	if (c.verdict == VERDICT_COUNT)
		return read_skip(r, "unknown status", e);
	arena_reset(&k->s.mem);
	fill_rule(k, id, &c.rule);
	c.message = message_of(&k->s.mem, r);
	return put_check(k, &c, e);
}

/* A control that no object's row tells of is one of the cluster, or of the files, as a whole. */
static bool end_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct kubescape *k = ctx;
	const struct rec_asset a = {
		.kind = k->files ? ASSET_TREE : ASSET_CLUSTER, .name = k->files ? "." : NULL,
	};
	bool settled = false;

	for (struct control *c = k->controls; c != NULL; c = c->hh.next) {
		struct rec_check check = {
			.verdict = kubescape_verdict(c->status, c->sub),
			.raw     = c->sub != NULL && *c->sub != '\0' ? c->sub : c->status,
		};

		if (c->told)
			continue;
		if (check.verdict == VERDICT_COUNT) {
			if (!read_skip(r, arena_printf(&k->tables, "unknown status of %s", c->id),
			               e))
				return false;
			continue;
		}
		if (check.verdict == VERDICT_FAIL)
			check.message = arena_printf(&k->tables, "%lld failed",
			                             (long long)c->failed);
		fill_rule(k, c->id, &check.rule);
		if ((!settled && !scanner_asset(&k->s, &a, e)) || !put_check(k, &check, e))
			return false;
		settled = true;
	}
	return true;
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, end_report },
	{ "results[]", result_field, T_COUNT, on_result },
	{ "results[].controls[]", row_field, V_COUNT, on_row },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "summaryDetails"))
		return peek_has(p, "results") || peek_has(p, "resources") ? 95 : 80;
	return peek_has(p, "ResourceCounters") && peek_has(p, "controls") &&
	       peek_has(p, "frameworks") ? 80 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct kubescape k = { .s = { .sink = out, .opts = o } };
	const struct read_opts quiet = { .flags = 0 };
	bool ok = read_document(src, table, LENGTH(table), &k, &quiet, e) &&
	          scanner_read(&k.s, src, scope, LENGTH(scope), "Kubescape", e);

	HASH_CLEAR(hh, k.controls);
	HASH_CLEAR(hh, k.objects);
	arena_release(&k.tables);
	return ok;
}

const struct importer importer_kubescape = {
	.id    = "kubescape",
	.title = "Kubescape report (JSON v2)",
	.spec  = "https://kubescape.io/docs/scanning/",
	.sniff = sniff,
	.run   = run,
};
