/* SPDX-License-Identifier: MIT */
/*
 * table.c - what a list remembers, how it moves, and what it asks for. Drawing is in table_draw.c.
 */
#include <assert.h>

#include "tui/table.h"

/*
 * The window holds this many screens, so that a held key seldom waits. At an end only what is shown
 * is asked for, and the rest once that is there.
 */
enum { SCREENS = 6, ROWS_MIN = 60, ROWS_MAX = 2000 };

static const struct list_info *info(const struct table *l)
{
	return store_list(l->lv->list);
}

static int find_order(const struct list_info *li, const char *name)
{
	for (size_t i = 0; i < li->norder; i++)
		if (str_eq(li->order[i].name, name))
			return (int)i;
	return 0;
}

void table_init(struct table *l, const struct table_view *lv, const struct scope *scope)
{
	*l = (struct table){ .lv = lv, .scope = *scope, .page = PAGE_INIT, .first = -1, .total = -1,
	                    .all = -1, .asked = PAGE_TOP, .asked_first = -1 };
	l->order = find_order(info(l), lv->order);
}

void table_release(struct table *l)
{
	page_release(&l->page);
	marks_release(&l->marks);
}

const struct row *table_row(const struct table *l)
{
	return l->cursor < l->page.nrow ? &l->page.row[l->cursor] : NULL;
}

const struct value *table_value(const struct table *l, const char *column)
{
	const struct row *r = table_row(l);
	int i = table_column_index(info(l), column);

	return r && i >= 0 ? &r->val[i] : NULL;
}

const char *table_order_name(const struct table *l)
{
	const struct list_info *li = info(l);

	if (l->order >= 0)
		return (size_t)l->order < li->norder ? li->order[l->order].name : "";
	return li->col[l->column].name;
}

/* ---- moving ---- */

static size_t rows_shown(const struct table *l)
{
	return l->at.h > 2 ? (size_t)l->at.h - 1 : 1;
}

static void scroll(struct table *l)
{
	size_t shown = rows_shown(l);

	if (l->cursor < l->top)
		l->top = l->cursor;
	if (l->cursor >= l->top + shown)
		l->top = l->cursor - shown + 1;
	if (l->top + shown > l->page.nrow)
		l->top = l->page.nrow > shown ? l->page.nrow - shown : 0;
}

/* Remember what to ask for: the window at, or about, row `anchor` of this one. */
static void want(struct table *l, enum page_from from, size_t anchor)
{
	l->asked = from;
	l->asked_first = (int64_t)anchor;
	l->in_flight = true;
	l->ahead = false;
	l->asks++;
}

/*
 * True when the window must move on for the cursor to go on smoothly. One that was asked for ahead
 * is asked for again, and at once, when the cursor has come to the end of what is here.
 */
static bool near_the_edge(struct table *l)
{
	size_t margin = rows_shown(l) * 2;
	size_t below = l->page.nrow - l->cursor;

	if (l->in_flight && (!l->ahead || l->pending == 0))
		return false;
	if (l->page.more_below && below < margin)
		want(l, PAGE_AT, l->cursor > margin ? l->cursor - margin : 0);
	else if (l->page.more_above && l->cursor < margin)
		want(l, PAGE_BEFORE, l->cursor);
	else
		return false;
	l->ahead = l->pending == 0;
	return true;
}

static bool move_by(struct table *l, int64_t by)
{
	int64_t to = (int64_t)l->cursor + l->pending + by, last = (int64_t)l->page.nrow - 1;

	if (last < 0)
		return false;
	l->pending = 0;
	if (to < 0) {
		l->pending = l->page.more_above ? (int)to : 0;
		to = 0;
	}
	if (to > last) {
		l->pending = l->page.more_below ? (int)(to - last) : 0;
		to = last;
	}
	l->cursor = (size_t)to;
	scroll(l);
	return near_the_edge(l);
}

static bool go_top(struct table *l)
{
	l->pending = 0;
	if (l->page.more_above) {
		want(l, PAGE_TOP, 0);
		return true;
	}
	l->cursor = 0;
	scroll(l);
	return false;
}

static bool go_bottom(struct table *l)
{
	l->pending = 0;
	if (l->page.more_below) {
		want(l, PAGE_END, 0);
		return true;
	}
	l->cursor = l->page.nrow > 0 ? l->page.nrow - 1 : 0;
	scroll(l);
	return false;
}

static bool sortable(const struct table *l, size_t i, size_t *column)
{
	int c = table_column_index(info(l), l->lv->column[i].name);

	if (c >= 0)
		*column = (size_t)c;
	return c >= 0 && !l->hidden[i] && info(l)->col[c].sortable;
}

/* The i-th way to sort: the named orders, then the columns shown, from the left. */
static bool set_order(struct table *l, size_t i)
{
	size_t norder = info(l)->norder;

	if (i < norder) {
		l->order = (int)i;
		return true;
	}
	i -= norder;
	for (size_t k = 0; k < l->lv->ncolumn; k++) {
		size_t column;

		if (!sortable(l, k, &column) || i-- > 0)
			continue;
		l->order = -1;
		l->column = column;
		return true;
	}
	return false;
}

void table_sort(struct table *l, const char *column)
{
	int c = table_column_index(info(l), column);

	if (c < 0)
		return;
	l->order = -1;
	l->column = (size_t)c;
}

static size_t order_at(const struct table *l)
{
	size_t n = info(l)->norder;

	if (l->order >= 0)
		return (size_t)l->order;
	for (size_t k = 0; k < l->lv->ncolumn; k++) {
		size_t column;

		if (!sortable(l, k, &column))
			continue;
		if (column == l->column)
			return n;
		n++;
	}
	return 0;
}

static void next_order(struct table *l, int by)
{
	size_t at = order_at(l), last = info(l)->norder;

	if (by < 0 && at == 0) { /* round to the last column */
		while (set_order(l, last))
			last++;
		(void)set_order(l, last - 1);
	} else if (!set_order(l, at + (size_t)by)) {
		(void)set_order(l, 0);
	}
	table_restart(l);
}

/* ---- marking ---- */

/* Index of the row with that key; nrow when it is not in the window. */
static size_t find_key(const struct page *p, const int64_t key[4])
{
	size_t i = 0;

	while (i < p->nrow && memcmp(p->row[i].key, key, sizeof(p->row[i].key)) != 0)
		i++;
	return i;
}

static void mark_here(struct table *l)
{
	const struct row *r = table_row(l);

	if (!r)
		return;
	if (marks_have(&l->marks, r->key))
		marks_remove(&l->marks, r->key);
	else
		marks_add(&l->marks, r->key);
	memcpy(l->marked, r->key, sizeof(l->marked));
}

/* From the row marked last, where the window still has it, to the cursor. */
static void mark_range(struct table *l)
{
	size_t from = find_key(&l->page, l->marked), to = l->cursor;

	if (from == l->page.nrow) {
		mark_here(l);
		return;
	}
	for (size_t i = from < to ? from : to; i <= (from < to ? to : from); i++)
		marks_add(&l->marks, l->page.row[i].key);
}

bool table_mark_page(struct table *l, const struct page *p)
{
	for (size_t i = 0; i < p->nrow; i++)
		if (!marks_add(&l->marks, p->row[i].key))
			return false;
	return true;
}

static void shift_columns(struct table *l, int by)
{
	int most = (int)l->lv->ncolumn - 2;

	l->shift += by;
	if (l->shift > most)
		l->shift = most;
	if (l->shift < 0)
		l->shift = 0;
}

bool table_act(struct table *l, enum action a, bool *ask)
{
	int64_t shown = (int64_t)rows_shown(l);

	*ask = false;
	switch (a) {
	case ACT_DOWN: *ask = move_by(l, 1); return true;
	case ACT_UP: *ask = move_by(l, -1); return true;
	case ACT_PAGE_DOWN: *ask = move_by(l, shown); return true;
	case ACT_PAGE_UP: *ask = move_by(l, -shown); return true;
	case ACT_HALF_DOWN: *ask = move_by(l, (shown + 1) / 2); return true;
	case ACT_HALF_UP: *ask = move_by(l, -(shown + 1) / 2); return true;
	case ACT_TOP: *ask = go_top(l); return true;
	case ACT_BOTTOM: *ask = go_bottom(l); return true;
	case ACT_MARK: mark_here(l); *ask = move_by(l, 1); return true;
	case ACT_MARK_RANGE: mark_range(l); return true;
	case ACT_MARK_NONE: marks_clear(&l->marks); return true;
	case ACT_LEFT: shift_columns(l, -1); return true;
	case ACT_RIGHT: shift_columns(l, 1); return true;
	case ACT_SORT_LEFT: next_order(l, -1); *ask = true; return true;
	case ACT_SORT_RIGHT: next_order(l, 1); *ask = true; return true;
	case ACT_SORT_FLIP:
		l->desc = !l->desc;
		table_restart(l);
		*ask = true;
		return true;
	default:
		return false;
	}
}

void table_restart(struct table *l)
{
	l->pending = 0;
	l->total = l->all = -1;
	memset(l->widest, 0, sizeof(l->widest));
	want(l, PAGE_TOP, 0);
}

void table_rescope(struct table *l, const struct scope *scope)
{
	page_release(&l->page);
	l->page = (struct page)PAGE_INIT;
	l->loaded = false;
	l->top = l->cursor = 0;
	l->scope = *scope;
	table_restart(l);
}

void table_reload(struct table *l)
{
	l->total = l->all = -1;
	if (l->page.nrow > 0)
		want(l, PAGE_BEFORE, l->cursor);
	else
		want(l, PAGE_TOP, 0);
}

/* ---- asking ---- */

static void copy_row(const struct row *r, size_t ncol, struct arena *mem, struct row *out)
{
	struct value *val = arena_array(mem, struct value, ncol);

	for (size_t i = 0; i < ncol; i++) {
		val[i] = r->val[i];
		if (val[i].type == VAL_TEXT || val[i].type == VAL_LIST)
			val[i].u.s = arena_dup(mem, val[i].u.s);
	}
	*out = *r;
	out->val = val;
}

const char *table_instead(const char *column)
{
	static const struct { const char *column, *instead; } table[] = {
		{ "package.name", "title" }, { "pod", "node" }, { "title", "message" },
	};

	for (size_t i = 0; i < LENGTH(table); i++)
		if (str_eq(table[i].column, column))
			return table[i].instead;
	return NULL;
}

static uint64_t column_bit(const struct table *l, const char *name)
{
	int i = name ? table_column_index(info(l), name) : -1;

	return i >= 0 ? UINT64_C(1) << i : 0;
}

/* Those a screen of any width may show, and what names a row: some of the others are dear. */
static uint64_t columns_shown(const struct table *l)
{
	uint64_t bits = column_bit(l, "id") | column_bit(l, l->lv->label);

	for (size_t i = 0; i < l->lv->ncolumn; i++)
		bits |= column_bit(l, l->lv->column[i].name) |
		        column_bit(l, table_instead(l->lv->column[i].name));
	for (size_t i = 0; i < l->nmore; i++)
		bits |= column_bit(l, l->more[i].name) |
		        column_bit(l, table_instead(l->more[i].name));
	return bits;
}

void table_ask_row(const struct table *l, int64_t now, struct arena *mem, struct table_question *q)
{
	*q = (struct table_question){
		.list = l->lv->list, .scope = l->scope, .order = l->order, .column = l->column,
		.desc = l->desc, .from = PAGE_AT, .anchored = true, .want = 1, .now = now,
		.columns = LIST_ALL_COLUMNS,
		.filter = l->filter_off ? NULL : arena_dup(mem, l->filter),
	};
	copy_row(table_row(l), info(l)->ncol, mem, &q->anchor);
}

void table_ask(struct table *l, int64_t now, struct arena *mem, struct table_question *q)
{
	bool end = l->asked == PAGE_TOP || l->asked == PAGE_END;
	size_t n = rows_shown(l) * SCREENS;
	size_t anchor = (size_t)l->asked_first;

	*q = (struct table_question){
		.list = l->lv->list, .scope = l->scope, .order = l->order, .column = l->column,
		.desc = l->desc, .from = l->asked, .now = now, .columns = columns_shown(l),
		.want = end ? rows_shown(l) : n < ROWS_MIN ? ROWS_MIN : n > ROWS_MAX ? ROWS_MAX : n,
		.filter = l->filter_off ? NULL : arena_dup(mem, l->filter),
	};
	if ((l->asked == PAGE_AT || l->asked == PAGE_BEFORE) && anchor < l->page.nrow) {
		copy_row(&l->page.row[anchor], info(l)->ncol, mem, &q->anchor);
		q->anchored = true;
	} else if (l->asked != PAGE_END) {
		q->from = PAGE_TOP;
		l->asked = PAGE_TOP;
	}
	l->in_flight = true;
}

bool table_query(const struct table_question *q, struct arena *mem, struct list_query *out,
                 struct err *e)
{
	size_t at;

	*out = (struct list_query){ .list = q->list, .scope = q->scope, .order = q->order,
	                            .column = q->column, .desc = q->desc,
	                            .columns = q->columns };
	return filter_parse(q->list, q->filter, q->now, mem, &out->where, &at, e);
}

/*
 * A window about the anchor: half of it before. Asked as BEFORE, then again AT the row that begins
 * it, so that the anchor's own row and those behind it are in the window too.
 */
static bool find_before(struct store *st, const struct list_query *lq,
                        const struct table_question *q, struct page *out, struct err *e)
{
	if (!store_page(st, lq, PAGE_BEFORE, &q->anchor, q->want / 2, out, e))
		return false;
	return store_page(st, lq, PAGE_AT, out->nrow > 0 ? &out->row[0] : &q->anchor, q->want, out,
	                  e);
}

bool table_fetch(struct store *st, const struct table_question *q, struct page *out, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct list_query lq;
	bool ok = table_query(q, &mem, &lq, e);

	if (ok && q->from == PAGE_BEFORE)
		ok = find_before(st, &lq, q, out, e);
	else if (ok)
		ok = store_page(st, &lq, q->from, q->anchored ? &q->anchor : NULL, q->want, out, e);
	arena_release(&mem);
	return ok;
}

bool table_count(struct store *st, const struct table_question *q, int64_t *total, int64_t *all,
                struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct list_query lq;
	bool ok = table_query(q, &mem, &lq, e) && store_count(st, &lq, total, e);

	if (ok && lq.where) {
		lq.where = NULL;
		ok = store_count(st, &lq, all, e);
	} else if (ok) {
		*all = *total;
	}
	arena_release(&mem);
	return ok;
}

/* Where the window begins in the whole list, as far as that can be told. */
static int64_t first_of(const struct table *l, const struct page *p, const int64_t anchor[4])
{
	int64_t i;

	if (!p->more_above)
		return 0;
	if (l->asked == PAGE_END)
		return l->total >= 0 ? l->total - (int64_t)p->nrow : -1;
	if (l->first < 0)
		return -1;
	if (l->asked == PAGE_AT)
		return l->first + l->asked_first;
	i = (int64_t)find_key(p, anchor);
	return i < (int64_t)p->nrow ? l->first + l->asked_first - i : -1;
}

/* The cursor stays on its row; where that is gone, on its place. */
static void place_cursor(struct table *l, const int64_t *key, size_t offset)
{
	size_t i = key ? find_key(&l->page, key) : 0;

	if (l->asked == PAGE_TOP)
		i = 0;
	else if (l->asked == PAGE_END)
		i = l->page.nrow;
	else if (i == l->page.nrow)
		i = l->cursor;
	if (i >= l->page.nrow)
		i = l->page.nrow > 0 ? l->page.nrow - 1 : 0;
	l->cursor = i;
	l->top = i > offset ? i - offset : 0;
	scroll(l);
}

/* A window that is the one that is here: asking for the next again would bring it again. */
static bool brings_nothing(const struct page *p, const struct page *here)
{
	size_t n = p->nrow;

	return n > 0 && n == here->nrow &&
	       memcmp(p->row[0].key, here->row[0].key, sizeof(p->row[0].key)) == 0 &&
	       memcmp(p->row[n - 1].key, here->row[n - 1].key, sizeof(p->row[0].key)) == 0;
}

bool table_take(struct table *l, struct page *p)
{
	bool moves = !l->ahead || !brings_nothing(p, &l->page);
	const struct row *was = table_row(l);
	size_t anchor = l->asked_first > 0 ? (size_t)l->asked_first : 0;
	int64_t key[4] = { 0 }, anchor_key[4] = { 0 };
	size_t offset = l->cursor - l->top;
	int pending = l->pending;

	if (was)
		memcpy(key, was->key, sizeof(key));
	if (anchor < l->page.nrow)
		memcpy(anchor_key, l->page.row[anchor].key, sizeof(anchor_key));
	l->first = first_of(l, p, anchor_key);
	page_release(&l->page);
	l->page = *p;
	*p = (struct page)PAGE_INIT;
	place_cursor(l, was ? key : NULL, offset);
	table_measure(l);
	l->loaded = true;
	l->in_flight = false;
	l->pending = 0;
	return pending != 0 ? move_by(l, pending) : moves && near_the_edge(l);
}
