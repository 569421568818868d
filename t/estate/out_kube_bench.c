/* SPDX-License-Identifier: MIT */
/* out_kube_bench.c - `kube-bench --json --benchmark cis-1.10` on one node. */
#include <stdio.h>
#include <stdlib.h>

#include "t/estate/json.h"
#include "t/estate/out.h"

#define BENCHMARK "cis-1.10"

/* The controls come from the catalogue that the program ships: same numbers, same words. */
struct control {
	char number[16], title[200], group[80], target[16];
	bool manual;
};

struct controls {
	struct control *c;
	size_t          n;
};

/* Value of `key=` in the attributes, into a field; empty when it is not there. */
static void attribute(const char *attributes, const char *key, char *out, size_t size)
{
	char        want[32];
	const char *at;

	(void)snprintf(want, sizeof(want), "%s=", key);
	out[0] = '\0';
	at = strstr(attributes, want);
	if (at != NULL && (at == attributes || at[-1] == ' ')) {
		at += strlen(want);
		(void)snprintf(out, size, "%.*s", (int)strcspn(at, " "), at);
	}
}

/* One line of the catalogue: cells[3] title, [4] section, [9] attributes. */
static void take_line(struct controls *cs, const char *line, size_t len)
{
	struct arena   tmp = ARENA_INIT;
	char          *s = arena_dupn(&tmp, line, len), *cell[12];
	struct control c;
	char           manual[16];
	size_t         n = 0;

	for (char *at = s; at != NULL && n < LENGTH(cell); n++) {
		cell[n] = at;
		at = strchr(at, '\t');
		if (at != NULL)
			*at++ = '\0';
	}
	if (n == LENGTH(cell) && str_eq(cell[0], "control")) {
		attribute(cell[9], "id_v1_10", c.number, sizeof(c.number));
		attribute(cell[9], "target", c.target, sizeof(c.target));
		attribute(cell[9], "assessment", manual, sizeof(manual));
		(void)str_copy(c.title, sizeof(c.title), cell[3]);
		(void)str_copy(c.group, sizeof(c.group), cell[4]);
		c.manual = str_eq(manual, "manual");
		if (c.number[0] != '\0')
			cs->c[cs->n++] = c;
	}
	arena_release(&tmp);
}

static void load(struct controls *cs)
{
	const struct embed *f = embed_find("importers/frameworks/cis-k8s.tsv");
	size_t              lines = 0;

	for (const char *s = f->data; (s = strchr(s, '\n')) != NULL; s++)
		lines++;
	cs->c = xcalloc(lines + 1, sizeof(*cs->c));
	cs->n = 0;
	for (const char *s = f->data; *s != '\0'; ) {
		size_t n = strcspn(s, "\n");

		take_line(cs, s, n);
		s += n + (s[n] == '\n');
	}
}

/* A node improves as the weeks pass: what it fails at a scan, it failed at every scan before. */
static const char *verdict(const struct control *c, const char *node, size_t scan)
{
	uint64_t d = world_dice("bench %s %s", node, c->number) % 100;

	if (c->manual)
		return "WARN";
	return d < 14 - 2 * scan ? "FAIL" : "PASS";
}

static void print_result(struct json *j, const struct control *c, const char *status)
{
	json_object(j, NULL);
	json_text(j, "test_number", c->number);
	json_textf(j, "test_desc", "%s (%s)", c->title, c->manual ? "Manual" : "Automated");
	json_text(j, "type", c->manual ? "manual" : "");
	json_textf(j, "remediation", "See section %s of the benchmark.", c->number);
	json_text(j, "status", status);
	json_bool(j, "scored", !c->manual);
	json_end(j);
}

struct count { int64_t pass, fail, warn; };

static void count(struct count *n, const char *status)
{
	n->pass += str_eq(status, "PASS");
	n->fail += str_eq(status, "FAIL");
	n->warn += str_eq(status, "WARN");
}

static void print_count(struct json *j, const char *prefix, const struct count *n)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%spass", prefix);
	json_int(j, key, n->pass);
	(void)snprintf(key, sizeof(key), "%sfail", prefix);
	json_int(j, key, n->fail);
	(void)snprintf(key, sizeof(key), "%swarn", prefix);
	json_int(j, key, n->warn);
	(void)snprintf(key, sizeof(key), "%sinfo", prefix);
	json_int(j, key, 0);
}

/* All controls of one group of a target, from *i on; *i ends behind them. */
static void print_group(struct json *j, const struct controls *cs, size_t *i, const char *node,
			size_t scan, struct count *all)
{
	const char  *group = cs->c[*i].group;
	size_t       number = strcspn(group, " ");
	struct count n = { 0 };

	json_object(j, NULL);
	json_textf(j, "section", "%.*s", (int)number, group);
	json_text(j, "desc", group + number + 1);
	json_array(j, "results");
	for (; *i < cs->n && str_eq(cs->c[*i].group, group); (*i)++) {
		const char *status = verdict(&cs->c[*i], node, scan);

		count(&n, status);
		count(all, status);
		print_result(j, &cs->c[*i], status);
	}
	json_end(j);
	print_count(j, "", &n);
	json_end(j);
}

static void print_target(struct json *j, const struct controls *cs, const char *target,
			 const char *text, const char *node, size_t scan, struct count *totals)
{
	struct count n = { 0 };

	json_object(j, NULL);
	json_text(j, "version", BENCHMARK);
	json_text(j, "detected_version", "1.28");
	json_text(j, "text", text);
	json_text(j, "node_type", target);
	json_array(j, "tests");
	for (size_t i = 0; i < cs->n; ) {
		if (str_eq(cs->c[i].target, target))
			print_group(j, cs, &i, node, scan, &n);
		else
			i++;
	}
	json_end(j);
	print_count(j, "total_", &n);
	json_end(j);
	totals->pass += n.pass;
	totals->fail += n.fail;
	totals->warn += n.warn;
}

void out_kube_bench(struct out *o, const struct cluster *c, const char *node, size_t scan)
{
	struct json     j = JSON_INIT(o, 1);
	struct count    totals = { 0 };
	struct controls cs;

	load(&cs);
	json_object(&j, NULL);
	json_array(&j, "Controls");
	if (str_eq(node, c->node[0])) {
		print_target(&j, &cs, "master", "Control Plane Security Configuration", node, scan,
		             &totals);
		print_target(&j, &cs, "etcd", "Etcd Node Configuration", node, scan, &totals);
		print_target(&j, &cs, "controlplane", "Control Plane Configuration", node, scan,
		             &totals);
		print_target(&j, &cs, "policies", "Kubernetes Policies", node, scan, &totals);
	}
	print_target(&j, &cs, "node", "Worker Node Security Configuration", node, scan, &totals);
	json_end(&j);
	json_object(&j, "Totals");
	print_count(&j, "total_", &totals);
	json_end(&j);
	json_end(&j);
	free(cs.c);
}
