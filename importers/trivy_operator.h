/* SPDX-License-Identifier: MIT */
/* trivy_operator.h - what the files of the importer of trivy-operator's reports share. */
#ifndef TRIVY_OPERATOR_H
#define TRIVY_OPERATOR_H

#include "importers/read.h"
#include "store/record.h"

/* What a report speaks of. */
enum report {
	REPORT_NONE, REPORT_PACKAGES, REPORT_COMPONENTS, REPORT_SECRETS, REPORT_CHECKS,
	REPORT_CONTROLS, REPORT_DETAILS,
};

struct operator {
	struct sink *sink;
	bool         any;       /* the file holds a report */
	/* of the current object */
	enum report  report;
	const char  *object;    /* that the checks are of: their scope          */
	const char  *place;     /* of it in its asset; NULL: it is the asset    */
	const char  *benchmark; /* of a compliance report: "cis"                */
	int64_t      passes;    /* rows of checks that pass                     */
	struct arena mem;       /* dies with the object */
	struct arena row;       /* dies with the row    */
};

/* Put a record; tell that the scan is complete for this kind and scope of the current asset. */
bool operator_put(struct operator *o, const struct record *rec, struct err *e);
bool operator_cover(struct operator *o, enum finding_kind kind, const char *scope, int64_t passed,
                    struct err *e);

/* Rows of checks, and controls over them: fields and what is done with them. */
enum { OPERATOR_CHECK = 9, OPERATOR_CONTROL = 7 };
extern const struct read_field operator_check_field[OPERATOR_CHECK];
extern const struct read_field operator_control_field[OPERATOR_CONTROL];
read_fn operator_on_check;         /* of an object                                     */
read_fn operator_on_control;       /* with its checks below it                         */
read_fn operator_on_control_check; /* `r->up` is the control                           */
read_fn operator_on_summary;       /* a control with the number of its failures alone  */
/* Starboard's details of a control: rows of objects below a check, below the control. */
enum { OPERATOR_DETAIL_CHECK = 2, OPERATOR_DETAIL = 4 };
extern const struct read_field operator_detail_check_field[OPERATOR_DETAIL_CHECK];
extern const struct read_field operator_detail_field[OPERATOR_DETAIL];
read_fn operator_on_detail;        /* `r->up` is the check, above it the control       */

#endif
