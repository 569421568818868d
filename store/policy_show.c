/* SPDX-License-Identifier: MIT */
/* policy_show.c - which policy asks for what, and why: of a file, of the estate, of one image. */
#include <inttypes.h>

#include "store/scoped.h"

struct lines {
	struct arena *mem;
	struct policy_line *line;
	size_t n, cap;
	size_t from; /* where the policy in hand begins */
};

/* Behind the last line of its section, so that each section is told once of a policy. */
static void add(struct lines *l, struct policy_line line)
{
	size_t at = l->n;

	ARENA_MORE(l->mem, l->line, l->n, l->cap);
	while (at > l->from && !str_eq(l->line[at - 1].section, line.section))
		at--;
	if (at == l->from)
		at = l->n;
	memmove(&l->line[at + 1], &l->line[at], (l->n - at) * sizeof(line));
	l->line[at] = line;
	l->n++;
}

/* ---- numbers: the least is the strictest ---- */

enum number { NUMBER_COUNT, NUMBER_SPAN };
struct number_at {
	const char *section, *name;
	enum number type;
	size_t at;
};
#define AT(member) offsetof(struct policy, member)
#define COUNT(s, name, member)                                                                     \
	{                                                                                          \
		s, name, NUMBER_COUNT, AT(member)                                                  \
	}
#define SPAN(s, name, member)                                                                      \
	{                                                                                          \
		s, name, NUMBER_SPAN, AT(member)                                                   \
	}
static const struct number_at numbers[] = {
	COUNT("gate", "critical", gate.severity[SEV_CRITICAL]),
	COUNT("gate", "high", gate.severity[SEV_HIGH]),
	COUNT("gate", "medium", gate.severity[SEV_MEDIUM]),
	COUNT("gate", "low", gate.severity[SEV_LOW]),
	COUNT("gate", "negligible", gate.severity[SEV_NEGLIGIBLE]),
	COUNT("gate", "unknown", gate.severity[SEV_UNKNOWN]),
	COUNT("gate", "kev", gate.kev),
	COUNT("gate", "secret", gate.secret),
	COUNT("gate", "lint.critical", gate.lint[SEV_CRITICAL]),
	COUNT("gate", "lint.high", gate.lint[SEV_HIGH]),
	COUNT("gate", "lint.medium", gate.lint[SEV_MEDIUM]),
	COUNT("gate", "lint.low", gate.lint[SEV_LOW]),
	COUNT("gate", "lint.negligible", gate.lint[SEV_NEGLIGIBLE]),
	COUNT("gate", "lint.unknown", gate.lint[SEV_UNKNOWN]),
	SPAN("gate", "scan_age", gate.scan_age),
	SPAN("gate", "database_age", gate.database_age),
	SPAN("fresh", "scan", fresh.scan),
	SPAN("fresh", "database", fresh.database),
	SPAN("fresh", "benchmark", fresh.benchmark),
	SPAN("fresh", "admission", fresh.admission),
	SPAN("fresh", "signature", fresh.signature),
	SPAN("fresh", "answer", fresh.answer),
	SPAN("fresh", "silent", fresh.silent),
	SPAN("exception", "longest.critical", exceptions.longest[SEV_CRITICAL]),
	SPAN("exception", "longest.high", exceptions.longest[SEV_HIGH]),
	SPAN("exception", "longest.medium", exceptions.longest[SEV_MEDIUM]),
	SPAN("exception", "longest.low", exceptions.longest[SEV_LOW]),
	SPAN("exception", "longest.negligible", exceptions.longest[SEV_NEGLIGIBLE]),
	SPAN("exception", "longest.unknown", exceptions.longest[SEV_UNKNOWN]),
};

static int64_t number_of(const struct policy *p, const struct number_at *f)
{
	int64_t v;

	memcpy(&v, (const char *)p + f->at, sizeof(v));
	return f->type == NUMBER_COUNT && v < 0 ? DUE_NONE : v;
}

/* Whole days, hours or minutes, as a policy writes them. */
static const char *span_text(struct arena *mem, int64_t seconds)
{
	if (seconds == DUE_NONE)
		return "none";
	if (seconds % DAY_S == 0)
		return arena_printf(mem, "%" PRId64 "d", seconds / DAY_S);
	if (seconds % 3600 == 0)
		return arena_printf(mem, "%" PRId64 "h", seconds / 3600);
	return arena_printf(mem, "%" PRId64 "m", seconds / 60);
}

static const char *number_text(struct arena *mem, const struct number_at *f, int64_t v)
{
	if (f->type == NUMBER_SPAN)
		return span_text(mem, v);
	return v == DUE_NONE ? "any" : arena_printf(mem, "%" PRId64, v);
}

/* ---- one policy ---- */

static void add_condition(struct buf *b, int condition, const char *yes, const char *no)
{
	if (condition >= 0)
		buf_addf(b, "%s%s", b->len ? ", " : "", condition ? yes : no);
}

static const char *conditions(struct arena *mem, const struct policy_deadline *d)
{
	struct buf b = BUF_INIT;
	const char *text;

	for (int s = 0; d->severities != (1u << SEV_COUNT) - 1 && s < SEV_COUNT; s++)
		if (d->severities >> s & 1)
			buf_addf(&b, "%s%s", b.len ? " " : "", severity_word((enum severity)s));
	add_condition(&b, d->kev, "in KEV", "not in KEV");
	add_condition(&b, d->exposed, "exposed", "not exposed");
	add_condition(&b, d->running, "running", "not running");
	add_condition(&b, d->likely, "likely exploitable", "not likely exploitable");
	add_condition(&b, d->automatable, "automatable", "not automatable");
	add_condition(&b, d->total, "total impact", "partial impact");
	if (d->tag)
		buf_addf(&b, "%stagged %s", b.len ? ", " : "", d->tag);
	if (d->triage)
		buf_addf(&b, "%sforensic triage too", b.len ? "; " : "");
	text = arena_dup(mem, b.len ? b.s : "all");
	buf_release(&b);
	return text;
}

static const char *force_word(enum policy_force f)
{
	return f == FORCE_MUST ? "in force" : f == FORCE_SHOULD ? "recommended" : "proposed";
}

static const char *validity(struct arena *mem, const struct policy *p)
{
	struct buf b = BUF_INIT;
	char day[11];
	const char *text;
	const struct {
		const char *word;
		int64_t at;
	} ends[] = { { "from", p->valid_from },
		     { "until", p->valid_to },
		     { "with grace to", p->grace_to } };

	buf_adds(&b, force_word(p->force));
	for (size_t i = 0; i < LENGTH(ends); i++) {
		if (!ends[i].at)
			continue;
		time_print_date(ends[i].at, day);
		buf_addf(&b, " %s %s", ends[i].word, day);
	}
	text = arena_dup(mem, b.s);
	buf_release(&b);
	return text;
}

static void add_texts(struct lines *l, const struct policy *p, const char *section,
		      const char *name, const struct policy_texts *t)
{
	if (t->n)
		add(l, (struct policy_line){ section, name, policy_texts_joined(l->mem, t), p->key,
					     "" });
}

static void add_signers(struct lines *l, const struct policy *p)
{
	for (size_t i = 0; i < p->nsigner; i++) {
		const struct policy_signer *s = &p->signer[i];
		const char *text = arena_printf(l->mem, "%s%s%s%s%s",
						s->identity ? s->identity : "",
						s->issuer ? " by " : "", s->issuer ? s->issuer : "",
						s->key ? " key " : "",
						*s->key_name ? s->key_name
						: s->key     ? s->key
							     : "");

		add(l, (struct policy_line){ "signer", "trusted", text, p->key, "" });
	}
}

static int64_t step_of(const struct policy *p, int priority, size_t step)
{
	const struct policy_response *r = &p->response[priority];
	const int64_t steps[] = { r->acknowledge, r->contain, r->close, r->report };

	return steps[step];
}

/* Of the policies given the shortest time of each step. */
static void add_responses(struct lines *l, const struct policy *const *p, size_t n)
{
	static const char *const words[] = { "acknowledge", "contain", "close", "report" };

	for (int i = 0; i < PRIO_COUNT; i++)
		for (size_t k = 0; k < LENGTH(words); k++) {
			const struct policy *by = NULL;

			for (size_t m = 0; m < n; m++)
				if (!by || step_of(p[m], i, k) < step_of(by, i, k))
					by = p[m];
			if (by && step_of(by, i, k) != DUE_NONE)
				add(l, (struct policy_line){
					       "response",
					       arena_printf(l->mem, "%s.%s",
							    priority_word((enum priority)i),
							    words[k]),
					       span_text(l->mem, step_of(by, i, k)), by->key, "" });
		}
}

/* What is asked for or not: whoever asks for it, all of them; where nobody does, that. */
static void add_asked(struct lines *l, const struct policy *const *p, size_t n,
		      const char *section, const char *name, size_t at, const char *yes,
		      const char *no)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		bool asks;

		memcpy(&asks, (const char *)p[i] + at, sizeof(asks));
		if (asks)
			add(l, (struct policy_line){ section, name, yes, p[i]->key, "" });
		any = any || asks;
	}
	if (!any && n > 0)
		add(l, (struct policy_line){ section, name, no, n == 1 ? p[0]->key : "", "" });
}

/* Each of the policies stands by itself: what one approves, another may not. */
static void add_demands(struct lines *l, const struct policy *const *p, size_t n)
{
	add_asked(l, p, n, "gate", "fixable_only", AT(gate.fixable_only),
		  "what has no fix does not count", "what has no fix counts");
	add_asked(l, p, n, "gate", "signature", AT(gate.signature), "required", "not asked for");
	add_asked(l, p, n, "exception", "approver", AT(exceptions.approver),
		  "another than the requester", "any");
	for (size_t i = 0; i < n; i++) {
		add_texts(l, p[i], "approved", "registries", &p[i]->registries);
		add_texts(l, p[i], "approved", "base_images", &p[i]->base_images);
		add_texts(l, p[i], "attestation", "required", &p[i]->attestations);
		add_signers(l, p[i]);
	}
	add_responses(l, p, n);
}

static void add_policy(struct lines *l, const struct policy *p)
{
	l->from = l->n;
	add(l, (struct policy_line){ "policy", p->key, p->title, p->key, p->note });
	add(l, (struct policy_line){ "policy", "validity", validity(l->mem, p), p->key, "" });
	add(l, (struct policy_line){ "policy", "file", p->file, p->key, "" });
	add_texts(l, p, "policy", "tags", &p->tags);
	add_texts(l, p, "severity", "sources", &p->severity);
	for (size_t i = 0; i < p->ndeadline; i++) {
		const struct policy_deadline *d = &p->deadline[i];

		add(l, (struct policy_line){ "deadline", d->id,
					     arena_printf(l->mem, "%s: %s",
							  span_text(l->mem, d->within),
							  conditions(l->mem, d)),
					     p->key, d->citation });
	}
	for (size_t i = 0; i < LENGTH(numbers); i++)
		add(l, (struct policy_line){
			       numbers[i].section, numbers[i].name,
			       number_text(l->mem, &numbers[i], number_of(p, &numbers[i])), p->key,
			       "" });
	add_demands(l, &p, 1);
}

bool store_policy_check(const char *path, struct arena *mem, const struct policy_line **out,
			size_t *n, struct err *e)
{
	struct lines l = { .mem = mem };
	struct policy *p = arena_new(mem, struct policy);

	if (!policy_read(path, mem, p, e))
		return false;
	add_policy(&l, p);
	*out = l.line;
	*n = l.n;
	return true;
}

/* ---- what holds for an image ---- */

static const char SQL_TAGS_OF_IMAGE[] =
	"WITH " SQL_BEARERS "\n"
	"SELECT t.tag, a.kind, COALESCE(i.name, a.name), COALESCE(p.name, '')\n"
	"FROM tag AS t\n"
	"  JOIN up ON t.object = up.id\n"
	"  JOIN asset AS a ON a.id = up.id\n"
	"  LEFT JOIN asset AS p ON p.id = a.parent\n"
	"  LEFT JOIN image AS i ON i.asset = a.id\n"
	"WHERE t.until = 0\n"
	"UNION\n"
	"SELECT t.tag, -1, r.name, ''\n"
	"FROM tag AS t\n"
	"  JOIN image_name AS n ON t.object = -n.repository\n"
	"  JOIN repository AS r ON r.id = n.repository\n"
	"WHERE n.image = $1 AND t.until = 0\n"
	"ORDER BY 1, 2, 4, 3";

static bool add_bearers(struct lines *l, struct store *st, int64_t image, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_TAGS_OF_IMAGE);

	db_int(s, 1, image);
	while (db_next(s)) {
		int64_t kind = db_column(s, 1);
		const char *place = db_column_text(s, 3);

		add(l, (struct policy_line){
			       "scope", arena_dup(l->mem, db_column_text(s, 0)),
			       arena_printf(l->mem, "%s %s%s%s",
					    kind < 0 ? "repository"
						     : asset_kind_word((enum asset_kind)kind),
					    place, *place ? "/" : "", db_column_text(s, 2)),
			       "", "" });
	}
	return db_done(s, e);
}

static void add_scopes(struct lines *l, const struct policies *all, uint64_t tags)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct policy *p = all->p[i];
		bool in = policy_in_scope(all, i, tags);
		const char *why = i > 0 ? arena_printf(l->mem, "it is %stagged %s",
						       in ? "" : "not ",
						       policy_texts_joined(l->mem, &p->tags))
				  : in	? "the policy of the estate"
					: "a fallback, and another policy holds";

		add(l, (struct policy_line){ "policy", p->key, in ? "holds" : "does not hold",
					     p->key, why });
	}
}

struct image_facts {
	bool exposed, running;
	uint64_t tags;
};

static bool facts_of(struct store *st, const struct policies *all, int64_t image,
		     struct image_facts *f, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT exposed > 0, running > 0\n"
					 "FROM image\n"
					 "WHERE asset = $1");

	db_int(s, 1, image);
	if (db_next(s)) {
		f->exposed = db_column(s, 0) != 0;
		f->running = db_column(s, 1) != 0;
	}
	return db_done(s, e) && asset_tags(st, all, image, &f->tags, e);
}

/* For each severity, and for what is exploited: the rule that would set the date of one found now.
 */
static void add_dues(struct lines *l, const struct policies *all, const struct image_facts *f,
		     int64_t now)
{
	for (int i = 0; i < 2 * SEV_COUNT; i++) {
		bool kev = i >= SEV_COUNT;
		struct deadline_case c = { .severity = (enum severity)(i % SEV_COUNT),
					   .kev = kev,
					   .exposed = f->exposed,
					   .running = f->running,
					   .kev_added = kev ? now : 0,
					   .start = now };
		const struct policy_deadline *rule;
		const struct policy *by;
		int64_t due = policies_due(all, f->tags, &c, &by, &rule);

		add(l, (struct policy_line){ "deadline",
					     arena_printf(l->mem, "%s%s", severity_word(c.severity),
							  kev ? ", in KEV" : ""),
					     due == DUE_NONE
						     ? "none"
						     : arena_printf(l->mem, "%s: rule %s",
								    span_text(l->mem, due - now),
								    rule->id),
					     by ? by->key : "", rule ? rule->citation : "" });
	}
}

static void add_strictest(struct lines *l, const struct policies *all, uint64_t tags)
{
	const struct policy **p = arena_array(l->mem, const struct policy *, all->n + 1);
	size_t n = 0;

	for (size_t k = 0; k < all->n; k++)
		if (policy_in_scope(all, k, tags))
			p[n++] = all->p[k];
	for (size_t i = 0; n > 0 && i < LENGTH(numbers); i++) {
		const struct policy *by = p[0];

		for (size_t k = 1; k < n; k++)
			if (number_of(p[k], &numbers[i]) < number_of(by, &numbers[i]))
				by = p[k];
		add(l, (struct policy_line){
			       numbers[i].section, numbers[i].name,
			       number_text(l->mem, &numbers[i], number_of(by, &numbers[i])),
			       by->key, "" });
	}
	add_demands(l, p, n);
}

bool store_policy_show(struct store *st, int64_t image, struct arena *mem,
		       const struct policy_line **out, size_t *n, struct err *e)
{
	struct lines l = { .mem = mem };
	struct image_facts f = { false, false, 0 };
	const struct policies *all;

	if (!store_policies(st, &all, e))
		return false;
	if (image && (!facts_of(st, all, image, &f, e) || !add_bearers(&l, st, image, e)))
		return false;
	if (image) {
		add_scopes(&l, all, f.tags);
		add_dues(&l, all, &f, st->now);
		add_strictest(&l, all, f.tags);
	}
	for (size_t i = 0; !image && i < all->n; i++)
		add_policy(&l, all->p[i]);
	*out = l.line;
	*n = l.n;
	return true;
}

/* ---- for admission controllers ---- */

static const struct admission_signer *admission_signers(const struct policy *p, struct arena *mem)
{
	struct admission_signer *s = arena_array(mem, struct admission_signer, p->nsigner + 1);

	for (size_t i = 0; i < p->nsigner; i++)
		s[i] = (struct admission_signer){ p->signer[i].identity, p->signer[i].issuer,
						  p->signer[i].key };
	return s;
}

bool store_policy_admission(struct store *st, struct arena *mem, struct policy_admission *out,
			    struct err *e)
{
	const struct policy *p;

	if (!store_policy(st, &p, e))
		return false;
	*out = (struct policy_admission){
		.name = p->key,
		.title = p->title,
		.registry = p->registries.s,
		.nregistry = p->registries.n,
		.signature = p->gate.signature,
		.signer = admission_signers(p, mem),
		.nsigner = p->nsigner,
		.attestation = p->attestations.s,
		.nattestation = p->attestations.n,
		.base = p->base_images.n > 0,
	};
	return true;
}

/* ---- all there are ---- */

static bool used_hash(struct store *st, uint8_t out[static SHA256_SIZE], bool *known, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT hash FROM policy WHERE until = 0");
	size_t size = 0;
	const void *hash = db_next(s) ? db_column_blob(s, 0, &size) : NULL;

	*known = hash && size == SHA256_SIZE;
	if (*known)
		memcpy(out, hash, size);
	return db_done(s, e);
}

bool store_policy_list(struct store *st, struct arena *mem, const struct policy_info **out,
		       size_t *n, struct err *e)
{
	uint8_t used[SHA256_SIZE], hash[SHA256_SIZE];
	const struct policies *all;
	const char *const *names;
	struct policy_info *info;
	bool known;

	if (!store_policies(st, &all, e) || !used_hash(st, used, &known, e))
		return false;
	policy_names(mem, &names, n);
	*out = info = arena_array(mem, struct policy_info, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		struct policy *p = arena_new(mem, struct policy);

		if (!policy_load(names[i], mem, p, e))
			return false;
		info[i] = (struct policy_info){
			.name = p->key,
			.title = p->title,
			.file = p->file,
			.validity = validity(mem, p),
			.tags = policy_texts_joined(mem, &p->tags),
		};
		for (size_t k = 0; k < all->n; k++)
			if (str_eq(all->p[k]->key, p->key))
				info[i].use = k ? "by tag" : "estate";
		if (!info[i].use)
			info[i].use = "";
		policy_hash(p, hash);
		info[i].edited = known && str_eq(info[i].use, "estate") &&
				 memcmp(used, hash, sizeof(hash)) != 0;
	}
	return true;
}
