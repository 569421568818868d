/* SPDX-License-Identifier: MIT */
/* out_trivy.c - `trivy image --format json`, schema 2. */
#include "t/estate/json.h"
#include "t/estate/out.h"

struct scanning {
	struct json        *j;
	const struct image *im;
	bool                app;
};

static const char *word(char letter)
{
	static const char        letters[] = "CHMLN";
	static const char *const words[] = { "CRITICAL", "HIGH", "MEDIUM", "LOW", "LOW" };

	return words[strchr(letters, letter) - letters];
}

/* Where a library lies in the image. */
static void print_path(struct json *j, const struct sighting *s)
{
	const char *colon = strchr(s->name, ':');

	switch (s->pack->family) {
	case MAVEN:
		json_textf(j, "PkgPath", "app/lib/%s-%s.jar", colon + 1, s->version);
		break;
	case PYPI:
		json_textf(j, "PkgPath", "usr/lib/python3/dist-packages/%s-%s.dist-info/METADATA",
		           s->name, s->version);
		break;
	case NPM:
		json_textf(j, "PkgPath", "srv/admin/node_modules/%s/package.json", s->name);
		break;
	default:
		break;
	}
}

static void print_cvss(struct json *j, char letter)
{
	struct cvss c = world_cvss(letter);

	json_object(j, "CVSS");
	json_object(j, "nvd");
	json_text(j, "V3Vector", c.vector);
	json_real(j, "V3Score", c.score);
	json_end(j);
	json_end(j);
}

static void print_layer(struct json *j, const struct image *im, bool base)
{
	char layer[72];

	image_layer(im, base, layer);
	json_object(j, "Layer");
	json_text(j, "Digest", layer);
	json_end(j);
}

static void print_one(void *ctx, const struct sighting *s)
{
	struct scanning *t = ctx;
	struct json     *j = t->j;
	struct buf       purl = BUF_INIT;
	const char      *v = s->pack->family == GO ? "v" : "";

	purl_print(&purl, t->im, s);
	json_object(j, NULL);
	json_text(j, "VulnerabilityID", s->vuln->id);
	json_text(j, "PkgName", s->name);
	print_path(j, s);
	json_object(j, "PkgIdentifier");
	json_text(j, "PURL", purl.s);
	json_end(j);
	json_textf(j, "InstalledVersion", "%s%s", v, s->version);
	json_text(j, "FixedVersion", s->fixed);
	json_text(j, "Status", s->fixed != NULL ? "fixed" : "affected");
	print_layer(j, t->im, !t->app);
	json_text(j, "SeveritySource", t->app ? "ghsa" : family_word(t->im->os));
	json_textf(j, "PrimaryURL", "https://nvd.nist.gov/vuln/detail/%s", s->vuln->id);
	json_text(j, "Title", s->vuln->title);
	json_text(j, "Severity", word(s->severity));
	print_cvss(j, s->vuln->cvss);
	json_end(j);
	buf_release(&purl);
}

static void print_result(struct json *j, const struct image *im, size_t scan, bool app)
{
	static const char *const types[] = {
		[GO] = "gobinary", [MAVEN] = "jar", [PYPI] = "python-pkg", [NPM] = "node-pkg",
	};
	static const char *const targets[] = {
		[GO] = "usr/bin/", [MAVEN] = "Java", [PYPI] = "Python", [NPM] = "Node.js",
	};
	struct scanning t = { .j = j, .im = im, .app = app };

	json_object(j, NULL);
	if (!app)
		json_textf(j, "Target", REGISTRY "/%s:%s (%s %s)", im->repo, im->tag,
		           family_word(im->os), os_version(im));
	else
		json_textf(j, "Target", "%s%s", targets[im->app],
		           im->app == GO ? file_base(im->repo) : "");
	json_text(j, "Class", app ? "lang-pkgs" : "os-pkgs");
	json_text(j, "Type", app ? types[im->app] : family_word(im->os));
	json_array(j, "Vulnerabilities");
	world_sightings(im, app, scan, TRIVY, print_one, &t);
	json_end(j);
	json_end(j);
}

/* The job images carry a credential that somebody once copied into them; --scanners vuln,secret. */
static void print_secret(struct json *j, const struct image *im)
{
	if (!str_prefix(im->repo, "tools/"))
		return;
	json_object(j, NULL);
	json_text(j, "Target", "/root/.pgpass");
	json_text(j, "Class", "secret");
	json_array(j, "Secrets");
	json_object(j, NULL);
	json_text(j, "RuleID", "postgresql-password-file");
	json_text(j, "Category", "Database");
	json_text(j, "Severity", "HIGH");
	json_text(j, "Title", "PostgreSQL password file");
	json_int(j, "StartLine", 1);
	json_int(j, "EndLine", 1);
	json_text(j, "Match", "db.example:5432:*:etl:****************");
	json_end(j);
	json_end(j);
	json_end(j);
}

static void print_image_config(struct json *j, const struct image *im)
{
	char base[64];

	image_base(im, base);
	json_object(j, "ImageConfig");
	json_text(j, "architecture", "amd64");
	json_textf(j, "created", "%sT09:15:00Z", im->built);
	json_text(j, "os", "linux");
	json_object(j, "config");
	json_object(j, "Labels");
	json_text(j, "org.opencontainers.image.base.name", base);
	json_text(j, "org.opencontainers.image.version", im->tag);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void print_metadata(struct json *j, const struct image *im)
{
	char config[72], manifest[72];

	image_config(im, config);
	image_manifest(im, manifest);
	json_object(j, "Metadata");
	json_object(j, "OS");
	json_text(j, "Family", family_word(im->os));
	json_text(j, "Name", os_version(im));
	if (im->os == UB20 || im->os == DEB11)
		json_bool(j, "EOSL", true);
	json_end(j);
	json_text(j, "ImageID", config);
	json_array(j, "RepoTags");
	json_textf(j, NULL, REGISTRY "/%s:%s", im->repo, im->tag);
	json_end(j);
	json_array(j, "RepoDigests");
	json_textf(j, NULL, REGISTRY "/%s@%s", im->repo, manifest);
	json_end(j);
	print_image_config(j, im);
	json_end(j);
}

void out_trivy(struct out *o, const struct image *im, size_t scan)
{
	struct json j = JSON_INIT(o, 2);
	char        at[21];

	world_time(world_at(scan, 16, 0) + (int64_t)(im - images) * 7, at);
	json_object(&j, NULL);
	json_int(&j, "SchemaVersion", 2);
	json_object(&j, "Trivy");
	json_text(&j, "Version", "0.69.1");
	json_end(&j);
	json_text(&j, "CreatedAt", at);
	json_textf(&j, "ArtifactName", REGISTRY "/%s:%s", im->repo, im->tag);
	json_text(&j, "ArtifactType", "container_image");
	print_metadata(&j, im);
	json_array(&j, "Results");
	print_result(&j, im, scan, false);
	if (im->app != FAMILIES)
		print_result(&j, im, scan, true);
	print_secret(&j, im);
	json_end(&j);
	json_end(&j);
}
