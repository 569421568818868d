/* SPDX-License-Identifier: MIT */
/* json_decisions.c - what was decided of a finding: by whom, why, until when. */
#include "reports/json_decisions.h"

void json_decisions(struct jot *j, const struct finding_detail *d)
{
	jot_array(j, "decisions");
	for (size_t i = 0; i < d->ndecision; i++) {
		const struct verdict_on *v = &d->decision[i];

		jot_object(j, NULL);
		jot_text(j, "kind", v->machine ? "statement" : "exception");
		jot_int(j, "id", v->id);
		jot_text(j, "state", state_word(v->state));
		jot_bool(j, "holds", v->holds);
		jot_time(j, "from", v->from);
		jot_due(j, "until", v->until);
		jot_text(j, "who", v->who);
		jot_text(j, "approver", v->approver);
		jot_text(j, "reason", v->reason);
		jot_text(j, "justification", v->justification);
		jot_end(j);
	}
	jot_end(j);
}
