/* SPDX-License-Identifier: MIT */
/* color.h - colours of a theme on terminals that have few. */
#ifndef COLOR_H
#define COLOR_H

#include <stdint.h>

/*
 * Index of the colour nearest to 0xRRGGBB of a terminal's first `colors`: 8, 16 or 256. The first
 * 16 are taken to be xterm's; where there are 256 none of them is used, as people set them anew.
 */
int color_nearest(int32_t rgb, int colors);

#endif
