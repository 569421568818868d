/* SPDX-License-Identifier: MIT */
/* progress.c - one line: importing trivy.json  12.1 of 40.0 MB  [####......]  8.2 MB/s  3 s left */
#include <stdio.h>

#include "tui/draw.h"
#include "tui/progress.h"

enum { AT_ONCE_MS = 50, BAR = 20, BAR_AT = 100 };

void progress_init(struct progress *p)
{
	memset(p, 0, sizeof(*p));
	p->lock = guard_new();
}

void progress_release(struct progress *p)
{
	guard_free(p->lock);
}

void progress_begin(struct progress *p, const char *what, const char *name)
{
	guard_lock(p->lock);
	p->on = true;
	p->stop = false;
	p->done = p->total = 0;
	p->rows = false;
	p->file = p->files = 0;
	p->began = p->file_began = time_monotonic_ms();
	str_copy(p->what, sizeof(p->what), what);
	str_copy(p->name, sizeof(p->name), name);
	guard_unlock(p->lock);
}

void progress_end(struct progress *p)
{
	guard_lock(p->lock);
	p->on = false;
	guard_unlock(p->lock);
}

void progress_stop(struct progress *p)
{
	guard_lock(p->lock);
	p->stop = true;
	guard_unlock(p->lock);
}

bool progress_tell(struct progress *p, const char *name, uint64_t done, uint64_t total)
{
	bool go;

	guard_lock(p->lock);
	if (!str_eq(p->name, name)) {
		str_copy(p->name, sizeof(p->name), name);
		p->file_began = time_monotonic_ms();
	}
	p->done = done;
	p->total = total;
	go = !p->stop;
	guard_unlock(p->lock);
	return go;
}

void progress_files(struct progress *p, int64_t done, int64_t all)
{
	guard_lock(p->lock);
	p->file = done;
	p->files = all;
	guard_unlock(p->lock);
}

bool progress_rows(struct progress *p, int64_t rows, double share)
{
	bool go;

	guard_lock(p->lock);
	p->rows = true;
	p->done = (uint64_t)rows;
	p->share = share;
	go = !p->stop;
	guard_unlock(p->lock);
	return go;
}

bool progress_shows(struct progress *p)
{
	bool shows;

	guard_lock(p->lock);
	shows = p->on && time_monotonic_ms() - p->began > AT_ONCE_MS;
	guard_unlock(p->lock);
	return shows;
}

static double mb(uint64_t bytes)
{
	return (double)bytes / 1e6;
}

static void add_bar(uint64_t done, uint64_t all, int width, struct buf *b)
{
	if (width < BAR_AT)
		return;
	buf_adds(b, "  [");
	for (uint64_t i = 0; i < BAR; i++)
		buf_addc(b, i * all < done * BAR ? '#' : '.');
	buf_addc(b, ']');
}

/* Files done, how many a second, and what is left at that rate. */
static void add_files(const struct progress *p, int64_t now, int width, struct buf *b)
{
	double s = (double)(now - p->began) / 1000, rate = s > 0 ? (double)p->file / s : 0;
	char done[32], all[32];

	print_count(p->file, done);
	print_count(p->files, all);
	buf_addf(b, "  %s of %s files", done, all);
	add_bar((uint64_t)p->file, (uint64_t)p->files, width, b);
	if (rate > 0)
		buf_addf(b, "  %.0f a second  %.0f s left", rate,
		         (double)(p->files - p->file) / rate);
}

/* Rows done, how many a second, and what is left at the rate at which the shares were done. */
static void add_rows(const struct progress *p, double s, int width, struct buf *b)
{
	char rows[32], each[32];

	print_count((int64_t)p->done, rows);
	print_count((int64_t)(s > 0 ? (double)p->done / s : 0), each);
	buf_addf(b, "  %s rows", rows);
	if (p->share >= 0)
		add_bar((uint64_t)(p->share * 1000), 1000, width, b);
	buf_addf(b, "  %s a second", each);
	if (p->share > 0)
		buf_addf(b, "  %.0f s left", s / p->share * (1 - p->share));
}

/* Bytes done, the rate over this file, and what is left at that rate. */
static void add_amount(const struct progress *p, int64_t now, int width, struct buf *b)
{
	double s = (double)(now - p->file_began) / 1000, rate = s > 0 ? (double)p->done / s : 0;

	if (p->files > 1 && p->file <= p->files) {
		add_files(p, now, width, b);
		return;
	}
	if (p->done == 0)
		return;
	if (p->rows) {
		add_rows(p, s, width, b);
		return;
	}
	if (p->total == 0) {
		buf_addf(b, "  %.1f MB  %.1f MB/s", mb(p->done), rate / 1e6);
		return;
	}
	buf_addf(b, "  %.1f of %.1f MB", mb(p->done), mb(p->total));
	add_bar(p->done, p->total, width, b);
	if (p->done >= p->total) /* read: what it says is compared with what was known */
		buf_addf(b, "  taking it in  %.0f s", s);
	else if (rate > 0)
		buf_addf(b, "  %.1f MB/s  %.0f s left", rate / 1e6,
		         (double)(p->total - p->done) / rate);
}

void progress_draw(struct progress *p, struct canvas *c, int y)
{
	struct buf tail = BUF_INIT;
	struct rect r = canvas_all(c);
	int64_t now = time_monotonic_ms();
	int x = 1, w;

	guard_lock(p->lock);
	add_amount(p, now, r.w, &tail);
	if (tail.len == 0)
		buf_addf(&tail, "  %lld s", (long long)(now - p->began) / 1000);
	buf_adds(&tail, "  Esc stops");
	w = canvas_width(tail.s);
	x += canvas_printf(c, r, y, x, ROLE_message, "%s ", p->what);
	x += canvas_tail(c, r, y, x, r.w - x - w - 1, ROLE_message, p->name);
	canvas_text(c, r, y, x, ROLE_message, tail.s);
	guard_unlock(p->lock);
	buf_release(&tail);
}
