/* SPDX-License-Identifier: MIT */
/* cyclonedx.h - what the files of the importer of CycloneDX share. */
#ifndef CYCLONEDX_H
#define CYCLONEDX_H

#include "importers/importer.h"
#include "importers/read.h"
#include "importers/wrapped.h"
#include "store/record.h"

struct cyclonedx_ref;     /* a component that a vulnerability points to */
struct cyclonedx_version; /* of it, which what is thought is limited to */

struct cyclonedx {
	struct sink             *sink;
	const struct import_opts *opts;
	bool                     any;   /* the file holds a document          */
	bool                     asset; /* it is of something                 */
	bool                     more;  /* the vulnerability was put already  */
	bool                     said;  /* so was what is thought of it       */
	int64_t                  nfinding; /* of the document               */
	uint64_t                 document; /* number of the one that is read, from 1 */
	bool                    *holds;    /* each document: components, or what was found? */
	size_t                   nholds, room;
	int64_t                  at; /* of the document */
	const char              *author;
	struct cyclonedx_ref    *refs; /* by reference */
	struct cyclonedx_version *versions, **version; /* of what is affected; their end */
	struct subject           of;   /* what the document is attested of    */
	struct buf               key;  /* of a reference, for a moment        */
	struct arena             mem;  /* lives as long as the import */
	struct arena             row;  /* dies with the row           */
};

/* Components. */
enum {
	CYCLONEDX_SELF, CYCLONEDX_REF, CYCLONEDX_TYPE, CYCLONEDX_GROUP, CYCLONEDX_NAME,
	CYCLONEDX_VERSION, CYCLONEDX_PURL, CYCLONEDX_LICENCE_IDS, CYCLONEDX_LICENCE_NAMES,
	CYCLONEDX_LICENCE_TERMS, CYCLONEDX_COMPONENT
};
extern const struct read_field cyclonedx_component_field[CYCLONEDX_COMPONENT];
/* Vulnerabilities, and what each affects. */
enum { CYCLONEDX_VULNERABILITY = 18, CYCLONEDX_AFFECTS = 2, CYCLONEDX_VERSIONS = 2 };
extern const struct read_field cyclonedx_vulnerability_field[CYCLONEDX_VULNERABILITY];
extern const struct read_field cyclonedx_affects_field[CYCLONEDX_AFFECTS];
extern const struct read_field cyclonedx_versions_field[CYCLONEDX_VERSIONS];

/* The first reading: */
read_fn cyclonedx_next;      /* another document begins                    */
read_fn cyclonedx_count;     /* a component is there                       */
read_fn cyclonedx_note_ref;  /* something is pointed to                    */
read_fn cyclonedx_note_self; /* `end`: or the vulnerability points by its own reference */
/* The second: */
read_fn cyclonedx_keep;      /* a component, if anything points to it      */
/* The last: */
read_fn cyclonedx_on_vulnerability;
read_fn cyclonedx_on_affects;
read_fn cyclonedx_on_version;
read_fn cyclonedx_end_affects; /* `r->up` is the vulnerability */
read_fn cyclonedx_end_vulnerability;
/* The thing that the document is of, if anything points to it. */
void    cyclonedx_keep_as(struct cyclonedx *x, const char *ref, const char *group, const char *name,
                          const char *version, const char *purl);
void    cyclonedx_release(struct cyclonedx *x);

#endif
