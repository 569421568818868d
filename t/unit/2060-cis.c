/* SPDX-License-Identifier: MIT */
/* 2060-cis.c - Seaworthy's own checks: what each says of what a pod may hold. */
#include "t/lib/test.h"

#include "importers/cis_pod.h"
#include "importers/source.h"
#include "importers/tree.h"

/* ---- the verdicts of a pod, as lines "rule place verdict message" ---- */

struct lines {
	struct sink sink;
	struct buf  out;
};

static bool put(struct sink *s, const struct record *r, UNUSED struct err *e)
{
	struct lines *l = (struct lines *)s;
	const struct rec_check *c = &r->u.check;

	if (r->kind == REC_CHECK)
		buf_addf(&l->out, "%s %s %s %s\n", c->rule.id, c->place, verdict_word(c->verdict),
			 c->message);
	return true;
}

static const char *no_annotation(UNUSED const void *ctx, UNUSED const char *key)
{
	return NULL;
}

static const char *runtime_default(UNUSED const void *ctx, const char *key)
{
	return str_eq(key, "container.apparmor.security.beta.kubernetes.io/a") ? "runtime/default" :
	       str_eq(key, "seccomp.security.alpha.kubernetes.io/pod") ? "unconfined" : NULL;
}

static struct lines judge(struct arena *mem, struct cis_pod p, const char *json)
{
	struct lines l = { .sink = { .put = put }, .out = BUF_INIT };
	struct cis cis = { .sink = &l.sink, .mem = mem };
	struct err e = ERR_INIT;
	json_t *spec = tree_parse(json);

	assert_non_null(spec);
	p.cis = &cis;
	p.spec = spec;
	p.root = p.root == NULL ? "spec" : p.root;
	assert_true(cis_pod(&p, &e));
	json_decref(spec);
	return l;
}

static void must_say(const struct lines *l, const char *json, const char *line)
{
	const char *at = strstr(l->out.s, line);

	while (at != NULL && at != l->out.s && at[-1] != '\n')
		at = strstr(at + 1, line);
	if (at == NULL)
		fail_msg("%s: not said: %s\n%s", json, line, l->out.s);
}

static void check(struct cis_pod p, const char *json, const char *const *line)
{
	struct arena mem = ARENA_INIT;
	struct lines l = judge(&mem, p, json);

	for (; *line != NULL; line++)
		must_say(&l, json, *line);
	buf_release(&l.out);
	arena_release(&mem);
}

#define POD(json, ...)                                                                             \
	check((struct cis_pod){ .annotation = no_annotation }, json,                               \
	      (const char *const[]){ __VA_ARGS__, NULL })
/* A pod with one container "a", which has these fields, beside others of the pod. */
#define CONTAINER(fields, pod, ...)                                                                \
	POD("{" pod "\"containers\":[{\"name\":\"a\",\"image\":\"i\"" fields "}]}", __VA_ARGS__)
#define CONTEXT(fields, pod, ...)                                                                  \
	CONTAINER(",\"securityContext\":{" fields "}",                                             \
		  "\"securityContext\":{" pod "},", __VA_ARGS__)
#define AT "containers[a]."

static void a_user_is_the_containers_else_the_pods_else_the_images(UNUSED void **state)
{
	CONTEXT("", "", "root-user " AT "securityContext.runAsNonRoot fail "
		"spec.containers[0].securityContext.runAsNonRoot is not set, and no user is: "
		"the image decides");
	CONTEXT("\"runAsNonRoot\":true", "", "root-user " AT "securityContext.runAsNonRoot pass "
		"spec.containers[0].securityContext.runAsNonRoot is true");
	CONTEXT("", "\"runAsNonRoot\":true", "root-user " AT "securityContext.runAsNonRoot pass "
		"spec.securityContext.runAsNonRoot is true");
	CONTEXT("\"runAsNonRoot\":false", "\"runAsNonRoot\":true", "root-user " AT
		"securityContext.runAsNonRoot fail "
		"spec.containers[0].securityContext.runAsNonRoot is false");
	CONTEXT("\"runAsUser\":0", "\"runAsUser\":1000", "root-user " AT
		"securityContext.runAsNonRoot fail "
		"spec.containers[0].securityContext.runAsUser is 0");
	CONTEXT("", "\"runAsUser\":0,\"runAsNonRoot\":true", "root-user " AT
		"securityContext.runAsNonRoot fail spec.securityContext.runAsUser is 0");
	CONTEXT("\"runAsUser\":10001", "", "root-user " AT "securityContext.runAsNonRoot pass "
		"spec.containers[0].securityContext.runAsUser is 10001");
}

static void the_root_filesystem_is_the_containers_alone(UNUSED void **state)
{
	CONTEXT("", "\"readOnlyRootFilesystem\":true", "read-only-root " AT
		"securityContext.readOnlyRootFilesystem fail");
	CONTEXT("\"readOnlyRootFilesystem\":true", "", "read-only-root " AT
		"securityContext.readOnlyRootFilesystem pass");
	CONTEXT("\"readOnlyRootFilesystem\":\"true\"", "", "read-only-root " AT
		"securityContext.readOnlyRootFilesystem fail");
}

static void capabilities_are_dropped_and_added_in_any_spelling(UNUSED void **state)
{
	CONTEXT("\"capabilities\":{\"drop\":[\"all\"],\"add\":[\"NET_BIND_SERVICE\"]}", "",
		"drop-all-capabilities " AT "securityContext.capabilities.drop pass",
		"added-capabilities " AT "securityContext.capabilities.add pass",
		"net-raw " AT "securityContext.capabilities pass");
	CONTEXT("\"capabilities\":{\"drop\":[\"NET_RAW\"],\"add\":[\"CAP_SYS_TIME\",\"chown\"]}",
		"", "drop-all-capabilities " AT "securityContext.capabilities.drop fail",
		"added-capabilities " AT "securityContext.capabilities.add fail "
		"spec.containers[0].securityContext.capabilities.add: SYS_TIME, CHOWN",
		"net-raw " AT "securityContext.capabilities pass");
	CONTEXT("\"capabilities\":{\"drop\":[\"ALL\"],\"add\":[\"NET_RAW\"]}", "",
		"net-raw " AT "securityContext.capabilities fail");
	CONTEXT("", "", "net-raw " AT "securityContext.capabilities fail",
		"drop-all-capabilities " AT "securityContext.capabilities.drop fail",
		"added-capabilities " AT "securityContext.capabilities.add pass");
}

static void privileged_outranks_what_else_is_set(UNUSED void **state)
{
	CONTEXT("\"privileged\":true,\"allowPrivilegeEscalation\":false,"
		"\"capabilities\":{\"drop\":[\"ALL\"]},\"seccompProfile\":{\"type\":"
		"\"RuntimeDefault\"}", "",
		"privileged " AT "securityContext.privileged fail",
		"privilege-escalation " AT "securityContext.allowPrivilegeEscalation fail",
		"drop-all-capabilities " AT "securityContext.capabilities.drop fail",
		"net-raw " AT "securityContext.capabilities fail",
		"seccomp " AT "securityContext.seccompProfile.type fail",
		"apparmor " AT "securityContext.appArmorProfile.type fail");
}

static void escalation_is_allowed_unless_forbidden(UNUSED void **state)
{
	CONTEXT("", "", "privilege-escalation " AT "securityContext.allowPrivilegeEscalation fail "
		"spec.containers[0].securityContext.allowPrivilegeEscalation is not set");
	CONTEXT("\"allowPrivilegeEscalation\":false", "",
		"privilege-escalation " AT "securityContext.allowPrivilegeEscalation pass");
	CONTEXT("\"allowPrivilegeEscalation\":false,\"capabilities\":{\"add\":[\"SYS_ADMIN\"]}",
		"", "privilege-escalation " AT "securityContext.allowPrivilegeEscalation fail");
}

static void limits_may_be_the_pods_and_requests_the_limits(UNUSED void **state)
{
	CONTAINER(",\"resources\":{\"limits\":{\"cpu\":\"500m\",\"memory\":0}}", "",
		  "cpu-limit " AT "resources.limits.cpu pass",
		  "cpu-request " AT "resources.requests.cpu pass "
		  "spec.containers[0].resources.limits.cpu is 500m",
		  "memory-limit " AT "resources.limits.memory fail",
		  "memory-request " AT "resources.requests.memory fail "
		  "spec.containers[0].resources.requests.memory is not set");
	CONTAINER("", "\"resources\":{\"limits\":{\"memory\":\"1Gi\"}},",
		  "memory-limit " AT "resources.limits.memory pass "
		  "spec.resources.limits.memory is 1Gi");
	CONTAINER("", "", "pids-limit pids skip");
}

static void namespaces_of_the_host_are_the_pods(UNUSED void **state)
{
	CONTAINER("", "\"hostPID\":true,\"hostNetwork\":true,",
		  "host-pid hostPID fail spec.hostPID is true",
		  "host-network hostNetwork fail", "host-ipc hostIPC pass spec.hostIPC is not set");
}

static void each_mount_of_the_host_breaks_one_rule(UNUSED void **state)
{
	CONTAINER("", "\"volumes\":[{\"name\":\"s\",\"hostPath\":{\"path\":"
		  "\"/var/run//docker.sock\"}},{\"name\":\"e\",\"hostPath\":{\"path\":\"/etc/\"}},"
		  "{\"name\":\"d\",\"hostPath\":{\"path\":\"/data\"}},{\"name\":\"c\","
		  "\"configMap\":{}}],",
		  "runtime-socket volumes[s].hostPath fail "
		  "spec.volumes[0].hostPath.path is /var/run//docker.sock",
		  "sensitive-host-path volumes[e].hostPath fail",
		  "host-path volumes[d].hostPath fail spec.volumes[2].hostPath.path is /data");
	CONTAINER("", "\"volumes\":[{\"name\":\"c\",\"emptyDir\":{}}],",
		  "runtime-socket volumes pass", "sensitive-host-path volumes pass",
		  "host-path volumes pass");
}

static void paths_are_told_apart_as_the_kernel_would(UNUSED void **state)
{
	assert_int_equal(cis_host_path("/"), CIS_SENSITIVE_PATH);
	assert_int_equal(cis_host_path("//."), CIS_SENSITIVE_PATH);
	assert_int_equal(cis_host_path("/etcetera"), CIS_HOST_PATH);
	assert_int_equal(cis_host_path("/data/../etc"), CIS_SENSITIVE_PATH);
	assert_int_equal(cis_host_path("/run/containerd"), CIS_RUNTIME_SOCKET);
	assert_int_equal(cis_host_path("/run/k3s/containerd/containerd.sock"), CIS_RUNTIME_SOCKET);
	assert_int_equal(cis_host_path("/var/lib/kubelet/pods"), CIS_SENSITIVE_PATH);
	assert_int_equal(cis_host_path(NULL), CIS_SENSITIVE_PATH);
}

static void ports_of_the_node_and_propagation_are_found(UNUSED void **state)
{
	CONTAINER(",\"ports\":[{\"containerPort\":80},{\"containerPort\":90,\"hostPort\":9100}]",
		  "", "host-port " AT "ports fail spec.containers[0].ports[1].hostPort is 9100");
	CONTAINER(",\"ports\":[{\"containerPort\":80}]", "", "host-port " AT "ports pass");
	CONTAINER(",\"volumeMounts\":[{\"name\":\"d\",\"mountPropagation\":\"Bidirectional\"}]", "",
		  "mount-propagation " AT "volumeMounts fail");
}

static void profiles_come_from_fields_or_from_old_annotations(UNUSED void **state)
{
	static const char *const old[] = {
		"apparmor " AT "securityContext.appArmorProfile.type pass annotation "
		"container.apparmor.security.beta.kubernetes.io/a is runtime/default",
		"seccomp " AT "securityContext.seccompProfile.type fail annotation "
		"seccomp.security.alpha.kubernetes.io/pod is unconfined", NULL };

	CONTEXT("", "\"seccompProfile\":{\"type\":\"RuntimeDefault\"}",
		"seccomp " AT "securityContext.seccompProfile.type pass "
		"spec.securityContext.seccompProfile.type is RuntimeDefault",
		"apparmor " AT "securityContext.appArmorProfile.type skip",
		"selinux " AT "securityContext.seLinuxOptions skip");
	CONTEXT("\"seccompProfile\":{\"type\":\"Unconfined\"}",
		"\"seccompProfile\":{\"type\":\"RuntimeDefault\"}",
		"seccomp " AT "securityContext.seccompProfile.type fail");
	CONTEXT("\"seLinuxOptions\":{\"type\":\"spc_t\"},\"appArmorProfile\":{\"type\":"
		"\"Unconfined\"}", "", "selinux " AT "securityContext.seLinuxOptions fail",
		"apparmor " AT "securityContext.appArmorProfile.type fail");
	CONTEXT("", "\"seLinuxOptions\":{\"type\":\"container_t\",\"level\":\"s0\"}",
		"selinux " AT "securityContext.seLinuxOptions pass");
	check((struct cis_pod){ .annotation = runtime_default },
	      "{\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]}", old);
}

static void kernel_settings_are_safe_or_not(UNUSED void **state)
{
	CONTEXT("\"procMount\":\"Unmasked\"", "\"sysctls\":[{\"name\":\"kernel.msgmax\"},"
		"{\"name\":\"net.ipv4.tcp_syncookies\"}]",
		"proc-mount " AT "securityContext.procMount fail",
		"sysctls securityContext.sysctls fail spec.securityContext.sysctls: kernel.msgmax");
	CONTEXT("", "", "proc-mount " AT "securityContext.procMount pass",
		"sysctls securityContext.sysctls pass");
}

static void a_token_is_mounted_unless_forbidden(UNUSED void **state)
{
	static const char *const unmounted[] = { "service-account-token "
		"automountServiceAccountToken pass no container mounts it", NULL };
	static const char *const mounted[] = { "service-account-token "
		"automountServiceAccountToken fail spec.containers[0].volumeMounts[0] mounts it",
		NULL };

	CONTAINER("", "", "service-account-token automountServiceAccountToken fail");
	CONTAINER("", "\"automountServiceAccountToken\":false,",
		  "service-account-token automountServiceAccountToken pass");
	check((struct cis_pod){ .is_pod = true },
	      "{\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]}", unmounted);
	check((struct cis_pod){ .is_pod = true },
	      "{\"containers\":[{\"name\":\"a\",\"image\":\"i\",\"volumeMounts\":[{\"mountPath\":"
	      "\"/var/run/secrets/kubernetes.io/serviceaccount\"}]}]}", mounted);
}

static void an_image_is_told_by_tag_or_digest(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	assert_string_equal(cis_tag(&mem, "nginx"), "latest");
	assert_string_equal(cis_tag(&mem, "registry:5000/nginx"), "latest");
	assert_string_equal(cis_tag(&mem, "registry:5000/nginx:1.25"), "1.25");
	assert_null(cis_tag(&mem, "nginx@sha256:0123456789012345678901234567890123456789012345678"
			    "901234567890123"));
	arena_release(&mem);
	CONTAINER("", "", "latest-tag containers[a].image fail spec.containers[0].image is i",
		  "image-digest containers[a].image fail");
}

static void what_stays_is_probed(UNUSED void **state)
{
	CONTAINER(",\"livenessProbe\":{\"tcpSocket\":{\"port\":80}}", "",
		  "liveness-probe " AT "livenessProbe pass", "readiness-probe " AT
		  "readinessProbe fail");
	CONTAINER("", "\"restartPolicy\":\"Never\",", "liveness-probe " AT "livenessProbe skip");
	POD("{\"initContainers\":[{\"name\":\"b\",\"image\":\"i\"},{\"name\":\"c\",\"image\":\"i\","
	    "\"restartPolicy\":\"Always\"}],\"ephemeralContainers\":[{\"name\":\"d\",\"image\":"
	    "\"i\"}]}", "liveness-probe initContainers[b].livenessProbe skip",
	    "liveness-probe initContainers[c].livenessProbe fail",
	    "cpu-limit ephemeralContainers[d].resources.limits.cpu skip",
	    "root-user ephemeralContainers[d].securityContext.runAsNonRoot fail "
	    "spec.ephemeralContainers[0]");
}

static void a_pod_on_windows_is_asked_only_what_means_something_there(UNUSED void **state)
{
	CONTEXT("\"windowsOptions\":{\"hostProcess\":true,\"runAsUserName\":\"ContainerUser\"}", "",
		"host-process " AT "securityContext.windowsOptions.hostProcess fail");
	CONTAINER("", "\"os\":{\"name\":\"windows\"},",
		  "seccomp " AT "securityContext.seccompProfile.type skip",
		  "root-user " AT "securityContext.runAsNonRoot fail",
		  "sysctls securityContext.sysctls skip");
}

static void the_place_does_not_tell_pod_from_template(UNUSED void **state)
{
	static const char *const said[] = {
		"privileged containers[a].securityContext.privileged pass "
		"spec.template.spec.containers[0].securityContext.privileged is not set",
		"default-namespace metadata.namespace fail metadata.namespace is default", NULL };

	check((struct cis_pod){ .root = "spec.template.spec", .namespace = "default" },
	      "{\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]}", said);
}

static void wrong_shapes_are_nothing_set(UNUSED void **state)
{
	POD("{\"hostPID\":\"yes\",\"volumes\":{\"hostPath\":1},\"securityContext\":[1],"
	    "\"initContainers\":{},\"containers\":[null,7,{},{\"name\":\"\"},{\"name\":\"a\","
	    "\"image\":\"i\",\"securityContext\":\"x\",\"ports\":[null,{\"hostPort\":\"x\"}],"
	    "\"resources\":{\"limits\":[]},\"volumeMounts\":{}}]}",
	    "host-pid hostPID pass", "host-path volumes pass",
	    "root-user containers[a].securityContext.runAsNonRoot fail spec.containers[4]");
}

/* ---- the table ---- */

struct names {
	struct sink sink;
	size_t      n;
};

static bool compare(struct sink *s, const struct record *r, UNUSED struct err *e)
{
	struct names *seen = (struct names *)s;
	const struct rec_entry *n = &r->u.entry;

	if (r->kind != REC_ENTRY)
		return true;
	seen->n++;
	for (enum cis_rule i = 0; i < CIS_COUNT; i++) {
		const struct cis_text *t = cis_text(i);

		if (!str_eq(t->id, n->id))
			continue;
		assert_string_equal(n->title, t->title);
		assert_string_equal(n->class_id, t->class_id);
		assert_string_equal(n->severity, severity_word(t->severity));
		return true;
	}
	fail_msg("%s is no check", n->id);
	return true;
}

static bool no_tick(UNUSED struct sink *s, UNUSED uint64_t done, UNUSED uint64_t total,
		    UNUSED struct err *e)
{
	return true;
}

static void the_rule_table_says_what_the_checks_say(UNUSED void **state)
{
	struct names seen = { .sink = { compare, no_tick } };
	struct err e = ERR_INIT;

	if (!import_file("importers/rules/seaworthy.tsv", &(struct import_opts){ 0 }, &seen.sink,
			 &e))
		fail_msg("%s", e.text);
	assert_int_equal(seen.n, CIS_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_is_the_containers_else_the_pods_else_the_images),
		cmocka_unit_test(the_root_filesystem_is_the_containers_alone),
		cmocka_unit_test(capabilities_are_dropped_and_added_in_any_spelling),
		cmocka_unit_test(privileged_outranks_what_else_is_set),
		cmocka_unit_test(escalation_is_allowed_unless_forbidden),
		cmocka_unit_test(limits_may_be_the_pods_and_requests_the_limits),
		cmocka_unit_test(namespaces_of_the_host_are_the_pods),
		cmocka_unit_test(each_mount_of_the_host_breaks_one_rule),
		cmocka_unit_test(paths_are_told_apart_as_the_kernel_would),
		cmocka_unit_test(ports_of_the_node_and_propagation_are_found),
		cmocka_unit_test(profiles_come_from_fields_or_from_old_annotations),
		cmocka_unit_test(kernel_settings_are_safe_or_not),
		cmocka_unit_test(a_token_is_mounted_unless_forbidden),
		cmocka_unit_test(an_image_is_told_by_tag_or_digest),
		cmocka_unit_test(what_stays_is_probed),
		cmocka_unit_test(a_pod_on_windows_is_asked_only_what_means_something_there),
		cmocka_unit_test(the_place_does_not_tell_pod_from_template),
		cmocka_unit_test(wrong_shapes_are_nothing_set),
		cmocka_unit_test(the_rule_table_says_what_the_checks_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
