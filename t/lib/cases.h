/* SPDX-License-Identifier: MIT */
/* cases.h - the cases of t/import: importer/case/input.*, with options beside. */
#ifndef CASES_H
#define CASES_H

#include "importers/importer.h"

#define CASES "t/import"

struct one_case {
	const char *name;     /* "importer/case"             */
	const char *importer; /* its id                      */
	const char *dir;      /* t/import/importer/case      */
	const char *input;    /* path of input.*             */
};

/* Names below `dir` that start with `prefix`, sorted, not hidden. They live in `mem`. */
const char **cases_list(struct arena *mem, const char *dir, const char *prefix, size_t *n);
/* The id of the importer that a folder is for. Lives in `mem`. */
const char *cases_id(struct arena *mem, const char *folder);
/* All cases, in the order of their names. They live in `mem`. */
struct one_case *cases_all(struct arena *mem, size_t *n);
/* What the case's file `options` says, a line each: "node worker-1". Lives in `mem`. */
void cases_options(const struct one_case *c, struct import_opts *o, struct arena *mem);

#endif
