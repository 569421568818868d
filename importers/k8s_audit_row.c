/* SPDX-License-Identifier: MIT */
/* k8s_audit_row.c - an audit event, out of a table's row. */
#include <jansson.h>
#include <stdlib.h>

#include "importers/k8s_audit_row.h"

/* Source: Azure Monitor's reference of the tables AKSAudit and AKSAuditAdmin. */
static const struct {
	const char *column, *key;
} columns[] = {
	{ "ApiVersion", "apiVersion" },
	{ "Level", "level" },
	{ "AuditId", "auditID" },
	{ "Stage", "stage" },
	{ "RequestUri", "requestURI" },
	{ "Verb", "verb" },
	{ "User", "user" },
	{ "ImpersonatedUser", "impersonatedUser" },
	{ "SourceIps", "sourceIPs" },
	{ "UserAgent", "userAgent" },
	{ "ObjectRef", "objectRef" },
	{ "ResponseStatus", "responseStatus" },
	{ "RequestObject", "requestObject" },
	{ "ResponseObject", "responseObject" },
	{ "RequestReceivedTime", "requestReceivedTimestamp" },
	{ "StageReceivedTime", "stageTimestamp" },
	{ "Annotations", "annotations" },
};

/* Whoever asks for rows gets their objects as such or as text. */
static json_t *cell(json_t *value)
{
	const char *text = json_string_value(value);
	json_t *inside = NULL;
	if (text != NULL && (*text == '{' || *text == '['))
		inside = json_loads(text, 0, NULL);
	return inside != NULL ? inside : json_incref(value);
}

const char *k8s_audit_row(struct arena *mem, const char *json, size_t n)
{
	json_t *row = json_loadb(json, n, 0, NULL), *value;
	json_t *event = json_pack("{s:s}", "kind", "Event");
	for (size_t i = 0; i < LENGTH(columns); i++) {
		value = json_object_get(row, columns[i].column);
		if (value != NULL)
			json_object_set_new(event, columns[i].key, cell(value));
	}
	if (json_object_get(event, "stageTimestamp") == NULL)
		json_object_set(event, "stageTimestamp", json_object_get(row, "TimeGenerated"));
	char *text = row == NULL ? NULL : json_dumps(event, JSON_COMPACT);
	const char *kept = arena_dup(mem, text);
	free(text);
	json_decref(event);
	json_decref(row);
	return kept;
}
