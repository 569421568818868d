/* SPDX-License-Identifier: MIT */
/* out_grype.c - `grype -o json`, with known exploitation and its probability. */
#include "t/estate/json.h"
#include "t/estate/out.h"

struct scanning {
	struct json        *j;
	const struct image *im;
	size_t              scan;
};

static const char *word(char letter)
{
	static const char        letters[] = "CHMLN";
	static const char *const words[] = { "Critical", "High", "Medium", "Low", "Negligible" };

	return words[strchr(letters, letter) - letters];
}

static void print_cvss(struct json *j, char letter)
{
	struct cvss c = world_cvss(letter);

	json_array(j, "cvss");
	json_object(j, NULL);
	json_text(j, "source", "nvd@nist.gov");
	json_text(j, "type", "Primary");
	json_text(j, "version", "3.1");
	json_text(j, "vector", c.vector);
	json_object(j, "metrics");
	json_real(j, "baseScore", c.score);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void print_threat(struct scanning *g, const struct vuln *v)
{
	struct json *j = g->j;
	char         day[11];

	time_print_date(world_day[g->scan], day);
	json_array(j, "epss");
	json_object(j, NULL);
	json_text(j, "cve", v->id);
	out_printf(j->out, ", \"epss\": %.4f", world_epss(v) / 10000.0);
	json_text(j, "date", day);
	json_end(j);
	json_end(j);
	if (!(v->flags & KEV))
		return;
	json_array(j, "knownExploited");
	json_object(j, NULL);
	json_text(j, "cve", v->id);
	json_end(j);
	json_end(j);
}

static void print_vulnerability(struct scanning *g, const struct sighting *s, bool app)
{
	struct json *j = g->j;
	const char  *id = app && s->vuln->ghsa != NULL ? s->vuln->ghsa : s->vuln->id;

	json_object(j, "vulnerability");
	json_text(j, "id", id);
	if (id == s->vuln->ghsa)
		json_textf(j, "dataSource", "https://github.com/advisories/%s", id);
	else
		json_textf(j, "dataSource", "https://nvd.nist.gov/vuln/detail/%s", id);
	json_text(j, "severity", word(s->severity));
	json_text(j, "description", s->vuln->title);
	print_cvss(j, s->vuln->cvss);
	print_threat(g, s->vuln);
	json_object(j, "fix");
	json_array(j, "versions");
	json_text(j, NULL, s->fixed);
	json_end(j);
	json_text(j, "state", s->fixed != NULL ? "fixed" : "not-fixed");
	json_end(j);
	json_end(j);
	json_array(j, "relatedVulnerabilities");
	json_object(j, NULL);
	json_text(j, "id", s->vuln->id);
	json_textf(j, "dataSource", "https://nvd.nist.gov/vuln/detail/%s", s->vuln->id);
	print_cvss(j, s->vuln->cvss);
	json_end(j);
	json_end(j);
}

/* The path comes from the same place as in Trivy's report, though written from the root. */
static void print_location(struct json *j, const struct image *im, const struct sighting *s)
{
	const char *colon = strchr(s->name, ':');

	switch (s->pack->family) {
	case GO:
		json_textf(j, "path", "/usr/bin/%s", file_base(im->repo));
		break;
	case MAVEN:
		json_textf(j, "path", "/app/lib/%s-%s.jar", colon + 1, s->version);
		break;
	case PYPI:
		json_textf(j, "path", "/usr/lib/python3/dist-packages/%s-%s.dist-info/METADATA",
		           s->name, s->version);
		break;
	case NPM:
		json_textf(j, "path", "/srv/admin/node_modules/%s/package.json", s->name);
		break;
	case ALP:
		json_text(j, "path", "/lib/apk/db/installed");
		break;
	case UBI9:
		json_text(j, "path", "/var/lib/rpm/rpmdb.sqlite");
		break;
	default:
		json_text(j, "path", "/var/lib/dpkg/status");
		break;
	}
}

static void print_artifact(struct scanning *g, const struct sighting *s)
{
	static const char *const types[] = {
		[DEB12] = "deb", [SLIM] = "deb", [DEB11] = "deb", [UB20] = "deb", [UB22] = "deb",
		[UBI9] = "rpm", [ALP] = "apk", [GO] = "go-module", [MAVEN] = "java-archive",
		[PYPI] = "python", [NPM] = "npm",
	};
	const char *colon = s->pack->family == MAVEN ? strchr(s->name, ':') : NULL;
	const char *prefix = "";
	struct buf  purl = BUF_INIT;
	char        layer[72];

	if (s->pack->family == GO)
		prefix = str_eq(s->name, "stdlib") ? "go" : "v";
	purl_print(&purl, g->im, s);
	image_layer(g->im, s->pack->family < GO, layer);
	json_object(g->j, "artifact");
	json_text(g->j, "name", colon != NULL ? colon + 1 : s->name);
	json_textf(g->j, "version", "%s%s", prefix, s->version);
	json_text(g->j, "type", types[s->pack->family]);
	json_array(g->j, "locations");
	json_object(g->j, NULL);
	print_location(g->j, g->im, s);
	json_text(g->j, "layerID", layer);
	json_end(g->j);
	json_end(g->j);
	json_text(g->j, "purl", purl.s);
	json_end(g->j);
	buf_release(&purl);
}

static void print_one(void *ctx, const struct sighting *s)
{
	struct scanning *g = ctx;

	json_object(g->j, NULL);
	print_vulnerability(g, s, s->pack->family >= GO);
	print_artifact(g, s);
	json_end(g->j);
}

static void print_source(struct json *j, const struct image *im)
{
	char config[72], manifest[72];

	image_config(im, config);
	image_manifest(im, manifest);
	json_object(j, "source");
	json_text(j, "type", "image");
	json_object(j, "target");
	json_textf(j, "userInput", REGISTRY "/%s:%s", im->repo, im->tag);
	json_text(j, "imageID", config);
	json_text(j, "manifestDigest", manifest);
	json_array(j, "tags");
	json_textf(j, NULL, REGISTRY "/%s:%s", im->repo, im->tag);
	json_end(j);
	json_array(j, "repoDigests");
	json_textf(j, NULL, REGISTRY "/%s@%s", im->repo, manifest);
	json_end(j);
	json_text(j, "architecture", "amd64");
	json_text(j, "os", "linux");
	json_end(j);
	json_end(j);
}

static void print_descriptor(struct json *j, size_t scan, const struct image *im)
{
	char at[21], built[21];

	world_time(world_at(scan, 16, 20) + (int64_t)(im - images) * 7, at);
	world_time(world_at(scan, 4, 12), built);
	json_object(j, "descriptor");
	json_text(j, "name", "grype");
	json_text(j, "version", "0.94.0");
	json_text(j, "timestamp", at);
	json_object(j, "db");
	json_object(j, "status");
	json_text(j, "schemaVersion", "v6.0.2");
	json_text(j, "built", built);
	json_bool(j, "valid", true);
	json_end(j);
	json_end(j);
	json_end(j);
}

void out_grype(struct out *o, const struct image *im, size_t scan)
{
	struct json     j = JSON_INIT(o, 1);
	struct scanning g = { .j = &j, .im = im, .scan = scan };

	json_object(&j, NULL);
	json_array(&j, "matches");
	world_sightings(im, false, scan, GRYPE, print_one, &g);
	world_sightings(im, true, scan, GRYPE, print_one, &g);
	json_end(&j);
	print_source(&j, im);
	json_object(&j, "distro");
	json_text(&j, "name", family_word(im->os));
	json_text(&j, "version", os_version(im));
	json_end(&j);
	print_descriptor(&j, scan, im);
	json_end(&j);
}
