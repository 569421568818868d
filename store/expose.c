/* SPDX-License-Identifier: MIT */
/* expose.c - which workloads of a namespace can be reached from outside, by its services and
 * ingresses. */
#include <stdlib.h>

#include "store/ingest.h"

enum { EXPOSED_NO, EXPOSED_UNKNOWN, EXPOSED_YES };

struct service { /* one that lets the outside in */
	const char *selector;
};
struct workload {
	int64_t asset, exposed;
	const char *labels;
};
struct space {
	struct service *service;
	size_t nservice, capservice;
	struct workload *workload;
	size_t nworkload, capworkload;
	bool known; /* the cluster has a service inventory */
};

/* ---- matching "key=value" lines ---- */

static bool has_line(const char *lines, const char *line, size_t len)
{
	while (*lines) {
		size_t n = strcspn(lines, "\n");

		if (n == len && memcmp(lines, line, len) == 0)
			return true;
		lines += n + (lines[n] == '\n');
	}
	return false;
}

/* Every line of the selector is among the labels; a selector without a line selects nothing. */
static bool selects(const char *selector, const char *labels)
{
	bool any = false;

	while (*selector) {
		size_t n = strcspn(selector, "\n");

		if (n > 0 && !has_line(labels, selector, n))
			return false;
		any |= n > 0;
		selector += n + (selector[n] == '\n');
	}
	return any;
}

/* ---- reading ---- */

static const char SQL_SERVICES[] = "SELECT name, type, selector\n"
				   "FROM service\n"
				   "WHERE namespace = $1 AND selector <> ''";
static const char SQL_INGRESSES[] = "SELECT backends\n"
				    "FROM ingress\n"
				    "WHERE namespace = $1";
static const char SQL_WORKLOADS[] = "SELECT w.asset, w.exposed, w.labels\n"
				    "FROM asset AS a\n"
				    "JOIN workload AS w ON w.asset = a.id\n"
				    "WHERE a.parent = $1 AND a.kind = $2";
static const char SQL_RUNS[] = "SELECT DISTINCT image\n"
			       "FROM container\n"
			       "WHERE workload = $1 AND running = 1 AND image > 0";
static const char SQL_KNOWN[] = "SELECT c.services\n"
				"FROM asset AS a\n"
				"JOIN cluster AS c ON c.asset = a.parent\n"
				"WHERE a.id = $1";

/* All names that ingresses of the namespace lead to, a line each. */
static bool read_backends(struct ingest *ig, int64_t namespace, struct buf *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_INGRESSES);

	db_int(s, 1, namespace);
	while (db_next(s)) {
		buf_adds(out, db_column_text(s, 0));
		buf_addc(out, '\n');
	}
	return db_done(s, e);
}

static bool lets_in(const char *name, const char *type, const char *backends)
{
	return str_eq(type, "LoadBalancer") || str_eq(type, "NodePort") ||
	       has_line(backends, name, strlen(name));
}

static bool read_services(struct ingest *ig, int64_t namespace, struct space *p, struct err *e)
{
	struct buf backends = BUF_INIT;
	struct stmt *s;
	bool ok = read_backends(ig, namespace, &backends, e);

	if (ok) {
		s = db_stmt(ig->db, SQL_SERVICES);
		db_int(s, 1, namespace);
		while (db_next(s)) {
			if (!lets_in(db_column_text(s, 0), db_column_text(s, 1), backends.s))
				continue;
			ARRAY_MORE(p->service, p->nservice, p->capservice);
			p->service[p->nservice++].selector = arena_dup(&ig->row,
								       db_column_text(s, 2));
		}
		ok = db_done(s, e);
	}
	buf_release(&backends);
	return ok;
}

static bool read_space(struct ingest *ig, int64_t namespace, struct space *p, struct err *e)
{
	int64_t known;
	struct stmt *s = db_stmt(ig->db, SQL_KNOWN);

	db_int(s, 1, namespace);
	if (!db_scalar(s, 0, &known, e) || !read_services(ig, namespace, p, e))
		return false;
	p->known = known != 0;
	s = db_stmt(ig->db, SQL_WORKLOADS);
	db_int(s, 1, namespace);
	db_int(s, 2, ASSET_WORKLOAD);
	while (db_next(s)) {
		ARRAY_MORE(p->workload, p->nworkload, p->capworkload);
		p->workload[p->nworkload++] = (struct workload){
			db_column(s, 0), db_column(s, 1), arena_dup(&ig->row, db_column_text(s, 2))
		};
	}
	return db_done(s, e);
}

/* ---- writing ---- */

static bool write_exposed(struct ingest *ig, int64_t workload, int64_t exposed, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE workload\n"
					 "SET exposed = $1\n"
					 "WHERE asset = $2");

	db_int(s, 1, exposed);
	db_int(s, 2, workload);
	return db_run(s, e);
}

/* The due dates of what runs in it, and of its own findings, may hang on it. */
static bool set_exposed(struct ingest *ig, const struct workload *w, int64_t exposed, struct err *e)
{
	struct standing was = { 0 }, is = { 0 };
	bool ok;

	if (w->exposed == exposed)
		return true;
	ok = images_touch(ig, SQL_RUNS, w->asset, e) && standing_load(ig, w->asset, &was, e) &&
	     write_exposed(ig, w->asset, exposed, e) &&
	     fact_add(ig, w->asset, FACT_EXPOSED, ig->newest > 0 ? ig->newest : ingest_time(ig),
		      exposed, e) &&
	     standing_load(ig, w->asset, &is, e) &&
	     asset_restate(ig, &was, &is, e);
	free(was.repository);
	free(is.repository);
	return ok;
}

static int64_t judge(const struct space *p, const struct workload *w)
{
	if (!p->known)
		return EXPOSED_UNKNOWN;
	for (size_t i = 0; i < p->nservice; i++)
		if (selects(p->service[i].selector, w->labels))
			return EXPOSED_YES;
	return EXPOSED_NO;
}

/* What a person says outranks what services say. */
static bool judge_tagged(struct ingest *ig, const struct space *p, const struct workload *w,
			 int64_t *out, struct err *e)
{
	uint64_t tags;

	if (!asset_tags(ig->st, ig->policies, w->asset, &tags, e))
		return false;
	*out = tags_have(ig->policies, tags, TAG_EXPOSED) ? EXPOSED_YES : judge(p, w);
	return true;
}

bool expose_namespace(struct ingest *ig, int64_t namespace, struct err *e)
{
	struct space p = { 0 };
	int64_t exposed;
	bool ok;

	arena_reset(&ig->row);
	ok = read_space(ig, namespace, &p, e);
	for (size_t i = 0; ok && i < p.nworkload; i++)
		ok = judge_tagged(ig, &p, &p.workload[i], &exposed, e) &&
		     set_exposed(ig, &p.workload[i], exposed, e);
	free(p.service);
	free(p.workload);
	return ok;
}
