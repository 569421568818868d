/* SPDX-License-Identifier: MIT */
/* draw.c - the lines every screen has, and how numbers, spans and words are shortened. */
#include <stdio.h>
#include <stdlib.h>

#include "tui/draw.h"

/* ---- numbers and spans ---- */

void print_count(int64_t n, char out[static 32])
{
	char digits[32];
	size_t len, at = 0;

	snprintf(digits, sizeof(digits), "%lld", (long long)n);
	len = strlen(digits);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

void print_short(int64_t n, char out[static 32])
{
	static const struct { int64_t unit; char letter; } units[] = {
		{ 1000000000, 'G' }, { 1000000, 'M' }, { 1000, 'k' },
	};

	for (size_t i = 0; i < LENGTH(units); i++) {
		int64_t u = units[i].unit;

		if (n < u * 10 && !(u > 1000 && n >= u))
			continue;
		if (n < u * 100)
			snprintf(out, 32, "%lld.%lld%c", (long long)(n / u),
			         (long long)(n % u * 10 / u), units[i].letter);
		else
			snprintf(out, 32, "%lld%c", (long long)(n / u), units[i].letter);
		return;
	}
	print_count(n, out);
}

void print_due(int64_t due, int64_t now, char out[static 16])
{
	if (due == DUE_NONE)
		str_copy(out, 16, "-");
	else
		time_print_span(due - now, out);
}

void print_age(int64_t at, int64_t now, char out[static 16])
{
	if (at <= 0)
		str_copy(out, 16, "none");
	else
		time_print_span(now > at ? now - at : 0, out);
}

/* ---- names ---- */

/* A registry is a first part with a dot or a port; Docker's own library is left out with it. */
const char *short_name(const char *s)
{
	size_t n = strcspn(s, "/ ");
	const char *rest = s + n + 1;

	if (s[n] != '/' || n == 0 || strcspn(s, ".:") >= n)
		return s;
	return str_prefix(rest, "library/") ? rest + strlen("library/") : rest;
}

bool has_tag(const char *s)
{
	const char *last = strrchr(s, '/');

	return last && strchr(last, ':');
}

/* What of the image's name `s` says something new beside `before`: of the same one, its tag. */
static const char *name_beside(const char *s, const char *before)
{
	const char *tag = strrchr(s, ':');
	size_t n = tag ? (size_t)(tag - s) : 0;

	return n > 0 && strncmp(s, before, n) == 0 && before[n] == ':' ? tag + 1 : s;
}

void short_words(const char *s, struct buf *out)
{
	struct buf word = BUF_INIT, before = BUF_INIT;

	while (s && *s != '\0') {
		size_t blanks = strspn(s, " "), n = strcspn(s + blanks, " ");
		const char *name;

		buf_reset(&word);
		buf_add(&word, s + blanks, n);
		name = has_tag(word.s) && !strstr(word.s, "://") ? short_name(word.s) : NULL;
		buf_add(out, s, blanks);
		buf_adds(out, name ? name_beside(name, before.s) : word.s);
		if (name) {
			buf_reset(&before);
			buf_adds(&before, name);
		}
		s += blanks + n;
	}
	buf_release(&before);
	buf_release(&word);
}

/* ---- words ---- */

const char *severity_letter(enum severity s)
{
	static const char *const letter[SEV_COUNT] = {
		[SEV_CRITICAL] = "C", [SEV_HIGH] = "H", [SEV_MEDIUM] = "M", [SEV_LOW] = "L",
		[SEV_NEGLIGIBLE] = "N", [SEV_UNKNOWN] = "?",
	};

	return (unsigned)s < SEV_COUNT ? letter[s] : "?";
}

enum style_role severity_role(enum severity s)
{
	static const enum style_role role[SEV_COUNT] = {
		[SEV_CRITICAL] = ROLE_critical, [SEV_HIGH] = ROLE_high, [SEV_MEDIUM] = ROLE_medium,
		[SEV_LOW] = ROLE_low, [SEV_NEGLIGIBLE] = ROLE_negligible,
		[SEV_UNKNOWN] = ROLE_unknown,
	};

	return (unsigned)s < SEV_COUNT ? role[s] : ROLE_unknown;
}

const char *control_short(enum control_word w)
{
	static const char *const word[CONTROL_COUNT] = {
		[CONTROL_PASS] = "PASS", [CONTROL_FAIL] = "FAIL", [CONTROL_STALE] = "STAL",
		[CONTROL_NONE] = "NONE", [CONTROL_MANUAL] = "MANL", [CONTROL_NA] = "N/A",
		[CONTROL_EXCEPTED] = "EXC",
	};

	return (unsigned)w < CONTROL_COUNT ? word[w] : "?";
}

enum style_role control_role(enum control_word w)
{
	static const enum style_role role[CONTROL_COUNT] = {
		[CONTROL_PASS] = ROLE_pass, [CONTROL_FAIL] = ROLE_fail, [CONTROL_STALE] = ROLE_warn,
		[CONTROL_NONE] = ROLE_none, [CONTROL_MANUAL] = ROLE_warn, [CONTROL_NA] = ROLE_dim,
		[CONTROL_EXCEPTED] = ROLE_text,
	};

	return (unsigned)w < CONTROL_COUNT ? role[w] : ROLE_text;
}

/* open res acc fp na oper adj vend */
static const char *state_short(enum finding_state s)
{
	static const char *const word[STATE_COUNT] = {
		[STATE_OPEN] = "open", [STATE_RESOLVED] = "res", [STATE_ACCEPTED] = "acc",
		[STATE_FALSE_POSITIVE] = "fp", [STATE_NOT_AFFECTED] = "na",
		[STATE_OPERATIONAL] = "oper", [STATE_RISK_ADJUSTED] = "adj",
		[STATE_VENDOR] = "vend",
	};

	return (unsigned)s < STATE_COUNT ? word[s] : "?";
}

/* ---- cells ---- */

bool value_right(enum value_type t)
{
	switch (t) {
	case VAL_INT: case VAL_TIME: case VAL_DUE: case VAL_EPSS: case VAL_SCORE:
	case VAL_FAILS:
		return true;
	default:
		return false;
	}
}

static void cell_due(int64_t due, int64_t now, struct buf *out, enum style_role *role)
{
	char span[16];

	print_due(due, now, span);
	buf_adds(out, span);
	if (due < now)
		*role = ROLE_late;
	else if (due - now < 86400)
		*role = ROLE_warn;
}

static void cell_number(int64_t n, struct buf *out)
{
	char text[32];

	print_short(n, text);
	buf_adds(out, text);
}

static void cell_age(int64_t at, int64_t now, struct buf *out)
{
	char span[16];

	print_age(at, now, span);
	buf_adds(out, span);
}

/* crit err warn note info */
static const char *priority_short(enum priority p)
{
	static const char *const word[PRIO_COUNT] = {
		[PRIO_EMERGENCY] = "emer", [PRIO_ALERT] = "aler", [PRIO_CRITICAL] = "crit",
		[PRIO_ERROR] = "err", [PRIO_WARNING] = "warn", [PRIO_NOTICE] = "note",
		[PRIO_INFO] = "info", [PRIO_DEBUG] = "debu",
	};

	return (unsigned)p < PRIO_COUNT ? word[p] : "?";
}

static enum style_role priority_role(int64_t p)
{
	if (p <= PRIO_CRITICAL)
		return ROLE_critical;
	return p == PRIO_ERROR ? ROLE_high : p == PRIO_WARNING ? ROLE_medium : ROLE_low;
}

static enum style_role verdict_role(int64_t v)
{
	return v == VERDICT_PASS ? ROLE_pass : v == VERDICT_FAIL ? ROLE_fail :
	       v == VERDICT_WARN || v == VERDICT_MANUAL ? ROLE_warn : ROLE_text;
}

static void cell_text(const char *s, struct buf *out)
{
	buf_adds(out, str_empty(s) ? "-" : s);
}

void print_cell(const struct value *v, int64_t now, struct buf *out, enum style_role *role)
{
	*role = ROLE_text;
	switch (v->type) {
	case VAL_NULL:
		cell_text(NULL, out);
		break;
	case VAL_TEXT: case VAL_LIST:
		cell_text(v->u.s, out);
		break;
	case VAL_INT:
		cell_number(v->u.i, out);
		break;
	case VAL_TIME:
		cell_age(v->u.i, now, out);
		break;
	case VAL_DUE:
		cell_due(v->u.i, now, out, role);
		break;
	case VAL_SEVERITY:
		buf_adds(out, severity_letter((enum severity)v->u.i));
		*role = severity_role((enum severity)v->u.i);
		break;
	case VAL_CONTROL:
		buf_adds(out, control_short((enum control_word)v->u.i));
		*role = control_role((enum control_word)v->u.i);
		break;
	case VAL_STATE:
		buf_adds(out, state_short((enum finding_state)v->u.i));
		break;
	case VAL_PRIORITY:
		buf_adds(out, priority_short((enum priority)v->u.i));
		*role = priority_role(v->u.i);
		break;
	case VAL_VERDICT:
		value_print(v, out);
		*role = verdict_role(v->u.i);
		break;
	case VAL_FLAG:
		if (v->u.i)
			buf_adds(out, "yes");
		break;
	case VAL_EPSS: case VAL_FAILS:
		if (v->u.i < 0)
			cell_text(NULL, out);
		else
			value_print(v, out);
		break;
	default:
		value_print(v, out);
		break;
	}
}

/* ---- lines ---- */

/* How much of each tab fits. */
enum tab_form { TAB_FULL, TAB_BRIEF, TAB_NUMBER };

static const char *tab_word(const struct tab *t, enum tab_form form, bool open)
{
	if (form == TAB_FULL)
		return t->full;
	return form == TAB_BRIEF || open ? t->brief : "";
}

static int draw_tab(struct canvas *c, int x, const struct tab *t, enum tab_form form, bool open,
                    int64_t late)
{
	const char *word = tab_word(t, form, open);
	struct rect r = canvas_all(c);
	enum style_role role = open ? ROLE_tab : ROLE_title;
	int from = x;

	x += canvas_text(c, r, 0, x, role, open ? "[" : " ");
	x += canvas_printf(c, r, 0, x, role, "%d%s%s", t->number, word[0] ? " " : "", word);
	if (late > 0)
		x += canvas_printf(c, r, 0, x, ROLE_late, "!%lld", (long long)late);
	x += canvas_text(c, r, 0, x, role, open ? "]" : " ");
	return x - from;
}

static int tabs_width(const struct tab *tab, size_t n, enum tab_form form, int open)
{
	int w = 0;

	for (size_t i = 0; i < n; i++) {
		const char *word = tab_word(&tab[i], form, tab[i].number == open);

		w += 3 + (word[0] ? 1 + canvas_width(word) : 0);
	}
	return w;
}

void draw_title(struct canvas *c, const struct tab *tab, size_t ntab, int open, int64_t late,
                const char *who, int64_t now)
{
	char right[64], clock[21];
	enum tab_form form = TAB_FULL;
	int x = 0, w;

	time_print(now, clock);
	if (c->w >= 110)
		snprintf(right, sizeof(right), "%s  %.10s %.5sZ", who, clock, clock + 11);
	else
		snprintf(right, sizeof(right), "%s %.5sZ", who, clock + 11);
	w = canvas_width(right);
	while (form < TAB_NUMBER && tabs_width(tab, ntab, form, open) + w + 4 > c->w)
		form++;
	for (size_t i = 0; i < ntab; i++) {
		bool alerts = str_eq(tab[i].full, "Alerts");

		x += draw_tab(c, x, &tab[i], form, tab[i].number == open, alerts ? late : 0);
	}
	if (x + w + 1 <= c->w)
		canvas_text(c, canvas_all(c), 0, c->w - w - 1, ROLE_title, right);
}

void draw_crumb(struct canvas *c, struct rect r, int y, const char *left, const char *right)
{
	int w = canvas_width(right);

	if (w > r.w - 8)
		w = r.w - 8;
	canvas_right(c, r, y, r.w - w - 1, w, ROLE_crumb, right);
	canvas_cut(c, r, y, 1, r.w - w - 4, ROLE_crumb, left);
}

void draw_keys(struct canvas *c, int y, const struct keymap *m, const struct hint *hint, size_t n,
               bool with_help)
{
	struct rect r = canvas_all(c);
	const char *help = keymap_key(m, ACT_HELP);
	int help_width = with_help ? canvas_width(help) + 6 : 0;
	int x = 1;

	for (size_t i = 0; i < n; i++) {
		const char *key = keymap_key(m, hint[i].action);
		int w = canvas_width(key) + 1 + canvas_width(hint[i].label);

		if (key[0] == '\0')
			continue;
		if (x + w + 2 + help_width > c->w)
			break;
		x += canvas_text(c, r, y, x, ROLE_key, key) + 1;
		x += canvas_text(c, r, y, x, ROLE_dim, hint[i].label) + 2;
	}
	if (!with_help)
		return;
	x += canvas_text(c, r, y, x, ROLE_key, help) + 1;
	canvas_text(c, r, y, x, ROLE_dim, "help");
}

void draw_rule(struct canvas *c, struct rect r, int y)
{
	canvas_fill(c, r, y, 0, r.w, ROLE_rule, '-');
}

/* Bytes of `s` that fill a line of `width` columns, broken at a blank where there is one. */
static size_t line_length(const char *s, int width)
{
	size_t n = strlen(s), at = 0, blank = 0;
	int used = 0;

	while (at < n && s[at] != '\n') {
		uint32_t ch;
		size_t step = utf8_next(s + at, n - at, &ch);
		int w = utf8_width(ch);

		if (s[at] == ' ')
			blank = at;
		used += w < 0 ? 2 : w;
		if (used > width)
			return blank > 0 ? blank : at > 0 ? at : step;
		at += step;
	}
	return at;
}

int count_wrapped(int width, const char *text)
{
	int rows = 0;

	if (!text || width <= 0)
		return 0;
	for (; *text != '\0'; rows++) {
		text += line_length(text, width);
		text += strspn(text, " \n\r");
	}
	return rows;
}

int draw_wrapped(struct canvas *c, struct rect r, int y, int x, enum style_role role,
                 const char *text)
{
	int rows = 0, width = r.w - x;

	if (!text || width <= 0)
		return 0;
	for (; *text != '\0' && y + rows < r.h; rows++) {
		size_t n = line_length(text, width);
		char *line = xmalloc(n + 1);

		memcpy(line, text, n);
		line[n] = '\0';
		canvas_text(c, r, y + rows, x, role, line);
		free(line);
		text += n;
		text += strspn(text, " \n\r");
	}
	return rows;
}
