/* SPDX-License-Identifier: MIT */
/* falco_text.c - Falco's text output, alone or behind a syslog prefix, taken apart. */
#include <stdio.h>

#include "importers/falco_text.h"
#include "importers/dated.h"
#include "importers/kube.h"

/* Where the parts of a line are: "PREFIX TIME: Priority Text". */
struct parts {
	const char *line;
	const char *time, *time_end;
	enum priority priority;
	const char *word, *word_end; /* the priority */
	const char *text;
};

static bool is_time_token(const char *s, const char *end)
{
	return end - s >= 8 && strspn(s, "0123456789:.+-TZ") >= (size_t)(end - s) && s[0] >= '0'
	       && s[0] <= '9' && memchr(s, ':', (size_t)(end - s)) != NULL;
}

static bool word_at(struct parts *p, const char *word)
{
	char priority[16];
	size_t n = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	if (n == 0 || n >= sizeof(priority) || word[n] != ' ')
		return false;
	memcpy(priority, word, n);
	priority[n] = '\0';
	p->priority = priority_fold(priority);
	p->word = word;
	p->word_end = word + n;
	p->text = word + n + 1;
	return p->priority != PRIO_COUNT;
}

static bool split(const char *line, struct parts *p)
{
	p->line = line;
	for (const char *colon = strstr(line, ": "); colon != NULL;
	     colon = strstr(colon + 1, ": ")) {
		const char *s = colon;
		while (s > line && s[-1] != ' ' && s[-1] != '\t')
			s--;
		p->time = s;
		p->time_end = colon;
		if (is_time_token(s, colon) && word_at(p, colon + 2))
			return true;
	}
	return false;
}

/* "Feb 13 " at the start of a syslog line: month 1-12 and day, 0 when it is not there. */
static int syslog_date(const char *s, int *day)
{
	static const char months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
	char name[5];
	if (*s == '<') /* <PRI> as it travels over the network */
		s += strcspn(s, ">") + (strchr(s, '>') != NULL);
	if (strlen(s) < 7 || s[3] != ' ' || memchr(s, ' ', 3) != NULL)
		return 0;
	memcpy(name, s, 4);
	name[4] = '\0';
	const char *at = strstr(months, name);
	*day = (s[4] == ' ' ? 0 : (s[4] - '0') * 10) + (s[5] - '0');
	bool ok = at != NULL && *day >= 1 && *day <= 31 && s[6] == ' ';
	return ok ? (int)(at - months) / 4 + 1 : 0;
}

int64_t falco_text_console(const char *line)
{
	char date[16], clock[16];
	int day = 0;
	int64_t ns;
	if (strlen(line) < 25 || line[3] != ' ' || line[19] != ' ' || line[24] != ':')
		return 0;
	int month = syslog_date(line + 4, &day);
	snprintf(date, sizeof(date), "%.4s-%02d-%02d", line + 20, month % 100, day % 100);
	snprintf(clock, sizeof(clock), "%.8s", line + 11);
	return month != 0 && dated_ns(date, clock, "Z", &ns) ? ns / NS_PER_S : 0;
}

/*
 * A full time in front of the line (syslog with RFC 3339 times, kubectl logs --timestamps) lends
 * date and zone. The time of day may be in that zone or in UTC: the nearer one holds.
 */
static bool at_full_time(const char *line, const char *clock, int64_t *ns)
{
	char full[40], date[11];
	size_t n = strcspn(line, " ");
	int64_t near_s, best = INT64_MAX;
	if (n < 20 || n >= sizeof(full))
		return false;
	memcpy(full, line, n);
	full[n] = '\0';
	if (!time_parse(full, &near_s))
		return false;
	const char *zone = full + 19 + strspn(full + 19, ".0123456789");
	for (int64_t day = -1; day <= 1; day++) {
		for (int utc = 0; utc <= 1; utc++) {
			int64_t t;
			time_print_date(near_s + day * DAY_S, date);
			if (!dated_ns(date, clock, utc ? "Z" : zone, &t))
				continue;
			int64_t gap = t / NS_PER_S - near_s;
			gap = gap < 0 ? -gap : gap;
			if (gap < best) {
				best = gap;
				*ns = t;
			}
		}
	}
	return best != INT64_MAX;
}

static bool find_time(struct arena *mem, const struct parts *p, int64_t until,
                      struct rec_event *out)
{
	char date[11];
	int day = 0;
	const char *clock = arena_dupn(mem, p->time, (size_t)(p->time_end - p->time));
	if (time_parse_ns(clock, &out->ts_ns))
		return true;
	out->ts_inferred = true;
	int month = syslog_date(p->line, &day);
	if (month != 0)
		return dated_month_day(month, day, clock, until, &out->ts_ns);
	if (at_full_time(p->line, clock, &out->ts_ns))
		return true;
	time_print_date(until, date);
	if (!dated_ns(date, clock, "Z", &out->ts_ns))
		return false;
	if (out->ts_ns / NS_PER_S > until) /* written before midnight, saved after it */
		out->ts_ns -= DAY_S * NS_PER_S;
	return true;
}

/*
 * The host in "Feb 13 20:33:20 node-1 falco[19460]: ": the word before the tag. NULL when there is
 * no such prefix.
 */
static const char *prefix_host(struct arena *mem, const struct parts *p)
{
	const char *end = p->time;
	while (end > p->line && end[-1] == ' ')
		end--;
	const char *tag = end;
	while (tag > p->line && tag[-1] != ' ')
		tag--;
	if (tag == end || end[-1] != ':' || !str_prefix(tag, "falco"))
		return NULL;
	end = tag;
	while (end > p->line && end[-1] == ' ')
		end--;
	const char *host = end;
	while (host > p->line && host[-1] != ' ')
		host--;
	return host == end ? NULL : kube_value(arena_dupn(mem, host, (size_t)(end - host)));
}

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	       || strchr("_.[]", c) != NULL;
}

/*
 * The next '=' at or after `s` that ends a key; *key is the key's first letter. NULL: no further
 * pair.
 */
static const char *next_pair(const char *text, const char *s, const char **key)
{
	for (const char *eq = strchr(s, '='); eq != NULL; eq = strchr(eq + 1, '=')) {
		const char *k = eq;
		while (k > text && k[-1] != '\0' && is_key_char(k[-1]))
			k--;
		if (k < eq && k > text && (k[-1] == ' ' || k[-1] == '(')) {
			*key = k;
			return eq;
		}
	}
	return NULL;
}

/*
 * A value ends at the next pair; a bracket that closes nothing inside it belongs to the list of
 * fields.
 */
static size_t value_length(const char *v, size_t n)
{
	size_t open = 0;
	while (n > 0 && (v[n - 1] == ' ' || v[n - 1] == '('))
		n--;
	for (size_t i = 0; i < n; i++) {
		if (v[i] == '(')
			open++;
		else if (v[i] == ')' && open-- == 0)
			return i;
	}
	return n;
}

/*
 * Which member of the event a key fills; several spellings of one thing, as the rules changed over
 * the years.
 */
enum slot {
	SLOT_NAMESPACE, SLOT_POD, SLOT_CONTAINER_ID, SLOT_CONTAINER, SLOT_IMAGE, SLOT_TAG,
	SLOT_USER, SLOT_PROCESS, SLOT_CMDLINE, SLOT_PARENT, SLOT_FILE, SLOT_PEER, SLOT_COUNT
};
static const struct spelling {
	const char *key;
	enum slot slot;
} spellings[] = {
	{ "k8s_ns", SLOT_NAMESPACE },
	{ "k8s_ns_name", SLOT_NAMESPACE },
	{ "k8s.ns", SLOT_NAMESPACE },
	{ "ns", SLOT_NAMESPACE },
	{ "namespace_name", SLOT_NAMESPACE },
	{ "k8s_pod_name", SLOT_POD },
	{ "k8s.pod", SLOT_POD },
	{ "pod", SLOT_POD },
	{ "pod_name", SLOT_POD },
	{ "container_id", SLOT_CONTAINER_ID },
	{ "container", SLOT_CONTAINER_ID },
	{ "id", SLOT_CONTAINER_ID },
	{ "container_name", SLOT_CONTAINER },
	{ "image", SLOT_IMAGE },
	{ "container_image", SLOT_IMAGE },
	{ "container_image_repository", SLOT_IMAGE },
	{ "container_image_tag", SLOT_TAG },
	{ "user", SLOT_USER },
	{ "user_name", SLOT_USER },
	{ "process", SLOT_PROCESS },
	{ "program", SLOT_PROCESS },
	{ "shell", SLOT_PROCESS },
	{ "proc_name", SLOT_PROCESS },
	{ "command", SLOT_CMDLINE },
	{ "cmdline", SLOT_CMDLINE },
	{ "parent", SLOT_PARENT },
	{ "file", SLOT_FILE },
	{ "path", SLOT_FILE },
	{ "connection", SLOT_PEER },
	{ "IP", SLOT_PEER },
	{ "userIP", SLOT_PEER },
	{ "ip", SLOT_PEER },
};

static enum slot slot_of(const char *key, size_t n)
{
	for (size_t i = 0; i < LENGTH(spellings); i++) {
		if (strlen(spellings[i].key) == n && memcmp(spellings[i].key, key, n) == 0)
			return spellings[i].slot;
	}
	return SLOT_COUNT;
}

/*
 * Some rules put commas between the pairs, and more words before a key: "(requesting user=root,
 * AWS region=us-east-1)". A command may hold commas of its own.
 */
static size_t before_comma(const char *v, size_t n, enum slot slot)
{
	for (size_t i = 0; slot != SLOT_CMDLINE && i + 1 < n; i++) {
		if (v[i] == ',' && v[i + 1] == ' ')
			return i;
	}
	return n > 0 && v[n - 1] == ',' ? n - 1 : n;
}

static void fill(struct arena *mem, const char *slots[static SLOT_COUNT], struct rec_event *out)
{
	out->namespace = slots[SLOT_NAMESPACE];
	out->pod = slots[SLOT_POD];
	out->container_id = kube_container(slots[SLOT_CONTAINER_ID]);
	out->container = kube_container(slots[SLOT_CONTAINER]);
	out->image = slots[SLOT_IMAGE];
	if (out->image != NULL && slots[SLOT_TAG] != NULL)
		out->image = arena_printf(mem, "%s:%s", out->image, slots[SLOT_TAG]);
	out->user = slots[SLOT_USER];
	out->process = slots[SLOT_PROCESS];
	out->cmdline = slots[SLOT_CMDLINE];
	out->parent = slots[SLOT_PARENT];
	out->file = slots[SLOT_FILE];
	out->peer = slots[SLOT_PEER];
	struct kube_workload w = kube_workload(mem, "Pod", out->pod);
	out->workload_kind = w.kind;
	out->workload = w.name;
}

static void read_pairs(struct arena *mem, const char *text, struct rec_event *out)
{
	const char *slots[SLOT_COUNT] = { NULL };
	const char *key, *next_key;
	const char *eq = next_pair(text, text, &key);
	while (eq != NULL) {
		const char *next = next_pair(text, eq + 1, &next_key);
		size_t n = next == NULL ? strlen(eq + 1) : (size_t)(next_key - (eq + 1));
		enum slot slot = slot_of(key, (size_t)(eq - key));
		n = value_length(eq + 1, n);
		if (next != NULL)
			n = before_comma(eq + 1, n, slot);
		const char *value = slot == SLOT_COUNT ? NULL : arena_dupn(mem, eq + 1, n);
		if (kube_value(value) != NULL)
			slots[slot] = value; /* the last: Falco's own stand behind the rule's */
		eq = next;
		key = next_key;
	}
	fill(mem, slots, out);
}

/* The sentence before the fields: up to " (" or " | ", whichever comes first. */
static const char *title(struct arena *mem, const char *text)
{
	const char *bar = strstr(text, " | "), *bracket = strstr(text, " (");
	const char *end = bar != NULL && (bracket == NULL || bar < bracket) ? bar : bracket;
	size_t n = end == NULL ? strlen(text) : (size_t)(end - text);
	return arena_dupn(mem, text, n);
}

/*
 * The first Falcos told syslog but the text: "May 22 08:06:58 node-1 falco: A text (user=root)".
 * What it says of itself there has no fields. The priority is syslog's, if it was kept.
 */
static bool split_syslog(const char *line, struct parts *p)
{
	const char *tag = strstr(line, " falco"), *key;
	int64_t pri;
	char number[4];
	if (tag == NULL)
		return false;
	const char *s = tag + strlen(" falco");
	if (*s == '[')
		s += strcspn(s, "]") + (strchr(s, ']') != NULL);
	if (s[0] != ':' || s[1] != ' ' || s[2] == '{' || line[strlen(line) - 1] != ')'
	    || next_pair(s, s, &key) == NULL || key[-1] != '(')
		return false;
	*p = (struct parts){ .line = line, .time = s + 2, .text = s + 2, .priority = PRIO_NOTICE };
	size_t n = *line == '<' ? strspn(line + 1, "0123456789") : 0;
	if (n == 0 || n >= sizeof(number) || line[n + 1] != '>')
		return true;
	snprintf(number, sizeof(number), "%.*s", (int)n, line + 1);
	if (str_int64(number, 0, 191, &pri))
		p->priority = (enum priority)(pri & 7);
	return true;
}

static bool find_syslog_time(struct arena *mem, const char *line, int64_t until,
                             struct rec_event *out)
{
	int day = 0, month = syslog_date(line, &day);
	const char *end = *line == '<' ? strchr(line, '>') : NULL;
	const char *s = end == NULL ? line : end + 1;
	if (month != 0)
		return dated_month_day(month, day, arena_dupn(mem, s + 7, strcspn(s + 7, " ")),
		                       until, &out->ts_ns);
	return time_parse_ns(arena_dupn(mem, s, strcspn(s, " ")), &out->ts_ns);
}

bool falco_text(struct arena *mem, const char *line, int64_t until, struct rec_event *out)
{
	struct parts p;
	memset(out, 0, sizeof(*out));
	bool whole = split(line, &p);
	if (whole ? !find_time(mem, &p, until, out)
	          : !split_syslog(line, &p) || !find_syslog_time(mem, line, until, out))
		return false;
	out->ts_inferred = out->ts_inferred || !whole;
	out->kind = EVENT_ALERT;
	out->priority = p.priority;
	if (whole)
		out->priority_raw = arena_dupn(mem, p.word, (size_t)(p.word_end - p.word));
	out->action = "detected";
	out->message = title(mem, p.text);
	if (str_prefix(out->message, FALCO_OF_ITSELF)) {
		out->kind = EVENT_HEALTH;
		out->action = "reported";
	}
	out->node = prefix_host(mem, &p);
	read_pairs(mem, p.text, out);
	return true;
}
