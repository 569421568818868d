/* SPDX-License-Identifier: MIT */
/*
 * acts.h - what people do to a thing, the same on every screen: note, owner, answers, alert steps.
 */
#ifndef ACTS_H
#define ACTS_H

#include "tui/app.h"

/*
 * Do what the key asks to `what`: ACT_NOTE and ACT_OWNER for anything that has them, ACT_DUE for a
 * finding and a problem, ACT_ACCEPT and ACT_STATE for those and an alert, ACT_CROSSWALK mutes an
 * alert's rule. VIEW_PASS when it is no such key. Prompts for what must be said.
 */
enum view_result act_on(struct view *v, enum action a, const struct scope *what);
/* Would it, of such a thing? */
bool act_takes(enum action a, enum scope_kind k);
/* The same to the row that the cursor is on: all that most views do. */
enum view_result act_on_row(struct view *v, enum action a, struct err *e);

/*
 * The row, what is marked, else what the view is about bears the tag from now on, or (`bear` false)
 * no longer. Says why when it may not.
 */
void act_tag(struct view *v, const char *tag, bool bear);
/* Decide on a finding or a problem: ACT_ACCEPT accepts, ACT_STATE lists the kinds of decision. */
enum view_result act_decide(struct view *v, enum action a, const struct scope *what);
/* The rule of an alert: muted where, until when and why; or no longer. */
void act_mute(struct view *v, const struct scope *alert);
/* What is attached to an item or a control; attach to it, write a file of it out. */
void act_evidence(struct view *v, const struct scope *what);
/* "30d", "12w", a date whose day is the last, or "" for no end (0); false: none of these. */
bool read_until(const char *text, int64_t now, int64_t *out) MUST_CHECK;

/* What act_on() does, and to a control also its evidence and its crosswalk (view_controls.c). */
enum view_result act_on_control(struct view *v, enum action a, const struct scope *control,
                                struct err *e);
/* Answer a checklist item or a control; `differs`: a note must be written. */
void act_answer(struct view *v, enum answer a, const struct scope *what, bool differs);

#endif
