/* SPDX-License-Identifier: MIT */
/* main.c - `person NAME WORD...`: the program as used by one of the estate's people. */
#include <stdio.h>

#include "tui/cli.h"

int main(int argc, char **argv)
{
	if (argc > 1)
		return program_run(argv[1], argc - 1, argv + 1);
	(void)fprintf(stderr, "usage: person NAME WORD...\n");
	return 2;
}
