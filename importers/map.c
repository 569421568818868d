/* SPDX-License-Identifier: MIT */
/* map.c - reading a report by a mapping file: JSON, JSON lines, or a table. */
#include "importers/csv.h"
#include "importers/kube.h"
#include "importers/map.h"
#include "importers/scanner.h"
#include "importers/source.h"
#include "importers/value.h"

#define ALIASES 64 /* of one record; more are left out */

struct mapping {
	const struct map         *m;
	const struct import_opts *opts;
	struct sink              *sink;
	const struct read_record *r;   /* JSON: the record in hand, at `level` */
	size_t                    level;
	const struct read_scope  *scope; /* of the levels */
	const struct csv_row     *row; /* a table: the row in hand */
	const size_t             *at;  /* where its columns are    */
	struct buf                asset; /* the one that was put last */
	bool                      scanned, placed; /* scan and asset were put */
	struct arena              mem; /* dies with the record */
};

static bool put(struct mapping *x, const struct record *r, struct err *e)
{
	return x->sink->put(x->sink, r, e);
}

/* ---- values ---- */

/* The record of a level: the one in hand, or one around it. */
static const struct read_record *record_at(const struct mapping *x, size_t level)
{
	const struct read_record *r = x->r;

	for (size_t i = x->level; r != NULL && i > level; i--)
		r = r->up;
	return r;
}

/* What a part says; of a list its items, one after the other. */
static const char *part_text(const struct mapping *x, const struct map_part *p, const char *after)
{
	const struct read_record *r;
	const char *s = after;

	if (p->text != NULL)
		return NULL;
	if (x->row != NULL)
		return after == NULL ? csv_cell(x->row, x->at[p->index]) : NULL;
	r = p->level > x->level ? NULL : record_at(x, p->level);
	if (p->index == MAP_KEY) {
		while (r != NULL && r->key == NULL)
			r = r->up;
		return r == NULL || after != NULL ? NULL : r->key;
	}
	if (r == NULL)
		return NULL;
	if (r->value[p->index].type != READ_ITEMS)
		return after == NULL ? read_text(r, p->index) : NULL;
	do
		s = read_item(r, p->index, s);
	while (s != NULL && *s == '\0');
	return s;
}

/* What the group of the expression takes of a text; NULL when it does not match. */
static const char *matched(struct arena *mem, const regex_t *regex, const char *text)
{
	regmatch_t m[2];

	if (text == NULL || regexec(regex, text, 2, m, 0) != 0 || m[1].rm_so < 0 ||
	    m[1].rm_eo == m[1].rm_so)
		return NULL;
	return arena_dupn(mem, text + m[1].rm_so, (size_t)(m[1].rm_eo - m[1].rm_so));
}

static const char *value_of(struct mapping *x, const struct map_value *v)
{
	const char *s = NULL, *between = "";

	for (size_t i = 0; i < v->npart; i++) {
		if (v->part[i].text != NULL) {
			between = v->part[i].text;
			continue;
		}
		s = value_join(&x->mem, s, between, part_text(x, &v->part[i], NULL));
		between = "";
	}
	if (v->match)
		s = matched(&x->mem, &v->regex, s);
	if (s == NULL && v->other != NULL)
		return value_of(x, v->other);
	return s == NULL ? v->text : s;
}

static const char *get(struct mapping *x, enum map_field f)
{
	return value_of(x, &x->m->field[f]);
}

static size_t aliases(struct mapping *x, const char **alias)
{
	const struct map_value *v = &x->m->field[MAP_ALIASES];
	size_t n = 0;

	for (size_t i = 0; i < v->npart; i++)
		for (const char *s = NULL;
		     n < ALIASES && (s = part_text(x, &v->part[i], s)) != NULL; )
			alias[n++] = s;
	return n;
}

/* The number that stands for a tool's word; -1: none. */
static int word_value(const struct map_words *w, const char *text)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_ieq(w->word[i].word, text))
			return w->word[i].value;
	return -1;
}

static enum severity severity(const struct mapping *x, const char *text)
{
	int i = word_value(&x->m->severities, text);

	return i < 0 ? severity_fold(text) : (enum severity)i;
}

static enum verdict verdict(const struct mapping *x, const char *text)
{
	int i = word_value(&x->m->verdicts, text);

	for (int v = 0; i < 0 && v < VERDICT_COUNT; v++)
		if (str_ieq(text, verdict_word((enum verdict)v)))
			i = v;
	return i < 0 ? VERDICT_COUNT : (enum verdict)i;
}

/* ---- scan and asset ---- */

static bool put_scan(struct mapping *x, struct err *e)
{
	const struct record rec = {
		.kind = REC_SCAN,
		.u.scan = {
			.source  = x->m->tool,
			.version = get(x, MAP_SCAN_VERSION),
			.at      = map_time(x->m->time_format, get(x, MAP_SCAN_TIME)),
			.cluster = get(x, MAP_ASSET_CLUSTER),
			.partial = x->m->whole ? NULL : "the mapping does not say complete",
		},
	};

	x->scanned = true;
	return put(x, &rec, e);
}

static bool fill_image(struct mapping *x, struct rec_digest *digest, struct rec_asset *a,
                       struct err *e)
{
	const char *text = get(x, MAP_ASSET_DIGEST);

	if (text != NULL && strchr(text, ':') == NULL)
		text = arena_printf(&x->mem, "sha256:%s", text);
	*digest = (struct rec_digest){ DIGEST_UNKNOWN, value_digest(text) };
	a->digest = digest;
	a->ndigest = digest->value != NULL;
	a->os = get(x, MAP_ASSET_OS);
	if (a->name == NULL)
		a->name = x->opts->image;
	if (a->name == NULL && a->ndigest == 0)
		return scanner_no_image(e);
	return true;
}

static bool fill_asset(struct mapping *x, struct rec_digest *digest, struct rec_asset *a,
                       struct err *e)
{
	const char *type = get(x, MAP_ASSET_TYPE), *space = get(x, MAP_ASSET_SPACE);

	*a = (struct rec_asset){ .kind = x->m->asset, .name = get(x, MAP_ASSET_NAME) };
	switch (a->kind) {
	case ASSET_IMAGE:
		return fill_image(x, digest, a, e);
	case ASSET_WORKLOAD:
		(void)kube_asset(&x->mem, type, space, a->name, a);
		return true;
	case ASSET_TREE:
		a->name = a->name == NULL ? "." : a->name;
		return true;
	default:
		a->namespace = space;
		return true;
	}
}

/* The asset of the record in hand, unless it is the one that was put last. */
static bool put_asset(struct mapping *x, struct err *e)
{
	struct rec_digest digest;
	struct record rec = { .kind = REC_ASSET };
	struct rec_asset *a = &rec.u.asset;
	const struct record cover = { .kind = REC_COVER, .u.cover = { .kind = x->m->kind } };
	const char *key;

	if (!fill_asset(x, &digest, a, e))
		return false;
	key = arena_printf(&x->mem, "%s\t%s\t%s\t%s", a->name == NULL ? "" : a->name,
	                   a->namespace == NULL ? "" : a->namespace,
	                   a->workload_kind == NULL ? "" : a->workload_kind,
	                   a->ndigest == 0 ? "" : digest.value);
	if (x->placed && str_eq(key, x->asset.s))
		return true;
	x->placed = true;
	buf_reset(&x->asset);
	buf_adds(&x->asset, key);
	return put(x, &rec, e) && (!x->m->whole || put(x, &cover, e));
}

static bool settle(struct mapping *x, struct err *e)
{
	return (x->scanned || put_scan(x, e)) && put_asset(x, e);
}

/* ---- records ---- */

static bool put_vulnerability(struct mapping *x, const char *id, struct err *e)
{
	const char *alias[ALIASES], *purl = get(x, MAP_PURL), *package = get(x, MAP_PACKAGE);
	const char *word = get(x, MAP_SEVERITY);
	const struct record rec = {
		.kind = REC_VULNERABILITY,
		.u.vulnerability = {
			.id           = id,
			.aliases      = alias,
			.naliases     = aliases(x, alias),
			.title        = get(x, MAP_TITLE),
			.text         = get(x, MAP_TEXT),
			.url          = get(x, MAP_URL),
			.severity     = severity(x, word),
			.severity_raw = word,
			.score        = value_score(get(x, MAP_SCORE)),
			.vector       = get(x, MAP_VECTOR),
			.epss         = value_share(get(x, MAP_EPSS)),
			.published    = map_time(x->m->time_format, get(x, MAP_PUBLISHED)),
			.package_type = value_package_type(&x->mem, get(x, MAP_TYPE),
			                                   get(x, MAP_ASSET_OS)),
			.package      = package == NULL ? purl : package,
			.version      = get(x, MAP_VERSION),
			.purl         = purl,
			.fixed_in     = get(x, MAP_FIXED),
			.fix_state    = get(x, MAP_STATE),
			.path         = get(x, MAP_PATH),
			.layer        = get(x, MAP_LAYER),
		},
	};

	return put(x, &rec, e);
}

static void fill_rule(struct mapping *x, const char *id, struct rec_rule *rule)
{
	rule->id = id;
	rule->title = get(x, MAP_TITLE);
	rule->text = get(x, MAP_TEXT);
	rule->remediation = get(x, MAP_REMEDY);
	rule->url = get(x, MAP_URL);
	rule->severity_raw = get(x, MAP_SEVERITY);
	rule->severity = severity(x, rule->severity_raw);
}

static bool put_check(struct mapping *x, const char *id, struct err *e)
{
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = x->m->kind,
			.raw     = get(x, MAP_VERDICT),
			.verdict = verdict(x, get(x, MAP_VERDICT)),
			.place   = get(x, MAP_PLACE),
			.message = get(x, MAP_MESSAGE),
		},
	};

	fill_rule(x, id, &rec.u.check.rule);
	return put(x, &rec, e);
}

static bool put_finding(struct mapping *x, const char *id, struct err *e)
{
	const char *message = get(x, MAP_MESSAGE);
	struct record rec = {
		.kind = REC_FINDING,
		.u.finding = { .kind = x->m->kind, .place = get(x, MAP_PLACE), .message = message },
	};

	if (x->m->kind == FINDING_SECRET)
		rec.u.finding.message = value_mask(&x->mem, message);
	fill_rule(x, id, &rec.u.finding.rule);
	return put(x, &rec, e);
}

/* Why the record in hand is no use; NULL: it is. */
static const char *flaw(struct mapping *x)
{
	bool part = x->m->kind == FINDING_VULNERABILITY;

	if (get(x, MAP_ID) == NULL)
		return "no id";
	if (part && get(x, MAP_PACKAGE) == NULL && get(x, MAP_PURL) == NULL)
		return "no package";
	if (!part && x->m->field[MAP_VERDICT].place != NULL &&
	    verdict(x, get(x, MAP_VERDICT)) == VERDICT_COUNT)
		return "unknown verdict";
	return NULL;
}

static bool put_record(struct mapping *x, struct err *e)
{
	const char *id = get(x, MAP_ID);

	if (x->m->kind == FINDING_VULNERABILITY)
		return put_vulnerability(x, id, e);
	return x->m->field[MAP_VERDICT].place != NULL ? put_check(x, id, e) :
	                                                put_finding(x, id, e);
}

/* ---- JSON ---- */

static bool on_outer(void *ctx, const struct read_record *r, struct err *e)
{
	struct mapping *x = ctx;

	x->r = r;
	x->level = (size_t)(r->scope - x->scope);
	arena_reset(&x->mem);
	return x->level != x->m->asset_level || settle(x, e);
}

/* The last field of a level that is repeated is the value itself, where it is no object. */
static bool is_object(const struct read_record *r)
{
	size_t last = r->scope->nfield - 1;

	return r->scope->path[0] == '\0' || r->value[last].type == READ_NONE;
}

static bool on_record(void *ctx, const struct read_record *r, struct err *e)
{
	struct mapping *x = ctx;
	const char *reason;

	x->r = r;
	x->level = x->m->nlevel - 1;
	arena_reset(&x->mem);
	reason = is_object(r) ? flaw(x) : "not an object";
	if (reason != NULL)
		return read_skip(r, reason, e);
	return (x->m->asset_level < x->level || settle(x, e)) && put_record(x, e);
}

static bool read_json(struct mapping *x, const struct source *src, struct err *e)
{
	const struct map *m = x->m;
	struct arena outer = ARENA_INIT; /* dies with this function */
	struct read_scope *scope = arena_array(&outer, struct read_scope, m->nlevel);
	const struct read_opts how = {
		.flags = m->form == MAP_JSON_LINES ? READ_STREAM : 0, .sink = x->sink,
	};
	bool ok;

	for (size_t i = 0; i < m->nlevel; i++) {
		scope[i] = m->level[i];
		scope[i].on = i + 1 == m->nlevel ? on_record : on_outer;
	}
	x->scope = scope;
	ok = read_document(src, scope, m->nlevel, x, &how, e);
	x->r = NULL;
	arena_release(&outer);
	return ok;
}

/* ---- a table ---- */

static bool find_columns(const struct map *m, const struct csv_row *head, size_t *at,
                         struct err *e)
{
	for (size_t i = 0; i < m->ncolumn; i++) {
		int column = head == NULL ? -1 : str_index(head->cell, head->ncell, m->column[i]);

		if (column < 0)
			return err_set(e, ERR_FORMAT, "line 1: no column \"%s\", which %s names",
			               m->column[i], m->file);
		at[i] = (size_t)column;
	}
	return true;
}

/* Cells that no column is for: which of the row's own belongs to which, nobody can tell. */
static bool is_shifted(const struct csv_row *row, size_t ncolumn)
{
	for (size_t i = ncolumn; i < row->ncell; i++)
		if (csv_cell(row, i) != NULL)
			return true;
	return false;
}

static bool on_row(struct mapping *x, const struct csv_row *row, size_t ncolumn, struct err *e)
{
	const char *reason;

	x->row = row;
	arena_reset(&x->mem);
	reason = is_shifted(row, ncolumn) ? "more cells than the table has columns" : flaw(x);
	if (reason != NULL)
		return csv_skip(x->sink, row, reason, e);
	return settle(x, e) && put_record(x, e);
}

static bool read_rows(struct mapping *x, struct csv *c, uint64_t size, struct err *e)
{
	size_t at[CSV_CELLS], ncolumn;
	const struct csv_row *row;

	if (x->m->ncolumn > CSV_CELLS)
		return err_set(e, ERR_LIMIT, "%s names too many columns", x->m->file);
	csv_separator(c, x->m->comma);
	if (!csv_next(c, &row, e) || !find_columns(x->m, row, at, e))
		return false;
	x->at = at;
	ncolumn = row->ncell;
	for (;;) {
		if (!csv_next(c, &row, e) || (row != NULL && !on_row(x, row, ncolumn, e)))
			return false;
		if (row == NULL)
			break;
		if (row->line % 1024 == 0 && !x->sink->tick(x->sink, csv_done(c), size, e))
			return false;
	}
	x->row = NULL;
	return true;
}

static bool read_table(struct mapping *x, const struct source *src, struct err *e)
{
	struct csv *c;
	bool ok;

	if (!csv_open(src, &c, e))
		return false;
	ok = read_rows(x, c, (uint64_t)source_size(src), e);
	csv_close(c);
	return ok;
}

/* A report without a record is one of the asset that the mapping, or the user, names outright. */
static bool put_clean(struct mapping *x, struct err *e)
{
	const struct map_value *name = &x->m->field[MAP_ASSET_NAME];

	if (x->placed || name->npart > 0 ||
	    (x->m->asset == ASSET_IMAGE && name->text == NULL && x->opts->image == NULL))
		return true;
	return put_asset(x, e);
}

bool map_run(const struct map *m, const struct source *src, const struct import_opts *o,
             struct sink *out, struct err *e)
{
	struct mapping x = { .m = m, .opts = o, .sink = out, .asset = BUF_INIT };
	bool ok = m->form == MAP_CSV ? read_table(&x, src, e) : read_json(&x, src, e);

	x.level = 0;
	ok = ok && (x.scanned || put_scan(&x, e)) && put_clean(&x, e);
	buf_release(&x.asset);
	arena_release(&x.mem);
	return ok;
}
