/* SPDX-License-Identifier: MIT */
/*
 * 4070-screen.c - the terminal, on a pseudo-terminal: what is sent, what keys are, what is
 * restored.
 */
#include "t/lib/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tui/keys.h"
#include "tui/screen.h"

enum { W = 80, H = 24, BODY = 20 };

/* A terminal, and the child that has it for its own. */
struct term {
	int    master;
	pid_t  child;
	int    ask[2], answer[2]; /* one byte asks, one line of text answers */
	size_t sent;              /* bytes the terminal got since the last answer */
	char   got[8192];         /* the first of them */
};

/* ---- the child: does what it is told by one letter ---- */

static void draw_list(struct canvas *c, int first, int cursor)
{
	struct rect all = canvas_all(c);

	canvas_clear(c);
	canvas_text(c, all, 0, 0, ROLE_tab, "[2 Imgs]");
	for (int i = 0; i < BODY; i++) {
		canvas_printf(c, all, i + 2, 2, ROLE_text, "payments/api:2.%d.%d", first + i,
		              (first + i) * 7 % 13);
		canvas_printf(c, all, i + 2, 40, ROLE_critical, "%4d", (first + i) * 31 % 97);
		canvas_printf(c, all, i + 2, 60, ROLE_text, "%4dd", (first + i) * 17 % 89);
	}
	canvas_text(c, all, cursor + 2, 0, ROLE_cursor, ">");
	canvas_paint(c, all, cursor + 2, 0, 44, ROLE_COUNT, true);
	canvas_cursor(c, all, cursor + 2, 0);
}

static void child_key(struct screen *s, int out)
{
	struct pollfd p = { screen_fd(s), POLLIN, 0 };
	char name[16] = "none";
	uint32_t key;

	poll(&p, 1, 5000);
	key = screen_key(s);
	if (key != K_NONE && key != K_RESIZE)
		key_print(key, name);
	dprintf(out, "%s\n", name);
}

static void child_size(struct screen *s, int out)
{
	struct pollfd p = { screen_signal_fd(s), POLLIN, 0 };
	unsigned events;

	poll(&p, 1, 5000);
	events = screen_events(s);
	dprintf(out, "%dx%d %s\n", screen_width(s), screen_height(s),
	        events & SCREEN_END ? "end" : events & SCREEN_RESIZED ? "resized" : "same");
}

/* The next order; a signal on the way does not end the conversation. */
static char next_order(int in)
{
	ssize_t got;
	char what = 'q';

	do {
		got = read(in, &what, 1);
	} while (got < 0 && errno == EINTR);
	return got == 1 ? what : 'q';
}

static void child_loop(struct screen *s, struct canvas *c, int in, int out)
{
	int first = 0, cursor = 3;
	char what;

	while ((what = next_order(in)) != 'q') {
		if (what == 'k') {
			child_key(s, out);
			continue;
		}
		if (what == 's') {
			child_size(s, out);
			continue;
		}
		cursor += what == 'j';
		first += what == 'd' ? 1 : what == 'P' ? BODY : 0;
		draw_list(c, first, cursor);
		if (what == '=')
			canvas_text(c, canvas_all(c), H - 1, 0, ROLE_text,
			            "========================================");
		screen_draw(s, c);
		dprintf(out, "drawn\n");
	}
}

static void child_main(const struct term *t, const char *slave, const char *term)
{
	struct err e = ERR_INIT;
	struct canvas c = CANVAS_INIT;
	struct theme theme;
	struct screen *s;
	int fd;

	setsid();
	fd = open(slave, O_RDWR);
	if (fd < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0)
		_exit(9);
	setenv("TERM", term, 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	if (!screen_open(&s, true, &e) || !theme_load(&theme, "default", &e)) {
		dprintf(t->answer[1], "%s\n", e.text);
		_exit(0);
	}
	screen_theme(s, &theme);
	canvas_resize(&c, W, H);
	dprintf(t->answer[1], "open\n");
	child_loop(s, &c, t->ask[0], t->answer[1]);
	screen_close(s);
	canvas_release(&c);
	dprintf(t->answer[1], "closed\n");
	_exit(0);
}

/* ---- the parent ---- */

static void set_size(const struct term *t, unsigned short w, unsigned short h)
{
	const struct winsize ws = { .ws_row = h, .ws_col = w };

	assert_int_equal(ioctl(t->master, TIOCSWINSZ, &ws), 0);
}

/* The child's next line; what it writes to its terminal meanwhile is counted. */
static void hear(struct term *t, char out[static 128])
{
	size_t n = 0;
	char more[4096];

	memset(t->got, '\0', sizeof(t->got));
	for (t->sent = 0;;) {
		struct pollfd p[2] = { { t->master, POLLIN, 0 }, { t->answer[0], POLLIN, 0 } };

		assert_true(poll(p, 2, 20000) > 0);
		if (p[0].revents & POLLIN) {
			ssize_t got = read(t->master, more, sizeof(more));

			for (ssize_t i = 0; i < got; i++)
				if (t->sent + (size_t)i + 1 < sizeof(t->got))
					t->got[t->sent + (size_t)i] = more[i];
			t->sent += got > 0 ? (size_t)got : 0;
			continue;
		}
		if (n == 127 || read(t->answer[0], out + n, 1) != 1 || out[n] == '\n')
			break;
		n++;
	}
	out[n] = '\0';
}

static void assert_hears(struct term *t, const char *want)
{
	char got[128];

	hear(t, got);
	assert_string_equal(got, want);
}

static void tell(struct term *t, char what)
{
	assert_int_equal(write(t->ask[1], &what, 1), 1);
}

static void start(struct term *t, const char *term)
{
	char slave[64];

	t->master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(t->master >= 0);
	assert_int_equal(grantpt(t->master), 0);
	assert_int_equal(unlockpt(t->master), 0);
	assert_true(str_copy(slave, sizeof(slave), ptsname(t->master)));
	set_size(t, W, H);
	assert_int_equal(pipe(t->ask), 0);
	assert_int_equal(pipe(t->answer), 0);
	t->child = fork();
	assert_true(t->child >= 0);
	if (t->child == 0)
		child_main(t, slave, term);
}

static void finish(struct term *t)
{
	int status;

	for (int i = 0; i < 2; i++) {
		close(t->ask[i]);
		close(t->answer[i]);
	}
	assert_int_equal(waitpid(t->child, &status, 0), t->child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(t->master);
}

static void stop(struct term *t)
{
	tell(t, 'q');
	assert_hears(t, "closed");
	finish(t);
}

/* Draws, and returns how many bytes that took. */
static size_t draw(struct term *t, char what)
{
	tell(t, what);
	assert_hears(t, "drawn");
	return t->sent;
}

static void what_did_not_change_costs_nothing(UNUSED void **state)
{
	struct term t;

	start(&t, "xterm-256color");
	assert_hears(&t, "open");
	assert_true(draw(&t, '.') > 500);
	assert_int_equal(draw(&t, '.'), 0);
	stop(&t);
}

static void a_cursor_key_a_line_and_a_page_keep_to_their_budgets(UNUSED void **state)
{
	struct term t;

	start(&t, "xterm-256color");
	assert_hears(&t, "open");
	draw(&t, '.');
	assert_in_range(draw(&t, 'j'), 1, 300);
	assert_in_range(draw(&t, 'd'), 1, 300);
	assert_in_range(draw(&t, 'P'), 1, 2048);
	stop(&t);
}

/* Not every terminal that is called xterm knows how to repeat a character. */
static void a_run_of_one_character_is_written_in_full(UNUSED void **state)
{
	char *locale = getenv("LC_ALL") ? xstrdup(getenv("LC_ALL")) : NULL;
	bool whole;
	struct term t;

	setenv("LC_ALL", "C", 1);
	start(&t, "xterm-256color");
	assert_hears(&t, "open");
	draw(&t, '.');
	draw(&t, '=');
	whole = strstr(t.got, "========================================") != NULL;
	stop(&t);
	assert_true(whole);
	if (locale)
		setenv("LC_ALL", locale, 1);
	free(locale);
}

static void keys_have_their_names(UNUSED void **state)
{
	static const struct { const char *bytes, *name; } cases[] = {
		{ "j", "j" }, { "\033[A", "Up" }, { "\033OB", "Down" }, { "\033[6~", "PgDn" },
		{ "\r", "Enter" }, { "\t", "Tab" }, { "\033[Z", "S-Tab" }, { "\177", "Backspace" },
		{ "\004", "Ctrl-D" }, { "\003", "Ctrl-C" }, { "\032", "Ctrl-Z" },
		{ "\033OP", "F1" }, { "\033", "Esc" }, { "\xc3\xa9", "\xc3\xa9" },
	};
	struct term t;

	start(&t, "xterm-256color");
	assert_hears(&t, "open");
	draw(&t, '.');
	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t n = strlen(cases[i].bytes);

		assert_int_equal(write(t.master, cases[i].bytes, n), (ssize_t)n);
		tell(&t, 'k');
		assert_hears(&t, cases[i].name);
	}
	stop(&t);
}

static void a_new_size_is_heard_of(UNUSED void **state)
{
	struct term t;

	start(&t, "xterm-256color");
	assert_hears(&t, "open");
	draw(&t, '.');
	set_size(&t, 100, 30);
	assert_int_equal(kill(t.child, SIGWINCH), 0);
	tell(&t, 's');
	assert_hears(&t, "100x30 resized");
	assert_true(draw(&t, '.') > 500);
	stop(&t);
}

static void a_request_to_end_is_heard_of(UNUSED void **state)
{
	struct term t;

	start(&t, "vt100");
	assert_hears(&t, "open");
	draw(&t, '.');
	assert_int_equal(kill(t.child, SIGTERM), 0);
	tell(&t, 's');
	assert_hears(&t, "80x24 end");
	stop(&t);
}

static void a_dumb_terminal_is_refused_with_a_hint(UNUSED void **state)
{
	struct term t;

	start(&t, "dumb");
	assert_hears(&t, "TERM=dumb cannot show screens; try `seaworthy status`");
	finish(&t);
}

static void the_terminal_is_left_as_it_was(UNUSED void **state)
{
	struct termios before, after;
	struct term t;

	start(&t, "xterm");
	assert_hears(&t, "open");
	draw(&t, '.');
	assert_int_equal(tcgetattr(t.master, &before), 0);
	assert_false(before.c_lflag & ICANON);
	tell(&t, 'q');
	assert_hears(&t, "closed");
	assert_int_equal(tcgetattr(t.master, &after), 0);
	assert_true(after.c_lflag & ICANON);
	assert_true(after.c_lflag & ECHO);
	finish(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_did_not_change_costs_nothing),
		cmocka_unit_test(a_cursor_key_a_line_and_a_page_keep_to_their_budgets),
		cmocka_unit_test(a_run_of_one_character_is_written_in_full),
		cmocka_unit_test(keys_have_their_names),
		cmocka_unit_test(a_new_size_is_heard_of),
		cmocka_unit_test(a_request_to_end_is_heard_of),
		cmocka_unit_test(a_dumb_terminal_is_refused_with_a_hint),
		cmocka_unit_test(the_terminal_is_left_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
