/* SPDX-License-Identifier: MIT */
/* sheet.c - fields, heads and wrapped lines, one below the other. */
#include <stdarg.h>

#include "tui/sheet.h"

bool sheet_terse(int rows)
{
	return rows < 8;
}

void sheet_init(struct sheet *s, struct canvas *c, struct rect r, int from, int64_t now)
{
	*s = (struct sheet){ .c = c, .r = r, .y = -from, .label = r.w >= 100 ? 12 : 10,
	                     .now = now, .terse = sheet_terse(r.h) };
}

void sheet_line(struct sheet *s, enum style_role role, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	canvas_cut(s->c, s->r, s->y++, 1, s->r.w - 2, role, b.s);
	buf_release(&b);
}

static void wrapped(struct sheet *s, int x, enum style_role role, const char *text)
{
	struct rect r = s->r;

	r.w--;
	draw_wrapped(s->c, r, s->y, x, role, text);
	s->y += count_wrapped(r.w - x, text); /* below the part that shows, too */
}

void sheet_text(struct sheet *s, enum style_role role, const char *text)
{
	if (!str_empty(text))
		wrapped(s, 1, role, text);
}

static void field(struct sheet *s, enum style_role role, const char *label, const char *fmt,
                  va_list ap)
{
	struct buf b = BUF_INIT;

	buf_addv(&b, fmt, ap);
	canvas_cut(s->c, s->r, s->y, 1, s->label, ROLE_label, label);
	wrapped(s, 1 + s->label, b.len > 0 ? role : ROLE_dim, b.len > 0 ? b.s : "none");
	buf_release(&b);
}

void sheet_field(struct sheet *s, const char *label, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	field(s, ROLE_text, label, fmt, ap);
	va_end(ap);
}

void sheet_role(struct sheet *s, enum style_role role, const char *label, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	field(s, role, label, fmt, ap);
	va_end(ap);
}

void sheet_head(struct sheet *s, const char *text)
{
	canvas_cut(s->c, s->r, s->y++, 1, s->r.w - 2, ROLE_head, text);
}

void sheet_gap(struct sheet *s)
{
	if (!s->terse)
		s->y++;
}

const char *text_or(const char *s, const char *instead)
{
	return str_empty(s) ? instead : s;
}

void print_many(int64_t n, const char *word, struct buf *out)
{
	char count[32];

	print_count(n, count);
	buf_addf(out, "%s %s%s", count, word, n == 1 ? "" : "s");
}

/* The controls of one framework that have one word: "PCI-DSS 6.3.3 6.3.1 fail". */
static size_t add_controls(struct buf *b, const struct control_ref *first,
                           const struct control_ref *end, bool brief)
{
	size_t n = 0;

	for (const struct control_ref *c = first; c < end; c++) {
		if (!str_eq(c->framework, first->framework) || c->word != first->word ||
		    (brief && c->weight > 0))
			continue;
		if (n++ == 0)
			buf_addf(b, "%s%s", b->len > 0 ? ", " : "", c->framework);
		buf_addf(b, " %s", c->ident);
	}
	if (n > 0)
		buf_addf(b, " %s", control_word(first->word));
	return n;
}

/* Was this framework with this word told already? */
static bool told(const struct control_ref *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(c[k].framework, c[i].framework) && c[k].word == c[i].word)
			return true;
	return false;
}

void sheet_controls(struct sheet *s, const char *label, const struct control_ref *c, size_t n,
                    bool brief)
{
	struct buf b = BUF_INIT;
	size_t shown = 0;

	for (size_t i = 0; i < n; i++)
		if (!told(c, i) && (!brief || c[i].weight == 0))
			shown += add_controls(&b, &c[i], c + n, brief);
	if (brief && shown < n)
		buf_addf(&b, "%s%zu more", shown > 0 ? ", and " : "", n - shown);
	sheet_field(s, label, "%s", b.s);
	buf_release(&b);
}

void sheet_notes(struct sheet *s, const struct note *n, size_t count)
{
	char age[16];

	for (size_t i = 0; i < count; i++) {
		print_age(n[i].at, s->now, age);
		sheet_field(s, i == 0 ? "Notes" : "", "%s %s ago: %s", text_or(n[i].actor,
		                                                               "unknown"), age,
		            text_or(n[i].text, ""));
	}
	if (count == 0)
		sheet_field(s, "Notes", "%s", "");
}

/* Of a path its last part says enough here; anything else is text of a person. */
static const char *history_text(const char *s)
{
	return str_empty(s) || strchr(s, ' ') ? s : file_base(s);
}

void sheet_history(struct sheet *s, const struct history *h, size_t n)
{
	char day[11];

	for (size_t i = 0; i < n; i++) {
		const char *text = history_text(h[i].text);

		time_print_date(h[i].at, day);
		sheet_field(s, i == 0 ? "History" : "", "%s  %s%s%s%s%s", day, h[i].what,
		            str_empty(h[i].who) ? "" : " by ", text_or(h[i].who, ""),
		            str_empty(text) ? "" : ": ", text_or(text, ""));
	}
	if (n == 0)
		sheet_field(s, "History", "%s", "");
}

void print_severities(const int64_t n[SEV_COUNT], struct buf *out)
{
	size_t start = out->len;

	for (int i = 0; i < SEV_COUNT; i++) {
		char count[32];

		if (n[i] == 0)
			continue;
		print_count(n[i], count);
		buf_addf(out, "%s%s %s", out->len > start ? " " : "", count,
		         severity_letter((enum severity)i));
	}
	if (out->len == start)
		buf_adds(out, "none");
}

void print_fix(const struct finding_detail *d, struct buf *out)
{
	if (!str_empty(d->fixed_in))
		buf_addf(out, "update %s to %s", text_or(d->package, "it"), d->fixed_in);
	else if (d->kind != FINDING_VULNERABILITY)
		buf_adds(out, str_empty(d->remedy) ? "change the configuration" : "see the remedy");
	else if (!str_empty(d->fix) && !str_eq(d->fix, "fixed"))
		buf_addf(out, "none (%s): accept with an end date, mitigate, or wait", d->fix);
	else
		buf_adds(out, "none known: accept with an end date, mitigate, or wait");
}

void print_signature(const struct image_detail *d, struct buf *out)
{
	buf_adds(out, str_empty(d->signature) ? "none" : d->signature);
	if (!str_empty(d->claimed))
		buf_addf(out, ": claims to be by %s, not verified", d->claimed);
	else if (!str_empty(d->signer))
		buf_addf(out, " by %s", d->signer);
}

void sheet_kin(struct sheet *s, const struct image_detail *d)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < d->nkin; i++) {
		const char *tag = strrchr(d->kin[i].name, ':');
		bool self = d->kin[i].id == d->id;

		buf_addf(&b, "%s%s%s %lld%s", i > 0 ? ", " : "open: ", self ? "[" : "",
		         tag ? tag + 1 : d->kin[i].name, (long long)d->kin[i].open,
		         self ? "]" : "");
	}
	if (d->nkin > 1)
		sheet_field(s, "Trend", "%s", b.s);
	buf_release(&b);
}
