/* SPDX-License-Identifier: MIT */
/* json_policy.c - policies and tags as JSON: one object a line. */
#include "reports/jot.h"
#include "reports/report.h"

void json_policy(struct out *o, const struct policy_line *line, size_t n)
{
	struct jot j = { .out = o };

	for (size_t i = 0; i < n; i++) {
		jot_object(&j, NULL);
		jot_text(&j, "section", line[i].section);
		jot_text(&j, "name", line[i].name);
		jot_text(&j, "value", line[i].value);
		jot_text(&j, "policy", line[i].policy);
		jot_text(&j, "why", line[i].why);
		jot_end(&j);
	}
}

void json_policies(struct out *o, const struct policy_info *p, size_t n)
{
	struct jot j = { .out = o };

	for (size_t i = 0; i < n; i++) {
		jot_object(&j, NULL);
		jot_text(&j, "name", p[i].name);
		jot_text(&j, "title", p[i].title);
		jot_text(&j, "file", p[i].file);
		jot_text(&j, "validity", p[i].validity);
		jot_list(&j, "tags", p[i].tags);
		jot_text(&j, "use", p[i].use);
		jot_bool(&j, "edited", p[i].edited);
		jot_end(&j);
	}
}

void json_tags(struct out *o, const struct tag_row *row, size_t n)
{
	struct jot j = { .out = o };

	for (size_t i = 0; i < n; i++) {
		jot_object(&j, NULL);
		jot_text(&j, "kind", row[i].kind);
		jot_text(&j, "object", row[i].object);
		jot_text(&j, "tag", row[i].tag);
		jot_time(&j, "since", row[i].since);
		jot_time(&j, "until", row[i].until);
		jot_end(&j);
	}
}
