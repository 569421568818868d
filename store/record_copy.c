/* SPDX-License-Identifier: MIT */
/* record_copy.c - records of their own, with their texts. */
#include "store/record.h"

#define AT(member) offsetof(struct record, u.member)
#define RULE(of)                                                                                   \
	AT(of.rule.id), AT(of.rule.alias), AT(of.rule.title), AT(of.rule.text),                    \
		AT(of.rule.remediation), AT(of.rule.url), AT(of.rule.severity_raw)

/* Where the texts of a record are; those with a length of their own are not among them. */
static const size_t vulnerability[] = {
	AT(vulnerability.id), AT(vulnerability.title), AT(vulnerability.text),
	AT(vulnerability.url), AT(vulnerability.severity_raw), AT(vulnerability.vector),
	AT(vulnerability.package_type), AT(vulnerability.package), AT(vulnerability.version),
	AT(vulnerability.purl), AT(vulnerability.fixed_in), AT(vulnerability.fix_state),
	AT(vulnerability.path), AT(vulnerability.layer),
};
static const size_t check[] = {
	RULE(check), AT(check.benchmark), AT(check.raw), AT(check.scope), AT(check.place),
	AT(check.message),
};
static const size_t finding[] = {
	RULE(finding), AT(finding.scope), AT(finding.place), AT(finding.message),
};
static const size_t component[] = {
	AT(component.package_type), AT(component.package), AT(component.version),
	AT(component.purl), AT(component.licence), AT(component.path),
};
static const size_t event[] = {
	AT(event.rule), AT(event.priority_raw), AT(event.action), AT(event.message),
	AT(event.cluster), AT(event.node), AT(event.namespace), AT(event.workload_kind),
	AT(event.workload), AT(event.pod), AT(event.pod_uid), AT(event.container_id),
	AT(event.container), AT(event.image), AT(event.image_digest), AT(event.user),
	AT(event.process), AT(event.cmdline), AT(event.parent), AT(event.file), AT(event.peer),
	AT(event.tags), AT(event.uid),
};

#define TEXTS(a) { (a), LENGTH(a) }
static const struct texts {
	const size_t *at;
	size_t        n;
} texts[REC_KIND_COUNT] = {
	[REC_VULNERABILITY] = TEXTS(vulnerability), [REC_CHECK] = TEXTS(check),
	[REC_FINDING] = TEXTS(finding), [REC_COMPONENT] = TEXTS(component),
	[REC_EVENT] = TEXTS(event),
};

bool record_copies(enum record_kind kind)
{
	return texts[kind].n > 0;
}

static size_t own_text(struct arena *mem, const char **text)
{
	size_t n;

	if (!*text)
		return 0;
	n = strlen(*text);
	*text = arena_dupn(mem, *text, n);
	return n + 1;
}

static size_t own_aliases(struct arena *mem, struct rec_vulnerability *v)
{
	const char **alias;
	size_t bytes = 0;

	if (v->naliases == 0)
		return 0;
	alias = arena_array(mem, const char *, v->naliases);
	for (size_t i = 0; i < v->naliases; i++) {
		alias[i] = v->aliases[i];
		bytes += sizeof(*alias) + own_text(mem, &alias[i]);
	}
	v->aliases = alias;
	return bytes;
}

size_t record_copy(struct arena *mem, const struct record *r, struct record *out)
{
	const struct texts *t = &texts[r->kind];
	size_t bytes = 0;

	*out = *r;
	for (size_t i = 0; i < t->n; i++) {
		const char *text;

		memcpy(&text, (const char *)r + t->at[i], sizeof(text));
		bytes += own_text(mem, &text);
		memcpy((char *)out + t->at[i], &text, sizeof(text));
	}
	if (r->kind == REC_VULNERABILITY)
		bytes += own_aliases(mem, &out->u.vulnerability);
	if (r->kind == REC_EVENT && r->u.event.raw) {
		out->u.event.raw = arena_dupn(mem, r->u.event.raw, r->u.event.raw_len);
		bytes += r->u.event.raw_len + 1;
	}
	return bytes;
}
