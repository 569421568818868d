/* SPDX-License-Identifier: MIT */
/*
 * risk.h - in which order to mend: one number a finding, 0 to 1000, of parts that can be told.
 * Private to store/. The weights are this program's own: exploitation that is known outweighs all
 * that is only likely, that outweighs severity, and what runs outweighs what lies in a registry.
 */
#ifndef RISK_H
#define RISK_H

#include "store/store_private.h"

#define RISK_MOST 1000

struct risk_case {
	enum severity severity;
	bool kev, running, fixable;
	int epss;    /* times 10,000 */
	int score;   /* CVSS times ten; -1: none, the severity stands for it */
	int exposed; /* 0 no, 1 not known, 2 yes */
};
int risk_of(const struct risk_case *c);
/* "720 of 1000: exploited in the wild 400, EPSS 12% 150, CVSS 8.5 170, ..." into `mem`. */
const char *risk_explain(const struct risk_case *c, struct arena *mem);

/* The same in SQL, for finding `f` of advisory `a`; `fix`: an expression for the version with the
 * fix. */
#define SQL_RISK(fix)                                                                              \
	"(CASE WHEN a.kev = 1 THEN 400 ELSE 0 END\n"                                               \
	" + CASE WHEN a.epss >= 5000 THEN 200 WHEN a.epss >= 1000 THEN 150\n"                      \
	"        WHEN a.epss >= 100 THEN 80 WHEN a.epss >= 10 THEN 30 ELSE 0 END\n"                \
	" + CASE WHEN a.score >= 0 THEN 2 * a.score ELSE CASE f.severity WHEN 0 THEN 180\n"        \
	"        WHEN 1 THEN 140 WHEN 2 THEN 100 WHEN 3 THEN 50 WHEN 4 THEN 10 ELSE 100 END END\n" \
	" + COALESCE((SELECT CASE WHEN r.running > 0 THEN 100 ELSE 0 END FROM image AS r\n"        \
	"             WHERE r.asset = f.asset),\n"                                                 \
	"            (SELECT CASE r.kind WHEN 6 THEN 0 ELSE 100 END FROM asset AS r\n"             \
	"             WHERE r.id = f.asset), 0)\n"                                                 \
	" + 30 * COALESCE((SELECT r.exposed FROM image AS r WHERE r.asset = f.asset),\n"           \
	"                 (SELECT r.exposed FROM workload AS r WHERE r.asset = f.asset), 0)\n"     \
	" + CASE WHEN " fix " <> '' THEN 40 ELSE 0 END)"

#endif
