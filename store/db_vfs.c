/* SPDX-License-Identifier: MIT */
/*
 * db_vfs.c - what SQLite saved of a transaction, written in pieces.
 *
 * What must be undone when a savepoint is taken back lies in memory, and is written to a file in
 * one piece when it is more than SQLITE_CONFIG_STMTJRNL_SPILL. Of one piece SQLite's files take
 * less than 128 KiB (3.40, os_unix.c, seekAndWriteFd masks the size), and call the rest a full
 * disk. The system's own files are used for all, and only the writing of these is ours.
 */
#include <sqlite3.h>

#include "store/base/base.h"
#include "store/db_vfs.h"

#define PIECE (64 << 10)

/* The system's way to handle such files, but for xWrite. */
struct methods {
	sqlite3_io_methods ours; /* first: a file has this one */
	int (*write)(sqlite3_file *, const void *, int, sqlite3_int64);
};
struct vfs {
	sqlite3_vfs ours; /* first: SQLite has this one; its other functions are the system's */
	sqlite3_vfs *system;
	sqlite3_mutex *lock;
	struct methods methods; /* under the lock until known */
	bool known;
};

static int write_pieces(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
	const struct methods *m = (const struct methods *)f->pMethods;
	int rc = SQLITE_OK;

	for (int done = 0; rc == SQLITE_OK && done < n; done += PIECE)
		rc = m->write(f, (const char *)bytes + done, n - done < PIECE ? n - done : PIECE,
			      at + done);
	return rc;
}

static void divide(struct vfs *v, sqlite3_file *f)
{
	sqlite3_mutex_enter(v->lock);
	if (!v->known) {
		v->methods.ours = *f->pMethods;
		v->methods.write = f->pMethods->xWrite;
		v->methods.ours.xWrite = write_pieces;
		v->known = true;
	}
	sqlite3_mutex_leave(v->lock);
	if (f->pMethods->xWrite == v->methods.write)
		f->pMethods = &v->methods.ours;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct vfs *v = (struct vfs *)vfs;
	int rc = v->system->xOpen(v->system, name, f, flags, out);

	if (rc == SQLITE_OK && flags & SQLITE_OPEN_SUBJOURNAL)
		divide(v, f);
	return rc;
}

void db_add_vfs(void)
{
	sqlite3_vfs *system = sqlite3_vfs_find(NULL);
	struct vfs *v;

	if (!system)
		die("SQLite has no files on this system");
	v = xcalloc(1, sizeof(*v));
	v->ours = *system;
	v->ours.zName = "pieces";
	v->ours.xOpen = open_file;
	v->system = system;
	v->lock = sqlite3_mutex_alloc(SQLITE_MUTEX_FAST);
	(void)sqlite3_vfs_register(&v->ours, 1);
}
