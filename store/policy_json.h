/* SPDX-License-Identifier: MIT */
/* policy_json.h - objects of a policy file, read by tables of their fields. Private to store/. */
#ifndef POLICY_JSON_H
#define POLICY_JSON_H

#include <jansson.h>

#include "store/policy.h"

struct policy_reader { /* where we are, for messages: "gate.critical" of FILE */
	const char *file;
	struct arena *mem;
	struct err *e;
};

#define POLICY_LIMIT (1u << 20) /* bytes; a policy is a page of text */

/*
 * The text of the policy of this name into `out`, and where it lies: the user's folder, else the
 * built-in ones. ERR_USAGE when there is none (policy_file.c).
 */
bool policy_text(const char *name, struct arena *mem, const char **file, struct buf *out,
		 struct err *e) MUST_CHECK;

enum field_type {
	FIELD_OTHER,	  /* read by the caller                         */
	FIELD_TEXT,	  /* const char *                               */
	FIELD_TEXTS,	  /* struct policy_texts                        */
	FIELD_BOOL,	  /* bool                                       */
	FIELD_CONDITION,  /* int: true is 1, false is 0                 */
	FIELD_IMPACT,	  /* int: "total" is 1, "partial" is 0          */
	FIELD_COUNT,	  /* int64_t; null is -1                        */
	FIELD_DURATION,	  /* int64_t seconds                            */
	FIELD_OPEN,	  /* the same; null is DUE_NONE                 */
	FIELD_DAY,	  /* int64_t seconds UTC of a day's midnight    */
	FIELD_RATIO,	  /* int64_t: 0.1 is 1000                       */
	FIELD_SEVERITIES, /* uint32_t: bits 1 << enum severity          */
	FIELD_FORCE,	  /* enum policy_force                          */
};
struct json_field {
	const char *key;
	enum field_type type;
	size_t at; /* offset in what is read into */
};

/* Records that `path`.`key` is wrong, and why; returns false. */
bool policy_bad(const struct policy_reader *r, const char *path, const char *key, const char *want);
/*
 * The fields of `o` that are there, into `into`; those that are not leave it alone. A key that is
 * none of the fields is refused, with the nearest one that is: a misspelt threshold must not be
 * taken for "no threshold".
 */
bool policy_object(const struct policy_reader *r, const char *path, json_t *o,
		   const struct json_field *field, size_t n, void *into) MUST_CHECK;
/* The value of a key that must be an object, or an array, where it is there at all; else NULL. */
bool policy_child(const struct policy_reader *r, const char *path, json_t *o, const char *key,
		  json_type want, json_t **out) MUST_CHECK;

#endif
