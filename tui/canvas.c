/* SPDX-License-Identifier: MIT */
/* canvas.c - the grid: clipping, character widths, and nothing a terminal would obey. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tui/canvas.h"

static int bounded(int n)
{
	return n < 0 ? 0 : n > CANVAS_MAX ? CANVAS_MAX : n;
}

static void blank(struct glyph *g)
{
	g->utf8[0] = ' ';
	g->utf8[1] = '\0';
}

void canvas_clear(struct canvas *c)
{
	for (int i = 0; i < c->w * c->h; i++) {
		c->cell[i] = (struct glyph){ .role = ROLE_text };
		blank(&c->cell[i]);
	}
	c->cursor_y = c->cursor_x = -1;
}

void canvas_resize(struct canvas *c, int w, int h)
{
	w = bounded(w);
	h = bounded(h);
	if (w != c->w || h != c->h || !c->cell) {
		free(c->cell);
		c->cell = xcalloc((size_t)w * (size_t)h + 1, sizeof(*c->cell));
		c->w = w;
		c->h = h;
	}
	canvas_clear(c);
}

void canvas_release(struct canvas *c)
{
	free(c->cell);
	*c = (struct canvas)CANVAS_INIT;
}

struct rect canvas_all(const struct canvas *c)
{
	return (struct rect){ 0, 0, c->h, c->w };
}

/* `r` cut to the canvas: what of it can be drawn on, in canvas coordinates. */
static struct rect visible(const struct canvas *c, struct rect r)
{
	int y1 = r.y + r.h < c->h ? r.y + r.h : c->h;
	int x1 = r.x + r.w < c->w ? r.x + r.w : c->w;

	if (r.y < 0)
		r.y = 0;
	if (r.x < 0)
		r.x = 0;
	r.h = y1 > r.y ? y1 - r.y : 0;
	r.w = x1 > r.x ? x1 - r.x : 0;
	return r;
}

static struct glyph *at(const struct canvas *c, int y, int x)
{
	return &c->cell[y * c->w + x];
}

/*
 * Half of a wide character cannot stay alone: blank the other half of what is about to be
 * overwritten.
 */
static void split_wide(struct canvas *c, int y, int x)
{
	struct glyph *g = at(c, y, x);

	if (g->utf8[0] == '\0' && x > 0)
		blank(at(c, y, x - 1));
	if (x + 1 < c->w && at(c, y, x + 1)->utf8[0] == '\0')
		blank(at(c, y, x + 1));
}

/* Where text is going: canvas coordinates, and the columns it may use. */
struct pen {
	struct canvas *c;
	int            y, x;
	int            x0, x1; /* first column, first column past the end */
	enum style_role      role;
	struct glyph  *last;   /* takes combining marks; NULL at the start and when clipped */
	bool           full;   /* something did not fit */
};

static void put_cell(struct pen *p, const char *utf8, size_t n, int width)
{
	struct glyph *g;

	p->last = NULL;
	if (p->x + width > p->x1) {
		p->full = true;
		return;
	}
	if (p->x >= p->x0) {
		for (int i = 0; i < width; i++)
			split_wide(p->c, p->y, p->x + i);
		g = at(p->c, p->y, p->x);
		memcpy(g->utf8, utf8, n);
		g->utf8[n] = '\0';
		g->role = (uint8_t)p->role;
		g->selected = false;
		if (width == 2) {
			g[1] = *g;
			g[1].utf8[0] = '\0';
		}
		p->last = g;
	} else if (p->x + width > p->x0) { /* right half shows: a blank stands for it */
		split_wide(p->c, p->y, p->x0);
		blank(at(p->c, p->y, p->x0));
	}
	p->x += width;
}

static void put_ascii(struct pen *p, const char *s)
{
	for (; *s != '\0' && !p->full; s++)
		put_cell(p, s, 1, 1);
}

static void put_combining(const struct pen *p, const char *utf8, size_t n)
{
	size_t have;

	if (!p->last)
		return;
	have = strlen(p->last->utf8);
	if (have + n < sizeof(p->last->utf8)) {
		memcpy(p->last->utf8 + have, utf8, n);
		p->last->utf8[have + n] = '\0';
	}
}

static void put_char(struct pen *p, uint32_t ch)
{
	char text[16];
	char utf8[4];
	size_t n;
	int width = utf8_width(ch);

	if (ch < 0x20 || ch == 0x7f) {
		put_ascii(p, (char[]){ '^', (char)(ch ^ 0x40), '\0' });
	} else if (width < 0 || utf8_bidi(ch)) { /* C1 controls and what reorders text */
		snprintf(text, sizeof(text), "<U+%04X>", (unsigned)ch);
		put_ascii(p, text);
	} else {
		n = utf8_put(ch, utf8);
		if (width == 0)
			put_combining(p, utf8, n);
		else
			put_cell(p, utf8, n, width);
	}
}

static void put_text(struct pen *p, const char *s)
{
	size_t n = strlen(s);

	while (n > 0 && !p->full) {
		uint32_t ch;
		size_t used = utf8_next(s, n, &ch);

		put_char(p, ch);
		s += used;
		n -= used;
	}
}

/* False when nothing of row y can be seen. */
static bool pen_init(struct pen *p, struct canvas *c, struct rect r, int y, int x,
                     enum style_role role)
{
	struct rect v = visible(c, r);

	*p = (struct pen){ .c = c, .y = r.y + y, .x = r.x + x, .x0 = v.x, .x1 = v.x + v.w,
		.role = role };
	return v.w > 0 && p->y >= v.y && p->y < v.y + v.h;
}

static int char_width(uint32_t ch)
{
	int width = utf8_width(ch);

	if (ch < 0x20 || ch == 0x7f)
		return 2;
	if (width < 0 || utf8_bidi(ch))
		return ch > 0xffff ? 9 : 8;
	return width;
}

int canvas_text(struct canvas *c, struct rect r, int y, int x, enum style_role role, const char *s)
{
	struct pen p;
	int from = r.x + x;

	if (!s || !pen_init(&p, c, r, y, x, role))
		return 0;
	put_text(&p, s);
	if (from < p.x0)
		from = p.x0;
	return p.x > from ? p.x - from : 0;
}

static struct rect narrowed(struct rect r, int x, int width)
{
	if (x + width < r.w)
		r.w = x + width;
	return r;
}

int canvas_cut(struct canvas *c, struct rect r, int y, int x, int width, enum style_role role,
               const char *s)
{
	int n;

	if (width <= 0 || !s)
		return 0;
	if (canvas_width(s) <= width)
		return canvas_text(c, narrowed(r, x, width), y, x, role, s);
	n = canvas_text(c, narrowed(r, x, width - 1), y, x, role, s);
	return n + canvas_text(c, r, y, x + n, role, "~");
}

int canvas_tail(struct canvas *c, struct rect r, int y, int x, int width, enum style_role role,
                const char *s)
{
	int over = s ? canvas_width(s) - width : 0, n;
	uint32_t ch;

	if (over <= 0 || width <= 1)
		return canvas_cut(c, r, y, x, width, role, s);
	for (over++; over > 0 && *s != '\0'; over -= char_width(ch))
		s += utf8_next(s, strlen(s), &ch);
	n = canvas_text(c, r, y, x, role, "~");
	return n + canvas_text(c, narrowed(r, x, width), y, x + n, role, s);
}

int canvas_right(struct canvas *c, struct rect r, int y, int x, int width, enum style_role role,
                 const char *s)
{
	int n = s ? canvas_width(s) : 0;

	return canvas_cut(c, r, y, n < width ? x + width - n : x, n < width ? n : width, role, s);
}

int canvas_printf(struct canvas *c, struct rect r, int y, int x, enum style_role role,
                  const char *fmt,
                  ...)
{
	struct buf b = BUF_INIT;
	va_list ap;
	int n;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	n = canvas_text(c, r, y, x, role, b.s);
	buf_release(&b);
	return n;
}

int canvas_width(const char *s)
{
	size_t n = strlen(s);
	int64_t width = 0;

	while (n > 0 && width < 1000000) {
		uint32_t ch;
		size_t used = utf8_next(s, n, &ch);

		width += char_width(ch);
		s += used;
		n -= used;
	}
	return (int)width;
}

void canvas_fill(struct canvas *c, struct rect r, int y, int x, int n, enum style_role role,
                 char ch)
{
	struct pen p;

	if (!pen_init(&p, c, r, y, x, role))
		return;
	while (n-- > 0 && !p.full)
		put_cell(&p, &ch, 1, 1);
}

bool canvas_blank(const struct canvas *c, struct rect r, int y, int x)
{
	bool inside = y >= 0 && y < r.h && x >= 0 && x < r.w && r.y + y < c->h && r.x + x < c->w;

	return !inside || str_eq(c->cell[(r.y + y) * c->w + r.x + x].utf8, " ");
}

void canvas_paint(struct canvas *c, struct rect r, int y, int x, int n, enum style_role role,
                  bool selected)
{
	struct pen p;

	if (!pen_init(&p, c, r, y, x, role))
		return;
	for (int i = 0; i < n; i++) {
		int cx = p.x + i;

		if (cx < p.x0 || cx >= p.x1)
			continue;
		if (role != ROLE_COUNT)
			at(c, p.y, cx)->role = (uint8_t)role;
		at(c, p.y, cx)->selected = selected;
	}
}

void canvas_cursor(struct canvas *c, struct rect r, int y, int x)
{
	int cy = r.y + y, cx = r.x + x;

	if (cy < 0 || cy >= c->h || c->w == 0)
		return;
	c->cursor_y = cy;
	c->cursor_x = cx < 0 ? 0 : cx >= c->w ? c->w - 1 : cx;
}

static void dump_row(const struct canvas *c, int y, struct buf *out)
{
	size_t end = out->len; /* past the last cell that is not blank */

	for (int x = 0; x < c->w; x++) {
		const char *s = at(c, y, x)->utf8;

		buf_adds(out, s);
		if (s[0] != '\0' && !str_eq(s, " "))
			end = out->len;
	}
	if (out->len > end) {
		out->s[end] = '\0';
		out->len = end;
	}
	buf_addc(out, '\n');
}

/* From the first cell that is selected to the last. */
static bool dump_selected(const struct canvas *c, int y, struct buf *out)
{
	int from = 0, to = c->w - 1;

	while (from < c->w && !at(c, y, from)->selected)
		from++;
	while (to > from && !at(c, y, to)->selected)
		to--;
	if (from < c->w)
		buf_addf(out, "cursor %d-%d", from, to);
	return from < c->w;
}

static void dump_roles(const struct canvas *c, int y, struct buf *out)
{
	const char *between = "";
	size_t start = out->len;

	buf_addf(out, "%d: ", y + 1);
	if (dump_selected(c, y, out))
		between = ", ";
	for (int x = 0, to; x < c->w; x = to) {
		uint8_t role = at(c, y, x)->role;

		for (to = x + 1; to < c->w && at(c, y, to)->role == role; to++)
			continue;
		if (role == ROLE_text)
			continue;
		buf_addf(out, "%s%d-%d %s", between, x, to - 1, role_name(role));
		between = ", ";
	}
	if (between[0] != '\0') {
		buf_addc(out, '\n');
		return;
	}
	out->s[start] = '\0';
	out->len = start;
}

void canvas_dump(const struct canvas *c, struct buf *out, bool with_roles)
{
	for (int y = 0; y < c->h; y++)
		dump_row(c, y, out);
	for (int y = 0; with_roles && y < c->h; y++)
		dump_roles(c, y, out);
}
