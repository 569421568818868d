/* SPDX-License-Identifier: MIT */
/* table_draw.c - a list on the canvas: which columns fit, and the rows. */
#include "tui/draw.h"
#include "tui/table.h"

/* the cursor's sign and a blank; see print_letters() */
enum { MORE_BEHIND = 1, MARGIN = 2, LETTERS_WIDTH = 5, CURSOR_WIDTH = 60, CURSOR_MOST = 96 };
enum { STEP_LEAST = 6 }; /* columns that still tell a name */
enum { FIT_MAX = 12, NEED_MAX = 70, GAP_MAX = 3, GROW_MAX = 8 }; /* see fit(), spread(), grow() */

struct placed {
	const struct table_column *want;
	size_t                    col; /* index in the store's columns */
	int                       x, w, need; /* what its widest value would take */
	int                       gap;        /* blanks before it, but one */
	bool                      right;
};

int table_column_index(const struct list_info *li, const char *name)
{
	for (size_t i = 0; i < li->ncol; i++)
		if (str_eq(li->col[i].name, name))
			return (int)i;
	return -1;
}

static void add_candidate(const struct list_info *li, const struct table_column *want, int need,
                          struct placed *p, size_t *n, int *skip)
{
	int col = table_column_index(li, want->name);

	if (col < 0 || *n == TABLE_COLUMNS_MAX || (*n > 0 && (*skip)-- > 0))
		return;
	p[(*n)++] = (struct placed){ .want = want, .col = (size_t)col, .w = want->width,
	                             .need = need, .right = value_right(li->col[col].type) };
}

/*
 * The columns there are, those that were added behind the second, without those hidden or scrolled
 * away; the first always stays.
 */
static size_t candidates(const struct table *l, struct placed *p)
{
	const struct list_info *li = store_list(l->lv->list);
	int skip = l->shift;
	size_t n = 0;

	for (size_t i = 0; i < l->lv->ncolumn; i++) {
		if (!l->hidden[i])
			add_candidate(li, &l->lv->column[i], l->widest[i], p, &n, &skip);
		for (size_t k = 0; i == MORE_BEHIND && k < l->nmore; k++)
			add_candidate(li, &l->more[k], 0, p, &n, &skip);
	}
	return n;
}

static int total_width(const struct placed *p, size_t n)
{
	int w = MARGIN;

	for (size_t i = 0; i < n; i++)
		w += p[i].gap + p[i].w + 1;
	return w;
}

/* Take out the column that is dropped first; false when all that are left stay. */
static bool drop_one(struct placed *p, size_t *n)
{
	size_t worst = 0;

	for (size_t i = 1; i < *n; i++)
		if (p[i].want->drop > 0 && p[i].want->drop >= p[worst].want->drop)
			worst = i;
	if (worst == 0)
		return false;
	memmove(p + worst, p + worst + 1, sizeof(*p) * (*n - worst - 1));
	(*n)--;
	return true;
}

static bool hungry(const struct placed *p, int most)
{
	return p->w < p->need && (p->want->grow || p->w < p->want->width + most);
}

/* What is cut gets what there is, in turn: those that grow all of it, the others `most` more. */
static int fit(struct placed *p, size_t n, int left, int most)
{
	bool any = true;

	while (left > 0 && any) {
		any = false;
		for (size_t i = 0; i < n && left > 0; i++) {
			if (!hungry(&p[i], most))
				continue;
			p[i].w++;
			left--;
			any = true;
		}
	}
	return left;
}

/* A number and the word behind it are told apart by two blanks. */
static int part(struct placed *p, size_t n, int left)
{
	for (size_t i = 1; i < n && left > 0; i++) {
		if (!p[i - 1].right || p[i].right)
			continue;
		p[i].gap++;
		left--;
	}
	return left;
}

/* Share what is left among the columns that grow. */
static int grow(struct placed *p, size_t n, int left)
{
	int growing = 0;

	for (size_t i = 0; i < n; i++)
		growing += p[i].want->grow;
	for (size_t i = 0; i < n && growing > 0; i++) {
		int share;

		if (!p[i].want->grow)
			continue;
		share = left / growing < GROW_MAX ? left / growing : GROW_MAX;
		p[i].w += share;
		left -= share;
		growing--;
	}
	return left;
}

/* All columns move apart alike while there is room for it. */
static void spread(struct placed *p, size_t n, int left)
{
	for (int round = 1; round < GAP_MAX && left >= (int)n - 1; round++)
		for (size_t i = 1; i < n; i++, left--)
			p[i].gap++;
}

/*
 * What the columns do not need: first for what is cut, then between them. Not without end, or the
 * eye loses the row between a name and its numbers.
 */
static void use_room(struct placed *p, size_t n, int left)
{
	left = fit(p, n, left, FIT_MAX);
	left = fit(p, n, left, NEED_MAX);
	left = part(p, n, left);
	left = grow(p, n, left);
	spread(p, n, left);
}

static size_t place(const struct table *l, struct placed *p)
{
	size_t n = candidates(l, p);
	int x = MARGIN;

	while (total_width(p, n) - 1 > l->at.w && drop_one(p, &n))
		continue;
	if (total_width(p, n) - 1 < l->at.w)
		use_room(p, n, l->at.w - (total_width(p, n) - 1));
	for (size_t i = 0; i < n; i++) {
		p[i].x = x + p[i].gap;
		x = p[i].x + p[i].w + 1;
	}
	return n;
}

/*
 * "libc6 2.36-9+deb12u1 -> 2.36-9+deb12u13 (debian 12)": where it leads to says most. False: that
 * alone has no room either, or there is no arrow.
 */
static bool draw_step(struct canvas *c, struct rect r, int y, const struct placed *p,
                      enum style_role role, const char *s)
{
	static const char arrow[] = " -> ";
	const char *at = strstr(s, arrow), *to = at ? short_name(at + strlen(arrow)) : NULL;
	struct buf from = BUF_INIT, end = BUF_INIT;
	int room;

	if (!at || canvas_width(s) <= p->w)
		return false;
	buf_add(&from, s, (size_t)(at - s));
	buf_adds(&end, arrow);
	buf_add(&end, to, strcspn(to, "("));
	while (end.len > 0 && end.s[end.len - 1] == ' ')
		end.s[--end.len] = '\0';
	room = p->w - canvas_width(end.s);
	if (room >= STEP_LEAST) {
		int x = p->x + canvas_cut(c, r, y, p->x, room, role, short_name(from.s));

		canvas_text(c, r, y, x, role, end.s);
	}
	buf_release(&from);
	buf_release(&end);
	return room >= STEP_LEAST;
}

static void draw_cell(struct canvas *c, struct rect r, int y, const struct placed *p,
                      enum style_role role, const char *s)
{
	if (draw_step(c, r, y, p, role, s))
		return;
	if (str_prefix(s, "sha256:"))
		canvas_printf(c, r, y, p->x, role, "%.*s", p->w, s + strlen("sha256:"));
	else if (p->right)
		canvas_right(c, r, y, p->x, p->w, role, s);
	else if (str_eq(p->want->name, "what") && strchr(s, '/') && !strchr(s, ' ') &&
	         canvas_width(s) > p->w)
		canvas_tail(c, r, y, p->x, p->w, role, s); /* a file's name is its path's end */
	else if ((s[0] == '/' || str_eq(p->want->name, "file")) && canvas_width(s) > p->w)
		canvas_tail(c, r, y, p->x, p->w, role, s); /* a path's end says most */
	else if (str_eq(p->want->name, "id") && canvas_width(s) > p->w && strchr(s, ':'))
		canvas_cut(c, r, y, p->x, p->w, role, strchr(s, ':') + 1);
	else if (str_eq(p->want->name, "base"))
		canvas_cut(c, r, y, p->x, p->w, role, file_base(s));
	else if (short_name(s) != s && (canvas_width(s) > p->w || has_tag(s)))
		canvas_tail(c, r, y, p->x, p->w, role, short_name(s));
	else
		canvas_cut(c, r, y, p->x, p->w, role, s);
}

static void draw_head(const struct table *l, struct canvas *c, const struct placed *p, size_t n)
{
	const struct list_info *li = store_list(l->lv->list);

	for (size_t i = 0; i < n; i++) {
		const char *head = p[i].want->head ? p[i].want->head : li->col[p[i].col].head;

		draw_cell(c, l->at, 0, &p[i], ROLE_head, head);
	}
}

/* Tools by their first letters where the column has no room for words: "trivy, grype" -> "TG". */
void print_letters(const char *list, struct buf *out)
{
	bool first = true;

	for (; list && *list != '\0'; list++) {
		if (first && *list >= 'a' && *list <= 'z')
			buf_addc(out, (char)(*list - 'a' + 'A'));
		else if (first && *list != ' ')
			buf_addc(out, *list);
		first = *list == ' ' || *list == ',';
	}
}

/* What stands in a column for a row that has no such value. */
static size_t instead_of(const struct list_info *li, const struct row *r, size_t col)
{
	const char *instead = table_instead(li->col[col].name);
	int other = instead ? table_column_index(li, instead) : -1;

	return other >= 0 && str_empty(r->val[col].u.s) ? (size_t)other : col;
}

/* Columns that a value takes where it is not cut; 0: it is cut anyway. */
static int need_of(const struct list_info *li, const struct row *r, size_t col)
{
	const struct value *v = &r->val[instead_of(li, r, col)];
	int w;

	if ((v->type != VAL_TEXT && v->type != VAL_LIST) || str_empty(v->u.s) || v->u.s[0] == '/' ||
	    str_prefix(v->u.s, "sha256:") || str_eq(li->col[col].name, "base"))
		return 0;
	w = canvas_width(has_tag(v->u.s) ? short_name(v->u.s) : v->u.s);
	return w < NEED_MAX ? w : NEED_MAX;
}

void table_measure(struct table *l)
{
	const struct list_info *li = store_list(l->lv->list);

	for (size_t i = 0; i < l->lv->ncolumn; i++) {
		int col = table_column_index(li, l->lv->column[i].name);

		if (col < 0 || value_right(li->col[col].type) ||
		    l->lv->column[i].width <= LETTERS_WIDTH)
			continue;
		for (size_t k = 0; k < l->page.nrow; k++) {
			int need = need_of(li, &l->page.row[k], (size_t)col);

			if (need > l->widest[i])
				l->widest[i] = (uint8_t)need;
		}
	}
}

static void print_value(const struct value *v, const struct placed *p, int64_t now,
                        struct buf *out, enum style_role *role)
{
	if (v->type == VAL_LIST && p->w <= LETTERS_WIDTH) {
		*role = ROLE_text;
		print_letters(v->u.s, out);
	} else if (v->type == VAL_TIME && p->want->clock && v->u.i > 0) {
		char at[21];

		time_print(v->u.i, at);
		*role = ROLE_text;
		buf_addf(out, "%.5s %.8sZ", at + 5, at + 11);
	} else if (v->type == VAL_TEXT && str_eq(p->want->name, "what") && !str_empty(v->u.s)) {
		*role = ROLE_text;
		short_words(v->u.s, out);
	} else if (v->type == VAL_FLAG) {
		*role = ROLE_text;
		buf_adds(out, v->u.i ? p->want->head : "");
	} else {
		print_cell(v, now, out, role);
	}
}

static bool has_column(const struct placed *p, size_t n, size_t col)
{
	for (size_t k = 0; k < n; k++)
		if (p[k].col == col)
			return true;
	return false;
}

static void draw_row(const struct table *l, struct canvas *c, const struct placed *p, size_t n,
                     int y, size_t i, int64_t now)
{
	const struct list_info *li = store_list(l->lv->list);
	const struct row *r = &l->page.row[i];
	struct buf text = BUF_INIT;

	for (size_t k = 0; k < n; k++) {
		size_t col = instead_of(li, r, p[k].col);
		enum style_role role;

		if (col != p[k].col && has_column(p, n, col))
			col = p[k].col;
		buf_reset(&text);
		print_value(&r->val[col], &p[k], now, &text, &role);
		draw_cell(c, l->at, y, &p[k], role, text.s);
	}
	buf_release(&text);
}

static void draw_nothing(const struct table *l, struct canvas *c)
{
	char all[32];

	if (!l->loaded) {
		canvas_text(c, l->at, 1, MARGIN, ROLE_dim, "reading...");
	} else if (l->filter[0] != '\0' && !l->filter_off && l->all != 0) {
		print_count(l->all, all);
		canvas_printf(c, l->at, 1, MARGIN, ROLE_text, "0 of %s match  %s   Esc clears it",
		              l->all < 0 ? "..." : all, l->filter);
	} else {
		canvas_text(c, l->at, 1, MARGIN, ROLE_dim,
		            l->lv->empty ? l->lv->empty : "nothing here");
	}
}

/*
 * The cursor's style covers what names the row, not the whole of it: over a slow line a cursor key
 * then costs half the bytes, and severities keep their colours. A long name is covered to its end.
 */
static int cursor_width(const struct placed *p, size_t n, const struct canvas *c, struct rect r,
                        int y)
{
	int w = 0;

	for (size_t i = 0; i < n; i++) {
		w = p[i].x + p[i].w;
		if (p[i].want->grow || w >= CURSOR_WIDTH)
			break;
	}
	if (w > CURSOR_MOST)
		w = CURSOR_MOST;
	while (w > CURSOR_WIDTH && canvas_blank(c, r, y, w - 1))
		w--;
	return w;
}

void table_draw(const struct table *l, struct canvas *c, int64_t now, bool focus)
{
	struct placed p[TABLE_COLUMNS_MAX];
	size_t n = place(l, p);

	if (l->at.h < 1)
		return;
	draw_head(l, c, p, n);
	if (l->page.nrow == 0)
		draw_nothing(l, c);
	for (int y = 1; y < l->at.h; y++) {
		size_t i = l->top + (size_t)y - 1;

		if (i >= l->page.nrow)
			break;
		draw_row(l, c, p, n, y, i, now);
		if (marks_have(&l->marks, l->page.row[i].key))
			canvas_text(c, l->at, y, i == l->cursor && focus, ROLE_mark, "*");
		if (i != l->cursor || !focus)
			continue;
		canvas_text(c, l->at, y, 0, ROLE_cursor, ">");
		canvas_paint(c, l->at, y, 0, cursor_width(p, n, c, l->at, y), ROLE_COUNT, true);
		canvas_cursor(c, l->at, y, 0);
	}
}

/* Does the screen show it as a time, and not as an age? */
static bool is_clock(const struct table *l, const char *column)
{
	for (size_t i = 0; i < l->lv->ncolumn; i++)
		if (l->lv->column[i].clock && str_eq(l->lv->column[i].name, column))
			return true;
	return false;
}

void table_cell(const struct table *l, const struct row *r, const char *column, int64_t now,
               struct buf *out)
{
	int i = table_column_index(store_list(l->lv->list), column);
	enum style_role role;

	if (i >= 0 && is_clock(l, column))
		value_print(&r->val[i], out);
	else if (i >= 0)
		print_cell(&r->val[i], now, out, &role);
}

void table_describe(const struct table *l, struct buf *left, struct buf *right)
{
	char total[32], all[32], at[32];

	if (l->filter[0] != '\0')
		buf_addf(left, "  %s%s", l->filter_off ? "(off) " : "", l->filter);
	if (l->desc && str_eq(table_order_name(l), "newest"))
		buf_adds(left, "  by oldest");
	else
		buf_addf(left, "  by %s%s", table_order_name(l), l->desc ? ", reversed" : "");
	if (l->total < 0)
		return;
	print_count(l->total, total);
	print_count(l->all, all);
	print_count(l->first + (int64_t)l->cursor + 1, at);
	if (l->first >= 0 && l->page.nrow > 0)
		buf_addf(right, "%s/", at);
	buf_adds(right, total);
	if (l->total != l->all && l->all >= 0)
		buf_addf(right, " of %s", all);
	if (l->marks.n > 0)
		buf_addf(right, "  %zu marked", l->marks.n);
}
