/* SPDX-License-Identifier: MIT */
/* trivy_check.c - a Trivy result's checks, secrets and licences, and what was set aside. */
#include "importers/trivy_result.h"
#include "importers/value.h"

enum {
	C_SELF, C_ID, C_AVDID, C_TITLE, C_TEXT, C_MESSAGE, C_RESOLUTION, C_URL, C_SEVERITY,
	C_STATUS, C_RESOURCE, C_REFERENCES,
};
const struct read_field trivy_check_field[TRIVY_CHECK] = {
	[C_SELF]       = { "" },
	[C_ID]         = { "ID" },
	[C_AVDID]      = { "AVDID" },
	[C_TITLE]      = { "Title" },
	[C_TEXT]       = { "Description" },
	[C_MESSAGE]    = { "Message" },
	[C_RESOLUTION] = { "Resolution" },
	[C_URL]        = { "PrimaryURL" },
	[C_SEVERITY]   = { "Severity" },
	[C_STATUS]     = { "Status" },
	[C_RESOURCE]   = { "CauseMetadata.Resource" },
	[C_REFERENCES] = { "References", READ_LIST },
};

/* Code.Lines is left out on purpose: the lines around a masked secret are not masked. */
enum { S_RULE, S_TITLE, S_SEVERITY, S_MATCH, S_SELF };
const struct read_field trivy_secret_field[TRIVY_SECRET] = {
	[S_RULE]     = { "RuleID" },
	[S_TITLE]    = { "Title" },
	[S_SEVERITY] = { "Severity" },
	[S_MATCH]    = { "Match" },
	[S_SELF]     = { "" },
};

enum { L_NAME, L_TEXT, L_CATEGORY, L_SEVERITY, L_PACKAGE, L_PATH, L_URL, L_SELF };
const struct read_field trivy_licence_field[TRIVY_LICENCE] = {
	[L_NAME]     = { "Name" },
	[L_TEXT]     = { "Text" },
	[L_CATEGORY] = { "Category" },
	[L_SEVERITY] = { "Severity" },
	[L_PACKAGE]  = { "PkgName" },
	[L_PATH]     = { "FilePath" },
	[L_URL]      = { "Link" },
	[L_SELF]     = { "" },
};

enum {
	M_TYPE, M_STATUS, M_STATEMENT, M_SOURCE, M_ID, M_PACKAGE, M_VERSION, M_CHECK, M_AVDID,
	M_RULE, M_NAME, M_PATH, M_RESOURCE, M_TITLE, M_TEXT, M_RESOLUTION, M_URL, M_SEVERITY,
	M_SELF,
};
const struct read_field trivy_modified_field[TRIVY_MODIFIED] = {
	[M_TYPE]       = { "Type" },
	[M_STATUS]     = { "Status" },
	[M_STATEMENT]  = { "Statement" },
	[M_SOURCE]     = { "Source" },
	[M_ID]         = { "Finding.VulnerabilityID" },
	[M_PACKAGE]    = { "Finding.PkgName" },
	[M_VERSION]    = { "Finding.InstalledVersion" },
	[M_CHECK]      = { "Finding.ID" },
	[M_AVDID]      = { "Finding.AVDID" },
	[M_RULE]       = { "Finding.RuleID" },
	[M_NAME]       = { "Finding.Name" },
	[M_PATH]       = { "Finding.FilePath" },
	[M_RESOURCE]   = { "Finding.CauseMetadata.Resource" },
	[M_TITLE]      = { "Finding.Title" },
	[M_TEXT]       = { "Finding.Description" },
	[M_RESOLUTION] = { "Finding.Resolution" },
	[M_URL]        = { "Finding.PrimaryURL" },
	[M_SEVERITY]   = { "Finding.Severity" },
	[M_SELF]       = { "" },
};

/* The families whose ids were once written without a hyphen, and with three digits. */
static const char *const family[] = { "DS", "KSV", "KCV" };

#define ID_DIGITS 4  /* what the digits are filled up to today */
#define RULE_NAME 80 /* bytes of a licence's text that stand for its name */

const char *trivy_check_id(struct arena *mem, const char *id)
{
	const char *s = str_prefix(id, "AVD-") ? id + strlen("AVD-") : id;
	size_t letters = strcspn(s, "-0123456789"), i;
	const char *digits = s + letters + (s[letters] == '-');
	size_t n = strspn(digits, "0123456789");

	for (i = 0; i < LENGTH(family); i++)
		if (strlen(family[i]) == letters && memcmp(family[i], s, letters) == 0)
			break;
	if (i == LENGTH(family) || n == 0 || digits[n] != '\0')
		return s;
	return arena_printf(mem, "%s-%.*s%s", family[i], n < ID_DIGITS ? (int)(ID_DIGITS - n) : 0,
	                    "0000", digits);
}

/* The rule's id and its other spelling. False when it has neither id. */
static bool check_rule(struct arena *mem, const char *id, const char *avdid, struct rec_rule *rule)
{
	const char *given = id != NULL ? id : avdid;

	if (given == NULL)
		return false;
	rule->id = trivy_check_id(mem, given);
	rule->alias = !str_eq(rule->id, given) ? given : str_eq(given, avdid) ? NULL : avdid;
	return true;
}

static enum verdict check_verdict(const char *status)
{
	static const char *const word[] = { "FAIL", "PASS", "EXCEPTION" };
	static const enum verdict verdict[] = { VERDICT_FAIL, VERDICT_PASS, VERDICT_SKIP };
	int i = status == NULL ? 0 : str_index(word, LENGTH(word), status);

	return i < 0 ? VERDICT_COUNT : verdict[i];
}

/* The target, unless that is an object of the cluster, whose place every tool spells alike. */
static const char *check_place(struct trivy *t, const char *target, const char *resource)
{
	if (str_eq(target, t->object.target))
		target = t->object.place;
	return trivy_place(&t->mem, target, resource);
}

/* What the control of a compliance report adds to a check below it. */
static void add_control(const struct trivy_control *control, struct rec_check *c)
{
	c->benchmark = control->benchmark;
	c->scope = control->scope;
	if (c->rule.title == NULL)
		c->rule.title = control->title;
	if (c->rule.severity_raw == NULL) {
		c->rule.severity_raw = control->severity;
		c->rule.severity = severity_fold(control->severity);
	}
}

bool trivy_on_check(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;
	const char *target = read_text(r->up, T_TARGET);
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = check_verdict(read_text(r, C_STATUS)),
			.raw     = read_text(r, C_STATUS),
			.scope   = target,
			.message = read_text(r, C_MESSAGE),
			.rule    = {
				.title        = read_text(r, C_TITLE),
				.text         = read_text(r, C_TEXT),
				.remediation  = read_text(r, C_RESOLUTION),
				.url          = read_text(r, C_URL),
				.severity     = severity_fold(read_text(r, C_SEVERITY)),
				.severity_raw = read_text(r, C_SEVERITY),
			},
		},
	};
	struct rec_check *c = &rec.u.check;

	arena_reset(&t->mem);
	t->checks = true;
	if (read_text(r, C_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (!check_rule(&t->mem, read_text(r, C_ID), read_text(r, C_AVDID), &c->rule))
		return read_skip(r, "no ID", e);
	if (c->verdict == VERDICT_COUNT)
		return read_skip(r, "unknown Status", e);
	if (c->verdict == VERDICT_PASS)
		t->passes++;
	if (c->rule.url == NULL)
		c->rule.url = read_item(r, C_REFERENCES, NULL);
	c->place = check_place(t, target, read_text(r, C_RESOURCE));
	if (t->control.scope != NULL)
		add_control(&t->control, c);
	return t->sink->put(t->sink, &rec, e);
}

bool trivy_on_secret(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;
	struct record rec = {
		.kind = REC_FINDING,
		.u.finding = {
			.kind  = FINDING_SECRET,
			.place = read_text(r->up, T_TARGET),
			.rule  = {
				.id           = read_text(r, S_RULE),
				.title        = read_text(r, S_TITLE),
				.severity     = severity_fold(read_text(r, S_SEVERITY)),
				.severity_raw = read_text(r, S_SEVERITY),
			},
		},
	};

	if (read_text(r, S_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (rec.u.finding.rule.id == NULL)
		return read_skip(r, "no RuleID", e);
	arena_reset(&t->mem);
	rec.u.finding.message = value_mask(&t->mem, read_text(r, S_MATCH));
	return t->sink->put(t->sink, &rec, e);
}

bool trivy_on_licence(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;
	const char *name = read_text(r, L_NAME), *path = read_text(r, L_PATH);
	char text[RULE_NAME + 1];
	struct record rec = {
		.kind = REC_FINDING,
		.u.finding = {
			.kind    = FINDING_LICENCE,
			.message = read_text(r, L_CATEGORY),
			.rule    = {
				.text         = read_text(r, L_TEXT),
				.url          = read_text(r, L_URL),
				.severity     = severity_fold(read_text(r, L_SEVERITY)),
				.severity_raw = read_text(r, L_SEVERITY),
			},
		},
	};

	if (read_text(r, L_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (name == NULL && rec.u.finding.rule.text == NULL)
		return read_skip(r, "no Name", e);
	if (name == NULL) { /* a licence without a name is told by the beginning of its text */
		(void)str_copy(text, sizeof(text), rec.u.finding.rule.text);
		text[strcspn(text, "\r\n")] = '\0';
		name = text;
	}
	arena_reset(&t->mem);
	if (path == NULL)
		path = trivy_place(&t->mem, read_text(r->up, T_TARGET), read_text(r, L_PACKAGE));
	rec.u.finding.rule.id = name;
	rec.u.finding.place = path;
	return t->sink->put(t->sink, &rec, e);
}

/* ---- what the user set aside, by VEX or by an ignore file ---- */

/*
 * One check of one file: a skipped check says so exactly; a statement on its rule would reach every
 * file.
 */
static bool put_ignored_check(struct trivy *t, const struct read_record *r, struct err *e)
{
	const char *target = read_text(r->up, T_TARGET);
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = VERDICT_SKIP,
			.raw     = read_text(r, M_STATUS),
			.scope   = target,
			.place   = check_place(t, target, read_text(r, M_RESOURCE)),
			.message = read_text(r, M_STATEMENT),
			.rule    = {
				.title        = read_text(r, M_TITLE),
				.text         = read_text(r, M_TEXT),
				.remediation  = read_text(r, M_RESOLUTION),
				.url          = read_text(r, M_URL),
				.severity     = severity_fold(read_text(r, M_SEVERITY)),
				.severity_raw = read_text(r, M_SEVERITY),
			},
		},
	};

	t->checks = true;
	if (!check_rule(&t->mem, read_text(r, M_CHECK), read_text(r, M_AVDID),
	                &rec.u.check.rule))
		return read_skip(r, "no ID", e);
	return t->sink->put(t->sink, &rec, e);
}

/* What is spoken of: for packages their own identity, for all else rule and place. */
static bool fill_statement(struct trivy *t, const struct read_record *r,
                           struct rec_statement *s)
{
	const char *type = read_text(r, M_TYPE), *target = read_text(r->up, T_TARGET);

	if (str_eq(type, "secret")) {
		s->advisory = read_text(r, M_RULE);
		s->package = target;
	} else if (str_eq(type, "license")) {
		s->advisory = read_text(r, M_NAME);
		s->package = read_text(r, M_PATH);
		if (s->package == NULL)
			s->package = trivy_place(&t->mem, target, read_text(r, M_PACKAGE));
	} else {
		s->advisory = read_text(r, M_ID);
		s->package_type = trivy_package_type(&t->mem, r->up);
		s->package = read_text(r, M_PACKAGE);
		s->version = read_text(r, M_VERSION);
	}
	return s->advisory != NULL && s->package != NULL;
}

bool trivy_on_modified(void *ctx, const struct read_record *r, struct err *e)
{
	static const char *const justification[] = {
		"component_not_present", "vulnerable_code_not_present",
		"vulnerable_code_not_in_execute_path",
		"vulnerable_code_cannot_be_controlled_by_adversary",
		"inline_mitigations_already_exist",
	};
	struct trivy *t = ctx;
	struct record rec = {
		.kind = REC_STATEMENT,
		.u.statement = {
			.status = read_text(r, M_STATUS),
			.author = read_text(r, M_SOURCE),
		},
	};
	const char *said = read_text(r, M_STATEMENT);

	arena_reset(&t->mem);
	if (read_text(r, M_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (str_eq(read_text(r, M_TYPE), "misconfiguration"))
		return put_ignored_check(t, r, e);
	if (!fill_statement(t, r, &rec.u.statement))
		return read_skip(r, "no finding that it speaks of", e);
	if (rec.u.statement.status == NULL)
		rec.u.statement.status = "ignored";
	if (str_index(justification, LENGTH(justification), said) >= 0)
		rec.u.statement.justification = said;
	else
		rec.u.statement.text = said;
	return t->sink->put(t->sink, &rec, e);
}
