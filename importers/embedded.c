/* SPDX-License-Identifier: MIT */
/* embedded.c - JSON inside a string or behind a log's prefix. */
#include "importers/embedded.h"
#include "importers/source.h"

bool embedded_read(const char *json, size_t n, const struct read_scope *scope, size_t nscope,
                   void *ctx, bool *good, struct err *e)
{
	static const struct read_opts whole = { .flags = READ_WHOLE };
	struct source *src;
	struct err broken = ERR_INIT;
	*good = source_open_bytes("text", json, n, &src, &broken);
	if (!*good)
		return true;
	*good = source_form(src) == SOURCE_JSON
	        && read_document(src, scope, nscope, ctx, &whole, &broken);
	source_close(src);
	if (*good || broken.kind == ERR_NONE || broken.kind == ERR_FORMAT
	    || broken.kind == ERR_LIMIT)
		return true;
	*e = broken;
	return false;
}

const char *embedded_find(const char *line)
{
	const char *json = strstr(line, "{\"");
	return json != NULL ? json : strstr(line, "{ \"");
}
