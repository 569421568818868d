/* SPDX-License-Identifier: MIT */
/* record.h - what importers say and the store hears. No SQL, no JSON. */
#ifndef RECORD_H
#define RECORD_H

#include "store/base/base.h"

/* ---- the words; each enum has its public spelling, see the word functions below ---- */

enum severity { /* rank: 0 is the worst */
	SEV_CRITICAL, SEV_HIGH, SEV_MEDIUM, SEV_LOW, SEV_NEGLIGIBLE, SEV_UNKNOWN, SEV_COUNT
};
enum verdict {
	VERDICT_PASS, VERDICT_FAIL, VERDICT_WARN, VERDICT_INFO, VERDICT_MANUAL, VERDICT_SKIP,
	VERDICT_COUNT
};
enum finding_kind {
	FINDING_VULNERABILITY, FINDING_MISCONFIGURATION, FINDING_SECRET, FINDING_LICENCE,
	FINDING_LINT,
	FINDING_POLICY, FINDING_KIND_COUNT
};
enum asset_kind {
	ASSET_IMAGE, ASSET_HOST, ASSET_CLUSTER, ASSET_NAMESPACE, ASSET_WORKLOAD, ASSET_CONTAINER,
	ASSET_TREE, /* a source tree or a set of files: trivy fs, trivy config, hadolint */
	ASSET_KIND_COUNT
};
enum digest_kind { DIGEST_CONFIG, DIGEST_MANIFEST, DIGEST_INDEX, DIGEST_UNKNOWN,
DIGEST_KIND_COUNT };
enum event_kind {
	EVENT_ALERT,     /* a runtime detector: the only kind that opens alerts */
	EVENT_ADMISSION, /* an admission decision                               */
	EVENT_LIFECYCLE, /* container or object life cycle                      */
	EVENT_AUDIT,     /* a call to the cluster's API                         */
	EVENT_PROCESS,
	EVENT_NETWORK,
	EVENT_HEALTH,    /* the tool speaking of itself: metrics, drops         */
	EVENT_KIND_COUNT
};
enum priority { /* syslog's and Falco's words, 0 is the worst */
	PRIO_EMERGENCY, PRIO_ALERT, PRIO_CRITICAL, PRIO_ERROR, PRIO_WARNING, PRIO_NOTICE,
	PRIO_INFO, PRIO_DEBUG,
	PRIO_COUNT
};

/* What a list says of a vulnerability; 0 where it says nothing. SSVC's decision points. */
enum exploitation { EXPLOITATION_UNSAID, EXPLOITATION_NONE, EXPLOITATION_POC, EXPLOITATION_ACTIVE,
EXPLOITATION_COUNT };
enum impact { IMPACT_UNSAID, IMPACT_PARTIAL, IMPACT_TOTAL, IMPACT_COUNT };
enum said { SAID_NOTHING, SAID_NO, SAID_YES, SAID_COUNT };

/*
 * Public words: "critical", "pass", "vulnerability", "image", ...; stable, they are in every
 * export.
 */
const char *severity_word(enum severity s);
const char *verdict_word(enum verdict v);
const char *finding_kind_word(enum finding_kind k);
const char *asset_kind_word(enum asset_kind k);
const char *event_kind_word(enum event_kind k);
const char *priority_word(enum priority p);
/* SSVC's: "none", "poc", "active"; "partial", "total"; "no", "yes"; NULL for what is not said. */
const char *exploitation_word(enum exploitation x);
const char *impact_word(enum impact i);
const char *said_word(enum said s);
/* The value of a word, case-blind; the first of each enum when it is none of them, or NULL. */
enum exploitation exploitation_fold(const char *word);
enum impact       impact_fold(const char *word);
enum said         said_fold(const char *word); /* "true" and "false" too */
/*
 * Fold any tool's severity word, case-blind (critical defcon1; high important danger; medium
 * moderate warning;
 * low; negligible info informational none unimportant); everything else, NULL too, is unknown.
 */
enum severity severity_fold(const char *word);
/*
 * What a CVSS base score, in tenths, is called; unknown below 0. Source: FIRST, CVSS v3.1
 * specification, section 5.
 */
enum severity severity_rating(int64_t tenths);
/*
 * Falco's and syslog's words and their short forms ("info", "informational", "err", "crit");
 * PRIO_COUNT when unknown.
 */
enum priority priority_fold(const char *word);

/* ---- the records: strings are UTF-8, borrowed for the duration of put(), NULL when absent ---- */

enum record_kind {
	REC_SCAN, /* who looked, with what, when: before everything else; a file may hold many */
	REC_ASSET, /* becomes the current asset of the current scan */
	REC_COVER, /* the scan is complete for this kind (and scope) of the current asset */
	REC_VULNERABILITY, /* the current asset has an advisory in a package */
	REC_CHECK, /* a rule's verdict on the current asset; a fail is a finding too */
	REC_FINDING, /* a secret, licence or lint finding of the current asset */
	REC_COMPONENT, /* a package that the current asset holds */
	REC_STATEMENT, /* VEX or a scanner's own suppression: it does or does not matter */
	REC_EVENT, /* something that happened at a time */
	REC_SIGNATURE, /* what was found of an image's signature or attestation */
	REC_OBJECT, /* inventory: a node, namespace, workload, service, ingress */
	REC_RUNNING, /* inventory: a container, which image it runs and where */
	REC_SIGNAL, /* exploited in the wild, probability of exploitation */
	REC_ENTRY, /* a line of a catalogue: framework, control, class, rule, map, deadline, item */
	REC_CHANGE, /* what a profile changes in the controls that it selects */
	REC_SKIP, /* a piece of the file that could not be understood */
	REC_KIND_COUNT
};

struct rec_scan {
	/* the tool's word: "trivy"; never its version (identity of the source) */
	const char *source;
	const char *version; /* of the tool */
	int64_t     at; /* when the tool ran, seconds UTC; 0: the file does not say */
	int64_t     db_built; /* when its vulnerability database was built; 0: not said */
	const char *cluster; /* as the file has it; the option --cluster outranks it */
	const char *node; /* likewise, --node */
	/* why the scan is not complete ("only-fixed"); NULL: nothing says so */
	const char *partial;
};

struct rec_digest {
	enum digest_kind kind;
	const char      *value; /* "sha256:" and 64 hex digits */
};

struct rec_asset {
	enum asset_kind kind;
	/* image: the reference as the tool was given it; host: node name; tree: path */
	const char     *name;
	const char     *cluster; /* NULL: the scan's cluster */
	const char     *namespace; /* workload, container, namespace */
	const char     *workload_kind; /* "Deployment" */
	const char     *container; /* container of the workload; NULL: the workload as a whole */
	/* images only */
	const struct rec_digest *digest;
	size_t                   ndigest;
	const char *const       *names; /* further references: repo tags */
	size_t                   nnames;
	const char *os;      /* "debian 12.5"        */
	const char *arch;    /* "linux/amd64"        */
	const char *base;    /* base image reference */
	int64_t     built;   /* seconds UTC, 0: not said */
	bool        eol;     /* the tool says that the base system is out of support */
};

/*
 * A policy's scope that a cluster as a whole is covered for holds for every asset in it. A
 * namespace covered for misconfiguration with the scope "Deployment" has no Deployments but those
 * told of.
 */
struct rec_cover {
	enum finding_kind kind;
	/* the target, benchmark section or namespace looked at; NULL: all of the kind */
	const char       *scope;
	int64_t           passed; /* checks that passed without a row of their own; 0: none known */
};

struct rec_vulnerability {
	const char        *id; /* as the tool has it */
	/* every other id that its record names; the store decides which are equal */
	const char *const *aliases;
	size_t             naliases;
	const char *title, *text, *url;
	enum severity severity; /* folded */
	const char   *severity_raw; /* the tool's word */
	int           score; /* CVSS base score times ten, 0-100; -1: none */
	const char   *vector; /* CVSS vector that belongs to the score */
	int           epss; /* probability times 10,000; -1: none */
	bool          kev; /* the tool says: exploited in the wild (CISA KEV) */
	int64_t       published; /* seconds UTC, 0: not said */
	/* the tool's word or the purl's type; normalised by the store */
	const char   *package_type;
	const char   *package;
	const char   *version;
	const char   *purl;
	const char   *fixed_in; /* first good version(s), ", " between them; NULL: none named */
	/* "fixed", "wont-fix", "not-fixed", "unknown", the tool's status */
	const char   *fix_state;
	const char   *path; /* where in the asset; one location a record */
	const char   *layer;
};

struct rec_rule { /* a rule as its tool describes it */
	const char   *id; /* "DS-0002", "cis-1.8:1.2.6" (benchmark:number), "policy/rule" */
	const char   *alias; /* another spelling of the id ("AVD-DS-0002"); NULL: none */
	const char   *title, *text, *remediation, *url;
	enum severity severity;
	const char   *severity_raw;
};

struct rec_check {
	enum finding_kind kind; /* what a fail is: misconfiguration, policy or lint */
	struct rec_rule   rule;
	const char       *benchmark; /* "cis-1.8"; NULL: the tool's own rules */
	enum verdict      verdict;
	const char       *raw; /* the tool's word for it */
	const char       *scope; /* as in rec_cover */
	const char       *place; /* resource or file, without line numbers: part of the identity */
	const char       *message; /* what the tool said of it here */
	int64_t           at; /* its own time, seconds UTC; 0: the scan's */
};

/* kinds secret, licence, lint, and whatever a tool reports without a verdict */
struct rec_finding {
	enum finding_kind kind;
	struct rec_rule   rule;
	const char       *scope, *place; /* as in rec_check   */
	const char       *message;       /* secrets: already masked by the importer */
};

struct rec_component {
	const char *package_type, *package, *version, *purl, *licence, *path;
};

struct rec_statement {
	const char *advisory;      /* id as the file has it               */
	const char *const *aliases; /* its other ids                      */
	size_t      naliases;
	/* purl, digest or reference of an image; NULL: the current asset, everything without one */
	const char *product;
	/* the package in it, by its fields or its purl; all NULL: the whole product */
	const char *package_type, *package, *version, *purl;
	/*
	 * "not_affected", "affected", "fixed", "under_investigation" of VEX, "false_positive",
	 * "exploitable", "in_triage", "resolved" of CycloneDX, "ignored" of scanners
	 */
	const char *status;
	const char *justification, *text, *author;
	int64_t     at;
	int64_t     until; /* it ends then, seconds UTC; 0: not said                   */
	bool        more;  /* the same row of the file as the one before: read already */
	bool        unexplained; /* not affected, and not why, though its format asks for it */
};

struct rec_event {
	enum event_kind kind;
	int64_t     ts_ns;         /* event time, ns UTC                                      */
	bool        ts_inferred;   /* part of the time was not in the record                  */
	const char *rule;          /* NULL: the format names none (Falco text)                */
	enum priority priority;
	const char *priority_raw;
	const char *action;        /* "detected", "denied", "audited", "blocked", ...         */
	const char *message;
	const char *cluster, *node, *namespace, *workload_kind, *workload, *pod, *pod_uid;
	const char *container_id;  /* as written; "host" is no container: NULL                */
	const char *container;     /* its name                                                */
	const char *image;         /* reference                                               */
	const char *image_digest;  /* "sha256:..." of manifest or config                      */
	const char *user, *process, *cmdline, *parent;
	const char *file, *peer;   /* path; "ip:port->ip:port"                                */
	const char *tags;          /* ", " between them                                       */
	const char *uid;           /* a Kubernetes Event's uid: the newest state of it counts */
	const char *raw;           /* the record's bytes, raw_len of them; never NULL         */
	size_t      raw_len;
	int64_t     offset;        /* of the record in the decoded file                       */
};

enum signature_result { SIGNATURE_OK, SIGNATURE_NONE, SIGNATURE_BAD, SIGNATURE_OTHER_KEY,
SIGNATURE_PRESENT };
struct rec_signature {
	const char *digest;        /* of the image or index                  */
	const char *name;          /* the reference that was checked         */
	enum signature_result result; /* PRESENT: found, not verified        */
	const char *signer, *issuer;
	int64_t     log_index;     /* transparency log entry; -1: none       */
	const char *predicate;     /* attestation's predicate type; NULL: a signature */
	int64_t     at;            /* when signed; 0: not said               */
	const void *sealed;        /* the bytes that are signed; NULL: not here */
	size_t      sealed_len;
	const void *seal;          /* the signature over them; NULL: not here */
	size_t      seal_len;
};

enum object_kind { OBJECT_NODE, OBJECT_NAMESPACE, OBJECT_WORKLOAD, OBJECT_SERVICE, OBJECT_INGRESS,
OBJECT_HOST };
struct rec_object {
	enum object_kind kind;
	const char *namespace;
	const char *type; /* workload: "Deployment"; service: "LoadBalancer"; node: role */
	const char *name, *uid;
	const char *version; /* node: kubelet's version; host: engine's version */
	const char *os; /* node, host: operating system image */
	const char *labels; /* "key=value" lines, sorted; workload: of its pod template */
	const char *selector; /* service: "key=value" lines; NULL or "": selects nothing */
	const char *backends; /* ingress: names of services, a line each */
	int64_t     replicas; /* workload: wanted; -1: not said */
};

struct rec_running {
	/* controller, owner hashes stripped */
	const char *node, *namespace, *workload_kind, *workload;
	const char *pod, *pod_uid, *container, *container_id;
	const char *image;        /* reference in the specification                     */
	const char *image_digest; /* of the manifest or index, from the status          */
	const char *image_id;     /* config digest, when the engine says it             */
	const char *labels;       /* the pod's, "key=value" lines, sorted               */
	const char *phase;        /* "Running", "Pending", ...                          */
	bool        running;      /* counts as running: not completed, not a dead one   */
	bool        host_port;    /* reachable on the node's own address                */
	bool        init;         /* an init container                                  */
};

struct rec_signal {
	const char *cve;
	bool        kev;
	int64_t     kev_added, kev_due; /* seconds UTC, 0: not said */
	enum said   triage;             /* KEV: forensic triage is asked for */
	int         epss, percentile;   /* times 10,000; -1: not said */
	/* SSVC: how far exploitation has come, can it be automated, how much does it give away */
	enum exploitation exploitation;
	enum said         automatable;
	enum impact       impact;
	int64_t     at;                 /* the list's own date */
};

enum entry_kind {
	ENTRY_FRAMEWORK, ENTRY_CONTROL, ENTRY_CLASS, ENTRY_RULE, ENTRY_MAP, ENTRY_DEADLINE,
	ENTRY_ITEM,
	ENTRY_KIND_COUNT
};
/*
 * One line of the catalogue layout (importers/README.md), columns as they are, an empty one NULL.
 * A control may name in `to` the control of another framework that it is the same as: it takes
 * that one's links to classes and rules, and what it does not say itself; weight "weak" where it
 * does not matter that there is none. With the attribute select=yes it stands for all that its id
 * names there (a pattern; with children=yes what is below them too; but for those of `without`,
 * blanks between), as OSCAL's profiles select.
 * An item without a title only tells an answer to one that is there.
 * A map joins the
 * control (framework, id) either to class_id, or to `to`: "tool/rule" or "FRAMEWORK:control", told
 * apart by which
 * of '/' and ':' comes first. An item lists classes and controls with "; " between them.
 */
struct rec_entry {
	enum entry_kind kind;
	const char *framework;  /* framework key; for a rule its tool; NULL for a class */
	const char *id, *title, *parent, *class_id, *to, *severity, *weight;
	const char *attributes; /* "key=value | key=value"                              */
	const char *text, *source;
	/* an item's answer, what was noted, who says so (NULL: whoever imports) */
	const char *answer, *note, *by;
	int64_t     at, until; /* of the answer: when it was given, and until when; 0: not said */
};

/*
 * The text of a control may be marked, so that profiles can change it: a piece of it stands between
 * MARK_OPEN, its head, MARK_BODY and MARK_CLOSE. The head of a parameter is its id, that of a part
 * its id, name, class and namespace with MARK_NEXT between them. Each line begins with its '\n'.
 */
#define MARK_OPEN      '\001'
#define MARK_BODY      '\002'
#define MARK_CLOSE     '\003'
#define MARK_NEXT      '\037'
#define MARK_BYTES     "\001\002\003\037"
#define MARK_PARAMETER 'v'
#define MARK_PART      'p'

enum change_kind {
	CHANGE_SET,         /* the parameter `id` is now `text`, in all controls       */
	CHANGE_TITLE,       /* the control's title is `text`                           */
	CHANGE_ADD,         /* parts are added: `text`, at the part `id`               */
	CHANGE_REMOVE,      /* parts are removed: those of `id`, `name`, `class`, `ns` */
	CHANGE_PROP,        /* it has the property `name`, which is `text`             */
	CHANGE_REMOVE_PROP, /* the property `name` goes                                */
	CHANGE_KIND_COUNT
};
enum change_place { CHANGE_BEFORE, CHANGE_STARTING, CHANGE_ENDING, CHANGE_AFTER };
/* They come behind the framework's controls, and are made in this order when all of it is there. */
struct rec_change {
	enum change_kind  kind;
	const char       *framework;
	const char       *control; /* its number or OSCAL's id for it; NULL: every one   */
	const char       *id;      /* NULL: of a part any; of an addition the control itself */
	enum change_place place;
	const char       *name, *class_id, *ns; /* NULL: any */
	const char       *text;    /* marked */
};

struct rec_skip {
	const char *place;  /* "results[3].vulnerabilities[17]" or "line 12" */
	const char *reason; /* "no id" */
};

struct record {
	enum record_kind kind;
	union {
		struct rec_scan          scan;
		struct rec_asset         asset;
		struct rec_cover         cover;
		struct rec_vulnerability vulnerability;
		struct rec_check         check;
		struct rec_finding       finding;
		struct rec_component     component;
		struct rec_statement     statement;
		struct rec_event         event;
		struct rec_signature     signature;
		struct rec_object        object;
		struct rec_running       running;
		struct rec_signal        signal;
		struct rec_entry         entry;
		struct rec_change        change;
		struct rec_skip          skip;
	} u;
};

/*
 * A record that stays good when what it was made of is gone, its texts in `mem`; returns their
 * bytes. For the kinds that come in numbers: findings, checks, components, events.
 */
bool   record_copies(enum record_kind kind);
size_t record_copy(struct arena *mem, const struct record *r, struct record *out);

/*
 * Where importers put records. The store has one; tests have one that prints.
 * Order is context: findings belong to the last asset, assets to the last scan. An importer that
 * finds a parent
 * described twice may repeat REC_SCAN or REC_ASSET; equal ones are the same thing.
 */
struct sink {
	/* Take one record, in document order. Copies what it keeps. */
	bool (*put)(struct sink *s, const struct record *r, struct err *e);
	/* Progress in bytes of input. False with ERR_CANCEL: stop and return. */
	bool (*tick)(struct sink *s, uint64_t done, uint64_t total, struct err *e);
	/*
	 * Who fills it can forget all of it and begin again, without this, when an importer ends
	 * with ERR_AGAIN. What is put may then wait, in order, while the importer goes on.
	 */
	bool hasty;
};

#endif
