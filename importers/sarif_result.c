/* SPDX-License-Identifier: MIT */
/* sarif_result.c - SARIF's results, and what each tool has written into their messages. */
#include "importers/sarif.h"
#include "importers/trivy_result.h"
#include "importers/value.h"

#define RULE_CREDENTIALS "CIS-DI-0010" /* Dockle quotes the instructions that hold them */
#define ALIASES          64            /* of one result; more are left out */
#define RULE_LINE        80            /* bytes of a message that stand for a rule */

enum {
	R_SELF, R_RULE, R_RULE_ID, R_INDEX, R_RULE_INDEX, R_COMPONENT, R_LEVEL, R_KIND, R_TEXT,
	R_MARKDOWN, R_MESSAGE_ID, R_ARGUMENTS, R_URI, R_LOGICAL, R_LOGICAL_NAME, R_SUPPRESSIONS,
	R_STATUSES, R_REASONS, R_BASELINE, R_SECURITY, R_ARTIFACT,
};
const struct read_field sarif_result_field[SARIF_RESULT] = {
	[R_SELF]         = { "" },
	[R_RULE]         = { "ruleId" },
	[R_RULE_ID]      = { "rule.id" },
	[R_INDEX]        = { "ruleIndex" },
	[R_RULE_INDEX]   = { "rule.index" },
	[R_COMPONENT]    = { "rule.toolComponent.index" },
	[R_LEVEL]        = { "level" },
	[R_KIND]         = { "kind" },
	[R_TEXT]         = { "message.text" },
	[R_MARKDOWN]     = { "message.markdown" },
	[R_MESSAGE_ID]   = { "message.id" },
	[R_ARGUMENTS]    = { "message.arguments", READ_LIST },
	[R_URI]          = { "locations[].physicalLocation.artifactLocation.uri", READ_LIST },
	[R_LOGICAL]      = { "locations[].logicalLocations[].fullyQualifiedName", READ_LIST },
	[R_LOGICAL_NAME] = { "locations[].logicalLocations[].name", READ_LIST },
	[R_SUPPRESSIONS] = { "suppressions[].kind", READ_LIST },
	[R_STATUSES]     = { "suppressions[].status", READ_LIST },
	[R_REASONS]      = { "suppressions[].justification", READ_LIST },
	[R_BASELINE]     = { "baselineState" },
	[R_SECURITY]     = { "properties.security-severity" },
	[R_ARTIFACT]     = { "locations[].physicalLocation.artifactLocation.index", READ_LIST },
};

struct result {
	const struct read_record *r, *run;
	const struct sarif_rule  *rule; /* never NULL: an empty one where none is described */
	const char               *id, *message, *place;
	struct sarif_labels       labels;
	bool                      suppressed;
};

static const char *first_text(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

/* ---- rule, severity, message ---- */

/* `ruleIndex` counts the driver's rules; with a tool component it counts another's. */
static const struct sarif_rule *find_rule(const struct sarif *s, const struct read_record *r,
                                          const char *id)
{
	int64_t index = -1, extension;

	if (id == NULL && read_int(r, R_COMPONENT, 0, INT64_MAX, &extension))
		return read_int(r, R_RULE_INDEX, 0, INT64_MAX, &index) ?
		       sarif_rule_of(&s->rules, s->run, (uint64_t)extension, (uint64_t)index) :
		       NULL;
	if (read_text(r, R_COMPONENT) == NULL &&
	    !read_int(r, R_INDEX, 0, INT64_MAX, &index) &&
	    !read_int(r, R_RULE_INDEX, 0, INT64_MAX, &index))
		index = -1;
	return sarif_rule_find(&s->rules, s->run, index < 0 ? UINT64_MAX : (uint64_t)index, id);
}

static enum severity level_severity(const char *level)
{
	static const char *const word[] = { "error", "warning", "note", "none" };
	static const enum severity severity[] = { SEV_HIGH, SEV_MEDIUM, SEV_LOW, SEV_NEGLIGIBLE };
	int i = str_index(word, LENGTH(word), level);

	return i < 0 ? SEV_UNKNOWN : severity[i];
}

/*
 * A number, which GitHub reads by the bands of CVSS, a word among the tags or in the text, a level
 * of its own, one of the rule's, or what SARIF says then.
 */
static enum severity severity(const struct result *x, const char **raw)
{
	const char *level = first_text(read_text(x->r, R_LEVEL), x->rule->level);

	*raw = first_text(read_text(x->r, R_SECURITY), x->rule->security);
	if (value_score(*raw) >= 0)
		return severity_rating(value_score(*raw));
	*raw = first_text(x->rule->word, x->labels.severity);
	if (*raw != NULL)
		return severity_fold(*raw);
	*raw = first_text(level, "warning");
	return level_severity(*raw);
}

/* The template with its "{0}" replaced; braces stand doubled for themselves. */
static const char *filled(struct arena *mem, const struct read_record *r, const char *template)
{
	struct buf out = BUF_INIT;
	const char *s, *argument, *text;
	int n;

	for (s = template; *s != '\0'; s++) {
		if ((*s == '{' || *s == '}') && s[1] == *s) {
			buf_addc(&out, *s++);
		} else if (*s == '{' && s[1] >= '0' && s[1] <= '9' && s[2] == '}') {
			argument = read_item(r, R_ARGUMENTS, NULL);
			for (n = s[1] - '0'; n > 0 && argument != NULL; n--)
				argument = read_item(r, R_ARGUMENTS, argument);
			buf_adds(&out, argument == NULL ? "" : argument);
			s += 2;
		} else {
			buf_addc(&out, *s);
		}
	}
	text = arena_dup(mem, out.s);
	buf_release(&out);
	return text;
}

static const char *message(struct sarif *s, const struct read_record *r,
                           const struct sarif_rule *rule)
{
	const char *text = first_text(read_text(r, R_TEXT), read_text(r, R_MARKDOWN));
	const char *id = read_text(r, R_MESSAGE_ID);
	size_t i;

	for (i = 0; text == NULL && id != NULL && i + 1 < rule->nmessage; i += 2)
		if (str_eq(rule->message[i], id))
			text = rule->message[i + 1];
	if (text == NULL && id != NULL)
		text = sarif_message(&s->rules, s->run, id);
	if (text == NULL || read_count(r, R_ARGUMENTS) == 0)
		return text;
	return filled(&s->mem, r, text);
}

/* Suppressed, unless somebody has refused it or still looks at it. */
static bool is_suppressed(const struct read_record *r)
{
	const char *s = NULL;

	while ((s = read_item(r, R_STATUSES, s)) != NULL)
		if (str_eq(s, "rejected") || str_eq(s, "underReview"))
			return false;
	return read_count(r, R_SUPPRESSIONS) > 0;
}

/* ---- what a tool's result is about ---- */

/*
 * Grype names the image, the layer and the path in one: "nginx:1@sha256:layer:/path". Snyk's
 * location is the image, with "_" for the ":" of its digest. With others the run tells, or nobody.
 */
static const char *image_of(struct sarif *s, const struct result *x)
{
	static const char layer[] = "@sha256:", snyk_digest[] = "@sha256_";
	const char *name = read_item(x->r, s->tool == TOOL_GRYPE ? R_LOGICAL : R_URI, NULL), *at;
	size_t n = 0;

	if (s->tool == TOOL_ANCHORE)
		return sarif_anchore_image(&s->mem, x->id, &x->labels);
	if (name == NULL || s->tool == TOOL_TWISTCLI)
		return name;
	if (s->tool == TOOL_GRYPE) {
		for (at = strstr(name, layer); at != NULL; at = strstr(at + 1, layer))
			n = (size_t)(at - name);
		return n == 0 ? NULL : arena_dupn(&s->mem, name, n);
	}
	if (!str_eq(read_text(x->run, RUN_TOOL), "Snyk Container"))
		return NULL;
	at = strstr(name, snyk_digest);
	if (at == NULL)
		return name;
	n = (size_t)(at - name);
	return arena_printf(&s->mem, "%.*s%s%s", (int)n, name, layer, at + strlen(snyk_digest));
}

/* What the tool says in words of its own, where labels say nothing. Returns the other ids. */
static size_t read_words(struct sarif *s, struct result *x, const char **alias)
{
	const struct sarif_said said = { x->rule, x->id, x->message };
	struct sarif_labels *out = &x->labels;
	size_t n = 0;

	switch (s->tool) {
	case TOOL_SNYK:
		(void)sarif_snyk(&s->mem, &said, out, alias, ALIASES, &n);
		break;
	case TOOL_OSV:
		if (sarif_osv(&s->mem, &said, out, alias, ALIASES, &n))
			out->location = x->place;
		break;
	case TOOL_CHECKOV:
		if (sarif_checkov(&s->mem, &said, out))
			out->location = x->place;
		break;
	case TOOL_CLAIR:
		(void)sarif_clair(&s->mem, &said, out);
		break;
	case TOOL_TWISTCLI:
		(void)sarif_twistcli(&s->mem, &said, out);
		x->place = NULL; /* it is the image */
		break;
	default:
		break;
	}
	return n;
}

/* Locations are relative, but for Grype's, which put "image/" before a path from the root. */
static const char *place_of(const struct sarif *s, const struct read_record *r)
{
	const char *place = read_item(r, R_URI, NULL), *number = read_item(r, R_ARTIFACT, NULL);
	int64_t index;

	if (place == NULL && str_int64(number, 0, INT64_MAX, &index))
		place = sarif_artifact(&s->rules, s->run, (uint64_t)index);
	if (place == NULL)
		place = first_text(read_item(r, R_LOGICAL, NULL),
		                   read_item(r, R_LOGICAL_NAME, NULL));
	if (s->tool == TOOL_GRYPE && place != NULL && str_prefix(place, "image/"))
		place += strlen("image/");
	if (s->tool == TOOL_OSV && place != NULL && str_prefix(place, "file://"))
		place += strlen("file://");
	return place;
}

/* ---- putting ---- */

static void fill_rule(struct sarif *s, const struct result *x, struct rec_rule *rule)
{
	const char *id = s->tool == TOOL_TRIVY ? trivy_check_id(&s->mem, x->id) : x->id;

	rule->id = id;
	rule->alias = str_eq(id, x->id) ? NULL : x->id;
	rule->title = first_text(x->rule->title, x->rule->name);
	rule->text = x->rule->text;
	rule->url = x->rule->url;
	rule->severity = severity(x, &rule->severity_raw);
}

/* What was suppressed is there all the same: it is put, and then what was said of it. */
static bool put_suppression(struct sarif *s, const struct result *x, const char *package,
                            struct err *e)
{
	const struct record rec = {
		.kind = REC_STATEMENT,
		.u.statement = {
			.advisory     = first_text(x->labels.id, x->id),
			.package_type = x->labels.type,
			.package      = package,
			.version      = x->labels.version,
			.status       = "ignored",
			.text         = read_item(x->r, R_REASONS, NULL),
		},
	};

	return !x->suppressed || package == NULL || s->sink->put(s->sink, &rec, e);
}

static bool put_vulnerability(struct sarif *s, const struct result *x, const char *const *alias,
                              size_t naliases, struct err *e)
{
	struct record rec = {
		.kind = REC_VULNERABILITY,
		.u.vulnerability = {
			.id           = first_text(x->labels.id, x->id),
			.aliases      = alias,
			.naliases     = naliases,
			.title        = x->rule->title,
			.text         = s->tool == TOOL_SNYK ? NULL : x->rule->text,
			.url          = x->rule->url,
			.score        = value_score(x->rule->cvss),
			.epss         = -1,
			.package_type = x->labels.type,
			.package      = x->labels.package,
			.version      = x->labels.version,
			.purl         = x->labels.purl,
			.fixed_in     = x->labels.fixed_in,
			.path         = x->labels.location,
		},
	};
	struct rec_vulnerability *v = &rec.u.vulnerability;

	s->covered |= 1u << FINDING_VULNERABILITY;
	v->severity = severity(x, &v->severity_raw);
	if (s->tool == TOOL_GRYPE)
		v->score = value_score(x->rule->security);
	if (s->tool == TOOL_TRIVY && str_eq(x->rule->name, "LanguageSpecificPackageVulnerability"))
		v->path = x->place;
	return s->sink->put(s->sink, &rec, e) && put_suppression(s, x, v->package, e);
}

static bool put_finding(struct sarif *s, const struct result *x, enum finding_kind kind,
                        struct err *e)
{
	struct record rec = {
		.kind = REC_FINDING,
		.u.finding = { .kind = kind, .scope = sarif_category(s), .place = x->place,
		               .message = x->message },
	};

	s->covered |= 1u << kind;
	fill_rule(s, x, &rec.u.finding.rule);
	if (kind == FINDING_SECRET && s->tool == TOOL_TRIVY)
		rec.u.finding.message = value_mask(&s->mem,
		                                   first_text(x->labels.match, x->message));
	return s->sink->put(s->sink, &rec, e) && put_suppression(s, x, x->place, e);
}

/* Dockle's note is what it calls INFO, and its none what was left out: neither fails. */
static enum verdict verdict_of(const struct sarif *s, const struct result *x)
{
	static const char *const word[] = {
		"fail", "pass", "open", "review", "informational", "notApplicable",
	};
	static const enum verdict verdict[] = {
		VERDICT_FAIL, VERDICT_PASS, VERDICT_MANUAL, VERDICT_MANUAL, VERDICT_INFO,
		VERDICT_SKIP,
	};
	const char *kind = read_text(x->r, R_KIND);
	int i = kind == NULL ? 0 : str_index(word, LENGTH(word), kind);

	if (x->suppressed || (s->tool == TOOL_DOCKLE && str_eq(read_text(x->r, R_LEVEL), "none")))
		return VERDICT_SKIP;
	if (s->tool == TOOL_DOCKLE && str_eq(read_text(x->r, R_LEVEL), "note"))
		return VERDICT_INFO;
	return i < 0 ? VERDICT_COUNT : verdict[i];
}

static bool put_check(struct sarif *s, const struct result *x, struct err *e)
{
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = verdict_of(s, x),
			.raw     = x->suppressed ? "suppressed" : read_text(x->r, R_KIND),
			.scope   = sarif_category(s),
			.place   = x->place,
			.message = first_text(x->labels.message, x->message),
		},
	};

	s->covered |= 1u << FINDING_MISCONFIGURATION;
	if (rec.u.check.verdict == VERDICT_COUNT)
		return read_skip(x->r, "unknown kind", e);
	fill_rule(s, x, &rec.u.check.rule);
	if (str_eq(x->id, RULE_CREDENTIALS) && x->message != NULL)
		rec.u.check.message = value_mask_values(&s->mem, x->message);
	return s->sink->put(s->sink, &rec, e);
}

/* ---- Docker Scout ---- */

/* The value of its line "  Label   : value" in a message; NULL when there is none. */
static const char *said(struct arena *mem, const char *text, const char *label)
{
	size_t n, skip;

	for (; text != NULL && *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		skip = strspn(text, " ");
		if (!str_prefix(text + skip, label))
			continue;
		skip += strlen(label);
		skip += strspn(text + skip, " ");
		if (text[skip++] != ':')
			continue;
		skip += strspn(text + skip, " ");
		while (n > skip && (text[n - 1] == ' ' || text[n - 1] == '\r'))
			n--;
		return skip < n ? arena_dupn(mem, text + skip, n - skip) : NULL;
	}
	return NULL;
}

static bool put_purl(struct sarif *s, struct result *x, const char *purl, const char *fixed,
                     struct err *e)
{
	x->labels.package = x->labels.purl = purl;
	x->labels.fixed_in = str_eq(fixed, "not fixed") ? NULL : fixed;
	return put_vulnerability(s, x, NULL, 0, e);
}

/* A message names one package, and where it does not, the rule names all that have it. */
static bool put_scout(struct sarif *s, struct result *x, struct err *e)
{
	const char *purl = said(&s->mem, x->message, "Package");
	const char *fixed = said(&s->mem, x->message, "Fixed version");

	if (purl != NULL)
		return put_purl(s, x, purl, first_text(fixed, x->rule->fixed_in), e);
	for (size_t i = 0; i < x->rule->npurl; i++)
		if (!put_purl(s, x, x->rule->purl[i], x->rule->fixed_in, e))
			return false;
	return x->rule->npurl > 0 || read_skip(x->r, "no package", e);
}

static bool is_advisory(const char *id)
{
	static const char *const begins[] = {
		"CVE-", "GHSA-", "OSV-", "GO-", "PYSEC-", "RUSTSEC-", "BDSA-", "sonatype-",
	};

	for (size_t i = 0; i < LENGTH(begins); i++)
		if (str_prefix(id, begins[i]))
			return true;
	return false;
}

/* Dependency-Check names the package as a logical location, and its file as another beside it. */
static bool put_located(struct sarif *s, struct result *x, size_t *n, struct err *e)
{
	const char *purl = NULL;

	for (*n = 0; (purl = read_item(x->r, R_LOGICAL, purl)) != NULL; ) {
		if (!str_prefix(purl, "pkg:"))
			continue;
		++*n;
		x->labels.location = read_item(x->r, R_URI, NULL);
		if (!put_purl(s, x, purl, x->rule->fixed_in, e))
			return false;
	}
	return true;
}

static bool put_result(struct sarif *s, struct result *x, struct err *e)
{
	const char *alias[ALIASES];
	size_t naliases = read_words(s, x, alias), n = 0;

	if (s->tool == TOOL_SCOUT)
		return put_scout(s, x, e);
	if (x->labels.package != NULL)
		return put_vulnerability(s, x, alias, naliases, e);
	if (is_advisory(x->id) && !put_located(s, x, &n, e))
		return false;
	if (n > 0)
		return true;
	if ((s->tool == TOOL_TRIVY && str_eq(x->rule->name, "Secret")) ||
	    s->tool == TOOL_GITLEAKS ||
	    (s->tool == TOOL_CHECKOV && str_prefix(x->id, "CKV_SECRET_")))
		return put_finding(s, x, FINDING_SECRET, e);
	if (s->tool == TOOL_TRIVY && str_eq(x->rule->name, "License"))
		return put_finding(s, x, FINDING_LICENCE, e);
	if (s->tool == TOOL_HADOLINT)
		return put_finding(s, x, FINDING_LINT, e);
	return put_check(s, x, e);
}

/* A result need not name a rule: then it is told by the first line of what it says. */
static const char *told_by(struct arena *mem, const char *message)
{
	char line[RULE_LINE + 1];

	if (message == NULL)
		return NULL;
	(void)str_copy(line, sizeof(line), message);
	line[strcspn(line, "\r\n")] = '\0';
	return *line == '\0' ? NULL : arena_dup(mem, line);
}

bool sarif_on_result(void *ctx, const struct read_record *r, struct err *e)
{
	static const struct sarif_rule undescribed = { .run = 0 };
	struct sarif *s = ctx;
	struct result x = { .r = r, .run = r->up->up };

	arena_reset(&s->mem);
	if (read_text(r, R_SELF) != NULL)
		return read_skip(r, "not an object", e);
	x.id = first_text(read_text(r, R_RULE), read_text(r, R_RULE_ID));
	x.rule = find_rule(s, r, x.id);
	if (x.rule == NULL)
		x.rule = &undescribed;
	x.message = message(s, r, x.rule);
	x.id = first_text(first_text(x.id, x.rule->id), told_by(&s->mem, x.message));
	if (x.id == NULL)
		return read_skip(r, "no ruleId and no message", e);
	if (str_eq(read_text(r, R_BASELINE), "absent"))
		return read_skip(r, "gone since the baseline", e);
	x.place = place_of(s, r);
	/* Grype before 0.33 wrote that of everything */
	x.suppressed = s->tool != TOOL_ANCHORE && is_suppressed(r);
	sarif_labels(&s->mem, x.message, &x.labels);
	if (x.labels.package == NULL && x.rule->help.package != NULL && s->tool != TOOL_TRIVY)
		x.labels = x.rule->help;
	return sarif_settle(s, x.run, image_of(s, &x), e) && put_result(s, &x, e);
}
