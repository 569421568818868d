/* SPDX-License-Identifier: MIT */
/* kyverno_line.h - a line that Kyverno's controllers write for people, as an object. */
#ifndef KYVERNO_LINE_H
#define KYVERNO_LINE_H

#include "store/base/base.h"

/*
 * A line in one of the forms for people:
 *	2026-11-20T08:01:02Z INFO webhooks file.go:1 text {"policy":"p"}   tabs between
 *	2026-11-20T08:01:02Z TRC pkg/x.go:29 > text policy=p              from 1.13
 *	I1120 08:01:02.000001   1 file.go:1] "text" policy="p"            to 1.12
 *	I1120 08:01:02.000001   1 file.go:1] Server "msg"="text" "policy"="p"
 * False: it is none of them. Strings live in the arena.
 */
struct kyverno_line {
	const char *time; /* RFC 3339; NULL: month, day and clock say it, without a year */
	int         month, day;
	const char *clock;
	const char *text;   /* NULL: in the object, as "msg"                         */
	const char *object; /* JSON; NULL: none                                      */
};
bool kyverno_line(struct arena *mem, const char *line, struct kyverno_line *out);

#endif
