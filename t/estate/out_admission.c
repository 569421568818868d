/* SPDX-License-Identifier: MIT */
/* out_admission.c - what Gatekeeper's webhook logged on the day of a scan: who was refused what. */
#include "t/estate/json.h"
#include "t/estate/out.h"

static const struct refusal {
	size_t      scan;
	int         hour, minute;
	const char *cluster, *namespace;
	const char *workload; /* whose running pod is asked for again; NULL: `name` */
	const char *name, *kind, *constraint, *action, *message, *user;
	unsigned    times; /* a controller tries again, five minutes apart */
} refusals[] = {
	{ 2, 10, 12, "prod-us", "search", NULL, "index-probe", "K8sPSPPrivilegedContainer",
	  "no-privileged", "deny", "Privileged container is not allowed: probe", "kim", 2 },
	{ 3, 14, 40, "prod-eu", "payments", NULL, "api-debug", "K8sAllowedRepos", "our-registry",
	  "deny", "image docker.io/library/busybox:1.36 is not of our registry", "ruiz", 3 },
	{ 4, 7, 55, "prod-eu", "batch", NULL, "etl-adhoc", "K8sAllowedRepos", "our-registry",
	  "deny", "image docker.io/bitnami/spark:3.5 is not of our registry", "data", 4 },
	{ 4, 9, 20, "prod-us", "web", NULL, "edge-canary", "K8sPSPHostNetworkingPorts",
	  "no-host-network", "deny", "Host network and host ports are not allowed: edge", "web",
	  6 },
	{ 4, 13, 5, "prod-eu", "obs", "agent", NULL, "K8sPSPPrivilegedContainer", "no-privileged",
	  "deny", "Privileged container is not allowed: agent",
	  "system:serviceaccount:kube-system:daemon-set-controller", 12 },
	{ 4, 18, 31, "prod-us", "tools", NULL, "psql-shell", "K8sContainerLimits",
	  "limits-required", "warn", "Container has no resource limits: psql", "jpark", 1 },
};

struct named {
	const struct refusal *refusal;
	char                  name[64];
};

static void find_name(void *ctx, const struct pod *p)
{
	struct named *n = ctx;

	if (n->name[0] == '\0' && str_eq(p->workload->namespace, n->refusal->namespace) &&
	    str_eq(p->workload->name, n->refusal->workload))
		(void)str_copy(n->name, sizeof(n->name), p->name);
}

static void print_refusal(struct out *o, const struct refusal *r, const char *name, int64_t at)
{
	struct json j = JSON_INIT(o, 0);

	json_object(&j, NULL);
	json_text(&j, "level", "info");
	json_int(&j, "ts", at);
	json_text(&j, "logger", "webhook");
	json_textf(&j, "msg", "%s admission: %s",
	           str_eq(r->action, "deny") ? "denied" : "warned of", r->message);
	json_text(&j, "hookType", "validation");
	json_text(&j, "process", "admission");
	json_text(&j, "event_type", "violation");
	json_text(&j, "constraint_group", "constraints.gatekeeper.sh");
	json_text(&j, "constraint_kind", r->kind);
	json_text(&j, "constraint_name", r->constraint);
	json_text(&j, "constraint_action", r->action);
	json_text(&j, "resource_kind", "Pod");
	json_text(&j, "resource_namespace", r->namespace);
	json_text(&j, "resource_name", name);
	json_text(&j, "request_username", r->user);
	json_end(&j);
}

static bool said(const struct refusal *r, const struct cluster *c, size_t scan)
{
	return r->scan == scan && str_eq(r->cluster, c->name);
}

bool admission_spoke(const struct cluster *c, size_t scan)
{
	for (size_t i = 0; i < LENGTH(refusals); i++)
		if (said(&refusals[i], c, scan))
			return true;
	return false;
}

void out_admission(struct out *o, const struct cluster *c, size_t scan)
{
	for (const struct refusal *r = refusals; r < refusals + LENGTH(refusals); r++) {
		struct named n = { .refusal = r };

		if (!said(r, c, scan))
			continue;
		if (r->workload != NULL)
			world_pods(c, scan, find_name, &n);
		for (unsigned k = 0; k < r->times; k++)
			print_refusal(o, r, r->name != NULL ? r->name : n.name,
			              world_at(scan, r->hour, r->minute) + 300 * (int64_t)k);
	}
}
