/* SPDX-License-Identifier: MIT */
/* out_gatekeeper.c - `kubectl get constraints -o json`, as the audit left them. */
#include "t/estate/json.h"
#include "t/estate/out.h"

static const struct constraint {
	const char *kind, *name, *action, *message;
	unsigned    wrong;
} constraints[] = {
	{ "K8sPSPPrivilegedContainer", "no-privileged", "deny",
	  "Privileged container is not allowed", W_PRIVILEGED },
	{ "K8sPSPHostNetworkingPorts", "no-host-network", "deny",
	  "Host network and host ports are not allowed", W_HOST_NETWORK | W_HOST_PORT },
	{ "K8sContainerLimits", "limits-required", "warn", "Container has no resource limits",
	  W_NO_LIMITS },
	{ "K8sPSPReadOnlyRootFilesystem", "read-only-root", "dryrun",
	  "Only a read-only root filesystem is allowed", W_WRITABLE },
	{ "K8sImageDigests", "by-digest", "dryrun", "Container image is not pinned by its digest",
	  W_BY_TAG },
	{ "K8sAllowedRepos", "our-registry", "deny", "Container image is not of our registry", 0 },
};

struct audit {
	struct json             *j;
	const struct constraint *constraint;
	int64_t                  found;
};

static void print_violation(void *ctx, const struct pod *p)
{
	struct audit *a = ctx;

	if (!(p->workload->wrong & a->constraint->wrong))
		return;
	a->found++;
	json_object(a->j, NULL);
	json_text(a->j, "enforcementAction", a->constraint->action);
	json_text(a->j, "group", "");
	json_text(a->j, "kind", "Pod");
	json_textf(a->j, "message", "%s: container %s, image " REGISTRY "/%s:%s",
	           a->constraint->message, p->workload->name, p->image->repo, p->image->tag);
	json_text(a->j, "name", p->name);
	json_text(a->j, "namespace", p->workload->namespace);
	json_text(a->j, "version", "v1");
	json_end(a->j);
}

static void print_constraint(struct json *j, const struct constraint *k, const struct cluster *c,
			     size_t scan)
{
	struct audit a = { .j = j, .constraint = k };
	char         at[21], uid[37];

	world_time(c->heard[scan], at);
	world_uuid(uid, "constraint %s %s", c->name, k->name);
	json_object(j, NULL);
	json_text(j, "apiVersion", "constraints.gatekeeper.sh/v1beta1");
	json_text(j, "kind", k->kind);
	json_object(j, "metadata");
	json_text(j, "name", k->name);
	json_text(j, "uid", uid);
	json_end(j);
	json_object(j, "spec");
	json_text(j, "enforcementAction", k->action);
	json_end(j);
	json_object(j, "status");
	json_text(j, "auditTimestamp", at);
	json_array(j, "violations");
	world_pods(c, scan, print_violation, &a);
	json_end(j);
	json_int(j, "totalViolations", a.found);
	json_end(j);
	json_end(j);
}

void out_gatekeeper(struct out *o, const struct cluster *c, size_t scan)
{
	struct json j = JSON_INIT(o, 4);

	json_object(&j, NULL);
	json_text(&j, "apiVersion", "v1");
	json_array(&j, "items");
	for (size_t i = 0; i < LENGTH(constraints); i++)
		print_constraint(&j, &constraints[i], c, scan);
	json_end(&j);
	json_text(&j, "kind", "List");
	json_end(&j);
}
