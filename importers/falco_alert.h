/* SPDX-License-Identifier: MIT */
/* falco_alert.h - one alert of Falco's in JSON, made an event. */
#ifndef FALCO_ALERT_H
#define FALCO_ALERT_H

#include "importers/read.h"
#include "store/record.h"

/*
 * The keys of output_fields hold dots; a log pipeline may have turned them into nested objects, and
 * the reader takes both. Where tools or versions name one thing differently the members stand one
 * after another.
 */
enum { /* fields of an alert */
	F_RAW, F_RULE, F_PRIORITY, F_TIME, F_SECONDS, F_NANOS, F_OUTPUT, F_MESSAGE, F_SOURCE,
	F_HOST, F_TAGS, F_IN_DATA, F_IN_RESULTS, F_IN_HIT, F_IN_HITS, F_IN_ECS, F_IN_EVENTS,
	F_FIELDS, F_CAMEL,
	F_EVT_TIME, F_EVT_TIME_NS, F_CLUSTER,
	F_CLUSTER_NAME, F_NODE, F_NAMESPACE, F_META_NAMESPACE, F_POD,
	F_META_POD, F_POD_UID, F_META_POD_UID, F_DEPLOYMENT, F_META_DEPLOYMENT, F_CONTAINER_ID,
	F_CONTAINER_FULL, F_CONTAINER, F_REPOSITORY, F_TAG, F_IMAGE, F_KA_IMAGE, F_DIGEST,
	F_IMAGE_ID, F_PROCESS, F_CMDLINE, F_PARENT, F_FD, F_KA_NAMESPACE, F_KA_NAME,
	F_KA_RESOURCE, F_KA_POD, F_KA_COMMAND, F_KA_URI,
	F_USER, F_KA_USER, F_CT_USER, F_GCP_USER, F_GITHUB_USER, F_OKTA_USER, F_OKTA_NAME,
	F_CT_ADDRESS, F_GCP_ADDRESS, F_OKTA_ADDRESS, F_KA_ADDRESS,
	/* Elastic's agent moves what ECS has a name for out of the alert, which it keeps */
	X_RULE, X_NAMESPACE, X_POD, X_POD_UID, X_CONTAINER_ID, X_CONTAINER, X_IMAGE, X_PROCESS,
	X_CMDLINE, X_PARENT, X_USER,
	F_COUNT
};

/*
 * How the keys of the fields are spelt: as Falco does; with "_" for each dot, as Falcosidekick
 * flattens them for Elasticsearch; in an object of another name, as over gRPC.
 */
enum falco_spelling { FALCO_AS_IS, FALCO_FLAT, FALCO_CAMEL, FALCO_SPELLINGS };

/* The fields of an alert in each spelling; names live in `mem`. */
void falco_fields(struct arena *mem, struct read_field out[static FALCO_SPELLINGS][F_COUNT]);
/* Of an alert that was read in any spelling. */
enum falco_spelling falco_spelling(const struct read_record *r);

struct falco_reading {
	struct arena mem;    /* strings of the event at hand   */
	struct buf   tags;   /* of the event at hand           */
	int64_t      until;  /* latest time a line can be from */
	int64_t      at;     /* of what names no time; 0: not said */
	uint64_t base; /* offset of the object's source in the file; 0 but for objects behind a
	                  prefix */
};

/* The time of an alert; false: it has none, and the user does not say one. */
bool falco_time(const struct falco_reading *f, const struct read_record *r, struct rec_event *ev);
bool falco_has_priority(const struct read_record *r);
/* All but the time. */
void falco_fill(struct falco_reading *f, const struct read_record *r, struct rec_event *ev);
/* Members of the alert that Elastic's agent has moved into the document around it. */
void falco_fill_ecs(struct falco_reading *f, const struct read_record *up, struct rec_event *ev);

#endif
