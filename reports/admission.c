/* SPDX-License-Identifier: MIT */
/*
 * admission.c - the checks and a policy's demands as admission policies, in YAML.
 *
 * Sources: the Common Expression Language and Kubernetes' libraries of it; RE2's syntax.
 */
#include "reports/admission.h"
#include "reports/escape.h"
#include "reports/report.h"

static const struct admission_row rows[] = {
#define ENFORCED(id, severity, title, remedy, scope, linux_only, good)                             \
	{ id, title, remedy, severity, ADMIT_##scope, linux_only, good },
#define LEFT(id, why) { id, "", why, SEV_UNKNOWN, ADMIT_POD, false, NULL },
#include "reports/admission.def"
#undef ENFORCED
#undef LEFT
};

const struct admission_row *admission_row(size_t i)
{
	return i < LENGTH(rows) ? &rows[i] : NULL;
}

/* ---- YAML ---- */

static void indented(struct out *o, int indent, const char *key)
{
	out_printf(o, "%*s%s: ", indent, "", key);
}

void admission_block(struct out *o, int indent, const char *key, const char *text)
{
	indented(o, indent, key);
	/* behind a dash the key itself stands two further in */
	out_printf(o, ">-\n%*s%s\n", indent + 4, "", text);
}

void admission_text(struct out *o, int indent, const char *key, const char *text)
{
	indented(o, indent, key);
	escape_yaml(o, text);
	out_printf(o, "\n");
}

void admission_comment(struct out *o, const char *what, const char *text)
{
	out_printf(o, "# %s", what);
	if (text != NULL) {
		out_printf(o, " ");
		escape_yaml(o, text);
	}
	out_printf(o, "\n");
}

/* ---- what rows are said in ---- */

/* Each is said in those before it. */
static const struct variable {
	const char *name, *text;
} variables[] = {
	{ "object", NULL }, /* the engine's */
	{ "isPod", "variables.object.kind == 'Pod'" },
	{ "space", "variables.object.metadata[?'namespace'].orValue('')" },
	{ "pod", "variables.isPod ? variables.object : variables.object.kind == 'CronJob' "
	         "? variables.object.spec.jobTemplate.spec.template "
	         ": variables.object.spec.template" },
	{ "spec", "variables.pod.spec" },
	{ "annotations", "variables.pod.?metadata.?annotations.orValue({})" },
	{ "windows", "variables.spec.?os.?name.orValue('') == 'windows' || "
	             "variables.spec.?nodeSelector[?'kubernetes.io/os'].orValue('') == "
	             "'windows'" },
	{ "init", "variables.spec.?initContainers.orValue([])" },
	{ "lasting", "variables.init + variables.spec.containers" },
	{ "containers", "variables.lasting + variables.spec.?ephemeralContainers.orValue([])" },
	{ "staying", "variables.spec.?restartPolicy.orValue('Always') != 'Always' ? [] : "
	             "variables.spec.containers + "
	             "variables.init.filter(c, c.?restartPolicy.orValue('') == 'Always')" },
};

static bool mentions(const char *text, const char *name)
{
	static const char prefix[] = "variables.";
	size_t len = strlen(name);

	while (text != NULL && (text = strstr(text, prefix)) != NULL) {
		text += strlen(prefix);
		if (strncmp(text, name, len) == 0 &&
		    strspn(text + len, "abcdefghijklmnopqrstuvwxyz") == 0)
			return true;
	}
	return false;
}

void admission_variables(struct out *o, const struct admission_engine *g, int indent,
                         const char *good)
{
	bool wanted[LENGTH(variables)] = { false };

	for (size_t i = LENGTH(variables); i-- > 0;) {
		wanted[i] = mentions(good, variables[i].name);
		for (size_t k = i + 1; k < LENGTH(variables); k++)
			wanted[i] |= wanted[k] && mentions(variables[k].text, variables[i].name);
	}
	for (size_t i = 0; i < LENGTH(variables); i++) {
		const char *text = variables[i].text;

		if (!wanted[i])
			continue;
		out_printf(o, "%*s- name: %s\n", indent, "", variables[i].name);
		admission_block(o, indent + 2, "expression", text == NULL ? g->object : text);
	}
}

static void whole_text(const struct admission_row *r, struct buf *out)
{
	static const char *const each[] = {
		[ADMIT_EACH] = "containers",
		[ADMIT_LASTING] = "lasting",
		[ADMIT_STAYING] = "staying",
	};

	if (r->linux_only)
		buf_addf(out, "variables.windows || ");
	if (r->scope == ADMIT_POD)
		buf_addf(out, "%s", r->good);
	else
		buf_addf(out, "variables.%s.all(c, %s)", each[r->scope], r->good);
}

/* ---- registries ---- */

void admission_pattern(const char *pattern, struct buf *out)
{
	size_t len = strlen(pattern);

	for (size_t at = 0; at < len;) {
		uint32_t c;
		size_t n = utf8_next(pattern + at, len - at, &c);

		if (c == '*')
			buf_addf(out, "(?s:.*)");
		else if (c == '?')
			buf_addf(out, "(?s:.)");
		else if (c == '.')
			buf_addf(out, "[.]");
		else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		         (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '_' ||
		         c == ':' || c == '@')
			buf_addc(out, (char)c);
		else
			buf_addf(out, "\\x{%x}", (unsigned)c);
		at += n;
	}
}

/* A registry or a folder of one stands for all in it; there the case of letters counts. */
void admission_registries(const struct policy_admission *p, struct buf *out)
{
	buf_addf(out, "^(?:");
	for (size_t i = 0; i < p->nregistry; i++) {
		buf_addf(out, "%s(?i:", i > 0 ? "|" : "");
		admission_pattern(p->registry[i], out);
		buf_addf(out, ")");
		if (strpbrk(p->registry[i], "*?") != NULL)
			continue;
		buf_addf(out, "|");
		admission_pattern(p->registry[i], out);
		buf_addf(out, "/(?s:.*)");
	}
	buf_addf(out, ")$");
}

/* The repository of a reference, in full as image_ref_parse() makes it, then the expression. */
static void registry_text(const struct policy_admission *p, struct buf *out)
{
	buf_addf(out, "[c.image.find('^[^@]*').find('^(.*/)?[^:]*').lowerAscii()]"
	              ".map(r, r.startsWith('index.docker.io/') ? r.substring(16) : r)"
	              ".map(r, !r.contains('/') ? 'docker.io/library/' + r : "
	              "!r.matches('^([^/]*[.:][^/]*|localhost)/') ? 'docker.io/' + r : "
	              "r.matches('^docker[.]io/[^/]+$') ? 'docker.io/library/' + r.substring(10) "
	              ": r).all(r, r.matches(r'");
	admission_registries(p, out);
	buf_addf(out, "'))");
}

static void write_registries(const struct admission_engine *g, const struct policy_admission *p,
                             struct out *o)
{
	struct buf good = BUF_INIT, whole = BUF_INIT;
	struct admission_row row = {
		.id = "approved-registries",
		.title = "Image comes from an approved registry",
		.remedy = "Push it to a registry that the policy approves.",
		.severity = SEV_HIGH,
		.scope = ADMIT_EACH,
	};

	registry_text(p, &good);
	row.good = good.s;
	whole_text(&row, &whole);
	g->row(o, &row, whole.s);
	buf_release(&good);
	buf_release(&whole);
}

/* ---- the whole ---- */

static void write_head(const struct admission_engine *g, const struct policy_admission *p,
                       struct out *o)
{
	out_printf(o, "# Admission policies for %s, written by seaworthy.\n", g->name);
	admission_comment(o, "Policy:", p->name);
	g->head(o, p);
	admission_comment(o, "Of the gate's rules, those about findings and scans are not here: "
	                     "admission knows neither.", NULL);
	if (p->base)
		admission_comment(o, "Approved base images are not here: "
		                     "admission does not open images.", NULL);
	if (p->nregistry == 0)
		admission_comment(o, "The policy approves every registry.", NULL);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (rows[i].good == NULL)
			out_printf(o, "# Not enforced: %s: %s.\n", rows[i].id, rows[i].remedy);
	}
}

static void write_all(const struct admission_engine *g, const struct policy_admission *p,
                      struct out *o)
{
	write_head(g, p, o);
	if (p->nregistry > 0)
		write_registries(g, p, o);
	g->signatures(o, p);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct buf good = BUF_INIT;

		if (rows[i].good == NULL)
			continue;
		whole_text(&rows[i], &good);
		g->row(o, &rows[i], good.s);
		buf_release(&good);
	}
}

bool admission_write(struct out *o, const char *engine, const struct policy_admission *p,
                     struct err *e)
{
	static const struct admission_engine *const engines[] = { &admission_kyverno,
		                                                  &admission_gatekeeper };

	for (size_t i = 0; i < LENGTH(engines); i++) {
		if (!str_eq(engines[i]->name, engine))
			continue;
		write_all(engines[i], p, o);
		return true;
	}
	return err_set(e, ERR_USAGE, "--engine %s: there are kyverno and gatekeeper",
	               engine);
}
