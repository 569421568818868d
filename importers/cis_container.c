/* SPDX-License-Identifier: MIT */
/*
 * cis_container.c - a container of a pod or pod template under Seaworthy's own checks.
 *
 * Sources: the Kubernetes API's description of Container and of its defaults, the Pod Security
 * Standards, CIS Kubernetes Benchmark section 5.
 */
#include "importers/cis_view.h"
#include "importers/tree.h"

static bool is_privileged(const struct view *v)
{
	return tree_true(v->c, "securityContext.privileged");
}

static const json_t *added(const struct view *v)
{
	return tree_at(v->c, "securityContext.capabilities.add");
}

static const char *because_privileged(const struct view *v)
{
	return arena_printf(v->p->cis->mem, "%s is true, which outranks it",
	                    view_path(v, true, "securityContext.privileged"));
}

/* ---- users ---- */

static bool windows_user(const struct view *v)
{
	struct setting s = view_inherited(v, "securityContext.windowsOptions.runAsUserName");
	bool good = str_ieq(json_string_value(s.v), "ContainerUser");
	return view_say(v, good ? VERDICT_PASS : VERDICT_FAIL, "securityContext.runAsNonRoot",
	                view_state(v, s));
}

static bool root_user(const struct view *v)
{
	static const char field[] = "securityContext.runAsNonRoot";
	struct setting user = view_inherited(v, "securityContext.runAsUser"),
		       non = view_inherited(v, field);
	int64_t uid;
	bool has_user = tree_int(user.v, "", &uid);
	if (has_user && uid == 0)
		return view_say(v, VERDICT_FAIL, field, view_state(v, user));
	if (json_is_true(non.v))
		return view_say(v, VERDICT_PASS, field, view_state(v, non));
	if (has_user)
		return view_say(v, VERDICT_PASS, field, view_state(v, user));
	if (v->windows)
		return windows_user(v);
	return view_say(v, VERDICT_FAIL, field,
	                arena_printf(v->p->cis->mem, "%s, and no user is: the image decides",
	                             view_state(v, non)));
}

static bool read_only_root(const struct view *v)
{
	static const char field[] = "securityContext.readOnlyRootFilesystem";
	struct setting s = view_own(v, field);
	return view_say(v, json_is_true(s.v) ? VERDICT_PASS : VERDICT_FAIL, field,
	                view_state(v, s));
}

/* ---- privileges ---- */

static bool drop_all(const struct view *v)
{
	static const char field[] = "securityContext.capabilities.drop";
	struct setting s = view_own(v, field);
	if (is_privileged(v))
		return view_say(v, VERDICT_FAIL, field, because_privileged(v));
	if (tree_holds(s.v, "ALL"))
		return view_say(v, VERDICT_PASS, field,
		                arena_printf(v->p->cis->mem, "%s holds ALL", s.path));
	return view_say(v, VERDICT_FAIL, field,
	                s.v == NULL ? view_state(v, s)
	                            : arena_printf(v->p->cis->mem, "%s lacks ALL", s.path));
}

static bool added_capabilities(const struct view *v)
{
	static const char field[] = "securityContext.capabilities.add";
	struct setting s = view_own(v, field);
	const char *names = cis_added(v->p->cis->mem, s.v);
	if (is_privileged(v))
		return view_say(v, VERDICT_FAIL, field, because_privileged(v));
	if (*names == '\0')
		return view_say(v, VERDICT_PASS, field,
		                arena_printf(v->p->cis->mem, "%s adds none", s.path));
	return view_say(v, VERDICT_FAIL, field,
	                arena_printf(v->p->cis->mem, "%s: %s", s.path, names));
}

static bool net_raw(const struct view *v)
{
	static const char field[] = "securityContext.capabilities";
	struct arena *mem = v->p->cis->mem;
	struct setting drop = view_own(v, "securityContext.capabilities.drop");
	if (is_privileged(v))
		return view_say(v, VERDICT_FAIL, field, because_privileged(v));
	if (cis_has_capability(mem, added(v), "NET_RAW"))
		return view_say(v, VERDICT_FAIL, field,
		                arena_printf(mem, "%s adds it", view_path(v, true, field)));
	if (cis_has_capability(mem, drop.v, "NET_RAW"))
		return view_say(v, VERDICT_PASS, field, arena_printf(mem, "%s has it", drop.path));
	return view_say(v, VERDICT_FAIL, field,
	                arena_printf(mem, "%s has neither NET_RAW nor ALL", drop.path));
}

static bool privileged(const struct view *v)
{
	return view_say_unless_true(v, "securityContext.privileged");
}

/* The kernel's flag is never set for a privileged container or one with CAP_SYS_ADMIN. */
static bool escalation(const struct view *v)
{
	static const char field[] = "securityContext.allowPrivilegeEscalation";
	struct setting s = view_own(v, field);
	if (is_privileged(v))
		return view_say(v, VERDICT_FAIL, field, because_privileged(v));
	if (cis_has_capability(v->p->cis->mem, added(v), "SYS_ADMIN"))
		return view_say(
			v, VERDICT_FAIL, field,
			arena_printf(v->p->cis->mem, "%s has SYS_ADMIN, which outranks it",
		                     view_path(v, true, "securityContext.capabilities.add")));
	return view_say(v, json_is_false(s.v) ? VERDICT_PASS : VERDICT_FAIL, field,
	                view_state(v, s));
}

static bool host_process(const struct view *v)
{
	static const char field[] = "securityContext.windowsOptions.hostProcess";
	struct setting s = view_inherited(v, field);
	return view_say(v, json_is_true(s.v) ? VERDICT_FAIL : VERDICT_PASS, field,
	                view_state(v, s));
}

static bool proc_mount(const struct view *v)
{
	static const char field[] = "securityContext.procMount";
	struct setting s = view_own(v, field);
	bool bare = str_eq(json_string_value(s.v), "Unmasked");
	return view_say(v, bare ? VERDICT_FAIL : VERDICT_PASS, field, view_state(v, s));
}

/* ---- resources ---- */

/* "0" and 0 are no limit. */
static bool is_amount(const json_t *v)
{
	const char *s = json_string_value(v);
	if (s != NULL)
		return strcspn(s, "123456789") < strlen(s);
	return json_is_number(v) && json_number_value(v) > 0;
}

/* The container's own, else what the pod has for all of them (resources of pods, 1.32). */
static bool say_amount(const struct view *v, const char *field, const char *instead)
{
	struct setting s = view_inherited(v, field);
	if (v->ephemeral)
		return view_say(v, VERDICT_SKIP, field,
		                "an ephemeral container cannot set resources");
	if (!is_amount(s.v) && instead != NULL)
		s = is_amount(view_inherited(v, instead).v) ? view_inherited(v, instead) : s;
	return view_say(v, is_amount(s.v) ? VERDICT_PASS : VERDICT_FAIL, field, view_state(v, s));
}

static bool cpu_limit(const struct view *v)
{
	return say_amount(v, "resources.limits.cpu", NULL);
}

static bool memory_limit(const struct view *v)
{
	return say_amount(v, "resources.limits.memory", NULL);
}

/* A limit without a request is one. */
static bool cpu_request(const struct view *v)
{
	return say_amount(v, "resources.requests.cpu", "resources.limits.cpu");
}

static bool memory_request(const struct view *v)
{
	return say_amount(v, "resources.requests.memory", "resources.limits.memory");
}

/* ---- confinement ---- */

/* A profile: the field, else the annotation of clusters before it; NULL: neither. */
static const char *profile(const struct view *v, struct setting *s, const char *annotation)
{
	const char *type = json_string_value(s->v);
	if (type != NULL || v->p->annotation == NULL)
		return type;
	type = v->p->annotation(v->p->ctx, annotation);
	if (str_empty(type))
		return NULL;
	s->v = NULL;
	s->path = arena_printf(v->p->cis->mem, "annotation %s is %s", annotation, type);
	return type;
}

static bool is_confined(const char *type)
{
	return str_eq(type, "RuntimeDefault") || str_eq(type, "Localhost")
	       || str_prefix(type, "runtime/default") || str_prefix(type, "docker/default")
	       || str_prefix(type, "localhost/");
}

static bool seccomp(const struct view *v)
{
	static const char field[] = "securityContext.seccompProfile.type";
	struct arena *mem = v->p->cis->mem;
	struct setting s = view_inherited(v, field);
	const char *type = profile(v, &s,
	                           arena_printf(mem,
	                                        "container.seccomp.security.alpha."
	                                        "kubernetes.io/%s",
	                                        tree_text(v->c, "name")));
	if (type == NULL)
		type = profile(v, &s, "seccomp.security.alpha.kubernetes.io/pod");
	if (is_privileged(v))
		return view_say(v, VERDICT_FAIL, field, because_privileged(v));
	return view_say(v, type != NULL && is_confined(type) ? VERDICT_PASS : VERDICT_FAIL, field,
	                type != NULL && s.v == NULL ? s.path : view_state(v, s));
}

/* Without a profile the engine's default holds, where the node has AppArmor at all. */
static bool apparmor(const struct view *v)
{
	static const char field[] = "securityContext.appArmorProfile.type";
	struct setting s = view_inherited(v, field);
	const char *type = profile(v, &s,
	                           arena_printf(v->p->cis->mem,
	                                        "container.apparmor.security.beta."
	                                        "kubernetes.io/%s",
	                                        tree_text(v->c, "name")));
	if (is_privileged(v))
		return view_say(v, VERDICT_FAIL, field, because_privileged(v));
	if (type == NULL)
		return view_say(
			v, VERDICT_SKIP, field,
			arena_printf(v->p->cis->mem, "%s: the node decides", view_state(v, s)));
	return view_say(v, is_confined(type) ? VERDICT_PASS : VERDICT_FAIL, field,
	                s.v == NULL ? s.path : view_state(v, s));
}

/* Source: Pod Security Standards, baseline, "SELinux". */
static bool selinux(const struct view *v)
{
	static const char field[] = "securityContext.seLinuxOptions";
	static const char *const types[] = { "container_t", "container_init_t", "container_kvm_t",
		                             "container_engine_t" };
	struct setting s = view_inherited(v, field);
	const char *type = tree_text(s.v, "type");
	bool good = tree_text(s.v, "user") == NULL && tree_text(s.v, "role") == NULL
	            && (type == NULL || str_index(types, LENGTH(types), type) >= 0);
	if (is_privileged(v))
		return view_say(v, VERDICT_FAIL, field, because_privileged(v));
	if (s.v == NULL)
		return view_say(
			v, VERDICT_SKIP, field,
			arena_printf(v->p->cis->mem, "%s: the node decides", view_state(v, s)));
	return view_say(
		v, good ? VERDICT_PASS : VERDICT_FAIL, field,
		arena_printf(v->p->cis->mem, "%s: type %s, user %s, role %s", s.path,
	                     type == NULL ? "not set" : type,
	                     tree_text(s.v, "user") == NULL ? "not set" : tree_text(s.v, "user"),
	                     tree_text(s.v, "role") == NULL ? "not set" : tree_text(s.v, "role")));
}

/* ---- images, ports, probes ---- */

static bool latest_tag(const struct view *v)
{
	struct setting s = view_own(v, "image");
	const char *tag = cis_tag(v->p->cis->mem, json_string_value(s.v));
	return view_say(v, str_eq(tag, "latest") ? VERDICT_FAIL : VERDICT_PASS, "image",
	                view_state(v, s));
}

static bool image_digest(const struct view *v)
{
	struct setting s = view_own(v, "image");
	const char *tag = cis_tag(v->p->cis->mem, json_string_value(s.v));
	return view_say(v, tag == NULL ? VERDICT_PASS : VERDICT_FAIL, "image", view_state(v, s));
}

static bool host_port(const struct view *v)
{
	struct arena *mem = v->p->cis->mem;
	const json_t *port;
	size_t i;
	int64_t n;
	json_array_foreach (tree_at(v->c, "ports"), i, port) {
		if (tree_int(port, "hostPort", &n) && n > 0)
			return view_say(v, VERDICT_FAIL, "ports",
			                arena_printf(mem, "%s[%zu].hostPort is %lld",
			                             view_path(v, true, "ports"), i, (long long)n));
	}
	return view_say(v, VERDICT_PASS, "ports",
	                arena_printf(mem, "%s has no hostPort", view_path(v, true, "ports")));
}

/* Only what stays is probed: no job, no init container but one that restarts for ever. */
static bool say_probe(const struct view *v, const char *field)
{
	struct setting s = view_own(v, field);
	const char *restart = tree_text(v->p->spec, "restartPolicy");
	if (v->ephemeral)
		return view_say(v, VERDICT_SKIP, field, "an ephemeral container cannot be probed");
	if (v->init && !str_eq(tree_text(v->c, "restartPolicy"), "Always"))
		return view_say(v, VERDICT_SKIP, field, "an init container ends");
	if (restart != NULL && !str_eq(restart, "Always"))
		return view_say(v, VERDICT_SKIP, field, "the pod runs to its end");
	return view_say(v, s.v != NULL ? VERDICT_PASS : VERDICT_FAIL, field, view_state(v, s));
}

static bool liveness(const struct view *v)
{
	return say_probe(v, "livenessProbe");
}

static bool readiness(const struct view *v)
{
	return say_probe(v, "readinessProbe");
}

static bool propagation(const struct view *v)
{
	struct arena *mem = v->p->cis->mem;
	const json_t *mount;
	size_t i;
	json_array_foreach (tree_at(v->c, "volumeMounts"), i, mount) {
		if (str_eq(tree_text(mount, "mountPropagation"), "Bidirectional"))
			return view_say(v, VERDICT_FAIL, "volumeMounts",
			                arena_printf(mem,
			                             "%s[%zu].mountPropagation is Bidirectional",
			                             view_path(v, true, "volumeMounts"), i));
	}
	return view_say(v, VERDICT_PASS, "volumeMounts",
	                arena_printf(mem, "%s has none that is Bidirectional",
	                             view_path(v, true, "volumeMounts")));
}

/* ---- the checks ---- */

static const struct view_check checks[] = {
	{ CIS_ROOT_USER, root_user, NULL },
	{ CIS_READ_ONLY_ROOT, read_only_root, "securityContext.readOnlyRootFilesystem" },
	{ CIS_DROP_ALL, drop_all, "securityContext.capabilities.drop" },
	{ CIS_ADDED, added_capabilities, "securityContext.capabilities.add" },
	{ CIS_NET_RAW, net_raw, "securityContext.capabilities" },
	{ CIS_PRIVILEGED, privileged, "securityContext.privileged" },
	{ CIS_ESCALATION, escalation, "securityContext.allowPrivilegeEscalation" },
	{ CIS_HOST_PROCESS, host_process, NULL },
	{ CIS_CPU_LIMIT, cpu_limit, NULL },
	{ CIS_MEMORY_LIMIT, memory_limit, NULL },
	{ CIS_CPU_REQUEST, cpu_request, NULL },
	{ CIS_MEMORY_REQUEST, memory_request, NULL },
	{ CIS_SECCOMP, seccomp, "securityContext.seccompProfile.type" },
	{ CIS_APPARMOR, apparmor, "securityContext.appArmorProfile.type" },
	{ CIS_SELINUX, selinux, "securityContext.seLinuxOptions" },
	{ CIS_PROC_MOUNT, proc_mount, "securityContext.procMount" },
	{ CIS_PROPAGATION, propagation, "volumeMounts" },
	{ CIS_HOST_PORT, host_port, NULL },
	{ CIS_LATEST, latest_tag, NULL },
	{ CIS_DIGEST, image_digest, NULL },
	{ CIS_LIVENESS, liveness, NULL },
	{ CIS_READINESS, readiness, NULL },
};

bool cis_container(struct view *v)
{
	return view_run(v, checks, LENGTH(checks));
}
