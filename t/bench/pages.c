/* SPDX-License-Identifier: MIT */
/* pages.c - what pages of the lists of a store take at any depth: milliseconds of the processor. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "store/store.h"

enum { ROWS = 40 };

struct bench {
	struct store *st;
	struct arena mem;
	struct page page;
	struct err e;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool turn(struct bench *b, const struct list_query *q, enum page_from from,
		 const struct row *anchor, double *worst)
{
	double start = now_ms(), took;

	if (!store_page(b->st, q, from, anchor, ROWS, &b->page, &b->e))
		return false;
	took = now_ms() - start;
	if (took > *worst)
		*worst = took;
	return true;
}

/* The first page by itself, then pages down, to the end, and back up. */
static bool turn_pages(struct bench *b, const struct list_query *q, double *first, double *rest)
{
	*first = *rest = 0;
	if (!turn(b, q, PAGE_TOP, NULL, first))
		return false;
	for (int i = 0; i < 10 && b->page.more_below; i++)
		if (!turn(b, q, PAGE_AFTER, &b->page.row[b->page.nrow - 1], rest))
			return false;
	if (!turn(b, q, PAGE_END, NULL, rest))
		return false;
	for (int i = 0; i < 10 && b->page.more_above; i++)
		if (!turn(b, q, PAGE_BEFORE, &b->page.row[0], rest))
			return false;
	return b->page.nrow == 0 || turn(b, q, PAGE_AT, &b->page.row[b->page.nrow / 2], rest);
}

static bool measure(struct bench *b, enum list_id list, const char *filter, const char *by)
{
	struct list_query q = { .list = list };
	const struct list_info *info = store_list(list);
	double first, rest, start;
	int64_t n;
	size_t at;

	if (!filter_parse(list, filter, store_now(b->st), &b->mem, &q.where, &at, &b->e))
		return false;
	if (by)
		q.order = -1;
	while (by && !str_eq(info->col[q.column].name, by))
		q.column++;
	if (!turn_pages(b, &q, &first, &rest))
		return false;
	start = now_ms();
	if (!store_count(b->st, &q, &n, &b->e))
		return false;
	printf("10   page of %-8s %-24s %-10s %8.2f ms first, %6.2f ms worst after, "
	       "%8.2f ms to count %" PRId64 "\n",
	       info->name, filter, by ? by : "", first, rest, now_ms() - start, n);
	return true;
}

int main(int argc, char **argv)
{
	struct store_opts o = { .read_only = true, .now = 1795466400 };
	struct bench b = { .mem = ARENA_INIT, .page = PAGE_INIT, .e = ERR_INIT };
	bool ok;

	if (argc < 2)
		return 0; /* a tool of the benches, none itself */
	o.path = argv[1];
	ok = store_open(&b.st, &o, &b.e) && measure(&b, LIST_images, "", NULL) &&
	     measure(&b, LIST_images, "late c>0", NULL) && measure(&b, LIST_images, "", "os") &&
	     measure(&b, LIST_problems, "", NULL) &&
	     measure(&b, LIST_problems, "sev>=high", NULL) &&
	     measure(&b, LIST_problems, "kev", NULL) && measure(&b, LIST_findings, "", NULL) &&
	     measure(&b, LIST_findings, "sev>=high", NULL) &&
	     measure(&b, LIST_findings, "kev", NULL) &&
	     measure(&b, LIST_findings, "cve:CVE-2024-00077", NULL) &&
	     measure(&b, LIST_findings, "image:*app7 due<7d", NULL) &&
	     measure(&b, LIST_findings, "nosuchthing", NULL) &&
	     measure(&b, LIST_findings, "", "first_seen") && measure(&b, LIST_packages, "", NULL);
	if (!ok)
		fprintf(stderr, "pages: %s\n", b.e.text);
	page_release(&b.page);
	arena_release(&b.mem);
	store_close(b.st);
	return ok ? 0 : 1;
}
