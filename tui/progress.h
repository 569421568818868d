/* SPDX-License-Identifier: MIT */
/* progress.h - how far a long job is, told by its thread and shown by the main one. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "tui/canvas.h"
#include "tui/worker.h"

struct progress {
	struct guard *lock;    /* of all below */
	bool     on;
	bool     stop;         /* the user wants it to end */
	char     what[32];     /* "importing" */
	char     name[256];    /* of the file at hand */
	uint64_t done, total;  /* bytes, or rows; total 0: not known */
	bool     rows;         /* it counts rows */
	double   share;        /* of all rows; less than 0: not known */
	int64_t  file, files;  /* done of how many; files 0 or 1: the bytes of one say more */
	int64_t  began, file_began; /* ms, monotonic */
};

void progress_init(struct progress *p);
void progress_release(struct progress *p);
/* Main thread: a job begins; the last one ended. */
void progress_begin(struct progress *p, const char *what, const char *name);
void progress_end(struct progress *p);
void progress_stop(struct progress *p);
/* In the job's thread: false when the user wants it to end. */
bool progress_tell(struct progress *p, const char *name, uint64_t done, uint64_t total);
/* Of a job over many files: how many are done. */
void progress_files(struct progress *p, int64_t done, int64_t all);
/* The same of a job that writes rows; what share of all that is, less than 0: not known. */
bool progress_rows(struct progress *p, int64_t rows, double share);
/* It runs for longer than a person takes for at once. */
bool progress_shows(struct progress *p);
/* On row y: what, name, how much of how much, how long still. */
void progress_draw(struct progress *p, struct canvas *c, int y);

#endif
