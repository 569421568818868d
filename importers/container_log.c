/* SPDX-License-Identifier: MIT */
/* container_log.c - what a container wrote, taken out of the log that its runtime keeps. */
#include <jansson.h>

#include "importers/container_log.h"
#include "importers/read.h"

/* A line of a runtime's log; the strings live in the line or in `object`. */
struct part {
	const char *time, *stream, *text;
	size_t      ntime, nstream, n;
	bool        last; /* no further part of the same line follows */
	json_t     *object; /* docker's: the caller's to release      */
};

static bool is_time(const char *s, size_t n)
{
	static const char form[] = "0000-00-00T00:00:00";
	if (n < sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		bool digit = s[i] >= '0' && s[i] <= '9';
		if (form[i] == '0' ? !digit : s[i] != form[i])
			return false;
	}
	return true;
}

/* "TIME stdout F text": F is a whole line or its last part, P another. */
static bool split_plain(const char *s, size_t n, struct part *p)
{
	const char *end = s + n, *stream, *tag;
	p->time = s;
	p->ntime = strcspn(s, " ");
	stream = s + p->ntime + 1;
	if (p->ntime == n || !is_time(s, p->ntime)
	    || (!str_prefix(stream, "stdout ") && !str_prefix(stream, "stderr ")))
		return false;
	p->stream = stream;
	p->nstream = strlen("stdout");
	tag = stream + p->nstream + 1;
	if (end - tag < 1 || (*tag != 'F' && *tag != 'P')
	    || (end - tag > 1 && strchr(" :", tag[1]) == NULL))
		return false; /* further tags stand behind colons */
	p->last = *tag == 'F';
	tag += strcspn(tag, " ");
	p->text = tag + (tag < end);
	p->n = (size_t)(end - p->text);
	return true;
}

/* {"log":"text\n","stream":"stdout","time":"TIME"}: without the line's end it is a part. */
static bool split_object(const char *s, size_t n, struct part *p)
{
	static const char *const keys[] = { "log", "stream", "time", "attrs" };
	const char *key;
	json_t *value;
	if (*s != '{' || strstr(s, "\"log\"") == NULL || strstr(s, "\"stream\"") == NULL)
		return false;
	p->object = json_loadb(s, n, 0, NULL);
	p->text = json_string_value(json_object_get(p->object, "log"));
	p->stream = json_string_value(json_object_get(p->object, "stream"));
	p->time = json_string_value(json_object_get(p->object, "time"));
	bool good = p->text != NULL && p->stream != NULL && p->time != NULL
	            && is_time(p->time, strlen(p->time));
	json_object_foreach(p->object, key, value)
		good = good && str_index(keys, LENGTH(keys), key) >= 0;
	if (!good) {
		json_decref(p->object);
		p->object = NULL;
		return false;
	}
	p->n = strlen(p->text);
	p->ntime = strlen(p->time);
	p->nstream = strlen(p->stream);
	p->last = p->n > 0 && p->text[p->n - 1] == '\n';
	p->n -= p->last;
	return true;
}

static bool split(const char *s, size_t n, struct part *p)
{
	memset(p, 0, sizeof(*p));
	return split_plain(s, n, p) || split_object(s, n, p);
}

bool container_log_is(const char *head, size_t n)
{
	struct buf line = BUF_INIT;
	struct part p;
	const char *end = memchr(head, '\n', n);
	buf_add(&line, head, end == NULL ? n : (size_t)(end - head));
	bool is = split(line.s, line.len, &p);
	json_decref(p.object);
	buf_release(&line);
	return is;
}

/* ---- all of it ---- */

struct unwrap {
	log_put_fn *put;
	void        *to;
	struct err  *e;
	struct buf   line;  /* of the log, so far            */
	struct buf   text;  /* of the container's line       */
	struct buf   time;  /* before it: "TIME stdout F "   */
	size_t       parts; /* lines of the log that it took */
};

/* "09:15:02.000000001: Warning ...": a time of day, whose date is only before it. */
static bool has_no_date(const char *s)
{
	return strspn(s, "0123456789") == 2 && s[2] == ':' && strspn(s + 3, "0123456789") == 2
	       && s[5] == ':';
}

/* The container's line is whole. */
static bool put_line(struct unwrap *u)
{
	bool bare = has_no_date(u->text.s);
	for (; u->parts > 0; u->parts--)
		buf_addc(&u->text, '\n');
	bool ok = (!bare || u->put(u->to, u->time.s, u->time.len, u->e))
	          && u->put(u->to, u->text.s, u->text.len, u->e);
	buf_reset(&u->text);
	buf_reset(&u->time);
	return ok;
}

static bool on_line(struct unwrap *u)
{
	struct part p;
	bool ok = true;
	if (!split(u->line.s, u->line.len, &p)) {
		ok = u->parts == 0 || put_line(u); /* another's: as it came */
		buf_addc(&u->line, '\n');
		return ok && u->put(u->to, u->line.s, u->line.len, u->e);
	}
	if (u->parts++ == 0) {
		buf_add(&u->time, p.time, p.ntime);
		buf_addc(&u->time, ' ');
		buf_add(&u->time, p.stream, p.nstream);
		buf_adds(&u->time, " F ");
	}
	buf_add(&u->text, p.text, p.n);
	if (p.last)
		ok = put_line(u);
	json_decref(p.object);
	return ok;
}

static bool add(struct unwrap *u, const char *s, size_t n)
{
	for (const char *end = s + n; s < end;) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		buf_add(&u->line, s, (size_t)((stop == NULL ? end : stop) - s));
		if (u->line.len > READ_VALUE || u->text.len > READ_VALUE)
			return err_set(u->e, ERR_LIMIT, "a line is longer than %zu bytes",
			               READ_VALUE);
		if (stop == NULL)
			break;
		if (u->line.len > 0 && u->line.s[u->line.len - 1] == '\r')
			u->line.s[--u->line.len] = '\0';
		if (!on_line(u))
			return false;
		buf_reset(&u->line);
		s = stop + 1;
	}
	return true;
}

bool container_log_unwrap(log_more_fn *more, void *from, log_put_fn *put, void *to,
                          struct err *e)
{
	struct unwrap u = { .put = put, .to = to, .e = e, .line = BUF_INIT, .text = BUF_INIT,
		            .time = BUF_INIT };
	char block[8192];
	size_t n = 1;
	bool ok = true;
	while (ok && n > 0)
		ok = more(from, block, sizeof(block), &n, e) && add(&u, block, n);
	if (ok && u.line.len > 0)
		ok = on_line(&u);
	if (ok && u.parts > 0)
		ok = put_line(&u);
	buf_release(&u.time);
	buf_release(&u.text);
	buf_release(&u.line);
	return ok;
}
