/* SPDX-License-Identifier: MIT */
/* oscal.h - what the files of the OSCAL importer share. */
#ifndef OSCAL_H
#define OSCAL_H

#include <jansson.h>
#include <uthash.h>

#include "importers/importer.h"

#define OSCAL_NESTING 64 /* of groups, controls, parts, and of parameters in parameters */

struct oscal {
	struct sink *sink;
	struct err  *e;
	const char  *path; /* of the document     */
	const char  *key;  /* of the framework    */
	struct arena mem;  /* dies with the file  */
	struct arena row;  /* dies with a control */
};

bool oscal_put(struct oscal *o, const struct rec_entry *n) MUST_CHECK;
bool oscal_change(struct oscal *o, const struct rec_change *c) MUST_CHECK;
bool oscal_skip(struct oscal *o, const char *place, const char *reason) MUST_CHECK;
/* Refuses a document as of OSCAL before 1.0, for `what` it holds: false. */
bool oscal_too_old(struct oscal *o, const char *what) MUST_CHECK;
/* A text of an object; NULL when it is not there, no text, or "". */
const char *oscal_text(json_t *object, const char *key);
/* The key of the framework that a file or reference is of. Lives in `mem`. */
const char *oscal_key(struct arena *mem, const char *path);

/* ---- what controls say ---- */

struct oscal_param {
	const char    *id;
	json_t        *object;
	UT_hash_handle hh;
};
struct oscal_prose {
	struct oscal       *o;
	struct oscal_param *params; /* that texts may name; HASH_CLEAR frees their table */
	struct buf          text;   /* marked (record.h): of the control or change in hand */
};
/* The parameters of an object and of what is below it; of two with one id the first. */
void oscal_note_params(struct oscal_prose *p, json_t *object, int depth);
/* What stands for a parameter; false: it has neither value nor constraint, choice or label. */
bool oscal_add_setting(struct oscal_prose *p, json_t *param, int depth);
/* The parts of an object, without what is for assessors only. */
void oscal_add_parts(struct oscal_prose *p, json_t *object, int depth);
/* The value of a property; of several the one that is for no special use. */
const char *oscal_property(json_t *object, const char *name);

/* ---- documents ---- */

/* The controls of a catalogue, with their enhancements. */
bool oscal_catalogue(struct oscal *o, json_t *catalogue) MUST_CHECK;
/* The controls that a profile selects, each as the same as one of another framework. */
bool oscal_profile(struct oscal *o, json_t *profile) MUST_CHECK;
/* What a profile changes in them; what it asks for and is not done is told. */
bool oscal_modify(struct oscal *o, json_t *profile) MUST_CHECK;

#endif
