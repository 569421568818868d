/* SPDX-License-Identifier: MIT */
/* ingest_event.c - what happened: each event once, with its container or host, and its alert. */
#include <inttypes.h>

#include "store/ingest.h"

/* Events without a rule of their own are kept under this one: an alert needs a rule. */
#define UNNAMED_RULE "unnamed"

/* ---- identity ---- */

static void event_hash(struct ingest *ig, const struct rec_event *r,
		       uint8_t out[static ID_HASH_SIZE])
{
	const char *cluster = ig->o.cluster ? ig->o.cluster
			      : r->cluster  ? r->cluster
					    : ig->now_scan->cluster_name;
	const char *node = r->node ? r->node : ig->now_scan->node_name;
	const char *text[4] = { ig->now_scan->word, cluster, node, NULL };

	if (str_empty(r->uid)) {
		id_hash(ig->hash, text, 3, r->raw, r->raw_len, out);
		return;
	}
	text[2] = "uid";
	text[3] = r->uid;
	id_hash(ig->hash, text, 4, NULL, 0, out);
}

/* ---- what it happened to: the nearest thing that the record names ---- */

static bool in_cluster(struct ingest *ig, const struct rec_event *r, int64_t *out, struct err *e)
{
	int64_t cluster;
	bool unnamed;

	if (!cluster_id(ig, r->cluster, &cluster, &unnamed, e))
		return false;
	*out = cluster;
	if (str_empty(r->namespace))
		return true;
	if (!namespace_id(ig, cluster, r->namespace, out, e))
		return false;
	if (!str_empty(r->workload))
		return workload_behind(ig, *out, r->workload_kind, r->workload, out, e);
	return str_empty(r->pod) || workload_id(ig, *out, "Pod", r->pod, out, e);
}

static bool event_asset(struct ingest *ig, const struct rec_event *r, int64_t *out, struct err *e)
{
	const char *node = !str_empty(r->node) ? r->node : ig->now_scan->node_name;

	if (!event_container(ig, r, out, e))
		return false;
	if (*out != 0)
		return true;
	if (!str_empty(r->namespace))
		return in_cluster(ig, r, out, e);
	if (node || r->kind == EVENT_ALERT || !cluster_known(ig, r->cluster))
		return host_id(ig, r->cluster, node, out, e);
	return in_cluster(ig, r, out, e);
}

static bool event_rule(struct ingest *ig, const struct rec_event *r, int64_t *out, struct err *e)
{
	const struct rec_rule rule = { .id = str_empty(r->rule) ? UNNAMED_RULE : r->rule,
				       .severity = SEV_UNKNOWN };

	*out = 0;
	if (str_empty(r->rule) && r->kind != EVENT_ALERT)
		return true;
	return rule_id(ig, FINDING_POLICY, &rule, NULL, NULL, out, e);
}

/* ---- fields, as "name<TAB>value" lines ---- */

/* Tabs and line ends inside a value would be taken for the table's own. */
static void add_field(struct buf *b, const char *name, const char *value)
{
	size_t at;

	if (str_empty(value))
		return;
	buf_adds(b, name);
	buf_addc(b, '\t');
	at = b->len;
	buf_adds(b, value);
	for (; at < b->len; at++)
		if (b->s[at] == '\t' || b->s[at] == '\n' || b->s[at] == '\r')
			b->s[at] = ' ';
	buf_addc(b, '\n');
}

static void add_fields(struct buf *b, const struct rec_event *r)
{
	add_field(b, "message", r->message);
	add_field(b, "priority", r->priority_raw);
	add_field(b, "user", r->user);
	add_field(b, "process", r->process);
	add_field(b, "cmdline", r->cmdline);
	add_field(b, "parent", r->parent);
	add_field(b, "file", r->file);
	add_field(b, "peer", r->peer);
	add_field(b, "node", r->node);
	add_field(b, "namespace", r->namespace);
	add_field(b, "workload", r->workload);
	add_field(b, "pod", r->pod);
	add_field(b, "container", r->container);
	add_field(b, "container_id", r->container_id);
	add_field(b, "image", r->image);
	add_field(b, "tags", r->tags);
}

/* ---- the row ---- */

struct event_ids {
	int64_t rule, asset, alert, action;
	bool raw;
};

/* What has no time of its own, or one that changes, is known by its hash alone. */
static bool has_key(const struct rec_event *r)
{
	return !str_empty(r->uid) || r->ts_inferred;
}

static bool add_key(struct ingest *ig, const uint8_t *hash, struct err *e)
{
	int64_t event = db_last_id(ig->db);
	struct stmt *s = db_stmt(ig->db, "INSERT INTO event_key (hash, event)\n"
					 "VALUES ($1, $2)");

	db_blob(s, 1, hash, ID_HASH_SIZE);
	db_int(s, 2, event);
	return db_run(s, e);
}

static const char SQL_EVENT[] =
	"INSERT INTO event (hash, ts_ns, inferred, kind, source, rule, priority, asset, alert,\n"
	"                   import, offset, size, action, fields, raw)\n"
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
/* A Kubernetes Event is rewritten as it goes on: the newest state of it counts. */
static const char SQL_RENEW[] =
	"UPDATE event\n"
	"SET ts_ns = $1, priority = $2, import = $3, offset = $4, size = $5, action = $6,\n"
	"    fields = $7, raw = $8\n"
	"WHERE id = $9 AND ts_ns < $1";

static bool insert_row(struct ingest *ig, const struct rec_event *r, const uint8_t *hash,
		       const struct event_ids *i, const char *fields, const char *raw,
		       struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_EVENT);

	db_blob(s, 1, hash, ID_HASH_SIZE);
	db_int(s, 2, r->ts_ns);
	db_int(s, 3, r->ts_inferred);
	db_int(s, 4, r->kind);
	db_int(s, 5, ig->now_scan->source);
	db_int(s, 6, i->rule);
	db_int(s, 7, r->priority);
	db_int(s, 8, i->asset);
	db_int(s, 9, i->alert);
	db_int(s, 10, ig->import);
	db_int(s, 11, r->offset);
	db_int(s, 12, (int64_t)r->raw_len);
	db_int(s, 13, i->action);
	db_text(s, 14, fields);
	db_blob(s, 15, raw, r->raw_len);
	return db_run(s, e);
}

/* Texts that may yet be others stand in the row, all else in a pack. */
static bool insert_event(struct ingest *ig, const struct rec_event *r, const uint8_t *hash,
			 const struct event_ids *i, const struct buf *fields, struct err *e)
{
	const char *raw = i->raw ? r->raw : NULL;

	if (has_key(r))
		return insert_row(ig, r, hash, i, fields->s, raw, e) && add_key(ig, hash, e);
	return insert_row(ig, r, hash, i, "", NULL, e) &&
	       event_pack_add(&ig->pack, ig->db, db_last_id(ig->db), fields, raw, r->raw_len, e);
}

static bool renew_event(struct ingest *ig, const struct rec_event *r, int64_t event,
			const struct event_ids *i, const char *fields, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_RENEW);

	db_int(s, 1, r->ts_ns);
	db_int(s, 2, r->priority);
	db_int(s, 3, ig->import);
	db_int(s, 4, r->offset);
	db_int(s, 5, (int64_t)r->raw_len);
	db_int(s, 6, i->action);
	db_text(s, 7, fields);
	db_blob(s, 8, i->raw ? r->raw : NULL, r->raw_len);
	db_int(s, 9, event);
	return db_run(s, e);
}

/* ---- is it here already? ---- */

static bool newest_event(struct ingest *ig, int64_t *out, struct err *e)
{
	if (ig->newest_event == 0 &&
	    !db_scalar(db_stmt(ig->db, "SELECT coalesce(max(ts_ns), 0) FROM event"), 0,
		       &ig->newest_event, e))
		return false;
	*out = ig->newest_event;
	return true;
}

/* Events that were dated anew have lost the time by which they could be known. */
static bool any_redated(struct ingest *ig, bool *yes, struct err *e)
{
	int64_t n = 0;

	if (!ig->redated_known && !meta_int(ig->st, "redated", &n, e))
		return false;
	ig->redated = ig->redated || n > 0;
	ig->redated_known = true;
	*yes = ig->redated;
	return true;
}

static bool note_redated(struct ingest *ig, struct err *e)
{
	bool yes;

	if (!any_redated(ig, &yes, e) || (!yes && !meta_set_int(ig->st, "redated", 1, e)))
		return false;
	ig->redated = true;
	ig->to_come++;
	return true;
}

/* Mostly a log goes on where the one before ended: what is newer than all is new. */
static bool event_by_time(struct ingest *ig, const struct rec_event *r, const uint8_t *hash,
			  int64_t *out, struct err *e)
{
	struct stmt *s;
	int64_t newest;

	*out = 0;
	if (!newest_event(ig, &newest, e))
		return false;
	if (r->ts_ns > newest) {
		ig->newest_event = r->ts_ns;
		return true;
	}
	s = db_stmt(ig->db, "SELECT id\n"
			    "FROM event\n"
			    "WHERE ts_ns = $1 AND hash = $2\n"
			    "LIMIT 1");
	db_int(s, 1, r->ts_ns);
	db_blob(s, 2, hash, ID_HASH_SIZE);
	return db_scalar(s, 0, out, e);
}

static bool event_by_hash(struct ingest *ig, const uint8_t *hash, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT event\n"
					 "FROM event_key\n"
					 "WHERE hash = $1");

	db_blob(s, 1, hash, ID_HASH_SIZE);
	return db_scalar(s, 0, out, e);
}

static bool event_here(struct ingest *ig, const struct rec_event *r, const uint8_t *hash,
		       int64_t *out, struct err *e)
{
	bool redated;

	*out = 0;
	if (!any_redated(ig, &redated, e) ||
	    ((has_key(r) || redated) && !event_by_hash(ig, hash, out, e)))
		return false;
	return *out > 0 || has_key(r) || event_by_time(ig, r, hash, out, e);
}

static bool write_event(struct ingest *ig, const struct rec_event *r, const uint8_t *hash,
			const struct event_ids *i, bool *fresh, struct err *e)
{
	struct buf *fields = &ig->fields;
	int64_t event;

	if (!event_here(ig, r, hash, &event, e))
		return false;
	*fresh = event == 0;
	if (!*fresh && str_empty(r->uid))
		return true;
	buf_reset(fields);
	add_fields(fields, r);
	if (!*fresh)
		return renew_event(ig, r, event, i, fields->s, e);
	return insert_event(ig, r, hash, i, fields, e);
}

static bool makes_alert(const struct ingest *ig, const struct rec_event *r)
{
	return r->kind == EVENT_ALERT && r->priority <= ig->policy->alert_from;
}

static void note_event(struct ingest *ig, const struct rec_event *r, int64_t asset, bool fresh)
{
	if (fresh)
		ig->stats.created[COUNT_EVENTS]++;
	else
		ig->stats.unchanged[COUNT_EVENTS]++;
	asset_heard(ig, asset, r->ts_ns / NS_PER_S);
	if (r->ts_ns / NS_PER_S > ig->now_scan->last_event)
		ig->now_scan->last_event = r->ts_ns / NS_PER_S;
}

/*
 * No clock of a response runs before it can have begun: what is dated in the future is as good as
 * without a time, and happened at the latest now.
 */
static bool redate(struct ingest *ig, struct rec_event *r, struct err *e)
{
	if (!is_to_come(ig, r->ts_ns / NS_PER_S))
		return true;
	r->ts_ns = ig->st->now * NS_PER_S;
	r->ts_inferred = true;
	return note_redated(ig, e);
}

void events_tell(struct ingest *ig)
{
	if (ig->to_come == 1)
		ingest_warn(ig, "an event is dated in the future: not believed, dated as imported");
	else if (ig->to_come > 1)
		ingest_warn(ig,
			    "%" PRId64 " events are dated in the future: not believed, dated as "
			    "imported",
			    ig->to_come);
}

bool put_event(struct ingest *ig, const struct rec_event *told, struct err *e)
{
	struct rec_event own = *told, *r = &own;
	uint8_t hash[ID_HASH_SIZE];
	struct alert_open *alert = NULL;
	struct event_ids i = { .raw = ig->o.keep_raw || makes_alert(ig, r) };
	bool fresh;

	if (!need_scan(ig, e) || !redate(ig, r, e) || !event_rule(ig, r, &i.rule, e) ||
	    !event_asset(ig, r, &i.asset, e) ||
	    (!str_empty(r->action) && !word_id(ig, r->action, &i.action, e)))
		return false;
	event_hash(ig, r, hash);
	if (makes_alert(ig, r)) {
		if (!alert_find(ig, i.rule, i.asset, r->ts_ns, &alert, e))
			return false;
		i.alert = alert_id(alert);
	}
	if (!write_event(ig, r, hash, &i, &fresh, e))
		return false;
	if (alert && fresh)
		alert_add(alert, r->priority, r->ts_ns);
	note_event(ig, r, i.asset, fresh);
	return true;
}
