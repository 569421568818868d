/* SPDX-License-Identifier: MIT */
/* kubescape.h - the words of Kubescape that its reports and its objects share. */
#ifndef KUBESCAPE_H
#define KUBESCAPE_H

#include "importers/read.h"
#include "store/record.h"

/*
 * What a control's status says, with what stands below it; VERDICT_COUNT for an unknown word.
 * "Passed" and irrelevant is no pass that one could show; neither is one by an exception. What is
 * skipped because a person has to look at it is for a person.
 */
enum verdict kubescape_verdict(const char *status, const char *sub);
/*
 * `all` and behind it what would mend it: the lists of paths and of values in the fields. Lives in
 * `mem` or is `all`.
 */
const char *kubescape_fixes(struct arena *mem, const char *all, const struct read_record *r,
                            size_t paths, size_t values);

#endif
