/* SPDX-License-Identifier: MIT */
/* json.h - JSON written member by member, indented as people's tools do it. */
#ifndef ESTATE_JSON_H
#define ESTATE_JSON_H

#include "store/base/base.h"

#define JSON_DEEP 24
struct json {
	struct out *out;
	int         indent;         /* blanks a level; 0: all on one line */
	size_t      depth;
	char        close[JSON_DEEP]; /* what ends each open value */
	bool        filled[JSON_DEEP];
};
#define JSON_INIT(o, n) { .out = (o), .indent = (n) }

/* In arrays the key is NULL. */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j); /* of the innermost; the outermost ends the line too */
void json_text(struct json *j, const char *key, const char *s); /* NULL: nothing is written */
void json_textf(struct json *j, const char *key, const char *fmt, ...) PRINTF(3, 4);
void json_int(struct json *j, const char *key, int64_t n);
void json_real(struct json *j, const char *key, double d); /* one digit behind the point */
void json_bool(struct json *j, const char *key, bool b);

#endif
