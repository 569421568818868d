/* SPDX-License-Identifier: MIT */
/* golden.c - compare what was made with the file that says what is expected. */
#include <stdlib.h>

#include "t/lib/golden.h"

static bool write_file(const char *path, const struct buf *b, struct err *e)
{
	struct out *o = out_file(path);

	out_add(o, b->s, b->len);
	return out_close(o, e);
}

static bool compare(const char *path, const char *got, const char *want, struct err *e)
{
	size_t line = 1;

	if (str_eq(got, want))
		return true;
	for (;; line++) {
		size_t g = strcspn(got, "\n"), w = strcspn(want, "\n");

		if (g != w || memcmp(got, want, g) != 0 || !got[g] || !want[w])
			return err_set(e, ERR_FORMAT, "%s:%zu: got '%.*s', want '%.*s'", path, line,
			               g < 200 ? (int)g : 200, got, w < 200 ? (int)w : 200, want);
		got += g + 1;
		want += w + 1;
	}
}

bool golden_check(const char *path, const struct buf *got, struct err *e)
{
	struct buf want = BUF_INIT;
	bool ok;

	if (getenv("SEAWORTHY_GOLDEN") && !write_file(path, got, e))
		return false;
	ok = file_read(path, (size_t)64 << 20, &want, e) && compare(path, got->s, want.s, e);
	buf_release(&want);
	return ok;
}
