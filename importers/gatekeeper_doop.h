/* SPDX-License-Identifier: MIT */
/* gatekeeper_doop.h - reports of doop, which gathers what Gatekeeper's audits found. */
#ifndef GATEKEEPER_DOOP_H
#define GATEKEEPER_DOOP_H

#include "importers/importer.h"

/* 0: no report of doop. */
int doop_sniff(const struct peek *p);
/* Is this the beginning of one? */
bool doop_is(const char *head);
/*
 * Read the report of an analyzer, or the answer of doop's interface on several clusters: a failed
 * check for each violation. It names no constraint's limit, so nothing is resolved by it.
 */
bool doop_read(const struct source *src, struct sink *out, struct err *e) MUST_CHECK;

#endif
