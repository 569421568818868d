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
		pod_listed(in, chance_pick(2) ? "shop" : "pay", chance_pick(2) ? "web" : "api", pod,
			   names[chance_pick(3)],
			   chance_pick(4) ? digest(*configs[chance_pick(4)]) : NULL,
			   chance_pick(5) > 0);
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

/* ---- what people do ---- */

void history_state(struct import *in, int64_t at, int64_t said)
{
	static const char *const products[] = {
		"app:1", "registry.example.com/web:1", "registry.example.com/web",
		"pkg:deb/debian/zlib@1", "pkg:deb/debian/curl@2",
	};
	static const char *const statuses[] = { "not_affected", "fixed", "affected", "ignored",
						"false_positive" };
	char id[32];

	snprintf(id, sizeof(id), "CVE-%d", chance_pick(5));
	import_begin_test(in);
	scan(in, "openvex", at);
	put(in, &(struct record){ REC_STATEMENT,
				  { .statement = { .advisory = id,
						   .product = chance_pick(6)
								      ? products[chance_pick(5)]
								      : digest('a'),
						   .purl = chance_pick(3) ? NULL
									  : "pkg:deb/debian/zlib",
						   .status = statuses[chance_pick(5)],
						   .at = said,
						   .until = chance_pick(3) ? 0
									   : in->st->now + D } } });
	import_end_test(in);
}

static bool some_finding(struct import *in, struct scope *out)
{
	int64_t n = number(in->st, "SELECT count(*) FROM finding");
	struct err e = ERR_INIT;
	struct stmt *s;

	if (n == 0)
		return false;
	*out = (struct scope){ .kind = SCOPE_FINDING };
	s = db_stmt(in->st->db, "SELECT asset, advisory, part\n"
				"FROM finding\n"
				"LIMIT 1 OFFSET $1");
	db_int(s, 1, chance_pick((int)n));
	assert_true(db_next(s));
	for (int k = 0; k < 3; k++)
		out->key[k] = db_column(s, k);
	return db_done(s, &e);
}

static bool except(struct import *in, struct err *e)
{
	int64_t days = 1 + chance_pick(20);
	int kind = STATE_ACCEPTED + chance_pick(STATE_COUNT - STATE_ACCEPTED);
	const struct exception x = {
		.kind = (enum finding_state)kind,
		.reach = (enum except_reach)chance_pick(REACH_COUNT),
		.severity = (enum severity)chance_pick(SEV_COUNT),
		.reason = "so it is",
		.until = in->st->now + days * D,
		.check_in = in->st->now + D * (1 + chance_pick((int)days)),
	};
	struct except_answer a = { 0 };
	struct scope what;

	return !some_finding(in, &what) ||
	       store_except(in->st, &x, &what, 1, chance_pick(5) == 0, &a, e) ||
	       strstr(e->text, "wants an approver") != NULL;
}

static bool change_exception(struct import *in, struct err *e)
{
	int64_t last = number(in->st, "SELECT max(id) FROM exception");
	int64_t id = last > 0 ? 1 + chance_pick((int)last) : 1;
	struct except_answer a = { 0 };

	if (chance_pick(2) ? store_except_end(in->st, id, "no more", e)
			   : store_except_renew(in->st, id, in->st->now + 9 * D, NULL, NULL, &a, e))
		return true;
	return e->kind == ERR_USAGE; /* there is none, or it has ended */
}

static bool say(struct import *in, struct err *e)
{
	static const char *const owners[] = { "ruiz", "mlee", "" };
	const struct scope item = { SCOPE_ITEM, { 1 } };
	struct scope what;

	if (!db_script(in->st->db, "INSERT INTO item (id, ident, ord, section, title)\n"
				   "VALUES (1, 'CN-1', 1, 's', 't') ON CONFLICT DO NOTHING", e))
		return false;
	if (chance_pick(3) == 0)
		return store_answer(in->st, &item, (enum answer)chance_pick(2), "so it is", 0, e);
	if (!some_finding(in, &what))
		return true;
	return chance_pick(2) ? store_own(in->st, &what, owners[chance_pick(3)], e)
			      : store_note(in->st, &what, "looked at", e);
}

/* What the last few records say that was done. */
static bool undo(struct import *in, struct err *e)
{
	int64_t last, n;

	return store_seq(in->st, &last, e) &&
	       store_undo(in->st, last - 1 - chance_pick(4), last, &n, e);
}

static bool tag(struct import *in, struct err *e)
{
	static const char *const tags[] = { "pci", "federal", "exposed" };
	static const char *const objects[] = { "ns/shop", "ns/pay", "cluster/prod", "repo/app",
					       "node/node-1" };
	struct arena mem = ARENA_INIT;
	const struct scope *what;
	bool changed, ok = true;
	size_t n = 0;

	/* nothing of that name yet: nothing to tag */
	if (store_scope_find(in->st, objects[chance_pick(5)], &mem, &what, &n, e))
		for (size_t i = 0; ok && i < n; i++)
			ok = store_tag(in->st, &what[i], tags[chance_pick(3)], chance_pick(3) > 0,
				       &changed, e);
	arena_release(&mem);
	return ok;
}

static bool use_policy(struct import *in, struct err *e)
{
	static const char *const policies[] = { "baseline", "bod-26-04", "fedramp-moderate",
						"by-grype" };

	return store_policy_use(in->st, policies[chance_pick(4)], NULL, NULL, e);
}

void history_act(struct import *in, enum history_act what)
{
	static bool (*const acts[ACT_COUNT])(struct import *in, struct err *e) = {
		[ACT_EXCEPT] = except, [ACT_CHANGE_EXCEPTION] = change_exception,
		[ACT_SAY] = say,       [ACT_UNDO] = undo,
		[ACT_TAG] = tag,       [ACT_POLICY] = use_policy,
	};
	struct err e = ERR_INIT;

	if (!acts[what](in, &e))
		fail_msg("act %d: %s", (int)what, e.text);
}
