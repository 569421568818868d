/* SPDX-License-Identifier: MIT */
/* manual.h - the manual page, made of the tables that --help is made of, so that both agree. */
#ifndef MANUAL_H
#define MANUAL_H

#include "tui/args.h"
#include "tui/cli.h"

/* As man(7) source: the commands in order, then the options of all and of the dashboard. */
void manual_print(const struct command *const *command, size_t n, const struct arg *common,
                  const struct arg *dashboard, struct out *o);

#endif
