/* SPDX-License-Identifier: MIT */
/* cmd_import.c - `seaworthy import`: files in, one line a file out. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "importers/importer.h"
#include "tui/cli.h"

struct import_args {
	const char *format, *map, *cluster, *node, *image, *at, *complete, *verified;
	bool partial, dry_run, keep_raw, quiet;
};
#define OPTION(name, letter, type, field, value, help)                                             \
	{                                                                                          \
		name, letter, type, offsetof(struct import_args, field), value, help               \
	}
static const struct arg args[] = {
	OPTION("format", 0, ARG_TEXT, format, "ID",
	       "take it for this format instead of recognising it"),
	OPTION("map", 0, ARG_TEXT, map, "FILE",
	       "read it by this mapping file (README of importers/)"),
	OPTION("cluster", 0, ARG_TEXT, cluster, "NAME", "the cluster it speaks of"),
	OPTION("node", 0, ARG_TEXT, node, "NAME", "the node or host it speaks of"),
	OPTION("image", 0, ARG_TEXT, image, "REF",
	       "the image it speaks of, where the file does not say"),
	OPTION("at", 0, ARG_TEXT, at, "TIME",
	       "when the tool ran, where the file does not say or is wrong"),
	OPTION("partial", 0, ARG_FLAG, partial, NULL,
	       "it does not show everything: resolve nothing by it"),
	OPTION("complete", 0, ARG_OPTIONAL, complete, "KINDS",
	       "it shows everything of its kind, whatever it looks like"),
	OPTION("verified", 0, ARG_TEXT, verified, "WHO",
	       "cosign verified the signatures and attestations in it, says WHO"),
	OPTION("dry-run", 0, ARG_FLAG, dry_run, NULL, "say what it would do, and change nothing"),
	OPTION("keep-raw", 0, ARG_FLAG, keep_raw, NULL,
	       "keep the bytes of every event, not only of alerts"),
	OPTION("quiet", 'q', ARG_FLAG, quiet, NULL, "print failures only"),
	{ .name = NULL },
};

static volatile sig_atomic_t signal_stop;

static void on_signal(int signo)
{
	(void)signo;
	signal_stop = 1;
}

struct total { /* of the files of one format */
	char *importer;
	int64_t files;
	struct ingest_stats sum; /* its counts only */
};

struct told { /* what the callbacks need */
	const struct cli *cli;
	const struct import_args *args;
	struct out *out;
	bool bar;         /* a progress bar stands on standard error */
	int64_t drawn_at; /* ms */
	int64_t warnings;
	struct total *total; /* in the order of the importers' names */
	size_t ntotal;
};

/* ---- progress ---- */

static void wipe_bar(struct told *t)
{
	if (t->bar)
		fputs("\r\033[K", stderr);
	t->bar = false;
}

static bool on_watch(void *ctx, const char *file, uint64_t done, uint64_t total)
{
	struct told *t = ctx;
	int64_t now = time_monotonic_ms();
	struct buf name = BUF_INIT;
	char bar[21];
	size_t full;

	if (signal_stop)
		return false;
	if (!isatty(STDERR_FILENO) || now - t->drawn_at < 100 || total == 0)
		return true;
	t->drawn_at = now;
	full = (size_t)((double)done / (double)total * 20);
	for (size_t i = 0; i < 20; i++)
		bar[i] = i < full ? '#' : '.';
	bar[20] = '\0';
	text_cell(&name, file_base(file), 40);
	fprintf(stderr, "\r[%s] %3d%% %s\033[K", bar, (int)((double)done / (double)total * 100),
	        name.s);
	buf_release(&name);
	t->bar = true;
	return true;
}

/* ---- a line a file ---- */

/* " (3 new, 55 unchanged)"; nothing of what has no life of its own (services, catalogues). */
static void print_fate(struct buf *o, const struct ingest_stats *s, int k)
{
	const struct { int64_t n; const char *word; } fate[] = {
		{ s->created[k], "new" },
		{ s->reopened[k], "reopened" },
		{ s->unchanged[k], "unchanged" },
		{ s->resolved[k], "resolved" },
	};
	const char *sep = " (";

	for (size_t i = 0; i < LENGTH(fate); i++) {
		if (!fate[i].n)
			continue;
		buf_addf(o, "%s%" PRId64 " %s", sep, fate[i].n, fate[i].word);
		sep = ", ";
	}
	if (sep[0] == ',')
		buf_adds(o, ")");
}

/* "1 finding", "2 findings"; a statement of a file may speak of many products, each kept apart. */
static void print_read(struct buf *o, const struct ingest_stats *s, int k)
{
	int64_t kept = s->created[k] + s->unchanged[k];

	buf_addf(o, "%" PRId64 " %s", s->read[k], count_noun((enum count_kind)k, s->read[k]));
	if (k == COUNT_STATEMENTS && kept > s->read[k])
		buf_addf(o, ", %" PRId64 " by product", kept);
}

static void print_counts(struct buf *o, const struct ingest_stats *s)
{
	const char *sep = "";

	for (int k = 0; k < COUNT_COUNT; k++) {
		if (!s->read[k] && !s->resolved[k])
			continue;
		buf_adds(o, sep);
		print_read(o, s, k);
		print_fate(o, s, k);
		sep = "; ";
	}
	if (!*sep)
		buf_adds(o, "nothing found in it");
}

static void print_line(struct told *t, const struct import_told *told)
{
	const struct ingest_stats *s = told->stats;
	struct buf counts = BUF_INIT;

	if (s->duplicate) {
		text_line(t->out, "%s: %s: here already, nothing to do", told->file,
		          told->importer);
		return;
	}
	print_counts(&counts, s);
	text_line(t->out, "%s: %s: %s%s", told->file, told->importer, counts.s,
	          t->args->dry_run ? " [dry run]" : "");
	buf_release(&counts);
	for (size_t i = 0; i < s->nwarning; i++)
		text_line(t->out, "  note: %s", s->warning[i]);
	for (size_t i = 0; i < s->nskip && i < 5; i++)
		text_line(t->out, "  skipped: %s: %s", s->skip[i].place, s->skip[i].reason);
	if (s->nskipped > 5)
		out_printf(t->out, "  skipped: %" PRId64 " more; --json lists them\n",
		           s->nskipped - 5);
}

/* ---- a line a format ---- */

static struct total *total_of(struct told *t, const char *importer)
{
	size_t i = 0;

	while (i < t->ntotal && strcmp(t->total[i].importer, importer) < 0)
		i++;
	if (i < t->ntotal && str_eq(t->total[i].importer, importer))
		return &t->total[i];
	t->total = xrealloc_array(t->total, t->ntotal + 1, sizeof(*t->total));
	memmove(&t->total[i + 1], &t->total[i], (t->ntotal - i) * sizeof(*t->total));
	t->ntotal++;
	t->total[i] = (struct total){ .importer = xstrdup(importer) };
	return &t->total[i];
}

static void add_total(struct told *t, const struct import_told *told)
{
	const struct ingest_stats *s = told->stats;
	struct total *of = total_of(t, told->importer);

	of->files++;
	for (int k = 0; k < COUNT_COUNT; k++) {
		of->sum.read[k] += s->read[k];
		of->sum.created[k] += s->created[k];
		of->sum.reopened[k] += s->reopened[k];
		of->sum.unchanged[k] += s->unchanged[k];
		of->sum.resolved[k] += s->resolved[k];
	}
	of->sum.nskipped += s->nskipped;
}

static void print_total(struct told *t, const struct total *of)
{
	struct buf counts = BUF_INIT;

	print_counts(&counts, &of->sum);
	if (of->sum.nskipped > 0)
		buf_addf(&counts, "; %" PRId64 " skipped", of->sum.nskipped);
	text_line(t->out, "  %-16s %" PRId64 " %s: %s", of->importer, of->files,
	          of->files == 1 ? "file" : "files", counts.s);
	buf_release(&counts);
}

static void print_totals(struct told *t, const struct import_job *job)
{
	out_printf(t->out,
	           "%" PRId64 " imported, %" PRId64 " here already, %" PRId64 " failed%s\n",
	           job->imported, job->duplicates, job->failed,
	           t->args->dry_run ? " [dry run]" : "");
	for (size_t i = 0; i < t->ntotal; i++)
		print_total(t, &t->total[i]);
}

static void totals_free(struct told *t)
{
	for (size_t i = 0; i < t->ntotal; i++)
		free(t->total[i].importer);
	free(t->total);
}

static void on_told(void *ctx, const struct import_told *told)
{
	struct told *t = ctx;

	wipe_bar(t);
	if (told->stats)
		t->warnings += (int64_t)told->stats->nwarning;
	if (told->stats && !told->stats->duplicate)
		add_total(t, told);
	if (t->cli->json)
		json_import(t->out, told);
	else if (told->stats && !t->args->quiet)
		print_line(t, told);
	if (told->err && told->err->kind != ERR_CANCEL)
		fprintf(stderr, "seaworthy: %s\n", told->err->text);
}

/* ---- */

static bool read_kinds(const char *text, uint32_t *out, struct err *e)
{
	char word[32];

	*out = 0;
	if (!*text) {
		*out = (1u << FINDING_KIND_COUNT) - 1;
		return true;
	}
	while (*text) {
		size_t len = strcspn(text, ",");
		int k = 0;

		if (len < sizeof(word)) {
			memcpy(word, text, len);
			word[len] = '\0';
			while (k < FINDING_KIND_COUNT &&
			       !str_eq(word, finding_kind_word((enum finding_kind)k)))
				k++;
		}
		if (len >= sizeof(word) || k == FINDING_KIND_COUNT)
			return err_set(e, ERR_USAGE, "--complete: %.*s is no kind of finding",
			               (int)len, text);
		*out |= 1u << k;
		text += len + (text[len] == ',');
	}
	return true;
}

static bool check_format(const char *format, struct err *e)
{
	struct maps *maps;
	bool known;

	if (!maps_load(&maps, e))
		return false;
	known = importer_known(format, maps);
	maps_free(maps);
	return known || err_set(e, ERR_USAGE, "--format %s: there is no such format", format);
}

/* A time to come would be fresh until then, and newer than whatever follows; clocks may differ. */
static bool read_at(const struct cli *c, const char *text, int64_t *out, struct err *e)
{
	if (!time_parse(text, out))
		return err_set(e, ERR_USAGE, "--at %s: wants a time such as 2026-11-23T20:40:00Z",
		               text);
	return *out <= c->now + DAY_S || err_set(e, ERR_USAGE, "--at %s: is in the future", text);
}

static bool read_args(const struct cli *c, struct import_job *job, struct err *e)
{
	const struct import_args *a = c->opts;

	*job = (struct import_job){
		.format = a->format,
		.map = a->map,
		.cluster = a->cluster,
		.node = a->node,
		.image = a->image,
		.partial = a->partial,
		.keep_raw = a->keep_raw,
		.dry_run = a->dry_run,
		.vouched = a->verified,
	};
	if (a->at && !read_at(c, a->at, &job->at, e))
		return false;
	if (a->format && a->map)
		return err_set(e, ERR_USAGE, "--format and --map exclude each other");
	if (a->format && !check_format(a->format, e))
		return false;
	if (a->verified && !*a->verified)
		return err_set(e, ERR_USAGE, "--verified: wants who says so");
	if (a->partial && a->complete)
		return err_set(e, ERR_USAGE, "--partial and --complete exclude each other");
	return !a->complete || read_kinds(a->complete, &job->complete, e);
}

static int run(struct cli *c, struct err *e)
{
	const struct import_args *a = c->opts;
	struct sigaction stop = { .sa_handler = on_signal };
	struct told told = { .cli = c, .args = a };
	struct import_job job;
	int code;

	if (!cli_operands(c, &command_import, 1, SIZE_MAX, e) || !read_args(c, &job, e) ||
	    !cli_open(c, &job.st, e))
		return cli_exit_code(e);
	if (!store_may_import(job.st, e)) {
		store_close(job.st);
		return cli_exit_code(e);
	}
	mem_hold();
	told.out = cli_out();
	job.told = on_told;
	job.watch = on_watch;
	job.ctx = &told;
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	code = import_paths(&job, c->operand, c->noperand, e) && !job.failed ? CLI_YES : CLI_ERROR;
	wipe_bar(&told);
	if (!c->json && !a->quiet && job.imported + job.duplicates + job.failed > 1)
		print_totals(&told, &job);
	totals_free(&told);
	store_close(job.st);
	return cli_close(told.out, code, e);
}

const struct command command_import = {
	.name = "import",
	.operands = "FILE|DIR|URL|-...",
	.summary = "Recognise reports by content and import them, each whole or not at all",
	.more = "NAME, REF and so on may hold {dir} and {stem}: the name of the file's folder,\n"
		"and its own up to the first dot (--node '{stem}'). Exit status 4 when any file\n"
		"failed; the others are in.",
	.arg = args,
	.opts_size = sizeof(struct import_args),
	.run = run,
};
