/* SPDX-License-Identifier: MIT */
/* cosign_payload.c - what signatures and attestations are over: images, and documents of them. */
#include "importers/cosign.h"
#include "importers/der.h"
#include "importers/embedded.h"
#include "importers/kube.h"
#include "importers/source.h"

bool cosign_put(struct cosign *c, const char *digest, const char *name, struct err *e)
{
	const struct envelope *v = &c->env;
	c->any = true;
	for (size_t i = 0; i < v->n; i++) {
		struct record rec = { .kind = REC_SIGNATURE };
		if (v->seal != NULL && v->seal[i].empty)
			continue;
		rec.u.signature = (struct rec_signature){
			.digest = digest,
			.name = name != NULL ? name : v->name,
			.result = v->result,
			.signer = v->signer != NULL ? v->signer : v->key == NULL ? NULL : v->key[i],
			.issuer = v->issuer,
			.log_index = v->log,
			.predicate = v->predicate,
			.at = v->at,
		};
		if (v->seal != NULL && v->seal[i].p != NULL && c->sealed.len > 0) {
			rec.u.signature.sealed = c->sealed.s;
			rec.u.signature.sealed_len = c->sealed.len;
			rec.u.signature.seal = v->seal[i].p;
			rec.u.signature.seal_len = v->seal[i].n;
		}
		if (!c->sink->put(c->sink, &rec, e))
			return false;
	}
	return true;
}

void cosign_start(struct cosign *c, enum signature_result result)
{
	buf_reset(&c->sealed);
	c->env = (struct envelope){ .result = result, .n = 1, .log = -1 };
	c->any = false;
}

/* ---- inside a payload: an in-toto statement, or what cosign signs ---- */

#define IN_TOTO "application/vnd.in-toto+json"
#define SIMPLE  "cosign container image signature"

enum { S_PREDICATE, S_TYPE, S_DIGEST, S_REFERENCE, S_TARGET, S_COUNT };
static const struct read_field statement_fields[S_COUNT] = {
	[S_PREDICATE] = { "predicateType" },
	[S_TARGET] = { "targetArtifact.digest" }, /* Notation */
	[S_TYPE] = { "critical.type" },
	[S_DIGEST] = { "critical.image.docker-manifest-digest" },
	[S_REFERENCE] = { "critical.identity.docker-reference" },
};
enum { U_NAME, U_SHA256 };
const struct read_field cosign_subject_field[COSIGN_SUBJECT] = {
	[U_NAME] = { "name" },
	[U_SHA256] = { "digest.sha256" },
};

static bool on_statement(void *ctx, const struct read_record *r, struct err *e)
{
	struct cosign *c = ctx;
	const char *digest = read_text(r, S_DIGEST);
	const char *predicate = read_text(r, S_PREDICATE);
	if (c->env.jws)
		return !kube_is_digest(read_text(r, S_TARGET))
		       || cosign_put(c, read_text(r, S_TARGET), NULL, e);
	if (c->env.dsse || !kube_is_digest(digest)) {
		if (!c->env.dsse)
			buf_reset(&c->sealed);
		if (!str_eq(predicate, COSIGN_SIGNS))
			c->env.predicate = predicate == NULL ? "attestation"
			                                     : arena_dup(&c->mem, predicate);
		return true;
	}
	if (!str_eq(read_text(r, S_TYPE), SIMPLE))
		buf_reset(&c->sealed);
	return cosign_put(c, digest, read_text(r, S_REFERENCE), e);
}

/* What Witness and its kin name beside it: files, commits, containers; one kind is an image. */
static bool is_no_image(const char *name)
{
	return name != NULL && strstr(name, "://") != NULL &&
	       strstr(name, "/attestations/") != NULL && strstr(name, "/manifestdigest:") == NULL;
}

bool cosign_on_subject(void *ctx, const struct read_record *r, struct err *e)
{
	struct cosign *c = ctx;
	const char *digest = kube_config_digest(&c->mem, read_text(r, U_SHA256));
	const char *name = read_text(r, U_NAME);
	if (is_no_image(name))
		return true;
	if (name != NULL && strstr(name, "/manifestdigest:") != NULL)
		return digest == NULL || cosign_put(c, digest, NULL, e);
	return digest == NULL || cosign_put(c, digest, read_text(r, U_NAME), e);
}

static const struct read_scope statement_scopes[] = {
	{ "", statement_fields, S_COUNT, on_statement, NULL },
	{ "subject[]", cosign_subject_field, COSIGN_SUBJECT, cosign_on_subject, NULL },
};

/*
 * What DSSE signs (its "PAE"): "DSSEv1", the payload's type and the payload, each behind its
 * length, so that none of one type passes for one of another. Cosign's own form is signed as it is.
 * Source: secure-systems-lab/dsse, protocol.md.
 */
static void set_sealed(struct cosign *c, const char *payload, size_t n)
{
	const char *type = c->env.type;
	if (c->env.dsse && !str_eq(type, IN_TOTO))
		return; /* what its key says with it is another thing */
	if (c->env.dsse)
		buf_addf(&c->sealed, "DSSEv1 %zu %s %zu ", strlen(type), type, n);
	buf_add(&c->sealed, payload, n);
}

bool cosign_put_scan(struct cosign *c, struct err *e)
{
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "cosign" } };
	return c->sink->put(c->sink, &scan, e);
}

/*
 * What is attested may be a document of its own: a bill of materials, VEX, a scan. One that cannot
 * be read does not make the attestation less of one: it is told.
 */
static bool put_document(struct cosign *c, const struct read_record *r, const char *json, size_t n,
                         struct err *e)
{
	struct err said = ERR_INIT;
	struct source *src;
	bool ok;
	if (!source_open_bytes("attested document", json, n, &src, &said))
		return true;
	const struct importer *im = importer_guess(src, &said);
	if (im == NULL || str_eq(im->id, "cosign")) {
		source_close(src);
		return true; /* provenance, a signature, somebody's own */
	}
	ok = im->run(src, c->opts, c->sink, &said);
	source_close(src);
	if (ok)
		return cosign_put_scan(c, e);
	if (said.kind != ERR_FORMAT && said.kind != ERR_LIMIT && said.kind != ERR_USAGE) {
		*e = said;
		return false;
	}
	return cosign_put_scan(c, e) && read_skip(r, said.text, e);
}

static bool tell_empty(const struct cosign *c, const struct read_record *r, struct err *e)
{
	for (size_t i = 0; c->env.seal != NULL && i < c->env.n; i++)
		if (c->env.seal[i].empty && !read_skip(r, "a signature that is empty", e))
			return false;
	return true;
}

bool cosign_read_payload(struct cosign *c, const struct read_record *r, const char *text,
                         struct err *e)
{
	size_t n;
	bool good = false;
	if (!tell_empty(c, r, e))
		return false;
	const char *json = text == NULL ? NULL : base64_decode(&c->mem, text, &n);
	if (json != NULL && !c->env.jws)
		set_sealed(c, json, n);
	if (json != NULL
	    && !embedded_read(json, n, statement_scopes, LENGTH(statement_scopes), c, &good, e))
		return false;
	if (!good)
		return read_skip(r, "a payload that is no JSON in base64", e);
	if (!c->any && !read_skip(r, "it names no image", e))
		return false;
	return !c->env.dsse || put_document(c, r, json, n, e);
}
