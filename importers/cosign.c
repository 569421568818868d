/* SPDX-License-Identifier: MIT */
/* cosign.c - signatures and attestations of images, verified or only there. Spec: .spec below. */
#include "importers/cosign.h"
#include "importers/der.h"
#include "importers/embedded.h"
#include "importers/kube.h"

#define BUNDLE   "application/vnd.dev.sigstore.bundle"
#define NOTATION "application/vnd.cncf.notary.signature"

enum {
	C_DIGEST, C_REFERENCE, C_ISSUER, C_SUBJECT, C_OID_ISSUER, C_LOG, C_TIME, /* cosign verify */
	/* as registries keep it */
	C_MIME, C_PAYLOAD, C_SIGNATURE, C_CERTIFICATE, C_BUNDLE,
	C_PAYLOAD_TYPE, C_SIGNATURES, C_KEYS, /* DSSE */
	C_MATERIAL, C_B_TYPE, C_B_PAYLOAD, C_B_SIGNATURES, C_B_KEYS, C_B_LOGS, C_B_TIMES,
	C_B_CERTIFICATE, C_B_CHAIN, C_B_KEY, C_B_DIGEST, /* sigstore's bundle */
	/* unsigned: in-toto, buildx */
	C_STATEMENT, C_X_TYPE, C_X_OF, C_X_BAKED, C_X_ALONE, C_X_ALONE_1, C_X_EACH, C_X_EACH_1,
	C_OF, C_ARTIFACT, C_CONFIG, C_LAYERS, C_MANIFESTS, C_CONTENT, /* OCI */
	C_J_PROTECTED, C_J_SIGNATURE, C_J_CHAIN, C_J_INSPECTED, /* Notation */
	C_N_NAME, C_N_DIGEST, C_REFERRERS, /* oras */
	C_G_DIGEST, /* Google Cloud Build */
	C_D_SIGNATURE, C_D_PAYLOAD, C_D_CERTIFICATE, C_D_LOG, C_D_TIME, /* cosign download */
	C_H_ANY, C_H_SIGNER, C_H_ISSUER, C_H_PREDICATE, C_H_LOGS, C_H_TIMES, /* gh attestation */
	C_H_BUNDLES,
	C_COUNT
};
static const struct read_field fields[C_COUNT] = {
	[C_DIGEST] = { "critical.image.docker-manifest-digest" },
	[C_REFERENCE] = { "critical.identity.docker-reference" },
	[C_ISSUER] = { "optional.Issuer" },
	[C_SUBJECT] = { "optional.Subject" },
	[C_OID_ISSUER] = { "optional.1.3.6.1.4.1.57264.1.1" },
	[C_LOG] = { "optional.Bundle.Payload.logIndex" },
	[C_TIME] = { "optional.Bundle.Payload.integratedTime" },
	[C_MIME] = { "mimeType" },
	[C_PAYLOAD] = { "payload" },
	[C_SIGNATURE] = { "annotations.dev.cosignproject.cosign/signature" },
	[C_CERTIFICATE] = { "annotations.dev.sigstore.cosign/certificate" },
	[C_BUNDLE] = { "annotations.dev.sigstore.cosign/bundle" },
	[C_PAYLOAD_TYPE] = { "payloadType" },
	[C_SIGNATURES] = { "signatures[].sig" },
	[C_KEYS] = { "signatures[].keyid" },
	[C_MATERIAL] = { "verificationMaterial", READ_RAW },
	[C_B_TYPE] = { "dsseEnvelope.payloadType" },
	[C_B_PAYLOAD] = { "dsseEnvelope.payload" },
	[C_B_SIGNATURES] = { "dsseEnvelope.signatures[].sig" },
	[C_B_KEYS] = { "dsseEnvelope.signatures[].keyid" },
	[C_B_LOGS] = { "verificationMaterial.tlogEntries[].logIndex" },
	[C_B_TIMES] = { "verificationMaterial.tlogEntries[].integratedTime" },
	[C_B_CERTIFICATE] = { "verificationMaterial.certificate.rawBytes" },
	[C_B_CHAIN] = { "verificationMaterial.x509CertificateChain.certificates[].rawBytes" },
	[C_B_KEY] = { "verificationMaterial.publicKey.hint" },
	[C_B_DIGEST] = { "messageSignature.messageDigest.digest" },
	[C_STATEMENT] = { "_type" },
	[C_X_OF] = { "containerimage.digest" }, /* --metadata-file, of bake one for each target */
	[C_X_BAKED] = { "{}.containerimage.digest" },
	[C_X_ALONE] = { "SLSA.buildType" }, /* imagetools inspect, for each platform or alone */
	[C_X_ALONE_1] = { "SLSA.buildDefinition.buildType" },
	[C_X_EACH] = { "{}.SLSA.buildType" },
	[C_X_EACH_1] = { "{}.SLSA.buildDefinition.buildType" },
	[C_OF] = { "subject.digest" },
	[C_ARTIFACT] = { "artifactType" },
	[C_CONFIG] = { "config.mediaType" },
	[C_CONTENT] = { "annotations.dev.sigstore.bundle.predicateType" },
	[C_J_PROTECTED] = { "protected" },
	[C_J_SIGNATURE] = { "signature" },
	[C_J_CHAIN] = { "header.x5c", READ_LIST },
	[C_J_INSPECTED] = { "Signatures[].signedArtifact.digest" },
	[C_LAYERS] = { "layers[].mediaType" },
	[C_N_NAME] = { "reference" },
	[C_N_DIGEST] = { "digest" },
	[C_REFERRERS] = { "referrers[].digest" },
	[C_MANIFESTS] = { "manifests[].digest" },
	[C_X_TYPE] = { "buildx.build.provenance.buildType" },
	[C_G_DIGEST] = { "image_summary.digest" },
	[C_D_SIGNATURE] = { "Base64Signature" },
	[C_D_PAYLOAD] = { "Payload" },
	[C_D_CERTIFICATE] = { "Cert.Raw" },
	[C_D_LOG] = { "Bundle.Payload.logIndex" },
	[C_D_TIME] = { "Bundle.Payload.integratedTime" },
	[C_H_ANY] = { "verificationResult.signature", READ_RAW },
	[C_H_SIGNER] = { "verificationResult.signature.certificate.subjectAlternativeName" },
	[C_H_ISSUER] = { "verificationResult.signature.certificate.issuer" },
	[C_H_PREDICATE] = { "verificationResult.statement.predicateType" },
	[C_H_LOGS] = { "attestation.bundle.verificationMaterial.tlogEntries[].logIndex" },
	[C_H_TIMES] = { "attestation.bundle.verificationMaterial.tlogEntries[].integratedTime" },
	[C_H_BUNDLES] = { "attestations[].bundle.mediaType" }, /* of GitHub's interface */
};

/* ---- the forms ---- */

static struct seal seal_of(struct cosign *c, const char *text)
{
	struct seal seal = { .empty = *text == '\0' };
	seal.p = base64_decode(&c->mem, text, &seal.n);
	return seal;
}

static void set_seals(struct cosign *c, const struct read_record *r, size_t signatures)
{
	struct seal *list = arena_array(&c->mem, struct seal, c->env.n + 1);
	size_t n = 0;
	for (const char *s = NULL; (s = read_item(r, signatures, s)) != NULL; n++)
		list[n] = seal_of(c, s);
	c->env.seal = list;
}

static void set_keys(struct cosign *c, const struct read_record *r, size_t signatures, size_t keys)
{
	const char *item = NULL;
	size_t n = 0;
	c->env.n = read_count(r, signatures);
	set_seals(c, r, signatures);
	if (read_count(r, keys) != c->env.n)
		return;
	const char **list = arena_array(&c->mem, const char *, c->env.n + 1);
	while ((item = read_item(r, keys, item)) != NULL)
		list[n++] = *item == '\0' ? NULL : item;
	c->env.key = list;
}

static void set_certificate(struct cosign *c, const char *text)
{
	size_t n;
	const char *der = text == NULL ? NULL : pem_decode(&c->mem, text, &n);
	if (der != NULL)
		certificate_names(&c->mem, der, n, &c->env.signer, &c->env.issuer);
}

static void set_log(struct cosign *c, const char *index, const char *time)
{
	if (index == NULL || !str_int64(index, 0, INT64_MAX, &c->env.log))
		c->env.log = -1;
	if (time == NULL || !str_int64(time, 0, INT64_MAX, &c->env.at))
		c->env.at = 0;
}

/* Cosign verified these before it printed them; under which flags it does not say. */
static bool put_verified(struct cosign *c, const struct read_record *r, struct err *e)
{
	const char *digest = read_text(r, C_DIGEST);
	cosign_start(c, SIGNATURE_OK);
	c->env.signer = read_text(r, C_SUBJECT);
	c->env.issuer = read_text(r, read_text(r, C_ISSUER) != NULL ? C_ISSUER : C_OID_ISSUER);
	set_log(c, read_text(r, C_LOG), read_text(r, C_TIME));
	if (!kube_is_digest(digest))
		return read_skip(r, "no digest of an image", e);
	return cosign_put(c, digest, read_text(r, C_REFERENCE), e);
}

enum { B_LOG, B_TIME, B_COUNT };
static const struct read_field bundle_fields[B_COUNT] = {
	[B_LOG] = { "Payload.logIndex" },
	[B_TIME] = { "Payload.integratedTime" },
};

static bool on_bundle(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	set_log(ctx, read_text(r, B_LOG), read_text(r, B_TIME));
	return true;
}

static const struct read_scope bundle_scopes[] = {
	{ "", bundle_fields, B_COUNT, on_bundle, NULL },
};

static void set_signature(struct cosign *c, const char *text)
{
	struct seal *seal = arena_new(&c->mem, struct seal);
	if (text != NULL)
		*seal = seal_of(c, text);
	c->env.seal = seal;
}

static bool put_stored(struct cosign *c, const struct read_record *r, struct err *e)
{
	const char *bundle = read_text(r, C_BUNDLE);
	bool good;
	cosign_start(c, SIGNATURE_PRESENT);
	set_certificate(c, read_text(r, C_CERTIFICATE));
	set_signature(c, read_text(r, C_SIGNATURE));
	if (bundle != NULL && !embedded_read(bundle, strlen(bundle), bundle_scopes, 1, c, &good, e))
		return false;
	return cosign_read_payload(c, r, read_text(r, C_PAYLOAD), e);
}

/* What `cosign download signature` prints of the same. */
static bool put_downloaded(struct cosign *c, const struct read_record *r, struct err *e)
{
	cosign_start(c, SIGNATURE_PRESENT);
	set_certificate(c, read_text(r, C_D_CERTIFICATE));
	set_signature(c, read_text(r, C_D_SIGNATURE));
	set_log(c, read_text(r, C_D_LOG), read_text(r, C_D_TIME));
	return cosign_read_payload(c, r, read_text(r, C_D_PAYLOAD), e);
}

/* `gh attestation verify --format json` verified it; what it is of comes next, as subjects. */
static void start_checked(struct cosign *c, const struct read_record *r)
{
	cosign_start(c, SIGNATURE_OK);
	c->env.signer = read_text(r, C_H_SIGNER);
	c->env.issuer = read_text(r, C_H_ISSUER);
	c->env.predicate = read_text(r, C_H_PREDICATE);
	set_log(c, read_item(r, C_H_LOGS, NULL), read_item(r, C_H_TIMES, NULL));
}

static bool put_dsse(struct cosign *c, const struct read_record *r, struct err *e)
{
	cosign_start(c, SIGNATURE_PRESENT);
	c->env.dsse = true;
	c->env.type = read_text(r, C_PAYLOAD_TYPE);
	set_keys(c, r, C_SIGNATURES, C_KEYS);
	return cosign_read_payload(c, r, read_text(r, C_PAYLOAD), e);
}

/* Notation's signature as it lies in the registry; the signer is told by its certificate. */
static bool put_jws(struct cosign *c, const struct read_record *r, struct err *e)
{
	cosign_start(c, SIGNATURE_PRESENT);
	c->env.jws = true;
	set_certificate(c, read_item(r, C_J_CHAIN, NULL));
	return cosign_read_payload(c, r, read_text(r, C_PAYLOAD), e);
}

static bool put_bundle(struct cosign *c, const struct read_record *r, struct err *e)
{
	size_t n;
	const char *raw = read_text(r, C_B_DIGEST), *cert = read_text(r, C_B_CERTIFICATE);
	cosign_start(c, SIGNATURE_PRESENT);
	set_certificate(c, cert != NULL ? cert : read_item(r, C_B_CHAIN, NULL));
	set_log(c, read_item(r, C_B_LOGS, NULL), read_item(r, C_B_TIMES, NULL));
	if (raw == NULL) {
		c->env.dsse = true;
		c->env.type = read_text(r, C_B_TYPE);
		set_keys(c, r, C_B_SIGNATURES, C_B_KEYS);
		return cosign_read_payload(c, r, read_text(r, C_B_PAYLOAD), e);
	}
	const char *bytes = base64_decode(&c->mem, raw, &n);
	char hex[2 * SHA256_SIZE + 1];
	if (bytes == NULL || n != SHA256_SIZE)
		return read_skip(r, "no SHA-256 of what is signed", e);
	if (c->env.signer == NULL)
		c->env.signer = read_text(r, C_B_KEY);
	hex_print((const uint8_t *)bytes, n, hex);
	return cosign_put(c, arena_printf(&c->mem, "sha256:%s", hex), NULL, e);
}

static bool is_signature_type(const char *type)
{
	static const char *const types[] = {
		"application/vnd.dev.cosign.artifact.sig.v1+json",
		NOTATION,
		"application/vnd.dev.cosign.simplesigning.v1+json",
	};
	return str_index(types, LENGTH(types), type) >= 0
	       || (type != NULL && str_prefix(type, BUNDLE));
}

/* Of a sigstore bundle its annotation says what is inside: a signature, or what is attested. */
static void set_content(struct cosign *c, const char *type, const char *predicate)
{
	if (type == NULL || !str_prefix(type, BUNDLE) || str_eq(predicate, COSIGN_SIGNS))
		return;
	c->env.predicate = predicate == NULL ? "attestation" : predicate;
}

/*
 * A manifest that refers to an image; each layer that is a signature is one. Notation's are told by
 * what the manifest is of, since its layers are of a general type.
 */
static bool put_manifest(struct cosign *c, const struct read_record *r, struct err *e)
{
	size_t n = 0;
	cosign_start(c, SIGNATURE_PRESENT);
	for (const char *s = NULL; (s = read_item(r, C_LAYERS, s)) != NULL;) {
		n += is_signature_type(s);
		set_content(c, s, read_text(r, C_CONTENT));
	}
	if (str_eq(read_text(r, C_ARTIFACT), NOTATION) || str_eq(read_text(r, C_CONFIG), NOTATION))
		n = read_count(r, C_LAYERS);
	if (n == 0)
		return true; /* an image, or something else that was attached to one */
	c->env.n = n;
	if (!kube_is_digest(read_text(r, C_OF)))
		return read_skip(r, "signatures of an image that it does not name", e);
	return cosign_put(c, read_text(r, C_OF), NULL, e);
}

static bool is_unsigned(const struct read_record *r)
{
	for (size_t i = C_STATEMENT; i <= C_X_EACH_1; i++)
		if (r->value[i].type != READ_NONE)
			return true;
	return false;
}

static bool on_document(void *ctx, const struct read_record *r, struct err *e)
{
	struct cosign *c = ctx;
	arena_reset(&c->mem);
	c->saved = NULL;
	if (r->value[C_DIGEST].type != READ_NONE)
		return put_verified(c, r, e);
	if (r->value[C_MIME].type != READ_NONE)
		return put_stored(c, r, e);
	if (r->value[C_PAYLOAD_TYPE].type != READ_NONE)
		return put_dsse(c, r, e);
	if (r->value[C_MATERIAL].type != READ_NONE)
		return put_bundle(c, r, e);
	if (r->value[C_J_PROTECTED].type != READ_NONE)
		return put_jws(c, r, e);
	if (r->value[C_D_SIGNATURE].type != READ_NONE)
		return put_downloaded(c, r, e);
	if (r->value[C_H_ANY].type != READ_NONE) {
		start_checked(c, r);
		return true;
	}
	if (is_unsigned(r))
		return read_skip(r, "unsigned: it proves nothing", e);
	if (read_count(r, C_LAYERS) > 0)
		return put_manifest(c, r, e);
	if (r->value[C_G_DIGEST].type != READ_NONE
	    || read_count(r, C_MANIFESTS) + read_count(r, C_H_BUNDLES)
	       + read_count(r, C_REFERRERS) + read_count(r, C_J_INSPECTED) > 0)
		return true; /* what counts is inside */
	return read_skip(r, "no signature and no attestation", e);
}

static bool on_envelope(void *ctx, const struct read_record *r, struct err *e)
{
	struct cosign *c = ctx;
	if (read_text(r, C_PAYLOAD) == NULL)
		return true;
	return put_dsse(c, r, e);
}

static bool on_inner_bundle(void *ctx, const struct read_record *r, struct err *e)
{
	return put_bundle(ctx, r, e);
}

/* ---- an index: of what refers to an image, or with the tags that stand for that ---- */

enum { M_ARTIFACT, M_TAG, M_CONTENT, M_NOTATION, M_DIGEST, M_KIND, M_COUNT };
static const struct read_field manifest_fields[M_COUNT] = {
	[M_ARTIFACT] = { "artifactType" },
	[M_CONTENT] = { "annotations.dev.sigstore.bundle.predicateType" },
	[M_NOTATION] = { "annotations.io.cncf.notary.x509chain.thumbprint#S256" },
	[M_TAG] = { "annotations.org.opencontainers.image.ref.name" },
	[M_DIGEST] = { "digest" },
	[M_KIND] = { "annotations.kind" },
};

#define SAVED "dev.cosignproject.cosign/"

/* What `cosign save` writes: the image, then what it found of its signatures and attestations. */
static bool on_saved(struct cosign *c, const struct read_record *r, struct err *e)
{
	const char *kind = read_text(r, M_KIND) + strlen(SAVED), *digest = read_text(r, M_DIGEST);
	bool signature = str_eq(kind, "sigs");
	if (str_prefix(kind, "image") && kube_is_digest(digest))
		c->saved = arena_dup(&c->mem, digest);
	if (!signature && !str_eq(kind, "atts"))
		return true;
	if (c->saved == NULL)
		return read_skip(r, "a signature of an image that the list does not name", e);
	cosign_start(c, SIGNATURE_PRESENT);
	c->env.predicate = signature ? NULL : "attestation";
	return cosign_put(c, c->saved, NULL, e);
}

/* "sha256-HEX.sig" holds the signatures of sha256:HEX, ".att" its attestations. */
static bool on_manifest(void *ctx, const struct read_record *r, struct err *e)
{
	struct cosign *c = ctx;
	const char *tag = read_text(r, M_TAG);
	bool signature = tag != NULL && str_suffix(tag, ".sig");
	if (read_text(r, M_KIND) != NULL && str_prefix(read_text(r, M_KIND), SAVED))
		return on_saved(c, r, e);
	if (tag == NULL || !str_prefix(tag, "sha256-") || (!signature && !str_suffix(tag, ".att")))
		return (!is_signature_type(read_text(r, M_ARTIFACT))
		        && read_text(r, M_NOTATION) == NULL)
		       || read_skip(r, "a signature of an image that the list does not name", e);
	const char *hex = arena_dupn(&c->mem, tag + 7, strlen(tag) - 7 - 4);
	const char *digest = kube_config_digest(&c->mem, hex);
	cosign_start(c, SIGNATURE_PRESENT);
	c->env.predicate = signature ? NULL : "attestation";
	return digest == NULL || cosign_put(c, digest, NULL, e);
}

/*
 * `oras discover` names the image and what refers to it; whatever refers to that in turn (a
 * signature of a bill of materials) is none of the image.
 */
static bool on_referrer(void *ctx, const struct read_record *r, struct err *e)
{
	struct cosign *c = ctx;
	const char *digest = read_text(r->up, C_N_DIGEST);
	if (!is_signature_type(read_text(r, M_ARTIFACT)))
		return true;
	cosign_start(c, SIGNATURE_PRESENT);
	set_content(c, read_text(r, M_ARTIFACT), read_text(r, M_CONTENT));
	if (!kube_is_digest(digest))
		return read_skip(r, "a signature of an image that the list does not name", e);
	return cosign_put(c, digest, read_text(r->up, C_N_NAME), e);
}

/* ---- `notation inspect --output json`: what it found, not verified ---- */

enum { I_DIGEST, I_SIGNER, I_ISSUER, I_AT, I_COUNT };
static const struct read_field inspected_fields[I_COUNT] = {
	[I_DIGEST] = { "signedArtifact.digest" },
	[I_SIGNER] = { "certificates[].issuedTo" },
	[I_ISSUER] = { "certificates[].issuedBy" },
	[I_AT] = { "signedAttributes.signingTime" },
};

static bool on_inspected(void *ctx, const struct read_record *r, struct err *e)
{
	struct cosign *c = ctx;
	cosign_start(c, SIGNATURE_PRESENT);
	c->env.signer = read_item(r, I_SIGNER, NULL);
	c->env.issuer = read_item(r, I_ISSUER, NULL);
	c->env.at = read_time(r, I_AT);
	if (!kube_is_digest(read_text(r, I_DIGEST)))
		return read_skip(r, "no digest of an image", e);
	return cosign_put(c, read_text(r, I_DIGEST), NULL, e);
}

static const struct read_scope scopes[] = {
	{ "", fields, C_COUNT, on_document, NULL },
	{ "manifests[]", manifest_fields, M_COUNT, on_manifest, NULL },
	{ "referrers[]", manifest_fields, M_COUNT, on_referrer, NULL },
	{ "provenance_summary.provenance[].envelope", fields, C_COUNT, on_envelope, NULL },
	{ "attestations[].bundle", fields, C_COUNT, on_inner_bundle, NULL },
	{ "verificationResult.statement.subject[]", cosign_subject_field, COSIGN_SUBJECT,
	  cosign_on_subject, NULL },
	{ "Signatures[]", inspected_fields, I_COUNT, on_inspected, NULL },
};

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct cosign c = { .sink = out, .opts = o, .mem = ARENA_INIT, .sealed = BUF_INIT };
	struct read_opts opts = { .sink = out };
	bool ok = cosign_put_scan(&c, e)
	          && read_document(src, scopes, LENGTH(scopes), &c, &opts, e);
	arena_release(&c.mem);
	buf_release(&c.sealed);
	return ok;
}

/* What it says of how an image was built; of what is in it, SPDX. */
static bool is_of_buildx(const struct peek *p)
{
	return peek_key_like(p, "buildx.build.", NULL) || peek_has(p, "containerimage.digest") ||
	       peek_has(p, "{}.containerimage.digest") ||
	       ((peek_has(p, "SLSA") || peek_has(p, "{}.SLSA")) && !peek_has(p, "SPDX") &&
	        !peek_has(p, "{}.SPDX"));
}

/* An index or a manifest of a registry; before OCI 1.1 they need not say what they are. */
static bool is_of_registry(const struct peek *p, const char *media)
{
	if (media != NULL)
		return strstr(media, "manifest") != NULL || strstr(media, "index") != NULL;
	return peek_has(p, "manifests[0].digest") ||
	       (peek_has(p, "config.digest") && peek_key_like(p, "layers", "layers"));
}

static int sniff(const struct peek *p)
{
	const char *media = peek_text(p, "mediaType"), *type = peek_text(p, "_type");
	if (peek_has(p, "critical.image") && peek_has(p, "critical.type"))
		return 95;
	if (peek_has(p, "payloadType") && peek_has(p, "payload") && peek_has(p, "signatures"))
		return 95;
	if (peek_has(p, "mimeType") && peek_has(p, "payload"))
		return 90;
	if (peek_has(p, "Base64Signature") && peek_has(p, "Payload"))
		return 95;
	if (peek_has(p, "verificationResult.signature") && peek_has(p, "attestation"))
		return 95;
	if (peek_has(p, "attestations[0].bundle.mediaType"))
		return 90;
	if (media != NULL && str_prefix(media, BUNDLE))
		return 95;
	if (peek_has(p, "payload") && peek_has(p, "protected") && peek_has(p, "header.x5c"))
		return 95;
	if (peek_has(p, "Signatures[0].signedArtifact.digest"))
		return 95;
	if (type != NULL && strstr(type, "in-toto.io/Statement") != NULL)
		return 90;
	if (peek_has(p, "provenance_summary") || is_of_buildx(p))
		return 90;
	if (peek_has(p, "reference") && peek_has(p, "digest") && peek_has(p, "referrers"))
		return 90;
	if (peek_has(p, "manifests[0].reference") && peek_has(p, "manifests[0].artifactType"))
		return 80;
	return peek_number(p, "schemaVersion") && is_of_registry(p, media) ? 80 : 0;
}

const struct importer importer_cosign = {
	.id = "cosign",
	.title = "Signatures and attestations (cosign, sigstore, gh, in-toto, buildx)",
	.spec = "https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md",
	.sniff = sniff,
	.run = run,
};
