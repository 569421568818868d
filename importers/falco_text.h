/* SPDX-License-Identifier: MIT */
/* falco_text.h - Falco's text output, alone or behind a syslog prefix, taken apart. */
#ifndef FALCO_TEXT_H
#define FALCO_TEXT_H

#include "store/record.h"

/* What Falco says of itself begins so: of figures, of dropped events. */
#define FALCO_OF_ITSELF "Falco internal:"

/*
 * Fill `out` from one line of text ("13:14:27.811647863: Warning File below /etc opened (user=root
 * ...)"); false when the line is no alert. `until` is the latest time the line can have been
 * written, seconds UTC: it lends the date (or the year) to lines that hold only a time of day;
 * their time is marked as inferred. Strings live in `mem`; raw, raw_len and offset are the
 * caller's. The text names no rule, its title is the message. Source: falco.org, docs, concepts,
 * outputs; the forms of Falco 0.1 to 0.43.
 */
bool falco_text(struct arena *mem, const char *line, int64_t until, struct rec_event *out);

/*
 * When Falco speaks of itself it says the date too: "Thu Dec 19 11:44:55 2024: Falco version ...".
 * Seconds, as if UTC; 0: no such line.
 */
int64_t falco_text_console(const char *line);

#endif
