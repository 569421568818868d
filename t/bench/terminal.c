/* SPDX-License-Identifier: MIT */
/*
 * terminal.c - a terminal program as the person at the other end of the line meets it.
 * `terminal COLUMNS LINES KEYS COMMAND...` prints: ms from before the program is started to its
 * full first screen, its bytes, then over all keys but digits the median and the 99th percentile
 * of ms to the last byte, the median of bytes, the peak KiB, and for the five seconds without a
 * key after them: bytes sent, and percent of a core used; then the slowest digit: it opens a view.
 * Keys behind a `|` are sent without waiting for more than the first byte of an answer: the last
 * two figures are ms to that byte for the first of them, and at worst for the others.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 120 /* a screen is whole once nothing came for so long */
#define OPEN_MS  400 /* a new one */
#define IDLE_MS  5000
#define FIRST_MS 20000
#define KEYS_MAX 4096

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

struct answer {
	double last; /* ms from the question to the last byte; -1: nothing came */
	long bytes;
};

static struct answer drain(int fd, double start, int quiet, int limit)
{
	static char block[1 << 16];
	struct answer a = { -1, 0 };

	while (now_ms() - start < limit) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, quiet) <= 0)
			break;
		n = read(fd, block, sizeof(block));
		if (n <= 0)
			break;
		a.bytes += n;
		a.last = now_ms() - start;
	}
	return a;
}

/* Ms to the first byte; what follows is left for the next. */
static double first_byte(int fd, double start)
{
	static char block[1 << 16];
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, FIRST_MS) <= 0 || read(fd, block, sizeof(block)) <= 0)
		return -1;
	return now_ms() - start;
}

/* Keys that do not wait for each other. */
static void press_at_once(int fd, const char *keys, double *first, double *worst)
{
	*first = *worst = -1;
	for (const char *k = keys; *k; k++) {
		double asked, took;

		drain(fd, now_ms(), 0, 100);
		asked = now_ms();
		if (write(fd, k, 1) != 1)
			return;
		took = first_byte(fd, asked);
		if (k == keys)
			*first = took;
		else if (took > *worst)
			*worst = took;
	}
	drain(fd, now_ms(), OPEN_MS, 20000);
}

static int start(char **command, int columns, int lines, pid_t *pid)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	struct winsize size = { .ws_col = (unsigned short)columns,
		                .ws_row = (unsigned short)lines };

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 ||
	    ioctl(master, TIOCSWINSZ, &size) != 0)
		return -1;
	*pid = fork();
	if (*pid == 0) {
		int slave;

		setsid();
		slave = open(ptsname(master), O_RDWR);
		setenv("TERM", "xterm-256color", 1);
		for (int i = 0; i < 3; i++)
			dup2(slave, i);
		execvp(command[0], command);
		_exit(127);
	}
	return *pid < 0 ? -1 : master;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static long peak_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	if (f)
		fclose(f);
	return kib;
}

/* Clock ticks of the process so far: fields 14 and 15 of /proc/PID/stat. */
static long ticks(pid_t pid)
{
	char path[64], line[1024] = "";
	const char *p;
	long sum = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	p = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	fclose(f);
	for (int field = 3; p && field <= 15; field++) {
		p = strchr(p + 1, ' ');
		if (p && field >= 14)
			sum += strtol(p, NULL, 10);
	}
	return sum;
}

int main(int argc, char **argv)
{
	static double ms[KEYS_MAX], bytes[KEYS_MAX];
	struct answer first, idle;
	double began = now_ms(), slowest = 0, at_once = -1, others = -1;
	size_t n = 0;
	long before;
	pid_t pid;
	int fd;

	if (argc < 5)
		return 0; /* a tool of the benches, none itself */
	fd = start(argv + 4, (int)strtol(argv[1], NULL, 10), (int)strtol(argv[2], NULL, 10), &pid);
	if (fd < 0)
		return 1;
	first = drain(fd, began, OPEN_MS, 20000);
	for (const char *k = argv[3]; *k && n < KEYS_MAX; k++) {
		if (*k == '|') {
			press_at_once(fd, k + 1, &at_once, &others);
			break;
		}
		bool opens = *k >= '0' && *k <= '9';
		double asked = now_ms();
		struct answer a;

		if (write(fd, k, 1) != 1)
			break;
		a = drain(fd, asked, opens ? OPEN_MS : QUIET_MS, 20000);
		if (opens && a.last > slowest)
			slowest = a.last;
		if (opens || a.last < 0)
			continue;
		ms[n] = a.last;
		bytes[n++] = (double)a.bytes;
	}
	before = ticks(pid);
	idle = drain(fd, now_ms(), IDLE_MS, IDLE_MS);
	qsort(ms, n, sizeof(*ms), by_size);
	qsort(bytes, n, sizeof(*bytes), by_size);
	printf("%.1f %ld %.1f %.1f %.0f %ld %ld %.2f %.1f %.1f %.1f\n", first.last, first.bytes,
	       n ? ms[n / 2] : 0, n ? ms[n * 99 / 100] : 0, n ? bytes[n / 2] : 0, peak_kib(pid),
	       idle.bytes,
	       (double)(ticks(pid) - before) / (double)sysconf(_SC_CLK_TCK) / (IDLE_MS / 1e3) *
	               100,
	       slowest, at_once, others);
	kill(pid, SIGHUP);
	close(fd);
	waitpid(pid, NULL, 0);
	return 0;
}
