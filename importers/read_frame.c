/* SPDX-License-Identifier: MIT */
/* read_frame.c - records being gathered, and the fields of parents that come late. */
#include <stdlib.h>

#include "importers/read_inner.h"

#define TEXT_LIMIT (4 * READ_VALUE) /* bytes of all values of one record */

/* ---- late fields ---- */

/* The key of the nearest "{}" on the way to where the reader is. */
static const char *member_key(const struct reader *r, size_t *n)
{
	for (size_t i = r->nstep; i > 0; i--)
		if (r->step[i - 1].kind == '{') {
			*n = r->step[i - 1].len;
			return r->keys.s + r->step[i - 1].at;
		}
	*n = 0;
	return "";
}

static bool late_add(struct reader *r, const struct frame *f, const struct slot *slot,
                     enum read_type type, const char *s, size_t n)
{
	struct late_list *l = &r->late;
	const char *key;
	size_t nkey;

	if (l->text.len + n + l->n * sizeof(*l->item) > LATE_LIMIT)
		return err_set(r->e, ERR_LIMIT,
			       "too many objects whose own fields come after their children");
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 16 : l->cap * 2;
		l->item = xrealloc_array(l->item, l->cap, sizeof(*l->item));
	}
	l->item[l->n] = (struct late){ .owner = f->rec.offset,
				       .order = l->n,
				       .field = slot->field,
				       .at = l->text.len,
				       .n = n,
				       .flags = slot->flags,
				       .type = type };
	buf_add(&l->text, s, n);
	if ((slot->flags & SLOT_KEYED) != 0) {
		key = member_key(r, &nkey);
		l->item[l->n].key = l->text.len;
		l->item[l->n].nkey = nkey;
		buf_add(&l->text, key, nkey);
	}
	l->n++;
	return true;
}

static int by_owner(const void *a, const void *b)
{
	const struct late *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void late_sort(struct late_list *l)
{
	if (l->n > 1)
		qsort(l->item, l->n, sizeof(*l->item), by_owner);
	l->next = 0;
}

/* ---- values ---- */

static void add_room(struct buf *b, size_t n)
{
	static const char zero[256];

	for (; n > sizeof(zero); n -= sizeof(zero))
		buf_add(b, zero, sizeof(zero));
	buf_add(b, zero, n);
}

/* Append an item to a list, which moves to the end of the text, doubled, when it has no room. */
static void item_add(struct frame *f, struct cell *c, const char *s, size_t n)
{
	if (c->n + n + 1 > c->room) {
		size_t at = f->text.len, room = 2 * (c->n + n + 1);

		add_room(&f->text, room);
		if (c->n > 0)
			memcpy(f->text.s + at, f->text.s + c->at, c->n);
		c->at = at;
		c->room = room;
	}
	memcpy(f->text.s + c->at + c->n, s, n);
	f->text.s[c->at + c->n + n] = 0;
	c->n += n + 1;
	c->type = READ_ITEMS;
}

static void cell_put(struct frame *f, size_t field, unsigned flags, enum read_type type,
                     const char *key, size_t nkey, const char *s, size_t n)
{
	struct cell *c = &f->cell[field];

	if ((flags & READ_LIST) != 0) {
		if ((flags & SLOT_KEYED) != 0)
			item_add(f, c, key, nkey);
		item_add(f, c, s, n);
		return;
	}
	*c = (struct cell){ .at = f->text.len, .n = n, .type = type };
	buf_add(&f->text, s, n);
	buf_addc(&f->text, 0);
}

bool frame_put(struct reader *r, const struct slot *slot, enum read_type type, const char *s,
	       size_t n)
{
	struct frame *f;
	const char *key = "";
	size_t nkey = 0;

	if (r->open[slot->scope] < 0)
		return true;
	f = r->frame[r->open[slot->scope]];
	if (r->first)
		return !f->seen || late_add(r, f, slot, type, s, n);
	if (f->seen)
		return !r->once || err_set(r->e, ERR_AGAIN, "a parent's field comes late");
	if (n > READ_VALUE || f->text.len + n > TEXT_LIMIT)
		return err_set(r->e, ERR_LIMIT, "a record of more than %zu MiB", TEXT_LIMIT >> 20);
	if ((slot->flags & SLOT_KEYED) != 0)
		key = member_key(r, &nkey);
	cell_put(f, slot->field, slot->flags, type, key, nkey, s, n);
	return true;
}

/* ---- frames ---- */

static struct frame *frame_new(const struct reader *r)
{
	struct frame *f = xcalloc(1, sizeof(*f));

	f->text = (struct buf)BUF_INIT;
	f->value = xcalloc(r->paths.widest + 1, sizeof(*f->value));
	f->cell = xcalloc(r->paths.widest + 1, sizeof(*f->cell));
	return f;
}

static struct frame *frame_push(struct reader *r)
{
	if (r->nframe == r->capframe) {
		r->frame = xrealloc_array(r->frame, r->capframe + 1, sizeof(struct frame *));
		r->frame[r->capframe++] = frame_new(r);
	}
	return r->frame[r->nframe++];
}

struct frame *frame_open(struct reader *r, const struct node *node, uint64_t at, uint64_t line)
{
	struct frame *f = frame_push(r);
	size_t scope = (size_t)node->scope, n;
	const char *key;

	buf_reset(&f->text);
	memset(f->cell, 0, r->paths.scope[scope].nfield * sizeof(*f->cell));
	f->rec = (struct read_record){ .value = f->value,
				       .scope = &r->paths.scope[scope],
				       .document = r->document,
				       .line = line,
				       .offset = at,
				       .reader = r };
	if (r->nframe > 1)
		f->rec.up = &r->frame[r->nframe - 2]->rec;
	if (r->nstep > 0)
		f->rec.index = r->step[r->nstep - 1].index;
	if (node->keyed) {
		key = member_key(r, &n);
		buf_add(&f->text, key, n);
		buf_addc(&f->text, 0);
	}
	f->keyed = node->keyed;
	f->nstep = r->nstep;
	f->scope = node->scope;
	f->outer = r->open[scope];
	f->seen = false;
	r->open[scope] = (int)r->nframe - 1;
	return f;
}

static void take_late(struct reader *r, struct frame *f)
{
	struct late_list *l = &r->late;

	while (l->next < l->n && l->item[l->next].owner < f->rec.offset)
		l->next++;
	for (; l->next < l->n && l->item[l->next].owner == f->rec.offset; l->next++) {
		const struct late *x = &l->item[l->next];

		cell_put(f, x->field, x->flags, x->type, l->text.s + x->key, x->nkey,
		         l->text.s + x->at, x->n);
	}
}

/* Call a record function; say where when it fails over the file's content. */
static bool call(struct reader *r, struct frame *f, read_fn *fn)
{
	char place[160];

	if (fn == NULL || fn(r->ctx, &f->rec, r->e))
		return true;
	r->json.stopped = r->placed = true;
	if (r->e->kind == ERR_FORMAT || r->e->kind == ERR_LIMIT) {
		/* over what may yet come late */
		if (r->once)
			r->e->kind = ERR_AGAIN;
		read_place(&f->rec, place);
		err_context(r->e, "%s", place);
	}
	return false;
}

/* The record is whole: no more text comes, so pointers into it stay good until it closes. */
static bool hand_over(struct reader *r, struct frame *f)
{
	take_late(r, f);
	f->seen = true;
	for (size_t i = 0; i < f->rec.scope->nfield; i++) {
		const struct cell *c = &f->cell[i];

		f->value[i] = (struct read_value){ .type = c->type };
		if (c->type != READ_NONE) {
			f->value[i].s = f->text.s + c->at;
			f->value[i].n = c->n;
		}
	}
	f->rec.key = f->keyed ? f->text.s : NULL;
	return call(r, f, f->rec.scope->on);
}

bool frames_begin_child(struct reader *r)
{
	for (size_t i = 0; i < r->nframe; i++) {
		if (r->frame[i]->seen)
			continue;
		if (r->first)
			r->frame[i]->seen = true;
		else if (!hand_over(r, r->frame[i]))
			return false;
	}
	return true;
}

bool frame_close(struct reader *r)
{
	struct frame *f = r->frame[r->nframe - 1];

	if (!r->first) {
		if (!f->seen && !hand_over(r, f))
			return false;
		if (!call(r, f, f->rec.scope->end))
			return false;
	}
	r->open[f->scope] = f->outer;
	r->nframe--;
	return true;
}

void frames_release(struct reader *r)
{
	for (size_t i = 0; i < r->capframe; i++) {
		buf_release(&r->frame[i]->text);
		free(r->frame[i]->value);
		free(r->frame[i]->cell);
		free(r->frame[i]);
	}
	free(r->frame);
	free(r->late.item);
	buf_release(&r->late.text);
}
