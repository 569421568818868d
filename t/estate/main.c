/* SPDX-License-Identifier: MIT */
/* main.c - write the demo estate: `estate DIR` leaves a folder of reports for each day. */
#include <stdio.h>
#include <stdlib.h>

#include "t/estate/out.h"

struct writing {
	const char *dir;
	struct buf  path;
	struct err  e;
	bool        failed;
};

/* Where the next report goes; NULL after a failure, so that nothing more is written. */
static struct out *PRINTF(3, 4)
begin(struct writing *w, int64_t at, const char *fmt, ...)
{
	char    day[11];
	va_list ap;

	if (w->failed)
		return NULL;
	time_print_date(at, day);
	buf_reset(&w->path);
	buf_addf(&w->path, "%s/%s/", w->dir, day);
	va_start(ap, fmt);
	buf_addv(&w->path, fmt, ap);
	va_end(ap);
	w->failed = !file_make_parents(w->path.s, &w->e);
	return w->failed ? NULL : out_file(w->path.s);
}

static void end(struct writing *w, struct out *o)
{
	if (o != NULL && !out_close(o, &w->e))
		w->failed = true;
}

/* A file is linted as it is built from; what came of it is looked at again with each scan. */
static void write_build(struct writing *w, const struct image *im, size_t scan, const char *stem)
{
	struct out *o;

	if (scan == im->from && image_linted(im)) {
		o = begin(w, world_day[scan], "hadolint/%s/%s/file.json", im->repo, im->tag);
		if (o != NULL)
			out_hadolint(o, im);
		end(w, o);
	}
	if ((o = begin(w, world_day[scan], "dockle/%s.json", stem)) != NULL)
		out_dockle(o, im);
	end(w, o);
}

static void write_images(struct writing *w, size_t scan)
{
	for (const struct image *im = images; im < images + nimages; im++) {
		char        stem[64];
		struct out *o;

		if (!image_scanned(im, scan))
			continue;
		image_stem(im, stem);
		if ((o = begin(w, world_day[scan], "trivy/%s.json", stem)) != NULL)
			out_trivy(o, im, scan);
		end(w, o);
		if ((o = begin(w, world_day[scan], "grype/%s.json", stem)) != NULL)
			out_grype(o, im, scan);
		end(w, o);
		write_build(w, im, scan, stem);
		if (!image_signed(im))
			continue;
		if ((o = begin(w, world_day[scan], "cosign/%s.json", stem)) != NULL)
			out_cosign(o, im);
		end(w, o);
	}
}

static void write_benchmarks(struct writing *w, const struct cluster *c, size_t scan)
{
	for (size_t i = 0; i < cluster_nodes(c); i++) {
		struct out *o = begin(w, c->heard[scan], "%s/kube-bench/%s.json", c->name,
		                      c->node[i]);

		if (o != NULL)
			out_kube_bench(o, c, c->node[i], scan);
		end(w, o);
	}
}

static void write_cluster(struct writing *w, const struct cluster *c, size_t scan)
{
	static const struct {
		const char *name;
		void (*out)(struct out *o, const struct cluster *c, size_t scan);
		bool edge; /* the small cluster has this tool too */
	} files[] = {
		{ "inventory.json", out_kubectl, true },
		{ "policyreports.json", out_kyverno, true },
		{ "constraints.json", out_gatekeeper, false },
	};

	for (size_t i = 0; i < LENGTH(files); i++) {
		struct out *o;

		if (cluster_nodes(c) == 1 && !files[i].edge)
			continue;
		if ((o = begin(w, c->heard[scan], "%s/%s", c->name, files[i].name)) != NULL)
			files[i].out(o, c, scan);
		end(w, o);
	}
	if (cluster_nodes(c) > 1)
		write_benchmarks(w, c, scan);
}

static void write_runtime(struct writing *w, const struct cluster *c, size_t scan)
{
	struct out *o;

	if (cluster_nodes(c) == 1 || scan == 0)
		return;
	if ((o = begin(w, c->heard[scan], "%s/falco.json", c->name)) != NULL)
		out_falco(o, c, scan);
	end(w, o);
	if (admission_spoke(c, scan)) {
		o = begin(w, c->heard[scan], "%s/gatekeeper-webhook.log", c->name);
		if (o != NULL)
			out_admission(o, c, scan);
		end(w, o);
	}
	if (audit_spoke(c, scan)) {
		if ((o = begin(w, c->heard[scan], "%s/audit.log", c->name)) != NULL)
			out_audit(o, c, scan);
		end(w, o);
	}
}

static void write_lists(struct writing *w, size_t scan)
{
	struct out *o;

	if ((o = begin(w, world_day[scan], "intel/kev.json")) != NULL)
		out_kev(o, scan);
	end(w, o);
	if ((o = begin(w, world_day[scan], "intel/epss.csv")) != NULL)
		out_epss(o, scan);
	end(w, o);
}

int main(int argc, char **argv)
{
	struct writing w = { .path = BUF_INIT, .e = ERR_INIT };

	if (argc != 2) {
		(void)fprintf(stderr, "usage: estate DIR\n");
		return 2;
	}
	w.dir = argv[1];
	for (size_t scan = 0; scan < SCANS; scan++) {
		write_lists(&w, scan);
		write_images(&w, scan);
		for (const struct cluster *c = clusters; c < clusters + CLUSTERS; c++) {
			if (c->heard[scan] == 0)
				continue;
			write_cluster(&w, c, scan);
			write_runtime(&w, c, scan);
		}
	}
	buf_release(&w.path);
	if (w.failed)
		(void)fprintf(stderr, "estate: %s\n", w.e.text);
	return w.failed ? 1 : 0;
}
