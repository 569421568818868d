/* SPDX-License-Identifier: MIT */
/* readback.c - JSON that we wrote, read by a reader that is not ours. */
#include "t/lib/readback.h"

static bool is_clean_line(const struct buf *b)
{
	if (!utf8_valid(b->s, b->len) || !b->len || strcspn(b->s, "\n") != b->len - 1)
		return false;
	for (const char *p = b->s; p[1]; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return true;
}

json_t *read_line(const struct buf *b, struct err *e)
{
	json_error_t at;
	json_t *root;

	if (!is_clean_line(b)) {
		err_set(e, ERR_FORMAT, "not one clean line");
		return NULL;
	}
	root = json_loadb(b->s, b->len, JSON_REJECT_DUPLICATES, &at);
	if (!root)
		err_set(e, ERR_FORMAT, "%s at %d", at.text, at.position);
	return root;
}

const json_t *read_at(const json_t *v, const char *path)
{
	while (v && *path) {
		char key[64];
		size_t len = strcspn(path, ".");
		int64_t i;

		if (len >= sizeof(key))
			return NULL;
		memcpy(key, path, len);
		key[len] = 0;
		v = json_is_array(v) && str_int64(key, 0, 1000, &i) ?
		            json_array_get(v, (size_t)i) :
		            json_object_get(v, key);
		path += len + (path[len] == '.');
	}
	return v;
}
