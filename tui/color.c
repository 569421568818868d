/* SPDX-License-Identifier: MIT */
/* color.c - which of the colours that a terminal has is the nearest. */
#include "tui/color.h"

static int channel(int32_t rgb, int shift)
{
	return (int)((uint32_t)rgb >> shift & 0xff);
}

static int distance(int32_t a, int32_t b)
{
	int r = channel(a, 16) - channel(b, 16);
	int g = channel(a, 8) - channel(b, 8);
	int bl = channel(a, 0) - channel(b, 0);

	return 3 * r * r + 6 * g * g + 2 * bl * bl; /* the eye weighs green most */
}

/* A colour of the 6 x 6 x 6 cube of terminals with 256. */
static int32_t cube(int i)
{
	static const int32_t step[6] = { 0, 95, 135, 175, 215, 255 };

	return step[i / 36] << 16 | step[i / 6 % 6] << 8 | step[i % 6];
}

int color_nearest(int32_t rgb, int colors)
{
	static const int32_t first[16] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	int best = 0, least = INT32_MAX;

	for (int i = colors >= 256 ? 16 : 0; i < colors && i < 256; i++) {
		int32_t c = i < 16 ? first[i] : (8 + 10 * (i - 232)) * 0x10101;
		int d;

		if (i >= 16 && i < 232)
			c = cube(i - 16);
		d = distance(rgb, c);
		if (d < least) {
			least = d;
			best = i;
		}
	}
	return best;
}
