/* SPDX-License-Identifier: MIT */
/* gator.c - violations that `gator test` found: JSON, YAML, and lines for people. */
#include "importers/gator.h"
#include "importers/gatekeeper_log.h"
#include "importers/read.h"

/* JSON has an object where YAML has the bones of the program's own; the latter's name is behind. */
enum {
	G_KIND, G_KIND_TOO, G_NAME, G_NAME_TOO, G_ACTION, G_ACTION_TOO, G_SCOPED, G_SCOPED_TOO,
	G_SPEC_ACTION, G_SPEC_ACTION_TOO, G_MESSAGE, G_MESSAGE_TOO, G_OBJECT_KIND, G_OBJECT_NAME,
	G_OBJECT_SPACE, G_WRAPPED, G_COUNT
};
static const struct read_field result_fields[G_COUNT] = {
	[G_KIND] = { "constraint.kind" },
	[G_KIND_TOO] = { "result.constraint.object.kind" },
	[G_NAME] = { "constraint.metadata.name" },
	[G_NAME_TOO] = { "result.constraint.object.metadata.name" },
	[G_ACTION] = { "enforcementAction" },
	[G_ACTION_TOO] = { "result.enforcementaction" },
	[G_SCOPED] = { "scopedEnforcementActions", READ_LIST },
	[G_SCOPED_TOO] = { "result.scopedenforcementactions", READ_LIST },
	[G_SPEC_ACTION] = { "constraint.spec.enforcementAction" },
	[G_SPEC_ACTION_TOO] = { "result.constraint.object.spec.enforcementAction" },
	[G_MESSAGE] = { "msg" },
	[G_MESSAGE_TOO] = { "result.msg" },
	[G_OBJECT_KIND] = { "violatingObject.kind" },
	[G_OBJECT_NAME] = { "violatingObject.metadata.name" },
	[G_OBJECT_SPACE] = { "violatingObject.metadata.namespace" },
	[G_WRAPPED] = { "stats", READ_RAW },
};

struct gator {
	struct sink *sink;
	struct arena mem; /* strings of the violation at hand */
};

/* One violation; every string may be NULL but the rule. */
struct violation {
	const char *rule, *action, *strictest, *message;
	const char *kind, *space, *name;
};

static bool put(struct gator *g, const struct violation *v, struct err *e)
{
	struct record rec = { .kind = REC_CHECK, .u.check = { .at = 0 } };
	struct rec_check *k = &rec.u.check;
	k->kind = FINDING_POLICY;
	k->rule.id = v->rule;
	k->raw = v->action;
	k->rule.severity = gatekeeper_severity(NULL,
	                                       v->strictest != NULL ? v->strictest : v->action);
	k->verdict = VERDICT_FAIL;
	k->message = gatekeeper_message(v->message);
	if (v->kind != NULL && v->name != NULL)
		k->place = v->space == NULL
		                   ? arena_printf(&g->mem, "%s/%s", v->kind, v->name)
		                   : arena_printf(&g->mem, "%s/%s/%s", v->space, v->kind, v->name);
	return g->sink->put(g->sink, &rec, e);
}

static const char *either(const struct read_record *r, size_t i)
{
	const char *s = read_text(r, i);
	return s != NULL ? s : read_text(r, i + 1);
}

static bool on_result(void *ctx, const struct read_record *r, struct err *e)
{
	struct gator *g = ctx;
	const char *kind = either(r, G_KIND), *name = either(r, G_NAME);
	struct violation v = { .action = either(r, G_ACTION), .message = either(r, G_MESSAGE) };
	if (kind == NULL && r->value[G_WRAPPED].type != READ_NONE)
		return true; /* what is around results */
	if (kind == NULL)
		return read_skip(r, "no kind of a constraint: not a result of gator", e);
	arena_reset(&g->mem);
	v.rule = arena_printf(&g->mem, name == NULL ? "%s" : "%s/%s", kind, name);
	if (v.action == NULL)
		v.action = either(r, G_SPEC_ACTION);
	if (str_eq(v.action, "scoped")) {
		v.strictest = read_item(r, G_SCOPED, NULL);
		if (v.strictest == NULL)
			v.strictest = read_item(r, G_SCOPED_TOO, NULL);
	}
	v.kind = read_text(r, G_OBJECT_KIND);
	v.space = read_text(r, G_OBJECT_SPACE);
	v.name = read_text(r, G_OBJECT_NAME);
	return put(g, &v, e);
}

/* ---- for people: `apps/v1/Deployment shop/web: ["constraint"] Message: "text"` ---- */

/* Past the quoted string at `s`; *text is what it says. NULL: none, or it does not end. */
static const char *unquote(struct arena *mem, const char *s, const char **text)
{
	struct buf out = BUF_INIT;
	if (*s++ != '"')
		return NULL;
	for (; *s != '\0' && *s != '"'; s++) {
		if (*s == '\\' && s[1] != '\0')
			s++;
		buf_addc(&out, s[-1] == '\\' && (*s == 'n' || *s == 't') ? ' ' : *s);
	}
	*text = arena_dup(mem, out.len > 0 ? out.s : "");
	buf_release(&out);
	return *s == '"' ? s + 1 : NULL;
}

static bool split_line(struct arena *mem, const char *line, struct violation *v)
{
	static const char before[] = "[\"", between[] = "] Message: ";
	const char *at = strstr(line, before);
	const char *rest = at == NULL ? NULL : unquote(mem, at + 1, &v->rule);
	if (rest == NULL || !str_prefix(rest, between)
	    || unquote(mem, rest + strlen(between), &v->message) == NULL)
		return false;
	if (at - line < 4 || at[-2] != ':')
		return false;
	char *object = arena_dupn(mem, line, (size_t)(at - 2 - line));
	char *name = strchr(object, ' '), *slash;
	if (name == NULL)
		return false;
	*name++ = '\0';
	slash = strrchr(object, '/');
	v->kind = slash == NULL ? object : slash + 1;
	slash = strchr(name, '/');
	v->name = slash == NULL ? name : slash + 1;
	v->space = slash == NULL ? NULL : arena_dupn(mem, name, (size_t)(slash - name));
	return true;
}

static bool on_text(void *ctx, const char *s, size_t n, uint64_t line, uint64_t offset UNUSED,
                    struct err *e)
{
	struct gator *g = ctx;
	struct violation v = { .rule = NULL };
	arena_reset(&g->mem);
	if (strspn(s, " \t\r") == n)
		return true;
	if (split_line(&g->mem, s, &v))
		return put(g, &v, e);
	return read_skip_line(g->sink, line, "not a violation of gator test", e);
}

/* ---- all of it ---- */

static const struct read_scope scopes[] = {
	{ "", result_fields, G_COUNT, on_result, NULL },
	{ "results[]", result_fields, G_COUNT, on_result, NULL }, /* --stats */
};

bool gator_read(const struct source *src, struct sink *out, struct err *e)
{
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "gator" } };
	struct record asset = { .kind = REC_ASSET,
		                .u.asset = { .kind = ASSET_TREE, .name = "manifests" } };
	struct gator g = { .sink = out, .mem = ARENA_INIT };
	struct read_opts opts = { .flags = READ_STREAM, .sink = out, .text = on_text };
	bool ok = out->put(out, &scan, e) && out->put(out, &asset, e)
	          && read_document(src, scopes, LENGTH(scopes), &g, &opts, e);
	arena_release(&g.mem);
	return ok;
}

static bool is_line(struct arena *mem, const char *line)
{
	struct violation v = { .rule = NULL };
	return split_line(mem, line, &v);
}

bool gator_is(const char *head)
{
	return strstr(head, "\"violatingObject\"") != NULL || head_has(head, 20, is_line);
}

int gator_sniff(const struct peek *p)
{
	static const char *const kinds[] = {
		"constraint.kind", "result.constraint.object.kind", "results[0].constraint.kind",
		"results[0].result.constraint",
	};
	static const char *const beside[] = {
		"violatingObject", "target", "results[0].violatingObject", "results[0].target",
	};
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		for (size_t k = 0; peek_has(p, kinds[i]) && k < LENGTH(beside); k++) {
			if (peek_has(p, beside[k]))
				return 90;
		}
	}
	return peek_open(p) == 0 && gator_is(peek_head(p)) ? 90 : 0;
}
