/* SPDX-License-Identifier: MIT */
/* 3100-json.c - JSON objects, read back by a reader that is not ours (jansson). */
#include "t/lib/test.h"

#include <stdio.h>

#include "reports/report.h"
#include "t/lib/readback.h"

#define NOW     INT64_C(1795464000) /* 2026-11-23T20:00:00Z */
#define HOSTILE "\"},\x1b]0;x\x07\xff\\\n\xe2\x80\xae"
#define HARMLESS "\"},\x1b]0;x\x07\xef\xbf\xbd\\\n\xe2\x80\xae"

static void is_text(const json_t *root, const char *path, const char *want)
{
	const char *got = json_string_value(read_at(root, path));

	if (!str_eq(got, want))
		fail_msg("%s: got '%s', want '%s'", path, got ? got : "(no text)", want);
}

static void is_int(const json_t *root, const char *path, int64_t want)
{
	const json_t *v = read_at(root, path);

	if (!json_is_integer(v) || json_integer_value(v) != want)
		fail_msg("%s: not the integer %lld", path, (long long)want);
}

static void is_real(const json_t *root, const char *path, const char *want)
{
	char got[32];

	assert_true(json_is_real(read_at(root, path)));
	snprintf(got, sizeof(got), "%.4f", json_real_value(read_at(root, path)));
	assert_string_equal(got, want);
}

static void is_bool(const json_t *root, const char *path, bool want)
{
	const json_t *v = read_at(root, path);

	if (!json_is_boolean(v) || json_is_true(v) != want)
		fail_msg("%s: not %s", path, want ? "true" : "false");
}

static void is_null(const json_t *root, const char *path)
{
	if (!json_is_null(read_at(root, path)))
		fail_msg("%s: not null", path);
}

static void is_array(const json_t *root, const char *path, size_t want)
{
	const json_t *v = read_at(root, path);

	if (!json_is_array(v) || json_array_size(v) != want)
		fail_msg("%s: not an array of %zu", path, want);
}

/* Every name in `names` ("id kind ...") is a member. */
static void has_fields(const json_t *root, const char *path, const char *names)
{
	const json_t *v = read_at(root, path);

	for (const char *p = names; *p;) {
		char key[64];
		size_t len = strcspn(p, " ");

		memcpy(key, p, len);
		key[len] = 0;
		if (!json_object_get(v, key))
			fail_msg("%s: no field %s", path, key);
		p += len + (p[len] == ' ');
	}
}

/* ---- details ---- */

static const struct control_ref controls[] = {
	{ 1, "PCI-DSS", "6.3.3", HOSTILE, 0, CONTROL_FAIL },
	{ 2, "NIST", "SI-2", "Flaws", 1, CONTROL_NONE },
};
static const struct note notes[] = { { NOW, "ann", HOSTILE } };
static const struct history history[] = { { NOW, "reopened", "trivy", NULL } };
static const struct sighting sightings[] = {
	{ "trivy", "CRITICAL", SEV_CRITICAL, 98, NOW, NOW - 60, 0 },
	{ "grype", "High", SEV_HIGH, -1, NOW, 0, NOW },
};
static const char *const words[] = { "one", HOSTILE };

/* What a writer wrote, parsed. */
#define PARSED(call) \
	do { \
		struct out *o = out_buf(&b); \
		struct err e = ERR_INIT; \
		call; \
		assert_true(out_close(o, &e)); \
		root = read_line(&b, &e); \
		if (!root) \
			fail_msg("%s: %s", e.text, b.s); \
		buf_reset(&b); \
	} while (0)

static struct finding_detail a_finding(void)
{
	return (struct finding_detail){
		.asset = 12, .advisory = 345, .part = 6, .severity = SEV_CRITICAL,
		.name = "CVE-2024-24790", .title = HOSTILE, .alias = words, .nalias = 2,
		.asset_name = "api:1", .asset_digest = "sha256:ab", .package_type = "golang",
		.package = "stdlib", .version = "1.21.5", .fixed_in = "1.21.11", .location = words,
		.nlocation = 2, .score = 98, .epss = 7, .kev = true, .since = NOW - DAY_S,
		.due = NOW - DAY_S, .class_name = "vuln-critical", .sighting = sightings,
		.nsighting = 2, .control = controls, .ncontrol = 2, .history = history,
		.nhistory = 1, .note = notes, .nnote = 1, .reach = 4, .exposed = 1,
	};
}

static void a_finding_has_the_promised_fields(UNUSED void **state)
{
	const struct finding_detail d = a_finding();
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_finding(o, &d, NOW));
	has_fields(root, "",
	           "id kind severity state advisory aliases title asset package fixed_in "
	           "locations sources first_seen last_seen due overdue owner kev epss cvss "
	           "classes controls");
	has_fields(root, "asset", "kind name digest");
	has_fields(root, "package", "type name version purl");
	is_text(root, "id", "12-345-6");
	is_text(root, "severity", "critical");
	is_text(root, "title", HARMLESS);
	is_text(root, "package.purl", "pkg:golang/stdlib@1.21.5");
	is_real(root, "epss", "0.0007");
	is_real(root, "cvss", "9.8000");
	is_bool(root, "overdue", true);
	is_null(root, "owner");
	is_null(root, "last_seen");
	is_text(root, "classes.0", "vuln-critical");
	is_text(root, "asset.exposed", "exposed?");
	is_text(root, "controls.0.status", "fail");
	is_text(root, "controls.1.weight", "supporting");
	json_decref(root);
	buf_release(&b);
}

static void sources_are_those_that_see_it_now(UNUSED void **state)
{
	const struct finding_detail d = a_finding();
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_finding(o, &d, NOW));
	is_array(root, "sources", 1);
	is_text(root, "sources.0", "trivy");
	is_array(root, "sightings", 2);
	is_text(root, "sightings.1.until", "2026-11-23T20:00:00Z");
	is_null(root, "sightings.1.cvss");
	json_decref(root);
	buf_release(&b);
}

static void only_what_is_open_is_overdue(UNUSED void **state)
{
	static const bool runs[STATE_COUNT] = {
		[STATE_OPEN] = true, [STATE_RISK_ADJUSTED] = true, [STATE_VENDOR] = true,
	};
	struct finding_detail d = a_finding();
	struct buf b = BUF_INIT;
	json_t *root;

	for (int s = 0; s < STATE_COUNT; s++) {
		d.state = (enum finding_state)s;
		PARSED(json_finding(o, &d, NOW));
		is_bool(root, "overdue", runs[s]);
		json_decref(root);
	}
	d.state = STATE_OPEN;
	PARSED(json_finding(o, &d, NOW - DAY_S));
	is_bool(root, "overdue", false);
	json_decref(root);
	buf_release(&b);
}

static void an_image_has_the_promised_fields(UNUSED void **state)
{
	static const char *const digests[] = { "config sha256:aa", "manifest sha256:bb" };
	const struct image_detail d = {
		.id = 7, .name = HOSTILE, .names = words, .nnames = 2, .digest = digests,
		.ndigest = 2, .built = NOW, .due = DUE_NONE, .open = { 1, 2, 3, 4, 5, 6 },
		.late = 9, .signature = "ok", .scan = sightings, .nscan = 2, .exposed = 2,
		.scanned_at = NOW, .current = true,
	};
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_image(o, &d));
	has_fields(root, "",
	           "id name names digest os base created running findings overdue signed "
	           "admission last_scan gate");
	has_fields(root, "findings", "critical high medium low negligible unknown");
	is_int(root, "findings.unknown", 6);
	is_int(root, "overdue", 9);
	is_text(root, "digest", "sha256:bb");
	is_text(root, "digests.0.kind", "config");
	is_text(root, "names.1", HARMLESS);
	is_null(root, "due");
	is_text(root, "exposed", "exposed");
	is_text(root, "scans.1.source", "grype");
	json_decref(root);
	buf_release(&b);
}

static void a_control_says_what_it_rests_on(UNUSED void **state)
{
	static const struct class_ref classes[] = {
		{ 1, "vuln-critical", "Critical", 0, 5, 2, 30 },
		{ 2, "weak", "Weak", 2, 0, 0, 99 },
	};
	struct control_detail d = {
		.framework = "PCI-DSS", .ident = "6.3.3", .title = HOSTILE, .word = CONTROL_STALE,
		.failing = 5, .newest = NOW - 3600, .class_ref = classes, .nclass = 2,
		.covered = 5, .applicable = 6, .also = controls, .nalso = 2,
	};
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_control(o, &d, NOW));
	has_fields(root, "", "framework id title status evidence failing excepted manual");
	is_text(root, "status", "stale");
	is_text(root, "evidence.kind", "data");
	is_int(root, "evidence.age_seconds", 3600);
	is_int(root, "evidence.count", 30);
	is_null(root, "manual");
	is_text(root, "also.1.id", "SI-2");
	json_decref(root);

	d.answered = true;
	d.answer = ANSWER_PARTIAL;
	d.answered_at = d.told_at = NOW - 60;
	PARSED(json_control(o, &d, NOW));
	is_text(root, "evidence.kind", "both");
	is_int(root, "evidence.age_seconds", 60);
	is_text(root, "manual", "partial");
	json_decref(root);

	d = (struct control_detail){ .ident = "1", .word = CONTROL_NONE };
	PARSED(json_control(o, &d, NOW));
	is_text(root, "evidence.kind", "none");
	is_null(root, "evidence.age_seconds");
	json_decref(root);
	buf_release(&b);
}

static struct alert_detail an_alert(void)
{
	return (struct alert_detail){
		.id = 3, .first_ns = NOW * NS_PER_S + 5, .last_ns = NOW * NS_PER_S, .events = 2,
		.priority = PRIO_CRITICAL, .rule = HOSTILE, .ack_due = NOW - 1,
		.contain_due = NOW + 60, .close_due = DUE_NONE,
		.report_due = NOW + DAY_S, .next_due = NOW - 1,
		.fields = "proc.name\tsh\nfd.name\t" HOSTILE "\nproc.name\ttwice\nno tab",
	};
}

static void an_alert_has_the_promised_fields(UNUSED void **state)
{
	const struct alert_detail d = an_alert();
	struct buf b = BUF_INIT;
	const json_t *name;
	json_t *root;

	PARSED(json_alert(o, &d, NOW));
	has_fields(root, "",
	           "id rule priority container image cluster namespace workload first last count "
	           "state clock");
	has_fields(root, "clock", "ack_due contain_due close_due report_due late");
	is_text(root, "first", "2026-11-23T20:00:00.000000005Z");
	is_null(root, "clock.close_due");
	is_bool(root, "clock.late", true);
	is_null(root, "raw");
	name = json_object_get(read_at(root, "fields"), "proc.name");
	assert_string_equal(json_string_value(name), "sh");
	json_decref(root);
	buf_release(&b);
}

static void what_is_done_is_told_of_beside_what_is_due(UNUSED void **state)
{
	struct alert_detail d = an_alert();
	struct buf b = BUF_INIT;
	json_t *root;

	d.state = ALERT_CLOSED;
	d.acknowledged = d.closed = NOW;
	d.next_due = d.report_due;
	PARSED(json_alert(o, &d, NOW));
	is_bool(root, "clock.late", false);
	is_text(root, "clock.next_due", "2026-11-24T20:00:00Z");
	is_null(root, "reported");
	json_decref(root);
	d.reported = NOW;
	d.next_due = DUE_NONE;
	PARSED(json_alert(o, &d, NOW + 2 * DAY_S));
	is_bool(root, "clock.late", false);
	is_null(root, "clock.next_due");
	is_text(root, "reported", "2026-11-23T20:00:00Z");
	json_decref(root);
	buf_release(&b);
}

static void an_item_shows_data_beside_answers(UNUSED void **state)
{
	static const struct answer_row answers[] = {
		{ ANSWER_NA, NOW, NOW + DAY_S, "ann", HOSTILE },
		{ ANSWER_PASS, NOW - DAY_S, 0, "bob", NULL },
	};
	struct item_detail d = {
		.ident = "VM-04", .title = HOSTILE, .data = CONTROL_FAIL, .data_why = "2 late",
		.answered = true, .answer = answers, .nanswer = 2, .control = controls,
		.ncontrol = 1, .place = 31, .total = 50,
	};
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_item(o, &d));
	is_text(root, "id", "VM-04");
	is_text(root, "data", "fail");
	is_text(root, "answer", "n/a");
	is_text(root, "answers.0.note", HARMLESS);
	is_null(root, "answers.1.until");
	is_int(root, "place", 31);
	json_decref(root);
	d.answered = false; /* it has fallen due again */
	PARSED(json_item(o, &d));
	is_null(root, "answer");
	is_array(root, "answers", 2);
	json_decref(root);
	buf_release(&b);
}

/* ---- answers ---- */

static void the_overview_counts_all_seven_words(UNUSED void **state)
{
	static const struct status_framework fw[] = {
		{ 1, "PCI-DSS", HOSTILE, { { 1, 2, 3, 4, 5, 6, 7 } }, 20 },
	};
	static const struct trend trend[] = { { 20780, { 1, 2, 3, 4, 5, 6 }, 1 } };
	static const struct status_now now[] = { { "late", HOSTILE, "api", NULL, -60, { 0 } } };
	const struct status s = {
		.framework = fw, .nframework = 1, .trend = trend, .ntrend = 1, .now = now,
		.nnow = 1, .late = { [STATUS_KEV] = 3 }, .silent = 1, .seq = 42,
	};
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_status(o, &s, NOW));
	has_fields(root, "frameworks.0.controls", "pass fail stale none manual n/a excepted");
	is_int(root, "frameworks.0.controls.excepted", 7);
	is_int(root, "due.kev.late", 3);
	is_int(root, "estate.silent_clusters", 1);
	is_int(root, "known_to", 42);
	is_null(root, "newest_data");
	is_int(root, "now.0.left_seconds", -60);
	is_text(root, "trend.0.day", "2026-11-23");
	json_decref(root);
	buf_release(&b);
}

static void the_gate_gives_every_reason(UNUSED void **state)
{
	static const struct gate_reason reasons[] = {
		{ "vulnerability.critical", HOSTILE, "bump", "baseline", false },
		{ "scan.age", "old", NULL, "baseline", true },
	};
	const struct gate_answer a = { 7, "api", NULL, "baseline", false, reasons, 2 };
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_gate(o, &a));
	is_bool(root, "admitted", false);
	is_null(root, "digest");
	is_array(root, "reasons", 2);
	is_text(root, "reasons.0.text", HARMLESS);
	is_bool(root, "reasons.1.evidence", true);
	is_text(root, "reasons.1.policy", "baseline");
	json_decref(root);
	buf_release(&b);
}

static void verify_names_the_first_bad_record(UNUSED void **state)
{
	struct verify_answer a = { true, 9, 9, "abcd", 0, NULL };
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_verify(o, &a));
	is_bool(root, "intact", true);
	is_null(root, "bad_seq");
	json_decref(root);
	a = (struct verify_answer){ false, 9, 9, "abcd", 4, "changed" };
	PARSED(json_verify(o, &a));
	is_int(root, "bad_seq", 4);
	is_text(root, "reason", "changed");
	json_decref(root);
	buf_release(&b);
}

static void an_import_tells_every_count_and_skip(UNUSED void **state)
{
	static const struct skip skips[] = { { "results[3]", "no id" }, { HOSTILE, HOSTILE } };
	const struct ingest_stats s = {
		.read = { [COUNT_FINDINGS] = 10 }, .resolved = { [COUNT_FINDINGS] = 2 },
		.source = "trivy", .scan_time = NOW, .skip = skips, .nskip = 2, .nskipped = 1500,
		.warning = words, .nwarning = 2,
	};
	const struct import_told told = { HOSTILE, "00ff", "trivy", &s, NULL };
	struct buf b = BUF_INIT;
	json_t *root;

	PARSED(json_import(o, &told));
	has_fields(root, "",
	           "file sha256 importer tool version scan_time duplicate read created reopened "
	           "unchanged resolved skipped");
	has_fields(root, "read",
	           "findings checks events components signatures statements objects containers");
	is_int(root, "read.findings", 10);
	is_int(root, "resolved.findings", 2);
	is_text(root, "skipped.0.place", "results[3]");
	is_int(root, "skipped_total", 1500);
	is_null(root, "error");
	json_decref(root);
	buf_release(&b);
}

static void a_failed_import_tells_why(UNUSED void **state)
{
	struct err why = ERR_INIT;
	const struct import_told told = { "x.json", NULL, NULL, NULL, &why };
	struct buf b = BUF_INIT;
	json_t *root;

	err_set(&why, ERR_FORMAT, "x.json: not a report");
	PARSED(json_import(o, &told));
	is_text(root, "error", "x.json: not a report");
	is_null(root, "importer");
	json_decref(root);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_has_the_promised_fields),
		cmocka_unit_test(sources_are_those_that_see_it_now),
		cmocka_unit_test(only_what_is_open_is_overdue),
		cmocka_unit_test(an_image_has_the_promised_fields),
		cmocka_unit_test(a_control_says_what_it_rests_on),
		cmocka_unit_test(an_alert_has_the_promised_fields),
		cmocka_unit_test(what_is_done_is_told_of_beside_what_is_due),
		cmocka_unit_test(an_item_shows_data_beside_answers),
		cmocka_unit_test(the_overview_counts_all_seven_words),
		cmocka_unit_test(the_gate_gives_every_reason),
		cmocka_unit_test(verify_names_the_first_bad_record),
		cmocka_unit_test(an_import_tells_every_count_and_skip),
		cmocka_unit_test(a_failed_import_tells_why),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
