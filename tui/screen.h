/* SPDX-License-Identifier: MIT */
/* screen.h - the terminal: the only part of the program that knows curses. */
#ifndef SCREEN_H
#define SCREEN_H

#include "tui/canvas.h"

/* What a signal asked for since the last look. */
enum screen_event {
	SCREEN_RESIZED = 1, /* the window's size changed, or we come back from a suspend */
	SCREEN_END     = 2, /* SIGHUP, SIGTERM: leave in good order */
};

struct screen;

/*
 * Take the terminal over. `color` false draws every role without colour. ERR_USAGE where the
 * terminal cannot show screens (TERM=dumb, no terminal), with what to use instead. Sets die_hook.
 */
bool screen_open(struct screen **out, bool color, struct err *e) MUST_CHECK;
void screen_close(struct screen *s); /* gives the terminal back as it was; NULL is fine */

int  screen_width(const struct screen *s);
int  screen_height(const struct screen *s);
int  screen_colors(const struct screen *s); /* 0: none */
void screen_theme(struct screen *s, const struct theme *t); /* the next draw paints everything */

/* Bring the terminal to what `c` shows; sends only what changed since the last draw. */
void screen_draw(struct screen *s, const struct canvas *c);
/* the next draw paints everything, whatever the terminal shows */
void screen_redraw(struct screen *s);

/* The next key in keys.h's terms; K_NONE when there is none. Never waits. */
uint32_t screen_key(struct screen *s);

/* Take clicks and the wheel, which comes as arrow keys; the terminal then marks no text itself. */
void screen_mouse(struct screen *s, bool on);
/* Where the click was that came as K_CLICK. */
void screen_click(const struct screen *s, int *y, int *x);

/* File descriptors to poll for reading: the terminal's, and one that wakes when a signal came. */
int      screen_fd(const struct screen *s);
int      screen_signal_fd(const struct screen *s);
/* Look at what signals asked for, and take the new size. SCREEN_* bits. */
unsigned screen_events(struct screen *s);
/* Stop this process as Ctrl-Z does elsewhere; returns when it is continued. */
void     screen_suspend(struct screen *s);
/* Send bytes the terminal acts on by itself (the clipboard). */
void     screen_send(struct screen *s, const char *bytes, size_t n);

#endif
