/* SPDX-License-Identifier: MIT */
/* ingest_finding.c - rows of reports, gathered per look until the import ends. */
#include <stdlib.h>

#include "store/ingest.h"

uint64_t entry_key(int64_t advisory, int64_t part)
{
	return (uint64_t)advisory << PART_BITS | (uint64_t)part;
}

int64_t key_advisory(uint64_t key)
{
	return (int64_t)(key >> PART_BITS);
}

int64_t key_part(uint64_t key)
{
	return (int64_t)(key & ((UINT64_C(1) << PART_BITS) - 1));
}

static bool key_fits(int64_t advisory, int64_t part, struct err *e)
{
	if (advisory < INT64_C(1) << (63 - PART_BITS) && part < INT64_C(1) << PART_BITS)
		return true;
	return err_set(e, ERR_LIMIT,
		       "the store holds more advisories or packages than it can number");
}

/* ---- what a look covers ---- */

static struct reach *reach_of(struct look *l, enum finding_kind kind, int64_t scope)
{
	for (size_t i = l->nreach; i-- > 0;)
		if (l->reach[i].kind == kind && l->reach[i].scope == scope)
			return &l->reach[i];
	l->reach = xrealloc_array(l->reach, l->nreach + 1, sizeof(*l->reach));
	l->reach[l->nreach] = (struct reach){ .kind = kind, .scope = scope, .lowest = -1 };
	return &l->reach[l->nreach++];
}

void reach_join(struct look *l, const struct reach *r)
{
	struct reach *into = reach_of(l, r->kind, r->scope);

	into->covered |= r->covered;
	into->passed += r->passed;
	into->rows += r->rows;
	into->unfixed += r->unfixed;
	if (r->lowest > into->lowest)
		into->lowest = r->lowest;
}

static void reach_row(struct reach *r, enum severity severity, bool fixable)
{
	r->rows++;
	r->unfixed += !fixable;
	if (severity != SEV_UNKNOWN && (int64_t)severity > r->lowest)
		r->lowest = severity;
}

/* ---- vulnerabilities ---- */

/* Rows that spell a package alike are of one part: no need to find its normal spelling again. */
static bool told_part(struct ingest *ig, const struct rec_vulnerability *r, int64_t *part,
		      struct err *e)
{
	const char *const told[] = { r->package_type, r->package, r->version, r->purl };
	struct memo_key key = memo_key(&ig->row, told, LENGTH(told));
	struct package_id p;

	if (memo_get(&ig->told_parts, key.s, key.len, part))
		return true;
	package_normal(r->package_type, r->package, r->version, r->purl, &ig->row, &p);
	if (!part_id(ig, &p, part, e))
		return false;
	if (!part_is_bare(&p))
		memo_put(&ig->told_parts, key.s, key.len, *part);
	return true;
}

static bool read_part(struct ingest *ig, const struct rec_vulnerability *r, int64_t *part,
		      struct err *e)
{
	return told_part(ig, r, part, e) && hold_part(ig, ig->now_look, *part, e) &&
	       locate_part(ig, ig->now_look, *part, r->path, r->layer, e);
}

static uint32_t interned(struct ingest *ig, const char *s)
{
	return str_empty(s) ? 0 : intern_add(&ig->strings, s);
}

bool put_vulnerability(struct ingest *ig, const struct rec_vulnerability *r, struct err *e)
{
	int64_t advisory, part, word;
	struct entry *x;

	if (str_empty(r->id) || (str_empty(r->package) && str_empty(r->purl))) {
		ingest_skip(ig, r->id ? r->id : "vulnerability",
			    str_empty(r->id) ? "no id" : "no package");
		return true;
	}
	ig->stats.severity[r->severity]++;
	if (!need_look(ig, e) || !advisory_id(ig, r, &advisory, e) || !read_part(ig, r, &part, e) ||
	    !word_id(ig, r->severity_raw, &word, e) || !key_fits(advisory, part, e))
		return false;
	reach_row(reach_of(ig->now_look, FINDING_VULNERABILITY, 0), r->severity,
		  !str_empty(r->fixed_in));
	x = entry_new(ig, ig->now_look, e);
	if (!x)
		return false;
	x->key = entry_key(advisory, part);
	x->severity = (uint8_t)r->severity;
	x->score = (int16_t)r->score;
	x->word = (uint32_t)word;
	x->fixed = interned(ig, r->fixed_in);
	x->fix = interned(ig, r->fix_state);
	return true;
}

/* ---- rules: checks, secrets, licences, lint ---- */

struct place {
	int64_t advisory, part, scope;
	struct facts facts;
};

static bool read_place(struct ingest *ig, enum finding_kind kind, const struct rec_rule *rule,
		       const char *benchmark, const char *class_key, const char *scope,
		       const char *where, struct place *out, struct err *e)
{
	return rule_id(ig, kind, rule, benchmark, class_key, &out->advisory, e) &&
	       advisory_facts(ig, out->advisory, &out->facts, e) &&
	       scope_id(ig, scope, &out->scope, e) && place_id(ig, scope, where, &out->part, e) &&
	       key_fits(out->advisory, out->part, e);
}

/* A rule that its tool gives no severity has the one of its class. */
static enum severity severity_of(const struct rec_rule *rule, const struct facts *f)
{
	return rule->severity != SEV_UNKNOWN ? rule->severity : f->severity;
}

static bool rule_entry(struct ingest *ig, const struct rec_rule *rule, const struct place *p,
		       bool absent, struct err *e)
{
	enum severity severity = severity_of(rule, &p->facts);
	struct reach *reach = reach_of(ig->now_look, p->facts.kind, p->scope);
	struct entry *x;
	int64_t word;

	if (!word_id(ig, rule->severity_raw, &word, e))
		return false;
	if (!absent) {
		ig->stats.severity[severity]++;
		reach_row(reach, severity, true);
		if (!hold_part(ig, ig->now_look, p->part, e))
			return false;
	}
	x = entry_new(ig, ig->now_look, e);
	if (!x)
		return false;
	x->key = entry_key(p->advisory, p->part);
	x->severity = (uint8_t)severity;
	x->score = -1;
	x->word = (uint32_t)word;
	x->absent = absent;
	return true;
}

static bool check_row(struct ingest *ig, const struct rec_check *r, const struct place *p,
		      struct err *e)
{
	struct look *l = ig->now_look;
	int64_t message, word;

	if (!text_id(ig, r->message, &message, e) ||
	    !word_id(ig, str_empty(r->raw) ? verdict_word(r->verdict) : r->raw, &word, e))
		return false;
	ARRAY_MORE(l->check, l->ncheck, l->capcheck);
	l->check[l->ncheck++] = (struct check_entry){ entry_key(p->advisory, p->part), message,
						      r->at, (uint32_t)word, (uint8_t)r->verdict };
	return true;
}

bool put_check(struct ingest *ig, const struct rec_check *r, struct err *e)
{
	struct place p;

	if (str_empty(r->rule.id)) {
		ingest_skip(ig, r->place ? r->place : "check", "no rule");
		return true;
	}
	if (!need_look(ig, e) ||
	    !read_place(ig, r->kind, &r->rule, r->benchmark, NULL, r->scope, r->place, &p, e))
		return false;
	reach_of(ig->now_look, p.facts.kind, p.scope);
	if ((r->verdict == VERDICT_FAIL || r->verdict == VERDICT_PASS) &&
	    !rule_entry(ig, &r->rule, &p, r->verdict == VERDICT_PASS, e))
		return false;
	return check_row(ig, r, &p, e);
}

/* Catalogues may speak of all secrets or licences of a tool at once: "secret:any". */
static const char *class_key(struct ingest *ig, const struct rec_finding *r)
{
	if (r->kind == FINDING_SECRET || r->kind == FINDING_LICENCE)
		return arena_printf(&ig->row, "%s:any", finding_kind_word(r->kind));
	return NULL;
}

bool put_finding(struct ingest *ig, const struct rec_finding *r, struct err *e)
{
	struct place p;

	if (str_empty(r->rule.id)) {
		ingest_skip(ig, r->place ? r->place : "finding", "no rule");
		return true;
	}
	return need_look(ig, e) &&
	       read_place(ig, r->kind, &r->rule, NULL, class_key(ig, r), r->scope, r->place, &p,
			  e) &&
	       rule_entry(ig, &r->rule, &p, false, e) &&
	       locate_part(ig, ig->now_look, p.part, r->message, NULL, e);
}

bool keep_finding(struct ingest *ig, int64_t advisory, int64_t part, struct err *e)
{
	struct entry *x;

	if (!key_fits(advisory, part, e))
		return false;
	x = entry_new(ig, ig->now_look, e);
	if (!x)
		return false;
	x->key = entry_key(advisory, part);
	x->severity = SEV_UNKNOWN;
	x->kept = true;
	return true;
}

/* ---- covers and components ---- */

/* What never had a tag nor ran is retired from the start: no list and no gate speaks of it. */
static bool tell_untagged(struct ingest *ig, int64_t image, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT i.running + EXISTS (SELECT 1\n"
				 "                           FROM image_name AS n\n"
				 "                           WHERE n.image = i.asset\n"
				 "                             AND n.until <> n.since)\n"
				 "FROM image AS i\n"
				 "WHERE i.asset = $1");
	int64_t led;

	db_int(s, 1, image);
	if (!db_scalar(s, 0, &led, e))
		return false;
	if (led == 0)
		ingest_warn(ig, "an image without a tag counts as retired until an inventory "
				"shows it running; say --image NAME:TAG");
	return true;
}

bool put_cover(struct ingest *ig, const struct rec_cover *r, struct err *e)
{
	int64_t scope = 0;
	struct reach *reach;

	if (!need_look(ig, e) || (ig->now_look->kind == ASSET_IMAGE &&
				  !tell_untagged(ig, ig->now_look->asset, e)))
		return false;
	if (r->scope && !scope_id(ig, r->scope, &scope, e))
		return false;
	reach = reach_of(ig->now_look, r->kind, scope);
	reach->covered = true;
	reach->passed += r->passed;
	return true;
}

bool put_component(struct ingest *ig, const struct rec_component *r, struct err *e)
{
	struct package_id p;
	int64_t part;
	struct look *l;

	if (str_empty(r->package) && str_empty(r->purl)) {
		ingest_skip(ig, r->path ? r->path : "component", "no name");
		return true;
	}
	if (!need_look(ig, e))
		return false;
	l = ig->now_look;
	package_normal(r->package_type, r->package, r->version, r->purl, &ig->row, &p);
	if (!part_id(ig, &p, &part, e))
		return false;
	if (keyset_add(&l->listed, (uint64_t)part))
		ig->stats.created[COUNT_COMPONENTS]++;
	else
		ig->stats.unchanged[COUNT_COMPONENTS]++;
	return hold_part(ig, l, part, e) && locate_part(ig, l, part, r->path, NULL, e);
}
