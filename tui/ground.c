/* SPDX-License-Identifier: MIT */
/* ground.c - the answer about the terminal's ground, told from the keys among which it comes. */
#include "tui/ground.h"

#include "tui/keys.h"

/*
 * Esc is how the answer begins and a key as well. A line that cuts it there goes on within HOLD_MS;
 * that much later Esc comes while an answer is likely, not for as long as the program runs. Esc and
 * what follows it in no time are no person's keys: the rest may take its time.
 */
enum { HOLD_MS = 100, STALL_MS = 1000, LIKELY_MS = 5000, SOON_MS = 1000, BEL = 7, ST = 0x9c };

static const char begin[] = "\033]11;";

void ground_ask(struct ground *g, int64_t now)
{
	*g = (struct ground){ .asked = true, .asked_at = now };
}

/* All that waits is keys. What came of a beginning is not forgotten: the rest may be late. */
static void let_go(struct ground *g)
{
	g->nfree = g->nkey;
}

static void hold(struct ground *g, uint32_t key, int64_t now)
{
	g->key[g->nkey++] = key;
	g->held_at = now;
}

static void take_beginning(struct ground *g, uint32_t key, int64_t now)
{
	if (key != (unsigned char)begin[g->at]) {
		let_go(g);
		g->at = 0;
	}
	hold(g, key, now);
	if (key != (unsigned char)begin[g->at]) {
		let_go(g);
		return;
	}
	g->at++;
	if (begin[g->at] == '\0')
		g->nkey = g->nfree; /* no keys, then */
}

/* "ffff" of "ffff/ffff/ffff", of 1 to 4 digits, as a share of 255; -1: it is no number. */
static int channel(const char **s)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	int value = 0, most = 0;
	const char *digit;

	for (; **s != '\0' && (digit = strchr(digits, **s)) != NULL && most < 0xffff; ++*s) {
		value = value * 16 + (int)((digit - digits) % 16);
		most = most * 16 + 15;
	}
	*s += **s == '/';
	return most > 0 ? value * 255 / most : -1;
}

/* The eye weighs green most. */
static enum ground_says judge(const char *text)
{
	const char *s = strchr(text, ':');
	int rgb[3];

	if (!str_prefix(text, "rgb") || !s)
		return GROUND_NOTHING;
	s++;
	for (size_t i = 0; i < LENGTH(rgb); i++)
		if ((rgb[i] = channel(&s)) < 0)
			return GROUND_NOTHING;
	return 2 * rgb[0] + 5 * rgb[1] + rgb[2] >= 8 * 128 ? GROUND_LIGHT : GROUND_DARK;
}

static void end(struct ground *g, bool more)
{
	g->text[g->ntext] = '\0';
	g->says = judge(g->text);
	g->asked = false;
	g->ending = more;
}

/* An answer that breaks off ends with the first thing that none holds: a key, or a new answer. */
static void take_text(struct ground *g, uint32_t key, int64_t now)
{
	if (key == BEL || key == ST || key == K_ESC) {
		end(g, key == K_ESC);
	} else if (key < 0x80 && key != 0 && strchr("0123456789abcdefABCDEFrgba:/#?", (int)key) &&
	           g->ntext + 1 < sizeof(g->text)) {
		g->text[g->ntext++] = (char)key;
	} else {
		g->at = g->ntext = 0;
		take_beginning(g, key, now);
	}
}

void ground_take(struct ground *g, uint32_t key, int64_t now)
{
	const bool last = g->ending && key == '\\';

	g->ending = false;
	if (last)
		return;
	if (!g->asked) {
		hold(g, key, now);
		let_go(g);
	} else if (begin[g->at] == '\0') {
		take_text(g, key, now);
	} else {
		take_beginning(g, key, now);
	}
}

static int64_t longest_hold(const struct ground *g, int64_t now)
{
	if (g->nkey - g->nfree > 1)
		return STALL_MS;
	return now - g->asked_at < LIKELY_MS ? HOLD_MS : 0;
}

void ground_rest(struct ground *g, int64_t now)
{
	if (now - g->held_at >= longest_hold(g, now))
		let_go(g);
}

uint32_t ground_key(struct ground *g)
{
	uint32_t key = g->key[0];

	if (g->nfree == 0)
		return K_NONE;
	g->nfree--;
	memmove(g->key, g->key + 1, --g->nkey * sizeof(*g->key));
	return key;
}

bool ground_holds(const struct ground *g)
{
	return g->nkey > g->nfree;
}

bool ground_expects(const struct ground *g, int64_t now)
{
	return g->asked && now - g->asked_at < SOON_MS;
}
