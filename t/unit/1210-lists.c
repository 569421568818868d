/* SPDX-License-Identifier: MIT */
/* 1210-lists.c - pages, counts and facets of lists: one query, every way out. */
#include "t/lib/small.h"

enum { MAX_ROWS = 9000 };

/* Small enough to turn several, large enough for thousands of rows. */
static size_t
page_size(size_t rows)
{
	return rows < 100 ? 3 : 211;
}

/* ---- reading a list every way there is ---- */

struct walk {
	int64_t (*key)[4];
	size_t n;
};

static bool
take(void *ctx, const struct row *r, UNUSED struct err *e)
{
	struct walk *w = ctx;

	assert_true(w->n < MAX_ROWS);
	memcpy(w->key[w->n++], r->key, sizeof(r->key));
	return true;
}

static void
walk_each(struct store *st, const struct list_query *q, struct walk *w)
{
	struct err e = ERR_INIT;

	w->key = xcalloc(MAX_ROWS, sizeof(*w->key));
	w->n = 0;
	if (!store_each(st, q, take, w, &e))
		fail_msg("%s: %s", store_list(q->list)->name, e.text);
}

static void
turn(struct store *st, const struct list_query *q, enum page_from from, const struct row *anchor,
     size_t want, struct page *p)
{
	struct err e = ERR_INIT;

	if (!store_page(st, q, from, anchor, want, p, &e))
		fail_msg("%s: %s", store_list(q->list)->name, e.text);
}

static void
same_rows(const struct list_query *q, const struct walk *w, size_t at, const struct page *p)
{
	for (size_t i = 0; i < p->nrow; i++)
		if (at + i >= w->n || memcmp(p->row[i].key, w->key[at + i], sizeof(p->row[i].key)))
			fail_msg("%s: row %zu of the page at %zu of %zu is another",
				 store_list(q->list)->name, i, at, w->n);
	assert_int_equal(p->more_above, at > 0);
	assert_int_equal(p->more_below, at + p->nrow < w->n);
}

static void
walk_down(struct store *st, const struct list_query *q, const struct walk *w)
{
	struct page p = PAGE_INIT;
	size_t at = 0, page = page_size(w->n);

	for (turn(st, q, PAGE_TOP, NULL, page, &p);;
	     turn(st, q, PAGE_AFTER, &p.row[p.nrow - 1], page, &p)) {
		same_rows(q, w, at, &p);
		at += p.nrow;
		if (!p.more_below)
			break;
		assert_int_equal(p.nrow, page);
	}
	assert_int_equal(at, w->n);
	page_release(&p);
}

static void
walk_up(struct store *st, const struct list_query *q, const struct walk *w)
{
	struct page p = PAGE_INIT;
	size_t at = w->n, page = page_size(w->n);

	for (turn(st, q, PAGE_END, NULL, page, &p);;
	     turn(st, q, PAGE_BEFORE, &p.row[0], page, &p)) {
		at -= p.nrow;
		same_rows(q, w, at, &p);
		if (!p.more_above)
			break;
		assert_int_equal(p.nrow, page);
	}
	assert_int_equal(at, 0);
	page_release(&p);
}

/* From some rows in the middle: the page that begins with the row. */
static void
land_on_rows(struct store *st, const struct list_query *q, const struct walk *w)
{
	struct page p = PAGE_INIT, there = PAGE_INIT;

	turn(st, q, PAGE_TOP, NULL, 50, &p);
	for (size_t i = 0; i < p.nrow; i += 3) {
		turn(st, q, PAGE_AT, &p.row[i], 7, &there);
		same_rows(q, w, i, &there);
	}
	page_release(&p);
	page_release(&there);
}

static size_t
check_query(struct store *st, const struct list_query *q)
{
	struct err e = ERR_INIT;
	struct walk w;
	int64_t n;
	size_t rows;

	walk_each(st, q, &w);
	walk_down(st, q, &w);
	walk_up(st, q, &w);
	land_on_rows(st, q, &w);
	if (!store_count(st, q, &n, &e))
		fail_msg("%s", e.text);
	if (n != (int64_t)w.n)
		fail_msg("%s: %lld counted, %zu shown", store_list(q->list)->name, (long long)n,
			 w.n);
	rows = w.n;
	free(w.key);
	return rows;
}

/* ---- the small store, every list ---- */

static void
pages_and_counts_agree_for_every_list_order_and_scope(UNUSED void **state)
{
	struct store *st = small_open();

	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);

		for (size_t s = 0; s < def->nscope; s++) {
			for (int order = -1; order < (int)def->info.norder; order++) {
				struct list_query q = { .list = (enum list_id)l,
							.scope = { def->scope[s].kind,
								   { 1, 1, 1, 1 } },
							.order = order };

				while (order < 0 && !def->info.col[q.column].sortable)
					q.column++;
				for (int desc = 0; desc < 2; desc++) {
					q.desc = desc;
					check_query(st, &q);
				}
			}
		}
	}
	store_close(st);
}

static int64_t
count_of(struct store *st, enum list_id list, struct scope scope, const char *filter)
{
	struct list_query q = { .list = list, .scope = scope };
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	size_t at;
	size_t n;

	if (!filter_parse(list, filter, SMALL_NOW, &mem, &q.where, &at, &e))
		fail_msg("%s: %s", filter, e.text);
	n = check_query(st, &q);
	arena_release(&mem);
	return (int64_t)n;
}

static void
counts(struct store *st, enum list_id list, const char *filter, int64_t want)
{
	int64_t n = count_of(st, list, (struct scope){ SCOPE_ALL, { 0 } }, filter);

	if (n != want)
		fail_msg("%s '%s': %lld rows, not %lld", store_list(list)->name, filter,
			 (long long)n, (long long)want);
}

static void
filters_find_images(UNUSED void **state)
{
	struct store *st = small_open();

	counts(st, LIST_images, "", 4);
	counts(st, LIST_images, "retired", 1);
	counts(st, LIST_images, "retired:no or retired", 5);
	counts(st, LIST_images, "running", 1);
	counts(st, LIST_images, "run>0 or c>0", 1);
	counts(st, LIST_images, "image:payments/*", 1);
	counts(st, LIST_images, "image:debian", 2);
	counts(st, LIST_images, "late", 1);
	counts(st, LIST_images, "due<7d", 2);
	counts(st, LIST_images, "due:none", 2);
	counts(st, LIST_images, "due<0", 1);
	counts(st, LIST_images, "scan>7d", 3);
	counts(st, LIST_images, "scan:none", 2);
	counts(st, LIST_images, "sign:ok", 1);
	counts(st, LIST_images, "unsigned", 3);
	counts(st, LIST_images, "sign:none", 3);
	counts(st, LIST_images, "owner:ruiz", 1);
	counts(st, LIST_images, "owner:none", 3);
	counts(st, LIST_images, "epss>0.5", 3);
	counts(st, LIST_images, "digest:sha256:bbbb*", 1);
	counts(st, LIST_images, "os:\"debian 12.1\"", 1);
	counts(st, LIST_images, "exposed", 1);
	counts(st, LIST_images, "config>0", 1);
	counts(st, LIST_images, "admit:denied", 1);
	counts(st, LIST_images, "proxy", 1);
	counts(st, LIST_images, "/api|proxy/ !running", 1);
	store_close(st);
}

static void
filters_find_findings(UNUSED void **state)
{
	struct store *st = small_open();

	counts(st, LIST_findings, "", 9);
	counts(st, LIST_findings, "retired", 1);
	counts(st, LIST_findings, "resolved", 1);
	counts(st, LIST_findings, "accepted", 1);
	counts(st, LIST_findings, "is:open or is:acc or is:res", 11);
	counts(st, LIST_findings, "sev:critical", 1);
	counts(st, LIST_findings, "sev>=high", 8);
	counts(st, LIST_findings, "cve:CVE-2023-4911", 3);
	counts(st, LIST_findings, "cve:ghsa-49gw-vxvf-fc2g", 1);
	counts(st, LIST_findings, "cve:CVE-2024-0001", 0);
	counts(st, LIST_findings, "pkg:openssl", 3);
	counts(st, LIST_findings, "pkg:lib*", 3);
	counts(st, LIST_findings, "type:golang", 1);
	counts(st, LIST_findings, "version:/deb12u1$/", 3);
	counts(st, LIST_findings, "kev", 3);
	counts(st, LIST_findings, "epss>0.5", 3);
	counts(st, LIST_findings, "cvss>=9", 1);
	counts(st, LIST_findings, "late", 2);
	counts(st, LIST_findings, "due<7d", 3);
	counts(st, LIST_findings, "age>30d", 2);
	counts(st, LIST_findings, "fixed:none", 2);
	counts(st, LIST_findings, "fixable", 7);
	counts(st, LIST_findings, "running", 4);
	counts(st, LIST_findings, "by:TG", 1);
	counts(st, LIST_findings, "by:trivy", 3);
	counts(st, LIST_findings, "owner:mlee", 1);
	counts(st, LIST_findings, "owner:ruiz", 3);
	counts(st, LIST_findings, "owner:none", 5);
	counts(st, LIST_findings, "class:root-user", 1);
	counts(st, LIST_findings, "kind:misconfiguration", 2);
	counts(st, LIST_findings, "place:USER", 1);
	counts(st, LIST_findings, "path:usr/local/*", 1);
	counts(st, LIST_findings, "looney", 3);
	counts(st, LIST_findings, "payments/api", 4);
	counts(st, LIST_findings, "asset.kind:host", 1);
	counts(st, LIST_findings, "image:payments/* (kev or sev:critical)", 2);
	store_close(st);
}

static int64_t
below(struct store *st, enum list_id list, enum scope_kind kind, int64_t a, int64_t b, int64_t c,
      int64_t d)
{
	return count_of(st, list, (struct scope){ kind, { a, b, c, d } }, "");
}

static void
scopes_narrow_findings(UNUSED void **state)
{
	struct store *st = small_open();

	assert_int_equal(below(st, LIST_findings, SCOPE_IMAGE, 1, 0, 0, 0), 5);
	assert_int_equal(below(st, LIST_findings, SCOPE_IMAGE, 3, 0, 0, 0), 1);
	assert_int_equal(below(st, LIST_findings, SCOPE_PROBLEM, 2, 2, 0, 0), 3);
	assert_int_equal(below(st, LIST_findings, SCOPE_PROBLEM, 1, 1, 0, 0), 1);
	assert_int_equal(below(st, LIST_findings, SCOPE_PROBLEM, 4, 0, 0, 0), 1);
	assert_int_equal(below(st, LIST_findings, SCOPE_FINDING, 1, 2, 2, 0), 1);
	assert_int_equal(below(st, LIST_findings, SCOPE_CLUSTER, 4, 0, 0, 0), 5);
	assert_int_equal(below(st, LIST_findings, SCOPE_NODE, 8, 0, 0, 0), 1);
	assert_int_equal(below(st, LIST_findings, SCOPE_NAMESPACE, 5, 0, 0, 0), 4);
	assert_int_equal(below(st, LIST_findings, SCOPE_WORKLOAD, 6, 0, 0, 0), 4);
	assert_int_equal(below(st, LIST_findings, SCOPE_CONTAINER, 7, 0, 0, 0), 4);
	assert_int_equal(below(st, LIST_findings, SCOPE_ALERT, 1, 0, 0, 0), 4);
	assert_int_equal(below(st, LIST_findings, SCOPE_REPOSITORY, 2, 0, 0, 0), 1);
	assert_int_equal(below(st, LIST_findings, SCOPE_PART, 2, 0, 0, 0), 3);
	assert_int_equal(below(st, LIST_findings, SCOPE_SOURCE, 2, 0, 0, 0), 2);
	assert_int_equal(below(st, LIST_findings, SCOPE_CLASS, 2, 0, 0, 0), 1);
	assert_int_equal(below(st, LIST_findings, SCOPE_CLASS, 4, 0, 0, 0), 3);
	assert_int_equal(below(st, LIST_findings, SCOPE_CONTROL, 1, 0, 0, 0), 7);
	assert_int_equal(below(st, LIST_findings, SCOPE_CONTROL, 2, 0, 0, 0), 1);
	store_close(st);
}

static void
filters_find_the_rest(UNUSED void **state)
{
	struct store *st = small_open();

	counts(st, LIST_problems, "", 5);
	counts(st, LIST_problems, "kev running", 1);
	counts(st, LIST_problems, "resolved", 1);
	counts(st, LIST_problems, "late", 2);
	counts(st, LIST_problems, "due<7d", 2);
	counts(st, LIST_problems, "fixable pkg:libc6", 1);
	counts(st, LIST_problems, "epss>0.5 or cvss>9", 2);
	counts(st, LIST_problems, "by:TG", 2);
	counts(st, LIST_alerts, "", 1);
	counts(st, LIST_alerts, "closed", 1);
	counts(st, LIST_alerts, "open late", 1);
	counts(st, LIST_alerts, "prio>=error ns:payments", 1);
	counts(st, LIST_alerts, "owner:ops", 1);
	counts(st, LIST_alerts, "is:closed node:node-1", 1);
	counts(st, LIST_events, "", 4);
	counts(st, LIST_events, "user:root", 1);
	counts(st, LIST_events, "message:shell", 1);
	counts(st, LIST_events, "denied", 1);
	counts(st, LIST_events, "age<1h", 3);
	counts(st, LIST_events, "rule:shell pod:api-*", 2);
	counts(st, LIST_checks, "", 3);
	counts(st, LIST_checks, "fail", 2);
	counts(st, LIST_checks, "benchmark:cis-1.8 cluster:prod", 1);
	counts(st, LIST_checks, "message:root", 1);
	counts(st, LIST_containers, "running image:payments/api", 1);
	counts(st, LIST_nodes, "cluster:prod", 1);
	counts(st, LIST_namespaces, "payments", 1);
	counts(st, LIST_workloads, "exposed ns:payments images:api", 1);
	counts(st, LIST_clusters, "alerts>0 late>0", 1);
	counts(st, LIST_sources, "last:none", 3);
	counts(st, LIST_sources, "skipped>0", 1);
	counts(st, LIST_scans, "source:trivy skipped:1", 1);
	counts(st, LIST_packages, "type:deb", 3);
	counts(st, LIST_audit, "who:ruiz", 1);
	counts(st, LIST_frameworks, "pci", 1);
	counts(st, LIST_controls, "", 3);
	counts(st, LIST_controls, "framework:PCI-DSS", 2);
	counts(st, LIST_items, "", 2);
	counts(st, LIST_items, "is:fail who:sato", 1);
	counts(st, LIST_items, "open", 1);
	assert_int_equal(below(st, LIST_evidence, SCOPE_CONTROL, 1, 0, 0, 0), 4);
	assert_int_equal(below(st, LIST_evidence, SCOPE_CONTROL, 2, 0, 0, 0), 1);
	assert_int_equal(below(st, LIST_controls, SCOPE_CONTROL, 1, 0, 0, 0), 1);
	store_close(st);
}

/* ---- what rows show ---- */

static const struct value *
cell(const struct page *p, enum list_id list, size_t row, const char *column)
{
	int col = list_column(list_def(list), column);

	assert_true(col >= 0 && row < p->nrow);
	return &p->row[row].val[col];
}

static void
shows(const struct page *p, enum list_id list, size_t row, const char *column, const char *want)
{
	struct buf b = BUF_INIT;

	value_print(cell(p, list, row, column), &b);
	if (!str_eq(b.s, want))
		fail_msg("%s of row %zu: '%s', not '%s'", column, row, b.s, want);
	buf_release(&b);
}

static void
rows_show_what_is_known(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;

	turn(st, &(struct list_query){ .list = LIST_images }, PAGE_TOP, NULL, 10, &p);
	shows(&p, LIST_images, 0, "name", "registry.example/payments/api:2.14.1");
	shows(&p, LIST_images, 0, "due", "2026-11-22T20:40:00Z");
	shows(&p, LIST_images, 0, "overdue", "2");
	shows(&p, LIST_images, 0, "epss", "91%");
	shows(&p, LIST_images, 0, "signed", "ok");
	shows(&p, LIST_images, 0, "exposed", "exposed");
	shows(&p, LIST_images, 0, "eol", "no");
	shows(&p, LIST_images, 3, "due", "");
	turn(st, &(struct list_query){ .list = LIST_problems }, PAGE_TOP, NULL, 10, &p);
	shows(&p, LIST_problems, 0, "advisory", "CVE-2023-4911");
	shows(&p, LIST_problems, 0, "kev", "yes");
	shows(&p, LIST_problems, 0, "fixed_in", "2.36-9+deb12u3");
	shows(&p, LIST_problems, 1, "aliases", "GHSA-49gw-vxvf-fc2g");
	shows(&p, LIST_problems, 1, "sources", "grype, trivy");
	shows(&p, LIST_problems, 1, "cvss", "9.8");
	shows(&p, LIST_problems, 1, "severity", "critical");
	turn(st, &(struct list_query){ .list = LIST_findings }, PAGE_TOP, NULL, 10, &p);
	shows(&p, LIST_findings, 0, "id", "1-1-1");
	shows(&p, LIST_findings, 0, "state", "open");
	shows(&p, LIST_findings, 0, "package.purl", "pkg:golang/stdlib@1.21.5");
	shows(&p, LIST_findings, 0, "last_seen", "2026-11-23T16:40:00Z");
	shows(&p, LIST_findings, 0, "locations", "usr/local/go/bin/go");
	page_release(&p);
	store_close(st);
}

static void
a_fix_plan_ranks_changes_and_opens_their_findings(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	struct list_query q = { .list = LIST_fixes, .scope = { SCOPE_IMAGE, { 1 } } };

	turn(st, &q, PAGE_TOP, NULL, 10, &p);
	assert_int_equal(p.nrow, 5);
	shows(&p, LIST_fixes, 0, "what",
	      "FROM docker.io/library/debian:12.1 -> docker.io/library/debian:12.12");
	shows(&p, LIST_fixes, 0, "removes", "1");
	shows(&p, LIST_fixes, 1, "what", "libc6 2.36-9+deb12u1 -> 2.36-9+deb12u3");
	shows(&p, LIST_fixes, 1, "also_in", "2");
	shows(&p, LIST_fixes, 2, "what", "stdlib 1.21.5 -> 1.21.11");
	shows(&p, LIST_fixes, 2, "findings.critical", "1");
	shows(&p, LIST_fixes, 3, "kind", "bump");
	shows(&p, LIST_fixes, 4, "kind", "config");
	shows(&p, LIST_fixes, 4, "what", "Create a user (CIS-DI-0001)");
	for (size_t i = 0; i < p.nrow; i++) {
		const int64_t *k = p.row[i].key;

		assert_int_equal(below(st, LIST_findings, SCOPE_FIX, k[0], k[1], k[2], k[3]),
				 cell(&p, LIST_fixes, i, "removes")->u.i);
	}
	page_release(&p);
	store_close(st);
}

static void
facets_count_by_value_most_frequent_first(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	struct list_query q = { .list = LIST_findings };

	assert_true(store_facets(st, &q, (size_t)list_column(list_def(LIST_findings), "advisory"),
				 2, &p, &e));
	assert_int_equal(p.nrow, 2);
	assert_string_equal(p.row[0].val->u.s, "CVE-2023-4911");
	assert_int_equal(p.row[0].key[0], 3);
	q.list = LIST_controls;
	assert_true(store_facets(st, &q, (size_t)list_column(list_def(LIST_controls), "framework"),
				 9, &p, &e));
	assert_int_equal(p.nrow, 2);
	assert_int_equal(p.row[0].key[0], 2);
	page_release(&p);
	store_close(st);
}

/* ---- a larger store, where filters are sparse and dense, and rows come and go ---- */

static struct store *
open_large(void)
{
	struct store *st = small_open();

	small_sql(
		st,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)\n"
		"INSERT INTO finding\n"
		"SELECT 1, 1, 100 + i, i % 5, 0, 1790000000 + i, 1795000000 + i * 37 % 4000 FROM "
		"n");
	small_sql(
		st,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)\n"
		"INSERT INTO part SELECT 100 + i, 2, 'v' || i FROM n");
	small_sql(st, "UPDATE tally SET n = n + 6000 WHERE scope = 0 AND severity = 0");
	return st;
}

static void
sparse_and_dense_filters_page_alike(UNUSED void **state)
{
	struct store *st = open_large();

	counts(st, LIST_findings, "", 6009);
	counts(st, LIST_findings, "sev:critical", 1201);
	counts(st, LIST_findings, "version:v5999", 1);
	counts(st, LIST_findings, "version:v5*", 1111);
	counts(st, LIST_findings, "version:nothing", 0);
	counts(st, LIST_findings, "sev>=high pkg:libc6", 2403);
	store_close(st);
}

static void
any_column_sorts_a_large_list(UNUSED void **state)
{
	struct store *st = open_large();
	struct list_query q = { .list = LIST_findings, .order = -1 };

	q.column = (size_t)list_column(list_def(LIST_findings), "version");
	assert_int_equal(check_query(st, &q), 6009);
	q.desc = true;
	assert_int_equal(check_query(st, &q), 6009);
	store_close(st);
}

static void
a_row_that_moved_or_went_keeps_its_place(UNUSED void **state)
{
	struct store *st = open_large();
	struct list_query q = { .list = LIST_findings };
	struct page p = PAGE_INIT, there = PAGE_INIT;
	struct row gone, next;

	for (int sorted = 0; sorted < 2; sorted++) {
		if (sorted) {
			q.order = -1;
			q.column = (size_t)list_column(list_def(LIST_findings), "first_seen");
		}
		turn(st, &q, PAGE_TOP, NULL, 100, &p);
		gone = p.row[40];
		next = p.row[41];
		small_sql(st, arena_printf(
				      &p.mem,
				      "DELETE FROM finding WHERE asset = %lld AND advisory = %lld\n"
				      "AND part = %lld",
				      (long long)gone.key[0], (long long)gone.key[1],
				      (long long)gone.key[2]));
		turn(st, &q, PAGE_AT, &gone, 5, &there);
		assert_memory_equal(there.row[0].key, next.key, sizeof(next.key));
		assert_true(there.more_above);
		turn(st, &q, PAGE_AFTER, &gone, 5, &there);
		assert_memory_equal(there.row[0].key, next.key, sizeof(next.key));
		turn(st, &q, PAGE_BEFORE, &gone, 5, &there);
		assert_memory_equal(there.row[4].key, p.row[39].key, sizeof(next.key));
	}
	page_release(&p);
	page_release(&there);
	store_close(st);
}

static void
what_was_found_once_is_found_anew_when_the_store_changes(UNUSED void **state)
{
	struct store *st = open_large();

	counts(st, LIST_findings, "version:v5999", 1);
	small_sql(st, "UPDATE part SET version = 'gone' WHERE id = 6099");
	counts(st, LIST_findings, "version:v5999", 0);
	small_sql(st, "UPDATE part SET version = 'v5999' WHERE id = 102");
	counts(st, LIST_findings, "version:v5999", 1);
	small_sql(st, "DELETE FROM finding WHERE part = 102");
	counts(st, LIST_findings, "version:v5999", 0);
	store_close(st);
}

static bool
stop_at_once(UNUSED void *ctx)
{
	return false;
}

static void
a_long_query_can_be_cancelled_and_asked_again(UNUSED void **state)
{
	struct store *st = open_large();
	struct list_query q = { .list = LIST_findings, .order = -1 };
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;

	q.column = (size_t)list_column(list_def(LIST_findings), "version");
	store_on_progress(st, stop_at_once, NULL);
	assert_false(store_page(st, &q, PAGE_TOP, NULL, 10, &p, &e));
	assert_int_equal(e.kind, ERR_CANCEL);
	store_on_progress(st, NULL, NULL);
	turn(st, &q, PAGE_TOP, NULL, 10, &p);
	assert_int_equal(p.nrow, 10);
	page_release(&p);
	store_close(st);
}

static bool
refuse_third(void *ctx, UNUSED const struct row *r, struct err *e)
{
	int *n = ctx;

	return ++*n < 3 || err_set(e, ERR_IO, "no more room");
}

static void
a_reader_of_all_rows_may_stop_and_ask_on_the_way(UNUSED void **state)
{
	struct store *st = open_large();
	struct list_query q = { .list = LIST_findings };
	struct err e = ERR_INIT;
	int n = 0;

	assert_false(store_each(st, &q, refuse_third, &n, &e));
	assert_int_equal(n, 3);
	assert_string_equal(e.text, "no more room");
	assert_int_equal(check_query(st, &q), 6009);
	store_close(st);
}

static void
what_cannot_be_asked_is_said(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	struct list_query q = { .list = LIST_audit, .scope = { SCOPE_IMAGE, { 1 } } };

	assert_false(store_page(st, &q, PAGE_TOP, NULL, 10, &p, &e));
	assert_string_equal(e.text, "audit cannot be narrowed to that");
	q = (struct list_query){ .list = LIST_audit, .order = 7 };
	assert_false(store_page(st, &q, PAGE_TOP, NULL, 10, &p, &e));
	assert_string_equal(e.text, "audit has no such order");
	store_close(st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_and_counts_agree_for_every_list_order_and_scope),
		cmocka_unit_test(filters_find_images),
		cmocka_unit_test(filters_find_findings),
		cmocka_unit_test(scopes_narrow_findings),
		cmocka_unit_test(filters_find_the_rest),
		cmocka_unit_test(rows_show_what_is_known),
		cmocka_unit_test(a_fix_plan_ranks_changes_and_opens_their_findings),
		cmocka_unit_test(facets_count_by_value_most_frequent_first),
		cmocka_unit_test(sparse_and_dense_filters_page_alike),
		cmocka_unit_test(any_column_sorts_a_large_list),
		cmocka_unit_test(a_row_that_moved_or_went_keeps_its_place),
		cmocka_unit_test(what_was_found_once_is_found_anew_when_the_store_changes),
		cmocka_unit_test(a_long_query_can_be_cancelled_and_asked_again),
		cmocka_unit_test(a_reader_of_all_rows_may_stop_and_ask_on_the_way),
		cmocka_unit_test(what_cannot_be_asked_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
