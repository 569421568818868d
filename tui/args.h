/* SPDX-License-Identifier: MIT */
/* args.h - options of the command line: read, explained and listed from one table. */
#ifndef ARGS_H
#define ARGS_H

#include "store/base/base.h"

enum arg_type {
	ARG_FLAG,     /* bool: --json                              */
	ARG_TEXT,     /* const char *: --store FILE                */
	ARG_OPTIONAL, /* const char *: --complete[=KINDS], "" bare */
};
struct arg {
	const char   *name;   /* "store"                           */
	char          letter; /* 'o' for -o; 0: none               */
	enum arg_type type;
	size_t        at;     /* offsetof in the command's struct  */
	const char   *value;  /* "FILE", for the help              */
	const char   *help;   /* one line                          */
};
struct arg_table {
	const struct arg *arg; /* ends with a name of NULL; NULL: none */
	void             *into;
};
/*
 * Take the options out of argv, wherever they stand ("--" ends them), into the tables' structs;
 * what is left are the
 * operands, in order, in *operand (NULL-terminated, from `mem`). Texts are borrowed from argv.
 * ERR_USAGE names the
 * option, and the nearest one that exists.
 */
bool args_parse(const struct arg_table *table, size_t n, int argc, char *const *argv,
                struct arena *mem,
                const char *const **operand, size_t *noperand, struct err *e) MUST_CHECK;
/* "-o, --output FILE", added to *out. */
void arg_print(const struct arg *a, struct buf *out);
/* The options of one table for a help text, a line each. */
void args_help(const struct arg *arg, struct out *o);

#endif
