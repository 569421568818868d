/* SPDX-License-Identifier: MIT */
/* 0026-relay.c - what one thread makes the other takes, whole and in order, however either ends. */
#include "t/lib/test.h"

#include <sched.h>

enum { SLOTS = 3 };

struct work {
	size_t slot[SLOTS];
	size_t make;    /* how many it makes; more than are ever taken: until nobody takes */
	size_t drain;   /* every so many it waits until all is taken; 0: never */
	size_t made;    /* how many were given */
	bool   refused; /* it heard that nobody takes any more */
	bool   slow;
};

static void make(void *ctx, struct relay *r)
{
	struct work *w = ctx;
	size_t slot;

	for (size_t i = 0; i < w->make && !w->refused; i++) {
		w->refused = !relay_empty(r, &slot);
		if (w->refused)
			return;
		if (w->slow)
			sched_yield();
		w->slot[slot] = i;
		relay_give(r);
		w->made++;
		if (w->drain > 0 && i % w->drain == 0)
			w->refused = !relay_drain(r);
	}
}

/* Take up to `want`; what is taken counts up from 0. */
static size_t take(struct work *w, size_t want, bool slow)
{
	struct relay *r = relay_start(SLOTS, make, w);
	size_t n = 0, slot;

	assert_non_null(r);
	for (; n < want && relay_next(r, &slot); n++) {
		if (slow)
			sched_yield();
		assert_int_equal(w->slot[slot], n);
	}
	relay_stop(r);
	return n;
}

static void everything_arrives_in_order(void **state)
{
	struct work quick = { .make = 10000 }, slow = { .make = 1000, .slow = true };
	struct work waits = { .make = 1000, .drain = 7 };

	(void)state;
	assert_int_equal(take(&quick, SIZE_MAX, false), 10000);
	assert_int_equal(take(&slow, SIZE_MAX, false), 1000);
	assert_int_equal(take(&waits, SIZE_MAX, false), 1000);
	assert_false(quick.refused || slow.refused || waits.refused);
}

static void a_slow_taker_holds_the_maker_back(void **state)
{
	struct work w = { .make = 1000 };

	(void)state;
	assert_int_equal(take(&w, SIZE_MAX, true), 1000);
}

static void a_maker_that_makes_nothing_ends_it(void **state)
{
	struct work w = { .make = 0 };

	(void)state;
	assert_int_equal(take(&w, SIZE_MAX, false), 0);
}

static void a_taker_that_goes_ends_the_maker(void **state)
{
	struct work w = { .make = SIZE_MAX }, waits = { .make = SIZE_MAX, .drain = 1 };

	(void)state;
	assert_int_equal(take(&w, 10, false), 10);
	assert_true(w.refused);
	assert_in_range(w.made, 10, 9 + SLOTS);
	assert_int_equal(take(&waits, 10, false), 10);
	assert_true(waits.refused);
	assert_int_equal(waits.made, 10);
}

static void a_taker_may_take_nothing(void **state)
{
	struct work w = { .make = SIZE_MAX };

	(void)state;
	assert_int_equal(take(&w, 0, false), 0);
	assert_true(w.refused);
	relay_stop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_arrives_in_order),
		cmocka_unit_test(a_slow_taker_holds_the_maker_back),
		cmocka_unit_test(a_maker_that_makes_nothing_ends_it),
		cmocka_unit_test(a_taker_that_goes_ends_the_maker),
		cmocka_unit_test(a_taker_may_take_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
