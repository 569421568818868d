/* SPDX-License-Identifier: MIT */
/* wrapped.c - documents inside others. */
#include "importers/peek.h"
#include "importers/value.h"
#include "importers/wrapped.h"

static const char *const known[] = {
	"",
	"predicate",                /* of an in-toto statement                   */
	"predicate.Data",           /* as cosign 1 wrote it                      */
	"predicate.scanner.result", /* a scan as cosign attests it               */
	"scanner.result",           /* that predicate alone                      */
	"SPDX",                     /* docker buildx imagetools inspect          */
	"{}.SPDX",                  /* likewise, of several platforms            */
	"sbom.SPDX",                /* what it says of all of an image           */
	"sbom{}.SPDX",
	"sbom",                     /* GitHub's export of a repository's depends */
};

const char *wrapped_path(const struct peek *p, const char *key, const char *prefix)
{
	const char *found = NULL;
	struct arena mem = ARENA_INIT;

	for (size_t i = 0; found == NULL && i < LENGTH(known); i++) {
		const char *text = peek_text(p, *known[i] == 0 ? key : arena_printf(
			&mem, "%s.%s", known[i], key));

		if (text != NULL && (prefix == NULL || str_prefix(text, prefix)))
			found = known[i];
	}
	arena_release(&mem);
	return found;
}

/* ---- what the attestation is of ---- */

/* "pkg:docker/registry.example/shop/web@1.4?platform=linux%2Famd64", as buildx names an image */
static const char *of_purl(struct arena *mem, const char *purl)
{
	char *name = arena_dup(mem, strchr(purl, '/') + 1), *at;

	name[strcspn(name, "?#")] = 0;
	at = strrchr(name, '@');
	if (at != NULL && strchr(at, ':') != NULL)
		*at = 0; /* a digest */
	else if (at != NULL)
		*at = ':';
	return name;
}

/* An attestation may be of a file, too: an image's name begins with its registry. */
static bool has_registry(const char *name)
{
	size_t n = strcspn(name, "/");

	return name[n] == '/' && n > 0 &&
	       (memchr(name, '.', n) != NULL || memchr(name, ':', n) != NULL) && *name != '.' &&
	       strstr(name, "://") == NULL;
}

static const char *platform_of(struct arena *mem, const char *purl)
{
	static const char key[] = "platform=";
	const char *at = strstr(purl, key);

	if (at == NULL)
		return NULL;
	at += strlen(key);
	return value_decoded(mem, arena_dupn(mem, at, strcspn(at, "&#")));
}

void wrapped_subject(struct arena *mem, const char *name, const char *sha256, struct wrapped *out)
{
	if (name == NULL)
		return;
	if (str_prefix(name, "pkg:docker/")) {
		out->image = of_purl(mem, name);
		out->platform = platform_of(mem, name);
	} else if (has_registry(name)) {
		out->image = arena_dup(mem, name);
	}
	if (out->image != NULL && sha256 != NULL)
		out->digest = arena_printf(mem, "sha256:%s", sha256);
}

/* ---- finding ---- */

static bool may_be_wrapped(const struct peek *p)
{
	return peek_has(p, "_type") || peek_has(p, "predicate") || peek_has(p, "scanner") ||
	       peek_has(p, "SPDX") || peek_has(p, "{}.SPDX") || peek_has(p, "sbom");
}

bool wrapped_find(const struct source *src, const char *key, struct arena *mem, struct wrapped *out,
                  struct err *e)
{
	struct peek *p = peek_new(src);
	const char *under;
	bool ok = peek_look(p, false, e);

	*out = (struct wrapped){ 0 };
	if (ok && !peek_has(p, key) && !peek_whole(p) && may_be_wrapped(p))
		ok = peek_look(p, true, e);
	under = ok ? wrapped_path(p, key, NULL) : NULL;
	if (under != NULL && *under != 0) {
		out->under = under;
		wrapped_subject(mem, peek_text(p, "subject[0].name"),
		                peek_text(p, "subject[0].digest.sha256"), out);
	}
	peek_free(p);
	return ok;
}
