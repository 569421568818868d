/* SPDX-License-Identifier: MIT */
/* out_build.c - how images are built: their files linted by Hadolint, themselves by Dockle. */
#include "t/estate/json.h"
#include "t/estate/out.h"

enum flaw {
	ROOT = 1, COPIED_BY_ADD = 2, LISTS_LEFT = 4, UNPINNED_DEB = 8, UNPINNED_APK = 16,
	PIP_CACHE = 32, SUDO = 64, PIPES = 128, NO_HEALTH = 256, NO_TRUST = 512,
};

static bool one_of(const char *s, const char *const *list, size_t n)
{
	return str_index(list, n, s) >= 0;
}

static bool runs_as_root(const char *repo)
{
	static const char *const jobs[] = { "batch/etl", "tools/psql-job" };

	for (const struct workload *w = workloads; w < workloads + nworkloads; w++)
		if (str_eq(w->repo, repo) && (w->wrong & W_ROOT))
			return true;
	return one_of(repo, jobs, LENGTH(jobs));
}

static unsigned flaws_of_packages(const struct image *im)
{
	bool deb = im->os == DEB12 || im->os == DEB11 || im->os == UB20 || im->os == UB22;

	if (*im->groups == '\0')
		return 0;
	if (deb)
		return UNPINNED_DEB | (im->os_level == 0 ? LISTS_LEFT : 0);
	return im->os == ALP ? UNPINNED_APK : 0;
}

static unsigned flaws_of(const struct image *im)
{
	static const char *const added[] = { "batch/etl", "search/index" };
	static const char *const piped[] = { "batch/etl", "ledger/sync" };

	return flaws_of_packages(im) | NO_TRUST |
	       (runs_as_root(im->repo) ? ROOT : 0) |
	       (one_of(im->repo, added, LENGTH(added)) ? COPIED_BY_ADD : 0) |
	       (one_of(im->repo, piped, LENGTH(piped)) ? PIPES : 0) |
	       (im->app == PYPI ? PIP_CACHE : 0) |
	       (str_eq(im->repo, "tools/psql-job") ? SUDO : 0) |
	       (str_eq(im->repo, "web/edge-proxy") ? 0 : NO_HEALTH);
}

bool image_linted(const struct image *im)
{
	return !str_eq(im->repo, "cache/redis"); /* it is taken over from others */
}

void out_hadolint(struct out *o, const struct image *im)
{
	static const struct {
		unsigned    flaw;
		int64_t     line;
		const char *code, *level, *message;
	} rules[] = {
		{ UNPINNED_DEB, 4, "DL3008", "warning", "apt-get install without versions" },
		{ LISTS_LEFT, 4, "DL3009", "info", "the lists of apt-get stay in the layer" },
		{ UNPINNED_APK, 4, "DL3018", "warning", "apk add without versions" },
		{ PIPES, 6, "DL4006", "warning", "a pipe in RUN whose first failure is lost" },
		{ PIP_CACHE, 8, "DL3042", "warning", "pip keeps its cache in the layer" },
		{ COPIED_BY_ADD, 11, "DL3020", "error", "ADD where COPY is meant" },
		{ ROOT, 15, "DL3002", "warning", "the last USER is root" },
	};
	struct json j = JSON_INIT(o, 0);
	unsigned    flaws = flaws_of(im);

	json_array(&j, NULL);
	for (size_t i = 0; i < LENGTH(rules); i++) {
		if (!(flaws & rules[i].flaw))
			continue;
		json_object(&j, NULL);
		json_text(&j, "code", rules[i].code);
		json_int(&j, "column", 1);
		json_textf(&j, "file", "%s/Dockerfile", im->repo);
		json_text(&j, "level", rules[i].level);
		json_int(&j, "line", rules[i].line);
		json_text(&j, "message", rules[i].message);
		json_end(&j);
	}
	json_end(&j);
}

enum level { FATAL, WARN, INFO, LEVELS };
static const struct checkpoint {
	unsigned    flaw;
	enum level  level;
	const char *code, *title, *alert;
} checkpoints[] = {
	{ SUDO, FATAL, "DKL-DI-0001", "Do without sudo", "Avoid sudo in container : RUN sudo" },
	{ COPIED_BY_ADD, FATAL, "CIS-DI-0009", "Use COPY, not ADD", "Use COPY : ADD jobs /jobs" },
	{ LISTS_LEFT, FATAL, "DKL-DI-0005", "Clear the caches of apt-get",
	  "Use 'rm -rf /var/lib/apt/lists' after 'apt-get install'" },
	{ ROOT, WARN, "CIS-DI-0001", "Make a user for the container",
	  "Last user should not be root" },
	{ NO_TRUST, INFO, "CIS-DI-0005", "Turn content trust on",
	  "export DOCKER_CONTENT_TRUST=1 before docker pull/build" },
	{ NO_HEALTH, INFO, "CIS-DI-0006", "Have a HEALTHCHECK",
	  "not found HEALTHCHECK statement" },
};

static void print_summary(struct json *j, const size_t n[LEVELS])
{
	static const char *const word[LEVELS] = { "fatal", "warn", "info" };

	json_object(j, "summary");
	for (size_t i = 0; i < LEVELS; i++)
		json_int(j, word[i], (int64_t)n[i]);
	json_int(j, "skip", 0);
	json_int(j, "pass", 16 - (int64_t)(n[FATAL] + n[WARN] + n[INFO]));
	json_end(j);
}

static void print_checkpoint(struct json *j, const struct checkpoint *c)
{
	static const char *const word[LEVELS] = { "FATAL", "WARN", "INFO" };

	json_object(j, NULL);
	json_text(j, "code", c->code);
	json_text(j, "title", c->title);
	json_text(j, "level", word[c->level]);
	json_array(j, "alerts");
	json_text(j, NULL, c->alert);
	json_end(j);
	json_end(j);
}

void out_dockle(struct out *o, const struct image *im)
{
	struct json j = JSON_INIT(o, 2);
	unsigned    flaws = flaws_of(im);
	size_t      n[LEVELS] = { 0 };

	for (size_t i = 0; i < LENGTH(checkpoints); i++)
		n[checkpoints[i].level] += (flaws & checkpoints[i].flaw) != 0;
	json_object(&j, NULL);
	json_textf(&j, "image", REGISTRY "/%s:%s", im->repo, im->tag);
	print_summary(&j, n);
	json_array(&j, "details");
	for (size_t i = 0; i < LENGTH(checkpoints); i++)
		if (flaws & checkpoints[i].flaw)
			print_checkpoint(&j, &checkpoints[i]);
	json_end(&j);
	json_end(&j);
}
