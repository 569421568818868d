/* SPDX-License-Identifier: MIT */
/* out_cosign.c - `cosign verify` of an image: the claims of its signature, as JSON. */
#include <stdio.h>

#include "t/estate/json.h"
#include "t/estate/out.h"

#define TOKENS "https://token.ci.example"

/* What old pipelines build, and what is taken over from others, carries no signature. */
static const char *const unsigned_repos[] = { "batch/etl", "tools/psql-job", "cache/redis" };

bool image_signed(const struct image *im)
{
	for (size_t i = 0; i < LENGTH(unsigned_repos); i++)
		if (str_eq(im->repo, unsigned_repos[i]))
			return false;
	/* of those not released, what was rebuilt for it */
	return im->deployed != NEVER || im->os_level == 3;
}

/* Signed by the release pipeline; the search team still signs by hand. */
static void print_signer(struct json *j, const struct image *im)
{
	bool by_hand = str_eq(im->repo, "search/index");

	json_text(j, "Issuer", by_hand ? "https://accounts.example" : TOKENS);
	if (by_hand)
		json_text(j, "Subject", "kim@search.example");
	else
		json_textf(j, "Subject", "https://ci.example/%s/release.yaml@refs/tags/v%s",
		           im->repo, im->tag);
}

void out_cosign(struct out *o, const struct image *im)
{
	struct json j = JSON_INIT(o, 0);
	char        digest[72], built[21];
	int64_t     at = 0;

	image_manifest(im, digest);
	(void)snprintf(built, sizeof(built), "%sT11:20:00Z", im->built);
	if (!time_parse(built, &at))
		die("%s is no day", im->built);
	json_array(&j, NULL);
	json_object(&j, NULL);
	json_object(&j, "critical");
	json_object(&j, "identity");
	json_textf(&j, "docker-reference", REGISTRY "/%s:%s", im->repo, im->tag);
	json_end(&j);
	json_object(&j, "image");
	json_text(&j, "docker-manifest-digest", digest);
	json_end(&j);
	json_text(&j, "type", "cosign container image signature");
	json_end(&j);
	json_object(&j, "optional");
	print_signer(&j, im);
	json_object(&j, "Bundle");
	json_object(&j, "Payload");
	json_int(&j, "integratedTime", at);
	json_int(&j, "logIndex", (int64_t)(world_dice("log %s", digest) % 900000000));
	json_end(&j);
	json_end(&j);
	json_end(&j);
	json_end(&j);
	json_end(&j);
}
