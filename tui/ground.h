/* SPDX-License-Identifier: MIT */
/*
 * ground.h - what the terminal answers when it is asked for the colour of its ground. The answer
 * comes among the keys, whenever it comes, if it does, and in as many pieces as the line likes:
 * ESC ] 1 1 ; rgb:ffff/ffff/ffff and BEL, or ESC \. Source: XTerm Control Sequences, OSC 11.
 */
#ifndef GROUND_H
#define GROUND_H

#include "store/base/base.h"

/* Sent, it asks. */
#define GROUND_QUESTION "\033]11;?\007"

enum ground_says { GROUND_NOTHING, GROUND_DARK, GROUND_LIGHT };

struct ground {
	bool             asked;    /* ... and not answered yet */
	int64_t          asked_at; /* ms, monotonic, as all times here */
	size_t           at;       /* of the answer's beginning so many characters came */
	uint32_t         key[8];   /* that may be its beginning, or may be keys */
	size_t           nkey, nfree; /* the first nfree of them are keys */
	int64_t          held_at;  /* since when the last of them waits */
	char             text[40]; /* what the answer says so far */
	size_t           ntext;
	bool             ending;   /* only the last byte of its end may still come */
	enum ground_says says;
};

void ground_ask(struct ground *g, int64_t now);
/* A key came, or a piece of the answer. */
void ground_take(struct ground *g, uint32_t key, int64_t now);
/* Nothing more came for now: what waited long enough is keys. */
void ground_rest(struct ground *g, int64_t now);
/* The next of what turned out to be keys; K_NONE: there is none. */
uint32_t ground_key(struct ground *g);
/* Something waits to be known for a key: ground_rest() is due soon. */
bool ground_holds(const struct ground *g);
/* The answer may well be on its way: it was asked for a moment ago. */
bool ground_expects(const struct ground *g, int64_t now);

#endif
