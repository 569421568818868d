/* SPDX-License-Identifier: MIT */
/*
 * db.h - the seam between the store and its database: statements, transactions, errors. Private to
 * store/.
 */
#ifndef DB_H
#define DB_H

#include "store/base/base.h"

struct db;   /* a connection and its statement cache; one thread at a time (db_interrupt apart) */
struct stmt; /* a prepared statement, owned by the cache */

/* DB_IMMUTABLE: on a medium nobody can write to, where not even a lock can be taken. */
enum db_mode { DB_READ, DB_IMMUTABLE, DB_WRITE };
/* How sure a commit must be of the disk: an import can be repeated, an act of a person cannot. */
enum db_sync { DB_SYNC_NORMAL, DB_SYNC_FULL };

/* Once, while there is one thread and nothing is open. */
void db_set_up(void);
/* Open `path` (":memory:" too). It must exist unless the mode is DB_WRITE. ERR_IO, ERR_STORE. */
bool db_open(struct db **out, const char *path, enum db_mode mode, struct err *e) MUST_CHECK;
void db_close(struct db *db); /* NULL is fine; rolls back what is open */

/*
 * The statement for this SQL text, bound to nothing; from the cache when it is there and not in
 * use. Never NULL: a text that does not compile shows at db_done. Bind, step with db_next, read
 * columns, and end with db_done, always.
 */
struct stmt *db_stmt(struct db *db, const char *sql);
void db_int(struct stmt *s, int n, int64_t v); /* parameters count from 1 */
/* borrows v until db_done; NULL: SQL NULL */
void db_text(struct stmt *s, int n, const char *v);
void db_blob(struct stmt *s, int n, const void *v, size_t size); /* likewise */
/* true: a row; false: no more, or failed: db_done tells which */
bool db_next(struct stmt *s);
/* back to the cache; false when any step failed */
bool db_done(struct stmt *s, struct err *e) MUST_CHECK;
/* For a statement without rows, or whose rows do not matter: step to the end, and db_done. */
bool db_run(struct stmt *s, struct err *e) MUST_CHECK;

/*
 * Columns of the current row, from 0. Texts live until the next db_next or db_done; SQL NULL is 0
 * or "".
 */
int64_t     db_column(struct stmt *s, int n);
const char *db_column_text(struct stmt *s, int n);
const void *db_column_blob(struct stmt *s, int n, size_t *size);
bool        db_column_null(struct stmt *s, int n);

/* One integer from a statement already bound; `none` when there is no row. Ends the statement. */
bool db_scalar(struct stmt *s, int64_t none, int64_t *out, struct err *e) MUST_CHECK;
int64_t db_last_id(struct db *db); /* of the newest INTEGER PRIMARY KEY given out */
int64_t db_changes(struct db *db); /* rows touched by the newest INSERT, UPDATE or DELETE */
/* several statements, nothing bound */
bool db_script(struct db *db, const char *sql, struct err *e) MUST_CHECK;

/*
 * Take the write lock, waiting up to a minute for another writer; every write lies between begin
 * and end.
 */
bool db_begin(struct db *db, enum db_sync sync, struct err *e) MUST_CHECK;
/* A view of the store that stays as it is until db_end, whoever commits meanwhile. */
bool db_begin_read(struct db *db, struct err *e) MUST_CHECK;
/* Commit, or roll back (which cannot fail). When a commit fails, everything is rolled back. */
bool db_end(struct db *db, bool keep, struct err *e) MUST_CHECK;

/* The past is shown: from now on db_begin is refused, until this is called with false. */
void db_set_past(struct db *db, bool past);
/* false: db_begin gives up at once when another writer is in the way. */
void db_patience(struct db *db, bool patient);

bool db_in_transaction(const struct db *db);
/* All that `from` holds, in a database of its own that goes with its connection. */
bool db_copy(struct db *from, struct db **out, struct err *e) MUST_CHECK;

/*
 * Functions that SQL may use: text_match(how, pattern, text), see filter.h; field_of(fields, name),
 * of 'name<TAB>value' lines; packed(pack, id), the text of an event, see event_pack.h; in_one_line(
 * text), such lines as a person reads them, times as dates. Of the clock: store_now(), the seconds
 * that `now` holds, and store_heard(), the time since which what is not silent was heard of: so
 * many seconds before now as `silent` holds. Both are borrowed.
 */
void db_use_clock(struct db *db, const int64_t *now, const int64_t *silent);

/*
 * Rows in memory that SQL reads as the table `given`: integers a to o, texts s and t (NULL: '').
 * One INSERT ... SELECT then writes them all. told(x) is x, and is noted in the row that stands
 * there: a conflict can tell what it led to. The rows are borrowed, until others are given.
 */
#define GIVEN_INTS 15
struct given {
	int64_t n[GIVEN_INTS];
	const char *s[2];
	int64_t told; /* as it was set, unless told() was called */
};
void db_give(struct db *db, struct given *row, size_t n);

/*
 * From any thread: the statement in hand, and each that is begun until db_go_on(), fails with
 * ERR_CANCEL. Transactions still end, and scripts run, so that what was begun can be undone.
 */
void db_interrupt(struct db *db);
void db_go_on(struct db *db);
/* `fn` is called every few thousand steps of a statement; false cancels it. NULL: none. */
void db_on_progress(struct db *db, bool (*fn)(void *ctx), void *ctx);

uint64_t db_commits(struct db *db); /* grows with every commit, whoever made it */
/* of the schema, 0: empty */
bool     db_version(struct db *db, int64_t *out, struct err *e) MUST_CHECK;
bool     db_set_version(struct db *db, int64_t v, struct err *e) MUST_CHECK;
/* Megabytes of pages kept in memory: more while importing. */
void     db_cache_size(struct db *db, int megabytes);

#endif
