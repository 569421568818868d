/* SPDX-License-Identifier: MIT */
/*
 * vex.c - what was decided of vulnerabilities in images, as an OpenVEX 0.2.0 document: a statement
 * a finding. Source: https://github.com/openvex/spec
 */
#include <inttypes.h>

#include "reports/doc.h"
#include "reports/purl.h"

#define DECIDED "kind:vulnerability !is:open !is:resolved "

enum { C_ADVISORY, C_ALIASES, C_IMAGE, C_DIGEST, C_TYPE, C_PACKAGE, C_VERSION, C_COUNT };
static const char *const column[C_COUNT] = {
	[C_ADVISORY] = "advisory",     [C_ALIASES] = "aliases",
	[C_IMAGE] = "asset.name",      [C_DIGEST] = "asset.digest",
	[C_TYPE] = "package.type",     [C_PACKAGE] = "package.name",
	[C_VERSION] = "package.version",
};

struct vex {
	struct doc *d;
	const struct list_info *list;
	struct sha256 *hash; /* of all that is said: the document's name */
	struct systems systems;
	struct arena mem;    /* of a statement */
	int64_t n;
};
struct telling { /* one statement */
	const char *col[C_COUNT];
	const char *system; /* of the image */
	struct verdict_on v;
};

/* ---- package URLs ---- */

/*
 * Its digest tells which one; without one its name and tag do. A name without a tag means "latest":
 * a purl without either would speak of the whole repository.
 */
static const char *image_purl(struct arena *mem, const struct telling *s)
{
	const char *name = s->col[C_IMAGE], *digest = s->col[C_DIGEST], *out;
	size_t len = strcspn(name, "@");
	const char *repository = arena_dupn(mem, name, len);
	const char *slash = strrchr(repository, '/');
	const char *last = slash ? slash + 1 : repository, *colon = strchr(last, ':');
	const char *tag = colon ? colon + 1 : name[len] || !str_empty(digest) ? "" : "latest";
	struct buf b = BUF_INIT;

	if (str_prefix(name, "sha256:"))
		repository = last = tag = "", colon = NULL;
	if (colon)
		repository = arena_dupn(mem, repository, (size_t)(colon - repository));
	buf_adds(&b, "pkg:oci/");
	purl_encode(&b, *last ? last : "image", colon ? (size_t)(colon - last) :
	            *last ? strlen(last) : strlen("image"));
	if (!str_empty(digest)) {
		buf_adds(&b, "@");
		purl_encode(&b, digest, strlen(digest));
	}
	if (*repository) {
		buf_adds(&b, "?repository_url=");
		purl_name(&b, repository, '/');
	}
	if (*tag) {
		buf_addf(&b, "%ctag=", *repository ? '&' : '?');
		purl_encode(&b, tag, strlen(tag));
	}
	out = arena_dupn(mem, b.s, b.len);
	buf_release(&b);
	return out;
}

/* ---- a statement ---- */

static const char *status_of(const struct verdict_on *v)
{
	static const char *const fixed[] = { "fixed", "resolved", "resolved_with_pedigree" };

	if (v->machine && str_index(fixed, LENGTH(fixed), v->status) >= 0)
		return "fixed";
	return v->state == STATE_NOT_AFFECTED || v->state == STATE_FALSE_POSITIVE ?
	               "not_affected" :
	               "affected";
}

static bool is_justification(const char *s)
{
	static const char *const words[] = {
		"component_not_present",
		"vulnerable_code_not_present",
		"vulnerable_code_not_in_execute_path",
		"vulnerable_code_cannot_be_controlled_by_adversary",
		"inline_mitigations_already_exist",
	};

	return str_index(words, LENGTH(words), s) >= 0;
}

/* "accepted: behind the proxy"; a justification that OpenVEX does not know is told in words. */
static const char *reason_of(struct arena *mem, const struct verdict_on *v)
{
	bool other = !str_empty(v->justification) && !is_justification(v->justification);

	return arena_printf(mem, "%s%s%s%s%s", state_word(v->state), other ? ": " : "",
	                    other ? v->justification : "", str_empty(v->reason) ? "" : ": ",
	                    str_empty(v->reason) ? "" : v->reason);
}

/* Who decided, and until when: OpenVEX has no word for either. */
static const char *notes_of(struct arena *mem, const struct verdict_on *v)
{
	char until[21] = "";

	if (v->until != DUE_NONE)
		time_print(v->until, until);
	return arena_printf(mem, "decided by %s%s%s%s%s",
	                    str_empty(v->who) ? "an unnamed author" : v->who,
	                    str_empty(v->approver) ? "" : ", approved by ",
	                    str_empty(v->approver) ? "" : v->approver,
	                    *until ? ", until " : "", until);
}

static void put_component(struct jot *j, const char *purl)
{
	jot_object(j, NULL);
	jot_text(j, "@id", purl);
	jot_object(j, "identifiers");
	jot_text(j, "purl", purl);
	jot_end(j);
}

static void put_product(struct jot *j, struct arena *mem, const struct telling *s)
{
	const char *digest = s->col[C_DIGEST];

	put_component(j, image_purl(mem, s));
	if (str_prefix(digest, "sha256:")) {
		jot_object(j, "hashes");
		jot_text(j, "sha-256", digest + strlen("sha256:"));
		jot_end(j);
	}
	jot_array(j, "subcomponents");
	put_component(j, purl_package(mem, s->col[C_TYPE], s->col[C_PACKAGE], s->col[C_VERSION],
	                              s->system));
	jot_end(j);
	jot_end(j);
	jot_end(j);
}

static void put_why(struct jot *j, struct arena *mem, const struct verdict_on *v)
{
	const char *status = status_of(v);

	jot_text(j, "status", status);
	jot_text(j, "status_notes", notes_of(mem, v));
	if (str_eq(status, "affected")) {
		jot_text(j, "action_statement", reason_of(mem, v));
		return;
	}
	if (str_eq(status, "fixed")) {
		if (!str_empty(v->reason))
			jot_text(j, "impact_statement", v->reason);
		return;
	}
	if (is_justification(v->justification))
		jot_text(j, "justification", v->justification);
	jot_text(j, "impact_statement", reason_of(mem, v));
}

static void put(struct jot *j, struct arena *mem, const struct telling *s)
{
	jot_object(j, NULL);
	jot_object(j, "vulnerability");
	jot_text(j, "name", s->col[C_ADVISORY]);
	jot_list(j, "aliases", s->col[C_ALIASES]);
	jot_end(j);
	jot_time(j, "timestamp", s->v.from);
	jot_array(j, "products");
	put_product(j, mem, s);
	jot_end(j);
	put_why(j, mem, &s->v);
	jot_end(j);
}

static bool add_hash(struct vex *x, const struct telling *s, struct err *e)
{
	struct buf b = BUF_INIT;
	struct jot j = { .out = out_buf(&b) };
	bool ok;

	put(&j, &x->mem, s);
	ok = out_close(j.out, e);
	sha256_add(x->hash, b.s, b.len);
	buf_release(&b);
	return ok;
}

static bool on_row(void *ctx, const struct row *r, struct err *e)
{
	struct vex *x = ctx;
	struct telling s;

	arena_reset(&x->mem);
	for (size_t i = 0; i < C_COUNT; i++)
		s.col[i] = arena_dup(&x->mem, row_value(x->list, r, column[i])->u.s);
	s.system = systems_find(&x->systems, r->key[0]);
	if (!store_decision(x->d->job->st, r->key, &x->mem, &s.v, e) || !add_hash(x, &s, e))
		return false;
	put(&x->d->jot, &x->mem, &s);
	x->n++;
	if (out_failed(x->d->out))
		return err_set(e, ERR_IO, "the report cannot be written");
	return doc_part_of(x->d, x->n, e);
}

/* ---- the document ---- */

static bool query(struct vex *x, const char *filter, struct arena *mem, struct list_query *q,
                  struct err *e)
{
	struct doc_rows rows = { .list = LIST_findings, .filter = filter };

	if (x->d->job->image)
		rows.scope = (struct scope){ SCOPE_IMAGE, { x->d->job->image } };
	if (!doc_query(x->d, &rows, mem, q, e))
		return false;
	q->retired = true;
	for (size_t i = 0; i < C_COUNT; i++)
		for (size_t k = 0; k < x->list->ncol; k++)
			if (str_eq(x->list->col[k].name, column[i]))
				q->columns |= UINT64_C(1) << k;
	return true;
}

/* How it came to be, and what it does not tell: a product of OpenVEX is an image here. */
static bool put_head(struct vex *x, const char *author, struct arena *mem, struct err *e)
{
	struct jot *j = &x->d->jot;
	struct list_query q;
	int64_t other;
	char at[21];

	if (!query(x, DECIDED "!asset.kind:image", mem, &q, e) ||
	    !store_count(x->d->job->st, &q, &other, e))
		return false;
	time_print(x->d->job->now, at);
	sha256_add(x->hash, author, strlen(author) + 1);
	sha256_add(x->hash, at, strlen(at) + 1);
	jot_object(j, NULL);
	jot_text(j, "@context", "https://openvex.dev/ns/v0.2.0");
	jot_text(j, "author", author);
	jot_text(j, "timestamp", at);
	jot_int(j, "version", 1);
	jot_text(j, "tooling",
	         arena_printf(mem, "seaworthy %s, which knows of %" PRId64 " decisions more on "
	                           "what is in no image", build_version, other));
	jot_array(j, "statements");
	return true;
}

/* The name is known when all is said: members of an object have no order. */
static void put_name(struct vex *x, struct arena *mem)
{
	uint8_t sum[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	sha256_take(x->hash, sum);
	hex_print(sum, sizeof(sum), hex);
	jot_end(&x->d->jot);
	jot_text(&x->d->jot, "@id",
	         arena_printf(mem, "https://openvex.dev/docs/public/vex-%s", hex));
	jot_end(&x->d->jot);
}

static bool tell(struct doc *d, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct vex x = { .d = d, .list = store_list(LIST_findings), .hash = sha256_new(),
		         .mem = ARENA_INIT };
	struct list_query q;
	bool ok;

	d->jot = (struct jot){ .out = d->out };
	ok = systems_load(d->job->st, &mem, &x.systems, e) &&
	     put_head(&x, store_actor(d->job->st), &mem, e) &&
	     query(&x, DECIDED "asset.kind:image", &mem, &q, e) && doc_parts_of(d, &q, e) &&
	     store_each(d->job->st, &q, on_row, &x, e);
	if (ok && x.n == 0)
		ok = err_set(e, ERR_USAGE, "nothing was decided of a vulnerability in an image: "
		                           "OpenVEX has no document without a statement");
	if (ok)
		put_name(&x, &mem);
	sha256_free(x.hash);
	arena_release(&x.mem);
	arena_release(&mem);
	return ok;
}

const struct report report_vex = {
	.info = { .id = "vex", .title = "Decisions as OpenVEX", .format = "json",
		  .about = "what was decided of findings, for scanners and customers" },
	.tell = tell,
};
