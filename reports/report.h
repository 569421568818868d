/* SPDX-License-Identifier: MIT */
/* report.h - the one public header of reports/: what goes out, as documents and as JSON objects. */
#ifndef REPORT_H
#define REPORT_H

#include "store/store.h"

/* ---- documents ---- */

/* What the footer of each calls the head of the trail it was written from, "SEQ:HASH" or "none". */
#define REPORT_ANCHOR "Audit trail anchor"

struct report_job {
	struct store *st;
	int64_t       now;       /* fixed by tests and --now, for reproducible output */
	int64_t       framework; /* 0: all; a report that wants one says so           */
	int64_t       image;     /* image reports                                     */
	const char   *theme;     /* NULL: "default"; HTML takes its colours from it   */
	/*
	 * Progress for whoever watches: rows written so far, and what share of the report that is,
	 * 0 to 1, less than 0 where it is not known; false cancels. May be NULL.
	 */
	bool (*tick)(void *ctx, int64_t rows, double share);
	void *ctx;
};

/* One entry of the table of contents of this room, for help texts and completion. */
struct report_info {
	const char *id, *title;
	bool        wants_image; /* report_job.image has to be set              */
	const char *format;      /* the only one it can be written in; NULL: any */
	const char *about;       /* what it tells, in a line */
};
struct format_info {
	const char *id, *ext, *title;
};
const struct report_info *report_at(size_t i); /* NULL past the end */
const struct format_info *format_at(size_t i);
/*
 * Write report `id` as `format` to `path` ("-": standard output; else a temporary file beside it
 * that is renamed at the end). Streams: memory does not grow with the store. ERR_USAGE for unknown
 * names (the known ones are named).
 */
bool report_write(const char *id, const char *format, const struct report_job *job,
                  const char *path, struct err *e) MUST_CHECK;

/* ---- JSON: one object, ended by a newline; names of fields as in README.md, stable ---- */

void json_row(struct out *o, const struct list_info *l, const struct row *r); /* of any list */
void json_finding(struct out *o, const struct finding_detail *d, int64_t now);
void json_image(struct out *o, const struct image_detail *d);
void json_control(struct out *o, const struct control_detail *d, int64_t now);
void json_alert(struct out *o, const struct alert_detail *d, int64_t now);
void json_item(struct out *o, const struct item_detail *d);
void json_status(struct out *o, const struct status *s, int64_t now);
void json_gate(struct out *o, const struct gate_answer *a);
/* An exception as it was made or would be, and how many findings it holds. */
void json_except(struct out *o, const struct except_answer *a, bool trial);
void json_evidence(struct out *o, const struct evidence_piece *p);
void json_change(struct out *o, const struct change_row *r);
void json_mended(struct out *o, const char *by, const struct mended *m);
void json_audit(struct out *o, const struct audit_record *r); /* every byte of it */
void sarif_gate(struct out *o, const struct gate_answer *a, size_t n); /* one document */
void json_policy(struct out *o, const struct policy_line *line, size_t n);   /* one a line */
void json_policies(struct out *o, const struct policy_info *p, size_t n);   /* likewise */
void json_tags(struct out *o, const struct tag_row *row, size_t n);         /* likewise */
void json_verify(struct out *o, const struct verify_answer *a);
struct import_told { /* what an import says of one file */
	const char *file, *sha256, *importer;
	const struct ingest_stats *stats; /* NULL: it failed */
	const struct err *err;            /* NULL: it did not */
};
void json_import(struct out *o, const struct import_told *t);

/* ---- admission policies: YAML, several documents ---- */

/*
 * What the policy and the checks of workloads ask for, as `engine` ("kyverno", "gatekeeper")
 * enforces it; what it cannot enforce is told in comments. ERR_USAGE for another engine.
 */
bool admission_write(struct out *o, const char *engine, const struct policy_admission *p,
                     struct err *e) MUST_CHECK;

/* ---- CSV: cells that a spreadsheet would take for formulas are defused ---- */

void csv_head(struct out *o, const struct list_info *l);
void csv_row(struct out *o, const struct list_info *l, const struct row *r);
void csv_change_head(struct out *o);
void csv_change(struct out *o, const struct change_row *r);

#endif
