/* SPDX-License-Identifier: MIT */
/* main.c - run a fuzzer over its seeds and their beginnings, where there is no libFuzzer. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "store/base/base.h"
#include "t/fuzz/fuzz.h"

#define SEED_MAX   ((size_t)1 << 20)
#define BEGINNINGS 64
#define FOLDERS    16 /* kept open at a time */

/* An exact copy each time, so that the sanitizers see a read of one byte too many. */
static void try(const char *s, size_t n)
{
	uint8_t *copy = xmalloc(n);

	memcpy(copy, s, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static int replay(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)where;
	if (kind == FTW_F && S_ISREG(st->st_mode) && file_read(path, SEED_MAX, &b, &e)) {
		for (size_t i = 0; i < BEGINNINGS; i++)
			try(b.s, b.len * i / BEGINNINGS);
		try(b.s, b.len);
	}
	buf_release(&b);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (nftw(argv[i], replay, FOLDERS, FTW_PHYS) != 0)
			perror(argv[i]);
	return 0;
}
