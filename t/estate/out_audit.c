/* SPDX-License-Identifier: MIT */
/* out_audit.c - the API server's audit log, one event a line: what people did, near the alerts. */
#include <inttypes.h>

#include "t/estate/json.h"
#include "t/estate/out.h"

static const struct act {
	const char *at, *cluster, *user, *address, *verb;
	const char *resource, *subresource, *namespace, *workload, *name;
	int         code;
	const char *query; /* behind the request's path */
} acts[] = {
	{ "2026-11-16T20:29:51Z", "prod-us", "ci-deployer", "10.9.1.20", "create", "pods", "exec",
	  "payments", "worker", NULL, 101, "?command=sh&container=worker&stdin=true&tty=true" },
	{ "2026-11-22T19:02:10Z", "prod-eu", "argo", "10.9.1.4", "create", "clusterrolebindings",
	  NULL, NULL, NULL, "tmp-admin", 201, "" },
	{ "2026-11-22T20:27:58Z", "prod-eu", "jpark", "10.9.4.11", "create", "pods", "exec",
	  "payments", "api", NULL, 101, "?command=sh&container=api&stdin=true&tty=true" },
	{ "2026-11-22T20:29:40Z", "prod-eu", "jpark", "10.9.4.11", "get", "secrets", NULL,
	  "payments", NULL, "db-credentials", 200, "" },
	{ "2026-11-22T20:33:02Z", "prod-eu", "jpark", "10.9.4.11", "delete", "clusterrolebindings",
	  NULL, NULL, NULL, "tmp-admin", 403, "" },
	{ "2026-11-23T20:12:41Z", "prod-us", "mrossi", "10.9.4.19", "create", "pods", "exec",
	  "ledger", "sync", NULL, 101, "?command=sync&command=--repair&container=sync" },
	{ "2026-11-23T19:43:50Z", "prod-us", "web-oncall", "10.9.4.31", "create", "pods",
	  "ephemeralcontainers", "web", "edge-proxy", NULL, 201, "" },
};

struct target {
	const struct act *act;
	char              name[64];
};

static void find_target(void *ctx, const struct pod *p)
{
	struct target *t = ctx;

	if (t->name[0] == '\0' && str_eq(p->workload->namespace, t->act->namespace) &&
	    str_eq(p->workload->name, t->act->workload))
		(void)str_copy(t->name, sizeof(t->name), p->name);
}

static void print_uri(struct json *j, const struct act *a, const char *name)
{
	if (a->namespace == NULL)
		json_textf(j, "requestURI", "/apis/rbac.authorization.k8s.io/v1/%s/%s", a->resource,
		           name);
	else
		json_textf(j, "requestURI", "/api/v1/namespaces/%s/%s/%s%s%s%s", a->namespace,
		           a->resource, name, a->subresource != NULL ? "/" : "",
		           a->subresource != NULL ? a->subresource : "", a->query);
}

static void print_object(struct json *j, const struct act *a, const char *name)
{
	json_object(j, "objectRef");
	json_text(j, "resource", a->resource);
	json_text(j, "namespace", a->namespace);
	json_text(j, "name", name);
	json_text(j, "apiGroup", a->namespace == NULL ? "rbac.authorization.k8s.io" : NULL);
	json_text(j, "apiVersion", "v1");
	json_text(j, "subresource", a->subresource);
	json_end(j);
}

static void print_act(struct out *o, const struct cluster *c, const struct act *a, const char *name,
		      int64_t at)
{
	struct json j = JSON_INIT(o, 0);
	char        when[31], id[37];

	world_uuid(id, "audit %s %s %s", c->name, a->at, a->user);
	time_print_ns(at * NS_PER_S + 214000000, when);
	json_object(&j, NULL);
	json_text(&j, "kind", "Event");
	json_text(&j, "apiVersion", "audit.k8s.io/v1");
	json_text(&j, "level", "Metadata");
	json_text(&j, "auditID", id);
	json_text(&j, "stage", "ResponseComplete");
	print_uri(&j, a, name);
	json_text(&j, "verb", a->verb);
	json_object(&j, "user");
	json_text(&j, "username", a->user);
	json_end(&j);
	json_array(&j, "sourceIPs");
	json_text(&j, NULL, a->address);
	json_end(&j);
	json_text(&j, "userAgent", "kubectl/v1.31.2");
	print_object(&j, a, name);
	json_object(&j, "responseStatus");
	json_int(&j, "code", a->code);
	json_end(&j);
	json_text(&j, "requestReceivedTimestamp", when);
	json_text(&j, "stageTimestamp", when);
	json_end(&j);
}

void out_audit(struct out *o, const struct cluster *c, size_t scan)
{
	int64_t from = world_at(scan - 1, 20, 40), to = world_at(scan, 20, 40), at;

	for (const struct act *a = acts; a < acts + LENGTH(acts); a++) {
		struct target t = { .act = a };

		if (!str_eq(a->cluster, c->name) || !time_parse(a->at, &at))
			continue;
		if (at <= from || at > to)
			continue;
		if (a->workload != NULL)
			world_pods(c, scan, find_target, &t);
		print_act(o, c, a, a->name != NULL ? a->name : t.name, at);
	}
}

bool audit_spoke(const struct cluster *c, size_t scan)
{
	int64_t at;

	for (const struct act *a = acts; a < acts + LENGTH(acts); a++)
		if (scan > 0 && str_eq(a->cluster, c->name) && time_parse(a->at, &at) &&
		    at > world_at(scan - 1, 20, 40) && at <= world_at(scan, 20, 40))
			return true;
	return false;
}
