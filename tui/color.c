/* SPDX-License-Identifier: MIT */
/* color.c - which of the colours that a terminal has stands for another. */
#include <stdbool.h>

#include "tui/color.h"

enum { RED = 1, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, BRIGHT };

static int channel(int32_t rgb, int shift)
{
	return (int)((uint32_t)rgb >> shift & 0xff);
}

/* ---- 256 ---- */

static int distance(int32_t a, int32_t b)
{
	int r = channel(a, 16) - channel(b, 16);
	int g = channel(a, 8) - channel(b, 8);
	int bl = channel(a, 0) - channel(b, 0);

	return 3 * r * r + 6 * g * g + 2 * bl * bl; /* the eye weighs green most */
}

/* A colour of the 6 x 6 x 6 cube. */
static int32_t cube(int i)
{
	static const int32_t step[6] = { 0, 95, 135, 175, 215, 255 };

	return step[i / 36] << 16 | step[i / 6 % 6] << 8 | step[i % 6];
}

static int nearest(int32_t rgb)
{
	int best = 0, least = INT32_MAX;

	for (int i = BRIGHT * 2; i < 256; i++) {
		int d = distance(rgb, i < 232 ? cube(i - 16) : (8 + 10 * (i - 232)) * 0x10101);

		if (d < least) {
			least = d;
			best = i;
		}
	}
	return best;
}

/* ---- few: what each looks like is the terminal's choice, its hue and place are not ---- */

/* In degrees: red 0, green 120, blue 240; of what is not grey. */
static int hue(int r, int g, int b, int most, int span)
{
	if (most == r)
		return (60 * (g - b) / span + 360) % 360;
	return most == g ? 120 + 60 * (b - r) / span : 240 + 60 * (r - g) / span;
}

/*
 * Dark inks are for white grounds, where yellow and cyan cannot be read; light ones for black,
 * where blue cannot. Olive is a green: what the palettes of solarized and gruvbox call so begins
 * at 61.
 */
static int by_hue(int h, bool dark)
{
	if (h < 26 || h >= 330)
		return RED;
	if (h <= 60)
		return dark ? MAGENTA : YELLOW;
	if (h < 165)
		return GREEN;
	if (h < 260)
		return dark ? BLUE : CYAN;
	return MAGENTA;
}

static int among_few(int32_t rgb, bool bright)
{
	int r = channel(rgb, 16), g = channel(rgb, 8), b = channel(rgb, 0);
	int most = r > g ? r : g, least = r < g ? r : g;
	int light = (2 * r + 5 * g + b) / 8;
	bool dark = light < 108;

	if (b > most)
		most = b;
	if (b < least)
		least = b;
	if (4 * (most - least) <= most)
		return light >= 200 ? WHITE : -1; /* many set the other greys to their ground */
	return by_hue(hue(r, g, b, most, most - least), dark) + (bright && !dark ? BRIGHT : 0);
}

int color_nearest(int32_t rgb, int colors)
{
	if (rgb < 0)
		return -1;
	return colors >= 256 ? nearest(rgb) : among_few(rgb, colors >= 2 * BRIGHT);
}
