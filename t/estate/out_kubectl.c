/* SPDX-License-Identifier: MIT */
/* out_kubectl.c - `kubectl get nodes,namespaces,pods,deployments,... -A -o json`. */
#include <stdio.h>

#include "t/estate/json.h"
#include "t/estate/out.h"

static void print_meta(struct json *j, const char *namespace, const char *name, const char *uid,
		       int64_t since)
{
	char at[21];

	world_time(since, at);
	json_text(j, "name", name);
	json_text(j, "namespace", namespace);
	json_text(j, "uid", uid);
	json_text(j, "creationTimestamp", at);
}

static void begin_item(struct json *j, const char *api, const char *kind)
{
	json_object(j, NULL);
	json_text(j, "apiVersion", api);
	json_text(j, "kind", kind);
	json_object(j, "metadata");
}

static void print_node(struct json *j, const struct cluster *c, size_t i)
{
	char uid[37];

	world_uuid(uid, "node %s", c->node[i]);
	begin_item(j, "v1", "Node");
	print_meta(j, NULL, c->node[i], uid, world_day[0] - 200 * DAY_S);
	json_object(j, "labels");
	json_text(j, "kubernetes.io/hostname", c->node[i]);
	if (i == 0)
		json_text(j, "node-role.kubernetes.io/control-plane", "");
	json_end(j);
	json_end(j);
	json_object(j, "status");
	json_object(j, "nodeInfo");
	json_text(j, "kubeletVersion", "v1.28.15");
	json_text(j, "osImage", "Debian GNU/Linux 12 (bookworm)");
	json_text(j, "kernelVersion", "6.1.0-40-amd64");
	json_text(j, "containerRuntimeVersion", "containerd://1.7.24");
	json_text(j, "architecture", "amd64");
	json_end(j);
	json_end(j);
	json_end(j);
}

static void print_namespace(struct json *j, const struct cluster *c, const char *name)
{
	char uid[37];

	world_uuid(uid, "namespace %s %s", c->name, name);
	begin_item(j, "v1", "Namespace");
	print_meta(j, NULL, name, uid, world_day[0] - 190 * DAY_S);
	json_object(j, "labels");
	json_text(j, "kubernetes.io/metadata.name", name);
	if (!str_eq(name, "obs"))
		json_text(j, "pod-security.kubernetes.io/enforce", "baseline");
	json_end(j);
	json_end(j);
	json_object(j, "status");
	json_text(j, "phase", "Active");
	json_end(j);
	json_end(j);
}

static void print_labels(struct json *j, const char *key, const struct workload *w)
{
	json_object(j, key);
	json_text(j, "app.kubernetes.io/name", w->name);
	json_text(j, "app.kubernetes.io/part-of", w->namespace);
	json_end(j);
}

static void print_capabilities(struct json *j, unsigned wrong)
{
	json_object(j, "capabilities");
	if (wrong & W_CAPS) {
		json_array(j, "add");
		json_text(j, NULL, "NET_ADMIN");
		json_end(j);
	} else {
		json_array(j, "drop");
		json_text(j, NULL, "ALL");
		json_end(j);
	}
	json_end(j);
}

static void print_security(struct json *j, unsigned wrong)
{
	json_object(j, "securityContext");
	json_bool(j, "allowPrivilegeEscalation", wrong & (W_ESCALATION | W_PRIVILEGED));
	if (wrong & W_PRIVILEGED)
		json_bool(j, "privileged", true);
	json_bool(j, "readOnlyRootFilesystem", !(wrong & W_WRITABLE));
	json_bool(j, "runAsNonRoot", !(wrong & W_ROOT));
	if (!(wrong & W_PRIVILEGED))
		print_capabilities(j, wrong);
	if (!(wrong & W_NO_SECCOMP)) {
		json_object(j, "seccompProfile");
		json_text(j, "type", "RuntimeDefault");
		json_end(j);
	}
	json_end(j);
}

static void print_resources(struct json *j, unsigned wrong)
{
	json_object(j, "resources");
	json_object(j, "requests");
	json_text(j, "cpu", "100m");
	json_text(j, "memory", "128Mi");
	json_end(j);
	if (!(wrong & W_NO_LIMITS)) {
		json_object(j, "limits");
		json_text(j, "cpu", "1");
		json_text(j, "memory", "512Mi");
		json_end(j);
	}
	json_end(j);
}

static void print_container(struct json *j, const struct workload *w, const struct image *im)
{
	char manifest[72];

	image_manifest(im, manifest);
	json_object(j, NULL);
	json_text(j, "name", w->name);
	if (w->wrong & W_BY_TAG)
		json_textf(j, "image", REGISTRY "/%s:%s", im->repo, im->tag);
	else
		json_textf(j, "image", REGISTRY "/%s:%s@%s", im->repo, im->tag, manifest);
	json_text(j, "imagePullPolicy", "IfNotPresent");
	json_array(j, "ports");
	json_object(j, NULL);
	json_int(j, "containerPort", 8080);
	if (w->wrong & W_HOST_PORT)
		json_int(j, "hostPort", 9100);
	json_end(j);
	json_end(j);
	print_resources(j, w->wrong);
	print_security(j, w->wrong);
	if (w->wrong & W_HOST_PATH) {
		json_array(j, "volumeMounts");
		json_object(j, NULL);
		json_text(j, "name", "host");
		json_text(j, "mountPath", "/host");
		json_bool(j, "readOnly", true);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static void print_pod_spec(struct json *j, const struct workload *w, const struct image *im,
			   const char *node)
{
	json_object(j, "spec");
	json_text(j, "nodeName", node);
	json_text(j, "serviceAccountName", w->name);
	json_bool(j, "automountServiceAccountToken", w->wrong & W_TOKEN);
	if (w->wrong & W_HOST_NETWORK)
		json_bool(j, "hostNetwork", true);
	json_array(j, "containers");
	print_container(j, w, im);
	json_end(j);
	if (w->wrong & W_HOST_PATH) {
		json_array(j, "volumes");
		json_object(j, NULL);
		json_text(j, "name", "host");
		json_object(j, "hostPath");
		json_text(j, "path", "/");
		json_end(j);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static void print_owner(struct json *j, const char *kind, const char *name)
{
	json_array(j, "ownerReferences");
	json_object(j, NULL);
	json_text(j, "apiVersion", "apps/v1");
	json_text(j, "kind", kind);
	json_text(j, "name", name);
	json_bool(j, "controller", true);
	json_end(j);
	json_end(j);
}

static void print_pod_status(struct json *j, const struct pod *p)
{
	char manifest[72];

	image_manifest(p->image, manifest);
	json_object(j, "status");
	json_text(j, "phase", "Running");
	json_array(j, "containerStatuses");
	json_object(j, NULL);
	json_text(j, "name", p->workload->name);
	json_textf(j, "containerID", "containerd://%s", p->container);
	json_textf(j, "image", REGISTRY "/%s:%s", p->image->repo, p->image->tag);
	json_textf(j, "imageID", REGISTRY "/%s@%s", p->image->repo, manifest);
	json_bool(j, "ready", true);
	json_int(j, "restartCount", 0);
	json_object(j, "state");
	json_object(j, "running");
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void print_pod(void *ctx, const struct pod *p)
{
	struct json           *j = ctx;
	const struct workload *w = p->workload;
	bool                   deployed = str_eq(w->kind, "Deployment");

	begin_item(j, "v1", "Pod");
	print_meta(j, w->namespace, p->name, p->uid, world_at(p->image->deployed, 6, 0));
	json_object(j, "labels");
	json_text(j, "app.kubernetes.io/name", w->name);
	json_text(j, "app.kubernetes.io/part-of", w->namespace);
	if (deployed)
		json_text(j, "pod-template-hash", strrchr(p->owner, '-') + 1);
	json_end(j);
	print_owner(j, deployed ? "ReplicaSet" : w->kind, deployed ? p->owner : w->name);
	json_end(j);
	print_pod_spec(j, w, p->image, p->node);
	print_pod_status(j, p);
	json_end(j);
}

static void print_workload(struct json *j, const struct cluster *c, const struct workload *w,
			   size_t scan)
{
	size_t              n = w->replicas[c - clusters];
	const struct image *im = image_running(w->repo, scan);
	char                uid[37];

	if (n == 0 || im == NULL)
		return;
	world_uuid(uid, "workload %s %s/%s", c->name, w->namespace, w->name);
	begin_item(j, "apps/v1", w->kind);
	print_meta(j, w->namespace, w->name, uid, world_day[0] - 180 * DAY_S);
	print_labels(j, "labels", w);
	json_end(j);
	json_object(j, "spec");
	if (!str_eq(w->kind, "DaemonSet"))
		json_int(j, "replicas", (int64_t)n);
	json_object(j, "selector");
	print_labels(j, "matchLabels", w);
	json_end(j);
	json_object(j, "template");
	json_object(j, "metadata");
	print_labels(j, "labels", w);
	json_end(j);
	print_pod_spec(j, w, im, NULL);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void print_service(struct json *j, const struct cluster *c, const struct workload *w)
{
	char uid[37];

	if (w->service == NULL || w->replicas[c - clusters] == 0)
		return;
	world_uuid(uid, "service %s %s/%s", c->name, w->namespace, w->name);
	begin_item(j, "v1", "Service");
	print_meta(j, w->namespace, w->name, uid, world_day[0] - 180 * DAY_S);
	json_end(j);
	json_object(j, "spec");
	json_text(j, "type", w->service);
	print_labels(j, "selector", w);
	json_array(j, "ports");
	json_object(j, NULL);
	json_int(j, "port", 443);
	json_int(j, "targetPort", 8080);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void print_backend(struct json *j, const struct workload *w)
{
	json_object(j, NULL);
	json_text(j, "path", "/");
	json_text(j, "pathType", "Prefix");
	json_object(j, "backend");
	json_object(j, "service");
	json_text(j, "name", w->name);
	json_object(j, "port");
	json_int(j, "number", 443);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void print_ingress(struct json *j, const struct cluster *c, const struct workload *w)
{
	char uid[37];

	if (w->host == NULL || w->replicas[c - clusters] == 0)
		return;
	world_uuid(uid, "ingress %s %s/%s", c->name, w->namespace, w->name);
	begin_item(j, "networking.k8s.io/v1", "Ingress");
	print_meta(j, w->namespace, w->name, uid, world_day[0] - 180 * DAY_S);
	json_end(j);
	json_object(j, "spec");
	json_array(j, "rules");
	json_object(j, NULL);
	json_textf(j, "host", "%s.%s", c->name, w->host);
	json_object(j, "http");
	json_array(j, "paths");
	print_backend(j, w);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

void out_kubectl(struct out *o, const struct cluster *c, size_t scan)
{
	struct json j = JSON_INIT(o, 4);

	json_object(&j, NULL);
	json_text(&j, "apiVersion", "v1");
	json_array(&j, "items");
	for (size_t i = 0; i < cluster_nodes(c); i++)
		print_node(&j, c, i);
	for (size_t i = 0; i < NAMESPACES; i++)
		print_namespace(&j, c, namespaces[i]);
	world_pods(c, scan, print_pod, &j);
	for (const struct workload *w = workloads; w < workloads + nworkloads; w++) {
		print_workload(&j, c, w, scan);
		print_service(&j, c, w);
		print_ingress(&j, c, w);
	}
	json_end(&j);
	json_text(&j, "kind", "List");
	json_end(&j);
}
