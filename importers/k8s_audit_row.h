/* SPDX-License-Identifier: MIT */
/* k8s_audit_row.h - an audit event, out of a table's row. */
#ifndef K8S_AUDIT_ROW_H
#define K8S_AUDIT_ROW_H

#include "store/base/base.h"

/*
 * The event, as the API server would have written it, of a row of Azure's tables AKSAudit and
 * AKSAuditAdmin as JSON; NULL when that is no object. Lives in `mem`.
 */
const char *k8s_audit_row(struct arena *mem, const char *json, size_t n);

#endif
