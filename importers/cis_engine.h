/* SPDX-License-Identifier: MIT */
/* cis_engine.h - containers and images of an engine under Seaworthy's own checks. */
#ifndef CIS_ENGINE_H
#define CIS_ENGINE_H

#include "importers/cis.h"

/* What `docker inspect` and `podman inspect` say of a container; absent parts are NULL. */
struct cis_docker {
	const struct cis *cis;
	const char *name; /* what it is called on its host, the head of every place */
	const char *user, *image, *apparmor, *label; /* Config.User, .Image, AppArmorProfile, */
						     /* ProcessLabel                          */
	const json_t *host;                          /* HostConfig                                */
	const json_t *mounts, *health;
	bool volumes; /* the mounts are made of Volumes */
	const json_t *bounding; /* BoundingCaps, which only podman has       */
};

/* Put a verdict for every check of the container. Source: CIS Docker Benchmark section 5. */
bool cis_docker(const struct cis_docker *d, struct err *e) MUST_CHECK;

/* The same of an image: its user and health check. Source: section 4. */
bool cis_image(const struct cis *cis, const char *user, const json_t *health,
               struct err *e) MUST_CHECK;

/* Of an image whose format knows no health checks: its user. */
bool cis_image_user(const struct cis *cis, const char *user, struct err *e) MUST_CHECK;

/*
 * The same of a container that the kubelet runs, by the OCI runtime's configuration that `crictl
 * inspect` shows as info.runtimeSpec: what holds, whatever the pod's specification says.
 */
struct cis_oci {
	const struct cis *cis;
	const char *name, *image;
	bool privileged;
	const json_t *spec;
};
bool cis_oci(const struct cis_oci *o, struct err *e) MUST_CHECK;

#endif
