/* SPDX-License-Identifier: MIT */
/* json_answer.c - what a command answers as a JSON object; README.md names the fields. */
#include "reports/jot.h"
#include "reports/report.h"

/* ---- the overview ---- */

static void put_severities(struct jot *j, const char *key, const int64_t n[static SEV_COUNT],
                           int64_t kev)
{
	jot_object(j, key);
	for (int s = 0; s < SEV_COUNT; s++)
		jot_int(j, severity_word((enum severity)s), n[s]);
	jot_int(j, "kev", kev);
	jot_end(j);
}

static void put_posture(struct jot *j, const char *key, const struct posture *p)
{
	jot_object(j, key);
	for (int w = 0; w < CONTROL_COUNT; w++)
		jot_int(j, control_word((enum control_word)w), p->n[w]);
	jot_end(j);
}

static void put_frameworks(struct jot *j, const struct status *s)
{
	jot_array(j, "frameworks");
	for (size_t i = 0; i < s->nframework; i++) {
		const struct status_framework *f = &s->framework[i];

		jot_object(j, NULL);
		jot_text(j, "framework", f->key);
		jot_text(j, "title", f->title);
		jot_text(j, "baseline", f->baseline);
		if (f->baseline)
			jot_int(j, "baseline_controls", f->total);
		put_posture(j, "controls", &f->posture);
		put_posture(j, "controls_7d_ago", &f->ago[STATUS_WEEK]);
		put_posture(j, "controls_30d_ago", &f->ago[STATUS_MONTH]);
		jot_int(j, "tested", f->tested);
		jot_end(j);
	}
	jot_end(j);
}

static void put_due(struct jot *j, const struct status *s)
{
	static const char *const words[STATUS_DUE_COUNT] = {
		[STATUS_CRITICAL] = "critical", [STATUS_HIGH] = "high",     [STATUS_KEV] = "kev",
		[STATUS_ALERT] = "alerts",      [STATUS_EXCEPTION] = "exceptions",
		[STATUS_ANSWER] = "answers",
	};

	jot_object(j, "due");
	for (int i = 0; i < STATUS_DUE_COUNT; i++) {
		jot_object(j, words[i]);
		jot_int(j, "late", s->late[i]);
		jot_int(j, "day", s->day[i]);
		jot_int(j, "week", s->week[i]);
		jot_end(j);
	}
	jot_end(j);
}

static void put_findings(struct jot *j, const struct status *s)
{
	jot_object(j, "findings");
	put_severities(j, "open", s->open, s->kev);
	put_severities(j, "in_7d", s->in7, s->kev_in7);
	put_severities(j, "out_7d", s->out7, s->kev_out7);
	put_severities(j, "open_7d_ago", s->ago7, s->kev_ago7);
	jot_end(j);
}

static void put_checklist(struct jot *j, const struct status *s)
{
	jot_object(j, "checklist");
	for (int a = 0; a < ANSWER_COUNT; a++)
		jot_int(j, answer_word((enum answer)a), s->answered[a]);
	jot_int(j, "unanswered", s->unanswered);
	jot_end(j);
}

static void put_estate(struct jot *j, const struct status *s)
{
	const struct {
		const char *name;
		int64_t n;
	} count[] = {
		{ "images", s->images },
		{ "running", s->running },
		{ "unsigned", s->unsigned_images },
		{ "unsigned_running", s->unsigned_running },
		{ "stale", s->stale },
		{ "retired", s->retired },
		{ "clusters", s->clusters },
		{ "silent_clusters", s->silent },
		{ "denied_24h", s->denied24h },
		{ "running_refused", s->run_refused },
		{ "running_denied", s->run_denied },
		{ "sources", s->sources },
		{ "fresh_sources", s->fresh },
		{ "alerts", s->alerts },
		{ "late_alerts", s->alerts_late },
	};

	jot_object(j, "estate");
	for (size_t i = 0; i < LENGTH(count); i++)
		jot_int(j, count[i].name, count[i].n);
	jot_end(j);
}

static void put_sources(struct jot *j, const struct status *s)
{
	jot_array(j, "sources");
	for (size_t i = 0; i < s->nsource; i++) {
		const struct status_source *r = &s->source[i];

		jot_object(j, NULL);
		jot_text(j, "name", r->name);
		jot_time(j, "last", r->at);
		if (r->db_built)
			jot_time(j, "database", r->db_built);
		else
			jot_null(j, "database");
		jot_bool(j, "fresh", r->fresh);
		jot_bool(j, "partial", r->partial);
		jot_int(j, "skipped", r->skipped);
		jot_end(j);
	}
	jot_end(j);
}

static void put_now(struct jot *j, const struct status *s)
{
	jot_array(j, "now");
	for (size_t i = 0; i < s->nnow; i++) {
		const struct status_now *n = &s->now[i];

		jot_object(j, NULL);
		jot_text(j, "what", n->what);
		jot_text(j, "text", n->text);
		jot_text(j, "where", n->where);
		jot_text(j, "owner", n->owner);
		jot_int(j, "left_seconds", n->left);
		jot_end(j);
	}
	jot_end(j);
}

static void put_trend(struct jot *j, const struct status *s)
{
	jot_array(j, "trend");
	for (size_t i = 0; i < s->ntrend; i++) {
		char day[11];

		time_print_date(s->trend[i].day * DAY_S, day);
		jot_object(j, NULL);
		jot_text(j, "day", day);
		put_severities(j, "open", s->trend[i].open, s->trend[i].kev);
		jot_end(j);
	}
	jot_end(j);
}

void json_status(struct out *o, const struct status *s, int64_t now)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_time(&j, "at", now);
	jot_time(&j, "newest_data", s->newest);
	jot_int(&j, "known_to", s->seq);
	if (s->as_of)
		jot_time(&j, "as_of", s->as_of);
	put_frameworks(&j, s);
	put_checklist(&j, s);
	put_due(&j, s);
	put_findings(&j, s);
	put_estate(&j, s);
	put_sources(&j, s);
	put_now(&j, s);
	put_trend(&j, s);
	jot_end(&j);
}

/* ---- the gate, the audit trail ---- */

void json_gate(struct out *o, const struct gate_answer *a)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_int(&j, "image", a->image);
	jot_text(&j, "name", a->name);
	jot_text(&j, "digest", a->digest);
	jot_text(&j, "policy", a->policy);
	jot_bool(&j, "admitted", a->admitted);
	jot_array(&j, "reasons");
	for (size_t i = 0; i < a->nreason; i++) {
		jot_object(&j, NULL);
		jot_text(&j, "rule", a->reason[i].rule);
		jot_text(&j, "text", a->reason[i].text);
		jot_text(&j, "fix", a->reason[i].fix);
		jot_text(&j, "policy", a->reason[i].policy);
		jot_bool(&j, "evidence", a->reason[i].evidence);
		jot_end(&j);
	}
	jot_end(&j);
	jot_end(&j);
}

void json_verify(struct out *o, const struct verify_answer *a)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_bool(&j, "intact", a->intact);
	jot_int(&j, "records", a->records);
	jot_int(&j, "seq", a->seq);
	jot_text(&j, "head", a->head);
	jot_number(&j, "bad_seq", a->bad_seq);
	jot_text(&j, "reason", a->reason);
	jot_number(&j, "anchored", a->anchored);
	jot_text(&j, "key", a->key);
	jot_int(&j, "backdated", a->backdated);
	jot_number(&j, "first_backdated", a->first_backdated);
	jot_end(&j);
}

/* ---- a record of the audit trail: what is hashed must come back byte by byte ---- */

static void put_bytes(struct jot *j, const char *key, const char *s)
{
	struct buf b = BUF_INIT;

	if (utf8_valid(s, strlen(s))) {
		jot_text(j, key, s);
		return;
	}
	base64_add(&b, s, strlen(s));
	jot_object(j, key);
	jot_text(j, "base64", b.s);
	jot_end(j);
	buf_release(&b);
}

static void put_hash(struct jot *j, const char *key, const uint8_t hash[static SHA256_SIZE])
{
	char hex[2 * SHA256_SIZE + 1];

	hex_print(hash, SHA256_SIZE, hex);
	jot_text(j, key, hex);
}

void json_audit(struct out *o, const struct audit_record *r)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_int(&j, "seq", r->seq);
	jot_int(&j, "at", r->at);
	jot_time(&j, "time", r->at);
	put_bytes(&j, "actor", r->actor);
	put_bytes(&j, "act", r->act);
	put_bytes(&j, "object", r->object);
	put_bytes(&j, "before", r->before);
	put_bytes(&j, "after", r->after);
	put_hash(&j, "prev", r->prev);
	put_hash(&j, "hash", r->hash);
	jot_end(&j);
}

/* ---- an import ---- */

static void put_counts(struct jot *j, const char *key, const int64_t n[static COUNT_COUNT])
{
	jot_object(j, key);
	for (int k = 0; k < COUNT_COUNT; k++)
		jot_int(j, count_word((enum count_kind)k), n[k]);
	jot_end(j);
}

static void put_skipped(struct jot *j, const struct ingest_stats *s)
{
	jot_array(j, "skipped");
	for (size_t i = 0; i < s->nskip; i++) {
		jot_object(j, NULL);
		jot_text(j, "place", s->skip[i].place);
		jot_text(j, "reason", s->skip[i].reason);
		jot_end(j);
	}
	jot_end(j);
	jot_int(j, "skipped_total", s->nskipped);
}

static void put_stats(struct jot *j, const struct ingest_stats *s)
{
	jot_text(j, "tool", s->source);
	jot_text(j, "version", s->version);
	jot_time(j, "scan_time", s->scan_time);
	jot_bool(j, "scan_time_inferred", s->time_inferred);
	jot_bool(j, "duplicate", s->duplicate);
	put_counts(j, "read", s->read);
	put_counts(j, "created", s->created);
	put_counts(j, "reopened", s->reopened);
	put_counts(j, "unchanged", s->unchanged);
	put_counts(j, "resolved", s->resolved);
	jot_object(j, "severity");
	for (int i = 0; i < SEV_COUNT; i++)
		jot_int(j, severity_word((enum severity)i), s->severity[i]);
	jot_end(j);
	put_skipped(j, s);
	jot_texts(j, "warnings", s->warning, s->nwarning);
}

void json_import(struct out *o, const struct import_told *t)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_text(&j, "file", t->file);
	jot_text(&j, "sha256", t->sha256);
	jot_text(&j, "importer", t->importer);
	if (t->stats)
		put_stats(&j, t->stats);
	jot_text(&j, "error", t->err ? t->err->text : NULL);
	jot_end(&j);
}

void json_except(struct out *o, const struct except_answer *a, bool trial)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	if (a->id)
		jot_int(&j, "id", a->id);
	else
		jot_null(&j, "id");
	jot_bool(&j, "dry_run", trial);
	jot_int(&j, "targets", a->targets);
	jot_int(&j, "findings", a->findings);
	jot_due(&j, "until", a->until);
	jot_end(&j);
}
