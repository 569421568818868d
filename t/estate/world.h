/* SPDX-License-Identifier: MIT */
/* world.h - the demo estate: images, clusters, and what each tool sees of them at each scan. */
#ifndef WORLD_H
#define WORLD_H

#include "store/base/base.h"

/*
 * Nothing here is drawn from a clock or a generator with state: every choice is a hash of the names
 * it is about, so that the same names give the same bytes, in whatever order they are written.
 */
uint64_t world_dice(const char *fmt, ...) PRINTF(1, 2);
/* 64 hex digits that belong to a name. */
void world_hex(char out[static 65], const char *fmt, ...) PRINTF(2, 3);
/* The same in a UUID's shape. */
void world_uuid(char out[static 37], const char *fmt, ...) PRINTF(2, 3);

/* ---- time: five scans, the last on the day of the demo ---- */
#define SCANS 5
#define HOUR  INT64_C(3600)
extern const int64_t world_day[SCANS]; /* midnight UTC of each */
#define SCAN_LAST (SCANS - 1)
int64_t world_at(size_t scan, int hour, int minute);
void    world_time(int64_t at, char out[static 21]);

/* ---- packages and their vulnerabilities ---- */
enum family { DEB12, SLIM, DEB11, UB20, UB22, UBI9, ALP, GO, MAVEN, PYPI, NPM, FAMILIES };

enum { KEV = 1, GAP = 2 }; /* GAP: both databases lose it in the scan before the last */
enum scanner { TRIVY, GRYPE };

struct vuln {
	const char *id, *ghsa, *source; /* source: of struct pack                           */
	unsigned    families;           /* 1 << enum family                                 */
	unsigned    fixed;              /* first good version of the package; 0: none       */
	char        cvss;               /* see world_cvss                                   */
	const char *severity;           /* a letter for Trivy, one for Grype: C H M L N     */
	size_t      since;              /* first scan at which the databases know it        */
	unsigned    flags;
	const char *title;
};
extern const struct vuln vulns_os[], vulns_app[];
extern const size_t nvulns_os, nvulns_app;

struct pack {
	enum family family;
	char        group;      /* b: in every image of the family; else see struct image */
	const char *source;
	const char *version[4]; /* of image levels 0 to 3; hardly any image has the last   */
	const char *names;      /* binary packages, a blank between                        */
};
extern const struct pack packs[];
extern const size_t npacks;

struct cvss { const char *vector; double score; };
struct cvss world_cvss(char letter);

/* ---- images ---- */
struct image {
	const char *repo, *tag; /* "payments/api", "2.14.1"                     */
	enum family os;
	unsigned    os_level;   /* 0 old, 2 new, 3 rebuilt on the day's packages */
	const char *groups;     /* further packages of the system               */
	enum family app;        /* FAMILIES: none                               */
	unsigned    app_level;
	size_t      from, to;   /* first scan, and the one after the last       */
	size_t      deployed;   /* first scan at which it runs; NEVER: it never does */
	const char *built;      /* day                                          */
};
#define NEVER 99
extern const struct image images[];
extern const size_t nimages;

#define REGISTRY "registry.example"
const char *family_word(enum family f); /* "debian" */
const char *os_version(const struct image *im);
/* Two builds of one tag differ in all three. */
void image_config(const struct image *im, char out[static 72]);
void image_manifest(const struct image *im, char out[static 72]);
/* Layers are shared by images of one base. */
void image_layer(const struct image *im, bool base, char out[static 72]);
void image_base(const struct image *im, char out[static 64]);
/* "payments-api-2.14.1", unique also among builds of one tag. */
void image_stem(const struct image *im, char out[static 64]);
bool image_scanned(const struct image *im, size_t scan);
/* Which image of a repository runs at a scan; NULL: none. */
const struct image *image_running(const char *repo, size_t scan);

/* A vulnerability as one scanner reports it. */
struct sighting {
	const struct vuln *vuln;
	const struct pack *pack;
	const char        *name, *version;
	const char        *fixed;    /* NULL: no fix */
	char               severity; /* C H M L N    */
};
typedef void sighting_fn(void *ctx, const struct sighting *s);
/* Everything `by` sees in the system's packages (app: in the libraries) of an image at a scan. */
void world_sightings(const struct image *im, bool app, size_t scan, enum scanner by,
                     sighting_fn *fn, void *ctx);
/* Probability of exploitation times 10,000. */
int world_epss(const struct vuln *v);

/* ---- clusters ---- */
struct cluster {
	const char *name;
	const char *node[3];   /* the first is the control plane; NULL ends */
	int64_t     heard[SCANS]; /* when its state was taken at each scan; 0: it did not answer */
};
#define CLUSTERS 3
extern const struct cluster clusters[CLUSTERS];
size_t cluster_nodes(const struct cluster *c);

enum { /* what is wrong with a workload */
	W_ROOT = 1, W_PRIVILEGED = 2, W_WRITABLE = 4, W_NO_LIMITS = 8, W_CAPS = 16,
	W_HOST_PATH = 32, W_ESCALATION = 64, W_NO_SECCOMP = 128, W_TOKEN = 256, W_HOST_PORT = 512,
	W_BY_TAG = 1024, W_HOST_NETWORK = 2048,
};
struct workload {
	const char *namespace, *kind, *name, *repo;
	size_t      replicas[CLUSTERS]; /* a DaemonSet has one a node where it is not 0 */
	unsigned    wrong;
	const char *service; /* "LoadBalancer", "ClusterIP", ...; NULL: none */
	const char *host;    /* of its ingress; NULL: none                   */
};
extern const struct workload workloads[];
extern const size_t nworkloads;
#define NAMESPACES 8
extern const char *const namespaces[NAMESPACES];

struct pod {
	const struct cluster  *cluster;
	const struct workload *workload;
	const struct image    *image;
	const char            *node;
	size_t                 scan;
	char                   name[64], uid[37], owner[64]; /* owner: its ReplicaSet */
	char                   container[65];
};
typedef void pod_fn(void *ctx, const struct pod *p);
void world_pods(const struct cluster *c, size_t scan, pod_fn *fn, void *ctx);

#endif
