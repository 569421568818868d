/* SPDX-License-Identifier: MIT */
/*
 * canvas.c - any bytes drawn anywhere: inside the grid, valid UTF-8, and no control byte in a cell.
 */
#include <stdlib.h>

#include "tui/canvas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct canvas *c)
{
	for (int i = 0; i < c->w * c->h; i++) {
		const char *s = c->cell[i].utf8;

		if (!utf8_valid(s, strlen(s)) || (s[0] > '\0' && s[0] < ' ') || s[0] == 0x7f)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct canvas c = CANVAS_INIT;
	struct rect r;
	char *text;

	if (size < 6)
		return 0;
	canvas_resize(&c, data[0] % 40, data[1] % 4);
	r = (struct rect){ data[2] % 6 - 2, data[3] % 50 - 5, 3, data[4] % 50 };
	text = xmalloc(size - 4);
	memcpy(text, data + 5, size - 5);
	text[size - 5] = '\0';
	canvas_text(&c, r, data[1] % 5 - 1, data[5] % 60 - 20, ROLE_text, text);
	canvas_cut(&c, r, 0, 1, data[5] % 30, ROLE_late, text);
	canvas_right(&c, r, 1, 1, data[5] % 30, ROLE_late, text);
	check(&c);
	free(text);
	canvas_release(&c);
	return 0;
}
