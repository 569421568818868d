/* SPDX-License-Identifier: MIT */
/*
 * kube_bench_text.c - what kube-bench writes for people: a line a check below the lines of their
 * sections, then remediations and sums. It does not say which benchmark the numbers are of.
 */
#include "importers/csv.h"
#include "importers/kube_bench_text.h"
#include "importers/peek.h"
#include "importers/value.h"

#define NUMBERS "kube-bench" /* of whichever benchmark it was */

struct line {
	const char *status, *number, *title;
};

struct text {
	struct sink *sink;
	bool         begun;     /* the scan is put                       */
	struct line  last;      /* [INFO] that was not put: a check, or  */
	const char  *section;   /* the heading that the next are below   */
	const char  *covered;
	struct arena mem;       /* dies with the file                    */
};

/* "[FAIL] 4.2.6 Ensure that ..." */
static bool split(struct arena *mem, const char *s, struct line *l)
{
	static const char *const word[] = { "PASS", "FAIL", "WARN", "INFO" };
	size_t n;

	s = value_plain(mem, s);
	n = strcspn(s, "]");
	if (*s != '[' || n < 2 || s[n] == '\0' || s[n + 1] != ' ')
		return false;
	l->status = arena_dupn(mem, s + 1, n - 1);
	s += n + 2;
	n = strcspn(s, " ");
	if (str_index(word, LENGTH(word), l->status) < 0 || s[n] == '\0')
		return false;
	l->number = arena_dupn(mem, s, n);
	s += n + strspn(s + n, " ");
	l->title = arena_dup(mem, s);
	return *s != '-' && *s != '\0' && strpbrk(l->number, "0123456789") != NULL;
}

static enum verdict verdict_of(const struct line *l)
{
	if (str_eq(l->status, "PASS"))
		return VERDICT_PASS;
	if (str_eq(l->status, "FAIL"))
		return VERDICT_FAIL;
	if (str_eq(l->status, "INFO"))
		return VERDICT_INFO;
	return str_suffix(l->title, "(Manual)") || str_suffix(l->title, "(manual)") ||
	       str_suffix(l->title, "(Not Scored)") ? VERDICT_MANUAL : VERDICT_WARN;
}

static bool begin(struct text *t, struct err *e)
{
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "kube-bench" } };
	const struct record host = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_HOST } };

	if (t->begun)
		return true;
	t->begun = true;
	return t->sink->put(t->sink, &scan, e) && t->sink->put(t->sink, &host, e);
}

static bool put_check(struct text *t, const struct line *l, struct err *e)
{
	const struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION, .scope = t->section },
	};
	const struct record check = {
		.kind = REC_CHECK,
		.u.check = {
			.kind      = FINDING_MISCONFIGURATION,
			.benchmark = NUMBERS,
			.verdict   = verdict_of(l),
			.raw       = l->status,
			.scope     = t->section,
			.rule      = {
				.id       = arena_printf(&t->mem, NUMBERS ":%s", l->number),
				.title    = value_title(&t->mem, l->title),
				.severity = SEV_UNKNOWN,
			},
		},
	};

	if (!begin(t, e))
		return false;
	if (t->section != NULL && !str_eq(t->section, t->covered)) {
		t->covered = t->section;
		if (!t->sink->put(t->sink, &cover, e))
			return false;
	}
	return t->sink->put(t->sink, &check, e);
}

/* Of CIS "4" and "4.1", below which checks are; "V-242386" of a STIG is a check. */
static bool is_heading(const struct line *l, const char *next)
{
	const char *dot = strchr(l->number, '.');
	size_t n = strlen(l->number);

	if (l->number[0] < '0' || l->number[0] > '9')
		return false;
	return dot == NULL || strchr(dot + 1, '.') == NULL ||
	       (str_prefix(next, l->number) && next[n] == '.');
}

/* What was told for information is a heading or a check: the next line shows which. */
static bool settle(struct text *t, const char *next, struct err *e)
{
	struct line last = t->last;

	t->last = (struct line){ .status = NULL };
	if (last.status == NULL)
		return true;
	if (!is_heading(&last, next))
		return put_check(t, &last, e);
	t->section = last.number;
	return true;
}

static bool on_line(void *ctx, const char *s, struct err *e)
{
	struct text *t = ctx;
	struct line l;

	if (!split(&t->mem, s, &l))
		return true; /* remediations, sums, what stands around */
	if (!settle(t, l.number, e))
		return false;
	if (!str_eq(l.status, "INFO"))
		return put_check(t, &l, e);
	t->last = l;
	return true;
}

bool kube_bench_read_text(const struct source *src, struct sink *out, struct err *e)
{
	struct text t = { .sink = out, .mem = ARENA_INIT };
	bool ok = csv_each_line(src, on_line, &t, e) && settle(&t, "", e) && begin(&t, e);

	arena_release(&t.mem);
	return ok;
}

/* ---- "[INFO] 1 Control Plane Security Configuration", and a check further down ---- */

static bool is_heading_line(struct arena *mem, const char *line)
{
	struct line l;

	return split(mem, line, &l) && str_eq(l.status, "INFO") && strchr(l.number, '.') == NULL;
}

static bool is_check_line(struct arena *mem, const char *line)
{
	struct line l;

	return split(mem, line, &l) && !str_eq(l.status, "INFO");
}

bool kube_bench_is_text(const char *head)
{
	return head != NULL && head_has(head, 20, is_heading_line) &&
	       head_has(head, 40, is_check_line);
}
