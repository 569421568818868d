/* SPDX-License-Identifier: MIT */
/* clusters.c - three clusters, one of them silent, and what runs in them. */
#include <stdio.h>

#include "t/estate/world.h"

#define AT(day) ((day) * DAY_S + 16 * HOUR + 30 * 60)

const struct cluster clusters[CLUSTERS] = {
	{ "prod-eu", { "eu-cp-1", "eu-wk-1", "eu-wk-2" },
	  { AT(20738), AT(20759), AT(20766), AT(20773), AT(20780) } },
	{ "prod-us", { "us-cp-1", "us-wk-1", "us-wk-2" },
	  { AT(20738), AT(20759), AT(20766), AT(20773), AT(20780) } },
	/* Heard for the last time on 14 November. */
	{ "edge-1", { "edge-gw-1", NULL, NULL },
	  { AT(20738), AT(20759), AT(20766), AT(20771), 0 } },
};

size_t cluster_nodes(const struct cluster *c)
{
	size_t n = 0;

	while (n < LENGTH(c->node) && c->node[n] != NULL)
		n++;
	return n;
}

const char *const namespaces[NAMESPACES] = {
	"auth", "cache", "ledger", "obs", "payments", "report", "search", "web",
};

const struct workload workloads[] = {
	{ "payments", "Deployment", "api", "payments/api", { 6, 6, 0 }, W_WRITABLE, "ClusterIP",
	  "pay.example" },
	{ "payments", "Deployment", "worker", "payments/worker", { 4, 2, 0 }, 0, NULL, NULL },
	{ "ledger", "Deployment", "api", "ledger/api", { 2, 2, 0 }, W_TOKEN | W_NO_SECCOMP,
	  "ClusterIP", NULL },
	{ "ledger", "StatefulSet", "sync", "ledger/sync", { 1, 1, 1 },
	  W_ROOT | W_WRITABLE | W_NO_LIMITS | W_ESCALATION | W_NO_SECCOMP | W_CAPS | W_TOKEN, NULL,
	  NULL },
	{ "report", "Deployment", "pdf", "report/pdf", { 1, 1, 0 },
	  W_ROOT | W_WRITABLE | W_ESCALATION, "ClusterIP", NULL },
	{ "web", "Deployment", "edge-proxy", "web/edge-proxy", { 4, 4, 1 }, W_CAPS | W_BY_TAG,
	  "LoadBalancer", NULL },
	{ "auth", "Deployment", "idp", "auth/idp", { 2, 1, 0 }, 0, "ClusterIP", "login.example" },
	{ "obs", "DaemonSet", "agent", "obs/agent", { 1, 1, 1 },
	  W_PRIVILEGED | W_ROOT | W_HOST_PATH | W_HOST_NETWORK | W_HOST_PORT | W_ESCALATION |
	  W_NO_SECCOMP | W_TOKEN, NULL, NULL },
	{ "search", "Deployment", "index", "search/index", { 2, 2, 0 }, W_NO_LIMITS | W_WRITABLE,
	  "ClusterIP", NULL },
	{ "cache", "StatefulSet", "redis", "cache/redis", { 3, 3, 0 },
	  W_NO_LIMITS | W_NO_SECCOMP | W_ESCALATION, "ClusterIP", NULL },
};
const size_t nworkloads = LENGTH(workloads);

/* Suffixes as Kubernetes makes them: no vowels, nothing that could spell a word. */
static void suffix(char *out, size_t n, uint64_t d)
{
	static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";

	for (size_t i = 0; i < n; i++, d /= sizeof(letters) - 1)
		out[i] = letters[d % (sizeof(letters) - 1)];
	out[n] = '\0';
}

static void name_pod(struct pod *p, size_t i)
{
	const struct workload *w = p->workload;
	char                   set[11], own[6];

	suffix(set, 10, world_dice("set %s/%s %s %s", w->namespace, w->name, p->image->tag,
	                           p->image->built));
	suffix(own, 5, world_dice("pod %s %s/%s %s %zu", p->cluster->name, w->namespace, w->name,
	                          p->image->tag, i));
	if (str_eq(w->kind, "StatefulSet"))
		(void)snprintf(p->name, sizeof(p->name), "%s-%zu", w->name, i);
	else if (str_eq(w->kind, "DaemonSet"))
		(void)snprintf(p->name, sizeof(p->name), "%s-%s", w->name, own);
	else
		(void)snprintf(p->name, sizeof(p->name), "%s-%s-%s", w->name, set, own);
	(void)snprintf(p->owner, sizeof(p->owner), "%s-%s", w->name, set);
	world_uuid(p->uid, "pod %s %s/%s %s %s", p->cluster->name, w->namespace, p->name,
	           p->image->tag, p->image->built);
	world_hex(p->container, "container %s", p->uid);
}

void world_pods(const struct cluster *c, size_t scan, pod_fn *fn, void *ctx)
{
	size_t where = (size_t)(c - clusters), nodes = cluster_nodes(c);

	for (const struct workload *w = workloads; w < workloads + nworkloads; w++) {
		bool       every = str_eq(w->kind, "DaemonSet");
		size_t     n = every && w->replicas[where] > 0 ? nodes : w->replicas[where];
		struct pod p = { .cluster = c, .workload = w, .scan = scan };

		p.image = image_running(w->repo, scan);
		for (size_t i = 0; i < n && p.image != NULL; i++) {
			/* The control plane takes nothing but what runs everywhere. */
			size_t at = every || nodes == 1 ? i : 1 + i % (nodes - 1);

			p.node = c->node[at];
			name_pod(&p, i);
			fn(ctx, &p);
		}
	}
}
