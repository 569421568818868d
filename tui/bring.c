/* SPDX-License-Identifier: MIT */
/* bring.c - `:import`: import from inside, in the job worker, with the lists growing meanwhile. */
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "importers/importer.h"
#include "tui/app_state.h"
#include "tui/cli.h"

enum { PATH_LENGTH = 1000 };

/* What the job worker gets; `progress` is the app's and outlives it. */
struct bring {
	struct progress *progress;
	char             path[PATH_LENGTH + 1];
};

/* What the files were found to be. */
struct tally {
	struct bring *order;
	int64_t       files, all; /* told of how many */
	int64_t       created, reopened, unchanged, resolved, skipped;
	char          why[400]; /* of the first that failed */
};

static void on_told(void *ctx, const struct import_told *t)
{
	struct tally *k = ctx;

	progress_files(k->order->progress, ++k->files, k->all);
	if (t->err && k->why[0] == '\0')
		str_copy(k->why, sizeof(k->why), t->err->text);
	if (!t->stats)
		return;
	for (int i = 0; i < COUNT_COUNT; i++) {
		k->created += t->stats->created[i];
		k->reopened += t->stats->reopened[i];
		k->unchanged += t->stats->unchanged[i];
		k->resolved += t->stats->resolved[i];
	}
	k->skipped += t->stats->nskipped;
}

static bool on_watch(void *ctx, const char *file, uint64_t done, uint64_t total)
{
	const struct tally *k = ctx;

	return progress_tell(k->order->progress, file, done, total);
}

static void say(const struct import_job *job, const struct tally *k, struct buf *out)
{
	if (job->imported + job->duplicates == 0 && job->failed == 1) {
		buf_adds(out, k->why);
		return;
	}
	print_many(job->imported, "file", out);
	buf_addf(out, ": %" PRId64 " new, %" PRId64 " same, %" PRId64 " closed", k->created,
	         k->unchanged, k->resolved);
	if (k->reopened > 0)
		buf_addf(out, ", %" PRId64 " reopened", k->reopened);
	if (k->skipped > 0)
		buf_addf(out, ", %" PRId64 " records skipped (:skips)", k->skipped);
	if (job->duplicates > 0)
		buf_addf(out, "; %" PRId64 " were here already", job->duplicates);
	if (job->failed > 0)
		buf_addf(out, "; %" PRId64 " failed: %s", job->failed, k->why);
}

static bool run(struct store *st, void *arg, struct buf *out, struct err *e)
{
	struct bring *b = arg;
	const char *path = b->path;
	struct tally k = { .order = b, .all = source_count(b->path) };
	struct import_job job = { .st = st, .told = on_told, .watch = on_watch, .ctx = &k };

	progress_files(b->progress, 0, k.all);
	if (!import_paths(&job, &path, 1, e))
		return false;
	say(&job, &k, out);
	return true;
}

void bring_in(struct app *a, const char *path)
{
	struct bring b = { .progress = &a->progress };
	struct err e = ERR_INIT;

	if (path[0] == '\0') {
		app_say(a, "import what? :import FILE, or a folder of them");
	} else if (!app_place(a, path, b.path, sizeof(b.path), &e)) {
		app_fault(a, &e);
	} else if (app_may(a, "import")) {
		app_job(a, &b, sizeof(b), run);
		progress_begin(&a->progress, "importing", b.path);
	}
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in the folder that go on from `stem`, sorted; the caller frees them. */
static size_t names_in(const char *folder, const char *stem, char ***out)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	char **name = NULL;
	size_t n = 0;

	while (d && (entry = readdir(d))) {
		if (!str_prefix(entry->d_name, stem) || (entry->d_name[0] == '.' && stem[0] != '.'))
			continue;
		name = xrealloc_array(name, n + 1, sizeof(*name));
		name[n++] = xstrdup(entry->d_name);
	}
	if (d)
		closedir(d);
	if (n > 0)
		qsort(name, n, sizeof(*name), by_name);
	*out = name;
	return n;
}

bool bring_complete(const struct app *a, const char *text, size_t i, struct buf *out)
{
	struct err e = ERR_INIT;
	const char *base = file_base(text);
	struct arena mem = ARENA_INIT;
	char path[PATH_LENGTH + 1], **name;
	const char *typed = arena_dupn(&mem, text, (size_t)(base - text));
	bool ok = app_place(a, typed[0] != '\0' ? typed : ".", path, sizeof(path), &e);
	size_t n = ok ? names_in(path, base, &name) : 0;

	ok = i < n;
	if (ok) {
		struct buf whole = BUF_INIT;

		buf_addf(&whole, "%s/%s", path, name[i]);
		buf_addf(out, "%s%s%s", typed, name[i], is_folder(whole.s) ? "/" : "");
		buf_release(&whole);
	}
	for (size_t k = 0; k < n; k++)
		free(name[k]);
	if (n > 0)
		free(name);
	arena_release(&mem);
	return ok;
}
