/* SPDX-License-Identifier: MIT */
/*
 * cis_oci.c - containers as the OCI runtime was told to run them, under Seaworthy's own checks.
 *
 * Source of the fields: the OCI runtime specification, config.md and config-linux.md.
 */
#include "importers/cis_engine.h"
#include "importers/tree.h"

struct view {
	const struct cis_oci *o;
	enum cis_rule rule;
	struct err *e;
};

static bool say(const struct view *v, enum verdict verdict, const char *field, const char *message)
{
	struct arena *mem = v->o->cis->mem;
	return cis_put(v->o->cis, v->rule, verdict, arena_printf(mem, "%s: %s", v->o->name, field),
	               arena_printf(mem, "%s %s", field, message), v->e);
}

static bool root_user(const struct view *v)
{
	int64_t uid;
	if (!tree_int(v->o->spec, "process.user.uid", &uid))
		uid = 0; /* the specification's default */
	return say(v, uid == 0 ? VERDICT_FAIL : VERDICT_PASS, "process.user.uid",
	           arena_printf(v->o->cis->mem, "is %lld", (long long)uid));
}

static bool say_true(const struct view *v, const char *field)
{
	bool good = tree_true(v->o->spec, field);
	return say(v, good ? VERDICT_PASS : VERDICT_FAIL, field, good ? "is true" : "is not true");
}

static bool read_only_root(const struct view *v)
{
	return say_true(v, "root.readonly");
}

static bool escalation(const struct view *v)
{
	return say_true(v, "process.noNewPrivileges");
}

static bool privileged(const struct view *v)
{
	return say(v, v->o->privileged ? VERDICT_FAIL : VERDICT_PASS, "privileged",
	           v->o->privileged ? "is true" : "is not true");
}

/* ---- capabilities ---- */

static const json_t *bounding(const struct view *v)
{
	return tree_at(v->o->spec, "process.capabilities.bounding");
}

static bool drop_all(const struct view *v)
{
	const char *left = cis_added(v->o->cis->mem, bounding(v));
	return say(v, *left == '\0' ? VERDICT_PASS : VERDICT_FAIL, "process.capabilities.bounding",
	           arena_printf(v->o->cis->mem, "has %s", *left == '\0' ? "none" : left));
}

/* Beyond what containerd and docker give every container. */
static bool added_capabilities(const struct view *v)
{
	static const char *const usual[] = {
		"AUDIT_WRITE", "CHOWN",   "DAC_OVERRIDE",     "FOWNER",     "FSETID",
		"KILL",        "MKNOD",   "NET_BIND_SERVICE", "NET_RAW",    "SETFCAP",
		"SETGID",      "SETPCAP", "SETUID",           "SYS_CHROOT",
	};
	struct arena *mem = v->o->cis->mem;
	struct buf names = BUF_INIT;
	const json_t *one;
	size_t i;
	json_array_foreach (bounding(v), i, one) {
		const char *name = cis_capability(mem, json_string_value(one));
		if (name != NULL && str_index(usual, LENGTH(usual), name) < 0)
			buf_addf(&names, "%s%s", names.len > 0 ? ", " : "has ", name);
	}
	bool bad = names.len > 0;
	const char *message = bad ? arena_dup(mem, names.s) : "has none beyond the usual";
	buf_release(&names);
	return say(v, bad ? VERDICT_FAIL : VERDICT_PASS, "process.capabilities.bounding", message);
}

static bool net_raw(const struct view *v)
{
	bool has = cis_has_capability(v->o->cis->mem, bounding(v), "NET_RAW");
	return say(v, has ? VERDICT_FAIL : VERDICT_PASS, "process.capabilities.bounding",
	           has ? "has NET_RAW" : "lacks NET_RAW");
}

/* ---- namespaces: one that is not made is the host's ---- */

static bool say_namespace(const struct view *v, const char *type)
{
	const json_t *one;
	size_t i;
	bool own = false;
	json_array_foreach (tree_at(v->o->spec, "linux.namespaces"), i, one)
		own = own || str_eq(tree_text(one, "type"), type);
	return say(v, own ? VERDICT_PASS : VERDICT_FAIL,
	           arena_printf(v->o->cis->mem, "linux.namespaces[%s]", type),
	           own ? "is not the host's" : "is the host's");
}

static bool host_pid(const struct view *v)
{
	return say_namespace(v, "pid");
}

static bool host_ipc(const struct view *v)
{
	return say_namespace(v, "ipc");
}

static bool host_network(const struct view *v)
{
	return say_namespace(v, "network");
}

/* ---- resources ---- */

static bool say_amount(const struct view *v, const char *field, enum verdict without)
{
	int64_t n;
	bool set = tree_int(v->o->spec, field, &n) && n > 0;
	return say(v, set ? VERDICT_PASS : without, field,
	           set ? arena_printf(v->o->cis->mem, "is %lld", (long long)n) : "is not set");
}

static bool memory_limit(const struct view *v)
{
	return say_amount(v, "linux.resources.memory.limit", VERDICT_FAIL);
}

static bool cpu_limit(const struct view *v)
{
	return say_amount(v, "linux.resources.cpu.quota", VERDICT_FAIL);
}

/* The kubelet limits the pod as a whole, out of sight here. */
static bool pids_limit(const struct view *v)
{
	return say_amount(v, "linux.resources.pids.limit", VERDICT_SKIP);
}

/* ---- mounts ---- */

/* The kubelet's own: volumes of the pod, its hosts file, what the runtime keeps for its sandbox. */
static bool is_of_pod(const char *from)
{
	static const char *const own[] = {
		"/var/lib/kubelet/pods/",
		"/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/",
		"/run/containerd/io.containerd.grpc.v1.cri/sandboxes/",
		"/run/containers/storage/overlay-containers/",
		"/var/run/containers/storage/overlay-containers/",
		"/var/lib/containers/storage/overlay-containers/",
	};
	for (size_t i = 0; i < LENGTH(own); i++) {
		if (str_prefix(from, own[i]))
			return true;
	}
	return false;
}

static bool mounts(const struct view *v)
{
	struct arena *mem = v->o->cis->mem;
	const json_t *one;
	size_t i, bad = 0;
	json_array_foreach (tree_at(v->o->spec, "mounts"), i, one) {
		const char *from = tree_text(one, "source");
		if (!str_eq(tree_text(one, "type"), "bind") || from == NULL || is_of_pod(from)
		    || cis_host_path(from) != v->rule)
			continue;
		bad++;
		if (!say(v, VERDICT_FAIL, arena_printf(mem, "mounts[%s]", from),
		         arena_printf(mem, "is the host's, number %zu", i)))
			return false;
	}
	return bad > 0 || say(v, VERDICT_PASS, "mounts", "has none");
}

/* ---- confinement ---- */

static bool seccomp(const struct view *v)
{
	bool has = json_is_object(tree_at(v->o->spec, "linux.seccomp"));
	return say(v, has ? VERDICT_PASS : VERDICT_FAIL, "linux.seccomp",
	           has ? "is set" : "is not set");
}

static bool apparmor(const struct view *v)
{
	const char *profile = tree_text(v->o->spec, "process.apparmorProfile");
	bool selinux = tree_text(v->o->spec, "process.selinuxLabel") != NULL;
	if (profile == NULL)
		return say(v, selinux ? VERDICT_SKIP : VERDICT_FAIL, "process.apparmorProfile",
		           selinux ? "is not set: the node has SELinux" : "is not set");
	return say(v, str_eq(profile, "unconfined") ? VERDICT_FAIL : VERDICT_PASS,
	           "process.apparmorProfile", arena_printf(v->o->cis->mem, "is %s", profile));
}

static bool selinux(const struct view *v)
{
	const char *label = tree_text(v->o->spec, "process.selinuxLabel");
	if (label == NULL)
		return say(v, VERDICT_SKIP, "process.selinuxLabel", "is not set: no SELinux here");
	return say(v, strstr(label, ":spc_t") == NULL ? VERDICT_PASS : VERDICT_FAIL,
	           "process.selinuxLabel", arena_printf(v->o->cis->mem, "is %s", label));
}

static bool proc_mount(const struct view *v)
{
	bool masked = json_array_size(tree_at(v->o->spec, "linux.maskedPaths")) > 0;
	return say(v, masked ? VERDICT_PASS : VERDICT_FAIL, "linux.maskedPaths",
	           masked ? "is set" : "is not set");
}

static bool sysctls(const struct view *v)
{
	const char *key, *unsafe = NULL;
	json_t *value;
	json_object_foreach (json_object_get(tree_at(v->o->spec, "linux"), "sysctl"), key, value) {
		if (!cis_is_safe_sysctl(key) && json_is_string(value))
			unsafe = unsafe == NULL ? key : unsafe;
	}
	return say(v, unsafe == NULL ? VERDICT_PASS : VERDICT_FAIL, "linux.sysctl",
	           unsafe == NULL ? "has none that is unsafe"
	                          : arena_printf(v->o->cis->mem, "has %s", unsafe));
}

static const struct {
	enum cis_rule rule;
	bool (*judge)(const struct view *v);
} checks[] = {
	{ CIS_ROOT_USER, root_user },       { CIS_READ_ONLY_ROOT, read_only_root },
	{ CIS_ESCALATION, escalation },     { CIS_PRIVILEGED, privileged },
	{ CIS_DROP_ALL, drop_all },         { CIS_ADDED, added_capabilities },
	{ CIS_NET_RAW, net_raw },           { CIS_HOST_PID, host_pid },
	{ CIS_HOST_IPC, host_ipc },         { CIS_HOST_NETWORK, host_network },
	{ CIS_MEMORY_LIMIT, memory_limit }, { CIS_CPU_LIMIT, cpu_limit },
	{ CIS_PIDS_LIMIT, pids_limit },     { CIS_RUNTIME_SOCKET, mounts },
	{ CIS_SENSITIVE_PATH, mounts },     { CIS_HOST_PATH, mounts },
	{ CIS_SECCOMP, seccomp },           { CIS_APPARMOR, apparmor },
	{ CIS_SELINUX, selinux },           { CIS_PROC_MOUNT, proc_mount },
	{ CIS_SYSCTLS, sysctls },
};

bool cis_oci(const struct cis_oci *o, struct err *e)
{
	struct view v = { .o = o, .e = e };
	for (size_t i = 0; i < LENGTH(checks); i++) {
		v.rule = checks[i].rule;
		if (!checks[i].judge(&v))
			return false;
	}
	return true;
}
