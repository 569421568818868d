/* SPDX-License-Identifier: MIT */
/*
 * floor.c - the least an import could do: tokenise the file, and insert as many bare rows, with one
 * unique key, into SQLite in one transaction. `floor REPORT ROWS STORE`
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>
#include <yajl/yajl_parse.h>

static int on_text(void *ctx, const unsigned char *s, size_t n)
{
	(void)s;
	*(size_t *)ctx += n;
	return 1;
}

static int on_number(void *ctx, const char *s, size_t n)
{
	(void)s;
	*(size_t *)ctx += n;
	return 1;
}

static int tokenise(const char *path)
{
	static const yajl_callbacks callbacks = {
		.yajl_string = on_text,
		.yajl_map_key = on_text,
		.yajl_number = on_number,
	};
	static unsigned char block[1 << 18];
	size_t seen = 0;
	yajl_handle h = yajl_alloc(&callbacks, NULL, &seen);
	int fd = open(path, O_RDONLY), ok = fd >= 0;
	ssize_t n;

	while (ok && (n = read(fd, block, sizeof(block))) > 0)
		ok = yajl_parse(h, block, (size_t)n) == yajl_status_ok;
	yajl_free(h);
	close(fd);
	return ok && seen > 0;
}

static int insert(const char *path, long rows)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	int ok =
		sqlite3_open(path, &db) == SQLITE_OK &&
		sqlite3_exec(
			db,
			"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
			"CREATE TABLE bare (a INTEGER NOT NULL, b INTEGER NOT NULL,"
			" c INTEGER NOT NULL,"
			" PRIMARY KEY (a, b, c)) WITHOUT ROWID; BEGIN",
			NULL, NULL, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(db, "INSERT INTO bare VALUES (1, ?, ?)", -1, &s, NULL) ==
			SQLITE_OK;

	for (long i = 0; ok && i < rows; i++) {
		sqlite3_bind_int64(s, 1, i * 7919 % 8000);
		sqlite3_bind_int64(s, 2, i);
		ok = sqlite3_step(s) == SQLITE_DONE;
		sqlite3_reset(s);
	}
	ok = ok && sqlite3_finalize(s) == SQLITE_OK &&
	     sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
	sqlite3_close(db);
	return ok;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 0; /* a tool of the benches, none itself */
	return tokenise(argv[1]) && insert(argv[3], strtol(argv[2], NULL, 10)) ? 0 : 1;
}
