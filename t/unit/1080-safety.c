/* SPDX-License-Identifier: MIT */
/* 1080-safety.c - an import is all or nothing: kills, full disks, other writers, older and newer
 * stores. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "t/lib/test.h"
#include "t/lib/records.h"

static char path[512];

static struct store *open_store(void)
{
	struct store_opts o = { .path = path, .actor = "tester", .now = T0 + 100 * D };
	struct err e = ERR_INIT;
	struct store *st;

	if (!store_open(&st, &o, &e))
		fail_msg("%s", e.text);
	return st;
}

static void fresh_path(const char *name, int n)
{
	const char *folder = getenv("TMPDIR");

	snprintf(path, sizeof(path), "%s/%s-%d.db", folder ? folder : "/tmp", name, n);
}

static int setup(UNUSED void **state)
{
	static int n;

	fresh_path("store", n++);
	return 0;
}

static void import_one(struct store *st, char config, int64_t at)
{
	struct import in;

	import_init(&in, st);
	in.hash[1] = (uint8_t)config;
	scan_image(&in, "trivy", "app:1", digest(config), at, "CVE-1 CVE-2");
	import_free(&in);
}

static void half_an_import(struct import *in, struct store *st)
{
	import_init(in, st);
	import_begin_test(in);
	scan(in, "trivy", T0 + D);
	image(in, "app:2", digest('b'));
	for (int k = 0; k < 2000; k++)
		vuln(in, "CVE-9", digest((char)('a' + k % 26)), "1", SEV_HIGH);
}

static void as_before(void)
{
	struct store *st = open_store();

	assert_int_equal(number(st, "SELECT count(*) FROM finding"), 2);
	assert_int_equal(number(st, "SELECT count(*) FROM image"), 1);
	assert_int_equal(number(st, "SELECT count(*) FROM audit"), 1);
	assert_int_equal(number(st, "SELECT count(*) FROM package WHERE name LIKE 'sha%'"), 0);
	store_close(st);
}

/* What a child does before it is killed, or ends by itself. */
static int in_child(void (*fn)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		fn();
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void import_and_be_killed(void)
{
	struct import in;

	half_an_import(&in, open_store());
	kill(getpid(), SIGKILL);
}

static void a_killed_import_leaves_the_store_as_it_was(UNUSED void **state)
{
	struct store *st = open_store();

	import_one(st, 'a', T0);
	store_close(st);
	assert_true(WIFSIGNALED(in_child(import_and_be_killed)));
	as_before();
}

static void a_cancelled_import_leaves_the_store_as_it_was(UNUSED void **state)
{
	struct store *st = open_store();
	struct err e = ERR_INIT;
	struct import in;

	import_one(st, 'a', T0);
	half_an_import(&in, st);
	assert_true(store_ingest_end(in.sink, false, &in.stats, &e));
	import_free(&in);
	store_close(st);
	as_before();
}

/* The limit stands in for a full disk: what would make the file longer fails. */
static void import_on_a_full_disk(void)
{
	struct store *st = open_store();
	struct rlimit limit = { 256 << 10, 256 << 10 };
	struct ingest_stats stats;
	struct err e = ERR_INIT;
	struct import in;
	bool ok = true;
	char name[32];

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	import_init(&in, st);
	import_begin_test(&in);
	scan(&in, "trivy", T0 + D);
	image(&in, "app:2", digest('b'));
	for (int k = 0; ok && k < 200000; k++) {
		struct record r = { REC_COMPONENT,
				    { .component = { .package_type = "deb",
						     .package = name,
						     .version = "1",
						     .path = name } } };

		snprintf(name, sizeof(name), "package-number-%d", k);
		ok = in.sink->put(in.sink, &r, &e);
	}
	ok = store_ingest_end(in.sink, ok, &stats, &e) && ok;
	store_close(st);
	_exit(ok ? 1 : e.kind == ERR_STORE && strstr(e.text, "disk is full") ? 0 : 2);
}

static void a_full_disk_is_said_clearly_and_leaves_the_store_as_it_was(UNUSED void **state)
{
	struct store *st;

	if (test_is_slowed()) /* which tells nothing of a child, and takes minutes */
		return;
	st = open_store();
	import_one(st, 'a', T0);
	store_close(st);
	assert_int_equal(in_child(import_on_a_full_disk), 0);
	as_before();
}

/* Locks are a process's own: the child opens the store itself, and begins when the parent holds the
 * lock. */
static void import_when_told(int told, int tell)
{
	struct store *st;
	char go;

	if (read(told, &go, 1) != 1 || write(tell, &go, 1) != 1)
		_exit(2);
	st = open_store();
	import_one(st, 'b', T0);
	store_close(st);
	_exit(0);
}

static void two_importers_wait_for_each_other(UNUSED void **state)
{
	int down[2], up[2];
	struct store *st;
	struct import in;
	char go = 'x';
	pid_t pid;
	int status;

	store_close(open_store());
	assert_int_equal(pipe(down) + pipe(up), 0);
	pid = fork();
	if (pid == 0)
		import_when_told(down[0], up[1]);
	st = open_store();
	import_init(&in, st);
	import_begin_test(&in);
	scan(&in, "trivy", T0);
	assert_int_equal(write(down[1], &go, 1), 1);
	assert_int_equal(read(up[0], &go, 1), 1);
	image(&in, "app:1", digest('a'));
	vuln(&in, "CVE-1", "zlib", "1", SEV_HIGH);
	import_end_test(&in);
	import_free(&in);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(number(st, "SELECT count(*) FROM audit"), 2);
	assert_int_equal(number(st, "SELECT count(*) FROM image"), 2);
	store_close(st);
}

/* Opens when told, and tells when it has. */
static void open_when_told(int told, int tell)
{
	char go;

	if (read(told, &go, 1) != 1)
		_exit(2);
	store_close(open_store());
	_exit(write(tell, &go, 1) == 1 ? 0 : 2);
}

/* As the first of two that open a new store together: it has yet to bring in the log. */
static struct db *writer_without_log(void)
{
	struct err e = ERR_INIT;
	struct db *db;

	assert_true(db_open(&db, path, DB_WRITE, &e));
	assert_true(db_script(db, "PRAGMA journal_mode = DELETE", &e));
	assert_true(db_begin(db, DB_SYNC_NORMAL, &e));
	return db;
}

/* The writer holds its lock until the other has had time to fail, if it were to. */
static void opening_waits_for_who_writes_a_store_without_a_log(UNUSED void **state)
{
	enum { TIME_TO_FAIL_MS = 300 };
	int down[2], up[2], status;
	struct pollfd answer;
	struct db *db;
	pid_t pid;

	store_close(open_store());
	assert_int_equal(pipe(down) + pipe(up), 0);
	pid = fork();
	if (pid == 0)
		open_when_told(down[0], up[1]);
	close(up[1]);
	db = writer_without_log();
	assert_int_equal(write(down[1], "x", 1), 1);
	answer = (struct pollfd){ up[0], POLLIN, 0 };
	assert_int_equal(poll(&answer, 1, TIME_TO_FAIL_MS), 0);
	db_close(db);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void others_commits_show_in_the_revision(UNUSED void **state)
{
	struct store *a = open_store(), *b = open_store();
	uint64_t before = store_revision(b);

	assert_int_equal(store_revision(b), before);
	import_one(a, 'a', T0);
	assert_true(store_revision(b) > before);
	before = store_revision(a);
	import_one(a, 'b', T0);
	assert_true(store_revision(a) > before);
	store_close(a);
	store_close(b);
}

static void what_is_held_stays_as_it_was_until_let_go(UNUSED void **state)
{
	struct store *a = open_store(), *b = open_store();
	struct err e = ERR_INIT;
	uint64_t before;

	assert_true(store_hold(b, &e));
	before = store_revision(b);
	assert_int_equal(number(b, "SELECT count(*) FROM finding"), 0);
	import_one(a, 'a', T0);
	assert_int_equal(number(b, "SELECT count(*) FROM finding"), 0);
	assert_int_equal(store_revision(b), before);
	store_let_go(b);
	assert_int_equal(number(b, "SELECT count(*) FROM finding"), 2);
	assert_true(store_revision(b) > before);
	store_close(a);
	store_close(b);
}

static void a_store_of_before_the_first_schema_is_brought_up_to_date(UNUSED void **state)
{
	struct err e = ERR_INIT;
	struct store *st;
	struct db *db;

	assert_true(db_open(&db, path, DB_WRITE, &e));
	assert_true(db_set_version(db, 0, &e));
	db_close(db);
	st = open_store();
	assert_int_equal(number(st, "SELECT user_version FROM pragma_user_version"),
			 store_schema());
	import_one(st, 'a', T0);
	store_close(st);
	as_before();
}

/* The first schema, with one finding that two sources see. */
static void make_first_store(void)
{
	const struct embed *f = embed_next("store/migrations/0001-", NULL);
	struct err e = ERR_INIT;
	struct db *db;

	assert_true(db_open(&db, path, DB_WRITE, &e));
	assert_true(db_script(db, f->data, &e));
	assert_true(db_script(db,
			      "INSERT INTO finding VALUES (1, 2, 3, 0, 0, 100, 200);\n"
			      "INSERT INTO sighting VALUES (1, 2, 3, 1, 0, 4, 98, 0),\n"
			      "                            (1, 2, 3, 2, 1, 5, -1, 150);\n"
			      "INSERT INTO asset (id, kind, name)\n"
			      "VALUES (1, 0, 'a'), (8, 0, 'b'), (9, 0, 'c');\n"
			      "INSERT INTO image (asset, name, arch) VALUES (1, 'a', 'aarch64'),\n"
			      "  (8, 'b', ''), (9, 'c', 'linux/arm64');\n"
			      "INSERT INTO clock VALUES (7, 2, 6, 0, 100, 200, 1),\n"
			      "                         (7, 2, 6, 90, 50, 80, 0)",
			      &e));
	assert_true(db_set_version(db, 1, &e));
	db_close(db);
}

static void a_store_of_the_first_schema_keeps_its_findings_clocks_and_sightings(UNUSED void **state)
{
	struct store *st;

	make_first_store();
	st = open_store();
	assert_int_equal(number(st, "SELECT count(*) FROM finding WHERE asset = 1\n"
				    "AND advisory = 2 AND part = 3 AND since = 100\n"
				    "AND due = 86399"),
			 1);
	assert_int_equal(number(st, "SELECT count(*) FROM image WHERE arch = 'linux/arm64'"), 2);
	assert_int_equal(number(st, "SELECT count(*) FROM sighting"), 2);
	assert_int_equal(number(st, "SELECT until FROM sighting WHERE source = 2 AND word = 5"),
			 150);
	assert_int_equal(number(st, "SELECT start FROM clock WHERE advisory = 2 AND package = 6\n"
				    "AND repository = 7 AND ended = 0"),
			 100);
	assert_int_equal(number(st, "SELECT due FROM clock WHERE ended = 90"), 86399);
	store_close(st);
}

static void refused(const char *why)
{
	struct store_opts o = { .path = path, .now = T0 };
	struct err e = ERR_INIT;
	struct store *st;

	assert_false(store_open(&st, &o, &e));
	assert_null(st);
	assert_non_null(strstr(e.text, why));
	assert_non_null(strstr(e.text, path));
}

static void a_newer_store_is_refused(UNUSED void **state)
{
	struct store *st = open_store();
	struct err e = ERR_INIT;

	assert_true(db_set_version(st->db, store_schema() + 1, &e));
	store_close(st);
	refused("newer version");
}

static void what_is_no_store_is_refused(UNUSED void **state)
{
	struct err e = ERR_INIT;
	struct db *db;
	int fd;

	assert_true(db_open(&db, path, DB_WRITE, &e));
	assert_true(db_script(db, "CREATE TABLE other (x INTEGER)", &e));
	db_close(db);
	refused("another program");
	fresh_path("notes", 0);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	for (int k = 0; k < 40; k++)
		assert_int_equal(write(fd, "this is no database at all ...\n", 31), 31);
	close(fd);
	refused("no SQLite database");
}

/* An interruption between two statements would else be lost: SQLite ends only one that runs. */
static void what_is_stopped_between_two_statements_stays_stopped(UNUSED void **state)
{
	struct list_query q = { .list = LIST_images };
	struct store *st = open_store();
	struct err e = ERR_INIT;
	int64_t n;

	import_one(st, 'a', T0);
	store_interrupt(st);
	for (int i = 0; i < 2; i++) {
		e = (struct err)ERR_INIT;
		assert_false(store_count(st, &q, &n, &e));
		assert_int_equal(e.kind, ERR_CANCEL);
	}
	store_go_on(st);
	assert_true(store_count(st, &q, &n, &e));
	assert_int_equal(n, 1);
	store_interrupt(st); /* what is stopped is closed all the same */
	store_close(st);
}

static void a_new_store_is_its_owners_alone(UNUSED void **state)
{
	struct stat s;
	char wal[520];

	store_close(open_store());
	assert_int_equal(stat(path, &s), 0);
	assert_int_equal(s.st_mode & 07777, 0600);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(stat(wal, &s), 0);
	assert_int_equal(s.st_mode & 07777, 0600);
}

static void a_store_opened_read_only_takes_nothing(UNUSED void **state)
{
	struct store_opts o = { .path = path, .read_only = true, .now = T0 };
	struct ingest_opts io = { .file = "x" };
	struct err e = ERR_INIT;
	struct sink *sink;
	struct store *st;

	assert_false(store_open(&st, &o, &e));
	st = open_store();
	import_one(st, 'a', T0);
	store_close(st);
	assert_true(store_open(&st, &o, &e));
	assert_false(store_ingest_begin(st, &io, &sink, &e));
	assert_int_equal(number(st, "SELECT count(*) FROM finding"), 2);
	store_close(st);
}

static void run(struct store *st, const char *sql)
{
	struct err e = ERR_INIT;

	if (!db_script(st->db, sql, &e))
		fail_msg("%s", e.text);
}

/* More old pages than are held in memory: they go to a file, and come back from it. */
static void a_savepoint_takes_back_what_fills_any_memory(UNUSED void **state)
{
	struct store *st = open_store();
	struct err e = ERR_INIT;

	assert_true(db_begin(st->db, DB_SYNC_FULL, &e));
	run(st, "CREATE TABLE page (x);\n"
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)\n"
		"INSERT INTO page SELECT zeroblob(4000) FROM n");
	assert_true(db_end(st->db, true, &e));
	assert_true(db_begin(st->db, DB_SYNC_FULL, &e));
	run(st, "SAVEPOINT one; UPDATE page SET x = randomblob(4000); ROLLBACK TO one");
	assert_int_equal(number(st, "SELECT count(*) FROM page WHERE x = zeroblob(4000)"), 1500);
	assert_true(db_end(st->db, true, &e));
	store_close(st);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_killed_import_leaves_the_store_as_it_was),
		T(a_cancelled_import_leaves_the_store_as_it_was),
		T(a_full_disk_is_said_clearly_and_leaves_the_store_as_it_was),
		T(a_savepoint_takes_back_what_fills_any_memory),
		T(two_importers_wait_for_each_other),
		T(opening_waits_for_who_writes_a_store_without_a_log),
		T(others_commits_show_in_the_revision),
		T(what_is_held_stays_as_it_was_until_let_go),
		T(a_store_of_before_the_first_schema_is_brought_up_to_date),
		T(a_store_of_the_first_schema_keeps_its_findings_clocks_and_sightings),
		T(a_newer_store_is_refused),
		T(what_is_no_store_is_refused),
		T(what_is_stopped_between_two_statements_stays_stopped),
		T(a_new_store_is_its_owners_alone),
		T(a_store_opened_read_only_takes_nothing),
	};

	store_set_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
