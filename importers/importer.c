/* SPDX-License-Identifier: MIT */
/* importer.c - the registry; which importer a file is for; running it. */
#include <stdlib.h>

#include "importers/ahead.h"
#include "importers/map.h"
#include "importers/peek.h"
#include "importers/source_inner.h"
#include "importers/unread.h"

#define IMPORTER(n) extern const struct importer importer_##n;
#include "importers/importers.def"
#undef IMPORTER

static const struct importer *const all[] = {
#define IMPORTER(n) &importer_##n,
#include "importers/importers.def"
#undef IMPORTER
	NULL,
};

#define CERTAIN 100
#define AHEAD_FROM ((int64_t)1 << 20) /* bytes */

const struct importer *importer_at(size_t i)
{
	return i < LENGTH(all) ? all[i] : NULL;
}

const struct importer *importer_find(const char *id)
{
	for (size_t i = 0; all[i] != NULL; i++)
		if (str_eq(all[i]->id, id))
			return all[i];
	return NULL;
}

/* ---- recognising ---- */

struct guess {
	const struct importer *best;
	int                    score;
	bool                   tie;
};

static void consider(struct guess *g, const struct importer *im, int score)
{
	if (score > g->score)
		*g = (struct guess){ im, score, false };
	else if (score == g->score && score > 0)
		g->tie = true;
}

static struct guess ask_all(const struct peek *p, const struct maps *maps)
{
	struct guess g = { NULL, 0, false };

	for (size_t i = 0; all[i] != NULL; i++)
		consider(&g, all[i], all[i]->sniff(p));
	for (const struct map *m = maps_next(maps, NULL); m != NULL; m = maps_next(maps, m))
		consider(&g, &m->as, map_sniff(m, p));
	return g;
}

static void list_ids(const struct peek *p, const struct maps *maps, int score, struct buf *out)
{
	for (size_t i = 0; all[i] != NULL; i++)
		if (p == NULL || all[i]->sniff(p) == score)
			buf_addf(out, "%s%s", out->len > 0 ? ", " : "", all[i]->id);
	for (const struct map *m = maps_next(maps, NULL); m != NULL; m = maps_next(maps, m))
		if (p == NULL || map_sniff(m, p) == score)
			buf_addf(out, "%s%s", out->len > 0 ? ", " : "", m->as.id);
}

/* The first bytes, short and on one line. */
static void show_head(const struct source *src, char out[static 48])
{
	struct buf b = BUF_INIT;
	bool blank = false;

	for (size_t i = 0; i < src->head.len && b.len < 32; i++) {
		unsigned char c = (unsigned char)src->head.s[i];

		if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
			blank = b.len > 0;
			continue;
		}
		if (blank)
			buf_addc(&b, ' ');
		blank = false;
		if (c > 0x20 && c < 0x7F)
			buf_addc(&b, (char)c);
		else
			buf_addf(&b, "\\x%02x", c);
	}
	str_copy(out, 48, b.s);
	buf_release(&b);
}

static bool unknown(const struct source *src, const struct peek *p, struct err *e)
{
	const struct err *broken = peek_broken(p);
	char head[48];

	if (broken != NULL && source_form(src) == SOURCE_JSON) {
		*e = *broken;
		return false;
	}
	if (unread(p) != NULL)
		return err_set(e, ERR_FORMAT, "%s", unread(p));
	show_head(src, head);
	if (peek_empty(p) || (peek_is(p, "kind", "List") && peek_key_like(p, "items", "items") &&
	                      !peek_has(p, "items[0].kind")))
		return err_set(e, ERR_FORMAT, "an empty result, which names no tool: say which "
			       "with --format, as in --format hadolint");
	return err_set(e, ERR_FORMAT, "not a format Seaworthy knows (first bytes: %s); "
		       "--map FILE teaches one", head);
}

static const struct importer *choose(const struct source *src, const struct peek *p,
				     const struct maps *maps, const struct guess *g,
				     struct err *e)
{
	struct buf ids = BUF_INIT;

	if (g->best == NULL) {
		unknown(src, p, e);
		return NULL;
	}
	if (!g->tie)
		return g->best;
	list_ids(p, maps, g->score, &ids);
	err_set(e, ERR_FORMAT, "could be any of %s: say which with --format", ids.s);
	buf_release(&ids);
	return NULL;
}

static const struct importer *guess(const struct source *src, const struct maps *maps,
				    struct err *e)
{
	struct peek *p = peek_new(src);
	const struct importer *found = NULL;
	struct guess g = { NULL, 0, false };
	bool ok = peek_look(p, false, e);

	if (ok)
		g = ask_all(p, maps);
	if (ok && (g.score < CERTAIN || g.tie) && !peek_whole(p) &&
	    source_form(src) != SOURCE_TEXT) {
		ok = peek_look(p, true, e);
		if (ok)
			g = ask_all(p, maps);
	}
	if (ok)
		found = choose(src, p, maps, &g, e);
	peek_free(p);
	return found;
}

const struct importer *importer_guess(const struct source *src, struct err *e)
{
	return guess(src, NULL, e);
}

/* ---- running ---- */

const struct importer *importer_pick(const struct source *src, const struct import_opts *o,
				     struct err *e)
{
	const struct importer *im;
	const struct map *m;
	struct buf ids = BUF_INIT;

	if (str_empty(o->format))
		return guess(src, o->maps, e);
	im = importer_find(o->format);
	m = maps_find(o->maps, o->format);
	if (im != NULL || m != NULL)
		return im != NULL ? im : &m->as;
	list_ids(NULL, o->maps, 0, &ids);
	err_set(e, ERR_USAGE, "no such format: %s; formats: %s", o->format, ids.s);
	buf_release(&ids);
	return NULL;
}

const char *importer_edition(const struct importer *im, const struct maps *m)
{
	const struct map *map = maps_find(m, im->id);

	return map == NULL || importer_find(im->id) != NULL ? im->id : map->edition;
}

bool importer_known(const char *format, const struct maps *m)
{
	return importer_find(format) != NULL || maps_find(m, format) != NULL;
}

/* One file on its way through one importer. */
struct work {
	const struct source      *src;
	const struct import_opts *o;
	const struct importer    *im;
	const struct map         *m; /* or NULL */
};

static bool run(void *ctx, struct sink *out, struct err *e)
{
	const struct work *w = ctx;

	return w->m != NULL ? map_run(w->m, w->src, w->o, out, e)
			    : w->im->run(w->src, w->o, out, e);
}

/* A thread costs more than a small file. */
static bool run_ahead(struct work *w, struct sink *out, struct err *e)
{
	if (!out->hasty || source_size(w->src) < AHEAD_FROM)
		return run(w, out, e);
	return ahead_run(run, w, out, e);
}

bool import_source(const struct source *src, const struct import_opts *o, struct sink *out,
                   const struct importer **used, struct err *e)
{
	static const struct import_opts none;
	const struct importer *im;
	struct work work;

	if (o == NULL)
		o = &none;
	im = importer_pick(src, o, e);
	if (used != NULL)
		*used = im;
	if (im == NULL)
		return err_context(e, "%s", source_path(src));
	work = (struct work){ src, o, im, maps_find(o->maps, im->id) };
	if (run_ahead(&work, out, e))
		return true;
	if (e->kind == ERR_STORE || e->kind == ERR_CANCEL)
		return false;
	return err_context(e, "%s", source_path(src));
}

bool import_file(const char *path, const struct import_opts *o, struct sink *out, struct err *e)
{
	struct source *src;
	bool ok;

	if (!source_open(path, &src, e))
		return false;
	ok = import_source(src, o, out, NULL, e);
	source_close(src);
	return ok;
}
