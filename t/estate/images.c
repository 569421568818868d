/* SPDX-License-Identifier: MIT */
/* images.c - forty images of twelve repositories, what they are made of and when they lived. */
#include <stdio.h>

#include "t/estate/world.h"

const struct image images[] = {
	{ "payments/api", "2.13.9", DEB12, 0, "kc", GO, 0, 0, 3, 0, "2026-09-28" },
	{ "payments/api", "2.14.0", DEB12, 0, "kc", GO, 0, 1, 4, 1, "2026-10-29" },
	{ "payments/api", "2.14.1", DEB12, 0, "kc", GO, 1, 2, 5, 2, "2026-11-06" },
	{ "payments/api", "2.15.0-rc1", SLIM, 3, "", GO, 3, 4, 5, NEVER, "2026-11-20" },
	{ "payments/worker", "2.13.9", DEB12, 0, "ce", GO, 0, 0, 3, 0, "2026-09-28" },
	{ "payments/worker", "2.14.0", DEB12, 0, "ce", GO, 0, 1, 4, 1, "2026-10-29" },
	{ "payments/worker", "2.14.1", DEB12, 0, "ce", GO, 1, 2, 5, 2, "2026-11-06" },
	{ "payments/worker", "2.15.0-rc1", DEB12, 2, "ce", GO, 2, 4, 5, NEVER, "2026-11-20" },
	{ "ledger/api", "1.8.7", DEB12, 0, "k", MAVEN, 0, 0, 2, 0, "2026-08-17" },
	{ "ledger/api", "1.9.0", DEB12, 0, "k", MAVEN, 1, 1, 3, 1, "2026-10-26" },
	{ "ledger/api", "1.9.1", DEB12, 0, "k", MAVEN, 1, 2, 4, 2, "2026-11-04" },
	{ "ledger/api", "1.9.2", DEB12, 0, "k", MAVEN, 1, 3, 5, 3, "2026-11-12" },
	{ "ledger/sync", "1.8.2", ALP, 0, "ce", GO, 0, 0, 2, 0, "2026-08-31" },
	{ "ledger/sync", "1.8.3", ALP, 0, "ce", GO, 1, 1, 4, 1, "2026-10-27" },
	{ "ledger/sync", "1.9.0", ALP, 1, "ce", GO, 1, 3, 5, 3, "2026-11-13" },
	{ "report/pdf", "3.0", DEB12, 0, "kcex", PYPI, 0, 0, 3, 0, "2026-07-06" },
	{ "report/pdf", "3.1", DEB12, 0, "kcex", PYPI, 1, 2, 4, 2, "2026-11-05" },
	{ "report/pdf", "3.1", DEB12, 1, "kcex", PYPI, 1, 4, 5, 4, "2026-11-19" },
	{ "batch/etl", "0.42", UB20, 0, "kcexp", PYPI, 0, 0, 2, NEVER, "2026-05-11" },
	{ "batch/etl", "0.43", UB20, 0, "kcexp", PYPI, 0, 1, 4, NEVER, "2026-10-12" },
	{ "batch/etl", "0.44", UB20, 0, "kcexp", PYPI, 1, 3, 5, NEVER, "2026-11-10" },
	{ "tools/psql-job", "14", DEB11, 0, "kp", FAMILIES, 0, 0, 3, NEVER, "2026-03-02" },
	{ "tools/psql-job", "15", DEB11, 1, "kp", FAMILIES, 0, 2, 4, NEVER, "2026-11-03" },
	{ "web/edge-proxy", "7.0", DEB12, 0, "cx", NPM, 0, 0, 2, 0, "2026-07-20" },
	{ "web/edge-proxy", "7.1", DEB12, 0, "cx", NPM, 1, 1, 4, 1, "2026-10-28" },
	{ "web/edge-proxy", "7.2", DEB12, 1, "cx", NPM, 1, 3, 4, 3, "2026-11-11" },
	{ "web/edge-proxy", "7.2", DEB12, 2, "cx", NPM, 2, 4, 5, 4, "2026-11-18" },
	{ "auth/idp", "24.0.3", UBI9, 0, "", MAVEN, 1, 0, 2, 0, "2026-08-24" },
	{ "auth/idp", "24.0.4", UBI9, 0, "", MAVEN, 1, 1, 4, 1, "2026-10-26" },
	{ "auth/idp", "24.0.5", UBI9, 1, "", MAVEN, 2, 3, 5, 3, "2026-11-12" },
	{ "auth/idp", "24.0.6-rc1", UBI9, 2, "", MAVEN, 2, 4, 5, NEVER, "2026-11-21" },
	{ "obs/agent", "2.7.0", SLIM, 0, "", GO, 0, 0, 2, 0, "2026-06-15" },
	{ "obs/agent", "2.8.0", SLIM, 0, "", GO, 1, 1, 4, 1, "2026-10-20" },
	{ "obs/agent", "2.8.1", SLIM, 1, "", GO, 1, 3, 5, 3, "2026-11-09" },
	{ "search/index", "8.13", UB22, 0, "kce", MAVEN, 0, 0, 2, 0, "2026-06-29" },
	{ "search/index", "8.14", UB22, 0, "kce", MAVEN, 1, 1, 4, 1, "2026-10-19" },
	{ "search/index", "8.15", UB22, 1, "kce", MAVEN, 1, 3, 5, 3, "2026-11-10" },
	{ "cache/redis", "7.2.3", DEB12, 0, "", FAMILIES, 0, 0, 2, 0, "2026-07-13" },
	{ "cache/redis", "7.2.4", DEB12, 0, "", FAMILIES, 0, 1, 4, 1, "2026-10-14" },
	{ "cache/redis", "7.2.4", DEB12, 1, "", FAMILIES, 0, 4, 5, 4, "2026-11-17" },
};
const size_t nimages = LENGTH(images);

static const struct system {
	const char *word, *base, *version[4];
} systems[] = {
	[DEB12] = { "debian", "debian", { "12.1", "12.5", "12.11", "12.12" } },
	[SLIM]  = { "debian", "distroless", { "12.1", "12.5", "12.11", "12.12" } },
	[DEB11] = { "debian", "debian", { "11.7", "11.8", "11.11", "11.11" } },
	[UB20]  = { "ubuntu", "ubuntu", { "20.04", "20.04", "20.04", "20.04" } },
	[UB22]  = { "ubuntu", "ubuntu", { "22.04", "22.04", "22.04", "22.04" } },
	[UBI9]  = { "redhat", "ubi", { "9.2", "9.3", "9.5", "9.6" } },
	[ALP]   = { "alpine", "alpine", { "3.18.4", "3.18.6", "3.18.9", "3.18.12" } },
};

const char *family_word(enum family f)
{
	return systems[f].word;
}

const char *os_version(const struct image *im)
{
	return systems[im->os].version[im->os_level];
}

static void digest(char out[static 72], const char *what, const struct image *im)
{
	char hex[65];

	world_hex(hex, "%s %s:%s built %s", what, im->repo, im->tag, im->built);
	(void)snprintf(out, 72, "sha256:%s", hex);
}

void image_config(const struct image *im, char out[static 72])
{
	digest(out, "config", im);
}

void image_manifest(const struct image *im, char out[static 72])
{
	digest(out, "manifest", im);
}

void image_base(const struct image *im, char out[static 64])
{
	(void)snprintf(out, 64, REGISTRY "/base/%s:%s", systems[im->os].base, os_version(im));
}

void image_layer(const struct image *im, bool base, char out[static 72])
{
	char name[64], hex[65];

	if (!base) {
		digest(out, "layer", im);
		return;
	}
	image_base(im, name);
	world_hex(hex, "layer %s level %u", name, im->os_level);
	(void)snprintf(out, 72, "sha256:%s", hex);
}

void image_stem(const struct image *im, char out[static 64])
{
	char hex[65], *slash;

	world_hex(hex, "manifest %s:%s built %s", im->repo, im->tag, im->built);
	(void)snprintf(out, 64, "%s-%s-%.7s", im->repo, im->tag, hex);
	slash = strchr(out, '/');
	if (slash != NULL)
		*slash = '-';
}

bool image_scanned(const struct image *im, size_t scan)
{
	return scan >= im->from && scan < im->to;
}

const struct image *image_running(const char *repo, size_t scan)
{
	const struct image *best = NULL;

	for (const struct image *im = images; im < images + nimages; im++)
		if (str_eq(im->repo, repo) && im->deployed <= scan &&
		    (best == NULL || im->deployed >= best->deployed))
			best = im;
	return best;
}
