/* SPDX-License-Identifier: MIT */
/* json_detail.c - one thing in full as a JSON object; README.md names the fields. */
#include "reports/json_decisions.h"
#include "reports/jot.h"
#include "reports/purl.h"
#include "reports/report.h"

static const char *const weight_words[] = { "primary", "supporting", "weak" };

static const char *weight_word(int weight)
{
	return weight >= 0 && weight < (int)LENGTH(weight_words) ? weight_words[weight] : NULL;
}

/* ---- what several things have ---- */

static void put_severities(struct jot *j, const char *key, const int64_t n[static SEV_COUNT])
{
	jot_object(j, key);
	for (int s = 0; s < SEV_COUNT; s++)
		jot_int(j, severity_word((enum severity)s), n[s]);
	jot_end(j);
}

static void put_controls(struct jot *j, const char *key, const struct control_ref *c, size_t n)
{
	jot_array(j, key);
	for (size_t i = 0; i < n; i++) {
		jot_object(j, NULL);
		jot_text(j, "framework", c[i].framework);
		jot_text(j, "id", c[i].ident);
		jot_text(j, "title", c[i].title);
		jot_text(j, "weight", weight_word(c[i].weight));
		jot_text(j, "status", control_word(c[i].word));
		jot_end(j);
	}
	jot_end(j);
}

static void put_mapped(struct jot *j, const struct class_ref *c, size_t n)
{
	jot_array(j, "mapped");
	for (size_t i = 0; i < n; i++) {
		jot_object(j, NULL);
		jot_text(j, "name", c[i].name);
		jot_text(j, "title", c[i].title);
		jot_text(j, "weight", weight_word(c[i].weight));
		jot_int(j, "open", c[i].open);
		jot_int(j, "late", c[i].late);
		jot_int(j, "passed", c[i].passed);
		jot_end(j);
	}
	jot_end(j);
}

static void put_history(struct jot *j, const struct history *h, size_t n)
{
	jot_array(j, "history");
	for (size_t i = 0; i < n; i++) {
		jot_object(j, NULL);
		jot_time(j, "at", h[i].at);
		jot_text(j, "what", h[i].what);
		jot_text(j, "who", h[i].who);
		jot_text(j, "text", h[i].text);
		jot_end(j);
	}
	jot_end(j);
}

static void put_notes(struct jot *j, const struct note *n, size_t count)
{
	jot_array(j, "notes");
	for (size_t i = 0; i < count; i++) {
		jot_object(j, NULL);
		jot_time(j, "at", n[i].at);
		jot_text(j, "actor", n[i].actor);
		jot_text(j, "text", n[i].text);
		jot_end(j);
	}
	jot_end(j);
}

static void put_exposed(struct jot *j, int exposed)
{
	static const char *const words[] = { "no", "exposed?", "exposed" };

	jot_text(j, "exposed",
	         exposed >= 0 && exposed < (int)LENGTH(words) ? words[exposed] : NULL);
}

/* ---- finding ---- */

static void put_asset(struct jot *j, const struct finding_detail *d)
{
	jot_object(j, "asset");
	jot_text(j, "kind", asset_kind_word(d->asset_kind));
	jot_text(j, "name", d->asset_name);
	jot_text(j, "digest", d->asset_digest);
	jot_int(j, "running", d->running);
	put_exposed(j, d->exposed);
	jot_end(j);
}

static void put_package(struct jot *j, const struct finding_detail *d)
{
	struct arena tmp = ARENA_INIT;

	jot_object(j, "package");
	jot_text(j, "type", d->package_type);
	jot_text(j, "name", d->package);
	jot_text(j, "version", d->version);
	jot_text(j, "purl",
	         str_empty(d->package) || str_empty(d->package_type) ?
	                 NULL :
	                 purl_package(&tmp, d->package_type, d->package, d->version, NULL));
	jot_end(j);
	arena_release(&tmp);
}

/* Who sees it now, by name; and every sighting, ended ones too. */
static void put_sightings(struct jot *j, const struct sighting *s, size_t n)
{
	jot_array(j, "sources");
	for (size_t i = 0; i < n; i++)
		if (!s[i].until)
			jot_text(j, NULL, s[i].source);
	jot_end(j);
	jot_array(j, "sightings");
	for (size_t i = 0; i < n; i++) {
		jot_object(j, NULL);
		jot_text(j, "source", s[i].source);
		jot_text(j, "severity", severity_word(s[i].severity));
		jot_text(j, "word", s[i].word);
		jot_decimal(j, "cvss", s[i].score, 1);
		jot_time(j, "last_scan", s[i].last_scan);
		jot_time(j, "database", s[i].db_built);
		jot_time(j, "until", s[i].until);
		jot_end(j);
	}
	jot_end(j);
}

static void put_clock(struct jot *j, const struct finding_detail *d, int64_t now)
{
	bool runs = d->state == STATE_OPEN || d->state == STATE_RISK_ADJUSTED ||
	            d->state == STATE_VENDOR;

	jot_time(j, "first_seen", d->since);
	jot_time(j, "last_seen", d->last_seen);
	jot_time(j, "clock_start", d->clock_start);
	jot_due(j, "due", d->due);
	jot_text(j, "due_rule", d->due_rule);
	jot_bool(j, "overdue", runs && d->due < time_day(now) * DAY_S); /* as lists have it */
}

static void put_threat(struct jot *j, const struct finding_detail *d)
{
	jot_bool(j, "kev", d->kev);
	jot_time(j, "kev_due", d->kev_due);
	jot_text(j, "forensic_triage", said_word(d->triage));
	jot_text(j, "exploitation", exploitation_word(d->exploitation));
	jot_text(j, "automatable", said_word(d->automatable));
	jot_text(j, "impact", impact_word(d->impact));
	jot_decimal(j, "epss", d->epss, 4);
	jot_decimal(j, "cvss", d->score, 1);
	jot_decimal(j, "cvss_of_vector", d->vector_score, 1);
	jot_int(j, "risk", d->risk);
	jot_text(j, "risk_why", d->risk_why);
	jot_text(j, "vector", d->vector);
}

static void put_words_of(struct jot *j, const struct finding_detail *d)
{
	jot_text(j, "kind", finding_kind_word(d->kind));
	jot_text(j, "severity", severity_word(d->severity));
	jot_text(j, "severity_why", d->why);
	jot_text(j, "state", state_word(d->state));
	jot_text(j, "advisory", d->name);
	jot_texts(j, "aliases", d->alias, d->nalias);
	jot_text(j, "title", d->title);
	jot_text(j, "text", d->text);
	jot_text(j, "url", d->url);
}

static void put_repair(struct jot *j, const struct finding_detail *d)
{
	jot_text(j, "fixed_in", d->fixed_in);
	jot_text(j, "fix", d->fix);
	jot_text(j, "remedy", d->remedy);
}

void json_finding(struct out *o, const struct finding_detail *d, int64_t now)
{
	struct arena tmp = ARENA_INIT;
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_text(&j, "id",
	         arena_printf(&tmp, "%lld-%lld-%lld", (long long)d->asset, (long long)d->advisory,
	                      (long long)d->part));
	put_words_of(&j, d);
	put_asset(&j, d);
	put_package(&j, d);
	jot_text(&j, "scope", d->scope);
	jot_text(&j, "place", d->place);
	jot_text(&j, "message", d->message);
	put_repair(&j, d);
	jot_texts(&j, "locations", d->location, d->nlocation);
	put_sightings(&j, d->sighting, d->nsighting);
	put_clock(&j, d, now);
	jot_text(&j, "owner", d->owner);
	put_threat(&j, d);
	jot_texts(&j, "classes", &d->class_name, str_empty(d->class_name) ? 0 : 1);
	put_controls(&j, "controls", d->control, d->ncontrol);
	jot_object(&j, "reach");
	jot_int(&j, "assets", d->reach);
	jot_int(&j, "running", d->reach_running);
	jot_end(&j);
	put_history(&j, d->history, d->nhistory);
	json_decisions(&j, d);
	put_notes(&j, d->note, d->nnote);
	jot_end(&j);
	arena_release(&tmp);
}

/* ---- image ---- */

/* "config sha256:..." as kind and digest; the manifest's is the image's own. */
static void put_digests(struct jot *j, const char *const *digest, size_t n)
{
	const char *own = n ? digest[0] : NULL;

	for (size_t i = 0; i < n; i++)
		if (str_prefix(digest[i], "manifest "))
			own = digest[i];
	jot_text(j, "digest", own && strchr(own, ' ') ? strchr(own, ' ') + 1 : own);
	jot_array(j, "digests");
	for (size_t i = 0; i < n; i++) {
		size_t kind = strcspn(digest[i], " ");

		jot_object(j, NULL);
		jot_textn(j, "kind", digest[i], kind);
		jot_text(j, "digest", digest[i] + kind + (digest[i][kind] == ' '));
		jot_end(j);
	}
	jot_end(j);
}

static void put_scans(struct jot *j, const struct sighting *s, size_t n)
{
	jot_array(j, "scans");
	for (size_t i = 0; i < n; i++) {
		jot_object(j, NULL);
		jot_text(j, "source", s[i].source);
		jot_time(j, "at", s[i].last_scan);
		jot_time(j, "database", s[i].db_built);
		jot_end(j);
	}
	jot_end(j);
}

static void put_counts(struct jot *j, const struct image_detail *d)
{
	jot_int(j, "running", d->running);
	put_severities(j, "findings", d->open);
	jot_int(j, "kev", d->kev);
	jot_int(j, "fixable", d->fixable);
	jot_int(j, "overdue", d->late);
	jot_int(j, "accepted", d->accepted);
	jot_due(j, "due", d->due);
}

static void put_flags(struct jot *j, const struct image_detail *d)
{
	jot_bool(j, "current", d->current);
	jot_bool(j, "unpinned", d->unpinned);
	jot_bool(j, "eol", d->eol);
	put_exposed(j, d->exposed);
	jot_text(j, "signed", d->signature);
	jot_text(j, "signer", d->signer);
	jot_text(j, "signer_claimed", d->claimed);
	jot_text(j, "admission", d->admission);
	jot_text(j, "gate", d->gate);
}

void json_image(struct out *o, const struct image_detail *d)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_int(&j, "id", d->id);
	jot_text(&j, "name", d->name);
	jot_texts(&j, "names", d->names, d->nnames);
	jot_text(&j, "repository", d->repository);
	put_digests(&j, d->digest, d->ndigest);
	jot_text(&j, "os", d->os);
	jot_text(&j, "arch", d->arch);
	jot_text(&j, "base", d->base);
	jot_time(&j, "created", d->built);
	put_counts(&j, d);
	put_flags(&j, d);
	jot_time(&j, "last_scan", d->scanned_at);
	jot_time(&j, "database", d->db_built);
	put_scans(&j, d->scan, d->nscan);
	jot_texts(&j, "runs_in", d->runs_in, d->nruns_in);
	put_controls(&j, "controls", d->control, d->ncontrol);
	jot_text(&j, "owner", d->owner);
	put_notes(&j, d->note, d->nnote);
	jot_end(&j);
}

/* ---- control ---- */

static void put_evidence(struct jot *j, const struct control_detail *d, int64_t now)
{
	int64_t at = d->newest, count = 0;

	for (size_t i = 0; i < d->nclass; i++)
		if (d->class_ref[i].weight < 2)
			count += d->class_ref[i].passed;
	if (d->told_at > at)
		at = d->told_at;
	jot_object(j, "evidence");
	jot_text(j, "kind", evidence_word(d->newest, d->told_at));
	if (at)
		jot_int(j, "age_seconds", now - at);
	else
		jot_null(j, "age_seconds");
	jot_int(j, "count", count);
	jot_time(j, "at", at);
	jot_int(j, "window_seconds", d->window);
	jot_end(j);
	jot_int(j, "covered", d->covered);
	jot_int(j, "applicable", d->applicable);
}

/* What a person said: `manual` is null while no valid answer stands. */
static void put_answer(struct jot *j, const struct control_detail *d)
{
	jot_bool(j, "answered", d->answered);
	jot_text(j, "manual", d->answered ? answer_word(d->answer) : NULL);
	jot_time(j, "answered_at", d->answered_at);
	jot_due(j, "review", d->answer_until ? d->answer_until : DUE_NONE);
	jot_text(j, "answered_by", d->answer_by);
	jot_text(j, "answer_note", d->answer_note);
}

void json_control(struct out *o, const struct control_detail *d, int64_t now)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_text(&j, "framework", d->framework);
	jot_text(&j, "framework_title", d->framework_title);
	jot_text(&j, "id", d->ident);
	jot_text(&j, "title", d->title);
	jot_text(&j, "section", d->section);
	jot_text(&j, "text", d->text);
	jot_text(&j, "source", d->source);
	jot_text(&j, "status", control_word(d->word));
	jot_text(&j, "why", d->why);
	put_evidence(&j, d, now);
	jot_int(&j, "failing", d->failing);
	jot_int(&j, "excepted", d->excepted);
	jot_int(&j, "tested", d->tested);
	jot_int(&j, "classes", d->classes);
	put_answer(&j, d);
	put_mapped(&j, d->class_ref, d->nclass);
	put_controls(&j, "also", d->also, d->nalso);
	jot_text(&j, "owner", d->owner);
	put_history(&j, d->history, d->nhistory);
	put_notes(&j, d->note, d->nnote);
	jot_end(&j);
}

/* ---- alert ---- */

static void put_response(struct jot *j, const struct alert_detail *d, int64_t now)
{
	jot_object(j, "clock");
	jot_due(j, "ack_due", d->ack_due);
	jot_due(j, "contain_due", d->contain_due);
	jot_due(j, "close_due", d->close_due);
	jot_due(j, "report_due", d->report_due);
	jot_due(j, "next_due", d->next_due);
	jot_bool(j, "late", d->next_due < now);
	jot_end(j);
	jot_time(j, "acknowledged", d->acknowledged);
	jot_time(j, "contained", d->contained);
	jot_time(j, "closed", d->closed);
	jot_time(j, "reported", d->reported);
}

/* Whether a line of `fields` before `line` has the same name. */
static bool is_repeated(const char *fields, const char *line, size_t len)
{
	for (const char *p = fields; p < line; p += strcspn(p, "\n") + 1)
		if (strcspn(p, "\t\n") == len && memcmp(p, line, len) == 0)
			return true;
	return false;
}

/* "name<TAB>value" lines as one object; the first of a name counts. */
static void put_fields(struct jot *j, const char *fields)
{
	jot_object(j, "fields");
	for (const char *p = fields ? fields : ""; *p;) {
		size_t line = strcspn(p, "\n"), name = strcspn(p, "\t\n");
		struct buf key = BUF_INIT;

		buf_add(&key, p, name);
		if (name < line && !is_repeated(fields, p, name))
			jot_textn(j, key.s, p + name + 1, line - name - 1);
		buf_release(&key);
		p += line + (p[line] == '\n');
	}
	jot_end(j);
}

static void put_whereabouts(struct jot *j, const struct alert_detail *d)
{
	jot_text(j, "container", d->container);
	jot_text(j, "container_id", d->container_id);
	jot_text(j, "pod", d->pod);
	jot_text(j, "image", d->image);
	if (d->image_id)
		put_severities(j, "image_findings", d->image_open);
	else
		jot_null(j, "image_findings");
	jot_text(j, "cluster", d->cluster);
	jot_text(j, "namespace", d->namespace);
	jot_text(j, "workload", d->workload);
	jot_text(j, "node", d->node);
}

static void put_mute(struct jot *j, const struct alert_detail *d)
{
	if (d->muted_until == 0)
		return;
	jot_object(j, "muted");
	jot_time(j, "until", d->muted_until);
	jot_text(j, "where", d->muted_where);
	jot_text(j, "by", d->muted_by);
	jot_text(j, "reason", d->muted_why);
	jot_end(j);
}

void json_alert(struct out *o, const struct alert_detail *d, int64_t now)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_int(&j, "id", d->id);
	jot_text(&j, "rule", d->rule);
	jot_text(&j, "priority", priority_word(d->priority));
	jot_text(&j, "source", d->source);
	jot_texts(&j, "classes", &d->class_name, str_empty(d->class_name) ? 0 : 1);
	put_whereabouts(&j, d);
	jot_time_ns(&j, "first", d->first_ns);
	jot_time_ns(&j, "last", d->last_ns);
	jot_int(&j, "count", d->events);
	jot_text(&j, "state", alert_state_word(d->state));
	put_response(&j, d, now);
	put_mute(&j, d);
	put_fields(&j, d->fields);
	jot_text(&j, "raw", d->raw);
	put_controls(&j, "controls", d->control, d->ncontrol);
	jot_text(&j, "owner", d->owner);
	put_history(&j, d->history, d->nhistory);
	put_notes(&j, d->note, d->nnote);
	jot_end(&j);
}

/* ---- item of the checklist ---- */

static void put_answers(struct jot *j, const struct item_detail *d)
{
	jot_array(j, "answers");
	for (size_t i = 0; i < d->nanswer; i++) {
		const struct answer_row *a = &d->answer[i];

		jot_object(j, NULL);
		jot_text(j, "answer", answer_word(a->answer));
		jot_time(j, "at", a->at);
		jot_due(j, "until", a->until);
		jot_text(j, "by", a->actor);
		jot_text(j, "note", a->note);
		jot_time(j, "period_from", a->from);
		jot_time(j, "period_to", a->to);
		jot_end(j);
	}
	jot_end(j);
}

static void put_piece(struct jot *j, const struct evidence_piece *p)
{
	jot_object(j, NULL);
	jot_int(j, "id", p->id);
	jot_text(j, "object", p->object);
	jot_text(j, "name", p->name);
	jot_text(j, "sha256", p->sha256);
	jot_int(j, "size", p->size);
	jot_text(j, "link", p->link);
	jot_time(j, "made", p->made_at);
	jot_time(j, "at", p->at);
	jot_text(j, "by", p->actor);
	jot_text(j, "note", p->note);
	jot_int(j, "seq", p->seq);
	jot_end(j);
}

void json_evidence(struct out *o, const struct evidence_piece *p)
{
	struct jot j = { .out = o };

	put_piece(&j, p);
}

static void put_sample(struct jot *j, const struct sample *s)
{
	jot_object(j, NULL);
	jot_int(j, "id", s->id);
	jot_text(j, "list", s->list);
	jot_text(j, "filter", s->filter);
	jot_int(j, "seed", s->seed);
	jot_int(j, "population", s->population);
	jot_time(j, "at", s->at);
	jot_text(j, "by", s->actor);
	jot_array(j, "rows");
	for (size_t i = 0; i < s->nrow; i++) {
		jot_object(j, NULL);
		jot_text(j, "key", s->row[i].key);
		jot_text(j, "label", s->row[i].label);
		jot_end(j);
	}
	jot_end(j);
	jot_end(j);
}

/* How far the assessment is, and what its answers rest on. */
static void put_assessment(struct jot *j, const struct item_detail *d)
{
	jot_object(j, "assessment");
	jot_text(j, "step", assess_step_word(d->state.step));
	jot_text(j, "assigned_to", d->state.who);
	jot_text(j, "note", d->state.note);
	jot_text(j, "by", d->state.actor);
	jot_time(j, "at", d->state.at);
	jot_end(j);
	jot_array(j, "attached");
	for (size_t i = 0; i < d->npiece; i++)
		put_piece(j, &d->piece[i]);
	jot_end(j);
	jot_array(j, "samples");
	for (size_t i = 0; i < d->nsample; i++)
		put_sample(j, &d->sample[i]);
	jot_end(j);
}

void json_item(struct out *o, const struct item_detail *d)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_text(&j, "id", d->ident);
	jot_text(&j, "section", d->section);
	jot_text(&j, "title", d->title);
	jot_text(&j, "why", d->why);
	jot_text(&j, "verify", d->verify);
	jot_text(&j, "evidence", d->evidence);
	jot_text(&j, "automatic", d->automatic);
	jot_text(&j, "data", control_word(d->data));
	jot_text(&j, "data_why", d->data_why);
	jot_bool(&j, "answered", d->answered);
	jot_text(&j, "answer",
	         d->answered && d->nanswer ? answer_word(d->answer[0].answer) : NULL);
	put_answers(&j, d);
	put_assessment(&j, d);
	put_mapped(&j, d->class_ref, d->nclass);
	put_controls(&j, "controls", d->control, d->ncontrol);
	jot_int(&j, "place", d->place);
	jot_int(&j, "total", d->total);
	jot_end(&j);
}
