/* SPDX-License-Identifier: MIT */
/* checklist_file.h - answers, evidence, samples and steps as a file, JSON or CSV. */
#ifndef CHECKLIST_FILE_H
#define CHECKLIST_FILE_H

#include "store/store.h"

bool checklist_write(struct store *st, struct out *o, bool csv, struct err *e) MUST_CHECK;

struct checklist_file {
	struct carried *record;
	size_t n;
	struct arena mem;
};
/* Whichever of the two it is. ERR_FORMAT says where; release it in any case. */
bool checklist_read(const struct buf *text, struct checklist_file *out, struct err *e) MUST_CHECK;
void checklist_release(struct checklist_file *f);

#endif
