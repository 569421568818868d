/* SPDX-License-Identifier: MIT */
/*
 * docker_bench_text.c - docker-bench-security's log as it writes for people: a line a check, lines
 * with a star that tell of it, remediations in a section of their own.
 */
#include "importers/csv.h"
#include "importers/docker_bench.h"
#include "importers/peek.h"
#include "importers/value.h"

#define NAME  "Docker Bench for Security v"
#define BEGIN "Initializing "

struct line {
	const char *result, *id, *text; /* of a check; id NULL: of a line that tells of one */
};

struct text {
	struct sink *sink;
	bool         begun;     /* the scan is put                           */
	bool         over;      /* what follows are remediations and a score */
	bool         pending;   /* a check was read, and not put yet         */
	const char  *version;   /* of the script; NULL: not said             */
	const char  *benchmark;
	const char  *section;   /* what was covered last                     */
	int64_t      at;
	struct line  check;
	const char  *message;
	struct arena outer;     /* dies with the file                        */
	struct arena mem;       /* dies with the check                       */
	struct arena line;      /* dies with the line                        */
};

/* "[WARN] 4.1  - Ensure that ..." or "[WARN]      * Running as root: web". */
static bool split(struct arena *mem, const char *s, struct line *l)
{
	const char *end = strchr(s, ']');
	size_t n;

	if (*s != '[' || end == NULL)
		return false;
	l->result = arena_dupn(mem, s + 1, (size_t)(end - s - 1));
	if (docker_bench_verdict(l->result) == VERDICT_COUNT)
		return false;
	s = end + 1 + strspn(end + 1, " ");
	n = strspn(s, "0123456789.");
	l->id = n > 0 ? arena_dupn(mem, s, n) : NULL;
	s += n + strspn(s + n, " ");
	if (*s != (l->id != NULL ? '-' : '*'))
		return false;
	l->text = s + 1 + strspn(s + 1, " ");
	return true;
}

/* As RFC 3339, or as date(1) writes: "Fri May 29 09:59:21 UTC 2026". 0: neither. */
static int64_t time_of(struct arena *mem, const char *s)
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	};
	const char *part[6];
	int64_t at;
	int month;

	if (time_parse(s, &at))
		return at;
	for (size_t i = 0; i < LENGTH(part); i++) {
		size_t n = strcspn(s, " ");

		part[i] = arena_dupn(mem, s, n);
		s += n + strspn(s + n, " ");
	}
	month = str_index(months, LENGTH(months), part[1]);
	if (month < 0 || !str_eq(part[4], "UTC"))
		return 0;
	s = arena_printf(mem, "%s-%02d-%s%sT%sZ", part[5], month + 1, part[2][1] == '\0' ? "0" : "",
	                 part[2], part[3]);
	return time_parse(s, &at) ? at : 0;
}

static bool begin(struct text *t, struct err *e)
{
	const struct record scan = {
		.kind = REC_SCAN,
		.u.scan = { .source = "docker-bench", .version = t->version, .at = t->at },
	};
	const struct record host = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_HOST } };

	if (t->begun)
		return true;
	t->begun = true;
	t->section = NULL;
	t->benchmark = t->version == NULL ? NULL : docker_bench_benchmark(&t->outer, t->version);
	return t->sink->put(t->sink, &scan, e) && t->sink->put(t->sink, &host, e);
}

/* Sections that are not there were not run. */
static bool cover(struct text *t, const char *id, struct err *e)
{
	const char *section = arena_dupn(&t->outer, id, strcspn(id, "."));
	const struct record rec = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION, .scope = section },
	};

	if (!begin(t, e))
		return false;
	if (str_eq(t->section, section))
		return true;
	t->section = section;
	return t->sink->put(t->sink, &rec, e);
}

static bool put_check(struct text *t, struct err *e)
{
	const struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind      = FINDING_MISCONFIGURATION,
			.benchmark = t->benchmark,
			.verdict   = docker_bench_verdict(t->check.result),
			.raw       = t->check.result,
			.scope     = t->section,
			.message   = t->message,
			.rule      = {
				.id       = value_join(&t->mem, t->benchmark, ":", t->check.id),
				.title    = value_title(&t->mem, t->check.text),
				.severity = SEV_UNKNOWN,
			},
		},
	};

	return t->sink->put(t->sink, &rec, e);
}

static bool flush(struct text *t, struct err *e)
{
	bool ok = !t->pending || put_check(t, e);

	t->pending = false;
	t->check = (struct line){ .id = NULL };
	t->message = NULL;
	arena_reset(&t->mem);
	return ok;
}

/* "1.1 - Linux Hosts Specific Configuration" is no check, but what 1.1.1 and others are below. */
static bool is_heading(const struct text *t, const char *next)
{
	size_t n = t->pending ? strlen(t->check.id) : 0;

	return t->pending && str_prefix(next, t->check.id) && next[n] == '.';
}

static bool on_line(struct text *t, const char *s, struct err *e)
{
	const char *name = strstr(s, NAME);
	struct line l;

	if (str_prefix(s, BEGIN)) { /* of several runs in one file each is a scan */
		if (!flush(t, e))
			return false;
		t->begun = t->over = false;
		t->at = time_of(&t->outer, s + strlen(BEGIN));
	} else if (name != NULL) {
		t->version = arena_dup(&t->outer, name + strlen(NAME));
	} else if (str_prefix(s, "Section B") || str_prefix(s, "Section C")) {
		t->over = true;
	} else if (!t->over && split(&t->mem, s, &l)) {
		if (l.id == NULL) {
			t->message = value_join(&t->mem, t->message, ", ",
			                        arena_dup(&t->mem, l.text));
			return true;
		}
		t->pending = t->pending && !is_heading(t, l.id);
		if (!flush(t, e) || !split(&t->mem, s, &l) || !cover(t, l.id, e))
			return false;
		t->pending = strchr(l.id, '.') != NULL;
		t->check = l;
		t->check.text = arena_dup(&t->mem, l.text);
	}
	return true; /* what stands around */
}

static bool take_line(void *ctx, const char *line, struct err *e)
{
	struct text *t = ctx;
	bool ok = on_line(t, value_plain(&t->line, line), e);

	arena_reset(&t->line);
	return ok;
}

bool docker_bench_read_text(const struct source *src, struct sink *out, struct err *e)
{
	struct text t = { .sink = out, .outer = ARENA_INIT, .mem = ARENA_INIT, .line = ARENA_INIT };
	bool ok = csv_each_line(src, take_line, &t, e) && flush(&t, e) && begin(&t, e);

	arena_release(&t.line);
	arena_release(&t.outer);
	arena_release(&t.mem);
	return ok;
}

static bool is_check(struct arena *mem, const char *line)
{
	struct line l;

	return split(mem, value_plain(mem, line), &l) && l.id != NULL;
}

bool docker_bench_is_text(const char *head)
{
	if (head == NULL)
		return false;
	return (strstr(head, NAME) != NULL || strstr(head, BEGIN) != NULL) &&
	       head_has(head, 40, is_check);
}
