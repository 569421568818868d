/* SPDX-License-Identifier: MIT */
/* db_sqlite.c - the SQLite driver: with db_functions.c and db_errors.c all that knows sqlite3.h. */
#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sqlite3.h>

#include "store/db.h"
#include "store/db_errors.h"
#include "store/db_functions.h"
#include "store/db_given.h"
#include "store/db_vfs.h"

#define RETRY_MS       10
#define CACHED         128  /* statements kept prepared */
#define RECENT         256 /* a power of two */
#define CHECKPOINT_PAGES "4000" /* in the log: many small imports write most pages once */
#define SAVED_BYTES (4 << 20) /* pages as they were at a savepoint: more go to a file */
#define LOG_BYTES "16000000" /* a limit empties the log on closing: the next start reads none */
#define PROGRESS_STEPS 4000 /* virtual machine steps between two calls of the progress function */
#define OURS           0x53574459 /* PRAGMA application_id of our files: "SWDY" */

struct stmt {
	sqlite3_stmt *handle; /* NULL: did not compile */
	struct db    *db;
	char         *sql;
	uint64_t      hash;
	uint64_t      used;   /* db.clock at the last use */
	int           rc;     /* first failure since db_stmt */
	bool          busy, cached, stepped;
};

struct db {
	sqlite3    *handle;
	char       *path;
	struct stmt *cache[CACHED];
	size_t      ncache;
	struct stmt *recent[RECENT]; /* by the text's address, checked by the text */
	uint64_t    clock;
	enum db_sync sync;
	int64_t     seen;    /* PRAGMA data_version when commits was last told */
	uint64_t    commits;
	bool        past;    /* nothing is written: temporary tables stand before the store's */
	atomic_bool stopped; /* by db_interrupt, which another thread calls */
	bool      (*progress)(void *ctx);
	void       *progress_ctx;
	struct clock told;   /* for SQL's store_now() and store_heard() */
	struct givens given;
};

static bool fail(struct db *db, int rc, struct err *e)
{
	return db_fail(db->handle, db->path, rc, e);
}

/* ---- statements ---- */

static void stmt_free(struct stmt *s)
{
	sqlite3_finalize(s->handle);
	free(s->sql);
	free(s);
}

/* SQLite takes "$2" for a name, and counts parameters as they come: it must come second. */
static bool numbered_in_order(sqlite3_stmt *h)
{
	char want[16];

	for (int i = sqlite3_bind_parameter_count(h); i > 0; i--) {
		(void)snprintf(want, sizeof(want), "$%d", i);
		if (!str_eq(sqlite3_bind_parameter_name(h, i), want))
			return false;
	}
	return true;
}

static struct stmt *stmt_new(struct db *db, const char *sql, bool cached)
{
	struct stmt *s = xcalloc(1, sizeof(*s));

	s->db = db;
	s->sql = xstrdup(sql);
	s->cached = cached;
	s->rc = sqlite3_prepare_v3(db->handle, sql, -1, cached ? SQLITE_PREPARE_PERSISTENT : 0,
				   &s->handle, NULL);
	if (s->rc != SQLITE_OK) {
		sqlite3_finalize(s->handle);
		s->handle = NULL;
	}
	assert(numbered_in_order(s->handle));
	return s;
}

static void forget(struct db *db, struct stmt *s)
{
	for (size_t i = 0; i < RECENT; i++)
		if (db->recent[i] == s)
			db->recent[i] = NULL;
	stmt_free(s);
}

/*
 * Room for one more: the end of the cache, or the place of the one not used for longest; CACHED
 * when all are busy.
 */
static size_t cache_place(struct db *db)
{
	size_t oldest = CACHED;

	if (db->ncache < CACHED)
		return db->ncache++;
	for (size_t i = 0; i < CACHED; i++)
		if (!db->cache[i]->busy &&
		    (oldest == CACHED || db->cache[i]->used < db->cache[oldest]->used))
			oldest = i;
	if (oldest < CACHED)
		forget(db, db->cache[oldest]);
	return oldest;
}

static struct stmt *cache_find(struct db *db, const char *sql, uint64_t hash, bool *taken)
{
	*taken = false;
	for (size_t i = 0; i < db->ncache; i++) {
		struct stmt *s = db->cache[i];

		if (s->hash != hash || !str_eq(s->sql, sql))
			continue;
		if (!s->busy && s->handle)
			return s;
		*taken = true;
	}
	return NULL;
}

/* From the cache, or new; beside the cache when the text is in use already. */
static struct stmt *stmt_for(struct db *db, const char *sql)
{
	uint64_t     hash = hash64(sql, strlen(sql));
	bool         taken;
	struct stmt *s = cache_find(db, sql, hash, &taken);
	size_t       place;

	if (s)
		return s;
	place = taken ? CACHED : cache_place(db);
	s = stmt_new(db, sql, place < CACHED);
	s->hash = hash;
	if (place < CACHED)
		db->cache[place] = s;
	return s;
}

/* Texts are mostly constants: the address finds them, unless another text has come to lie there. */
struct stmt *db_stmt(struct db *db, const char *sql)
{
	struct stmt **slot = &db->recent[((uintptr_t)sql >> 3) & (RECENT - 1)];
	struct stmt *s = *slot;

	if (!s || s->busy || !str_eq(s->sql, sql))
		s = stmt_for(db, sql);
	if (s->cached && s->handle)
		*slot = s;
	if (s->handle)
		s->rc = SQLITE_OK;
	s->busy = true;
	s->used = ++db->clock;
	return s;
}

/* Parameters are numbered by first appearance, which the house's SQL keeps equal to their names. */
void db_int(struct stmt *s, int n, int64_t v)
{
	if (s->rc == SQLITE_OK)
		s->rc = sqlite3_bind_int64(s->handle, n, v);
}

void db_text(struct stmt *s, int n, const char *v)
{
	if (s->rc == SQLITE_OK)
		s->rc = v ? sqlite3_bind_text64(s->handle, n, v, strlen(v), SQLITE_STATIC,
						SQLITE_UTF8)
			  : sqlite3_bind_null(s->handle, n);
}

void db_blob(struct stmt *s, int n, const void *v, size_t size)
{
	if (s->rc == SQLITE_OK)
		s->rc = v ? sqlite3_bind_blob64(s->handle, n, v, size, SQLITE_STATIC)
		          : sqlite3_bind_null(s->handle, n);
}

bool db_next(struct stmt *s)
{
	int rc;

	if (s->rc != SQLITE_OK)
		return false;
	rc = atomic_load(&s->db->stopped) ? SQLITE_INTERRUPT : sqlite3_step(s->handle);
	s->stepped = true;
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		s->rc = rc;
	return false;
}

/* The error is told before the reset, which would forget its text. */
static bool rewind_stmt(struct stmt *s, struct err *e)
{
	bool ok = s->rc == SQLITE_OK || fail(s->db, s->rc, e);

	if (s->handle && s->stepped)
		sqlite3_reset(s->handle);
	s->stepped = false;
	return ok;
}

bool db_done(struct stmt *s, struct err *e)
{
	bool ok = rewind_stmt(s, e);

	s->busy = false;
	if (!s->cached)
		stmt_free(s);
	else if (s->handle)
		sqlite3_clear_bindings(s->handle);
	return ok;
}

bool db_run(struct stmt *s, struct err *e)
{
	while (db_next(s))
		continue;
	return db_done(s, e);
}

int64_t db_column(struct stmt *s, int n)
{
	return sqlite3_column_int64(s->handle, n);
}

const char *db_column_text(struct stmt *s, int n)
{
	const unsigned char *t = sqlite3_column_text(s->handle, n);

	return t ? (const char *)t : "";
}

const void *db_column_blob(struct stmt *s, int n, size_t *size)
{
	const void *p = sqlite3_column_blob(s->handle, n);

	*size = (size_t)sqlite3_column_bytes(s->handle, n);
	return p;
}

bool db_column_null(struct stmt *s, int n)
{
	return sqlite3_column_type(s->handle, n) == SQLITE_NULL;
}

bool db_scalar(struct stmt *s, int64_t none, int64_t *out, struct err *e)
{
	*out = db_next(s) ? db_column(s, 0) : none;
	return db_done(s, e);
}

int64_t db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

bool db_script(struct db *db, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || fail(db, rc, e);
}

/* ---- transactions ---- */

static bool set_sync(struct db *db, enum db_sync sync, struct err *e)
{
	bool ok;

	if (db->sync == sync)
		return true;
	ok = db_script(db,
		       sync == DB_SYNC_FULL ? "PRAGMA synchronous = FULL"
					    : "PRAGMA synchronous = NORMAL",
		       e);
	if (ok)
		db->sync = sync;
	return ok;
}

bool db_begin(struct db *db, enum db_sync sync, struct err *e)
{
	if (db->past)
		return err_set(e, ERR_USAGE, "a past day is shown: nothing can be done to it");
	return set_sync(db, sync, e) && db_script(db, "BEGIN IMMEDIATE", e);
}

void db_patience(struct db *db, bool patient)
{
	sqlite3_busy_timeout(db->handle, patient ? BUSY_MS : RETRY_MS);
}

bool db_begin_read(struct db *db, struct err *e)
{
	return db_script(db, "BEGIN", e);
}

/* A full disk may have ended the transaction already; then there is nothing left to roll back. */
static void roll_back(struct db *db)
{
	int rc = SQLITE_INTERRUPT; /* an interrupt can hit the rollback itself */

	while (rc == SQLITE_INTERRUPT && !sqlite3_get_autocommit(db->handle))
		rc = sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool db_end(struct db *db, bool keep, struct err *e)
{
	bool writes = sqlite3_txn_state(db->handle, "main") == SQLITE_TXN_WRITE;

	if (!keep) {
		roll_back(db);
		return true;
	}
	if (sqlite3_get_autocommit(db->handle))
		return err_set(e, ERR_STORE, "%s: the change was undone by an earlier failure",
			       db->path);
	if (!db_script(db, "COMMIT", e)) {
		roll_back(db);
		return false;
	}
	if (writes)
		db->commits++;
	return true;
}

void db_set_past(struct db *db, bool past)
{
	db->past = past;
}

bool db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

void db_use_clock(struct db *db, const int64_t *now, const int64_t *silent)
{
	db->told = (struct clock){ now, silent };
}

void db_give(struct db *db, struct given *row, size_t n)
{
	db->given = (struct givens){ row, n, NULL };
}

void db_interrupt(struct db *db)
{
	atomic_store(&db->stopped, true); /* SQLite forgets it where no statement runs just now */
	sqlite3_interrupt(db->handle);
}

void db_go_on(struct db *db)
{
	atomic_store(&db->stopped, false);
}

static int on_progress(void *ctx)
{
	struct db *db = ctx;

	return !db->progress(db->progress_ctx);
}

void db_on_progress(struct db *db, bool (*fn)(void *ctx), void *ctx)
{
	db->progress = fn;
	db->progress_ctx = ctx;
	sqlite3_progress_handler(db->handle, PROGRESS_STEPS, fn ? on_progress : NULL, db);
}

/* ---- what the file says of itself ---- */

static bool pragma_int(struct db *db, const char *sql, int64_t *out, struct err *e)
{
	return db_scalar(db_stmt(db, sql), 0, out, e);
}

uint64_t db_commits(struct db *db)
{
	struct err e = ERR_INIT;
	int64_t    now;

	if (pragma_int(db, "PRAGMA data_version", &now, &e) && now != db->seen) {
		db->seen = now;
		db->commits++;
	}
	return db->commits;
}

/* Another program's database has tables and not our mark: keep our hands off it. */
bool db_version(struct db *db, int64_t *out, struct err *e)
{
	int64_t mark, tables;

	if (!pragma_int(db, "PRAGMA user_version", out, e) ||
	    !pragma_int(db, "PRAGMA application_id", &mark, e) ||
	    !pragma_int(db, "SELECT count(*) FROM sqlite_master", &tables, e))
		return false;
	if (tables > 0 && mark != OURS)
		return err_set(e, ERR_STORE, "%s: a database of another program, not a store",
			       db->path);
	return true;
}

bool db_set_version(struct db *db, int64_t v, struct err *e)
{
	struct buf sql = BUF_INIT;
	bool       ok;

	buf_addf(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %lld", OURS,
		 (long long)v);
	ok = db_script(db, sql.s, e);
	buf_release(&sql);
	return ok;
}

void db_cache_size(struct db *db, int megabytes)
{
	struct buf sql = BUF_INIT;

	buf_addf(&sql, "PRAGMA cache_size = -%d", megabytes * 1000);
	sqlite3_exec(db->handle, sql.s, NULL, NULL, NULL); /* only speed hangs on it */
	buf_release(&sql);
}

/* ---- opening ---- */

static void add_uri(struct buf *b, const char *path)
{
	buf_adds(b, "file:");
	for (; *path; path++) {
		if (strchr("?#%", *path))
			buf_addf(b, "%%%02x", (unsigned)(unsigned char)*path);
		else
			buf_addc(b, *path);
	}
	buf_adds(b, "?immutable=1");
}

static int open_handle(struct db *db, enum db_mode mode)
{
	int        flags = SQLITE_OPEN_NOMUTEX;
	struct buf uri = BUF_INIT;
	int        rc;

	if (mode == DB_WRITE)
		return sqlite3_open_v2(db->path, &db->handle,
		                       flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (mode == DB_READ)
		return sqlite3_open_v2(db->path, &db->handle, flags | SQLITE_OPEN_READONLY, NULL);
	add_uri(&uri, db->path);
	rc = sqlite3_open_v2(uri.s, &db->handle, flags | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
			     NULL);
	buf_release(&uri);
	return rc;
}

/*
 * The first writer of a file brings in the write-ahead log. When another is just doing so, SQLite
 * refuses at once, whatever the busy timeout: of two workers or programs that open a new store
 * together one would fail.
 */
static bool use_wal(struct db *db, struct err *e)
{
	int rc = SQLITE_BUSY;

	for (int waited = 0; (rc & 0xff) == SQLITE_BUSY && waited < BUSY_MS; waited += RETRY_MS) {
		if (waited > 0)
			sqlite3_sleep(RETRY_MS);
		rc = sqlite3_exec(db->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	}
	return rc == SQLITE_OK || fail(db, rc, e);
}

/*
 * PERSIST_WAL leaves -wal and -shm behind, so that those who may only read find them. QPSG: without
 * it a statement whose parameter is compared with a column of a partial index's WHERE is compiled
 * again each time the parameter is bound. What a statement saves of a temporary table is held in
 * small pieces: SAVED_BYTES at once for each of a past day's counts take longer than the count.
 */
static bool prepare(struct db *db, enum db_mode mode, struct err *e)
{
	int persist = 1;

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	if (!db_script(db, "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;\n"
		       "PRAGMA temp.journal_mode = MEMORY", e))
		return false;
	db_cache_size(db, 8);
	db_add_functions(db->handle, &db->told);
	db_add_given(db->handle, &db->given);
	if (mode != DB_WRITE)
		return db_script(db, "SELECT count(*) FROM sqlite_master", e);
	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
	db->sync = DB_SYNC_FULL;
	return use_wal(db, e) &&
	       db_script(db, "PRAGMA synchronous = FULL;\n"
			 "PRAGMA wal_autocheckpoint = " CHECKPOINT_PAGES ";\n"
			 "PRAGMA journal_size_limit = " LOG_BYTES, e);
}

void db_set_up(void)
{
	if (sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, SAVED_BYTES) == SQLITE_OK)
		db_add_vfs();
}

bool db_open(struct db **out, const char *path, enum db_mode mode, struct err *e)
{
	struct db *db = xcalloc(1, sizeof(*db));
	int        rc;

	*out = NULL;
	db->path = xstrdup(path);
	rc = open_handle(db, mode);
	if (!db->handle)
		die("out of memory");
	if (rc != SQLITE_OK ? !fail(db, rc, e) : !prepare(db, mode, e)) {
		db_close(db);
		return false;
	}
	*out = db;
	return true;
}

bool db_copy(struct db *from, struct db **out, struct err *e)
{
	sqlite3_backup *b;
	int rc;

	if (!db_open(out, "", DB_WRITE, e))
		return false;
	b = sqlite3_backup_init((*out)->handle, "main", from->handle, "main");
	if (b)
		(void)sqlite3_backup_step(b, -1);
	rc = b ? sqlite3_backup_finish(b) : SQLITE_NOMEM;
	if (rc == SQLITE_OK)
		return true;
	db_close(*out);
	return fail(from, rc, e);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->ncache; i++)
		stmt_free(db->cache[i]);
	if (db->handle)
		roll_back(db);
	sqlite3_close(db->handle);
	free(db->path);
	free(db);
}
