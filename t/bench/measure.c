/* SPDX-License-Identifier: MIT */
/*
 * measure.c - run a command and print what it took: wall seconds, peak KiB, exit status, and
 * seconds of the processor, its own and the system's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	double start = now();
	int status = 0;
	pid_t pid;

	if (argc < 2)
		return 0; /* a tool of the benches, none itself */
	pid = fork();
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || getrusage(RUSAGE_CHILDREN, &usage) != 0)
		return 1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) /* 1 is an answer: no */
		fprintf(stderr, "measure: %s failed: what follows means nothing\n", argv[1]);
	printf("%.4f %ld %d %.4f\n", now() - start, usage.ru_maxrss,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128,
	       seconds(usage.ru_utime) + seconds(usage.ru_stime));
	return 0;
}
