/* SPDX-License-Identifier: MIT */
/* json_decisions.h - what was decided of a finding, as JSON. Private to reports/. */
#ifndef JSON_DECISIONS_H
#define JSON_DECISIONS_H

#include "reports/jot.h"

/* The member "decisions" of the open object: an array, the one that counts first. */
void json_decisions(struct jot *j, const struct finding_detail *d);

#endif
