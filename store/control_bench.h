/* SPDX-License-Identifier: MIT */
/* control_bench.h - controls while they are judged; private to control*.c. */
#ifndef CONTROL_BENCH_H
#define CONTROL_BENCH_H

#include "store/judge.h"

enum { WEIGHT_PRIMARY, WEIGHT_SUPPORTING, WEIGHT_WEAK };

struct class_list {
	struct class_list *next;
	int64_t class_id;
};

struct judging { /* one control while its pieces come in */
	struct control_row *row;
	struct class_list *of_rules; /* classes that its rules stand for         */
	struct fact rules;           /* all its rules together                   */
	bool has_rules, rules_primary;
	int primary, primary_tested; /* pieces that could pass it */
	const char *failed_by, *stale_by;
	bool gap, stale;
	unsigned vulns;              /* classes of vulnerabilities that test it */
	int64_t items, items_passed, items_failed;
};

struct bench { /* a judgement in hand */
	struct store *st;
	struct arena *mem;
	struct judge judge;
	struct judging *control;
	size_t n;
	struct judging **by_id; /* the same, by id of the control */
	bool some;              /* only those at hand: ask control by control */
};

/* NULL: it is not at hand. */
struct judging *control_of(const struct bench *b, int64_t id);
/* What tests the controls at hand: rules, then classes. */
bool control_pieces(struct bench *b, struct err *e) MUST_CHECK;

#define SQL_RULE_CONTROLS                                                                          \
	"SELECT m.control, m.weight\n"                                                             \
	"FROM advisory AS a JOIN source AS s ON s.id = a.source\n"                                 \
	"  JOIN rule_control AS m ON m.tool = s.word AND m.rule IN (a.name,\n"                     \
	"    substr(a.name, 1, instr(a.name, '/') - 1))\n"                                         \
	"WHERE a.id = $1 AND m.weight < $2"

#endif
