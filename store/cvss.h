/* SPDX-License-Identifier: MIT */
/* cvss.h - base scores worked out from CVSS vectors; private to store/. */
#ifndef CVSS_H
#define CVSS_H

#include "store/base/base.h"

/*
 * The score of a vector times ten, 0 to 100; -1 when it is none: a metric is missing, said twice,
 * or has a value that it cannot have. "AV:N/AC:L/Au:N/..." with or without brackets is version 2,
 * "CVSS:3.0/" and "CVSS:3.1/" are version 3, "CVSS:4.0/" is version 4. Temporal and environmental
 * metrics of versions 2 and 3 are passed over; those of version 4 count, as it scores all together.
 * Sources: FIRST, CVSS v2 guide, section 3.2.1; CVSS v3.1 specification, section 7.1 and appendix
 * A; CVSS v4.0 specification, section 8.
 */
int cvss_score(const char *vector);
/* "2", "3.0", "3.1", "4.0"; NULL when it is no vector. */
const char *cvss_version(const char *vector);

/* ---- for the files of the versions ---- */

#define CVSS_METRICS 40
struct cvss_vector { /* "AV:N" and so on, in any order, each once */
	struct {
		char name[4], value[5];
	} metric[CVSS_METRICS];
	size_t n;
};
/* The letter that is the value: 0 when the metric is not there, '?' when there are more. */
char cvss_value(const struct cvss_vector *v, const char *name);
int cvss4_score(const struct cvss_vector *v);

#endif
