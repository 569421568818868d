/* SPDX-License-Identifier: MIT */
/* main.c - the program as the user of the process. */
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "tui/cli.h"

int main(int argc, char **argv)
{
	const struct passwd *user = getpwuid(getuid());
	char uid[32];

	snprintf(uid, sizeof(uid), "uid %lu", (unsigned long)getuid());
	return program_run(user ? user->pw_name : uid, argc, argv);
}
