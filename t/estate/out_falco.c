/* SPDX-License-Identifier: MIT */
/* out_falco.c - Falco's alerts, one JSON object a line (json_output: true). */
#include <inttypes.h>
#include <stdlib.h>

#include "t/estate/json.h"
#include "t/estate/out.h"

/* What somebody did in a container, and the rule that noticed. */
static const struct incident {
	const char *at; /* of its first event */
	const char *cluster, *namespace, *workload;
	size_t      pod; /* which of the workload's */
	const char *rule, *priority;
	const char *message, *process, *command, *parent, *file, *tag;
	unsigned    times;
	int64_t     apart; /* seconds between two events */
} incidents[] = {
	{ "2026-11-02T20:21:04Z", "prod-us", "report", "pdf", 0,
	  "Launch Package Management Process in Container", "Error",
	  "Package manager started in a container", "apt-get",
	  "apt-get install -y poppler-utils", "bash", "/usr/bin/apt-get",
	  "mitre_persistence", 3, 40 },
	{ "2026-11-09T19:40:51Z", "prod-eu", "search", "index", 1,
	  "Contact K8S API Server From Container", "Notice",
	  "Unexpected connection to the cluster API", "curl",
	  "curl -sk https://10.96.0.1/api", "sh", "10.244.1.7:41822->10.96.0.1:443",
	  "mitre_discovery", 2, 300 },
	{ "2026-11-09T18:03:17Z", "prod-eu", "web", "edge-proxy", 2,
	  "Read sensitive file untrusted", "Warning", "Sensitive file opened for reading",
	  "cat", "cat /etc/shadow", "sh", "/etc/shadow", "mitre_credential_access", 4, 15 },
	{ "2026-11-16T20:30:30Z", "prod-us", "payments", "worker", 0,
	  "Drop and execute new binary in container", "Critical",
	  "Program that is not part of the image was started", "dbg", "/tmp/dbg -p 1",
	  "sh", "/tmp/dbg", "mitre_execution", 2, 9 },
	{ "2026-11-22T20:28:00Z", "prod-eu", "payments", "api", 0,
	  "Terminal shell in container", "Notice", "Shell with a terminal in a container",
	  "sh", "sh", "runc", NULL, "mitre_execution", 6, 47 },
	{ "2026-11-23T20:13:00Z", "prod-us", "ledger", "sync", 0, "Write below etc",
	  "Error", "File below /etc opened for writing", "sync", "sync --repair", "sh",
	  "/etc/sync/state", "mitre_persistence", 5, 61 },
	{ "2026-11-23T18:02:42Z", "prod-eu", "report", "pdf", 0,
	  "Read sensitive file untrusted", "Warning", "Sensitive file opened for reading",
	  "python3", "python3 /app/render.py", "gunicorn", "/etc/shadow",
	  "mitre_credential_access", 3, 120 },
	{ "2026-11-23T19:44:09Z", "prod-us", "web", "edge-proxy", 1,
	  "Launch Suspicious Network Tool in Container", "Warning",
	  "Network tool started in a container", "nc", "nc -zv 10.244.2.9 5432", "sh",
	  "10.244.1.3:50412->10.244.2.9:5432", "mitre_discovery", 4, 22 },
	{ "2026-11-23T08:15:33Z", "prod-eu", "cache", "redis", 1,
	  "Redirect STDOUT/STDIN to Network Connection in Container", "Notice",
	  "Standard streams tied to a connection", "redis-cli", "redis-cli --pipe", "sh",
	  "10.244.1.12:6379->10.244.1.30:39514", "mitre_execution", 2, 600 },
	{ "2026-11-23T11:30:00Z", "prod-eu", "obs", "agent", 1, "Change thread namespace",
	  "Notice", "Namespace changed by a program", "agent", "agent --collect", "agent",
	  NULL, "mitre_privilege_escalation", 7, 1800 },
	{ "2026-11-23T13:01:20Z", "prod-us", "obs", "agent", 0, "Change thread namespace",
	  "Notice", "Namespace changed by a program", "agent", "agent --collect", "agent",
	  NULL, "mitre_privilege_escalation", 7, 1700 },
	{ "2026-11-23T14:48:57Z", "prod-us", "search", "index", 0,
	  "Contact K8S API Server From Container", "Notice",
	  "Unexpected connection to the cluster API", "java", "java -jar index.jar",
	  "tini", "10.244.1.9:38114->10.96.0.1:443", "mitre_discovery", 3, 900 },
	{ "2026-11-23T15:20:11Z", "prod-eu", "ledger", "sync", 0, "Schedule Cron Jobs",
	  "Notice", "Scheduled job written in a container", "crontab", "crontab /tmp/c",
	  "sh", "/etc/crontabs/root", "mitre_persistence", 1, 1 },
};

/* Routine that Falco tells of, below the level at which alerts begin: fills up to 200 in all. */
#define NOISE_RULE "Container Run as Root User"
static const unsigned noise[SCANS][CLUSTERS] = {
	{ 0, 0, 0 }, { 18, 16, 0 }, { 17, 16, 0 }, { 18, 17, 0 }, { 25, 24, 0 },
};

struct event {
	int64_t                at;
	uint64_t               order; /* of those with equal times */
	const struct incident *incident; /* NULL: routine */
	struct pod             pod;
};

struct watch {
	const struct incident *incident;
	size_t                 skip; /* pods still to pass over */
	struct pod             pod;
	bool                   found;
};

static void find_pod(void *ctx, const struct pod *p)
{
	struct watch *w = ctx;
	bool          same;

	if (w->incident != NULL)
		same = str_eq(p->workload->namespace, w->incident->namespace) &&
		       str_eq(p->workload->name, w->incident->workload);
	else
		same = p->workload->wrong & W_ROOT;
	if (!same || w->found)
		return;
	w->found = w->skip == 0;
	w->pod = *p;
	w->skip -= w->skip > 0;
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static size_t gather(struct event *ev, const struct cluster *c, size_t scan)
{
	int64_t from = scan > 0 ? world_at(scan - 1, 20, 40) : 0, to = world_at(scan, 20, 40);
	size_t  n = 0;

	for (const struct incident *i = incidents; i < incidents + LENGTH(incidents); i++) {
		struct watch w = { .incident = i, .skip = i->pod };
		int64_t      at;

		if (!time_parse(i->at, &at) || at <= from || at > to ||
		    !str_eq(i->cluster, c->name))
			continue;
		world_pods(c, scan, find_pod, &w);
		for (unsigned k = 0; k < i->times; k++, n++)
			ev[n] = (struct event){ at + k * i->apart, n, i, w.pod };
	}
	for (unsigned k = 0; k < noise[scan][c - clusters]; k++, n++) {
		uint64_t     d = world_dice("noise %s %zu %u", c->name, scan, k);
		struct watch w = { .skip = d % 4 };

		world_pods(c, scan, find_pod, &w);
		ev[n] = (struct event){ to - 1 - (int64_t)(d / 4 % (uint64_t)(6 * DAY_S)), n, NULL,
		                        w.pod };
	}
	qsort(ev, n, sizeof(*ev), by_time);
	return n;
}

static void print_fields(struct json *j, const struct event *ev, int64_t ns)
{
	const struct incident *i = ev->incident;
	const struct pod      *p = &ev->pod;

	json_object(j, "output_fields");
	json_textf(j, "container.id", "%.12s", p->container);
	json_textf(j, "container.image.repository", REGISTRY "/%s", p->image->repo);
	json_text(j, "container.image.tag", p->image->tag);
	json_text(j, "container.name", p->workload->name);
	json_int(j, "evt.time", ev->at * NS_PER_S + ns);
	json_text(j, "fd.name", i != NULL ? i->file : NULL);
	json_text(j, "k8s.ns.name", p->workload->namespace);
	json_text(j, "k8s.pod.name", p->name);
	json_text(j, "proc.cmdline", i != NULL ? i->command : "/entrypoint.sh");
	json_text(j, "proc.name", i != NULL ? i->process : "entrypoint.sh");
	json_text(j, "proc.pname", i != NULL ? i->parent : "containerd-shim");
	json_text(j, "user.name", p->workload->wrong & W_ROOT ? "root" : "app");
	json_int(j, "user.uid", p->workload->wrong & W_ROOT ? 0 : 10001);
	json_end(j);
}

static void print_event(struct out *o, const struct event *ev)
{
	struct json            j = JSON_INIT(o, 0);
	const struct incident *i = ev->incident;
	const char            *priority = i != NULL ? i->priority : "Informational";
	const char            *message = i != NULL ? i->message : "Container started as root";
	uint64_t               d = world_dice("ns %" PRId64 " %s", ev->at, ev->pod.name);
	int64_t                ns = (int64_t)(d % (uint64_t)NS_PER_S);
	char                   at[31];

	time_print_ns(ev->at * NS_PER_S + ns, at);
	json_object(&j, NULL);
	json_text(&j, "hostname", ev->pod.node);
	json_textf(&j, "output", "%s: %s %s | command=%s container_name=%s k8s_pod_name=%s", at,
	           priority, message, i != NULL ? i->command : "/entrypoint.sh",
	           ev->pod.workload->name, ev->pod.name);
	print_fields(&j, ev, ns);
	json_text(&j, "priority", priority);
	json_text(&j, "rule", i != NULL ? i->rule : NOISE_RULE);
	json_text(&j, "source", "syscall");
	json_array(&j, "tags");
	json_text(&j, NULL, "container");
	json_text(&j, NULL, i != NULL ? i->tag : NULL);
	json_end(&j);
	json_text(&j, "time", at);
	json_end(&j);
}

void out_falco(struct out *o, const struct cluster *c, size_t scan)
{
	struct event *ev = xcalloc(400, sizeof(*ev));
	size_t        n = gather(ev, c, scan);

	for (size_t i = 0; i < n; i++)
		print_event(o, &ev[i]);
	free(ev);
}
