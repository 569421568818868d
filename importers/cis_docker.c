/* SPDX-License-Identifier: MIT */
/* cis_docker.c - containers and images of docker and podman under Seaworthy's own checks. */
#include "importers/cis_engine.h"
#include "importers/tree.h"

enum { FIRST_FREE_PORT = 1024, RESTARTS = 5 };

struct view {
	const struct cis_docker *d;
	enum cis_rule rule;
	struct err *e;
};

/* ---- telling ---- */

static bool say(const struct view *v, enum verdict verdict, const char *field, const char *message)
{
	const char *place = arena_printf(v->d->cis->mem, "%s: %s", v->d->name, field);
	return cis_put(v->d->cis, v->rule, verdict, place, message, v->e);
}

/* "HostConfig.PidMode is host"; empty is not set. */
static bool say_text(const struct view *v, bool good, const char *field, const char *value)
{
	struct arena *mem = v->d->cis->mem;
	return say(v, good ? VERDICT_PASS : VERDICT_FAIL, field,
	           str_empty(value) ? arena_printf(mem, "%s is not set", field)
	                            : arena_printf(mem, "%s is %s", field, value));
}

static const char *host_text(const struct view *v, const char *field)
{
	return tree_text(v->d->host, field);
}

static bool is_privileged(const struct view *v)
{
	return tree_true(v->d->host, "Privileged");
}

static bool say_privileged(const struct view *v, const char *field)
{
	return say(v, VERDICT_FAIL, field, "HostConfig.Privileged is true, which outranks it");
}

/* What stands behind `name` in HostConfig.SecurityOpt: "seccomp=unconfined", "label:disable". */
static const char *security_option(const struct view *v, const char *name)
{
	const json_t *one;
	size_t i, n = strlen(name);
	json_array_foreach (tree_at(v->d->host, "SecurityOpt"), i, one) {
		const char *s = json_string_value(one);
		if (s == NULL || !str_prefix(s, name))
			continue;
		if (s[n] == '\0')
			return "true";
		if (s[n] == '=' || s[n] == ':')
			return s + n + 1;
	}
	return NULL;
}

/* ---- who ---- */

static bool root_user(const struct view *v)
{
	return say_text(v, !cis_is_root(v->d->user), "Config.User", v->d->user);
}

static bool user_namespace(const struct view *v)
{
	const char *mode = host_text(v, "UsernsMode");
	return say_text(v, !str_eq(mode, "host"), "HostConfig.UsernsMode", mode);
}

/* ---- privileges ---- */

static bool privileged(const struct view *v)
{
	return say_text(v, !is_privileged(v), "HostConfig.Privileged",
	                is_privileged(v) ? "true" : "false");
}

static bool read_only_root(const struct view *v)
{
	bool good = tree_true(v->d->host, "ReadonlyRootfs");
	return say_text(v, good, "HostConfig.ReadonlyRootfs", good ? "true" : "false");
}

/* podman spells out what was dropped, and tells what is left. */
static bool drop_all(const struct view *v)
{
	struct arena *mem = v->d->cis->mem;
	const json_t *drop = tree_at(v->d->host, "CapDrop");
	if (is_privileged(v))
		return say_privileged(v, "HostConfig.CapDrop");
	if (json_is_array(v->d->bounding)) {
		const char *left = cis_added(mem, v->d->bounding);
		return say(v, *left == '\0' ? VERDICT_PASS : VERDICT_FAIL, "HostConfig.CapDrop",
		           arena_printf(mem, "BoundingCaps has %s", *left == '\0' ? "none" : left));
	}
	return cis_has_capability(mem, drop, "ALL")
	               ? say(v, VERDICT_PASS, "HostConfig.CapDrop", "HostConfig.CapDrop holds ALL")
	               : say(v, VERDICT_FAIL, "HostConfig.CapDrop", "HostConfig.CapDrop lacks ALL");
}

static bool added_capabilities(const struct view *v)
{
	struct arena *mem = v->d->cis->mem;
	const char *names = cis_added(mem, tree_at(v->d->host, "CapAdd"));
	if (is_privileged(v))
		return say_privileged(v, "HostConfig.CapAdd");
	return say(v, *names == '\0' ? VERDICT_PASS : VERDICT_FAIL, "HostConfig.CapAdd",
	           arena_printf(mem, "HostConfig.CapAdd: %s", *names == '\0' ? "none" : names));
}

static bool net_raw(const struct view *v)
{
	static const char place[] = "HostConfig.CapDrop";
	struct arena *mem = v->d->cis->mem;
	if (is_privileged(v))
		return say_privileged(v, place);
	if (json_is_array(v->d->bounding)) {
		bool has = cis_has_capability(mem, v->d->bounding, "NET_RAW");
		return say(v, has ? VERDICT_FAIL : VERDICT_PASS, place,
		           has ? "BoundingCaps has NET_RAW" : "BoundingCaps lacks NET_RAW");
	}
	if (cis_has_capability(mem, tree_at(v->d->host, "CapAdd"), "NET_RAW"))
		return say(v, VERDICT_FAIL, place, "HostConfig.CapAdd has it");
	if (cis_has_capability(mem, tree_at(v->d->host, "CapDrop"), "NET_RAW"))
		return say(v, VERDICT_PASS, place, "HostConfig.CapDrop has it");
	return say(v, VERDICT_FAIL, place, "HostConfig.CapDrop has neither NET_RAW nor ALL");
}

static bool escalation(const struct view *v)
{
	const char *set = security_option(v, "no-new-privileges");
	if (is_privileged(v))
		return say_privileged(v, "HostConfig.SecurityOpt");
	return str_eq(set, "true") ? say(v, VERDICT_PASS, "HostConfig.SecurityOpt",
	                                 "HostConfig.SecurityOpt has no-new-privileges")
	                           : say(v, VERDICT_FAIL, "HostConfig.SecurityOpt",
	                                 "HostConfig.SecurityOpt lacks no-new-privileges");
}

/* ---- resources ---- */

/* The first of the fields that limits; else the first one, unset. */
static bool say_amount(const struct view *v, const char *const *field, size_t n)
{
	struct arena *mem = v->d->cis->mem;
	const char *place = arena_printf(mem, "HostConfig.%s", field[0]);
	int64_t amount;
	for (size_t i = 0; i < n; i++) {
		if (tree_int(v->d->host, field[i], &amount) && amount > 0)
			return say(v, VERDICT_PASS, place,
			           arena_printf(mem, "HostConfig.%s is %lld", field[i],
			                        (long long)amount));
	}
	return say(v, VERDICT_FAIL, place, arena_printf(mem, "%s is not set", place));
}

static bool memory_limit(const struct view *v)
{
	static const char *const field[] = { "Memory" };
	return say_amount(v, field, LENGTH(field));
}

static bool cpu_limit(const struct view *v)
{
	static const char *const field[] = { "NanoCpus", "CpuQuota", "CpuShares", "CPUShares" };
	return say_amount(v, field, LENGTH(field));
}

static bool pids_limit(const struct view *v)
{
	static const char *const field[] = { "PidsLimit" };
	return say_amount(v, field, LENGTH(field));
}

static bool ulimits(const struct view *v)
{
	size_t n = json_array_size(tree_at(v->d->host, "Ulimits"));
	return say(v, n == 0 ? VERDICT_PASS : VERDICT_INFO, "HostConfig.Ulimits",
	           arena_printf(v->d->cis->mem, "HostConfig.Ulimits sets %zu", n));
}

static bool cgroup_parent(const struct view *v)
{
	const char *parent = host_text(v, "CgroupParent");
	bool usual = parent == NULL || str_eq(parent, "docker") || str_eq(parent, "/docker")
	             || str_eq(parent, "system.slice") || str_eq(parent, "user.slice")
	             || str_eq(parent, "machine.slice") || str_eq(parent, "/libpod_parent");
	return say_text(v, usual, "HostConfig.CgroupParent", parent);
}

static bool restart(const struct view *v)
{
	static const char place[] = "HostConfig.RestartPolicy";
	const char *name = host_text(v, "RestartPolicy.Name");
	int64_t most = 0;
	bool counted = tree_int(v->d->host, "RestartPolicy.MaximumRetryCount", &most);
	if (!str_eq(name, "on-failure"))
		return say_text(v, name == NULL || str_eq(name, "no"), place, name);
	return say(v, counted && most > 0 && most <= RESTARTS ? VERDICT_PASS : VERDICT_FAIL, place,
	           arena_printf(v->d->cis->mem, "%s is on-failure:%lld", place, (long long)most));
}

/* ---- namespaces ---- */

static bool say_mode(const struct view *v, const char *field)
{
	const char *mode = host_text(v, field);
	return say_text(v, !str_eq(mode, "host"),
	                arena_printf(v->d->cis->mem, "HostConfig.%s", field), mode);
}

static bool host_pid(const struct view *v)
{
	return say_mode(v, "PidMode");
}

static bool host_ipc(const struct view *v)
{
	return say_mode(v, "IpcMode");
}

static bool host_uts(const struct view *v)
{
	return say_mode(v, "UTSMode");
}

static bool host_network(const struct view *v)
{
	return say_mode(v, "NetworkMode");
}

static bool default_bridge(const struct view *v)
{
	const char *mode = host_text(v, "NetworkMode");
	bool shared = mode == NULL || str_eq(mode, "default") || str_eq(mode, "bridge");
	return say_text(v, !shared, "HostConfig.NetworkMode", mode);
}

/* ---- mounts, devices, ports ---- */

static bool mounts(const struct view *v)
{
	struct arena *mem = v->d->cis->mem;
	const json_t *one;
	size_t i, bad = 0;
	if (v->d->mounts == NULL)
		return say(v, VERDICT_SKIP, "Mounts", "Mounts is not shown");
	json_array_foreach (v->d->mounts, i, one) {
		const char *from = tree_text(one, "Source"), *type = tree_text(one, "Type");
		if (from == NULL || (type != NULL && !str_eq(type, "bind"))
		    || (type == NULL && tree_text(one, "Driver") != NULL)
		    || cis_host_path(from) != v->rule)
			continue;
		bad++;
		if (!say(v, VERDICT_FAIL, arena_printf(mem, "Mounts[%s]", from),
		         v->d->volumes
		                 ? arena_printf(mem, "Volumes[%s] is %s",
		                                tree_text(one, "Destination"), from)
		                 : arena_printf(mem, "Mounts[%zu].Source is %s", i, from)))
			return false;
	}
	return bad > 0 || say(v, VERDICT_PASS, "Mounts", "Mounts has none");
}

static bool propagation(const struct view *v)
{
	struct arena *mem = v->d->cis->mem;
	const json_t *one;
	size_t i;
	if (v->d->mounts == NULL)
		return say(v, VERDICT_SKIP, "Mounts", "Mounts is not shown");
	json_array_foreach (v->d->mounts, i, one) {
		const char *mode = tree_text(one, "Propagation");
		if (str_eq(mode, "shared") || str_eq(mode, "rshared"))
			return say(v, VERDICT_FAIL, "Mounts",
			           arena_printf(mem, "Mounts[%zu].Propagation is %s", i, mode));
	}
	return say(v, VERDICT_PASS, "Mounts", "Mounts has none that is shared");
}

static bool devices(const struct view *v)
{
	const json_t *list = tree_at(v->d->host, "Devices");
	const char *first = tree_text(json_array_get(list, 0), "PathOnHost");
	size_t n = json_array_size(list);
	return say(v, n == 0 ? VERDICT_PASS : VERDICT_FAIL, "HostConfig.Devices",
	           n == 0 ? "HostConfig.Devices has none"
	                  : arena_printf(v->d->cis->mem, "HostConfig.Devices has %zu: %s%s", n,
	                                 first == NULL ? "?" : first, n > 1 ? ", ..." : ""));
}

/* The first published port that is `bad`, as "443/tcp is published on 0.0.0.0:443". */
static const char *find_port(const struct view *v, bool (*bad)(const json_t *binding))
{
	const char *key;
	json_t *list;
	const json_t *binding;
	size_t i;
	json_object_foreach (json_object_get(v->d->host, "PortBindings"), key, list) {
		json_array_foreach (list, i, binding) {
			const char *ip = tree_text(binding, "HostIp");
			const char *port = tree_text(binding, "HostPort");
			if (bad(binding))
				return arena_printf(v->d->cis->mem, "%s is published on %s:%s", key,
				                    ip == NULL ? "" : ip, port == NULL ? "" : port);
		}
	}
	return NULL;
}

static bool is_low(const json_t *binding)
{
	int64_t port;
	return tree_int(binding, "HostPort", &port) && port > 0 && port < FIRST_FREE_PORT;
}

static bool is_anywhere(const json_t *binding)
{
	const char *ip = tree_text(binding, "HostIp");
	return ip == NULL || str_eq(ip, "0.0.0.0") || str_eq(ip, "::");
}

static bool say_port(const struct view *v, const char *found)
{
	return say(v, found == NULL ? VERDICT_PASS : VERDICT_FAIL, "HostConfig.PortBindings",
	           found == NULL ? "HostConfig.PortBindings has none" : found);
}

static bool privileged_port(const struct view *v)
{
	return say_port(v, find_port(v, is_low));
}

static bool port_address(const struct view *v)
{
	return say_port(v, find_port(v, is_anywhere));
}

/* ---- confinement ---- */

static bool seccomp(const struct view *v)
{
	const char *profile = security_option(v, "seccomp");
	if (is_privileged(v))
		return say_privileged(v, "HostConfig.SecurityOpt");
	return say(v, str_eq(profile, "unconfined") ? VERDICT_FAIL : VERDICT_PASS,
	           "HostConfig.SecurityOpt",
	           profile == NULL                 ? "the engine's default filter"
	           : str_eq(profile, "unconfined") ? "seccomp is unconfined"
	                                           : "a filter of its own");
}

/* One of the two confines a container, whichever the host has; a label says that SELinux does. */
static bool apparmor(const struct view *v)
{
	const char *profile = v->d->apparmor;
	if (is_privileged(v))
		return say_privileged(v, "AppArmorProfile");
	if (profile == NULL && v->d->label != NULL)
		return say(v, VERDICT_SKIP, "AppArmorProfile", "the host has SELinux");
	return say_text(v, profile != NULL && !str_eq(profile, "unconfined"), "AppArmorProfile",
	                profile);
}

static bool selinux(const struct view *v)
{
	const char *option = security_option(v, "label");
	if (str_eq(option, "disable") || str_eq(option, "type:spc_t"))
		return say(v, VERDICT_FAIL, "ProcessLabel",
		           arena_printf(v->d->cis->mem, "HostConfig.SecurityOpt has label:%s",
		                        option));
	if (v->d->label == NULL)
		return say(v, VERDICT_SKIP, "ProcessLabel",
		           "ProcessLabel is not set: no SELinux here");
	return say_text(v, strstr(v->d->label, ":spc_t") == NULL, "ProcessLabel", v->d->label);
}

static bool proc_mount(const struct view *v)
{
	static const char place[] = "HostConfig.MaskedPaths";
	const json_t *masked = tree_at(v->d->host, "MaskedPaths");
	bool bare = str_eq(security_option(v, "systempaths"), "unconfined")
	            || (json_is_array(masked) && json_array_size(masked) == 0);
	if (is_privileged(v))
		return say_privileged(v, place);
	return say(v, bare ? VERDICT_FAIL : VERDICT_PASS, place,
	           bare ? "no path is masked" : "the usual paths are masked");
}

static bool sysctls(const struct view *v)
{
	const char *key, *unsafe = NULL;
	json_t *value;
	json_object_foreach (json_object_get(v->d->host, "Sysctls"), key, value) {
		if (!cis_is_safe_sysctl(key) && json_is_string(value))
			unsafe = unsafe == NULL ? key : unsafe;
	}
	return say(v, unsafe == NULL ? VERDICT_PASS : VERDICT_FAIL, "HostConfig.Sysctls",
	           unsafe == NULL
	                   ? "HostConfig.Sysctls has none that is unsafe"
	                   : arena_printf(v->d->cis->mem, "HostConfig.Sysctls has %s", unsafe));
}

/* ---- images, health ---- */

static bool latest_tag(const struct view *v)
{
	const char *tag = cis_tag(v->d->cis->mem, v->d->image);
	return say_text(v, !str_eq(tag, "latest"), "Config.Image", v->d->image);
}

static bool image_digest(const struct view *v)
{
	const char *tag = cis_tag(v->d->cis->mem, v->d->image);
	return say_text(v, tag == NULL && v->d->image != NULL, "Config.Image", v->d->image);
}

static bool has_health(const json_t *health)
{
	const json_t *test = tree_at(health, "Test");
	return json_array_size(test) > 0 && !tree_holds(test, "NONE");
}

static bool health(const struct view *v)
{
	bool has = has_health(v->d->health);
	return say_text(v, has, "Config.Healthcheck", has ? "set" : NULL);
}

/* ---- the checks ---- */

static const struct {
	enum cis_rule rule;
	bool (*judge)(const struct view *v);
} checks[] = {
	{ CIS_ROOT_USER, root_user },
	{ CIS_USER_NAMESPACE, user_namespace },
	{ CIS_PRIVILEGED, privileged },
	{ CIS_READ_ONLY_ROOT, read_only_root },
	{ CIS_DROP_ALL, drop_all },
	{ CIS_ADDED, added_capabilities },
	{ CIS_NET_RAW, net_raw },
	{ CIS_ESCALATION, escalation },
	{ CIS_MEMORY_LIMIT, memory_limit },
	{ CIS_CPU_LIMIT, cpu_limit },
	{ CIS_PIDS_LIMIT, pids_limit },
	{ CIS_ULIMITS, ulimits },
	{ CIS_CGROUP_PARENT, cgroup_parent },
	{ CIS_RESTART, restart },
	{ CIS_HOST_PID, host_pid },
	{ CIS_HOST_IPC, host_ipc },
	{ CIS_HOST_UTS, host_uts },
	{ CIS_HOST_NETWORK, host_network },
	{ CIS_DEFAULT_BRIDGE, default_bridge },
	{ CIS_RUNTIME_SOCKET, mounts },
	{ CIS_SENSITIVE_PATH, mounts },
	{ CIS_PROPAGATION, propagation },
	{ CIS_DEVICES, devices },
	{ CIS_PRIVILEGED_PORT, privileged_port },
	{ CIS_PORT_ADDRESS, port_address },
	{ CIS_SECCOMP, seccomp },
	{ CIS_APPARMOR, apparmor },
	{ CIS_SELINUX, selinux },
	{ CIS_PROC_MOUNT, proc_mount },
	{ CIS_SYSCTLS, sysctls },
	{ CIS_LATEST, latest_tag },
	{ CIS_DIGEST, image_digest },
	{ CIS_HEALTH, health },
};

bool cis_docker(const struct cis_docker *d, struct err *e)
{
	struct view v = { .d = d, .e = e };
	for (size_t i = 0; i < LENGTH(checks); i++) {
		v.rule = checks[i].rule;
		if (!checks[i].judge(&v))
			return false;
	}
	return true;
}

bool cis_image_user(const struct cis *cis, const char *user, struct err *e)
{
	return cis_put(cis, CIS_IMAGE_USER, cis_is_root(user) ? VERDICT_FAIL : VERDICT_PASS,
	               "Config.User",
	               str_empty(user) ? "Config.User is not set"
	                               : arena_printf(cis->mem, "Config.User is %s", user),
	               e);
}

bool cis_image(const struct cis *cis, const char *user, const json_t *health_check, struct err *e)
{
	bool probed = has_health(health_check);
	return cis_image_user(cis, user, e)
	       && cis_put(cis, CIS_IMAGE_HEALTH, probed ? VERDICT_PASS : VERDICT_FAIL,
	                  "Config.Healthcheck",
	                  probed ? "Config.Healthcheck is set" : "Config.Healthcheck is not set",
	                  e);
}
