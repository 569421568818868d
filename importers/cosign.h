/* SPDX-License-Identifier: MIT */
/* cosign.h - what the files of the importer of signatures and attestations share. */
#ifndef COSIGN_H
#define COSIGN_H

#include "importers/importer.h"
#include "importers/read.h"

/* What a signature as a statement attests: cosign 3. */
#define COSIGN_SIGNS "https://sigstore.dev/cosign/sign/v1"

struct seal {
	const char *p; /* NULL: no base64 */
	size_t n;
	bool empty;    /* signs nothing   */
};

/* What all records of one envelope share. */
struct envelope {
	enum signature_result result;
	const char *signer, *issuer, *predicate, *name;
	const char *const *key; /* of each signature, or NULL       */
	const struct seal *seal; /* likewise                        */
	size_t      n;          /* signatures; each is a record     */
	bool        dsse;       /* else cosign's own form, or:      */
	bool        jws;        /* Notation's                       */
	const char *type;       /* of DSSE's payload                */
	int64_t     log, at;    /* -1: none; 0: not said            */
};

struct cosign {
	struct sink *sink;
	const struct import_opts *opts;
	struct arena mem; /* strings of the document at hand */
	struct envelope env;
	bool         any; /* its payload named an image      */
	struct buf   sealed; /* what the seals are over      */
	const char  *saved;  /* the image of a saved layout  */
};

/* Another envelope begins: of one signature, of which nothing is known. */
void cosign_start(struct cosign *c, enum signature_result result);
/* Each signature of the envelope, of one image. */
bool cosign_put(struct cosign *c, const char *digest, const char *name, struct err *e) MUST_CHECK;
bool cosign_put_scan(struct cosign *c, struct err *e) MUST_CHECK;
/* What the envelope is over, in base64: the images that it names, a document that it holds. */
bool cosign_read_payload(struct cosign *c, const struct read_record *r, const char *text,
                         struct err *e) MUST_CHECK;

/* A subject of an in-toto statement. */
enum { COSIGN_SUBJECT = 2 };
extern const struct read_field cosign_subject_field[COSIGN_SUBJECT];
read_fn cosign_on_subject;

#endif
