/* SPDX-License-Identifier: MIT */
/* kube_bench_text.h - what kube-bench writes for people. */
#ifndef KUBE_BENCH_TEXT_H
#define KUBE_BENCH_TEXT_H

#include "importers/importer.h"

/* Is this the beginning of it? */
bool kube_bench_is_text(const char *head);
bool kube_bench_read_text(const struct source *src, struct sink *out, struct err *e) MUST_CHECK;

#endif
