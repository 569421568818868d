/* SPDX-License-Identifier: MIT */
/* cis_view.h - what the files that judge pods share: the pod or container in hand, its fields. */
#ifndef CIS_VIEW_H
#define CIS_VIEW_H

#include "importers/cis_pod.h"

struct view { /* what is being judged */
	const struct cis_pod *p;
	const json_t *c;  /* the container; NULL: the pod as a whole */
	const char *list; /* "initContainers"                        */
	size_t index;
	bool windows, init, ephemeral;
	enum cis_rule rule;
	struct err *e;
};

struct setting { /* a field as it holds, and where it is set */
	const json_t *v;
	const char *path;
};

/* The exact path of a field of the container, or of the pod: "spec.containers[0].image". */
const char *view_path(const struct view *v, bool of_container, const char *field);
/* A field of the container; without one, of the pod. */
struct setting view_own(const struct view *v, const char *field);
/* The same, from the pod when the container does not set it. */
struct setting view_inherited(const struct view *v, const char *field);
/* "spec.hostPID is true"; what is no scalar is told by its path alone. */
const char *view_state(const struct view *v, struct setting s);
/*
 * A verdict of v->rule on `field` of the container, or of the pod. The place has no root, and the
 * container's name for its number, so that a pod and the template it is made from have the same.
 */
bool view_say(const struct view *v, enum verdict verdict, const char *field,
              const char *message) MUST_CHECK;
/* Fails when the field is true. */
bool view_say_unless_true(const struct view *v, const char *field) MUST_CHECK;

struct view_check {
	enum cis_rule rule;
	bool (*judge)(const struct view *v);
	const char *linux_field; /* means nothing on Windows: the field that is skipped there */
};
/* Judge what is in hand by each of the checks. */
bool view_run(struct view *v, const struct view_check *checks, size_t n) MUST_CHECK;

/* cis_container.c: those of a container */
bool cis_container(struct view *v) MUST_CHECK;

#endif
