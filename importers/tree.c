/* SPDX-License-Identifier: MIT */
/* tree.c - a small piece of JSON as a tree: what the reader hands over as text (READ_RAW). */
#include <assert.h>

#include "importers/tree.h"

json_t *tree_parse(const char *text)
{
	return text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

const json_t *tree_at(const json_t *o, const char *path)
{
	char key[64]; /* paths are the program's own: none has a longer one */
	while (o != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");
		assert(n < sizeof(key));
		memcpy(key, path, n);
		key[n] = '\0';
		o = json_object_get(o, key);
		path += n + (path[n] == '.');
	}
	return json_is_null(o) ? NULL : o;
}

const char *tree_text(const json_t *o, const char *path)
{
	const char *s = json_string_value(tree_at(o, path));
	return str_empty(s) ? NULL : s;
}

bool tree_int(const json_t *o, const char *path, int64_t *out)
{
	const json_t *v = tree_at(o, path);
	if (json_is_string(v))
		return str_int64(json_string_value(v), INT64_MIN, INT64_MAX, out);
	if (!json_is_integer(v))
		return false;
	*out = json_integer_value(v);
	return true;
}

bool tree_true(const json_t *o, const char *path)
{
	return json_is_true(tree_at(o, path));
}

bool tree_holds(const json_t *array, const char *text)
{
	const json_t *v;
	size_t i;
	json_array_foreach (array, i, v) {
		if (str_ieq(json_string_value(v), text))
			return true;
	}
	return false;
}
