/* SPDX-License-Identifier: MIT */
/*
 * import.c - drives imports: each input is one transaction, and is told when it is in the store.
 *
 * Small files come in batches with one commit, for a commit costs more than such a file. A batch is
 * told when it has been committed; it is kept short, because the write lock is held meanwhile.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "importers/importer.h"
#include "tui/cli.h"

enum {
	BATCH_FILES = 256,
	BATCH_MS = 150,
	SMALL = 1 << 20, /* bytes; a larger file is a batch of its own */
};

struct import_run { /* all that was asked for at once */
	struct import_job *job;
	const struct maps *maps;
	const char *format; /* the job's, or the name of its map; NULL: recognise */
	const char *file; /* the input at hand */
	struct one *waiting[BATCH_FILES]; /* done, and told when the batch is */
	size_t nwaiting;
	char **later; /* files that refer to what may come yet */
	size_t nlater, caplater;
	bool last; /* nothing else comes: what fails now has failed */
};

/* {dir} and {stem} of the file's path: the folder's own name, and the name up to its first dot. */
static const char *expand(struct arena *mem, const char *text, const char *path)
{
	const char *base = file_base(path), *dot = strchr(base, '.');
	size_t dir_len = base > path ? (size_t)(base - path) - 1 : 0;
	const char *dir = arena_dupn(mem, path, dir_len);
	const char *stem = arena_dupn(mem, base,
	                              dot && dot > base ? (size_t)(dot - base) : strlen(base));
	struct buf b = BUF_INIT;

	if (!text || !strchr(text, '{'))
		return text;
	for (const char *p = text; *p;) {
		if (str_prefix(p, "{dir}")) {
			buf_adds(&b, file_base(dir));
			p += strlen("{dir}");
		} else if (str_prefix(p, "{stem}")) {
			buf_adds(&b, stem);
			p += strlen("{stem}");
		} else {
			buf_addc(&b, *p++);
		}
	}
	text = arena_dup(mem, b.s);
	buf_release(&b);
	return text;
}

static bool watch(void *ctx, uint64_t done, uint64_t total)
{
	const struct import_run *r = ctx;

	return !r->job->watch || r->job->watch(r->job->ctx, r->file, done, total);
}

static void tell(struct import_job *job, const struct import_told *t)
{
	if (!t->stats)
		job->failed++;
	else if (t->stats->duplicate)
		job->duplicates++;
	else
		job->imported++;
	if (job->told)
		job->told(job->ctx, t);
}

/* One input on its way in; `in` and `told` point at the hash. */
struct one {
	struct arena mem;
	struct err failed;
	const struct import_run *run;
	const struct source *src;
	struct import_opts o;
	struct ingest_opts in;
	struct ingest_stats stats;
	struct import_told told;
	uint8_t sha256[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];
};

static bool take_hash(struct one *one, struct err *e)
{
	if (!source_sha256(one->src, one->sha256, e))
		return false;
	hex_print(one->sha256, SHA256_SIZE, one->hex);
	one->told.sha256 = one->hex;
	return true;
}

/*
 * Records into the sink, then keep them or forget them all. A hash that was not asked for before is
 * there now, from the bytes as they were read.
 */
static bool fill_once(struct one *one, bool hasty, struct err *e)
{
	struct import_run watched = *one->run;
	struct sink *sink;
	struct err later = ERR_INIT;

	if (!store_ingest_begin(one->run->job->st, &one->in, &sink, e))
		return false;
	store_ingest_watch(sink, watch, &watched);
	sink->hasty = hasty;
	if (import_source(one->src, &one->o, sink, NULL, e) && take_hash(one, e) &&
	    store_ingest_hash(sink, one->sha256, e))
		return store_ingest_end(sink, true, &one->stats, e) ||
		       (e->kind == ERR_FORMAT && err_context(e, "%s", one->told.file));
	if (!store_ingest_end(sink, false, &one->stats, &later))
		ingest_stats_release(&one->stats);
	return false;
}

/* A file that is not as its tool writes them is read once more, with care. */
static bool fill(struct one *one, struct err *e)
{
	bool ok = fill_once(one, true, e);

	if (ok || e->kind != ERR_AGAIN)
		return ok;
	ingest_stats_release(&one->stats);
	*e = (struct err)ERR_INIT;
	return fill_once(one, false, e);
}

/* Its edition is told by the very keys that verify it. */
static void trust_for(struct one *one)
{
	one->in.trust = store_trust(&one->mem);
	one->in.importer = store_trust_edition(one->in.trust, &one->mem, one->told.importer,
	                                       one->in.vouched);
}

/*
 * Which format; then the hash, if it is to be known beforehand: what is no report need not be read
 * to its end for it, and a file of a size that never came is no file that came.
 */
static bool recognise(struct one *one, struct err *e)
{
	const struct importer *importer = importer_pick(one->src, &one->o, e);
	bool came;

	if (!importer)
		return err_context(e, "%s", one->told.file);
	one->o.format = one->told.importer = importer->id;
	one->in.importer = importer_edition(importer, one->o.maps);
	if (str_eq(importer->id, "cosign"))
		trust_for(one);
	else if (one->in.vouched)
		return err_set(e, ERR_USAGE, "%s: --verified is for signatures and attestations; "
			       "this is %s", one->told.file, importer->id);
	if (!store_has_size(one->run->job->st, one->in.size, &came, e))
		return false;
	if (!came)
		return true;
	if (!take_hash(one, e))
		return err_context(e, "%s", one->told.file);
	one->in.sha256 = one->sha256;
	return true;
}

static bool import_one(struct one *one, struct err *e)
{
	bool known = false;

	if (!recognise(one, e) ||
	    (one->in.sha256 && !store_has_import(one->run->job->st, &one->in, &known, e)))
		return false;
	if (!known)
		return fill(one, e);
	one->stats.duplicate = true;
	return true;
}

/* ---- batches ---- */

static void one_free(struct one *one)
{
	ingest_stats_release(&one->stats);
	arena_release(&one->mem);
	free(one);
}

/* Commit what waits, and tell of it; when that fails, none of it came in. */
static void batch_end(struct import_run *r)
{
	struct err lost = ERR_INIT;
	bool kept = store_batch_end(r->job->st, &lost);

	for (size_t i = 0; i < r->nwaiting; i++) {
		struct one *one = r->waiting[i];

		if (!kept && one->told.stats && !one->stats.duplicate) {
			one->told.stats = NULL;
			one->told.err = &lost;
		}
		tell(r->job, &one->told);
		one_free(one);
	}
	r->nwaiting = 0;
	store_batch_begin(r->job->st);
}

static bool batch_is_full(const struct import_run *r, const struct one *last)
{
	return r->nwaiting == BATCH_FILES || store_batch_age(r->job->st) > BATCH_MS ||
	       last->in.size > SMALL || last->failed.kind == ERR_STORE;
}

static struct one *one_new(struct import_run *r, const struct source *src)
{
	const struct import_job *job = r->job;
	struct one *one = xcalloc(1, sizeof(*one));
	const char *path = arena_dup(&one->mem, source_path(src));

	one->run = r;
	one->src = src;
	one->o = (struct import_opts){
		.format = r->format,
		.maps = r->maps,
		.cluster = expand(&one->mem, job->cluster, path),
		.node = expand(&one->mem, job->node, path),
		.image = expand(&one->mem, job->image, path),
		.at = job->at,
		.partial = job->partial,
		.complete = job->complete,
		.keep_raw = job->keep_raw,
	};
	one->in = (struct ingest_opts){
		.file = path,
		.size = source_size(src),
		.mtime = source_mtime(src),
		.cluster = one->o.cluster,
		.node = one->o.node,
		.image = one->o.image,
		.at = job->at,
		.partial = job->partial,
		.complete = job->complete,
		.keep_raw = job->keep_raw,
		.dry_run = job->dry_run,
		.vouched = job->vouched,
	};
	one->told = (struct import_told){ .file = path, .sha256 = "" };
	return one;
}

/*
 * A profile of OSCAL may come before the catalogue that it selects from, which lies beside it: it
 * is tried again behind all others. What is inside an archive cannot be opened again.
 */
static bool put_off(struct import_run *r, const struct one *one)
{
	if (r->last || !str_eq(one->told.importer, "oscal") || one->failed.kind != ERR_FORMAT ||
	    access(one->told.file, R_OK) != 0)
		return false;
	if (r->nlater == r->caplater) {
		r->caplater = r->caplater ? 2 * r->caplater : 16;
		r->later = xrealloc_array(r->later, r->caplater, sizeof(*r->later));
	}
	r->later[r->nlater++] = xstrdup(one->told.file);
	return true;
}

static bool on_source(void *ctx, const struct source *src, struct err *e)
{
	struct import_run *r = ctx;
	struct one *one = one_new(r, src);

	r->file = one->told.file;
	if (one->in.size > SMALL)
		batch_end(r);
	if (import_one(one, &one->failed))
		one->told.stats = &one->stats;
	else
		one->told.err = &one->failed;
	if (one->failed.kind == ERR_CANCEL)
		*e = one->failed;
	if (one->told.err && put_off(r, one)) {
		one_free(one);
		return true;
	}
	r->waiting[r->nwaiting++] = one;
	if (batch_is_full(r, one))
		batch_end(r);
	return e->kind != ERR_CANCEL;
}

static bool on_unopened(void *ctx, const char *path, struct err *e)
{
	struct import_run *r = ctx;

	batch_end(r);
	tell(r->job, &(struct import_told){ .file = path, .sha256 = "", .err = e });
	return true;
}

/* As long as there are fewer of them each time. */
static bool import_later(struct import_run *r, struct err *e)
{
	size_t before = SIZE_MAX;
	bool ok = true;

	while (r->nlater > 0) {
		char **path = r->later;
		size_t n = r->nlater;

		r->later = NULL;
		r->nlater = r->caplater = 0;
		r->last = n >= before || !ok;
		before = n;
		for (size_t i = 0; i < n; i++) {
			ok = ok && source_walk(path[i], on_source, on_unopened, r, e);
			free(path[i]);
		}
		free(path);
	}
	return ok;
}

/* Standard input and what is fetched may take as long as they like: nothing is held meanwhile. */
static bool may_wait(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

static bool walk(struct import_run *r, const char *path, struct err *e)
{
	struct err failed = ERR_INIT;

	r->file = path;
	if (may_wait(path))
		batch_end(r);
	if (source_walk(path, on_source, on_unopened, r, &failed))
		return true;
	if (failed.kind == ERR_CANCEL) {
		*e = failed;
		return false;
	}
	return on_unopened(r, path, &failed);
}

bool import_paths(struct import_job *job, const char *const *path, size_t n, struct err *e)
{
	struct import_run r = { .job = job, .format = job->format };
	struct err ignored = ERR_INIT;
	struct maps *maps;
	bool ok;

	if (!maps_load(&maps, e))
		return false;
	r.maps = maps;
	if (job->map)
		r.format = maps_add(maps, job->map, e);
	ok = !job->map || r.format;
	store_batch_begin(job->st);
	for (size_t i = 0; ok && i < n; i++)
		ok = walk(&r, path[i], e);
	ok = ok && import_later(&r, e);
	batch_end(&r);
	ok = store_batch_end(job->st, &ignored) && ok;
	maps_free(maps);
	return ok;
}

/* ---- what rides in the program ---- */

static bool load_catalogue(void *ctx, const struct source *src, struct err *e)
{
	struct store *st = ctx;
	struct ingest_stats stats;
	uint8_t digest[SHA256_SIZE];
	struct ingest_opts in = {
		.file = source_path(src),
		.importer = "framework",
		.sha256 = digest,
		.size = source_size(src),
		.catalogue = true,
	};
	const struct import_opts o = { .format = "framework" };
	struct sink *sink;
	struct err later = ERR_INIT;
	bool ok;

	if (!source_sha256(src, digest, e) || !store_ingest_begin(st, &in, &sink, e))
		return false;
	ok = import_source(src, &o, sink, NULL, e);
	if (!store_ingest_end(sink, ok, &stats, ok ? e : &later))
		return false;
	ingest_stats_release(&stats);
	return ok;
}

bool builtin_load(struct store *st, struct err *e)
{
	store_batch_begin(st);
	return source_walk_builtin(load_catalogue, st, e) && store_batch_end(st, e);
}
