/* SPDX-License-Identifier: MIT */
/* 2022-container-log.c - what a container wrote, out of its runtime's log. */
#include "t/lib/test.h"

#include "importers/container_log.h"

#define T "2025-03-04T09:15:02.123456789Z "

struct input {
	const char *s;
	size_t      n, most; /* bytes at a time */
};

static bool more(void *ctx, char *dst, size_t size, size_t *n, struct err *e UNUSED)
{
	struct input *in = ctx;
	*n = in->n < size ? in->n : size;
	*n = *n < in->most ? *n : in->most;
	memcpy(dst, in->s, *n);
	in->s += *n;
	in->n -= *n;
	return true;
}

static bool put(void *ctx, const char *p, size_t n, struct err *e UNUSED)
{
	buf_add(ctx, p, n);
	return true;
}

/* Whatever the size of the pieces that the log comes in. */
static void check(const char *log, const char *want)
{
	assert_true(container_log_is(log, strlen(log)));
	for (size_t most = 1; most < 200; most += 7) {
		struct input in = { log, strlen(log), most };
		struct buf out = BUF_INIT;
		struct err e = ERR_INIT;
		if (!container_log_unwrap(more, &in, put, &out, &e))
			fail_msg("%s", e.text);
		assert_string_equal(out.s, want);
		buf_release(&out);
	}
}

static void plain(void **state)
{
	(void)state;
	check(T "stdout F {\"a\":1}\n" T "stderr F text\n", "{\"a\":1}\ntext\n");
	check(T "stdout F {\r\n" T "stdout F   \"a\": 1\n" T "stdout F }", "{\n  \"a\": 1\n}\n");
	check(T "stdout F\n" T "stdout F \n" T "stdout F:x y\n", "\n\ny\n");
}

static void parts_are_joined_and_lines_keep_their_numbers(void **state)
{
	(void)state;
	check(T "stdout P ab\n" T "stdout P cd\n" T "stdout F ef\n" T "stdout F g\n",
	      "abcdef\n\n\ng\n");
	check(T "stdout P ab\n", "ab\n");
	check(T "stdout P ab\n" "no log\n" T "stdout F c\n", "ab\nno log\nc\n");
}

static void a_time_of_day_keeps_its_date(void **state)
{
	(void)state;
	check(T "stdout F 09:15:02.1: Warning x\n" T "stdout F 2025-03-04T09:15:02Z: x\n",
	      T "stdout F 09:15:02.1: Warning x\n" "2025-03-04T09:15:02Z: x\n");
}

#define TAIL         "\",\"stream\":\"stdout\",\"time\":\"2025-03-04T09:15:02Z\""
#define DOCKER(text) "{\"log\":\"" text TAIL "}\n"

static void docker(void **state)
{
	(void)state;
	check(DOCKER("{\\\"a\\\":\\\"b\\\"}\\n") DOCKER("x\\n"), "{\"a\":\"b\"}\nx\n");
	check(DOCKER("ab") DOCKER("cd\\n") DOCKER("e\\n"), "abcd\n\ne\n");
	check(DOCKER("09:15:02: x\\n"), "2025-03-04T09:15:02Z stdout F 09:15:02: x\n");
}

static void collectors(void **state)
{
	(void)state;
	check("{\"log\":\"{}" TAIL ",\"kubernetes\":{}}\n"
	      "{\"date\":1.5,\"log\":\"a\",\"kubernetes\":{}}\n"
	      "{\"log\":\"b\",\"logtag\":\"P\"}\n{\"log\":\"c\",\"logtag\":\"F\"}\n",
	      "{}\na\nbc\n\n");
	check("{\"@timestamp\":\"2025-03-04T09:15:02.5Z\",\"_p\":\"F\",\"log\":\"09:15:02: x\"}\n",
	      "2025-03-04T09:15:02.5Z stdout F 09:15:02: x\n");
	check("{\"labels\":{},\"line\":\"{\\\"a\\\":1}\",\"timestamp\":\"2025-03-04T09:15:02Z\"}\n",
	      "{\"a\":1}\n");
	check("{\"@timestamp\":\"x\",\"message\":\"{}\"}\n{\"message\":\"a word\"}\n",
	      "{}\n{\"message\":\"a word\"}\n");
	check("{\"preview\":false,\"result\":{\"_raw\":\"{}\"}}\n{\"_raw\":\"{}\"}\n", "{}\n{}\n");
}

static void what_splunk_collects(void **state)
{
	(void)state;
	check("{\"time\":1741079702.5,\"host\":\"h\",\"event\":{\"a\":1,\"time\":\"x\"}}\n"
	      "{\"event\":\"{}\",\"sourcetype\":\"_json\"}\n",
	      "{\"a\":1,\"time\":\"x\"}\n{}\n");
	check("{\"event\":{\"a\":1}}{\"event\":{\"b\":2}} {\"event\":\"{}\"}\n{\"event\":{}}no\n"
	      "{\"event\":{}}{\"x\":1}",
	      "{\"a\":1}\n{\"b\":2}\n{}\n{\"event\":{}}no\n{}\n{\"x\":1}\n");
	check("{\"event\":\"09:15:02: x\",\"time\":\"1741079702.123456\"}\n",
	      "2025-03-04T09:15:02.123456000Z stdout F 09:15:02: x\n");
	check("{\"event\":{}}\n{\"event\":{},\"verb\":\"ADDED\"}\n{\"event\":7}\n",
	      "{}\n{\"event\":{},\"verb\":\"ADDED\"}\n{\"event\":7}\n");
}

#define ENTRY(text) \
	"{\"__REALTIME_TIMESTAMP\":\"1741079702123456\",\"_HOSTNAME\":\"worker-1\"," text "}\n"

static void a_journal_says_who_wrote_what_and_when(void **state)
{
	(void)state;
	check(ENTRY("\"SYSLOG_IDENTIFIER\":\"falco\",\"MESSAGE\":\"{}\"")
	      ENTRY("\"SYSLOG_IDENTIFIER\":\"falco\",\"MESSAGE\":\"a word\"")
	      ENTRY("\"SYSLOG_IDENTIFIER\":\"falco\",\"_PID\":\"7\",\"MESSAGE\":\"b\"")
	      ENTRY("\"MESSAGE\":\"09:15:02: x\""),
	      "{}\n2025-03-04T09:15:02.123456000Z worker-1 falco: a word\n"
	      "2025-03-04T09:15:02.123456000Z worker-1 falco[7]: b\n"
	      "2025-03-04T09:15:02.123456000Z stdout F 09:15:02: x\n");
}

static void what_is_no_log(void **state)
{
	static const char *const none[] = {
		"", "{}", "{\"log\":\"x\"}", "2025-03-04T09:15:02Z", "2025-03-04T09:15:02Z stdout",
		T "stdout ", T "stdout X y", T "stdout Fine y", T "elsewhere F y",
		"2025-03-04 stdout F y",
		"{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"today\"}",
		"{\"log\":\"x\",\"k\":1}", "{\"MESSAGE\":\"{}\"}", "{\"line\":\"{}\"}",
		"{\"message\":\"a word\",\"@timestamp\":\"2025-03-04T09:15:02Z\"}",
		"{\"log\":{},\"stream\":\"stdout\",\"time\":\"2025-03-04T09:15:02Z\"}",
	};
	(void)state;
	for (size_t i = 0; i < LENGTH(none); i++) {
		if (container_log_is(none[i], strlen(none[i])))
			fail_msg("%s", none[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(parts_are_joined_and_lines_keep_their_numbers),
		cmocka_unit_test(a_time_of_day_keeps_its_date),
		cmocka_unit_test(docker),
		cmocka_unit_test(collectors),
		cmocka_unit_test(what_splunk_collects),
		cmocka_unit_test(a_journal_says_who_wrote_what_and_when),
		cmocka_unit_test(what_is_no_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
