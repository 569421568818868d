/* SPDX-License-Identifier: MIT */
/* kyverno_log.c - what Kyverno's admission controller says of requests. Spec: .spec below. */
#include "importers/dated.h"
#include "importers/embedded.h"
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/kyverno_line.h"
#include "importers/log.h"

enum {
	K_LEVEL, K_TIME, K_TIME_TOO, K_MESSAGE, K_MESSAGE_TOO, K_POLICY, K_RULES, K_ACTION, K_KIND,
	K_GVK, K_NAMESPACE, K_NAME, K_RESOURCE, K_OPERATION, K_USER, K_ERROR, K_RAW, K_COUNT
};
static const struct read_field line_fields[K_COUNT] = {
	[K_LEVEL] = { "level" },
	[K_TIME] = { "ts" },
	[K_TIME_TOO] = { "time" }, /* this and the next but one: from 1.13 on */
	[K_MESSAGE] = { "msg" },
	[K_MESSAGE_TOO] = { "message" },
	[K_POLICY] = { "policy" },
	[K_RULES] = { "failed rules", READ_LIST },
	[K_ACTION] = { "action" },
	[K_KIND] = { "kind" },
	[K_GVK] = { "gvk" },
	[K_NAMESPACE] = { "namespace" },
	[K_NAME] = { "name" },
	[K_RESOURCE] = { "resource" }, /* shop/Pod/web */
	[K_OPERATION] = { "operation" },
	[K_USER] = { "user.username" },
	[K_ERROR] = { "error" },
	[K_RAW] = { "", READ_RAW },
};

struct console { /* a line for people, until its object has been read */
	struct kyverno_line parts;
	const char *line; /* NULL: none */
	size_t      n;
	int64_t     until; /* the latest time a line can be from */
};

static const char *message_of(const struct log *g, const struct read_record *r)
{
	const struct console *c = g->own;
	const char *message = read_text(r, K_MESSAGE);
	if (message == NULL)
		message = read_text(r, K_MESSAGE_TOO);
	return message != NULL ? message : c->parts.text;
}

static bool has(const char *text, const char *word)
{
	return text != NULL && strstr(text, word) != NULL;
}

/* Lines of a policy that did not hold; with more words (-v=4) Kyverno tells of all that did. */
static bool is_verdict(const struct read_record *r, const char *message)
{
	return read_text(r, K_POLICY) != NULL
	       && (has(message, "failed") || has(message, "block") || has(message, "denied")
	           || has(message, "enforce") || read_count(r, K_RULES) > 0);
}

/* "/v1, Kind=Pod" */
static const char *kind_of(const struct read_record *r)
{
	const char *gvk = read_text(r, K_GVK), *kind = read_text(r, K_KIND);
	const char *at = gvk == NULL ? NULL : strstr(gvk, "Kind=");
	return kind != NULL ? kind : at == NULL ? NULL : at + strlen("Kind=");
}

/* Versions from 1.8 on do not always say what became of the request. */
static const char *action_of(const struct read_record *r, const char *message)
{
	const char *action = read_text(r, K_ACTION);
	if (str_ieq(action, "enforce") || has(message, "block") || has(message, "denied"))
		return "denied";
	return str_ieq(action, "audit") ? "audited" : "reported";
}

static bool find_time(const struct log *g, const struct read_record *r, struct rec_event *ev)
{
	const struct console *c = g->own;
	const char *text = read_text(r, K_TIME);
	if (text == NULL)
		text = read_text(r, K_TIME_TOO);
	if (text == NULL)
		text = c->parts.time;
	if (text != NULL
	    && (time_parse_ns(text, &ev->ts_ns) || kube_epoch_ns(text, &ev->ts_ns)))
		return true;
	ev->ts_inferred = true;
	return (text == NULL && c->parts.clock != NULL
	        && dated_month_day(c->parts.month, c->parts.day, c->parts.clock, c->until,
	                           &ev->ts_ns))
	       || log_time(g, ev);
}

/* The object's kind, namespace and name; old versions write but "shop/Pod/web". */
static void find_object(struct log *g, const struct read_record *r, struct rec_event *ev,
                        const char **kind, const char **name)
{
	char *whole = arena_dup(&g->mem, read_text(r, K_RESOURCE));
	char *middle = whole == NULL ? NULL : strchr(whole, '/');
	char *last = middle == NULL ? NULL : strchr(middle + 1, '/');
	*kind = kind_of(r);
	*name = kube_value(read_text(r, K_NAME));
	ev->namespace = kube_value(read_text(r, K_NAMESPACE));
	if (last == NULL || *name != NULL)
		return;
	*middle = *last = '\0';
	*name = last + 1;
	if (ev->namespace == NULL)
		ev->namespace = kube_value(whole);
	if (*kind == NULL)
		*kind = middle + 1;
}

static void fill(struct log *g, const struct read_record *r, const char *message,
                 struct rec_event *ev)
{
	const struct console *c = g->own;
	const char *kind, *name;
	struct buf told = BUF_INIT;
	find_object(g, r, ev, &kind, &name);
	struct kube_workload w = kube_workload(&g->mem, kind, name);
	ev->kind = EVENT_ADMISSION;
	ev->rule = read_text(r, K_POLICY);
	if (read_count(r, K_RULES) == 1)
		ev->rule = arena_printf(&g->mem, "%s/%s", ev->rule, read_item(r, K_RULES, NULL));
	ev->action = action_of(r, message);
	ev->priority = str_eq(ev->action, "denied") ? PRIO_WARNING : PRIO_NOTICE;
	ev->priority_raw = read_text(r, K_LEVEL);
	if (str_eq(kind, "Pod"))
		ev->pod = name;
	if (kube_is_workload(kind)) {
		ev->workload_kind = w.kind;
		ev->workload = w.name;
	}
	ev->user = read_text(r, K_USER);
	buf_addf(&told, "%s %s %s: %s",
	         read_text(r, K_OPERATION) == NULL ? "request" : read_text(r, K_OPERATION),
	         kind == NULL ? "object" : kind, name == NULL ? "" : name, message);
	if (read_count(r, K_RULES) > 0)
		buf_adds(&told, ": ");
	read_join(r, K_RULES, ", ", &told);
	if (read_text(r, K_ERROR) != NULL)
		buf_addf(&told, ": %s", read_text(r, K_ERROR));
	ev->message = arena_dup(&g->mem, told.s);
	buf_release(&told);
	log_origin(g, r, K_RAW, ev);
	if (c->line != NULL) { /* the time stands before the object */
		ev->raw = c->line;
		ev->raw_len = c->n;
		ev->offset = (int64_t)g->base;
	}
}

static bool on_line(void *ctx, const struct read_record *r, struct err *e)
{
	struct log *g = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };
	const char *message = message_of(g, r);
	arena_reset(&g->mem);
	if (message == NULL)
		return log_skip(g, r, "not a line of Kyverno", e);
	if (!is_verdict(r, message))
		return true; /* it speaks of itself */
	if (!find_time(g, r, &rec.u.event))
		return log_skip(g, r, READ_NO_TIME, e);
	fill(g, r, message, &rec.u.event);
	return g->sink->put(g->sink, &rec, e);
}

static const struct read_scope scopes[] = {
	{ "", line_fields, K_COUNT, on_line, NULL },
};

static bool on_text(struct log *g, const struct log_line *l, bool *taken, struct err *e)
{
	struct console *c = g->own;
	struct arena mem = ARENA_INIT;
	struct kyverno_line parts;
	bool ok = true, good;
	*taken = kyverno_line(&mem, l->s, &parts);
	if (*taken && parts.object != NULL) {
		c->parts = parts;
		c->line = l->s;
		c->n = l->n;
		g->base = l->offset;
		g->line = l->line;
		ok = embedded_read(parts.object, strlen(parts.object), scopes, LENGTH(scopes), g,
		                   &good, e);
		*taken = ok && good;
		g->base = g->line = 0;
		*c = (struct console){ .until = c->until };
	}
	arena_release(&mem);
	return ok;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct console c = { .until = o->at != 0 ? o->at : source_mtime(src) };
	struct log g = { .sink = out, .scope = scopes, .nscope = LENGTH(scopes), .text = on_text,
		         .own = &c, .mem = ARENA_INIT, .at = o->at };
	return log_read(&g, src, "kyverno", e);
}

static int sniff(const struct peek *p)
{
	const char *head = peek_head(p), *logger = peek_text(p, "logger");
	static const char *const words[] = {
		"\"logger\":\"webhooks.resource", "\"logger\": \"webhooks.resource",
		"\"logger\":\"webhooks/resource", "\twebhooks.resource",
		"logger=\"webhooks.resource",      "logger=webhooks/resource",
		"/kyverno/pkg/webhooks/",          "] WebhookServer \"msg\"=",
	};
	if ((str_prefix(logger, "webhooks.") || str_prefix(logger, "webhooks/"))
	    && (peek_has(p, "msg") || peek_has(p, "message")))
		return 90;
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (strstr(head, words[i]) != NULL)
			return 85;
	}
	return 0;
}

const struct importer importer_kyverno_log = {
	.id = "kyverno-log",
	.title = "log of Kyverno's admission controller (JSON lines, console)",
	.spec = "https://kyverno.io/docs/troubleshooting/",
	.sniff = sniff,
	.run = run,
};
