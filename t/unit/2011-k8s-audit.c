/* SPDX-License-Identifier: MIT */
/* 2011-k8s-audit.c - what the API server was asked to keep secret stays out of the records. */
#include "t/lib/test.h"

#include "importers/importer.h"
#include "importers/source.h"

struct raw_sink {
	struct sink sink;
	struct buf  raw; /* of all events */
};

static bool keep_raw(struct sink *s, const struct record *r, UNUSED struct err *e)
{
	struct raw_sink *k = (struct raw_sink *)s; /* its first member */

	if (r->kind == REC_EVENT)
		buf_add(&k->raw, r->u.event.raw, r->u.event.raw_len);
	return true;
}

static bool no_tick(UNUSED struct sink *s, UNUSED uint64_t done, UNUSED uint64_t total,
                    UNUSED struct err *e)
{
	return true;
}

static void read_log(struct raw_sink *k, const char *text)
{
	struct import_opts o = { .format = "k8s-audit" };
	struct source *src;
	struct err e = ERR_INIT;

	*k = (struct raw_sink){ .sink = { keep_raw, no_tick }, .raw = BUF_INIT };
	assert_true(source_open_bytes("audit.log", text, strlen(text), &src, &e));
	if (!import_source(src, &o, &k->sink, NULL, &e))
		fail_msg("%s", e.text);
	source_close(src);
}

#define EVENT(resource) \
	"{\"kind\":\"Event\",\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"verb\":\"patch\"," \
	"\"objectRef\":{\"resource\":\"" resource "\",\"name\":\"x\"}," \
	"\"requestObject\":{\"data\":{\"password\":\"aHVudGVyMg==\"}}," \
	"\"responseObject\":{\"data\":{\"password\":\"aHVudGVyMg==\"}}," \
	"\"stageTimestamp\":\"2025-03-04T09:15:02Z\"}\n"

static void bodies_of_secrets_are_left_out(UNUSED void **state)
{
	static const char *const resources[] = {
		EVENT("secrets"), EVENT("configmaps"), EVENT("serviceaccounts"),
	};

	for (size_t i = 0; i < LENGTH(resources); i++) {
		struct raw_sink k;

		read_log(&k, resources[i]);
		assert_non_null(strstr(k.raw.s, "\"auditID\":\"a\""));
		assert_null(strstr(k.raw.s, "aHVudGVyMg"));
		buf_release(&k.raw);
	}
}

static void other_bodies_stay_as_they_came(UNUSED void **state)
{
	struct raw_sink k;

	read_log(&k, EVENT("pods"));
	assert_int_equal(k.raw.len, strlen(EVENT("pods")) - 1);
	assert_memory_equal(k.raw.s, EVENT("pods"), k.raw.len);
	buf_release(&k.raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_of_secrets_are_left_out),
		cmocka_unit_test(other_bodies_stay_as_they_came),
	};

	return cmocka_run_group_tests_name("k8s-audit", tests, NULL, NULL);
}
