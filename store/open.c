/* SPDX-License-Identifier: MIT */
/* open.c - open, close and watch a store. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/list.h"
#include "store/scoped.h"
#include "store/store_private.h"

static bool in_memory(const char *path)
{
	return str_eq(path, ":memory:");
}

static bool group_id(const char *name, gid_t *out, struct err *e)
{
	const struct group *g = getgrnam(name);

	if (!g)
		return err_set(e, ERR_USAGE, "no such group: %s", name);
	*out = g->gr_gid;
	return true;
}

static bool share(int fd, const struct store_opts *o, struct err *e)
{
	gid_t gid = (gid_t)-1;

	if (!o->group)
		return true;
	if (!group_id(o->group, &gid, e))
		return false;
	if (fchown(fd, (uid_t)-1, gid) != 0 || fchmod(fd, 0660) != 0)
		return err_errno(e, ERR_IO, errno, "%s: cannot be given to group %s", o->path,
				 o->group);
	return true;
}

/*
 * SQLite gives -wal and -shm the mode of the store, so the store's own is set before SQLite sees
 * it.
 */
static bool create(const struct store_opts *o, struct err *e)
{
	int  fd;
	bool ok;

	if (!file_make_parents(o->path, e))
		return false;
	fd = open(o->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST || err_errno(e, ERR_IO, errno, "%s", o->path);
	ok = share(fd, o, e);
	close(fd);
	if (!ok)
		unlink(o->path);
	return ok;
}

static bool share_beside(const struct store_opts *o, const char *suffix, struct err *e)
{
	struct buf path = BUF_INIT;
	int        fd;
	bool       ok = true;

	buf_addf(&path, "%s%s", o->path, suffix);
	fd = open(path.s, O_RDWR | O_CLOEXEC);
	if (fd >= 0) {
		ok = share(fd, o, e);
		close(fd);
	}
	buf_release(&path);
	return ok;
}

static bool open_to_write(struct store *st, const struct store_opts *o, struct err *e)
{
	bool fresh = !in_memory(o->path) && access(o->path, F_OK) != 0;

	if (fresh && !create(o, e))
		return false;
	if (!db_open(&st->db, o->path, DB_WRITE, e) || !store_migrate(st, e))
		return false;
	return !fresh || !o->group || (share_beside(o, "-wal", e) && share_beside(o, "-shm", e));
}

/*
 * Without the right to write beside the file no lock can be taken: then it is read as if nobody
 * could write it.
 */
static bool open_to_read(struct store *st, const struct store_opts *o, struct err *e)
{
	struct err first = ERR_INIT;

	if (access(o->path, R_OK) != 0)
		return err_errno(e, ERR_IO, errno, "%s", o->path);
	if (!db_open(&st->db, o->path, DB_READ, &first)) {
		if (!db_open(&st->db, o->path, DB_IMMUTABLE, e))
			return false;
		st->warning = xstrdup(
			"opened as unchangeable: what others write meanwhile is not seen");
	}
	return store_migrate(st, e);
}

/*
 * What exceptions held up to a time before now is put right where that can be written; for who may
 * only read, in a copy.
 */
static bool settle_opened(struct store *st, struct err *e)
{
	struct db *copy;
	bool due;

	if (!st->read_only)
		return store_settle(st, true, e);
	if (!store_unsettled(st, &due, e))
		return false;
	if (!due)
		return true;
	if (!db_copy(st->db, &copy, e))
		return false;
	db_close(st->db);
	st->db = copy;
	db_use_clock(st->db, &st->now, &st->silent);
	if (!st->warning)
		st->warning = xstrdup("exceptions have ended since the store was last written: "
				      "read from a copy, which stays as it is");
	return store_settle(st, true, e);
}

void store_set_up(void)
{
	db_set_up();
}

bool store_open(struct store **out, const struct store_opts *o, struct err *e)
{
	struct store *st = xcalloc(1, sizeof(*st));

	*out = NULL;
	st->path = xstrdup(o->path);
	st->actor = xstrdup(o->actor ? o->actor : "unknown");
	st->policy = xstrdup(o->policy);
	st->role = o->role;
	st->read_only = o->read_only;
	bears_end(st);
	st->now = o->now;
	if (!(o->read_only ? open_to_read(st, o, e) : open_to_write(st, o, e))) {
		store_close(st);
		return false;
	}
	db_use_clock(st->db, &st->now, &st->silent);
	if (!settle_opened(st, e) ||
	    ((o->as_of || o->known) && !store_set_as_of(st, o->as_of, o->known, e))) {
		store_close(st);
		return false;
	}
	*out = st;
	return true;
}

void store_close(struct store *st)
{
	if (!st)
		return;
	db_close(st->db);
	list_state_free(st->lists);
	judged_free(st->judged);
	judged_free(st->judged_in);
	judged_free(st->judged_words);
	judge_memo_free(st->facts);
	class_memo_free(st->class_memo);
	scoped_free(st->scoped);
	gated_free(st->gated);
	bears_end(st);
	free(st->path);
	free(st->actor);
	free(st->policy);
	free(st->warning);
	arena_release(&st->policy_mem);
	free(st);
}

void judged_forget(struct store *st)
{
	judged_free(st->judged);
	st->judged = NULL;
	judged_free(st->judged_in);
	st->judged_in = NULL;
	judged_free(st->judged_words);
	st->judged_words = NULL;
	judge_memo_free(st->facts);
	st->facts = NULL;
	gated_free(st->gated);
	st->gated = NULL;
}

void answers_forget(struct store *st)
{
	list_state_free(st->lists);
	st->lists = NULL;
	class_memo_free(st->class_memo);
	st->class_memo = NULL;
	judged_forget(st);
	policies_forget(st);
}

bool store_is_new(const struct store *st)
{
	struct err e = ERR_INIT;
	int64_t    any = 0;

	return db_scalar(db_stmt(st->db, "SELECT 1 FROM framework LIMIT 1"), 0, &any, &e) && !any;
}

const char *store_warning(const struct store *st)
{
	return st->warning;
}

uint64_t store_revision(struct store *st)
{
	return db_commits(st->db);
}

void store_set_now(struct store *st, int64_t now)
{
	struct err ignored = ERR_INIT;

	if (st->now == now && !st->behind)
		return;
	st->now = now;
	if (!st->as_of && !st->read_only && !db_in_transaction(st->db))
		st->behind = !store_settle(st, false, &ignored);
}

int64_t store_now(const struct store *st)
{
	return st->now;
}

const char *store_actor(const struct store *st)
{
	return st->actor;
}

void store_interrupt(struct store *st)
{
	db_interrupt(st->db);
}

void store_go_on(struct store *st)
{
	db_go_on(st->db);
}

bool store_hold(struct store *st, struct err *e)
{
	if (!db_begin_read(st->db, e))
		return false;
	st->held = true;
	return true;
}

/* An interrupt may have undone the transaction, and with it the rows found once. */
void store_let_go(struct store *st)
{
	struct err unheard = ERR_INIT;

	st->held = false;
	if (!db_in_transaction(st->db) || !db_end(st->db, true, &unheard))
		list_state_keep(st, false);
}

void store_on_progress(struct store *st, bool (*fn)(void *ctx), void *ctx)
{
	db_on_progress(st->db, fn, ctx);
}

/* ---- the meta table ---- */

bool meta_get(struct store *st, const char *name, struct arena *mem, const char **out,
	      struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT value FROM meta WHERE name = $1");

	*out = NULL;
	db_text(s, 1, name);
	if (db_next(s))
		*out = arena_dup(mem, db_column_text(s, 0));
	return db_done(s, e);
}

bool meta_set(struct store *st, const char *name, const char *value, struct err *e)
{
	struct stmt *s = db_stmt(st->db,
		"INSERT INTO meta (name, value)\n"
		"VALUES ($1, $2)\n"
		"ON CONFLICT (name) DO UPDATE SET value = excluded.value");

	db_text(s, 1, name);
	db_text(s, 2, value);
	return db_run(s, e);
}

bool meta_int(struct store *st, const char *name, int64_t *out, struct err *e)
{
	struct arena mem = ARENA_INIT;
	const char  *value;
	bool         ok = meta_get(st, name, &mem, &value, e);

	*out = 0;
	if (ok && value && !str_int64(value, INT64_MIN, INT64_MAX, out))
		ok = err_set(e, ERR_STORE, "%s: %s is not a number in the store", st->path, name);
	arena_release(&mem);
	return ok;
}

bool meta_set_int(struct store *st, const char *name, int64_t v, struct err *e)
{
	struct buf b = BUF_INIT;
	bool       ok;

	buf_addf(&b, "%lld", (long long)v);
	ok = meta_set(st, name, b.s, e);
	buf_release(&b);
	return ok;
}

bool policy_in_use(struct store *st, struct arena *mem, const char **out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT name\n"
					 "FROM policy\n"
					 "WHERE until = 0\n"
					 "ORDER BY seq DESC\n"
					 "LIMIT 1");

	*out = db_next(s) ? arena_dup(mem, db_column_text(s, 0)) : "baseline";
	return db_done(s, e);
}

bool store_policy(struct store *st, const struct policy **out, struct err *e)
{
	const char *name = st->policy;
	struct policy *p;

	*out = st->in_force;
	if (*out)
		return true;
	if (!name && !policy_in_use(st, &st->policy_mem, &name, e))
		return false;
	p = arena_new(&st->policy_mem, struct policy);
	if (!policy_load(name, &st->policy_mem, p, e))
		return false;
	*out = st->in_force = p;
	return true;
}

bool store_policy_facts(struct store *st, struct policy_facts *out, struct err *e)
{
	const struct policy *p;

	if (!store_policy(st, &p, e))
		return false;
	*out = (struct policy_facts){
		.name = p->name,
		.title = p->title,
		.scan = p->fresh.scan,
		.database = p->fresh.database,
		.benchmark = p->fresh.benchmark,
		.admission = p->fresh.admission,
		.signature = p->fresh.signature,
		.answer = p->fresh.answer,
		.silent = p->fresh.silent,
	};
	return true;
}
