/* SPDX-License-Identifier: MIT */
/* 0019-http.c - fetching, from a server of our own on this machine. */
#include "t/lib/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define BODY_MAX ((size_t)300000)

struct server {
	pid_t pid;
	int   port;
};

static void reply(int fd, const char *status, const char *more, const char *body, size_t n)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n", status, n,
	         more);
	buf_add(&b, body, n);
	for (size_t at = 0; at < b.len;) {
		ssize_t done = send(fd, b.s + at, b.len - at, MSG_NOSIGNAL);

		if (done <= 0)
			break;
		at += (size_t)done;
	}
	buf_release(&b);
}

/* Answer one request by its path. */
static void answer(int fd)
{
	char       request[2000];
	size_t     n = 0;
	ssize_t    got;
	struct buf body = BUF_INIT;

	do {
		got = recv(fd, request + n, sizeof(request) - 1 - n, 0);
		n += got > 0 ? (size_t)got : 0;
		request[n] = '\0';
	} while (got > 0 && !strstr(request, "\r\n\r\n"));
	if (strstr(request, "GET /hello "))
		reply(fd, "200 OK", "", "a\0b", 3);
	else if (strstr(request, "GET /agent ") && strstr(request, "User-Agent: seaworthy/"))
		reply(fd, "200 OK", "", "known", 5);
	else if (strstr(request, "GET /empty "))
		reply(fd, "200 OK", "", "", 0);
	else if (strstr(request, "GET /moved "))
		reply(fd, "302 Found", "Location: /hello\r\n", "", 0);
	else if (strstr(request, "GET /loop "))
		reply(fd, "302 Found", "Location: /loop\r\n", "", 0);
	else if (strstr(request, "GET /escape "))
		reply(fd, "302 Found", "Location: file:///etc/passwd\r\n", "", 0);
	else if (strstr(request, "GET /large ")) {
		while (body.len < BODY_MAX)
			buf_adds(&body, "0123456789");
		reply(fd, "200 OK", "", body.s, body.len);
	} else if (strstr(request, "GET /short "))
		reply(fd, "200 OK", "Content-Length: 50\r\n", "cut", 3);
	else
		reply(fd, "404 Not Found", "", "no", 2);
	buf_release(&body);
}

static int start(void **state)
{
	static struct server server;
	struct sockaddr_in   at = { .sin_family = AF_INET };
	socklen_t            size = sizeof(at);
	int                  fd = socket(AF_INET, SOCK_STREAM, 0), client;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, size) != 0 || listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &size) != 0)
		return -1;
	server.port = ntohs(at.sin_port);
	server.pid = fork();
	if (server.pid == 0) {
		while ((client = accept(fd, NULL, NULL)) >= 0) {
			answer(client);
			close(client);
		}
		_exit(0);
	}
	close(fd);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	*state = &server;
	return server.pid < 0;
}

static int stop(void **state)
{
	const struct server *server = *state;

	kill(server->pid, SIGTERM);
	return waitpid(server->pid, NULL, 0) != server->pid;
}

static bool collect(void *ctx, const char *p, size_t n, UNUSED struct err *e)
{
	buf_add(ctx, p, n);
	return true;
}

static bool refuse(void *ctx, UNUSED const char *p, UNUSED size_t n, struct err *e)
{
	++*(int *)ctx;
	return err_set(e, ERR_CANCEL, "enough");
}

static bool get(void *const *state, const char *path, struct buf *body, struct err *e)
{
	const struct server *server = *state;
	char                 url[100];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", server->port, path);
	return http_get(url, collect, body, e);
}

static void expect_body(void *const *state, const char *path, const char *want, size_t n)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	if (!get(state, path, &b, &e))
		fail_msg("%s", e.text);
	assert_int_equal(b.len, n);
	assert_memory_equal(b.s, want, n);
	buf_release(&b);
}

static void expect_failure(void *const *state, const char *path, const char *part)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	assert_false(get(state, path, &b, &e));
	assert_int_equal(e.kind, ERR_NET);
	assert_true(str_prefix(e.text, "cannot fetch from 127.0.0.1: "));
	if (!strstr(e.text, part))
		fail_msg("%s", e.text);
	buf_release(&b);
}

static void a_body_arrives_byte_for_byte(void **state)
{
	expect_body(state, "/hello", "a\0b", 3);
	expect_body(state, "/empty", "", 0);
	expect_body(state, "/agent", "known", 5);
}

static void a_large_body_arrives_whole(void **state)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	assert_true(get(state, "/large", &b, &e));
	assert_int_equal(b.len, BODY_MAX);
	for (size_t i = 0; i < b.len; i++)
		assert_int_equal(b.s[i], '0' + i % 10);
	buf_release(&b);
}

static void redirects_are_followed_but_not_forever_nor_elsewhere(void **state)
{
	expect_body(state, "/moved", "a\0b", 3);
	expect_failure(state, "/loop", "redirects");
	expect_failure(state, "/escape", "file");
}

static void failures_name_host_and_reason(void **state)
{
	expect_failure(state, "/absent", "404");
	expect_failure(state, "/short", "");
}

static void the_receiver_may_stop_and_says_why(void **state)
{
	const struct server *server = *state;
	char                 url[100];
	struct err           e = ERR_INIT;
	int                  calls = 0;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/large", server->port);
	assert_false(http_get(url, refuse, &calls, &e));
	assert_int_equal(calls, 1);
	assert_int_equal(e.kind, ERR_CANCEL);
	assert_string_equal(e.text, "enough");
}

static void only_the_web_is_fetched(UNUSED void **state)
{
	static const char *const bad[] = { "", "report.json", "file:///etc/passwd", "ftp://h/x" };
	struct buf               b = BUF_INIT;

	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct err e = ERR_INIT;

		assert_false(http_get(bad[i], collect, &b, &e));
		assert_int_equal(e.kind, ERR_USAGE);
	}
	assert_int_equal(b.len, 0);
}

/* Nothing listens on port 1; the password must not be in what the user may paste elsewhere. */
static void passwords_are_never_shown(UNUSED void **state)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	assert_false(http_get("http://me:hunter2@127.0.0.1:1/x", collect, &b, &e));
	assert_int_equal(e.kind, ERR_NET);
	assert_null(strstr(e.text, "hunter2"));
	assert_false(http_get("http://me:hunter2@:99999999/", collect, &b, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_null(strstr(e.text, "hunter2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_arrives_byte_for_byte),
		cmocka_unit_test(a_large_body_arrives_whole),
		cmocka_unit_test(redirects_are_followed_but_not_forever_nor_elsewhere),
		cmocka_unit_test(failures_name_host_and_reason),
		cmocka_unit_test(the_receiver_may_stop_and_says_why),
		cmocka_unit_test(only_the_web_is_fetched),
		cmocka_unit_test(passwords_are_never_shown),
	};

	return cmocka_run_group_tests_name("http", tests, start, stop);
}
