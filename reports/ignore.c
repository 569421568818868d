/* SPDX-License-Identifier: MIT */
/*
 * ignore.c - what was decided of vulnerabilities in an image, for its scanners to set aside: as
 * .trivyignore.yaml and as ignore rules of .grype.yaml, in JSON, which is YAML. Each rule names its
 * package and version, so that it sets aside no more than was decided. Sources: Trivy, "Filtering",
 * by finding IDs; Grype, "Specifying matches to ignore".
 */
#include <inttypes.h>

#include "reports/doc.h"
#include "reports/purl.h"

/* Those that take a finding out; an adjusted one and one that waits for its vendor are open. */
#define SET_ASIDE                                                                                  \
	"kind:vulnerability (is:accepted or is:false-positive or is:not-affected or "              \
	"is:operational)"

enum { C_ADVISORY, C_TYPE, C_PACKAGE, C_VERSION, C_COUNT };
static const char *const column[C_COUNT] = {
	[C_ADVISORY] = "advisory",
	[C_TYPE] = "package.type",
	[C_PACKAGE] = "package.name",
	[C_VERSION] = "package.version",
};

struct rule {
	const char *col[C_COUNT];
	const char *system;
	struct verdict_on v;
};
struct writing {
	struct doc *d;
	const struct list_info *list;
	struct systems systems;
	struct arena mem; /* of a rule */
	int64_t n;
	void (*put)(struct jot *j, struct arena *mem, const struct rule *r);
};

static const char *why(struct arena *mem, const struct verdict_on *v)
{
	char until[21] = "";

	if (v->until != DUE_NONE)
		time_print(v->until, until);
	return arena_printf(mem, "%s%s%s; decided by %s%s%s%s%s", state_word(v->state),
	                    str_empty(v->reason) ? "" : ": ",
	                    str_empty(v->reason) ? "" : v->reason,
	                    str_empty(v->who) ? "an unnamed author" : v->who,
	                    str_empty(v->approver) ? "" : ", approved by ",
	                    str_empty(v->approver) ? "" : v->approver, *until ? ", until " : "",
	                    until);
}

static void put_trivy(struct jot *j, struct arena *mem, const struct rule *r)
{
	jot_object(j, NULL);
	jot_text(j, "id", r->col[C_ADVISORY]);
	jot_array(j, "purls");
	jot_text(j, NULL, purl_package(mem, r->col[C_TYPE], r->col[C_PACKAGE], r->col[C_VERSION],
	                               r->system));
	jot_end(j);
	if (r->v.until != DUE_NONE)
		jot_time(j, "expired_at", r->v.until);
	jot_text(j, "statement", why(mem, &r->v));
	jot_end(j);
}

/* Grype's own words for types of packages; else as they are. */
static const char *grype_type(const char *type)
{
	static const char *const words[][2] = {
		{ "golang", "go-module" }, { "maven", "java-archive" }, { "pypi", "python" },
		{ "nuget", "dotnet" },     { "cargo", "rust-crate" },
		{ "composer", "php-composer" },
	};

	for (size_t i = 0; i < LENGTH(words); i++)
		if (str_eq(words[i][0], type))
			return words[i][1];
	return type;
}

/* Of Maven's names it knows the artifact alone; an end it does not know: the reason tells it. */
static void put_grype(struct jot *j, struct arena *mem, const struct rule *r)
{
	const char *name = r->col[C_PACKAGE], *colon = strrchr(name, ':');

	jot_object(j, NULL);
	jot_text(j, "vulnerability", r->col[C_ADVISORY]);
	jot_text(j, "reason", why(mem, &r->v));
	jot_object(j, "package");
	jot_text(j, "name", colon && str_eq(r->col[C_TYPE], "maven") ? colon + 1 : name);
	if (!str_empty(r->col[C_VERSION]))
		jot_text(j, "version", r->col[C_VERSION]);
	jot_text(j, "type", grype_type(r->col[C_TYPE]));
	jot_end(j);
	jot_end(j);
}

static bool on_row(void *ctx, const struct row *row, struct err *e)
{
	struct writing *w = ctx;
	struct rule r;

	arena_reset(&w->mem);
	for (size_t i = 0; i < C_COUNT; i++)
		r.col[i] = arena_dup(&w->mem, row_value(w->list, row, column[i])->u.s);
	r.system = systems_find(&w->systems, row->key[0]);
	if (!store_decision(w->d->job->st, row->key, &w->mem, &r.v, e))
		return false;
	w->put(&w->d->jot, &w->mem, &r);
	w->n++;
	if (!doc_part_of(w->d, w->n, e))
		return false;
	return !out_failed(w->d->out) || err_set(e, ERR_IO, "the report cannot be written");
}

static bool query(struct writing *w, struct arena *mem, struct list_query *q, struct err *e)
{
	const struct doc_rows rows = { .list = LIST_findings,
		                       .filter = SET_ASIDE,
		                       .scope = { SCOPE_IMAGE, { w->d->job->image } } };

	if (!doc_query(w->d, &rows, mem, q, e))
		return false;
	q->retired = true;
	for (size_t i = 0; i < C_COUNT; i++)
		for (size_t k = 0; k < w->list->ncol; k++)
			if (str_eq(w->list->col[k].name, column[i]))
				q->columns |= UINT64_C(1) << k;
	return true;
}

static bool tell(struct doc *d, const char *array,
                 void (*put)(struct jot *j, struct arena *mem, const struct rule *r),
                 struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct writing w = { .d = d, .list = store_list(LIST_findings), .mem = ARENA_INIT,
		             .put = put };
	struct list_query q;
	bool ok = systems_load(d->job->st, &mem, &w.systems, e) && query(&w, &mem, &q, e);

	d->jot = (struct jot){ .out = d->out };
	jot_object(&d->jot, NULL);
	jot_array(&d->jot, array);
	ok = ok && doc_parts_of(d, &q, e) && store_each(d->job->st, &q, on_row, &w, e);
	jot_end(&d->jot);
	jot_end(&d->jot);
	arena_release(&w.mem);
	arena_release(&mem);
	return ok;
}

static bool tell_trivy(struct doc *d, struct err *e)
{
	return tell(d, "vulnerabilities", put_trivy, e);
}

static bool tell_grype(struct doc *d, struct err *e)
{
	return tell(d, "ignore", put_grype, e);
}

const struct report report_trivyignore = {
	.info = { .id = "trivyignore", .title = "Decisions as .trivyignore.yaml",
		  .wants_image = true, .format = "json",
		  .about = "an image's accepted and dismissed findings, for Trivy" },
	.tell = tell_trivy,
};
const struct report report_grypeignore = {
	.info = { .id = "grypeignore", .title = "Decisions as ignore rules of .grype.yaml",
		  .wants_image = true, .format = "json",
		  .about = "the same for Grype" },
	.tell = tell_grype,
};
