/* SPDX-License-Identifier: MIT */
/* html.c - documents as one HTML file: no script, nothing fetched, prints well. */
#include <math.h>

#include "reports/doc.h"
#include "reports/escape.h"

static void end_facts(struct doc *d)
{
	if (d->facts)
		out_puts(d->out, "</dl>\n");
	d->facts = false;
}

/* ---- colours, from the theme's roles ---- */

static void put_colour(struct out *o, const struct theme *t, enum style_role r)
{
	const struct style *s = &t->role[r];

	if (s->fg == COLOR_NONE && !(s->attr & STYLE_BOLD))
		return;
	out_printf(o, ".%s{", role_name(r));
	if (s->fg != COLOR_NONE)
		out_printf(o, "color:#%06x;", (unsigned)s->fg);
	if (s->attr & STYLE_BOLD)
		out_puts(o, "font-weight:bold;");
	out_puts(o, "}\n");
}

/* Relative luminance, 0 to 1. Source: WCAG 2.2, "relative luminance", with gamma 2.2. */
static double luminance(int32_t rgb)
{
	static const double weight[] = { 0.0722, 0.7152, 0.2126 }; /* blue, green, red */
	double sum = 0;

	for (int i = 0; i < 3; i++)
		sum += weight[i] * pow(((rgb >> (8 * i)) & 0xff) / 255.0, 2.2);
	return sum;
}

/* Whether the theme's inks want a dark page: 0.18 is as far from white as from black. */
static bool wants_dark(const struct theme *t)
{
	double sum = 0;
	int n = 0;

	for (int r = 0; r < ROLE_COUNT; r++)
		if (t->role[r].fg != COLOR_NONE) {
			sum += luminance(t->role[r].fg);
			n++;
		}
	return n && sum / n > 0.18;
}

static void put_style(struct doc *d)
{
	const struct embed *css = embed_find("reports/report.css");

	out_printf(d->out, "<style>\n:root { color-scheme: %s; }\n",
	           wants_dark(d->theme) ? "dark" : "light");
	if (css)
		out_add(d->out, css->data, css->size);
	for (int r = 0; r < ROLE_COUNT; r++)
		put_colour(d->out, d->theme, (enum style_role)r);
	out_puts(d->out, "</style>\n");
}

static enum style_role severity_role(enum severity s)
{
	static const enum style_role roles[SEV_COUNT] = {
		ROLE_critical, ROLE_high, ROLE_medium, ROLE_low, ROLE_negligible, ROLE_unknown,
	};

	return roles[s];
}

static enum style_role control_role(enum control_word w)
{
	static const enum style_role roles[CONTROL_COUNT] = {
		[CONTROL_PASS] = ROLE_pass,     [CONTROL_FAIL] = ROLE_fail,
		[CONTROL_STALE] = ROLE_warn,    [CONTROL_NONE] = ROLE_none,
		[CONTROL_MANUAL] = ROLE_warn,   [CONTROL_NA] = ROLE_dim,
		[CONTROL_EXCEPTED] = ROLE_warn,
	};

	return roles[w];
}

/* How a column of the type is set: numbers to the right, times in one piece, text with room. */
static const char *column_class(enum value_type type)
{
	switch (type) {
	case VAL_INT:
	case VAL_EPSS:
	case VAL_SCORE:
	case VAL_FAILS:
		return "n";
	case VAL_TIME:
	case VAL_DUE:
		return "t";
	case VAL_TEXT:
	case VAL_LIST:
		return "x";
	default:
		return "";
	}
}

/* Digests, purls, paths: a word that no column has room for may break anywhere; others do not. */
static bool has_long_word(const char *s)
{
	enum { LONG = 24 };

	while (*s != '\0') {
		size_t n = strcspn(s, " \n-");

		if (n > LONG)
			return true;
		s += n + (s[n] != '\0');
	}
	return false;
}

static const char *class_of(const struct doc *d, const struct value *v)
{
	switch (v->type) {
	case VAL_TEXT:
	case VAL_LIST:
		return !str_empty(v->u.s) && has_long_word(v->u.s) ? "l" : "";
	case VAL_SEVERITY:
		return role_name(severity_role((enum severity)v->u.i));
	case VAL_CONTROL:
		return role_name(control_role((enum control_word)v->u.i));
	case VAL_VERDICT:
		return v->u.i == VERDICT_PASS ? "pass" : v->u.i == VERDICT_FAIL ? "fail" : "";
	case VAL_DUE:
		return v->u.i < d->job->now ? "t late" : "t";
	case VAL_TIME:
		return "t";
	case VAL_INT:
		return v->u.i ? "n" : "n zero";
	case VAL_EPSS:
	case VAL_SCORE:
	case VAL_FAILS:
		return "n";
	default:
		return "";
	}
}

/* ---- the document ---- */

static void begin(struct doc *d, const char *title)
{
	out_puts(d->out,
	         "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	         "style-src 'unsafe-inline'\">\n"
	         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	escape_html(d->out, title);
	out_puts(d->out, "</title>\n");
	put_style(d);
	out_puts(d->out, "</head>\n<body>\n<h1>");
	escape_html(d->out, title);
	out_puts(d->out, "</h1>\n");
}

static bool in_id(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-';
}

/* Other names give other ids, whatever is in them. */
static void put_id(struct out *o, const char *name)
{
	out_puts(o, "on_");
	for (const char *p = name; *p; p++)
		if (in_id(*p))
			out_printf(o, "%c", *p);
		else
			out_printf(o, "~%02x", (unsigned char)*p);
}

static void put_link(struct out *o, const char *name, const char *text)
{
	out_puts(o, "<a href=\"#");
	put_id(o, name);
	out_puts(o, "\">");
	escape_html(o, text);
	out_puts(o, "</a>");
}

static void contents(struct doc *d, const struct doc_place *place, size_t n)
{
	end_facts(d);
	out_puts(d->out, "<nav><ul>\n");
	for (size_t i = 0; i < n; i++) {
		out_puts(d->out, "<li>");
		put_link(d->out, place[i].name, place[i].text);
		out_puts(d->out, "</li>\n");
	}
	out_puts(d->out, "</ul></nav>\n");
}

static void heading(struct doc *d, int level, const struct doc_place *place)
{
	end_facts(d);
	out_printf(d->out, "<h%d", level + 1);
	if (place->name) {
		out_puts(d->out, " id=\"");
		put_id(d->out, place->name);
		out_puts(d->out, "\"");
	}
	out_puts(d->out, ">");
	escape_html(d->out, place->text);
	out_printf(d->out, "</h%d>\n", level + 1);
}

static void para(struct doc *d, const char *text)
{
	end_facts(d);
	out_puts(d->out, "<p>");
	escape_html(d->out, text);
	out_puts(d->out, "</p>\n");
}

static void fact(struct doc *d, const char *name, const char *value)
{
	if (!d->facts)
		out_puts(d->out, "<dl>\n");
	d->facts = true;
	out_puts(d->out, "<dt>");
	escape_html(d->out, name);
	out_puts(d->out, "</dt><dd>");
	escape_html(d->out, value);
	out_puts(d->out, "</dd>\n");
}

static void table(struct doc *d, const char *name, const struct doc_column *col, size_t n)
{
	end_facts(d);
	out_puts(d->out, "<div class=\"wide\"><table id=\"");
	escape_html(d->out, name);
	out_puts(d->out, "\">\n<thead><tr>");
	for (size_t i = 0; i < n; i++) {
		const char *class_name = column_class(col[i].type);

		out_puts(d->out, "<th scope=\"col\"");
		if (*class_name)
			out_printf(d->out, " class=\"%s\"", class_name);
		out_puts(d->out, ">");
		escape_html(d->out, col[i].head);
		out_puts(d->out, "</th>");
	}
	out_puts(d->out, "</tr></thead>\n<tbody>\n");
}

static void row(struct doc *d, const struct value *v)
{
	struct buf cell = BUF_INIT;

	out_puts(d->out, "<tr>");
	for (size_t i = 0; i < d->ncol; i++) {
		const char *class_name = class_of(d, &v[i]);

		buf_reset(&cell);
		value_print(&v[i], &cell);
		if (*class_name)
			out_printf(d->out, "<td class=\"%s\">", class_name);
		else
			out_puts(d->out, "<td>");
		if (i == 0 && d->leads)
			put_link(d->out, d->leads, cell.s);
		else
			escape_html(d->out, cell.s);
		out_puts(d->out, "</td>");
	}
	out_puts(d->out, "</tr>\n");
	buf_release(&cell);
}

static void table_end(struct doc *d)
{
	out_puts(d->out, "</tbody>\n</table></div>\n");
	if (!d->rows)
		out_puts(d->out, "<p>Nothing to list.</p>\n");
}

static void end(struct doc *d)
{
	end_facts(d);
	out_puts(d->out, "</body>\n</html>\n");
}

const struct doc_ops doc_html = {
	.begin = begin,
	.contents = contents,
	.heading = heading,
	.para = para,
	.fact = fact,
	.table = table,
	.row = row,
	.table_end = table_end,
	.end = end,
};
const struct format format_html = { { "html", ".html", "HTML, one file" }, &doc_html };
