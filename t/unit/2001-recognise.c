/* SPDX-License-Identifier: MIT */
/* 2001-recognise.c - what a peek shows of a file, and how a file finds its importer. */
#include "t/lib/test.h"

#include "importers/peek.h"
#include "importers/source.h"
#include "t/lib/printsink.h"

static struct peek *peek_at(const char *s, struct source **src, bool whole)
{
	struct err e = ERR_INIT;
	struct peek *p;

	if (!source_open_bytes("dir/x.json", s, strlen(s), src, &e))
		fail_msg("%s", e.text);
	p = peek_new(*src);
	if (!peek_look(p, whole, &e))
		fail_msg("%s", e.text);
	return p;
}

static void done(struct peek *p, struct source *src)
{
	peek_free(p);
	source_close(src);
}

static void paths_lead_to_keys_and_scalars(void **state)
{
	struct source *src;
	struct peek *p = peek_at(
		"{\"v\": 2, \"d\": {\"name\": \"grype\", \"none\": null}, \"runs\": [{\"tool\": "
		"{\"driver\": {\"name\": \"x\"}}}, {\"second\": 1}], \"a.b/c\": \"2\"}",
		&src, false);

	(void)state;
	assert_int_equal(peek_open(p), '{');
	assert_string_equal(peek_name(p), "x.json");
	assert_true(peek_is(p, "d.name", "grype"));
	assert_true(peek_has(p, "d"));
	assert_false(peek_has(p, "d.none"));
	assert_null(peek_text(p, "d"));
	assert_true(peek_number(p, "v"));
	assert_false(peek_number(p, "a.b/c"));
	assert_true(peek_is(p, "runs[0].tool.driver.name", "x"));
	assert_false(peek_has(p, "runs[0].second"));
	assert_true(peek_key_like(p, "a.", "/c"));
	assert_false(peek_key_like(p, "na", NULL));
	assert_true(peek_whole(p));
	done(p, src);
}

static void the_first_element_stands_for_an_array(void **state)
{
	struct source *src;
	struct peek *p = peek_at("[{\"Target\": \"t\", \"x\": [1]}, {\"other\": 1}]", &src, false);

	(void)state;
	assert_int_equal(peek_open(p), '[');
	assert_true(peek_is(p, "Target", "t"));
	assert_false(peek_has(p, "other"));
	done(p, src);
}

static void the_first_document_of_a_log_is_looked_at(void **state)
{
	struct source *src;
	struct peek *p = peek_at("banner {\n{ broken\n{\"rule\": \"r\"}\n{\"other\": 1}\n", &src,
				 false);

	(void)state;
	assert_true(peek_is(p, "rule", "r"));
	assert_false(peek_has(p, "other"));
	assert_string_equal(peek_head(p),
			    "banner {\n{ broken\n{\"rule\": \"r\"}\n{\"other\": 1}\n");
	done(p, src);
}

static void yaml_is_looked_at_like_json(void **state)
{
	struct source *src;
	struct peek *p = peek_at("apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n", &src, false);

	(void)state;
	assert_int_equal(peek_open(p), '{');
	assert_true(peek_is(p, "items[0].kind", "Pod"));
	done(p, src);
}

static void keys_behind_the_head_take_a_look_at_the_whole(void **state)
{
	struct buf b = BUF_INIT;
	struct source *src;
	struct peek *p;
	struct err e = ERR_INIT;

	(void)state;
	buf_adds(&b, "{\"matches\": [");
	for (int i = 0; i < 20000; i++)
		buf_adds(&b, "{\"a\": 1}, ");
	buf_adds(&b, "1], \"descriptor\": {\"name\": \"grype\"}}");
	p = peek_at(b.s, &src, false);
	assert_true(peek_has(p, "matches[0].a"));
	assert_false(peek_has(p, "descriptor"));
	assert_false(peek_whole(p));
	assert_true(peek_look(p, true, &e));
	assert_true(peek_is(p, "descriptor.name", "grype"));
	assert_true(peek_whole(p));
	done(p, src);
	buf_release(&b);
}

/* Formats that have much in common, and whose each document is. */
static void neighbours_are_told_apart(void **state)
{
	static const struct { const char *id, *text; } one[] = {
		{ "anchore", "{\"image_digest\": \"x\", \"vulnerability_type\": \"all\", "
			     "\"vulnerabilities\": []}" },
		{ "anchore", "[{\"vuln\": \"CVE-1\", \"packageName\": \"a\"}]" },
		{ "anchore-policy", "[{\"detail\": [], \"finalAction\": \"go\"}]" },
		{ "aqua", "{\"image\": \"a\", \"scan_started\": {}, \"resources\": []}" },
		{ "clair", "{\"image\": \"a\", \"unapproved\": [], \"vulnerabilities\": []}" },
		{ "clair", "{\"LayerCount\": 1, \"Vulnerabilities\": {}}" },
		{ "clair-4", "{\"manifest_hash\": \"x\", \"packages\": {}, "
			     "\"vulnerabilities\": {}, \"package_vulnerabilities\": {}}" },
		{ "gitlab", "{\"version\": \"15.0.7\", \"vulnerabilities\": [], \"scan\": "
			    "{\"type\": \"container_scanning\"}}" },
		{ "snyk", "{\"ok\": true, \"vulnerabilities\": [], "
			  "\"packageManager\": \"deb\"}" },
		{ "kev", "{\"catalogVersion\": \"1\", \"vulnerabilities\": []}" },
		{ "trivy-k8s", "{\"ClusterName\": \"c\", \"Vulnerabilities\": []}" },
		{ "aws-inspector", "{\"findings\": [{\"findingArn\": \"a\", "
				   "\"resources\": []}]}" },
		{ "asff", "{\"Findings\": [{\"SchemaVersion\": \"2018-10-08\", "
			  "\"ProductArn\": \"p\"}]}" },
		{ "trivy", "{\"SchemaVersion\": 2, \"ArtifactName\": \"a\"}" },
		{ "checkov", "[{\"check_type\": \"terraform\", \"results\": {}}]" },
		{ "sarif", "{\"version\": \"2.1.0\", \"runs\": []}" },
		{ "sarif", "{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", "
			   "\"runs\": []}" },
		{ "harbor", "{\"application/vnd.security.vulnerability.report; version=1.1\": "
			    "{}}" },
		{ "neuvector", "{\"report\": {\"vulnerabilities\": [{\"package_name\": "
			       "\"a\"}]}}" },
		{ "sysdig", "{\"scanner\": {\"name\": \"sysdig-cli-scanner\"}, "
			    "\"result\": {}}" },
		{ "wiz", "{\"scanOriginResource\": {}, \"result\": {}, \"policies\": []}" },
		{ "twistlock", "{\"results\": [{\"distro\": \"d\", "
			       "\"complianceDistribution\": {}}]}" },
		{ "kubescape", "{\"summaryDetails\": {}, \"results\": [], \"resources\": []}" },
		{ "oscal", "{\"catalog\": {\"uuid\": \"u\", \"metadata\": {}}}" },
		{ "oscal", "{\"profile\": {\"uuid\": \"u\", \"metadata\": {}, \"imports\": []}}" },
		{ "checklist", "{\"items\": [{\"id\": \"i\", \"title\": \"t\", "
			       "\"section\": \"s\"}]}" },
		{ "checklist", "section,title,id,answer\n" },
		{ "ssvc", "{\"dataType\": \"CVE_RECORD\", \"cveMetadata\": "
			  "{\"cveId\": \"CVE-1\"}}" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(one); i++) {
		struct err e = ERR_INIT;
		const struct importer *im;
		struct source *src;

		assert_true(source_open_bytes("x.json", one[i].text, strlen(one[i].text), &src,
					      &e));
		im = importer_guess(src, &e);
		if (im == NULL || !str_eq(im->id, one[i].id))
			fail_msg("%s is recognised as %s (%s)", one[i].text,
				 im == NULL ? "nothing" : im->id, e.text);
		source_close(src);
	}
}

static void check_fails(const char *s, const char *format, enum err_kind kind, const char *text)
{
	struct err e = ERR_INIT;
	struct source *src;
	struct print_sink sink;
	struct import_opts o = { .format = format };

	print_sink_init(&sink);
	assert_true(source_open_bytes("x.json", s, strlen(s), &src, &e));
	assert_false(import_source(src, &o, &sink.sink, NULL, &e));
	assert_int_equal(e.kind, kind);
	if (!str_prefix(e.text, text))
		fail_msg("\"%s\" does not begin with \"%s\"", e.text, text);
	assert_int_equal(sink.out.len, 0);
	source_close(src);
	print_sink_release(&sink);
}

static void unknown_files_are_refused(void **state)
{
	static const char *const empty[] = { "[]", "{}", "null\n", " [ ]\n",
					     "{\"findings\": [], \"next\": null}" };

	(void)state;
	check_fails("{\"no\": \"to", NULL, ERR_FORMAT,
		    "x.json: line 1, byte 10: the document breaks off");
	check_fails("{\"no\": \"tool\x7f\"}\n", NULL, ERR_FORMAT,
		    "x.json: not a format Seaworthy knows (first bytes: {\"no\": \"tool\\x7f\"}); "
		    "--map FILE teaches one");
	for (size_t i = 0; i < LENGTH(empty); i++)
		check_fails(empty[i], NULL, ERR_FORMAT,
			    "x.json: an empty result, which names no tool");
	check_fails("[\"no\", \"report\"]", NULL, ERR_FORMAT,
		    "x.json: not a format Seaworthy knows (first bytes: [\"no\", \"report\"])");
	check_fails("[{}]", NULL, ERR_FORMAT,
		    "x.json: not a format Seaworthy knows (first bytes: [{}])");
	check_fails("{\"findings\": [{}]}", NULL, ERR_FORMAT,
		    "x.json: not a format Seaworthy knows");
	check_fails("{\"findings\": [1]}", NULL, ERR_FORMAT,
		    "x.json: not a format Seaworthy knows");
	check_fails("{\"version\": \"2.2.0\", \"runs\": [{\"tool\": {}}]}", NULL, ERR_FORMAT,
		    "x.json: line 1: SARIF version 2.2.0 is not supported (want 2.1.0)");
	check_fails("{}", "wrong", ERR_USAGE, "x.json: no such format: wrong; formats: ");
}

static void importers_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; importer_at(i) != NULL; i++) {
		const struct importer *im = importer_at(i);

		assert_ptr_equal(importer_find(im->id), im);
		assert_non_null(im->title);
		assert_true(str_prefix(im->spec, "https://") || str_prefix(im->spec, "importers/"));
		assert_non_null(im->sniff);
		assert_non_null(im->run);
	}
	assert_null(importer_find("no-such"));
	assert_null(importer_find(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_lead_to_keys_and_scalars),
		cmocka_unit_test(the_first_element_stands_for_an_array),
		cmocka_unit_test(the_first_document_of_a_log_is_looked_at),
		cmocka_unit_test(yaml_is_looked_at_like_json),
		cmocka_unit_test(keys_behind_the_head_take_a_look_at_the_whole),
		cmocka_unit_test(unknown_files_are_refused),
		cmocka_unit_test(neighbours_are_told_apart),
		cmocka_unit_test(importers_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
