/* SPDX-License-Identifier: MIT */
/* pace.h - how the response to alerts goes, beside the list of them. */
#ifndef PACE_H
#define PACE_H

#include "tui/app.h"

/* State of the view of alerts; zeroed. */
struct responding {
	struct arena          mem;
	struct alert_response r;
	bool                  known;
	uint64_t              revision; /* of the store, when it was asked for */
};

/* Ask the reader, behind all else, unless nothing changed since. */
void pace_ask(struct view *v);
/* Two columns below each other's heads: RESPONSE and NOISE. */
void pace_sheet(const struct responding *r, struct sheet *s);
void pace_close(struct view *v);

#endif
