/* SPDX-License-Identifier: MIT */
/* detail.h - what the files that read one thing in full share. Private to store/. */
#ifndef DETAIL_H
#define DETAIL_H

#include "store/store_private.h"

/* Room for one more in an array in an arena; `cap` starts at 0. */
#define DETAIL_MORE(mem, array, n, cap)                                                            \
	do {                                                                                       \
		if ((n) == (cap))                                                                  \
			(array) = detail_grow((mem), (array), sizeof(*(array)), (n), &(cap));      \
	} while (0)
void *detail_grow(struct arena *mem, const void *array, size_t size, size_t n, size_t *cap);

/* First columns of all rows, or of the first ("" when there is none); end the statement. */
bool detail_texts(struct stmt *s, struct arena *mem, const char *const **out, size_t *n,
		  struct err *e) MUST_CHECK;
bool detail_text(struct stmt *s, struct arena *mem, const char **out, struct err *e) MUST_CHECK;
/* The owner of the first object that has one; objects whose key is 0 are passed over. */
bool detail_owner(struct store *st, const struct scope *near, size_t n, struct arena *mem,
		  const char **out, struct err *e) MUST_CHECK;
/* May the image of this number be promoted: "admitted", "refused", or "none" for no evidence. */
bool image_gate(struct store *st, const char *id, const char **word, struct err *e) MUST_CHECK;
/* "vuln-high": the class of a known vulnerability by its severity. */
const char *detail_vulnerability_class(enum severity s);

#endif
