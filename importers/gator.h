/* SPDX-License-Identifier: MIT */
/* gator.h - what Gatekeeper's command line tool finds in manifests. */
#ifndef GATOR_H
#define GATOR_H

#include "importers/importer.h"

/* 0: not of `gator test`; 100: certain. */
int gator_sniff(const struct peek *p);
/* Is this the beginning of what `gator test` wrote, as JSON (YAML's too) or for people? */
bool gator_is(const char *head);
/*
 * Read `gator test` in JSON or YAML, with and without --stats, or as it writes for people: a failed
 * check for each violation, of a folder of manifests, for the objects are in no cluster yet.
 */
bool gator_read(const struct source *src, struct sink *out, struct err *e) MUST_CHECK;

#endif
