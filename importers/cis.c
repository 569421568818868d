/* SPDX-License-Identifier: MIT */
/* cis.c - Seaworthy's own checks: how they are told, and what several inputs are judged by. */
#include "importers/cis.h"
#include "importers/kube.h"
#include "importers/tree.h"

static const struct cis_text texts[CIS_COUNT] = {
#define RULE(name, id, title, class_id, severity, docker, kubernetes, remedy)                      \
	[CIS_##name] = { id, title, class_id, severity, docker, kubernetes, remedy },
#include "importers/cis.def"
#undef RULE
};

const struct cis_text *cis_text(enum cis_rule rule)
{
	return &texts[rule];
}

/* ---- telling ---- */

bool cis_begin(const struct cis *cis, const struct rec_asset *asset, struct err *e)
{
	struct record scan = { .kind = REC_SCAN,
		               .u.scan = { .source = "seaworthy", .partial = cis->partial } };
	struct record what = { .kind = REC_ASSET, .u.asset = *asset };
	struct record cover = { .kind = REC_COVER,
		                .u.cover = { .kind = FINDING_MISCONFIGURATION } };
	return cis->sink->put(cis->sink, &scan, e) && cis->sink->put(cis->sink, &what, e)
	       && cis->sink->put(cis->sink, &cover, e);
}

/* The controls that ask for it, in words: "CIS Docker 5.5, CIS Kubernetes 5.2.2". */
static const char *controls_of(struct arena *mem, const struct cis_text *t)
{
	if (*t->docker != '\0' && *t->kubernetes != '\0')
		return arena_printf(mem, "CIS Docker %s, CIS Kubernetes %s", t->docker,
		                    t->kubernetes);
	if (*t->docker != '\0')
		return arena_printf(mem, "CIS Docker %s", t->docker);
	return *t->kubernetes == '\0' ? NULL
	                              : arena_printf(mem, "CIS Kubernetes %s", t->kubernetes);
}

bool cis_put(const struct cis *cis, enum cis_rule rule, enum verdict verdict, const char *place,
             const char *message, struct err *e)
{
	const struct cis_text *t = &texts[rule];
	struct record rec = { .kind = REC_CHECK,
		              .u.check = {
				      .kind = FINDING_MISCONFIGURATION,
				      .rule = { .id = t->id,
		                                .title = t->title,
		                                .text = controls_of(cis->mem, t),
		                                .remediation = t->remedy,
		                                .severity = t->severity },
				      .verdict = verdict,
				      .place = place,
				      .message = message,
			      } };
	return cis->sink->put(cis->sink, &rec, e);
}

/* ---- capabilities ---- */

const char *cis_capability(struct arena *mem, const char *name)
{
	char *upper = arena_dup(mem, name);
	for (char *c = upper; c != NULL && *c != '\0'; c++) {
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	}
	return upper != NULL && str_prefix(upper, "CAP_") ? upper + strlen("CAP_") : upper;
}

const char *cis_added(struct arena *mem, const json_t *list)
{
	struct buf names = BUF_INIT;
	const json_t *v;
	size_t i;
	json_array_foreach (list, i, v) {
		const char *name = cis_capability(mem, json_string_value(v));
		if (name != NULL && !str_eq(name, "NET_BIND_SERVICE"))
			buf_addf(&names, "%s%s", names.len > 0 ? ", " : "", name);
	}
	const char *all = arena_dup(mem, names.s);
	buf_release(&names);
	return all;
}

bool cis_has_capability(struct arena *mem, const json_t *list, const char *name)
{
	const json_t *v;
	size_t i;
	json_array_foreach (list, i, v) {
		const char *one = cis_capability(mem, json_string_value(v));
		if (str_eq(one, name) || str_eq(one, "ALL"))
			return true;
	}
	return false;
}

/* ---- sysctls, mounts, images, users ---- */

bool cis_is_safe_sysctl(const char *name)
{
	static const char *const safe[] = {
		"kernel.shm_rmid_forced",           "net.ipv4.ip_local_port_range",
		"net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start",
		"net.ipv4.ping_group_range",        "net.ipv4.tcp_fin_timeout",
		"net.ipv4.tcp_keepalive_intvl",     "net.ipv4.tcp_keepalive_probes",
		"net.ipv4.tcp_keepalive_time",      "net.ipv4.tcp_rmem",
		"net.ipv4.tcp_syncookies",          "net.ipv4.tcp_wmem",
	};
	return str_index(safe, LENGTH(safe), name) >= 0;
}

/* Is `path` this folder or something in it? A folder that ends in '/' is the root itself. */
static bool lies_in(const char *path, const char *folder)
{
	size_t n = strlen(folder);
	return str_prefix(path, folder) && (path[n] == '\0' || path[n] == '/');
}

/* "/etc" for "//etc/./": as the kernel would find it, but for ".." and links. */
static void plain_path(const char *path, struct buf *out)
{
	while (*path != '\0') {
		size_t n;
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n > 0 && !(n == 1 && *path == '.')) {
			buf_addc(out, '/');
			buf_add(out, path, n);
		}
		path += n;
	}
	if (out->len == 0)
		buf_addc(out, '/');
}

/* Folders in which secrets, programs or the kernel's own files lie; /run holds every socket. */
static bool is_sensitive(const char *path)
{
	static const char *const folders[] = {
		"/boot",
		"/dev",
		"/etc",
		"/home",
		"/lib",
		"/lib64",
		"/opt",
		"/proc",
		"/root",
		"/run",
		"/sbin",
		"/bin",
		"/sys",
		"/usr",
		"/var/run",
		"/var/lib/docker",
		"/var/lib/containerd",
		"/var/lib/containers",
		"/var/lib/kubelet",
		"/var/lib/etcd",
		"/var/lib/crio",
	};
	if (str_eq(path, "/") || str_eq(path, "/var") || str_eq(path, "/var/lib"))
		return true;
	for (size_t i = 0; i < LENGTH(folders); i++) {
		if (lies_in(path, folders[i]))
			return true;
	}
	return false;
}

static bool is_runtime_socket(const char *path)
{
	static const char *const sockets[] = {
		"docker.sock",      "containerd.sock", "crio.sock",      "podman.sock",
		"cri-dockerd.sock", "dockershim.sock", "buildkitd.sock",
	};
	static const char *const folders[] = {
		"/run/containerd", "/var/run/containerd", "/run/crio",           "/var/run/crio",
		"/run/podman",     "/var/run/podman",     "/run/k3s/containerd",
	};
	const char *name = strrchr(path, '/');
	if (str_index(sockets, LENGTH(sockets), name == NULL ? path : name + 1) >= 0)
		return true;
	return str_index(folders, LENGTH(folders), path) >= 0;
}

enum cis_rule cis_host_path(const char *path)
{
	struct buf plain = BUF_INIT;
	enum cis_rule rule = CIS_HOST_PATH;
	plain_path(path == NULL ? "" : path, &plain);
	if (is_runtime_socket(plain.s))
		rule = CIS_RUNTIME_SOCKET;
	else if (is_sensitive(plain.s) || strstr(plain.s, "/..") != NULL)
		rule = CIS_SENSITIVE_PATH;
	buf_release(&plain);
	return rule;
}

const char *cis_tag(struct arena *mem, const char *reference)
{
	if (reference == NULL || kube_manifest_digest(reference) != NULL
	    || kube_config_digest(mem, reference) != NULL)
		return NULL;
	const char *slash = strrchr(reference, '/');
	const char *colon = strchr(slash == NULL ? reference : slash, ':');
	return colon == NULL || colon[1] == '\0' ? "latest" : colon + 1;
}

bool cis_is_root(const char *user)
{
	size_t n = user == NULL ? 0 : strcspn(user, ":");
	if (str_ieq(user, "ContainerAdministrator"))
		return true; /* of Windows */
	return n == 0 || strspn(user, "0") == n || (n == 4 && str_prefix(user, "root"));
}
