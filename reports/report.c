/* SPDX-License-Identifier: MIT */
/* report.c - the registries of reports and formats, and how one becomes a file. */
#include <inttypes.h>

#include "reports/doc.h"

#define REPORT(n) extern const struct report report_##n;
#include "reports/reports.def"
#undef REPORT
#define FORMAT(n) extern const struct format format_##n;
#include "reports/formats.def"
#undef FORMAT

static const struct report *const reports[] = {
#define REPORT(n) &report_##n,
#include "reports/reports.def"
#undef REPORT
};
static const struct format *const formats[] = {
#define FORMAT(n) &format_##n,
#include "reports/formats.def"
#undef FORMAT
};

const struct report_info *report_at(size_t i)
{
	return i < LENGTH(reports) ? &reports[i]->info : NULL;
}

const struct format_info *format_at(size_t i)
{
	return i < LENGTH(formats) ? &formats[i]->info : NULL;
}

static bool find_report(const char *id, const struct report **out, struct err *e)
{
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < LENGTH(reports); i++) {
		*out = reports[i];
		if (str_eq(reports[i]->info.id, id)) {
			buf_release(&names);
			return true;
		}
		buf_addf(&names, "%s%s", i ? ", " : "", reports[i]->info.id);
	}
	err_set(e, ERR_USAGE, "there is no report %s; there are: %s", id, names.s);
	buf_release(&names);
	return false;
}

static bool find_format(const char *id, const struct format **out, struct err *e)
{
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < LENGTH(formats); i++) {
		*out = formats[i];
		if (str_eq(formats[i]->info.id, id)) {
			buf_release(&names);
			return true;
		}
		buf_addf(&names, "%s%s", i ? ", " : "", formats[i]->info.id);
	}
	err_set(e, ERR_USAGE, "there is no format %s; there are: %s", id, names.s);
	buf_release(&names);
	return false;
}

/* What proves later which trail this was written from; see verify --anchor. */
static bool tell_anchor(struct doc *d, struct err *e)
{
	char head[2 * SHA256_SIZE + 1], time[21];
	int64_t seq, at, known;

	if (!store_anchor(d->job->st, &seq, head, e))
		return false;
	store_as_of(d->job->st, &at, &known);
	doc_heading(d, 2, "Anchor");
	if (at) {
		time_print(at, time);
		doc_fact(d, "As of", "%s", time);
	}
	if (seq)
		doc_fact(d, "Known to", "#%" PRId64, seq);
	doc_fact(d, REPORT_ANCHOR, seq ? "%" PRId64 ":%s" : "none", seq, head);
	return true;
}

static bool tell_all(struct doc *d, const struct report *what, struct err *e)
{
	if (what->info.format) /* a document of somebody else's making */
		return what->tell(d, e);
	d->ops->begin(d, what->info.title);
	if (!what->tell(d, e) || !tell_anchor(d, e))
		return false;
	d->ops->end(d);
	return true;
}

bool report_write(const char *id, const char *format, const struct report_job *job,
                  const char *path, struct err *e)
{
	const struct report *what;
	const struct format *how;
	struct theme theme;
	struct doc d = { .job = job, .theme = &theme };

	if (!find_report(id, &what, e) || !find_format(format, &how, e) ||
	    !theme_load(&theme, job->theme ? job->theme : "light", e))
		return false;
	if (what->info.wants_image && !job->image)
		return err_set(e, ERR_USAGE, "the report %s wants --image", id);
	if (what->info.format && !str_eq(what->info.format, format))
		return err_set(e, ERR_USAGE, "the report %s is written as %s only", id,
		               what->info.format);
	d.ops = how->doc;
	d.out = out_file(path);
	if (!tell_all(&d, what, e)) {
		if (e->kind == ERR_IO && out_failed(d.out)) /* it knows why */
			return out_close(d.out, e);
		out_discard(d.out);
		return false;
	}
	return out_close(d.out, e);
}
