/* SPDX-License-Identifier: MIT */
/* change.c - one change of a finding as JSON and CSV, and how long what went had been there. */
#include <inttypes.h>

#include "reports/escape.h"
#include "reports/jot.h"
#include "reports/report.h"

static void put_id(const struct change_row *r, struct buf *out)
{
	buf_addf(out, "%" PRId64 "-%" PRId64 "-%" PRId64, r->key[0], r->key[1], r->key[2]);
}

void json_change(struct out *o, const struct change_row *r)
{
	struct jot j = { .out = o };
	struct buf id = BUF_INIT;

	put_id(r, &id);
	jot_object(&j, NULL);
	jot_time(&j, "at", r->at);
	jot_text(&j, "change", change_word(r->what));
	jot_text(&j, "id", id.s);
	jot_text(&j, "state", state_word(r->state));
	jot_text(&j, "severity", severity_word(r->severity));
	jot_text(&j, "advisory", r->advisory);
	jot_text(&j, "package", r->package);
	jot_text(&j, "version", r->version);
	jot_text(&j, "asset", r->asset);
	jot_text(&j, "repository", r->repository);
	jot_text(&j, "owner", r->owner);
	jot_end(&j);
	buf_release(&id);
}

void json_mended(struct out *o, const char *by, const struct mended *m)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_text(&j, "by", by);
	jot_text(&j, "name", m->name);
	jot_int(&j, "closed", m->closed);
	jot_int(&j, "mean_seconds", m->mean);
	jot_int(&j, "median_seconds", m->median);
	jot_int(&j, "with_due", m->due);
	jot_int(&j, "in_time", m->in_time);
	jot_end(&j);
}

static void put_cells(struct out *o, const char *const *cell, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			out_puts(o, ",");
		escape_csv(o, cell[i]);
	}
	out_puts(o, "\r\n");
}

void csv_change_head(struct out *o)
{
	static const char *const names[] = { "at",       "change",  "id",         "state",
		                             "severity", "advisory", "package",    "version",
		                             "asset",    "repository", "owner" };

	put_cells(o, names, LENGTH(names));
}

void csv_change(struct out *o, const struct change_row *r)
{
	struct buf id = BUF_INIT;
	char at[21];

	put_id(r, &id);
	time_print(r->at, at);
	put_cells(o,
	          (const char *const[]){ at, change_word(r->what), id.s, state_word(r->state),
	                                 severity_word(r->severity), r->advisory, r->package,
	                                 r->version, r->asset, r->repository, r->owner },
	          11);
	buf_release(&id);
}
