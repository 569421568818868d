/* SPDX-License-Identifier: MIT */
/* color.h - colours of a theme on terminals that have few. */
#ifndef COLOR_H
#define COLOR_H

#include <stdint.h>

/*
 * Index of the colour that stands for 0xRRGGBB on a terminal with `colors`: the nearest of 256, of
 * which the first 16 are left alone, as people set them anew; of 16 or 8 the one of its hue that
 * can be read on the ground it was mixed for. -1 is the terminal's own: COLOR_NONE, and greys
 * among few.
 */
int color_nearest(int32_t rgb, int colors);

#endif
