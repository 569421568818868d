/* SPDX-License-Identifier: MIT */
/* store_private.h - what the files of store/ share. */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include "store/bearing.h"
#include "store/db.h"
#include "store/policy.h"
#include "store/store.h"

struct judged; /* judged.h */
void judged_free(struct judged *j);
struct judge_memo; /* judge.h */
void judge_memo_free(struct judge_memo *m);
struct class_memo; /* judged.h */
void class_memo_free(struct class_memo *m);
struct gated; /* gate.c */
void gated_free(struct gated *g);
struct scoped; /* scoped.h */
void scoped_free(struct scoped *s);

struct batch {
	bool    on, inside; /* inside: one of its imports is open   */
	bool    lost;       /* undone as a whole                    */
	int64_t since;      /* ms; 0: the write lock is not held yet */
};

struct store {
	struct db    *db;
	char         *path;
	char         *actor;
	char         *policy;   /* name as opened with; NULL: none */
	char         *warning;  /* NULL: none */
	enum role     role;
	bool          read_only;
	bool          held;     /* between store_hold() and store_let_go() */
	int64_t       now;      /* seconds UTC */
	int64_t       silent;   /* of the policy in force, once a list asked; see list_begin() */
	int64_t       as_of, known; /* the past that is shown; 0: the present */
	bool          behind;   /* exceptions ended that could not yet be settled */
	struct arena   policy_mem;
	struct list_state *lists; /* made when first needed, see list.h   */
	struct class_memo *class_memo; /* likewise, see judged.h */
	struct judged *judged;    /* likewise, see judged.h               */
	struct judged *judged_in; /* likewise, of one scope               */
	struct judged *judged_words; /* likewise, no more than words      */
	struct judge_memo *facts; /* likewise, see judge.h                */
	struct policy *in_force; /* read when first asked for, see store_policy */
	struct batch  batch; /* see store_batch_begin */
	struct bearing bears;
	struct scoped *scoped;   /* likewise, see scoped.h                      */
	struct gated *gated;     /* likewise, see gate_inner.h                  */
};

/* What was judged belongs to before a change in hand. */
void judged_forget(struct store *st);
/* Likewise all that was found: it belongs to another time. */
void answers_forget(struct store *st);

/*
 * The policy in force: the one named at opening, else the one put in force, else the
 * baseline. Belongs to
 * the store. ERR_USAGE, ERR_FORMAT.
 */
bool store_policy(struct store *st, const struct policy **out, struct err *e) MUST_CHECK;
/* The name of the one that people put in force; "baseline" when nobody did. Into `mem`. */
bool policy_in_use(struct store *st, struct arena *mem, const char **out, struct err *e) MUST_CHECK;

/*
 * Bring the schema up to date; refuses one newer than the program, and an older one when read-
 * only.
 */
bool store_migrate(struct store *st, struct err *e) MUST_CHECK;
/* Did any decision on findings begin or end since this was last put right? */
bool store_unsettled(struct store *st, bool *yes, struct err *e) MUST_CHECK;
/*
 * Give the findings that exceptions held up to a time before now, and the roll-ups, the state they
 * have now. `wait` false: fails at once when somebody else is writing, who does it then.
 */
bool store_settle(struct store *st, bool wait, struct err *e) MUST_CHECK;
/* The newest schema this program knows. */
int64_t store_schema(void);

/* A value of the meta table into `mem`; NULL when absent. */
bool meta_get(struct store *st, const char *name, struct arena *mem, const char **out,
              struct err *e) MUST_CHECK;
bool meta_set(struct store *st, const char *name, const char *value, struct err *e) MUST_CHECK;
/* 0 when absent */
bool meta_int(struct store *st, const char *name, int64_t *out, struct err *e) MUST_CHECK;
bool meta_set_int(struct store *st, const char *name, int64_t v, struct err *e) MUST_CHECK;

/*
 * The places of a part in an asset, in order. Tools write a path in an image with or without the
 * slash before it: that is one place.
 */
#define SQL_LOCATIONS(asset, part)                                                                 \
	"SELECT min(x.body) AS body FROM location l JOIN text x ON x.id = l.path\n"                \
	"WHERE l.asset = " asset " AND l.part = " part "\n"                                        \
	"GROUP BY ltrim(x.body, '/') ORDER BY min(x.body)"

/*
 * The sightings of one finding, as a table of source, severity, word, score and until. The view
 * `sighting` shows the same of all findings, and is read whole when it is joined to anything.
 */
#define SQL_SIGHTINGS(asset, advisory, part)                                                       \
	"(SELECT w.source, w.severity, w.word, w.score, 0 AS until\n"                              \
	" FROM finding v JOIN witness w ON w.id = v.witness\n"                                     \
	" WHERE v.asset = " asset " AND v.advisory = " advisory " AND v.part = " part "\n"         \
	" UNION ALL SELECT r.source, r.severity, r.word, r.score, r.until FROM sighting_row r\n"   \
	" WHERE r.asset = " asset " AND r.advisory = " advisory " AND r.part = " part ")"

/* ---- what people say of things (act.c) ---- */

enum right {
	MAY_ANSWER, MAY_NOTE, MAY_OWN, MAY_RESPOND, MAY_CONFIGURE, MAY_IMPORT, MAY_EXCEPT,
	MAY_ASSIGN
};
/* ERR_USAGE: the store is open read-only, or this role has no such right. */
bool act_allowed(const struct store *st, enum right a, struct err *e) MUST_CHECK;

bool object_notes(struct store *st, const struct scope *s, struct arena *mem,
                  const struct note **out, size_t *n,
                  struct err *e) MUST_CHECK;
/* Who owns just this thing now; NULL: nobody said. */
bool object_owner(struct store *st, const struct scope *s, struct arena *mem, const char **out,
                  struct err *e) MUST_CHECK;
/* Set a note or the owner; only inside db_begin, before the audit record that says so. */
bool object_note(struct store *st, const char *object, const char *text,
                 struct err *e) MUST_CHECK;
bool object_own(struct store *st, const char *object, const char *owner, struct err *e) MUST_CHECK;

/* May such a record be written now, by this role, into this store? ERR_USAGE. */
bool may_write(const struct store *st, const char *record, struct err *e) MUST_CHECK;
struct audit_entry;
/* End an act that db_begin began: kept with its audit record when `ok`, else rolled back. */
bool act_end(struct store *st, bool ok, const struct audit_entry *a, struct err *e) MUST_CHECK;

/* ---- the audit chain (audit.c) ---- */

struct audit_entry {
	const char *act;    /* "import", "answer", "merge", ...: one word                        */
	const char *object; /* what it was done to: "image 7", "finding 1-2-3", "report.json"     */
	const char *before; /* "name<TAB>value" lines, or NULL                                    */
	const char *after;  /* likewise                                                           */
};
/* The number the next record will have. Inside db_begin it stays so until audit_append. */
bool audit_next(struct store *st, int64_t *seq, struct err *e) MUST_CHECK;
/*
 * Append a record of the store's actor at the store's now; *seq may be NULL. Only inside db_begin.
 */
bool audit_append(struct store *st, const struct audit_entry *a, int64_t *seq,
                  struct err *e) MUST_CHECK;

/* ---- batch.c: an import's transaction, of its own or below that of a batch ---- */
bool batch_enter(struct store *st, struct err *e) MUST_CHECK;
/* As db_end. */
bool batch_leave(struct store *st, bool keep, struct err *e) MUST_CHECK;

#endif
