/* SPDX-License-Identifier: MIT */
/* chance.c - random histories of imports, the same ones everywhere. */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/chance.h"

static uint64_t seed;

void chance_seed(uint64_t n)
{
	seed = UINT64_C(0x9e3779b97f4a7c15) * n;
}

/* xorshift64 */
int chance_pick(int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)n);
}

static const char *const configs[] = { "a", "b", "c", "d" };
static const char *const names[] = { "app:1", "app:2", "registry.example.com/web:1" };
static const char *const packages[] = { "zlib", "curl", "musl" };
static const char *const versions[] = { "1", "2" };

static void some_findings(struct import *in)
{
	char id[32];

	for (int k = chance_pick(8); k > 0; k--) {
		snprintf(id, sizeof(id), "CVE-%d", chance_pick(5));
		vuln(in, id, packages[chance_pick(3)], versions[chance_pick(2)],
		     (enum severity)chance_pick(SEV_COUNT));
	}
	for (int k = chance_pick(3); k > 0; k--)
		check(in, chance_pick(2) ? "DS-0001" : "DS-0002", chance_pick(2) ? "a" : "b",
		      (enum verdict)chance_pick(VERDICT_COUNT));
}

static void a_scan(struct import *in, int64_t at)
{
	scan(in, chance_pick(2) ? "trivy" : "grype", at);
	if (chance_pick(6) == 0)
		host(in, chance_pick(2) ? "node-1" : "node-2");
	else
		image(in, names[chance_pick(3)],
		      chance_pick(5) ? digest(*configs[chance_pick(4)]) : NULL);
	if (chance_pick(4))
		cover(in, FINDING_VULNERABILITY);
	if (chance_pick(3))
		cover(in, FINDING_MISCONFIGURATION);
	some_findings(in);
}

static void an_inventory(struct import *in, int64_t at)
{
	char pod[16];

	scan(in, "kubectl", at);
	for (int k = 1 + chance_pick(3); k > 0; k--) {
		snprintf(pod, sizeof(pod), "pod-%d", chance_pick(6));
		running(in, chance_pick(2) ? "shop" : "pay", chance_pick(2) ? "web" : "api", pod,
			names[chance_pick(3)],
			chance_pick(4) ? digest(*configs[chance_pick(4)]) : NULL);
	}
}

static void a_signal(struct import *in)
{
	char id[32];

	snprintf(id, sizeof(id), "CVE-%d", chance_pick(5));
	put(in, &(struct record){ REC_SIGNAL,
				  { .signal = { .cve = id,
						.kev = chance_pick(2) != 0,
						.epss = chance_pick(1000) } } });
}

static void an_alert(struct import *in, int64_t at)
{
	static const char *const containers[] = { "0123456789ab", "ba9876543210" };

	scan(in, "falco", at);
	for (int k = 1 + chance_pick(3); k > 0; k--)
		event(in, chance_pick(2) ? "Shell in a container" : "Write below etc",
		      containers[chance_pick(2)], at - chance_pick(3) * 600,
		      (enum priority)chance_pick(PRIO_COUNT));
}

static void a_signature(struct import *in, int64_t at)
{
	scan(in, "cosign", at);
	put(in, &(struct record){ REC_SIGNATURE,
				  { .signature = { .digest = digest(*configs[chance_pick(4)]),
						   .signer = "ci@example.com",
						   .result = chance_pick(3) ? SIGNATURE_OK
									    : SIGNATURE_BAD } } });
}

void history_import(struct import *in, int64_t at, int kind)
{
	in->o.cluster = kind == 1 || chance_pick(4) == 0 ? "prod" : NULL;
	in->o.at = kind == 0 ? at : 0;
	import_begin_test(in);
	switch (kind) {
	case 0:
		a_signal(in);
		break;
	case 1:
		an_inventory(in, at);
		break;
	case 6:
		an_alert(in, at);
		break;
	case 7:
		a_signature(in, at);
		break;
	default:
		a_scan(in, at);
	}
	import_end_test(in);
	in->o.at = 0;
}
