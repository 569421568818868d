/* SPDX-License-Identifier: MIT */
/* oscal.h - what the files of the OSCAL importer share. */
#ifndef OSCAL_H
#define OSCAL_H

#include <jansson.h>

#include "importers/importer.h"

struct oscal {
	struct sink *sink;
	struct err  *e;
	const char  *key; /* of the framework    */
	struct arena mem; /* dies with the file  */
	struct arena row; /* dies with a control */
};

bool oscal_put(struct oscal *o, const struct rec_entry *n) MUST_CHECK;
bool oscal_skip(struct oscal *o, const char *place, const char *reason) MUST_CHECK;
/* A text of an object; NULL when it is not there, no text, or "". */
const char *oscal_text(json_t *object, const char *key);
/* The key of the framework that a file or reference is of. Lives in `mem`. */
const char *oscal_key(struct arena *mem, const char *path);

/* The controls of a catalogue, with their enhancements. */
bool oscal_catalogue(struct oscal *o, json_t *catalogue) MUST_CHECK;
/* The controls that a profile selects, each as the same as one of another framework. */
bool oscal_profile(struct oscal *o, json_t *profile) MUST_CHECK;

#endif
