/* SPDX-License-Identifier: MIT */
/* map.h - a mapping file, parsed: where the records of a layout are, and what their fields say. */
#ifndef MAP_H
#define MAP_H

#include <regex.h>

#include "importers/importer.h"
#include "importers/read.h"

/* What a field of a record may be; the public name is the file's. */
enum map_field {
#define FIELD(id, name) MAP_##id,
#include "importers/map_fields.def"
#undef FIELD
	MAP_FIELDS
};

/* Where a piece of a value is: a field of a level, the key of a member, or a column of a table. */
struct map_part {
	size_t      level; /* JSON: into map.level */
	size_t      index; /* of a field of the level, or of map.column; or MAP_KEY */
	const char *text;  /* what stands between the parts around it, and no part; else NULL */
};
#define MAP_KEY SIZE_MAX /* the key of the member that the record is */

struct map_value {
	const char            *place; /* in the mapping file, for messages; NULL: not mapped  */
	const char            *text;  /* constant; also what stands where the parts say nothing */
	struct map_value      *other; /* what does then, in place of text; NULL: none */
	const struct map_part *part;
	size_t                 npart;
	bool                   match; /* only what the expression's group matches */
	regex_t                regex;
};

struct map_word { /* a word of the tool's, and what it is here */
	const char *word;
	int         value;
};
struct map_words {
	const struct map_word *word;
	size_t                 n;
};

enum map_form { MAP_JSON, MAP_JSON_LINES, MAP_CSV };

struct map_claim { /* what a file must have to be recognised */
	const char *path;
	const char *text; /* NULL: anything */
};

struct map {
	struct importer    as;   /* how it shows among importers: id, title */
	const char        *file;    /* where it was read from                  */
	const char        *edition; /* its name, and a digest of the mapping   */
	const char        *tool;
	enum map_form      form;
	char               comma; /* of a table */
	enum finding_kind  kind;
	enum asset_kind    asset;
	bool               whole; /* a report shows everything of its kind */
	const char        *time_format; /* NULL: RFC 3339 */
	struct map_value   field[MAP_FIELDS];
	struct map_words   severities, verdicts;

	/* JSON: a scope for each level of the records' path, the records' last */
	struct read_scope *level;
	size_t             nlevel;
	size_t             asset_level; /* the deepest that scan and asset are told by */

	const char *const *column; /* of a table, that fields name */
	size_t             ncolumn;

	const struct map_claim *claim; /* all have to hold; none: never recognised */
	size_t                  nclaim;

	struct arena mem;   /* owns all of it but the regular expressions */
	struct map  *next;
};

/* ERR_FORMAT names the file, the JSON path in it and the reason. */
bool map_parse(const char *file, const char *json, size_t n, struct map **out,
               struct err *e) MUST_CHECK;
void map_free(struct map *m); /* NULL is fine */
/* By its name, and one after the other; NULL: none, no more. Both take NULL for no maps. */
const struct map *maps_find(const struct maps *m, const char *name);
const struct map *maps_next(const struct maps *m, const struct map *after);
/* How surely a file is of this layout, as importer.sniff. */
int map_sniff(const struct map *m, const struct peek *p);
/* As importer.run. */
bool map_run(const struct map *m, const struct source *src, const struct import_opts *o,
             struct sink *out, struct err *e) MUST_CHECK;
/*
 * A time by a pattern of %Y %m %d %H %M %S %b, "unix" or "unix-ms"; all else stands for itself.
 * NULL is RFC 3339. UTC where no zone is told; 0: none.
 */
int64_t map_time(const char *format, const char *text);

#endif
