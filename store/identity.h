/* SPDX-License-Identifier: MIT */
/* identity.h - one spelling for each thing that tools spell in many ways; private to store/. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "store/base/base.h"

/*
 * An image reference taken apart. Docker's short names are filled in: "nginx" is
 * "docker.io/library/nginx:latest". A reference with a digest and no tag has no tag; one without
 * either has "latest". Source: the grammar of distribution/reference.
 */
struct image_ref {
	const char *repository; /* "docker.io/library/nginx"                         */
	const char *tag;	/* "latest"; NULL: only a digest                     */
	const char *digest;	/* "sha256:..." in lower case; NULL: none            */
	const char *name;	/* repository ":" tag; NULL when there is no tag     */
};
/* False when `ref` is no reference at all (empty, or it holds blanks or control bytes). */
bool image_ref_parse(const char *ref, struct arena *mem, struct image_ref *out);
/* What comes before the first slash is a registry when it could be a host. */
bool image_ref_names_registry(const char *ref);
/* "sha256:" and 64 hex digits, lower case, into `out`; false when it is none
 * ("docker-pullable://x@sha256:.." is). */
#define DIGEST_SIZE 72
bool digest_normal(const char *s, char out[static DIGEST_SIZE]);

/*
 * "linux/arm64" for "arm64", "linux/aarch64", "linux/arm64/v8", ...; "" for NULL and "unknown".
 * Source: containerd's normalisation of platforms.
 */
const char *platform_normal(const char *s, struct arena *mem);

/* A package by type, name and version, each in its normal spelling. */
struct package_id {
	const char *type, *name, *version;
};
/*
 * From the tool's word for the type, name, version and purl, any of which may be NULL. The purl's
 * type and name win when it parses, the version given wins over the purl's. Source: the purl
 * specification and its type definitions; PEP 503; the versions that Go, rpm and the scanners
 * write.
 */
void package_normal(const char *type, const char *name, const char *version, const char *purl,
		    struct arena *mem, struct package_id *out);
/* What the purl of an image says; each NULL when it does not. False: it is none of an image. */
struct purl_image {
	const char *repository, *digest, *tag;
};
bool purl_image(const char *purl, struct arena *mem, struct purl_image *out);
/* The purl type for a tool's word ("debian" and "deb" are "deb", "go-module" is "golang"); the word
 * itself, lower case, when it is not known. */
const char *package_type(const char *word, struct arena *mem);

/* Upper-case CVE ids, GHSA prefix upper and the rest lower; everything else without blanks around
 * it. */
const char *advisory_normal(const char *id, struct arena *mem);
bool advisory_is_cve(const char *normal);
/*
 * Does the name of a tree tell it from the next one's? ".", what is mounted at the same place in
 * every job, and the file that every repository has do not.
 */
bool tree_named(const char *name);

/* Whose rules these are: trivy-operator, and Starboard before it, speak of Trivy's. */
const char *rule_tool(const char *source);
/* A tool's rule in its normal spelling: Trivy's DS002, AVD-DS-0002 and DS-0002 are all DS-0002. */
const char *rule_normal(const char *source, const char *id, struct arena *mem);

/* The first 12 hex digits of a container's id, without "containerd://" before it; "" when it is
 * none. */
#define ID12_SIZE 13
void container_id12(const char *id, char out[static ID12_SIZE]);
/* All its hex digits, into `mem`; "" when it is none. */
const char *container_id64(const char *id, struct arena *mem);

#define ID_HASH_SIZE 16
/*
 * The first 16 bytes of the SHA-256 of the texts, each with its length before it (NULL: length 0).
 * `h` is fresh, and is so again afterwards.
 */
void id_hash(struct sha256 *h, const char *const *text, size_t n, const char *raw, size_t raw_len,
	     uint8_t out[static ID_HASH_SIZE]);

#endif
