/* SPDX-License-Identifier: MIT */
/* printsink.h - a sink that writes every record as one line of text. */
#ifndef PRINTSINK_H
#define PRINTSINK_H

#include "store/record.h"

/*
 * Lines such as `vulnerability id=CVE-2024-1 severity=high title="a text"`: the kind, then every
 * field that says something (no NULL, no "not said") in the order of record.h. Text with blanks or
 * odd bytes is quoted, control bytes shown as \xNN; of an event's raw bytes only the number is
 * shown.
 */
struct print_sink {
	struct sink sink; /* hand out &p->sink */
	struct buf  out;
	size_t      n[REC_KIND_COUNT]; /* how many of each kind */
};

void print_sink_init(struct print_sink *p);
void print_sink_release(struct print_sink *p);

#endif
