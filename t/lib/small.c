/* SPDX-License-Identifier: MIT */
/* small.c - a small store for tests of reading, filled by SQL. */
#include "t/lib/new_store.h"
#include "t/lib/small.h"

/* Times: now is 1795466400; a day is 86400. */
static const char SOURCES[] =
	"INSERT INTO source VALUES (1, 'trivy'), (2, 'grype'), (3, 'dockle'), (4, 'falco'),\n"
	"(5, 'kube-bench'), (6, 'snyk');\n"
	"INSERT INTO word VALUES (1, 'CRITICAL'), (2, 'High'), (3, 'FATAL'), (4, 'FAIL'),\n"
	"(5, 'PASS'), (6, 'detected'), (7, 'denied');\n"
	"INSERT INTO text VALUES (1, x'01', 'usr/local/go/bin/go'), (2, x'02', 'last USER is "
	"root'),\n"
	"(3, x'03', 'A mapped address was not seen as private.');\n"
	"INSERT INTO audit VALUES\n"
	"(1, 1795300000, 'ci', 'import', 'trivy.json', '', '', zeroblob(32), x'01'),\n"
	"(2, 1795400000, 'ruiz', 'note', 'finding 1-1-1', '', 'waits for 2.15', x'01', x'02'),\n"
	"(3, 1795460000, 'mlee', 'alert', 'alert 2', 'open', 'closed', x'02', x'03');\n"
	"INSERT INTO import (id, seq, sha256, size, name, importer, imported_at) VALUES\n"
	"(1, 1, x'aa', 10, 'trivy.json', 'trivy', 1795452000),\n"
	"(2, 1, x'bb', 10, 'grype.json', 'grype', 1795452000),\n"
	"(3, 1, x'cc', 10, 'snyk.json', 'snyk', 1795452000);\n"
	"INSERT INTO import_count VALUES (1, 'findings', 9, 4, 1, 3, 1);\n"
	"INSERT INTO import_skip VALUES (1, 1, 'line 7', 'no id');\n"
	"INSERT INTO scan (id, import, source, version, at, db_built) VALUES\n"
	"(1, 1, 1, '0.58', 1795452000, 1795430000), (2, 2, 2, '0.87', 1795451000, 1795420000),\n"
	"(3, 3, 6, '1.1', 1795200000, 0);\n"
	"INSERT INTO cover (asset, source, kind, scope, at, scan, complete) VALUES\n"
	"(1, 1, 0, 0, 1795452000, 1, 1), (1, 2, 0, 0, 1795451000, 2, 1),\n"
	"(1, 6, 0, 0, 1795200000, 3, 1), (2, 1, 0, 0, 1795452000, 1, 1);\n";

static const char ASSETS[] =
	"INSERT INTO asset VALUES (1, 0, 0, 'sha256:a'), (2, 0, 0, 'sha256:b'),\n"
	"(3, 0, 0, 'sha256:c'), (4, 2, 0, 'prod'), (5, 3, 4, 'payments'),\n"
	"(6, 4, 5, 'Deployment/api'), (7, 5, 6, 'api-7c9f/api'), (8, 1, 4, 'node-1'),\n"
	"(9, 0, 0, 'sha256:d'), (10, 0, 0, 'sha256:e'), (11, 3, 4, 'web');\n"
	"INSERT INTO repository VALUES (1, 'registry.example/payments/api'),\n"
	"(2, 'registry.example/web/proxy'), (3, 'docker.io/library/debian');\n"
	"INSERT INTO image (asset, name, repository, os, base, built, current, running, exposed,\n"
	"scanned_at, db_built, critical, high, kev, epss, fixable, due, risk) VALUES\n"
	"(1, 'registry.example/payments/api:2.14.1', 1, 'debian 12.1',\n"
	"'docker.io/library/debian:12.1', 1790000000, 1, 1, 2, 1795452000, 1795430000, 1, 3, 1,\n"
	"9100, 3, 1795380000, -100030000),\n"
	"(2, 'registry.example/web/proxy:7.2', 2, 'debian 12.5', '', 1790000000, 1, 0, 0,\n"
	"1794000000, 0, 0, 1, 1, 9100, 1, 1795898400, -10000),\n"
	"(3, 'registry.example/payments/api:2.13.9', 1, 'debian 12.1', '', 1780000000, 0, 0, 0,\n"
	"0, 0, 1, 0, 0, 200, 1, 1795380000, -100000000),\n"
	"(9, 'docker.io/library/debian:12.1', 3, '', '', 1700000000, 1, 0, 0, 0, 0, 0, 2, 1,\n"
	"9100, 2, 9223372036854775807, -20000),\n"
	"(10, 'docker.io/library/debian:12.12', 3, '', '', 1750000000, 1, 0, 0, 0, 0, 0, 1, 0, 0,\n"
	"1, 9223372036854775807, -10000);\n"
	"INSERT INTO digest VALUES\n"
	"('sha256:aaaaaaaaaaaaaaaa1111111111111111111111111111111111111111111111', 1, 1),\n"
	"('sha256:aaaaaaaaaaaaffff2222222222222222222222222222222222222222222222', 0, 1),\n"
	"('sha256:bbbbbbbbbbbbbbbb3333333333333333333333333333333333333333333333', 0, 2);\n"
	"INSERT INTO image_name (name, since, image, until, repository, seq, seen) VALUES\n"
	"('registry.example/payments/api:2.14.1', 100, 1, 0, 1, 1, 100),\n"
	"('registry.example/web/proxy:7.2', 100, 2, 0, 2, 1, 100),\n"
	"('registry.example/payments/api:2.13.9', 100, 3, 200, 1, 1, 100),\n"
	"('docker.io/library/debian:12.1', 100, 9, 0, 3, 1, 100),\n"
	"('docker.io/library/debian:12.12', 100, 10, 0, 3, 1, 100);\n"
	"INSERT INTO cluster (asset, version, nodes, images, pods, data_at) VALUES\n"
	"(4, '1.30.4', 1, 1, 1, 1795460000);\n"
	"INSERT INTO node VALUES (8, 'worker', 'v1.30.4', 'Debian 12', 1795460000);\n"
	"INSERT INTO workload VALUES (6, '', 2, 2);\n"
	"INSERT INTO container (asset, cluster, node, namespace, workload, image, pod, name, "
	"id12,\n"
	"reference, running, first_at, last_at) VALUES\n"
	"(7, 4, 8, 5, 6, 1, 'api-7c9f', 'api', 'abcdef012345', 'payments/api:2.14.1', 1,\n"
	"1795000000, 1795460000);\n";

static const char FINDINGS[] =
	"INSERT INTO class VALUES (1, 'root-user', 'Runs as root', 1, 'image', ''),\n"
	"(2, 'vuln-critical', 'Critical vulnerability', 0, 'vulnerability', ''),\n"
	"(3, 'vuln-high', 'High vulnerability', 1, 'vulnerability', ''),\n"
	"(4, 'vuln-kev', 'Exploited vulnerability', 0, 'vulnerability', ''),\n"
	"(5, 'shell', 'A shell in a container', 1, 'runtime', '');\n"
	"INSERT INTO advisory (id, source, name, kind, class, severity, title, text, benchmark,\n"
	"score, epss, kev, kev_due) VALUES\n"
	"(1, 0, 'CVE-2024-24790', 0, 0, 0, 'net/netip: mapped addresses', 3, '', 98, 200, 0, 0),\n"
	"(2, 0, 'CVE-2023-4911', 0, 0, 1, 'Looney Tunables', 0, '', 78, 9100, 1, 1795380000),\n"
	"(3, 0, 'CVE-2024-6119', 0, 0, 1, '', 0, '', 75, 100, 0, 0),\n"
	"(4, 3, 'CIS-DI-0001', 1, 1, 1, 'Create a user', 0, '', -1, 0, 0, 0),\n"
	"(5, 4, 'Terminal shell in container', 5, 5, 1, '', 0, '', -1, 0, 0, 0),\n"
	"(6, 5, 'cis-1.8:4.2.1', 1, 0, 2, 'Anonymous auth is off', 0, 'cis-1.8', -1, 0, 0, 0),\n"
	"(7, 0, 'CVE-2023-45853', 0, 0, 0, 'MiniZip', 0, '', 98, 300, 0, 0);\n"
	"INSERT INTO advisory_alias VALUES ('GHSA-49gw-vxvf-fc2g', 1, 0), ('CVE-2024-0001', 1, "
	"1);\n"
	"INSERT INTO package VALUES (1, 'golang', 'stdlib'), (2, 'deb', 'libc6'),\n"
	"(3, 'deb', 'openssl'), (4, '@scope', 'image'), (5, 'deb', 'zlib1g'),\n"
	"(6, '@scope', '4');\n"
	"INSERT INTO part VALUES (1, 1, '1.21.5'), (2, 2, '2.36-9+deb12u1'), (3, 3, '3.0.9-1'),\n"
	"(4, 4, 'USER'), (5, 5, '1:1.2.13'), (6, 6, 'kubelet');\n"
	"INSERT INTO affects (advisory, part, fixed_in, fix, n) VALUES (1, 1, '1.21.11, 1.22.4', "
	"'fixed', 1),\n"
	"(2, 2, '2.36-9+deb12u3', 'fixed', 3), (3, 3, '3.0.15-1', 'fixed', 3), (7, 5, '', "
	"'wont-fix', 0);\n"
	"INSERT INTO holds VALUES (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (2, 2), (3, 2), (1, 3),\n"
	"(2, 9), (3, 9), (3, 10), (6, 8);\n"
	"INSERT INTO location VALUES (1, 1, 1, 0);\n"
	"INSERT INTO finding (asset, advisory, part, severity, state, since, due)\n"
	"VALUES (1, 1, 1, 0, 0, 1792788000, 1795380000),\n"
	"(1, 2, 2, 1, 0, 1792788000, 1795380000), (1, 3, 3, 1, 0, 1794000000, 1796416800),\n"
	"(1, 4, 4, 1, 0, 1794000000, 1796416800), (1, 7, 5, 0, 2, 1791405600,\n"
	"9223372036854775807), (2, 2, 2, 1, 0, 1795000000, 1795898400),\n"
	"(2, 3, 3, 1, 1, 1795000000, 9223372036854775807),\n"
	"(3, 1, 1, 0, 0, 1792788000, 1795380000),\n"
	"(9, 2, 2, 1, 0, 1795000000, 9223372036854775807),\n"
	"(9, 3, 3, 1, 0, 1795000000, 9223372036854775807),\n"
	"(10, 3, 3, 1, 0, 1795000000, 9223372036854775807),\n"
	"(8, 6, 6, 2, 0, 1795000000, 9223372036854775807);\n"
	"INSERT INTO sighting_row VALUES (1, 1, 1, 1, 0, 1, 98, 0), (1, 1, 1, 2, 1, 2, 88, 0),\n"
	"(1, 2, 2, 1, 1, 2, 78, 0), (1, 3, 3, 1, 1, 2, 75, 0), (1, 4, 4, 3, 1, 3, -1, 0),\n"
	"(2, 2, 2, 2, 1, 2, 78, 0), (2, 3, 3, 1, 1, 2, 75, 1795452000);\n"
	"INSERT INTO span (asset, advisory, part, at, seq, until_seq, state, severity)\n"
	"VALUES (1, 1, 1, 1793000000, 1, 0, 1, 0), (1, 1, 1, 1794000000, 1, 0, 0, 0);\n"
	"INSERT INTO clock VALUES (1, 1, 1, 0, 1792788000, 1795380000, 1);\n"
	"INSERT INTO problem (advisory, package, severity, no_kev, epss, due, assets, running,\n"
	"versions, critical, high, medium, low, negligible, unknown) VALUES (1, 1, 0, 1, 9800, "
	"1795380000, 1, 1, 1, 0, 0, 0, 0, 0, 0),\n"
	"(2, 2, 1, 0, 900, 1795380000, 3, 1, 1, 0, 0, 0, 0, 0, 0), (3, 3, 1, 1, 9900, 1796416800, "
	"3, 1, 1, 0, 0, 0, 0, 0, 0),\n"
	"(4, 0, 1, 1, 10000, 1796416800, 1, 1, 1, 0, 0, 0, 0, 0, 0),\n"
	"(6, 0, 2, 1, 10000, 9223372036854775807, 1, 0, 1, 0, 0, 0, 0, 0, 0),\n"
	"(7, 5, 0, 1, 9700, 9223372036854775807, 0, 0, 1, 0, 0, 0, 0, 0, 0);\n"
	"INSERT INTO tally VALUES (0, 0, 0, 0, 0, 0, 20779, 1), (0, 0, 0, 1, 1, 0, 20779, 6),\n"
	"(0, 1, 1, 1, 0, 0, 20791, 2), (4, 0, 0, 0, 0, 0, 20779, 1),\n"
	"(1, 1, 1, 1, 0, 0, 20791, 1);\n"
	"INSERT INTO check_result VALUES (8, 6, 6, 5, 1, 4, 0, 1795000000, 1795452000, 0),\n"
	"(1, 4, 4, 3, 1, 4, 2, 1795000000, 1795452000, 0),\n"
	"(2, 4, 4, 3, 0, 5, 0, 1795000000, 1795452000, 0);\n"
	"INSERT INTO check_tally VALUES (4, 6, 1, 1), (8, 6, 1, 1);\n";

static const char REST[] =
	"INSERT INTO alert VALUES\n"
	"(1, 5, 7, 2, 1795464000000000000, 1795464010000000000, 2, 0, 0, 0, 0, 1795464900,\n"
	"1795467600, 1795550400, 1795464900, 9223372036854775807, 0),\n"
	"(2, 5, 8, 4, 1795400000000000000, 1795400000000000000, 1, 3, 1795401000, 1795402000,\n"
	"1795460000, 1795401000, 1795403000, 1795500000, 9223372036854775807,\n"
	"9223372036854775807, 0);\n"
	"INSERT INTO event (id, hash, ts_ns, kind, source, rule, priority, asset, alert, import,\n"
	"offset, size, action, fields, raw) VALUES\n"
	"(1, x'01', 1795464000000000000, 0, 4, 5, 2, 7, 1, 1, 0, 9, 6,\n"
	"'message\tA shell was started' || char(10) || 'user\troot' || char(10) ||\n"
	"'process\tsh' || char(10), NULL),\n"
	"(2, x'02', 1795464010000000000, 0, 4, 5, 2, 7, 1, 1, 9, 9, 6, 'user\tjpark' || char(10),\n"
	"x'7b7d'),\n"
	"(3, x'03', 1795400000000000000, 0, 4, 5, 4, 8, 2, 1, 18, 9, 6, '', NULL),\n"
	"(4, x'04', 1795465000000000000, 1, 4, 0, 4, 2, 0, 1, 27, 9, 7, '', NULL);\n"
	"INSERT INTO signature VALUES (1, '', 'kms://prod', '', 0, 7, 0, 1795000000, 1);\n"
	"INSERT INTO framework (id, key, title, version) VALUES\n"
	"(1, 'PCI-DSS', 'Payment cards', '4.0.1'),\n"
	"(2, 'HIPAA', 'Health data', '');\n"
	"INSERT INTO control (id, framework, ident, ord, title) VALUES (1, 1, '6.3.3', 2,\n"
	"'Patches in time'), (2, 1, '2.2.6', 1, 'Secure settings'), (3, 2, '164.312(b)', 1, "
	"'Logs');\n"
	"INSERT INTO class_control VALUES (2, 1, 0, ''), (3, 1, 0, ''), (1, 2, 1, ''),\n"
	"(5, 3, 0, '');\n"
	"INSERT INTO crosswalk VALUES (1, 3, 1, '');\n"
	"INSERT INTO item (id, ident, ord, section, title) VALUES (1, 'CN-DATA-01', 1, 'Data',\n"
	"'Are patches in time?'), (2, 'CN-ACC-01', 2, 'Access', 'Who may enter?');\n"
	"INSERT INTO answer (id, seq, item, control, verdict, note, actor, at, until)\n"
	"VALUES (1, 1, 0, 1, 1, 'six are late', 'sato', 1795000000,\n"
	"1797000000);\n"
	"INSERT INTO note VALUES (1, 2, 'finding 1-1-1', 'ruiz', 1795400000, 'waits for 2.15');\n"
	"INSERT INTO owner VALUES ('repository 1', 1795000000, 1, 0, 'ruiz'),\n"
	"('finding 1-2-2', 1795000000, 1, 0, 'mlee'), ('cluster 4', 1795000000, 1, 0, 'ops');\n";

struct store *small_empty(void)
{
	const struct store_opts o = { .now = SMALL_NOW };

	return new_store_in_memory(&o);
}

void small_sql(struct store *st, const char *sql)
{
	struct err e = ERR_INIT;

	if (!db_begin(st->db, DB_SYNC_NORMAL, &e) || !db_script(st->db, sql, &e) ||
	    !db_end(st->db, true, &e))
		fail_msg("%s", e.text);
}

struct store *small_open(void)
{
	struct store *st = small_empty();

	small_sql(st, ASSETS);
	small_sql(st, SOURCES);
	small_sql(st, FINDINGS);
	small_sql(st, REST);
	return st;
}
