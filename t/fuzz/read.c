/* SPDX-License-Identifier: MIT */
/* read.c - any bytes as JSON, YAML or a log: every value is clean text with a NUL at its end. */
#include <stdlib.h>

#include "importers/read.h"
#include "importers/source.h"
#include "t/fuzz/fuzz.h"

static bool on_record(void *ctx, const struct read_record *r, struct err *e)
{
	char place[160];

	(void)ctx;
	(void)e;
	for (size_t i = 0; i < r->scope->nfield; i++) {
		const struct read_value *v = &r->value[i];

		if (v->type == READ_NONE ? v->s != NULL : !utf8_valid(v->s, v->n))
			abort();
		if (v->type != READ_NONE && v->type != READ_ITEMS && strlen(v->s) != v->n)
			abort();
		for (const char *s = NULL; (s = read_item(r, i, s)) != NULL;)
			if (!utf8_valid(s, strlen(s)))
				abort();
	}
	read_place(r, place);
	return true;
}

static const struct read_field any[] = {
	{ "a" }, { "b.c" }, { "list", READ_LIST }, { "map{}" }, { "deep[].x" }, { "", READ_RAW },
};
static const struct read_field some[] = { { "a" }, { "late", READ_LIST } };
static const struct read_scope nested[] = {
	{ "", some, LENGTH(some), on_record, on_record },
	{ "[]", any, LENGTH(any), on_record, NULL },
	{ "items[]", some, LENGTH(some), on_record, on_record },
	{ "items[].rows[]", any, LENGTH(any), on_record, NULL },
	{ "tree[]**", some, LENGTH(some), on_record, on_record },
	{ "members{}", any, LENGTH(any), on_record, NULL },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source *src;
	struct err e = ERR_INIT;
	struct read_opts log = { .flags = READ_STREAM };

	if (!source_open_bytes("fuzz", (const char *)data, size, &src, &e))
		return 0;
	e = (struct err)ERR_INIT;
	if (!read_document(src, nested, LENGTH(nested), NULL, NULL, &e) && e.kind == ERR_NONE)
		abort();
	e = (struct err)ERR_INIT;
	if (!read_document(src, nested, LENGTH(nested), NULL, &log, &e) && e.kind != ERR_LIMIT)
		abort();
	e = (struct err)ERR_INIT;
	if (!read_document(src, nested, 1, NULL, &log, &e) && e.kind != ERR_LIMIT)
		abort();
	source_close(src);
	return 0;
}
