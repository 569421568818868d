/* SPDX-License-Identifier: MIT */
/*
 * cis_pod.c - pods and pod templates under Seaworthy's own checks.
 *
 * Sources: the Kubernetes API's description of PodSpec and of its defaults, the Pod Security
 * Standards, CIS Kubernetes Benchmark section 5.
 */
#include "importers/cis_view.h"
#include "importers/tree.h"

/* ---- the pod as a whole ---- */

static bool host_pid(const struct view *v)
{
	return view_say_unless_true(v, "hostPID");
}

static bool host_ipc(const struct view *v)
{
	return view_say_unless_true(v, "hostIPC");
}

static bool host_network(const struct view *v)
{
	return view_say_unless_true(v, "hostNetwork");
}

/* One verdict a volume that breaks the rule, or one that none does. */
static bool host_paths(const struct view *v)
{
	struct arena *mem = v->p->cis->mem;
	const json_t *volume;
	size_t i, bad = 0;
	json_array_foreach (tree_at(v->p->spec, "volumes"), i, volume) {
		const char *path = tree_text(volume, "hostPath.path");
		if (tree_at(volume, "hostPath") == NULL || cis_host_path(path) != v->rule)
			continue;
		const char *name = tree_text(volume, "name");
		bad++;
		if (!view_say(v, VERDICT_FAIL,
		              arena_printf(mem, "volumes[%s].hostPath", name == NULL ? "" : name),
		              arena_printf(mem, "%s.volumes[%zu].hostPath.path is %s", v->p->root,
		                           i, path == NULL ? "not set" : path)))
			return false;
	}
	return bad > 0
	       || view_say(v, VERDICT_PASS, "volumes",
	                   arena_printf(mem, "%s.volumes has none", v->p->root));
}

static bool sysctls(const struct view *v)
{
	static const char field[] = "securityContext.sysctls";
	struct arena *mem = v->p->cis->mem;
	struct buf names = BUF_INIT;
	const json_t *one;
	size_t i;
	json_array_foreach (tree_at(v->p->spec, field), i, one) {
		const char *name = tree_text(one, "name");
		if (name != NULL && !cis_is_safe_sysctl(name))
			buf_addf(&names, "%s%s", names.len > 0 ? ", " : ": ", name);
	}
	bool bad = names.len > 0;
	const char *message = arena_printf(mem, "%s%s", view_path(v, false, field),
	                                   bad ? names.s : " has none that is unsafe");
	buf_release(&names);
	return view_say(v, bad ? VERDICT_FAIL : VERDICT_PASS, field, message);
}

static const char *token_mount(const struct view *v)
{
	static const char token_path[] = "/var/run/secrets/kubernetes.io/serviceaccount";
	static const char *const lists[] = { "initContainers", "containers" };
	const json_t *c, *mount;
	size_t i, k;
	for (size_t l = 0; l < LENGTH(lists); l++) {
		json_array_foreach (tree_at(v->p->spec, lists[l]), i, c) {
			json_array_foreach (tree_at(c, "volumeMounts"), k, mount) {
				if (str_eq(tree_text(mount, "mountPath"), token_path))
					return arena_printf(v->p->cis->mem,
					                    "%s.%s[%zu].volumeMounts[%zu]",
					                    v->p->root, lists[l], i, k);
			}
		}
	}
	return NULL;
}

/*
 * What neither the template nor, out of sight here, its service account forbids is mounted; a pod
 * shows by its mounts what became of it.
 */
static bool token(const struct view *v)
{
	static const char field[] = "automountServiceAccountToken";
	struct setting s = view_own(v, field);
	const char *mount = token_mount(v);
	if (mount != NULL)
		return view_say(v, VERDICT_FAIL, field,
		                arena_printf(v->p->cis->mem, "%s mounts it", mount));
	if (json_is_false(s.v) || (s.v == NULL && v->p->is_pod))
		return view_say(v, VERDICT_PASS, field,
		                s.v == NULL ? "no container mounts it" : view_state(v, s));
	return view_say(v, VERDICT_FAIL, field, view_state(v, s));
}

static bool pids_limit(const struct view *v)
{
	return view_say(v, VERDICT_SKIP, "pids",
	                "a pod cannot set it: podPidsLimit of the kubelet decides");
}

static bool restart(const struct view *v)
{
	struct setting s = view_own(v, "restartPolicy");
	return view_say(v, VERDICT_PASS, "restartPolicy",
	                arena_printf(v->p->cis->mem,
	                             "%s: the kubelet waits longer each time, up to five "
	                             "minutes",
	                             view_state(v, s)));
}

static bool default_namespace(const struct view *v)
{
	const char *space = v->p->namespace;
	if (space == NULL)
		return view_say(v, VERDICT_SKIP, "metadata.namespace",
		                "metadata.namespace is not set");
	return view_say(v, str_eq(space, "default") ? VERDICT_FAIL : VERDICT_PASS,
	                "metadata.namespace",
	                arena_printf(v->p->cis->mem, "metadata.namespace is %s", space));
}

/* ---- the checks ---- */

static const struct view_check checks[] = {
	{ CIS_HOST_PID, host_pid, NULL },
	{ CIS_HOST_IPC, host_ipc, NULL },
	{ CIS_HOST_NETWORK, host_network, NULL },
	{ CIS_RUNTIME_SOCKET, host_paths, NULL },
	{ CIS_SENSITIVE_PATH, host_paths, NULL },
	{ CIS_HOST_PATH, host_paths, NULL },
	{ CIS_SYSCTLS, sysctls, "securityContext.sysctls" },
	{ CIS_TOKEN, token, NULL },
	{ CIS_PIDS_LIMIT, pids_limit, NULL },
	{ CIS_RESTART, restart, NULL },
	{ CIS_DEFAULT_NAMESPACE, default_namespace, NULL },
};

static bool judge_containers(struct view *v, const char *list)
{
	const json_t *c;
	size_t i;
	v->list = list;
	v->init = str_eq(list, "initContainers");
	v->ephemeral = str_eq(list, "ephemeralContainers");
	json_array_foreach (tree_at(v->p->spec, list), i, c) {
		const char *name = tree_text(c, "name");
		if (name == NULL || tree_text(c, "image") == NULL)
			continue; /* told of as a container that cannot run */
		if (v->p->wanted != NULL && !v->p->wanted(v->p->ctx, name))
			continue;
		v->c = c;
		v->index = i;
		if (!cis_container(v))
			return false;
	}
	return true;
}

bool cis_pod(const struct cis_pod *p, struct err *e)
{
	struct view v = { .p = p, .e = e };
	v.windows = str_eq(tree_text(p->spec, "os.name"), "windows")
	            || str_eq(json_string_value(json_object_get(tree_at(p->spec, "nodeSelector"),
	                                                        "kubernetes.io/os")),
	                      "windows");
	return (p->wanted != NULL || view_run(&v, checks, LENGTH(checks)))
	       && judge_containers(&v, "initContainers") && judge_containers(&v, "containers")
	       && judge_containers(&v, "ephemeralContainers");
}
