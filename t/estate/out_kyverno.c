/* SPDX-License-Identifier: MIT */
/* out_kyverno.c - `kubectl get policyreports -A -o json`, one report a workload. */
#include "t/estate/json.h"
#include "t/estate/out.h"

static const struct policy {
	const char *policy, *rule, *severity, *category;
	unsigned    wrong; /* fails when the workload has one of these faults */
} policies[] = {
	{ "disallow-privileged-containers", "privileged-containers", "high",
	  "Pod Security Standards (Baseline)", W_PRIVILEGED },
	{ "disallow-host-path", "host-path", "medium", "Pod Security Standards (Baseline)",
	  W_HOST_PATH },
	{ "disallow-host-ports", "host-ports-none", "medium", "Pod Security Standards (Baseline)",
	  W_HOST_PORT },
	{ "disallow-host-namespaces", "host-namespaces", "high",
	  "Pod Security Standards (Baseline)", W_HOST_NETWORK },
	{ "disallow-capabilities", "adding-capabilities", "medium",
	  "Pod Security Standards (Baseline)", W_CAPS },
	{ "disallow-privilege-escalation", "privilege-escalation", "medium",
	  "Pod Security Standards (Restricted)", W_ESCALATION },
	{ "require-run-as-nonroot", "run-as-non-root", "medium",
	  "Pod Security Standards (Restricted)", W_ROOT },
	{ "restrict-seccomp-strict", "check-seccomp-strict", "medium",
	  "Pod Security Standards (Restricted)", W_NO_SECCOMP },
	{ "require-ro-rootfs", "validate-readOnlyRootFilesystem", "medium", "Best Practices",
	  W_WRITABLE },
	{ "require-pod-requests-limits", "validate-resources", "medium", "Best Practices",
	  W_NO_LIMITS },
	{ "disallow-latest-tag", "validate-image-tag", "medium", "Best Practices", 0 },
	{ "require-image-checksum", "require-image-checksum", "low", "Other", W_BY_TAG },
	{ "restrict-image-registries", "validate-registries", "medium", "Best Practices", 0 },
};

static void print_result(struct json *j, const struct policy *p, const struct workload *w,
			 int64_t at)
{
	bool fail = w->wrong & p->wrong;

	json_object(j, NULL);
	json_text(j, "category", p->category);
	if (fail)
		json_textf(j, "message", "validation error: rule %s failed for container %s",
		           p->rule, w->name);
	else
		json_textf(j, "message", "validation rule '%s' passed.", p->rule);
	json_text(j, "policy", p->policy);
	json_text(j, "result", fail ? "fail" : "pass");
	json_text(j, "rule", p->rule);
	json_bool(j, "scored", true);
	json_text(j, "severity", p->severity);
	json_text(j, "source", "kyverno");
	json_object(j, "timestamp");
	json_int(j, "nanos", 0);
	json_int(j, "seconds", at);
	json_end(j);
	json_end(j);
}

static void print_summary(struct json *j, const struct workload *w)
{
	int64_t fail = 0;

	for (size_t i = 0; i < LENGTH(policies); i++)
		fail += (w->wrong & policies[i].wrong) != 0;
	json_object(j, "summary");
	json_int(j, "error", 0);
	json_int(j, "fail", fail);
	json_int(j, "pass", (int64_t)LENGTH(policies) - fail);
	json_int(j, "skip", 0);
	json_int(j, "warn", 0);
	json_end(j);
}

static void print_report(struct json *j, const struct cluster *c, const struct workload *w,
			 int64_t at)
{
	char uid[37], when[21];

	world_uuid(uid, "workload %s %s/%s", c->name, w->namespace, w->name);
	world_time(at, when);
	json_object(j, NULL);
	json_text(j, "apiVersion", "wgpolicyk8s.io/v1alpha2");
	json_text(j, "kind", "PolicyReport");
	json_object(j, "metadata");
	json_text(j, "creationTimestamp", when);
	json_object(j, "labels");
	json_text(j, "app.kubernetes.io/managed-by", "kyverno");
	json_end(j);
	json_text(j, "name", uid);
	json_text(j, "namespace", w->namespace);
	json_end(j);
	json_array(j, "results");
	for (size_t i = 0; i < LENGTH(policies); i++)
		print_result(j, &policies[i], w, at);
	json_end(j);
	json_object(j, "scope");
	json_text(j, "apiVersion", "apps/v1");
	json_text(j, "kind", w->kind);
	json_text(j, "name", w->name);
	json_text(j, "namespace", w->namespace);
	json_text(j, "uid", uid);
	json_end(j);
	print_summary(j, w);
	json_end(j);
}

void out_kyverno(struct out *o, const struct cluster *c, size_t scan)
{
	struct json j = JSON_INIT(o, 4);

	json_object(&j, NULL);
	json_text(&j, "apiVersion", "v1");
	json_array(&j, "items");
	for (const struct workload *w = workloads; w < workloads + nworkloads; w++)
		if (w->replicas[c - clusters] > 0)
			print_report(&j, c, w, c->heard[scan]);
	json_end(&j);
	json_text(&j, "kind", "List");
	json_end(&j);
}
