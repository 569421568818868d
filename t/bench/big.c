/* SPDX-License-Identifier: MIT */
/*
 * big.c - a large estate, straight into the sink: as JSON it would be gigabytes.
 * `big STORE IMAGES FINDINGS_AN_IMAGE` prints processor seconds and findings; the catalogues are in
 * STORE already.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "store/store.h"

#define NOW        INT64_C(1795466400) /* 2026-11-23T20:40:00Z */
#define ADVISORIES 20000
#define PACKAGES   4000
#define TAGS       10 /* images of one repository */
#define BATCH_MS   150 /* small reports of one folder come in commits of so much work */

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static bool put_scan(struct sink *s, int image, struct err *e)
{
	const struct record r = { .kind = REC_SCAN,
		                  .u.scan = { .source = "trivy",
		                              .version = "0.58.0",
		                              .at = NOW - DAY_S + image % 3600,
		                              .db_built = NOW - DAY_S } };

	return s->put(s, &r, e);
}

static bool put_image(struct sink *s, int image, struct err *e)
{
	char name[96], hex[80];
	const struct rec_digest digest = { DIGEST_CONFIG, hex };
	const struct record r = { .kind = REC_ASSET,
		                  .u.asset = { .kind = ASSET_IMAGE,
		                               .name = name,
		                               .digest = &digest,
		                               .ndigest = 1,
		                               .os = "debian 12.5",
		                               .arch = "linux/amd64" } };

	snprintf(name, sizeof(name), "registry.example/team-%d/app-%d:1.%d", image / TAGS % 97,
	         image / TAGS, image % TAGS);
	snprintf(hex, sizeof(hex), "sha256:%064x", (unsigned)image + 1);
	return s->put(s, &r, e);
}

/* Images of one repository share most of their findings, as rebuilds do. */
static bool put_findings(struct sink *s, int image, int findings, struct err *e)
{
	static const enum severity severities[] = {
		SEV_CRITICAL, SEV_HIGH,   SEV_HIGH, SEV_MEDIUM,
		SEV_MEDIUM,   SEV_MEDIUM, SEV_LOW,  SEV_LOW,
	};
	uint64_t state = (uint64_t)(image / TAGS) * 7919 + 88172645463325252u;
	char id[32], package[32], version[32];
	const struct record cover = { .kind = REC_COVER,
		                      .u.cover = { .kind = FINDING_VULNERABILITY } };

	for (int i = 0; i < findings; i++) {
		uint64_t advisory = next(&state) % ADVISORIES, p = advisory * 31 % PACKAGES;
		const struct record r = {
			.kind = REC_VULNERABILITY,
			.u.vulnerability = { .id = id,
			                     .title = "a title of some length",
			                     .severity = severities[advisory % LENGTH(severities)],
			                     .severity_raw = "HIGH",
			                     .score = 75,
			                     .epss = -1,
			                     .package_type = "deb",
			                     .package = package,
			                     .version = version,
			                     .fixed_in = "9.9-1" }
		};

		snprintf(id, sizeof(id), "CVE-2024-%05d", (int)advisory);
		snprintf(package, sizeof(package), "lib%d", (int)p);
		snprintf(version, sizeof(version), "1.%d-1", (int)(advisory % 7));
		if (!s->put(s, &r, e))
			return false;
	}
	return s->put(s, &cover, e);
}

static bool import_image(struct store *st, int image, int findings, int64_t *created, struct err *e)
{
	uint8_t sha[SHA256_SIZE];
	const struct ingest_opts o = {
		.file = "generated", .importer = "trivy", .sha256 = sha, .size = image
	};
	struct ingest_stats stats;
	struct sink *s;
	bool ok;

	sha256_of(&image, sizeof(image), sha);
	if (!store_ingest_begin(st, &o, &s, e))
		return false;
	ok = put_scan(s, image, e) && put_image(s, image, e) && put_findings(s, image, findings, e);
	if (!store_ingest_end(s, ok, &stats, e))
		return false;
	*created += stats.created[COUNT_FINDINGS];
	ingest_stats_release(&stats);
	return ok;
}

static bool import_all(struct store *st, int images, int findings, int64_t *created, struct err *e)
{
	bool ok = true;

	store_batch_begin(st);
	for (int i = 0; ok && i < images; i++) {
		ok = import_image(st, i, findings, created, e);
		if (ok && store_batch_age(st) > BATCH_MS) {
			ok = store_batch_end(st, e);
			store_batch_begin(st);
		}
	}
	return store_batch_end(st, e) && ok;
}

int main(int argc, char **argv)
{
	const struct store_opts o = { .path = argv[1], .now = NOW, .actor = "bench" };
	struct timespec a, b;
	struct store *st;
	struct err e = ERR_INIT;
	int64_t created = 0;
	bool ok;

	if (argc < 4)
		return 0; /* a tool of the benches, none itself */
	ok = store_open(&st, &o, &e);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	ok = ok && import_all(st, (int)strtol(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10),
			      &created, &e);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	if (!ok) {
		fprintf(stderr, "big: %s\n", e.text);
		return 1;
	}
	store_close(st);
	printf("%.3f %" PRId64 "\n",
	       (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9, created);
	return 0;
}
