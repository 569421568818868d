/* SPDX-License-Identifier: MIT */
/* 2014-ahead.c - an importer that runs ahead of its sink says and does what it would without. */
#include "t/lib/test.h"

#include <inttypes.h>
#include <stdio.h>

#include "importers/ahead.h"
#include "t/lib/printsink.h"

/* ---- an importer of so many records, every seventh of a kind that is waited for ---- */

struct importer_of {
	size_t n;
	size_t break_at; /* the text is broken behind so many; 0: it is not */
	bool   ticks;
};

static bool put_event(size_t i, struct sink *out, struct err *e)
{
	char message[32], raw[600];
	struct record r = { .kind = REC_EVENT,
		            .u.event = { .ts_ns = (int64_t)i, .message = message, .raw = raw,
		                         .raw_len = sizeof(raw) } };
	bool ok;

	memset(raw, 'r', sizeof(raw));
	snprintf(message, sizeof(message), "event %zu", i);
	ok = out->put(out, &r, e);
	memset(message, '?', sizeof(message) - 1); /* it is not the sink's */
	return ok;
}

static bool put_scan(size_t i, struct sink *out, struct err *e)
{
	char source[32];
	const struct record r = { .kind = REC_SCAN, .u.scan = { .source = source } };

	snprintf(source, sizeof(source), "tool %zu", i);
	return out->put(out, &r, e) || err_context(e, "scan %zu", i);
}

static bool import(void *ctx, struct sink *out, struct err *e)
{
	const struct importer_of *x = ctx;

	for (size_t i = 0; i < x->n; i++) {
		if (x->break_at > 0 && i == x->break_at)
			return err_set(e, ERR_FORMAT, "broken at %zu", i);
		if (x->ticks && !out->tick(out, i, x->n, e))
			return false;
		if (i % 7 == 0 ? !put_scan(i, out, e) : !put_event(i, out, e))
			return false;
	}
	return true;
}

/* ---- a sink that refuses from some record on, or is told to stop ---- */

struct picky {
	struct print_sink print;
	struct sink       sink;
	size_t            n, refuse_at; /* 0: never */
	enum err_kind     refuse;
	uint64_t          done, stop_at;
};

static struct picky *picky_of(struct sink *s)
{
	return (struct picky *)((char *)s - offsetof(struct picky, sink));
}

static bool picky_put(struct sink *s, const struct record *r, struct err *e)
{
	struct picky *p = picky_of(s);

	if (++p->n == p->refuse_at)
		return err_set(e, p->refuse, "refused");
	assert_true(p->refuse_at == 0 || p->n < p->refuse_at);
	return p->print.sink.put(&p->print.sink, r, e);
}

static bool picky_tick(struct sink *s, uint64_t done, uint64_t total, struct err *e)
{
	struct picky *p = picky_of(s);

	(void)total;
	assert_true(done >= p->done);
	p->done = done;
	return p->stop_at == 0 || done < p->stop_at || err_set(e, ERR_CANCEL, "cancelled");
}

static void picky_init(struct picky *p)
{
	*p = (struct picky){ .sink = { .put = picky_put, .tick = picky_tick, .hasty = true } };
	print_sink_init(&p->print);
}

/* ---- */

static void the_records_are_the_same(void **state)
{
	struct importer_of x = { .n = 5000, .ticks = true };
	struct picky p, ahead;
	struct err e = ERR_INIT;

	(void)state;
	picky_init(&p);
	picky_init(&ahead);
	assert_true(import(&x, &p.sink, &e));
	assert_true(ahead_run(import, &x, &ahead.sink, &e));
	assert_string_equal(ahead.print.out.s, p.print.out.s);
	assert_int_equal(ahead.done, p.done);
	print_sink_release(&p.print);
	print_sink_release(&ahead.print);
}

/* How it ends when the sink refuses its nth record. */
static void refused(size_t nth, enum err_kind kind, enum err_kind want, const char *text)
{
	struct importer_of x = { .n = 5000 };
	struct err e = ERR_INIT;
	struct picky p;

	picky_init(&p);
	p.refuse_at = nth;
	p.refuse = kind;
	assert_false(ahead_run(import, &x, &p.sink, &e));
	assert_int_equal(e.kind, want);
	if (text != NULL)
		assert_string_equal(e.text, text);
	assert_int_equal(p.n, nth);
	print_sink_release(&p.print);
}

static void what_is_waited_for_is_refused_in_its_place(void **state)
{
	(void)state;
	refused(1, ERR_FORMAT, ERR_FORMAT, "scan 0: refused");
	refused(4999, ERR_STORE, ERR_STORE, "scan 4998: refused");
	refused(701, ERR_FORMAT, ERR_FORMAT, "scan 700: refused");
}

static void what_can_no_longer_be_placed_is_tried_again(void **state)
{
	(void)state;
	refused(3, ERR_LIMIT, ERR_AGAIN, NULL);
	refused(3, ERR_STORE, ERR_STORE, NULL);
	refused(5000, ERR_FORMAT, ERR_AGAIN, NULL); /* the importer may be done by then */
}

static void the_sink_s_error_comes_before_a_later_one_of_the_text(void **state)
{
	struct importer_of x = { .n = 5000, .break_at = 20 };
	struct err e = ERR_INIT;
	struct picky p;

	(void)state;
	picky_init(&p);
	assert_false(ahead_run(import, &x, &p.sink, &e));
	assert_string_equal(e.text, "broken at 20");
	assert_int_equal(p.n, 20);
	p.n = 0;
	p.refuse_at = 19;
	p.refuse = ERR_STORE;
	assert_false(ahead_run(import, &x, &p.sink, &e));
	assert_int_equal(e.kind, ERR_STORE);
	print_sink_release(&p.print);
}

static void a_stop_ends_both(void **state)
{
	struct importer_of x = { .n = SIZE_MAX, .ticks = true };
	struct err e = ERR_INIT;
	struct picky p;

	(void)state;
	picky_init(&p);
	p.stop_at = 50;
	assert_false(ahead_run(import, &x, &p.sink, &e));
	assert_int_equal(e.kind, ERR_CANCEL);
	assert_int_equal(p.done, 50);
	print_sink_release(&p.print);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_records_are_the_same),
		cmocka_unit_test(what_is_waited_for_is_refused_in_its_place),
		cmocka_unit_test(what_can_no_longer_be_placed_is_tried_again),
		cmocka_unit_test(the_sink_s_error_comes_before_a_later_one_of_the_text),
		cmocka_unit_test(a_stop_ends_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
