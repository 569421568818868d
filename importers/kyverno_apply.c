/* SPDX-License-Identifier: MIT */
/* kyverno_apply.c - what `kyverno apply` writes for people. Spec: .spec below. */
#include <ctype.h>

#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"

/*
 *	policy require-labels -> resource shop/Pod/web failed:
 *	1. check-team: validation error: the label is required        up to 1.12
 *	1 - check-team validation error: the label is required        from 1.13 on
 *
 *	pass: 3, fail: 1, warn: 0, error: 0, skip: 2
 *
 * A text may go on over further lines. What passed is counted at the end and not named.
 */
struct apply {
	struct sink *sink;
	struct arena mem;    /* strings of the violation at hand                     */
	struct buf   policy; /* at hand; "": none                                    */
	struct buf   object; /* at hand: "shop/Pod/web", "JSON payload"              */
	struct buf   text;   /* of the violation at hand; "": none                   */
	int64_t      failed; /* violations up to here, since the last count          */
	bool         warned; /* the policy at hand only warns                        */
	bool         any;    /* the scan was put                                     */
};

static void keep(struct buf *b, const char *s, size_t n)
{
	buf_reset(b);
	buf_add(b, s, n);
}

/* ---- parts of a line ---- */

/* "policy NAME -> resource OBJECT failed:"; ends and blanks around may differ. */
static bool split_head(const char *s, struct apply *a)
{
	static const char start[] = "policy ", arrow[] = " -> resource ";
	static const char *const ends[] = { " failed:", " warned:" };
	const char *at = str_prefix(s, start) ? strstr(s, arrow) : NULL;
	if (at == NULL)
		return false;
	const char *object = at + strlen(arrow);
	for (size_t i = 0; i < LENGTH(ends); i++) {
		const char *end = strstr(object, ends[i]);
		if (end == NULL)
			continue;
		if (a != NULL) {
			keep(&a->policy, s + strlen(start), (size_t)(at - s) - strlen(start));
			keep(&a->object, object, (size_t)(end - object));
			a->warned = i > 0;
		}
		return true;
	}
	return false;
}

/* Past "1. " or "1 - "; NULL: the line begins no violation. */
static const char *past_number(const char *s)
{
	const char *at = s + strspn(s, " ");
	const char *end = at;
	while (isdigit((unsigned char)*end))
		end++;
	if (end == at)
		return NULL;
	if (str_prefix(end, ". "))
		return end + 2;
	return str_prefix(end, " - ") ? end + 3 : NULL;
}

static int64_t number_at(const char *s)
{
	int64_t n = 0;
	for (; isdigit((unsigned char)*s) && n < INT32_MAX; s++)
		n = n * 10 + (*s - '0');
	return n;
}

/* "pass: 3, fail: 1, ...": how many failed and warned; false: no such line. */
static bool split_count(const char *s, int64_t *failed)
{
	static const char *const words[] = { "fail: ", "warn: " };
	*failed = 0;
	if (!str_prefix(s, "pass: "))
		return false;
	for (size_t i = 0; i < LENGTH(words); i++) {
		const char *at = strstr(s, words[i]);
		if (at == NULL)
			return false;
		*failed += number_at(at + strlen(words[i]));
	}
	return true;
}

/* ---- records ---- */

static bool put_scan(struct apply *a, struct err *e)
{
	struct record rec = { .kind = REC_SCAN, .u.scan = { .source = "kyverno" } };
	rec.u.scan.partial = "kyverno apply tries only the policies it is given";
	a->any = true;
	return a->sink->put(a->sink, &rec, e);
}

/* The object of "shop/Pod/web", "/Namespace/web", "Namespace/web"; what is none is a file. */
static const char *find_asset(struct apply *a, struct rec_asset *asset, const char **kind)
{
	char *part[3] = { NULL }, *s = arena_dup(&a->mem, a->object.s);
	size_t n = 0;
	for (; s != NULL && n < LENGTH(part); n++) {
		part[n] = s;
		s = strchr(s, '/');
		if (s != NULL)
			*s++ = '\0';
	}
	if (n < 2) {
		asset->kind = ASSET_TREE;
		asset->name = "manifests";
		return part[0];
	}
	*kind = part[n - 2];
	return kube_asset(&a->mem, *kind, n == 3 && *part[0] != '\0' ? part[0] : NULL,
	                  part[n - 1], asset);
}

/* The rule before the text: a word with a colon behind it, or before "validation error". */
static const char *split_rule(struct apply *a, const char **text)
{
	size_t n = strcspn(*text, " ");
	const char *rest = *text + n;
	if (n > 1 && rest[-1] == ':')
		n--;
	else if (n == 0 || !str_prefix(rest, " validation error"))
		return NULL;
	const char *rule = arena_dupn(&a->mem, *text, n);
	*text = rest + strspn(rest, " ");
	return rule;
}

static bool put_violation(struct apply *a, struct err *e)
{
	struct record asset = { .kind = REC_ASSET, .u.asset = { .name = NULL } };
	struct record rec = { .kind = REC_CHECK, .u.check = { .kind = FINDING_POLICY } };
	struct rec_check *c = &rec.u.check;
	if (a->text.len == 0)
		return true;
	arena_reset(&a->mem);
	size_t n = a->text.len;
	while (n > 0 && strchr(" \t\r", a->text.s[n - 1]) != NULL)
		n--;
	const char *text = arena_dupn(&a->mem, a->text.s, n);
	text += strspn(text, " ");
	const char *rule = split_rule(a, &text);
	c->place = find_asset(a, &asset.u.asset, &c->scope);
	c->rule.id = rule == NULL ? a->policy.s
	                          : arena_printf(&a->mem, "%s/%s", a->policy.s, rule);
	c->verdict = a->warned ? VERDICT_WARN : VERDICT_FAIL;
	c->rule.severity = a->warned ? SEV_LOW : SEV_MEDIUM;
	c->raw = a->warned ? "warn" : "fail";
	c->message = text;
	a->failed++;
	bool ok = (a->any || put_scan(a, e)) && a->sink->put(a->sink, &asset, e)
	          && a->sink->put(a->sink, &rec, e);
	buf_reset(&a->text);
	return ok;
}

static bool end_count(struct apply *a, int64_t said, uint64_t line, struct err *e)
{
	int64_t found = a->failed;
	a->failed = 0;
	if (found == said)
		return true;
	return read_skip_line(a->sink, line,
	                arena_printf(&a->mem, "the count says %lld failed, the text names %lld",
	                             (long long)said, (long long)found),
	                e);
}

static bool on_text(void *ctx, const char *s, size_t n, uint64_t line, uint64_t offset UNUSED,
                    struct err *e)
{
	struct apply *a = ctx;
	const char *text = past_number(s);
	int64_t said;
	if (split_head(s, NULL))
		return put_violation(a, e) && split_head(s, a);
	if (split_count(s, &said)) {
		bool ok = put_violation(a, e) && end_count(a, said, line, e);
		buf_reset(&a->policy);
		return ok;
	}
	if (strspn(s, " \t\r") == n)
		return put_violation(a, e);
	if (a->policy.len > 0 && text != NULL) {
		if (!put_violation(a, e))
			return false;
		buf_adds(&a->text, text);
	} else if (a->text.len > 0) {
		buf_addf(&a->text, " %s", s + strspn(s, " "));
	}
	return true; /* what stands around */
}

static const struct read_scope nothing[] = {
	{ "", NULL, 0, NULL, NULL },
};

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct apply a = { .sink = out, .mem = ARENA_INIT, .policy = BUF_INIT,
		           .object = BUF_INIT, .text = BUF_INIT };
	struct read_opts opts = { .flags = READ_STREAM, .sink = out, .text = on_text };
	bool ok = read_document(src, nothing, LENGTH(nothing), &a, &opts, e)
	          && put_violation(&a, e) && (a.any || put_scan(&a, e));
	buf_release(&a.text);
	buf_release(&a.object);
	buf_release(&a.policy);
	arena_release(&a.mem);
	return ok;
}

static int sniff(const struct peek *p)
{
	const char *line = peek_head(p);
	int64_t failed;
	bool found = false, begun = false;
	if (peek_open(p) != 0)
		return 0; /* a report behind a banner */
	for (int i = 0; i < 100 && *line != '\0' && !found; i++) {
		begun = begun || str_prefix(line, "Applying ");
		found = split_head(line, NULL) || (begun && split_count(line, &failed));
		line += strcspn(line, "\n");
		line += strspn(line, "\n");
	}
	return found ? 85 : 0;
}

const struct importer importer_kyverno_apply = {
	.id = "kyverno-apply",
	.title = "what `kyverno apply` writes for people",
	.spec = "https://kyverno.io/docs/kyverno-cli/reference/kyverno_apply/",
	.sniff = sniff,
	.run = run,
};
