/* SPDX-License-Identifier: MIT */
/* gate_judge.c - what one policy has against an image, each reason with the rule and the fix. */
#include <inttypes.h>

#include "store/gate_inner.h"
#include "store/identity.h"
#include "store/version.h"

#define NAMED 3 /* findings and packages named in a reason; the rest are counted */

struct bar { /* one policy before one image */
	const struct policy *p;
	const struct gate_facts *f;
	int64_t now;
	struct gate_list *out;
};

static size_t reason_by_rule(const struct gate_list *l, const char *rule)
{
	size_t i = 0;

	while (i < l->n && !str_eq(l->reason[i].rule, rule))
		i++;
	return i;
}

/* `limit`: the number it was measured by; -1: each policy's own demand stands beside the others'.
 */
static void add(struct bar *b, struct gate_reason r, int64_t limit)
{
	struct gate_list *l = b->out;
	size_t at = limit >= 0 ? reason_by_rule(l, r.rule) : l->n;

	r.policy = b->p->key;
	if (at < l->n) {
		if (limit >= l->limit[at])
			return;
	} else {
		ARENA_MORE(l->mem, l->reason, l->n, l->cap);
		ARENA_MORE(l->mem, l->limit, l->n, l->limit_cap);
		l->n++;
	}
	l->reason[at] = r;
	l->limit[at] = limit;
}

/* ---- findings over a limit ---- */

struct limit {
	const char *rule, *what;
	enum gate_kind kind;
	int severity; /* -1: any */
	bool kev;
	int64_t n, allowed;
};

static bool is_of(const struct bar *b, const struct limit *l, const struct gate_finding *f)
{
	if (f->kind != l->kind || (l->severity >= 0 && (int)f->severity != l->severity))
		return false;
	if (l->kev && !f->kev)
		return false;
	return f->kind != GATE_VULNERABILITY || !b->p->gate.fixable_only || *f->fixed;
}

/* Names of the first few. */
static void name_findings(const struct bar *b, const struct limit *l, struct buf *names)
{
	int64_t n = 0;

	for (size_t i = 0; i < b->f->nfinding && n < NAMED; i++) {
		const struct gate_finding *f = &b->f->finding[i];

		if (!is_of(b, l, f))
			continue;
		n++;
		buf_addf(names, "%s%s", names->len ? ", " : "", f->name);
		if (*f->package)
			buf_addf(names, " %s %s", f->package, f->version);
		if (*f->control)
			buf_addf(names, " (CIS-DOCKER %s)", f->control);
	}
	if (l->n > NAMED)
		buf_addf(names, " and %" PRId64 " more", l->n - NAMED);
}

struct bump { /* one package, to the lowest version that has the fix of each of its findings */
	const char *type, *package, *to;
};

static void add_bump(struct bump *list, size_t *n, const struct gate_finding *f, struct arena *mem)
{
	const char *to = version_next(f->type, f->version, f->fixed, mem);
	size_t i = 0;

	if (!to || !*f->package)
		return;
	while (i < *n && !(str_eq(list[i].package, f->package) && str_eq(list[i].type, f->type)))
		i++;
	if (i == *n)
		list[(*n)++] = (struct bump){ f->type, f->package, to };
	else if (version_compare(f->type, to, list[i].to) > 0)
		list[i].to = to;
}

/* What would fix all that can be, the package of the worst first. */
static void name_bumps(const struct bar *b, const struct limit *l, struct buf *out)
{
	struct arena *mem = b->out->mem;
	struct bump *list = arena_array(mem, struct bump, b->f->nfinding + 1);
	size_t n = 0;

	for (size_t i = 0; i < b->f->nfinding; i++)
		if (is_of(b, l, &b->f->finding[i]))
			add_bump(list, &n, &b->f->finding[i], mem);
	for (size_t i = 0; i < n && i < NAMED; i++)
		buf_addf(out, "%s%s to %s", i ? ", " : "bump ", list[i].package, list[i].to);
	if (n > NAMED)
		buf_addf(out, " and %zu more", n - NAMED);
}

static void check_limit(struct bar *b, const struct limit *l)
{
	struct arena *mem = b->out->mem;
	struct buf names = BUF_INIT, fixes = BUF_INIT;

	if (l->allowed < 0 || l->n <= l->allowed)
		return;
	if (b->f->finding) {
		name_findings(b, l, &names);
		name_bumps(b, l, &fixes);
	}
	add(b,
	    (struct gate_reason){
		    .rule = l->rule,
		    .text = arena_printf(mem, "%" PRId64 " %s, %" PRId64 " allowed%s%s", l->n,
					 l->what, l->allowed, names.len ? ": " : "", names.s),
		    .fix = fixes.len		    ? arena_dup(mem, fixes.s)
			   : l->kind == GATE_SECRET ? "take them out, and revoke them"
			   : l->kind == GATE_LINT   ? "see the remedy of each finding"
						    : NULL,
	    },
	    l->allowed);
	buf_release(&names);
	buf_release(&fixes);
}

static void check_findings(struct bar *b)
{
	const struct policy_gate *g = &b->p->gate;
	const struct gate_counts *n = &b->f->n;
	struct arena *mem = b->out->mem;
	struct limit kev = { "vulnerability.kev",
			     "exploited in the wild (KEV)",
			     GATE_VULNERABILITY,
			     -1,
			     true,
			     g->fixable_only ? n->kev_fixable : n->kev,
			     g->kev };
	struct limit secret = { "secret", "secrets in the image", GATE_SECRET, -1, false, 0,
				g->secret };

	check_limit(b, &kev);
	for (int s = 0; s < SEV_COUNT; s++) {
		const char *word = severity_word((enum severity)s);
		struct limit vulnerability = {
			arena_printf(mem, "vulnerability.%s", word),
			NULL,
			GATE_VULNERABILITY,
			s,
			false,
			g->fixable_only ? n->fixable[s] : n->severity[GATE_VULNERABILITY][s],
			g->severity[s],
		};

		vulnerability.what = arena_printf(mem, "open %s vulnerabilit%s", word,
						  vulnerability.n == 1 ? "y" : "ies");
		check_limit(b, &vulnerability);
		secret.n += n->severity[GATE_SECRET][s];
	}
	if (secret.n == 1)
		secret.what = "secret in the image";
	check_limit(b, &secret);
	for (int s = 0; s < SEV_COUNT; s++) {
		const char *word = severity_word((enum severity)s);
		int64_t of_lint = n->severity[GATE_LINT][s];
		struct limit lint = { arena_printf(mem, "lint.%s", word),
				      arena_printf(mem, "%s finding%s of image checks", word,
						   of_lint == 1 ? "" : "s"),
				      GATE_LINT,
				      s,
				      false,
				      of_lint,
				      g->lint[s] };

		check_limit(b, &lint);
	}
}

/* ---- scans ---- */

static void check_scan(struct bar *b, int64_t max_age)
{
	const struct gate_facts *f = b->f;
	struct arena *mem = b->out->mem;
	int64_t database = b->p->gate.database_age;
	char age[16];

	if (!f->scanned_at) {
		add(b,
		    (struct gate_reason){
			    .rule = "scan.missing",
			    .text = "no complete vulnerability scan of this image is on record",
			    .fix = "scan it, and import the report",
			    .evidence = true },
		    0);
		return;
	}
	time_print_span(b->now - f->scanned_at, age);
	if (b->now - f->scanned_at > max_age)
		add(b,
		    (struct gate_reason){ .rule = "scan.age",
					  .text = arena_printf(mem, "the last scan is %s old", age),
					  .fix = "scan it again, and import the report",
					  .evidence = true },
		    max_age);
	time_print_span(f->scanned_at - f->db_built, age);
	if (f->db_built && f->scanned_at - f->db_built > database)
		add(b,
		    (struct gate_reason){
			    .rule = "scan.database",
			    .text = arena_printf(
				    mem, "the scanner's database was %s old when it ran", age),
			    .fix = "update the scanner's database, and scan again",
			    .evidence = true },
		    database);
}

/* ---- signatures and attestations ---- */

static bool matches(const char *pattern, const char *s)
{
	return !pattern || str_glob(pattern, s);
}

/* A key in PEM is told by its name, where the import verified with it; else by what cosign says. */
static bool is_key(const struct policy_signer *s, const char *signer)
{
	return *s->key_name ? str_eq(s->key_name, signer) : matches(s->key, signer);
}

bool policy_trusts(const struct policy *p, const char *signer, const char *issuer)
{
	for (size_t i = 0; i < p->nsigner; i++)
		if (matches(p->signer[i].identity, signer) &&
		    matches(p->signer[i].issuer, issuer) && is_key(&p->signer[i], signer))
			return true;
	return p->nsigner == 0;
}

struct signed_by {		 /* what is known of the signatures of one kind */
	bool known, valid, good; /* some word of any; a valid one; one by a trusted signer */
	bool unknown;		 /* one by a key that no policy names */
	const char *other;	 /* who signed instead */
	const char *claimed;	 /* by whom one that nobody verified says it is */
	int64_t at;		 /* newest good one was verified */
};

static struct signed_by signatures(const struct bar *b, const char *predicate)
{
	struct signed_by r = { .known = false };

	for (size_t i = 0; i < b->f->nsignature; i++) {
		const struct gate_signature *g = &b->f->signature[i];

		if (!str_eq(g->predicate, predicate))
			continue;
		r.known = true;
		r.unknown = r.unknown || g->result == SIGNATURE_OTHER_KEY;
		if (g->result == SIGNATURE_PRESENT && !str_empty(g->signer))
			r.claimed = g->signer;
		if (g->result != SIGNATURE_OK)
			continue;
		r.valid = true;
		if (!policy_trusts(b->p, g->signer, g->issuer)) {
			r.other = g->signer;
			continue;
		}
		r.good = true;
		if (g->at > r.at)
			r.at = g->at;
	}
	return r;
}

static const char *signer_of(const struct signed_by *s)
{
	return str_empty(s->other) ? "somebody unnamed" : s->other;
}

/* Of something that is there, yet holds by nobody's word. */
static const char *unverified(const struct signed_by *s, struct arena *mem)
{
	if (s->unknown)
		return "by a key that no policy names";
	return s->claimed ? arena_printf(mem, "that claims to be by %s, and that nobody verified",
					 s->claimed)
			  : "that nobody verified";
}

static void check_signature(struct bar *b)
{
	struct signed_by s = signatures(b, "");
	struct gate_reason r = { .rule = "signature", .fix = "sign it with a trusted key" };
	char age[16];

	if (!b->p->gate.signature)
		return;
	if (!s.known) {
		r.rule = "signature.missing";
		r.text = "nothing is known of a signature";
		r.fix = "verify it with cosign, and import the output";
		r.evidence = true;
	} else if (s.valid && !s.good) {
		r.rule = "signature.signer";
		r.text = arena_printf(b->out->mem, "signed by %s, who is not trusted",
				      signer_of(&s));
	} else if (!s.valid) {
		r.text = arena_printf(b->out->mem, "no valid signature by a trusted signer, only "
						   "one %s", unverified(&s, b->out->mem));
	} else if (b->now - s.at > b->p->fresh.signature) {
		time_print_span(b->now - s.at, age);
		r.rule = "signature.age";
		r.text = arena_printf(b->out->mem, "its signature was verified %s ago", age);
		r.fix = "verify it again, and import the output";
		r.evidence = true;
	} else {
		return;
	}
	add(b, r, b->p->nsigner ? -1 : 0);
}

static void check_attestations(struct bar *b)
{
	for (size_t i = 0; i < b->p->attestations.n; i++) {
		const char *type = b->p->attestations.s[i];
		struct signed_by s = signatures(b, type);
		struct gate_reason r = {
			.rule = arena_printf(b->out->mem, "attestation.%s", type),
			.fix = "attest it; import what cosign verify-attestation prints, with "
			       "--verified WHO, or give the policy the signer's key in PEM",
		};

		if (s.good)
			continue;
		r.evidence = !s.known && b->f->nsignature == 0;
		r.text = s.valid   ? arena_printf(b->out->mem, "attested by %s, who is not trusted",
						  signer_of(&s))
			 : s.known ? arena_printf(b->out->mem, "there is only an attestation %s",
						  unverified(&s, b->out->mem))
				   : "there is no attestation of this type";
		add(b, r, 0);
	}
}

/* ---- where it comes from ---- */

static bool approved(const struct policy_texts *patterns, const char *repository)
{
	for (size_t i = 0; i < patterns->n; i++) {
		const char *p = patterns->s[i];
		size_t len = strlen(p);

		if (str_glob(p, repository))
			return true;
		/* a registry or a folder of one stands for all in it */
		if (strncmp(repository, p, len) == 0 && repository[len] == '/')
			return true;
	}
	return false;
}

/* Of the name that was asked for; else one of those it holds must be approved. */
static void check_registry(struct bar *b)
{
	const struct gate_facts *f = b->f;
	const struct policy_texts *t = &b->p->registries;
	const char *from = f->asked;
	bool good = from && approved(t, from);

	for (size_t i = 0; !f->asked && i < f->nrepository; i++) {
		from = f->repository[i];
		good = good || approved(t, from);
	}
	if (!t->n || good)
		return;
	add(b,
	    (struct gate_reason){
		    .rule = from ? "registry" : "registry.unknown",
		    .text = from ? arena_printf(b->out->mem, "%s is no approved registry", from)
				 : "it has no name that would say where it comes from",
		    .fix = arena_printf(b->out->mem, "push it to one of: %s",
					policy_texts_joined(b->out->mem, t)),
		    .evidence = !from },
	    -1);
}

/* By digest, by repository, or by pattern; the tag does not matter unless the pattern has one. */
static bool is_base(const struct bar *b, const struct image_ref *ref)
{
	const struct policy_texts *t = &b->p->base_images;

	for (size_t i = 0; i < t->n; i++) {
		struct image_ref want;

		if (str_prefix(t->s[i], "sha256:")) {
			if (str_eq(ref->digest, t->s[i]))
				return true;
			continue;
		}
		if (str_glob(t->s[i], b->f->base) || (ref->name && str_glob(t->s[i], ref->name)) ||
		    (ref->repository && str_glob(t->s[i], ref->repository)))
			return true;
		if (!strpbrk(t->s[i], "*?") && image_ref_parse(t->s[i], b->out->mem, &want) &&
		    str_eq(want.repository, ref->repository))
			return true;
	}
	return false;
}

static void check_base(struct bar *b)
{
	struct image_ref ref = { NULL, NULL, NULL, NULL };
	const char *base = b->f->base;
	bool known = !str_empty(base) && image_ref_parse(base, b->out->mem, &ref);

	if (!b->p->base_images.n || (known && is_base(b, &ref)))
		return;
	add(b,
	    (struct gate_reason){
		    .rule = known ? "base" : "base.unknown",
		    .text = known ? arena_printf(b->out->mem, "%s is no approved base image", base)
				  : "no report says which base image it was built on",
		    .fix = arena_printf(b->out->mem, "build it on one of: %s",
					policy_texts_joined(b->out->mem, &b->p->base_images)),
		    .evidence = !known },
	    -1);
}

void gate_judge(const struct policy *p, const struct gate_facts *f, int64_t now, int64_t max_age,
		struct gate_list *out)
{
	struct bar b = { p, f, now, out };

	check_findings(&b);
	check_scan(&b, max_age ? max_age : p->gate.scan_age);
	check_signature(&b);
	check_attestations(&b);
	check_registry(&b);
	check_base(&b);
}
