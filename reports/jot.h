/* SPDX-License-Identifier: MIT */
/*
 * jot.h - JSON written as it is told: nothing is kept, so that output of any length needs no
 * memory. Private to reports/.
 */
#ifndef JOT_H
#define JOT_H

#include "store/store.h"

#define JOT_DEPTH 12 /* objects and arrays inside each other; no object of ours comes near it */

struct jot {
	struct out *out;
	unsigned    depth;
	char        close[JOT_DEPTH]; /* what ends each open object or array    */
	bool        some[JOT_DEPTH];  /* it holds something: a comma comes next */
};

/* `key` is the member's name; NULL in an array and at the top. */
void jot_object(struct jot *j, const char *key);
void jot_array(struct jot *j, const char *key);
void jot_end(struct jot *j); /* ends the newest; after the outermost comes a newline */

void jot_null(struct jot *j, const char *key);
/*
 * Text that is absent, NULL or "", is null. Malformed UTF-8 becomes U+FFFD; control and
 * bidirectional characters are written as \uXXXX, so that a terminal is safe and no byte is lost.
 */
void jot_text(struct jot *j, const char *key, const char *s);
void jot_textn(struct jot *j, const char *key, const char *s, size_t n);
void jot_int(struct jot *j, const char *key, int64_t i);
void jot_number(struct jot *j, const char *key, int64_t n); /* of a record; 0, none: null */
void jot_bool(struct jot *j, const char *key, bool b);
/* v / 10^digits, exactly and in no locale; negative is null. */
void jot_decimal(struct jot *j, const char *key, int64_t v, int digits);
void jot_time(struct jot *j, const char *key, int64_t t); /* 0: null        */
void jot_time_ns(struct jot *j, const char *key, int64_t t_ns); /* 0: null  */
void jot_due(struct jot *j, const char *key, int64_t t);  /* DUE_NONE: null */
void jot_texts(struct jot *j, const char *key, const char *const *s, size_t n);
/* Items of a VAL_LIST, an array; none: empty. */
void jot_list(struct jot *j, const char *key, const char *s);

/*
 * Members of the open object, one a value; names with dots nest ("package.name"), wherever they
 * stand among the others. name(ctx, i) is the i-th name.
 */
void jot_values(struct jot *j, const char *(*name)(const void *ctx, size_t i), const void *ctx,
                const struct value *v, size_t n);

#endif
