/* SPDX-License-Identifier: MIT */
/* map.c - any bytes as a mapping file, and behind the first NUL a report that it reads. */
#include <stdlib.h>

#include "importers/map.h"
#include "importers/source.h"
#include "t/fuzz/fuzz.h"
#include "t/lib/nowhere.h"

static void read_report(const struct map *m, const char *report, size_t n)
{
	static const struct import_opts opts = { .image = "shop/web:1.4" };
	struct sink sink = nowhere();
	struct err e = ERR_INIT;
	struct source *src;

	if (!source_open_bytes("fuzz", report, n, &src, &e))
		return;
	e = (struct err)ERR_INIT;
	if (!map_run(m, src, &opts, &sink, &e) && e.kind == ERR_NONE)
		abort();
	source_close(src);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = size == 0 ? NULL : memchr(text, 0, size);
	size_t n = end == NULL ? size : (size_t)(end - text);
	struct err e = ERR_INIT;
	struct map *m;

	if (!map_parse("fuzz", text, n, &m, &e)) {
		if (e.kind == ERR_NONE)
			abort();
		return 0;
	}
	if (n < size)
		read_report(m, text + n + 1, size - n - 1);
	map_free(m);
	return 0;
}
