/* SPDX-License-Identifier: MIT */
/* docker_bench.h - docker-bench-security's log, in JSON and as it writes for people. */
#ifndef DOCKER_BENCH_H
#define DOCKER_BENCH_H

#include "importers/importer.h"

/* VERDICT_COUNT: no word of the script's. */
enum verdict docker_bench_verdict(const char *result);
/* Whose numbers a script of this version has; NULL: today's. */
const char *docker_bench_benchmark(struct arena *mem, const char *version);

/* Is this the beginning of the log for people? */
bool docker_bench_is_text(const char *head);
bool docker_bench_read_text(const struct source *src, struct sink *out, struct err *e) MUST_CHECK;

#endif
