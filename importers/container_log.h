/* SPDX-License-Identifier: MIT */
/* container_log.h - what a container wrote, out of the log that somebody keeps of it. */
#ifndef CONTAINER_LOG_H
#define CONTAINER_LOG_H

#include "store/base/base.h"

/*
 * Docker's lines are {"log":"...\n","stream":"stdout","time":"..."}, those of other runtimes
 * "TIME stdout F ...". Both cut what is long into parts. Collectors have it in objects of their
 * own, one a line: Fluent Bit, `journalctl -o json`, `logcli -o jsonl`, Splunk and what is sent to
 * its event collector, Filebeat, Datadog.
 * Does a log's head begin so?
 */
bool container_log_is(const char *head, size_t n);

/*
 * The container's own lines, a long one in one piece, with an empty line for each further part of
 * it so that the lines keep their numbers. What begins with a time of day keeps the full time
 * before it, as "TIME stdout F text"; what a journal has and is no JSON, as "TIME HOST NAME[PID]:
 * text". Memory is bounded by the longest line.
 */
typedef bool log_more_fn(void *ctx, char *dst, size_t size, size_t *n, struct err *e);
typedef bool log_put_fn(void *ctx, const char *s, size_t n, struct err *e);
bool container_log_unwrap(log_more_fn *more, void *from, log_put_fn *put, void *to,
                          struct err *e) MUST_CHECK;

#endif
