/* SPDX-License-Identifier: MIT */
/* 4010-worker.c - who is run, who is interrupted, and that every answer comes home exactly once. */
#include "t/lib/test.h"

#include <poll.h>
#include <unistd.h>

#include "tui/worker.h"

/* A pipe gates each work: it ends when the test writes a byte, or when it is interrupted. */
struct bench {
	int  wake[2], gate[2], started[2];
	int  runs, went_on;
	char log[64];
};

struct job {
	struct work   w;
	struct bench *b;
	char          name;
	bool          gated;
};

static void log_add(struct bench *b, char c)
{
	size_t n = strlen(b->log);

	assert_true(n + 1 < sizeof(b->log));
	b->log[n] = c;
	b->log[n + 1] = '\0';
}

static bool bench_open(void *arg, void **ctx, UNUSED struct err *e)
{
	*ctx = arg;
	return true;
}

static bool bench_must_not_open(UNUSED void *arg, UNUSED void **ctx, UNUSED struct err *e)
{
	fail_msg("opened without a question");
	return false;
}

static bool bench_refuse(UNUSED void *arg, UNUSED void **ctx, struct err *e)
{
	return err_set(e, ERR_STORE, "no store");
}

static void bench_close(UNUSED void *arg, UNUSED void *ctx)
{
}

static void bench_interrupt(void *ctx)
{
	struct bench *b = ctx;

	assert_int_equal(write(b->gate[1], "i", 1), 1);
}

static void bench_go_on(void *ctx)
{
	struct bench *b = ctx;

	b->went_on++;
}

#define ENDS bench_close, bench_interrupt, bench_go_on
static const struct worker_ops ops = { bench_open, ENDS };
static const struct worker_ops never = { bench_must_not_open, ENDS };
static const struct worker_ops refusing = { bench_refuse, ENDS };
#undef ENDS

static void job_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct job *j = (struct job *)w;
	char c;

	if (!ctx) {
		j->name = ctx_err->text[0];
		return;
	}
	j->b->runs++;
	if (write(j->b->started[1], &j->name, 1) != 1)
		return;
	if (j->gated && read(j->b->gate[0], &c, 1) != 1)
		j->name = '?';
}

static void job_done(struct work *w, bool stale)
{
	struct job *j = (struct job *)w;

	log_add(j->b, stale ? '-' : '+');
	log_add(j->b, j->name);
	free(j);
}

static void submit(struct worker *k, struct bench *b, char name, int slot, bool gated)
{
	struct job *j = xcalloc(1, sizeof(*j));

	j->w.run = job_run;
	j->w.done = job_done;
	j->w.owner = b;
	j->w.slot = slot;
	j->b = b;
	j->name = name;
	j->gated = gated;
	worker_submit(k, &j->w);
}

static void await_start(struct bench *b, char name)
{
	char c;

	assert_int_equal(read(b->started[0], &c, 1), 1);
	assert_int_equal(c, name);
}

static void drain(struct worker *k, struct bench *b)
{
	while (!worker_idle(k)) {
		struct pollfd p = { b->wake[0], POLLIN, 0 };
		char drop[16];

		if (worker_collect(k) > 0)
			continue;
		assert_int_equal(poll(&p, 1, -1), 1);
		assert_true(read(b->wake[0], drop, sizeof(drop)) > 0);
	}
}

static struct worker *bench_init(struct bench *b, const struct worker_ops *o)
{
	*b = (struct bench){ .runs = 0 };
	assert_int_equal(pipe(b->wake), 0);
	assert_int_equal(pipe(b->gate), 0);
	assert_int_equal(pipe(b->started), 0);
	return worker_new(o, b, b->wake[1]);
}

static void bench_release(struct bench *b, struct worker *k)
{
	worker_free(k);
	for (int i = 0; i < 2; i++) {
		close(b->wake[i]);
		close(b->gate[i]);
		close(b->started[i]);
	}
}

static void answers_come_home_in_order(UNUSED void **state)
{
	struct bench b;
	struct worker *k = bench_init(&b, &ops);

	submit(k, &b, 'a', 0, true);
	await_start(&b, 'a');
	submit(k, &b, 'c', 2, false);
	submit(k, &b, 'b', 1, false);
	assert_true(worker_busy(k, &b));
	assert_int_equal(write(b.gate[1], "g", 1), 1);
	drain(k, &b);
	assert_string_equal(b.log, "+a+b+c");
	assert_int_equal(b.went_on, 0);
	assert_false(worker_busy(k, &b));
	bench_release(&b, k);
}

static void a_newer_question_interrupts_the_older(UNUSED void **state)
{
	struct bench b;
	struct worker *k = bench_init(&b, &ops);

	submit(k, &b, 'a', 0, true);
	await_start(&b, 'a');
	submit(k, &b, 'b', 0, false);
	drain(k, &b);
	assert_string_equal(b.log, "-a+b");
	assert_int_equal(b.went_on, 1);
	bench_release(&b, k);
}

static void a_question_replaced_before_its_turn_is_never_run(UNUSED void **state)
{
	struct bench b;
	struct worker *k = bench_init(&b, &ops);

	submit(k, &b, 'a', 0, true);
	await_start(&b, 'a');
	submit(k, &b, 'b', 1, false);
	submit(k, &b, 'c', 1, false);
	assert_int_equal(write(b.gate[1], "g", 1), 1);
	drain(k, &b);
	assert_string_equal(b.log, "-b+a+c");
	assert_int_equal(b.runs, 2);
	bench_release(&b, k);
}

static void the_urgent_interrupts_and_the_other_is_run_again(UNUSED void **state)
{
	struct bench b;
	struct worker *k = bench_init(&b, &ops);

	submit(k, &b, 's', 5, true);
	await_start(&b, 's');
	submit(k, &b, 'u', 0, false);
	await_start(&b, 'u');
	await_start(&b, 's');
	assert_int_equal(write(b.gate[1], "g", 1), 1);
	drain(k, &b);
	assert_string_equal(b.log, "+u+s");
	assert_int_equal(b.runs, 3);
	bench_release(&b, k);
}

static void cancel_makes_everything_stale(UNUSED void **state)
{
	struct bench b;
	struct worker *k = bench_init(&b, &ops);

	submit(k, &b, 'a', 0, true);
	await_start(&b, 'a');
	submit(k, &b, 'b', 1, false);
	worker_cancel(k, NULL);
	drain(k, &b);
	assert_string_equal(b.log, "-b-a");
	bench_release(&b, k);
}

static void ending_hands_everything_back(UNUSED void **state)
{
	struct bench b;
	struct worker *k = bench_init(&b, &ops);

	submit(k, &b, 'a', 0, true);
	await_start(&b, 'a');
	submit(k, &b, 'b', 1, false);
	worker_free(k);
	assert_string_equal(b.log, "-b-a");
	bench_release(&b, NULL);
}

static void a_worker_that_cannot_open_says_why_in_every_answer(UNUSED void **state)
{
	struct bench b;
	struct worker *k = bench_init(&b, &refusing);

	submit(k, &b, 'a', 0, false);
	drain(k, &b);
	assert_string_equal(b.log, "+n");
	bench_release(&b, k);
}

static void a_worker_that_is_asked_nothing_opens_nothing(UNUSED void **state)
{
	struct bench b;
	struct worker *k = bench_init(&b, &never);

	bench_release(&b, k);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_come_home_in_order),
		cmocka_unit_test(a_newer_question_interrupts_the_older),
		cmocka_unit_test(a_question_replaced_before_its_turn_is_never_run),
		cmocka_unit_test(the_urgent_interrupts_and_the_other_is_run_again),
		cmocka_unit_test(cancel_makes_everything_stale),
		cmocka_unit_test(ending_hands_everything_back),
		cmocka_unit_test(a_worker_that_is_asked_nothing_opens_nothing),
		cmocka_unit_test(a_worker_that_cannot_open_says_why_in_every_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
