/* SPDX-License-Identifier: MIT */
/* read_inner.h - what the parts of the reader share. */
#ifndef READ_INNER_H
#define READ_INNER_H

#include "importers/json.h"
#include "importers/read.h"
#include "store/record.h"

/* ---- scopes and fields as one tree of paths (read_scope.c) ---- */

struct node;

struct edge {
	const char  *key;
	size_t       len;
	struct node *to;
};

/* A field that the value at a node fills. */
struct slot {
	size_t   scope, field;
	unsigned flags; /* READ_RAW, READ_LIST, SLOT_KEYED */
};
enum { SLOT_KEYED = 1 << 8 }; /* a list below "{}": each item follows its member's key */

struct node {
	struct edge *edge;
	size_t       nedge;
	struct node *element; /* of an array, NULL: not wanted  */
	struct node *member;  /* of an object, whatever its key */
	struct slot *slot;
	size_t       nslot;
	int          scope;   /* a record begins here; -1: none */
	bool         self;    /* the scope takes scalars and arrays too: it has the field "" */
	bool         keyed;   /* the scope's path ends in "{}"                      */
	bool         raw;     /* one of the slots wants the value's bytes           */
	bool         first;   /* the first of two passes has to look in here        */
};

struct paths {
	struct arena             mem;
	struct node             *top, *under; /* where scopes begin */
	const struct read_scope *scope;
	size_t                   nscope, widest; /* most fields of any scope */
	bool                    *parent; /* per scope: has records below its own */
	bool                     nested; /* any of them */
	bool                     at_top; /* the only scope is "": a record a document */
};
/*
 * Borrows the scopes, which begin under a path. Dies when they are wrong: they are the program's
 * own tables.
 */
void paths_build(struct paths *p, const char *under, const struct read_scope *scope,
                 size_t nscope);
void paths_release(struct paths *p);
/* What was found for a key before: the same few keys come again and again. */
struct key_memo {
	const struct node *node;
	const struct edge *edge;
	size_t             len;
	char               key[40];
};
#define KEY_MEMO_BITS 7
/* The edge for a member's key; NULL: nobody asked for it by name. */
const struct edge *node_edge(struct key_memo *memo, const struct node *n, const char *key,
			     size_t len);

/* ---- open records (read_frame.c) ---- */

struct cell { /* a value being gathered: a piece of the frame's text */
	size_t         at, n, room;
	enum read_type type;
};

struct frame {
	struct read_record rec; /* first, so that a record leads to its frame */
	struct read_value *value;
	struct cell       *cell;
	struct buf         text;
	bool               keyed;  /* the text begins with the member's key */
	size_t             nstep;  /* path to it */
	int                scope;  /* its number */
	int                outer;  /* frame of the same scope around this one, -1: none */
	bool               seen;   /* handed over; in the first pass: a child has been seen */
};

/* A parent's field that came after its first child; noted in the first pass. */
struct late {
	uint64_t       owner; /* offset of the parent */
	size_t         order, field, at, n, key, nkey; /* at, key: in the text of the list */
	unsigned       flags;
	enum read_type type;
};
struct late_list {
	struct late *item;
	size_t       n, cap, next;
	struct buf   text;
};
#define LATE_LIMIT ((size_t)32 << 20) /* bytes of such fields in one file */

/* One step of the way to where we are, for places and keys. */
struct step {
	const char *key; /* of an edge: the tables'; NULL: in `keys` */
	size_t      at, len;
	uint64_t    index;
	char        kind; /* '.', '[' or '{' */
};

struct reader {
	struct json             json;
	struct paths            paths;
	struct key_memo         memo[1 << KEY_MEMO_BITS];
	const struct read_opts *opts;
	void                   *ctx;
	struct err             *e;
	bool                    first; /* the first pass: look, do not hand over */
	bool                    once;  /* there is none: what comes late is ERR_AGAIN */
	struct frame          **frame; /* open ones are 0..nframe-1 */
	size_t                  nframe, capframe;
	int                    *open;  /* per scope: its innermost open frame, -1: none */
	struct late_list        late;
	struct step            *step;
	size_t                  nstep, capstep;
	struct buf              keys, scratch;
	uint64_t                document, line; /* number and first line of the document       */
	uint64_t                skip_from;      /* first of the lines that were not JSON and    */
	uint64_t                skip_to;        /* are not told yet, and the last; 0: none      */
	bool                    placed;         /* the error names its place already            */
	struct pass            *pass;
	uint64_t                done, total;    /* bytes of earlier passes, of all, for progress */
};

/* Open a record of `scope` at the reader's place; it is at offset `at`, line `line`. */
struct frame *frame_open(struct reader *r, const struct node *node, uint64_t at, uint64_t line);
/* Hand over what is not yet, call `end`, forget. */
bool frame_close(struct reader *r);
/*
 * A child is about to begin: hand over all that are open and not yet (or note that they have
 * children).
 */
bool frames_begin_child(struct reader *r);
/* A value for the slot's field in the innermost record of its scope. `s` need not be terminated. */
bool frame_put(struct reader *r, const struct slot *slot, enum read_type type, const char *s,
               size_t n);
void frames_release(struct reader *r);
void late_sort(struct late_list *l);

/* ---- the walk (read.c) ---- */

/* The document at the json's p. */
bool walk_document(struct reader *r);
void place_print(const struct reader *r, size_t nstep, uint64_t line, char out[static 160]);
/* Tell the sink of something that was passed over. */
bool skip_tell(struct reader *r, const char *place, const char *reason);
/* Lines that are no JSON: remember; tell what is remembered. */
bool skip_line(struct reader *r, uint64_t line);
bool skip_flush(struct reader *r);
/* Forget the open records and the way to them, after an error that does not end the read. */
void walk_reset(struct reader *r);

/* Documents of a log (ndjson.c). */
bool read_stream(struct reader *r);

#endif
