/* SPDX-License-Identifier: MIT */
/* scanner.c - the frame around the rows of image scanners' reports. */
#include "importers/scanner.h"
#include "importers/value.h"

bool scanner_put(struct scanner *s, const struct record *r, struct err *e)
{
	return s->sink->put(s->sink, r, e);
}

bool scanner_scan(struct scanner *s, const struct rec_scan *scan, struct err *e)
{
	s->any = true;
	return scanner_put(s, &(struct record){ .kind = REC_SCAN, .u.scan = *scan }, e);
}

bool scanner_asset(struct scanner *s, const struct rec_asset *a, struct err *e)
{
	return scanner_put(s, &(struct record){ .kind = REC_ASSET, .u.asset = *a }, e);
}

bool scanner_cover(struct scanner *s, enum finding_kind kind, struct err *e)
{
	const struct record rec = { .kind = REC_COVER, .u.cover = { .kind = kind } };

	return scanner_put(s, &rec, e);
}

static const char *digest(struct scanner *s, const char *text)
{
	if (text == NULL)
		return NULL;
	return value_digest(strchr(text, ':') == NULL ?
	                    arena_printf(&s->outer, "sha256:%s", text) : text);
}

bool scanner_no_image(struct err *e)
{
	return err_set(e, ERR_USAGE, "the report does not say which image it is of: "
	               "import --image NAME:TAG FILE; of a folder with a file an image, "
	               "--image 'REGISTRY/{stem}:TAG' takes each file's name, {dir} its folder's");
}

bool scanner_image(struct scanner *s, const struct scanner_image *i, struct err *e)
{
	struct rec_digest d[2];
	struct rec_asset a = {
		.kind = ASSET_IMAGE, .name = i->name == NULL ? s->opts->image : i->name,
		.digest = d, .os = i->os, .arch = i->arch, .built = i->built,
	};

	if ((d[a.ndigest].value = digest(s, i->digest)) != NULL)
		d[a.ndigest++].kind = i->kind;
	if ((d[a.ndigest].value = digest(s, i->id)) != NULL)
		d[a.ndigest++].kind = DIGEST_CONFIG;
	if (a.name == NULL && a.ndigest == 0)
		return scanner_no_image(e);
	return scanner_asset(s, &a, e);
}

bool scanner_begin(struct scanner *s, const struct rec_scan *scan, const struct scanner_image *i,
                   struct err *e)
{
	return scanner_scan(s, scan, e) && scanner_image(s, i, e) &&
	       scanner_cover(s, FINDING_VULNERABILITY, e);
}

bool scanner_row(struct scanner *s, const struct read_record *r, const struct rec_vulnerability *v,
                 struct err *e)
{
	struct record rec = { .kind = REC_VULNERABILITY, .u.vulnerability = *v };

	if (v->severity_raw == NULL)
		rec.u.vulnerability.severity = severity_rating(v->score);
	if (str_empty(v->id))
		return read_skip(r, "no id", e);
	if (str_empty(v->package))
		return read_skip(r, "no package", e);
	return scanner_put(s, &rec, e);
}

bool scanner_secret(struct scanner *s, const struct read_record *r, const struct rec_finding *f,
                    struct err *e)
{
	struct record rec = { .kind = REC_FINDING, .u.finding = *f };
	bool ok;

	rec.u.finding.kind = FINDING_SECRET;
	rec.u.finding.message = value_mask(&s->mem, f->message);
	ok = f->rule.id == NULL ? read_skip(r, "no type", e) : scanner_put(s, &rec, e);
	arena_reset(&s->mem);
	return ok;
}

bool scanner_read(struct scanner *s, const struct source *src, const struct read_scope *scope,
                  size_t nscope, const char *what, struct err *e)
{
	const struct read_opts how = { .sink = s->sink };
	bool ok = read_document(src, scope, nscope, s, &how, e);

	if (ok && !s->any)
		ok = err_set(e, ERR_FORMAT, "not a report of %s: it holds none", what);
	arena_release(&s->mem);
	arena_release(&s->outer);
	return ok;
}

static bool is_word(const char *s)
{
	return !str_empty(s) && !str_ieq(s, "none") && !str_ieq(s, "null");
}

const char *scanner_word(const char *a, const char *b)
{
	return is_word(a) ? a : is_word(b) ? b : NULL;
}

const char *scanner_items(struct arena *mem, const struct read_record *r, size_t field)
{
	const char *all = NULL, *s = NULL;

	while ((s = read_item(r, field, s)) != NULL)
		if (is_word(s))
			all = value_join(mem, all, ", ", s);
	return all;
}
