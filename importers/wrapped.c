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
	"spec",                     /* Kubescape's object for what VEX says      */
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

void wrapped_subject(struct arena *mem, const char *name, const char *sha256, struct subject *out)
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
	       peek_has(p, "SPDX") || peek_has(p, "{}.SPDX") || peek_has(p, "sbom") ||
	       peek_has(p, "spec");
}

bool wrapped_find(const struct source *src, const char *key, const char **under, struct err *e)
{
	struct peek *p = peek_new(src);
	bool ok = peek_look(p, false, e);

	if (ok && !peek_has(p, key) && !peek_whole(p) && may_be_wrapped(p))
		ok = peek_look(p, true, e);
	*under = ok ? wrapped_path(p, key, NULL) : NULL;
	if (*under == NULL)
		*under = "";
	peek_free(p);
	return ok;
}

/* ---- reading ---- */

enum { A_NAME, A_DIGEST, A_AT, A_AT_ALONE, A_COUNT };
static const struct read_field around_field[A_COUNT] = {
	[A_NAME]     = { "subject[].name" },
	[A_DIGEST]   = { "subject[].digest.sha256" },
	[A_AT]       = { "predicate.metadata.scanFinishedOn" },
	[A_AT_ALONE] = { "metadata.scanFinishedOn" }, /* of the predicate without its statement */
};

bool wrapped_read(const struct source *src, const char *under, const struct read_scope *scope,
                  size_t nscope, void *ctx, const struct read_opts *o, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct read_scope *moved;
	size_t n = 0;
	bool ok;

	if (*under == 0)
		return read_document(src, scope, nscope, ctx, o, e);
	moved = arena_array(&mem, struct read_scope, nscope + 1);
	moved[n++] = (struct read_scope){ "", around_field, A_COUNT, NULL, NULL };
	for (size_t i = 0; i < nscope; i++) {
		if (str_prefix(scope[i].path, "[]"))
			continue;
		moved[n] = scope[i];
		moved[n++].path = arena_printf(&mem, "%s%s%s", under,
		                               *scope[i].path != 0 ? "." : "", scope[i].path);
	}
	ok = read_document(src, moved, n, ctx, o, e);
	arena_release(&mem);
	return ok;
}

struct subject wrapped_around(struct arena *mem, const struct read_record *document)
{
	const struct read_record *up = document->up;
	struct subject of = { .at = 0 };

	if (up == NULL || up->scope->field != around_field)
		return of;
	wrapped_subject(mem, read_item(up, A_NAME, NULL), read_item(up, A_DIGEST, NULL), &of);
	of.at = read_time(up, read_text(up, A_AT) != NULL ? A_AT : A_AT_ALONE);
	return of;
}
