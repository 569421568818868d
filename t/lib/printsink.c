/* SPDX-License-Identifier: MIT */
/* printsink.c - a sink that writes every record as one line of text. */
#include <inttypes.h>

#include "t/lib/printsink.h"

enum how { TEXT, TEXTS, NUMBER, OPTIONAL, INT, FLAG, TIME, TIME_NS, WORD, DIGESTS, RULE, BYTES };

typedef const char *word_fn(int i);

struct desc {
	const char *name;
	enum how    how;
	size_t      at;    /* of the member in its struct            */
	size_t      count; /* TEXTS, DIGESTS, BYTES: of its count    */
	word_fn    *word;
};

static const char *severity(int i)
{
	return severity_word((enum severity)i);
}

static const char *verdict(int i)
{
	return verdict_word((enum verdict)i);
}

static const char *finding_kind(int i)
{
	return finding_kind_word((enum finding_kind)i);
}

static const char *asset_kind(int i)
{
	return asset_kind_word((enum asset_kind)i);
}

static const char *event_kind(int i)
{
	return event_kind_word((enum event_kind)i);
}

static const char *priority(int i)
{
	return priority_word((enum priority)i);
}

static const char *exploitation(int i)
{
	return exploitation_word((enum exploitation)i);
}

static const char *impact(int i)
{
	return impact_word((enum impact)i);
}

static const char *said(int i)
{
	return said_word((enum said)i);
}

static const char *signature_result(int i)
{
	static const char *const word[] = { "ok", "none", "bad", "other-key", "present" };

	return word[i];
}

static const char *object_kind(int i)
{
	static const char *const word[] = { "node",    "namespace", "workload",
					    "service", "ingress",   "host" };

	return word[i];
}

static const char *change_kind(int i)
{
	static const char *const word[] = { "set",    "title", "add",
					    "remove", "prop",  "remove-prop" };

	return word[i];
}

static const char *change_place(int i)
{
	static const char *const word[] = { "before", "starting", "ending", "after" };

	return word[i];
}

static const char *entry_kind(int i)
{
	static const char *const word[] = {
		"framework", "control", "class", "rule", "map", "deadline", "item",
	};

	return word[i];
}

#define F(s, m, how)       { #m, how, offsetof(struct s, m), 0, NULL }
#define FN(s, m, how, cnt) { #m, how, offsetof(struct s, m), offsetof(struct s, cnt), NULL }
#define FW(s, m, fn)       { #m, WORD, offsetof(struct s, m), 0, fn }

static const struct desc scan[] = {
	F(rec_scan, source, TEXT),   F(rec_scan, version, TEXT), F(rec_scan, at, TIME),
	F(rec_scan, db_built, TIME), F(rec_scan, cluster, TEXT), F(rec_scan, node, TEXT),
	F(rec_scan, partial, TEXT),
};
static const struct desc asset[] = {
	FW(rec_asset, kind, asset_kind),     F(rec_asset, name, TEXT),
	F(rec_asset, cluster, TEXT),         F(rec_asset, namespace, TEXT),
	F(rec_asset, workload_kind, TEXT),   F(rec_asset, container, TEXT),
	FN(rec_asset, digest, DIGESTS, ndigest), FN(rec_asset, names, TEXTS, nnames),
	F(rec_asset, os, TEXT),              F(rec_asset, arch, TEXT),
	F(rec_asset, base, TEXT),            F(rec_asset, built, TIME),
	F(rec_asset, eol, FLAG),
};
static const struct desc cover[] = {
	FW(rec_cover, kind, finding_kind), F(rec_cover, scope, TEXT), F(rec_cover, passed, NUMBER),
};
static const struct desc vulnerability[] = {
	F(rec_vulnerability, id, TEXT),
	FN(rec_vulnerability, aliases, TEXTS, naliases),
	FW(rec_vulnerability, severity, severity),
	F(rec_vulnerability, severity_raw, TEXT),
	F(rec_vulnerability, package_type, TEXT),
	F(rec_vulnerability, package, TEXT),
	F(rec_vulnerability, version, TEXT),
	F(rec_vulnerability, purl, TEXT),
	F(rec_vulnerability, fixed_in, TEXT),
	F(rec_vulnerability, fix_state, TEXT),
	F(rec_vulnerability, path, TEXT),
	F(rec_vulnerability, layer, TEXT),
	F(rec_vulnerability, score, INT),
	F(rec_vulnerability, vector, TEXT),
	F(rec_vulnerability, epss, INT),
	F(rec_vulnerability, kev, FLAG),
	F(rec_vulnerability, published, TIME),
	F(rec_vulnerability, title, TEXT),
	F(rec_vulnerability, url, TEXT),
	F(rec_vulnerability, text, TEXT),
};
static const struct desc rule[] = {
	F(rec_rule, id, TEXT),           F(rec_rule, alias, TEXT),
	FW(rec_rule, severity, severity), F(rec_rule, severity_raw, TEXT),
	F(rec_rule, title, TEXT),        F(rec_rule, url, TEXT),
	F(rec_rule, text, TEXT),         F(rec_rule, remediation, TEXT),
};
static const struct desc check[] = {
	FW(rec_check, kind, finding_kind), FW(rec_check, verdict, verdict),
	F(rec_check, raw, TEXT),	   F(rec_check, benchmark, TEXT),
	F(rec_check, scope, TEXT),	   F(rec_check, place, TEXT),
	F(rec_check, message, TEXT),	   F(rec_check, at, TIME),
	F(rec_check, rule, RULE),
};
static const struct desc finding[] = {
	FW(rec_finding, kind, finding_kind), F(rec_finding, scope, TEXT),
	F(rec_finding, place, TEXT),	     F(rec_finding, message, TEXT),
	F(rec_finding, rule, RULE),
};
static const struct desc component[] = {
	F(rec_component, package_type, TEXT), F(rec_component, package, TEXT),
	F(rec_component, version, TEXT),      F(rec_component, purl, TEXT),
	F(rec_component, licence, TEXT),      F(rec_component, path, TEXT),
};
static const struct desc statement[] = {
	F(rec_statement, advisory, TEXT),      F(rec_statement, product, TEXT),
	F(rec_statement, package_type, TEXT),  F(rec_statement, package, TEXT),
	F(rec_statement, version, TEXT),       F(rec_statement, status, TEXT),
	F(rec_statement, justification, TEXT), F(rec_statement, text, TEXT),
	F(rec_statement, author, TEXT),        F(rec_statement, at, TIME),
	F(rec_statement, until, TIME),         F(rec_statement, purl, TEXT),
	F(rec_statement, more, FLAG),          F(rec_statement, unexplained, FLAG),
};
static const struct desc event[] = {
	FW(rec_event, kind, event_kind),   F(rec_event, ts_ns, TIME_NS),
	F(rec_event, ts_inferred, FLAG),   F(rec_event, rule, TEXT),
	FW(rec_event, priority, priority), F(rec_event, priority_raw, TEXT),
	F(rec_event, action, TEXT),        F(rec_event, cluster, TEXT),
	F(rec_event, node, TEXT),          F(rec_event, namespace, TEXT),
	F(rec_event, workload_kind, TEXT), F(rec_event, workload, TEXT),
	F(rec_event, pod, TEXT),           F(rec_event, pod_uid, TEXT),
	F(rec_event, container_id, TEXT),  F(rec_event, container, TEXT),
	F(rec_event, image, TEXT),         F(rec_event, image_digest, TEXT),
	F(rec_event, user, TEXT),          F(rec_event, process, TEXT),
	F(rec_event, cmdline, TEXT),       F(rec_event, parent, TEXT),
	F(rec_event, file, TEXT),          F(rec_event, peer, TEXT),
	F(rec_event, tags, TEXT),          F(rec_event, uid, TEXT),
	F(rec_event, message, TEXT),       FN(rec_event, raw, BYTES, raw_len),
	F(rec_event, offset, NUMBER),
};
static const struct desc signature[] = {
	F(rec_signature, digest, TEXT),               F(rec_signature, name, TEXT),
	FW(rec_signature, result, signature_result),  F(rec_signature, signer, TEXT),
	F(rec_signature, issuer, TEXT),               F(rec_signature, log_index, OPTIONAL),
	F(rec_signature, predicate, TEXT),            F(rec_signature, at, TIME),
	FN(rec_signature, sealed, BYTES, sealed_len), FN(rec_signature, seal, BYTES, seal_len),
};
static const struct desc object[] = {
	FW(rec_object, kind, object_kind), F(rec_object, namespace, TEXT),
	F(rec_object, type, TEXT),	   F(rec_object, name, TEXT),
	F(rec_object, uid, TEXT),	   F(rec_object, version, TEXT),
	F(rec_object, os, TEXT),	   F(rec_object, labels, TEXT),
	F(rec_object, selector, TEXT),	   F(rec_object, backends, TEXT),
	F(rec_object, replicas, OPTIONAL),
};
static const struct desc running[] = {
	F(rec_running, node, TEXT),         F(rec_running, namespace, TEXT),
	F(rec_running, workload_kind, TEXT), F(rec_running, workload, TEXT),
	F(rec_running, pod, TEXT),          F(rec_running, pod_uid, TEXT),
	F(rec_running, container, TEXT),    F(rec_running, container_id, TEXT),
	F(rec_running, image, TEXT),        F(rec_running, image_digest, TEXT),
	F(rec_running, image_id, TEXT),     F(rec_running, labels, TEXT),
	F(rec_running, phase, TEXT),        F(rec_running, running, FLAG),
	F(rec_running, host_port, FLAG),    F(rec_running, init, FLAG),
};
static const struct desc signal_[] = {
	F(rec_signal, cve, TEXT),     F(rec_signal, kev, FLAG), F(rec_signal, kev_added, TIME),
	F(rec_signal, kev_due, TIME), F(rec_signal, epss, INT), F(rec_signal, percentile, INT),
	FW(rec_signal, exploitation, exploitation), FW(rec_signal, automatable, said),
	FW(rec_signal, impact, impact), FW(rec_signal, triage, said),
	F(rec_signal, at, TIME),
};
static const struct desc entry[] = {
	FW(rec_entry, kind, entry_kind), F(rec_entry, framework, TEXT),
	F(rec_entry, id, TEXT),		 F(rec_entry, title, TEXT),
	F(rec_entry, parent, TEXT),	 F(rec_entry, class_id, TEXT),
	F(rec_entry, to, TEXT),		 F(rec_entry, severity, TEXT),
	F(rec_entry, weight, TEXT),	 F(rec_entry, attributes, TEXT),
	F(rec_entry, text, TEXT),	 F(rec_entry, source, TEXT),
	F(rec_entry, answer, TEXT),	 F(rec_entry, note, TEXT),
	F(rec_entry, by, TEXT),		 F(rec_entry, at, TIME),
	F(rec_entry, until, TIME),
};
static const struct desc change[] = {
	FW(rec_change, kind, change_kind),    F(rec_change, framework, TEXT),
	F(rec_change, control, TEXT),	      F(rec_change, id, TEXT),
	FW(rec_change, place, change_place),  F(rec_change, name, TEXT),
	F(rec_change, class_id, TEXT),	      F(rec_change, ns, TEXT),
	F(rec_change, text, TEXT),
};
static const struct desc skip[] = {
	F(rec_skip, place, TEXT), F(rec_skip, reason, TEXT),
};

#define KIND(name, table) { name, table, LENGTH(table) }
static const struct {
	const char        *name;
	const struct desc *desc;
	size_t             n;
} kind[REC_KIND_COUNT] = {
	[REC_SCAN] = KIND("scan", scan),
	[REC_ASSET] = KIND("asset", asset),
	[REC_COVER] = KIND("cover", cover),
	[REC_VULNERABILITY] = KIND("vulnerability", vulnerability),
	[REC_CHECK] = KIND("check", check),
	[REC_FINDING] = KIND("finding", finding),
	[REC_COMPONENT] = KIND("component", component),
	[REC_STATEMENT] = KIND("statement", statement),
	[REC_EVENT] = KIND("event", event),
	[REC_SIGNATURE] = KIND("signature", signature),
	[REC_OBJECT] = KIND("object", object),
	[REC_RUNNING] = KIND("running", running),
	[REC_SIGNAL] = KIND("signal", signal_),
	[REC_ENTRY] = KIND("entry", entry),
	[REC_CHANGE] = KIND("change", change),
	[REC_SKIP] = KIND("skip", skip),
};

/* ---- values ---- */

static bool is_plain(const char *s)
{
	if (*s == 0)
		return false;
	for (; *s != 0; s++)
		if ((unsigned char)*s <= ' ' || *s == '"' || *s == '\\' || *s == 0x7F)
			return false;
	return true;
}

static void put_text(struct buf *b, const char *name, const char *s)
{
	if (s == NULL)
		return;
	buf_addf(b, " %s=", name);
	if (is_plain(s)) {
		buf_adds(b, s);
		return;
	}
	buf_addc(b, '"');
	for (; *s != 0; s++) {
		if (*s == '"' || *s == '\\')
			buf_addf(b, "\\%c", *s);
		else if (*s == '\n')
			buf_adds(b, "\\n");
		else if ((unsigned char)*s < ' ' || *s == 0x7F)
			buf_addf(b, "\\x%02x", (unsigned)*s);
		else
			buf_addc(b, *s);
	}
	buf_addc(b, '"');
}

static void put_digests(struct buf *b, const struct rec_digest *d, size_t n)
{
	static const char *const word[] = { "config", "manifest", "index", "digest" };

	for (size_t i = 0; i < n; i++)
		put_text(b, word[d[i].kind], d[i].value);
}

static void put_time(struct buf *b, const char *name, int64_t t, bool ns)
{
	char text[31];

	if (t == 0)
		return;
	if (ns)
		time_print_ns(t, text);
	else
		time_print(t, text);
	put_text(b, name, text);
}

static size_t count_at(const void *p)
{
	size_t n;

	memcpy(&n, p, sizeof(n));
	return n;
}

static int64_t long_at(const void *p)
{
	int64_t n;

	memcpy(&n, p, sizeof(n));
	return n;
}

static int int_at(const void *p)
{
	int n;

	memcpy(&n, p, sizeof(n));
	return n;
}

static const void *pointer_at(const void *p)
{
	const void *to;

	memcpy(&to, p, sizeof(to));
	return to;
}

static void put_texts(struct buf *b, const char *name, const char *const *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_text(b, name, s[i]);
}

static void put_fields(struct buf *b, const struct desc *d, size_t n, const char *base);

static void put_field(struct buf *b, const struct desc *d, const char *base)
{
	const char *p = base + d->at;

	switch (d->how) {
	case TEXT:
		put_text(b, d->name, pointer_at(p));
		break;
	case TEXTS:
		put_texts(b, d->name, pointer_at(p), count_at(base + d->count));
		break;
	case DIGESTS:
		put_digests(b, pointer_at(p), count_at(base + d->count));
		break;
	case BYTES:
		if (pointer_at(p) != NULL)
			buf_addf(b, " %s=<%zu>", d->name, count_at(base + d->count));
		break;
	case NUMBER:
		if (long_at(p) != 0)
			buf_addf(b, " %s=%" PRId64, d->name, long_at(p));
		break;
	case OPTIONAL:
		if (long_at(p) != -1)
			buf_addf(b, " %s=%" PRId64, d->name, long_at(p));
		break;
	case INT:
		if (int_at(p) != -1)
			buf_addf(b, " %s=%d", d->name, int_at(p));
		break;
	case FLAG:
		if (*p != 0)
			buf_addf(b, " %s", d->name);
		break;
	case TIME:
	case TIME_NS:
		put_time(b, d->name, long_at(p), d->how == TIME_NS);
		break;
	case WORD:
		put_text(b, d->name, d->word(int_at(p)));
		break;
	case RULE:
		buf_adds(b, " rule:");
		put_fields(b, rule, LENGTH(rule), p);
		break;
	}
}

static void put_fields(struct buf *b, const struct desc *d, size_t n, const char *base)
{
	for (size_t i = 0; i < n; i++)
		put_field(b, &d[i], base);
}

/* ---- the sink ---- */

static bool put(struct sink *s, const struct record *r, struct err *e)
{
	struct print_sink *p = (struct print_sink *)s;

	(void)e;
	buf_adds(&p->out, kind[r->kind].name);
	put_fields(&p->out, kind[r->kind].desc, kind[r->kind].n, (const char *)&r->u);
	buf_addc(&p->out, '\n');
	p->n[r->kind]++;
	return true;
}

static bool tick(struct sink *s, uint64_t done, uint64_t total, struct err *e)
{
	(void)s;
	(void)done;
	(void)total;
	(void)e;
	return true;
}

void print_sink_init(struct print_sink *p)
{
	*p = (struct print_sink){ .sink = { put, tick }, .out = BUF_INIT };
}

void print_sink_release(struct print_sink *p)
{
	buf_release(&p->out);
}
