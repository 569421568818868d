/* SPDX-License-Identifier: MIT */
/* import.c - any bytes through recognition and every importer, into a sink that takes all. */
#include <stdlib.h>

#include "importers/importer.h"
#include "importers/source.h"
#include "t/fuzz/fuzz.h"
#include "t/lib/nowhere.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_opts opts;
	struct sink sink = nowhere();
	struct source *src;
	struct err e = ERR_INIT;

	if (!source_open_bytes("fuzz", (const char *)data, size, &src, &e))
		return 0;
	e = (struct err)ERR_INIT;
	if (importer_guess(src, &e) == NULL && e.kind == ERR_NONE)
		abort();
	for (size_t i = 0; importer_at(i) != NULL; i++) {
		e = (struct err)ERR_INIT;
		if (!importer_at(i)->run(src, &opts, &sink, &e) && e.kind == ERR_NONE)
			abort();
	}
	source_close(src);
	return 0;
}
