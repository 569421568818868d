/* SPDX-License-Identifier: MIT */
/* markup.c - a strict reader of the HTML that we write: no more of the language than that. */
#include <ctype.h>

#include "t/lib/markup.h"

#define DEPTH 32
#define IDS   2048

struct tag {
	const char *s;
	size_t n;
};
struct page {
	const char *at;
	struct tag open[DEPTH], id[IDS], link[IDS];
	size_t depth, nid, nlink;
	struct err *e;
};

static bool tag_is(const struct tag *t, const char *name)
{
	return t->n == strlen(name) && memcmp(t->s, name, t->n) == 0;
}

static bool tag_eq(const struct tag *a, const struct tag *b)
{
	return a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

static bool wrong(struct page *p, const char *what)
{
	return err_set(p->e, ERR_FORMAT, "%s: %.60s", what, p->at);
}

static bool is_void(const struct tag *t)
{
	return tag_is(t, "meta");
}

static bool is_known(const struct tag *t)
{
	static const char *const names[] = {
		"html", "head", "meta", "title", "style", "body", "h1",    "h2",    "h3", "h4",
		"p",    "dl",   "dt",   "dd",    "table", "thead", "tbody", "tr",    "th", "td",
		"nav",  "ul",   "li",   "a",     "div",
	};

	for (size_t i = 0; i < LENGTH(names); i++)
		if (tag_is(t, names[i]))
			return true;
	return false;
}

static bool read_id(struct page *p, const char *s, size_t n)
{
	const struct tag id = { s, n };

	for (size_t i = 0; i < p->nid; i++)
		if (tag_eq(&p->id[i], &id))
			return wrong(p, "an id comes twice");
	if (p->nid == IDS || !n)
		return wrong(p, "too many ids, or an empty one");
	p->id[p->nid++] = id;
	return true;
}

/* Only to a place in the page, which may come later. */
static bool read_link(struct page *p, const char *s, size_t n)
{
	if (p->nlink == IDS || n < 2 || *s != '#')
		return wrong(p, "too many links, or one out of the page");
	p->link[p->nlink++] = (struct tag){ s + 1, n - 1 };
	return true;
}

static bool links_lead(struct page *p)
{
	for (size_t i = 0; i < p->nlink; i++) {
		size_t k = 0;

		while (k < p->nid && !tag_eq(&p->link[i], &p->id[k]))
			k++;
		p->at = p->link[i].s;
		if (k == p->nid)
			return wrong(p, "a link to nothing");
	}
	return true;
}

/* ` name="value"` up to the `>`; only the names we write. */
static bool read_attributes(struct page *p)
{
	static const char *const names[] = { "lang",  "charset", "http-equiv", "content", "name",
		                             "class", "scope",   "id",         "href" };

	while (*p->at == ' ') {
		const struct tag name = { p->at + 1, strcspn(p->at + 1, "=> ") };
		const char *value = name.s + name.n + 2;
		size_t i = 0;

		while (i < LENGTH(names) && !tag_is(&name, names[i]))
			i++;
		if (i == LENGTH(names) || !str_prefix(name.s + name.n, "=\""))
			return wrong(p, "an attribute we do not write");
		if (tag_is(&name, "id") && !read_id(p, value, strcspn(value, "\"")))
			return false;
		if (tag_is(&name, "href") && !read_link(p, value, strcspn(value, "\"")))
			return false;
		p->at = value + strcspn(value, "\"<>");
		if (*p->at++ != '"')
			return wrong(p, "a value that does not end");
	}
	return *p->at++ == '>' || wrong(p, "a tag that does not end");
}

static bool read_close(struct page *p)
{
	const struct tag t = { p->at + 2, strcspn(p->at + 2, ">") };

	if (!p->depth || !tag_eq(&t, &p->open[p->depth - 1]))
		return wrong(p, "closes what is not open");
	p->depth--;
	p->at = t.s + t.n + 1;
	return true;
}

static bool read_open(struct page *p)
{
	const struct tag t = { p->at + 1, strcspn(p->at + 1, " >") };

	if (!is_known(&t))
		return wrong(p, "a tag we do not write");
	p->at = t.s + t.n;
	if (!read_attributes(p))
		return false;
	if (is_void(&t))
		return true;
	if (p->depth == DEPTH)
		return wrong(p, "too deep");
	p->open[p->depth++] = t;
	if (tag_is(&t, "style")) { /* its text is not markup */
		const char *end = strstr(p->at, "</style>");

		if (!end || memchr(p->at, '<', (size_t)(end - p->at)))
			return wrong(p, "a style that does not end");
		p->at = end;
	}
	return true;
}

static bool read_entity(struct page *p)
{
	static const char *const known[] = { "&lt;", "&gt;", "&amp;", "&quot;", "&#39;" };

	for (size_t i = 0; i < LENGTH(known); i++)
		if (str_prefix(p->at, known[i])) {
			p->at += strlen(known[i]);
			return true;
		}
	return wrong(p, "a bare &");
}

bool markup_check(const char *html, struct err *e)
{
	static const char doctype[] = "<!DOCTYPE html>\n";
	struct page p = { .at = html, .e = e };
	bool ok = true;

	if (!str_prefix(html, doctype))
		return wrong(&p, "no document type");
	p.at += sizeof(doctype) - 1;
	while (ok && *p.at) {
		if (str_prefix(p.at, "</"))
			ok = read_close(&p);
		else if (*p.at == '<')
			ok = read_open(&p);
		else if (*p.at == '&')
			ok = read_entity(&p);
		else if (!p.depth && !isspace((unsigned char)*p.at))
			ok = wrong(&p, "text outside the page");
		else
			ok = *p.at++ != '>' || wrong(&p, "a bare >");
	}
	return ok && (!p.depth || wrong(&p, "ends with open tags")) && links_lead(&p);
}
