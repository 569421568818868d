/* SPDX-License-Identifier: MIT */
/* container_log.c - what a container wrote, out of the log that somebody keeps of it. */
#include <jansson.h>
#include <stdlib.h>

#include "importers/container_log.h"
#include "importers/read.h"

/* A line of a log that somebody keeps; the strings live in the line or in `object`. */
struct part {
	const char *time, *text;
	size_t      ntime, n;
	const char *host, *tag, *pid; /* a journal's; NULL: another's  */
	bool        last; /* no further part of the same line follows */
	size_t      used; /* bytes of it: events may be sent one behind the other */
	json_t     *object; /* the caller's to release               */
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
	tag = stream + strlen("stdout ");
	if (end - tag < 1 || (*tag != 'F' && *tag != 'P')
	    || (end - tag > 1 && strchr(" :", tag[1]) == NULL))
		return false; /* further tags stand behind colons */
	p->last = *tag == 'F';
	tag += strcspn(tag, " ");
	p->text = tag + (tag < end);
	p->n = (size_t)(end - p->text);
	return true;
}

static const char *member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* {"log":"text\n","stream":"stdout","time":"TIME"}: without the line's end it is a part. */
static bool of_docker(struct part *p)
{
	static const char *const keys[] = { "log", "stream", "time", "attrs" };
	const char *key;
	json_t *value;
	p->text = member(p->object, "log");
	p->time = member(p->object, "time");
	bool good = p->text != NULL && member(p->object, "stream") != NULL && p->time != NULL
	            && is_time(p->time, strlen(p->time));
	json_object_foreach(p->object, key, value)
		good = good && str_index(keys, LENGTH(keys), key) >= 0;
	p->last = good && str_suffix(p->text, "\n");
	return good;
}

/* Collectors put what they know of the container beside its line. */
static bool of_fluent(struct part *p)
{
	const char *tag = member(p->object, "logtag");
	if (tag == NULL)
		tag = member(p->object, "_p");
	p->text = member(p->object, "log");
	p->time = member(p->object, "time");
	if (p->time == NULL)
		p->time = member(p->object, "@timestamp");
	p->last = !str_eq(tag, "P");
	return p->text != NULL
	       && (tag != NULL || (p->time != NULL && is_time(p->time, strlen(p->time)))
	           || json_object_get(p->object, "kubernetes") != NULL);
}

/* `journalctl -o json`: microseconds since 1970, and who wrote it. */
static bool of_journal(struct part *p)
{
	const char *at = member(p->object, "__REALTIME_TIMESTAMP");
	char time[31];
	int64_t us;
	p->text = member(p->object, "MESSAGE");
	p->host = member(p->object, "_HOSTNAME");
	p->tag = member(p->object, "SYSLOG_IDENTIFIER");
	p->pid = member(p->object, "_PID");
	if (p->text == NULL || at == NULL || !str_int64(at, 0, INT64_MAX / 1000, &us))
		return false;
	time_print_ns(us * 1000, time);
	json_object_set_new(p->object, "time", json_string(time));
	p->time = member(p->object, "time");
	if (p->host == NULL || p->tag == NULL)
		p->host = NULL;
	return true;
}

/* `logcli query -o jsonl` */
static bool of_loki(struct part *p)
{
	p->text = member(p->object, "line");
	p->time = member(p->object, "timestamp");
	return p->text != NULL && p->time != NULL && json_object_get(p->object, "labels") != NULL;
}

/* Splunk's export, and what Filebeat, Datadog and others send: an object as text. */
static bool of_others(struct part *p)
{
	p->text = member(json_object_get(p->object, "result"), "_raw");
	if (p->text == NULL)
		p->text = member(p->object, "_raw");
	if (p->text == NULL)
		p->text = member(p->object, "message");
	return str_prefix(p->text, "{");
}

/* Seconds since 1970, as a number or as text, which becomes the object's time. */
static void take_seconds(struct part *p)
{
	json_t *at = json_object_get(p->object, "time");
	double s = json_number_value(at);
	char time[31];
	if (json_is_string(at) && !str_double(json_string_value(at), &s))
		return;
	if (!(s > 0 && s < 1e10))
		return;
	time_print_ns((int64_t)(s * 1e6 + 0.5) * 1000, time);
	json_object_set_new(p->object, "time", json_string(time));
	p->time = member(p->object, "time");
}

/* Splunk's event collector takes an object or a text as the event, and little beside it. */
static bool of_collector(struct part *p)
{
	static const char *const keys[] = { "event", "time", "host", "source", "sourcetype",
		                            "index", "fields" };
	const char *key;
	json_t *value, *event = json_object_get(p->object, "event");
	char *text;
	json_object_foreach(p->object, key, value)
		if (str_index(keys, LENGTH(keys), key) < 0)
			return false;
	if (json_is_object(event)) {
		text = json_dumps(event, JSON_COMPACT);
		json_object_set_new(p->object, "event", json_string(text));
		free(text);
	}
	p->text = member(p->object, "event");
	take_seconds(p);
	return !str_empty(p->text);
}

/* Which ones hold their key, and how their objects are taken apart. */
static const struct keeper {
	const char *key;
	bool (*take)(struct part *p);
} keepers[] = {
	{ "\"stream\"", of_docker },
	{ "\"log\"", of_fluent },
	{ "\"MESSAGE\"", of_journal },
	{ "\"line\"", of_loki },
	{ "\"event\"", of_collector },
	{ "\"_raw\"", of_others },
	{ "\"message\"", of_others },
};

static bool split_object(const char *s, size_t n, struct part *p)
{
	bool good = false, may = false;
	for (size_t i = 0; !may && *s == '{' && i < LENGTH(keepers); i++)
		may = strstr(s, keepers[i].key) != NULL;
	if (!may)
		return false;
	json_error_t at;
	json_t *object = json_loadb(s, n, JSON_DISABLE_EOF_CHECK, &at);
	for (size_t i = 0; !good && object != NULL && i < LENGTH(keepers); i++) {
		*p = (struct part){ .object = object, .last = true, .used = (size_t)at.position };
		good = strstr(s, keepers[i].key) != NULL && keepers[i].take(p);
	}
	if (good)
		p->used += strspn(s + p->used, " \t\r");
	if (!good || (p->used < n && s[p->used] != '{')) {
		json_decref(object);
		p->object = NULL;
		return false;
	}
	p->n = strlen(p->text);
	p->n -= str_suffix(p->text, "\n");
	p->ntime = p->time == NULL || !is_time(p->time, strlen(p->time)) ? 0 : strlen(p->time);
	return true;
}

static bool split(const char *s, size_t n, struct part *p)
{
	memset(p, 0, sizeof(*p));
	p->used = n;
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
	bool         named; /* who wrote it stands there too */
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
	bool bare = u->named ? *u->text.s != '{' : has_no_date(u->text.s);
	for (; u->parts > 0; u->parts--)
		buf_addc(&u->text, '\n');
	bool ok = (!bare || u->put(u->to, u->time.s, u->time.len, u->e))
	          && u->put(u->to, u->text.s, u->text.len, u->e);
	buf_reset(&u->text);
	buf_reset(&u->time);
	u->named = false;
	return ok;
}

static void note_time(struct unwrap *u, const struct part *p)
{
	if (p->ntime == 0)
		return;
	buf_add(&u->time, p->time, p->ntime);
	u->named = p->host != NULL;
	if (!u->named)
		buf_adds(&u->time, " stdout F ");
	else if (p->pid == NULL)
		buf_addf(&u->time, " %s %s: ", p->host, p->tag);
	else
		buf_addf(&u->time, " %s %s[%s]: ", p->host, p->tag, p->pid);
}

static bool on_part(struct unwrap *u, const struct part *p)
{
	if (u->parts++ == 0)
		note_time(u, p);
	buf_add(&u->text, p->text, p->n);
	return !p->last || put_line(u);
}

static bool on_line(struct unwrap *u)
{
	size_t at = 0, n = u->line.len;
	struct part p;
	bool ok = true;
	do {
		if (!split(u->line.s + at, n - at, &p)) {
			ok = u->parts == 0 || put_line(u); /* another's: as it came */
			buf_addc(&u->line, '\n');
			return ok && u->put(u->to, u->line.s + at, n - at + 1, u->e);
		}
		ok = on_part(u, &p);
		json_decref(p.object);
		at += p.used;
	} while (ok && at < n);
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
