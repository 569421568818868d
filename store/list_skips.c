/* SPDX-License-Identifier: MIT */
/* list_skips.c - records that an import could not take, each with its place and the reason. */
#include "store/list.h"
#include "store/list_parts.h"

static const struct column skip_columns[] = {
	{ "file", NULL, "FILE", "The file it was in.", VAL_TEXT, 26, true,
	  SQL(.sql = "i.name", .match = MATCH_NAME) },
	{ "place", NULL, "PLACE", "Where in the file.", VAL_TEXT, 26, true, SQL(.sql = "k.place") },
	{ "reason", NULL, "REASON", "Why it was not taken.", VAL_TEXT, 36, true,
	  SQL(.sql = "k.reason", .match = MATCH_PROSE) },
	{ "importer", "by", "BY", "What read the file.", VAL_TEXT, 12, true,
	  SQL(.sql = "i.importer") },
	{ "at", "age", "IMPORTED", "When the file was imported.", VAL_TIME, 8, true,
	  SQL(.sql = "i.imported_at") },
	{ "import", NULL, "IMPORT", "Number of the import in this store.", VAL_INT, 6, true,
	  SQL(.sql = "k.import") },
};
static const struct list_order skip_orders[] = { { "file", "import, place in the file" } };
static const struct list_sort skip_sorts[] = { { true, false, NULL, 0 } };
static const struct list_scope skip_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_SCAN,
	  .where = "k.import = (SELECT n.import FROM scan n WHERE n.id = #0)" },
	{ .kind = SCOPE_SOURCE, /* of its newest file, which the list of sources counts */
	  .where = "k.import = (SELECT n.import FROM scan n WHERE n.source = #0\n"
		   "ORDER BY n.at DESC, n.id DESC LIMIT 1)" },
};
const struct list_def list_skips = {
	.info = { .name = "skips",
		  .title = "Skipped records",
		  .col = skip_columns,
		  .ncol = LENGTH(skip_columns),
		  .order = skip_orders,
		  .norder = LENGTH(skip_orders),
		  .nkey = 2 },
	.alias = "k",
	.from = "import_skip k",
	.joins = "\nJOIN import i ON i.id = k.import",
	.key = { "k.import", "k.n" },
	.sort = skip_sorts,
	.scope = skip_scopes,
	.nscope = LENGTH(skip_scopes),
};
