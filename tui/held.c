/* SPDX-License-Identifier: MIT */
/*
 * held.c - keys typed ahead of the rows that they are about: they wait for them, and what is typed
 * after them waits behind, so that `6 a` means the same however slow the line or the store is. Esc
 * forgets them; a key that needs no row waits for nothing as long as none does.
 */
#include "tui/app_state.h"

/* The rows, or the text, that keys act on are on their way for the first time. */
static bool awaits(const struct view *v)
{
	const struct table *t = v ? view_table_const(v) : NULL;

	if (!v || v->err.kind != ERR_NONE)
		return false;
	if (t)
		return !t->loaded && (t->in_flight || (v->ops->rows_later && v->asked));
	return v->asked && !v->answer;
}

static bool needs_rows(enum action act)
{
	switch (act) {
	case ACT_ENTER: case ACT_COUNTS: return true;
	case ACT_UNDO: case ACT_WRITE: return false;
	default: break;
	}
	switch (action_info(act)->group) {
	case GROUP_MOVE: case GROUP_MARK: case GROUP_ACT: case GROUP_WALK: return true;
	default: return false;
	}
}

static bool must_wait(const struct app *a, uint32_t key)
{
	const struct view *v = app_top(a);

	return !a->prompting && !a->chooser.open && !a->dialog.open && awaits(v) &&
	       needs_rows(keymap_action(a->keys, key, v->ops->walk));
}

static bool forgets(const struct app *a, uint32_t key)
{
	enum action act = keymap_action(a->keys, key, false);

	return act == ACT_ESCAPE || act == ACT_CANCEL;
}

bool held_key(struct app *a, uint32_t key)
{
	struct held *h = &a->held;

	if (h->n > 0 && forgets(a, key))
		h->n = 0;
	if (h->n == 0 && !must_wait(a, key))
		return false;
	if (h->n < HELD_MAX)
		h->key[h->n++] = key;
	return true;
}

void held_go_on(struct app *a)
{
	struct held *h = &a->held;

	while (h->n > 0 && !a->quit && !must_wait(a, h->key[0])) {
		const uint32_t key = h->key[0];

		memmove(h->key, h->key + 1, --h->n * sizeof(*h->key));
		app_take_key(a, key);
	}
}
