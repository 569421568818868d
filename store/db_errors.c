/* SPDX-License-Identifier: MIT */
/* db_errors.c - SQLite's failures in the user's words. */
#include <errno.h>
#include <sqlite3.h>

#include "store/db_errors.h"

static bool disk_full(sqlite3 *h, int rc)
{
	int errnum = sqlite3_system_errno(h);

	return (rc & 0xff) == SQLITE_FULL || ((rc & 0xff) == SQLITE_IOERR &&
	       (errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG));
}

/* What rolls back a failed write can take its errno away. */
static bool io_failed(sqlite3 *h, const char *path, int rc, struct err *e)
{
	int errnum = sqlite3_system_errno(h);

	if (errnum == 0 && rc == SQLITE_IOERR_WRITE)
		return err_set(e, ERR_STORE, "%s: writing failed, as on a full disk; "
		               "nothing was changed", path);
	if (errnum == 0)
		return err_set(e, ERR_STORE, "%s: %s", path, sqlite3_errstr(rc));
	return err_errno(e, ERR_IO, errnum, "%s: reading or writing failed", path);
}

bool db_fail(struct sqlite3 *h, const char *path, int rc, struct err *e)
{
	if (disk_full(h, rc))
		return err_set(e, ERR_STORE, "%s: the disk is full; nothing was changed", path);
	switch (rc & 0xff) {
	case SQLITE_INTERRUPT:
		return err_set(e, ERR_CANCEL, "cancelled");
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, ERR_STORE, "%s: locked by another process for over %d seconds; "
		               "try again when it has finished", path, BUSY_MS / 1000);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(e, ERR_STORE, "%s: not writable; open it with --read-only, or see "
		               "who owns it", path);
	case SQLITE_CANTOPEN:
		return err_errno(e, ERR_IO, sqlite3_system_errno(h), "%s: cannot be opened", path);
	case SQLITE_NOTADB:
		return err_set(e, ERR_STORE, "%s: not a store (no SQLite database)", path);
	case SQLITE_CORRUPT:
		return err_set(e, ERR_STORE, "%s: the file is damaged (%s); restore it from a copy",
		               path, sqlite3_errmsg(h));
	case SQLITE_IOERR:
		return io_failed(h, path, rc, e);
	default:
		return err_set(e, ERR_STORE, "%s: %s", path, sqlite3_errmsg(h));
	}
}
