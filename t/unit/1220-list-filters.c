/* SPDX-License-Identifier: MIT */
/* 1220-list-filters.c - what filters and scopes find in each list. */
#include "t/lib/walk.h"

static void filters_find_images(UNUSED void **state)
{
	struct store *st = small_open();

	walk_counts(st, LIST_images, "", 4);
	walk_counts(st, LIST_images, "retired", 1);
	walk_counts(st, LIST_images, "retired:no or retired", 5);
	walk_counts(st, LIST_images, "running", 1);
	walk_counts(st, LIST_images, "run>0 or c>0", 1);
	walk_counts(st, LIST_images, "image:payments/*", 1);
	walk_counts(st, LIST_images, "image:debian", 2);
	walk_counts(st, LIST_images, "late", 1);
	walk_counts(st, LIST_images, "due<7d", 2);
	walk_counts(st, LIST_images, "due:none", 2);
	walk_counts(st, LIST_images, "due<0", 1);
	walk_counts(st, LIST_images, "scan>7d", 3);
	walk_counts(st, LIST_images, "scan:none", 2);
	walk_counts(st, LIST_images, "sign:ok", 1);
	walk_counts(st, LIST_images, "unsigned", 3);
	walk_counts(st, LIST_images, "sign:none", 3);
	walk_counts(st, LIST_images, "owner:ruiz", 1);
	walk_counts(st, LIST_images, "owner:none", 3);
	walk_counts(st, LIST_images, "epss>0.5", 3);
	walk_counts(st, LIST_images, "digest:sha256:bbbb*", 1);
	walk_counts(st, LIST_images, "os:\"debian 12.1\"", 1);
	walk_counts(st, LIST_images, "exposed", 1);
	walk_counts(st, LIST_images, "config>0", 1);
	walk_counts(st, LIST_images, "admit:denied", 1);
	small_sql(st, "INSERT INTO event (id, hash, ts_ns, kind, source, priority, asset, import,\n"
		      "offset, size, action) VALUES (9, x'09', 1, 1, 4, 4, 6, 1, 0, 1, 7)");
	walk_counts(st, LIST_images, "admit:denied", 2);
	walk_counts(st, LIST_images, "proxy", 1);
	walk_counts(st, LIST_images, "/api|proxy/ !running", 1);
	walk_counts(st, LIST_images, "risk>=100000000", 1);
	walk_counts(st, LIST_images, "risk<0", 0);
	store_close(st);
}

static void filters_find_findings(UNUSED void **state)
{
	struct store *st = small_open();

	walk_counts(st, LIST_findings, "", 9);
	walk_counts(st, LIST_findings, "retired", 1);
	walk_counts(st, LIST_findings, "resolved", 1);
	walk_counts(st, LIST_findings, "accepted", 1);
	walk_counts(st, LIST_findings, "is:open or is:acc or is:res", 11);
	walk_counts(st, LIST_findings, "sev:critical", 1);
	walk_counts(st, LIST_findings, "sev>=high", 8);
	walk_counts(st, LIST_findings, "cve:CVE-2023-4911", 3);
	walk_counts(st, LIST_findings, "cve:ghsa-49gw-vxvf-fc2g", 1);
	walk_counts(st, LIST_findings, "cve:CVE-2024-0001", 0);
	walk_counts(st, LIST_findings, "pkg:openssl", 3);
	walk_counts(st, LIST_findings, "pkg:lib*", 3);
	walk_counts(st, LIST_findings, "type:golang", 1);
	walk_counts(st, LIST_findings, "version:/deb12u1$/", 3);
	walk_counts(st, LIST_findings, "kev", 3);
	walk_counts(st, LIST_findings, "epss>0.5", 3);
	walk_counts(st, LIST_findings, "cvss>=9", 1);
	walk_counts(st, LIST_findings, "late", 2);
	walk_counts(st, LIST_findings, "due<7d", 3);
	walk_counts(st, LIST_findings, "age>30d", 2);
	walk_counts(st, LIST_findings, "fixed:none", 2);
	walk_counts(st, LIST_findings, "fixable", 7);
	walk_counts(st, LIST_findings, "running", 4);
	walk_counts(st, LIST_findings, "by:TG", 1);
	walk_counts(st, LIST_findings, "by==\"grype, trivy\"", 1);
	walk_counts(st, LIST_findings, "by==trivy", 2);
	walk_counts(st, LIST_findings, "by:trivy", 3);
	walk_counts(st, LIST_findings, "owner:mlee", 1);
	walk_counts(st, LIST_findings, "owner:ruiz", 3);
	walk_counts(st, LIST_findings, "owner:none", 5);
	walk_counts(st, LIST_findings, "class:root-user", 1);
	walk_counts(st, LIST_findings, "class:vuln-high", 6);
	walk_counts(st, LIST_findings, "class:vuln-kev sev:high", 3);
	walk_counts(st, LIST_findings, "kind:misconfiguration", 2);
	walk_counts(st, LIST_findings, "place:USER", 1);
	walk_counts(st, LIST_findings, "path:usr/local/*", 1);
	walk_counts(st, LIST_findings, "looney", 3);
	walk_counts(st, LIST_findings, "payments/api", 4);
	walk_counts(st, LIST_findings, "asset.kind:host", 1);
	walk_counts(st, LIST_findings, "image:payments/* (kev or sev:critical)", 2);
	store_close(st);
}

static void scopes_narrow_findings(UNUSED void **state)
{
	struct store *st = small_open();

	assert_int_equal(walk_below(st, LIST_findings, SCOPE_IMAGE, 1, 0, 0, 0), 5);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_IMAGE, 3, 0, 0, 0), 1);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_PROBLEM, 2, 2, 0, 0), 3);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_PROBLEM, 1, 1, 0, 0), 1);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_PROBLEM, 4, 0, 0, 0), 1);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_FINDING, 1, 2, 2, 0), 1);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_CLUSTER, 4, 0, 0, 0), 5);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_NODE, 8, 0, 0, 0), 1);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_NAMESPACE, 5, 0, 0, 0), 4);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_WORKLOAD, 6, 0, 0, 0), 4);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_CONTAINER, 7, 0, 0, 0), 4);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_ALERT, 1, 0, 0, 0), 4);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_REPOSITORY, 2, 0, 0, 0), 1);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_PART, 2, 0, 0, 0), 3);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_SOURCE, 2, 0, 0, 0), 2);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_CLASS, 2, 0, 0, 0), 1);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_CLASS, 4, 0, 0, 0), 3);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_CONTROL, 1, 0, 0, 0), 7);
	assert_int_equal(walk_below(st, LIST_findings, SCOPE_CONTROL, 2, 0, 0, 0), 1);
	store_close(st);
}

static void filters_find_the_rest(UNUSED void **state)
{
	struct store *st = small_open();

	walk_counts(st, LIST_problems, "", 5);
	walk_counts(st, LIST_problems, "kev running", 1);
	walk_counts(st, LIST_problems, "resolved", 1);
	walk_counts(st, LIST_problems, "late", 2);
	walk_counts(st, LIST_problems, "due<7d", 2);
	walk_counts(st, LIST_problems, "fixable pkg:libc6", 1);
	walk_counts(st, LIST_problems, "epss>0.5 or cvss>9", 2);
	walk_counts(st, LIST_problems, "by:TG", 2);
	walk_counts(st, LIST_alerts, "", 1);
	walk_counts(st, LIST_alerts, "closed", 1);
	walk_counts(st, LIST_alerts, "open late", 1);
	walk_counts(st, LIST_alerts, "prio>=error ns:payments", 1);
	walk_counts(st, LIST_alerts, "owner:ops", 1);
	walk_counts(st, LIST_alerts, "is:closed node:node-1", 1);
	walk_counts(st, LIST_events, "", 4);
	walk_counts(st, LIST_events, "user:root", 1);
	walk_counts(st, LIST_events, "message:shell", 1);
	walk_counts(st, LIST_events, "denied", 1);
	walk_counts(st, LIST_events, "age<1h", 3);
	walk_counts(st, LIST_events, "rule:shell pod:api-*", 2);
	walk_counts(st, LIST_checks, "", 3);
	walk_counts(st, LIST_checks, "fail", 2);
	walk_counts(st, LIST_checks, "benchmark:cis-1.8 cluster:prod", 1);
	walk_counts(st, LIST_checks, "message:root", 1);
	walk_counts(st, LIST_containers, "running image:payments/api", 1);
	walk_counts(st, LIST_nodes, "cluster:prod", 1);
	walk_counts(st, LIST_namespaces, "payments", 1);
	walk_counts(st, LIST_workloads, "exposed ns:payments images:api", 1);
	walk_counts(st, LIST_clusters, "alerts>0 late>0", 1);
	walk_counts(st, LIST_sources, "last:none", 3);
	walk_counts(st, LIST_sources, "skipped>0", 1);
	assert_int_equal(walk_below(st, LIST_skips, SCOPE_SOURCE, 1, 0, 0, 0) +
			 walk_below(st, LIST_skips, SCOPE_SOURCE, 2, 0, 0, 0), 1);
	walk_counts(st, LIST_scans, "source:trivy skipped:1", 1);
	walk_counts(st, LIST_packages, "type:deb", 3);
	walk_counts(st, LIST_audit, "who:ruiz", 1);
	walk_counts(st, LIST_frameworks, "pci", 1);
	walk_counts(st, LIST_controls, "", 3);
	walk_counts(st, LIST_controls, "framework:PCI-DSS", 2);
	walk_counts(st, LIST_items, "", 2);
	small_sql(st, "INSERT INTO answer (id, seq, item, control, verdict, note, actor, at,\n"
		      "                    until) VALUES\n"
		      "(2, 1, 1, 0, 1, 'six are late', 'sato', 1795000000, 1797000000)");
	walk_counts(st, LIST_items, "is:fail who:sato", 1);
	walk_counts(st, LIST_items, "open", 1);
	assert_int_equal(walk_below(st, LIST_evidence, SCOPE_CONTROL, 1, 0, 0, 0), 4);
	assert_int_equal(walk_below(st, LIST_evidence, SCOPE_CONTROL, 2, 0, 0, 0), 1);
	assert_int_equal(walk_below(st, LIST_controls, SCOPE_CONTROL, 1, 0, 0, 0), 1);
	small_sql(st, "INSERT INTO item_control (item, control) VALUES (2, 1);\n"
		      "INSERT INTO audit VALUES\n"
		      "(4, 1795460001, 'sato', 'note', 'control 1', '', 'a', x'03', x'04'),\n"
		      "(5, 1795460002, 'sato', 'answer', 'item 2', '', 'b', x'04', x'05'),\n"
		      "(6, 1795460003, 'sato', 'answer', 'item 12', '', 'c', x'05', x'06')");
	assert_int_equal(walk_below(st, LIST_audit, SCOPE_CONTROL, 1, 0, 0, 0), 2);
	assert_int_equal(walk_below(st, LIST_audit, SCOPE_CONTROL, 2, 0, 0, 0), 0);
	walk_counts(st, LIST_clusters, "nsa>=0", 0);
	small_sql(st, "UPDATE framework SET key = 'NSA-K8S' WHERE id = 2;\n"
		      "UPDATE advisory SET class = 5 WHERE id = 6;\n"
		      "INSERT INTO check_tally VALUES (4, 6, 0, 3)");
	walk_counts(st, LIST_clusters, "nsa>0.74 nsa<0.76", 1);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_find_images),
		cmocka_unit_test(filters_find_findings),
		cmocka_unit_test(scopes_narrow_findings),
		cmocka_unit_test(filters_find_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
