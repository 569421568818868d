/* SPDX-License-Identifier: MIT */
/* records.h - short spellings of records, for tests that drive the store's sink directly. */
#ifndef RECORDS_H
#define RECORDS_H

#include "store/judge.h"
#include "store/store_private.h"

#define T0 INT64_C(1750000000) /* a day in June 2025; tests count from here */
#define D  DAY_S

/* A digest of one repeated hexadecimal digit: "sha256:aaaa...". */
const char *digest(char c);

/* A store in memory; `now` is T0 + 100 days. */
struct store *store_for_test(void);

/* One import at a time. */
struct import {
	struct store *st;
	struct sink *sink;
	struct ingest_stats stats; /* of the newest import; released by the next or import_free */
	uint8_t hash[SHA256_SIZE];
	struct ingest_opts o; /* for the next import; the hash counts up by itself */
};
void import_init(struct import *i, struct store *st);
void import_free(struct import *i);
void import_begin_test(struct import *i);
void import_end_test(struct import *i); /* commits; the test fails when that fails */

void put(struct import *i, const struct record *r);
void scan(struct import *i, const char *source, int64_t at);
void image(struct import *i, const char *name, const char *config); /* config digest, or NULL */
void host(struct import *i, const char *node);
void vuln(struct import *i, const char *id, const char *package, const char *version,
	  enum severity s);
void check(struct import *i, const char *rule, const char *place, enum verdict v);
void secret(struct import *i, const char *rule, const char *place);
void cover(struct import *i, enum finding_kind k);
void event(struct import *i, const char *rule, const char *container, int64_t at, enum priority p);
void running(struct import *i, const char *namespace, const char *workload, const char *pod,
	     const char *name, const char *config);
/* The same; `runs` false: it is listed and has ended. */
void pod_listed(struct import *i, const char *namespace, const char *workload, const char *pod,
		const char *name, const char *config, bool runs);

/* A whole complete scan of one image: ids are "CVE-1 CVE-2", each high and in a package of its own
 * name. */
void scan_image(struct import *i, const char *source, const char *name, const char *config,
		int64_t at, const char *ids);

/* A policy of the user's own, from now on. */
void policy_for_test(const char *name, const char *json);

/* One number from the store. */
int64_t number(struct store *st, const char *sql);

/* A control of any framework, judged now; its `why` stands until the next, other texts do not. */
struct control_row judged_control(struct store *st, const char *ident);

#endif
