/* SPDX-License-Identifier: MIT */
/* 0012-mem.c - memory that never comes back NULL, and arenas. */
#include "t/lib/test.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void say_hook(void)
{
	fputs("hook ", stderr);
	fflush(stderr);
}

/* What a child that runs fn writes to standard error; its exit status in *status. */
static void dying_words(void (*fn)(void), char *words, size_t size, int *status)
{
	int     ends[2];
	pid_t   child;
	size_t  at = 0;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		die_hook = say_hook;
		fn();
		_exit(0);
	}
	close(ends[1]);
	while (at + 1 < size && (n = read(ends[0], words + at, size - 1 - at)) > 0)
		at += (size_t)n;
	words[at] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, status, 0), child);
}

static void die_now(void)
{
	die("no %s left", "air");
}

static void overflow_array(void)
{
	array_size(SIZE_MAX / 2, 3);
}

static void overflow_calloc(void)
{
	free(xcalloc(SIZE_MAX, 2));
}

static void overflow_arena(void)
{
	struct arena a = ARENA_INIT;

	arena_alloc(&a, SIZE_MAX - 8, 16);
}

static void dying_restores_the_screen_then_says_why(UNUSED void **state)
{
	char words[200];
	int  status;

	dying_words(die_now, words, sizeof(words), &status);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 70);
	assert_string_equal(words, "hook seaworthy: no air left\n");
}

static void sizes_that_overflow_end_the_program(UNUSED void **state)
{
	void (*const fns[])(void) = { overflow_array, overflow_calloc, overflow_arena };
	char words[300];
	int  status;

	for (size_t i = 0; i < LENGTH(fns); i++) {
		dying_words(fns[i], words, sizeof(words), &status);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 70);
	}
}

static void array_sizes_up_to_the_limit_are_exact(UNUSED void **state)
{
	assert_int_equal(array_size(0, 8), 0);
	assert_int_equal(array_size(8, 0), 0);
	assert_int_equal(array_size(7, 9), 63);
	assert_true(array_size(SIZE_MAX, 1) == SIZE_MAX);
	assert_true(array_size(SIZE_MAX / 8, 8) == SIZE_MAX / 8 * 8);
}

static void zero_bytes_are_still_memory(UNUSED void **state)
{
	void *a = xmalloc(0), *b = xcalloc(0, 8), *c = xrealloc_array(NULL, 0, 8);

	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	free(a);
	free(b);
	free(c);
	assert_null(xstrdup(NULL));
}

static void growing_an_array_keeps_it(UNUSED void **state)
{
	int  *v = xcalloc(2, sizeof(*v));
	char *s = xstrdup("text");

	v[1] = 7;
	v = xrealloc_array(v, 1000, sizeof(*v));
	assert_int_equal(v[0], 0);
	assert_int_equal(v[1], 7);
	assert_string_equal(s, "text");
	free(v);
	free(s);
}

static void objects_are_aligned_zeroed_and_apart(UNUSED void **state)
{
	struct arena         a = ARENA_INIT;
	const unsigned char *end = NULL;

	for (size_t i = 0; i < 3000; i++) {
		size_t         align = (size_t)1 << i % 7, size = i % 50;
		unsigned char *p = arena_alloc(&a, size, align);

		assert_int_equal((uintptr_t)p % align, 0);
		for (size_t k = 0; k < size; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, size);
		assert_true(!end || p >= end || p + size <= end);
		end = p + size;
	}
	arena_release(&a);
	assert_null(a.block);
}

static void large_objects_fit(UNUSED void **state)
{
	struct arena a = ARENA_INIT;
	char        *small = arena_dup(&a, "before");
	char        *large = arena_alloc(&a, (size_t)5 << 20, 64);
	char        *after = arena_dup(&a, "after");

	memset(large, 'x', (size_t)5 << 20);
	assert_string_equal(small, "before");
	assert_string_equal(after, "after");
	arena_release(&a);
}

static void texts_are_copied_whole(UNUSED void **state)
{
	struct arena a = ARENA_INIT;
	struct buf   wide = BUF_INIT;

	assert_null(arena_dup(&a, NULL));
	assert_string_equal(arena_dup(&a, ""), "");
	assert_string_equal(arena_dupn(&a, NULL, 0), "");
	assert_memory_equal(arena_dupn(&a, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_printf(&a, "%s/%d", "x", 7), "x/7");
	for (int i = 0; i < 9000; i++)
		buf_addc(&wide, 'w');
	assert_string_equal(arena_printf(&a, "%s", wide.s), wide.s);
	buf_release(&wide);
	arena_release(&a);
}

static void a_reset_arena_reuses_its_block_zeroed(UNUSED void **state)
{
	struct arena a = ARENA_INIT;
	void        *first;

	arena_reset(&a);
	for (int i = 0; i < 100; i++)
		memset(arena_alloc(&a, 1000, 8), 0xff, 1000);
	arena_reset(&a);
	assert_non_null(a.block);
	first = a.block;
	for (int i = 0; i < 10; i++)
		assert_int_equal(*(unsigned char *)arena_alloc(&a, 1000, 8), 0);
	assert_ptr_equal(a.block, first);
	arena_release(&a);
	arena_release(&a);
}

static void arrays_and_structs_have_their_types(UNUSED void **state)
{
	struct arena a = ARENA_INIT;
	struct err  *e = arena_new(&a, struct err);
	int64_t     *v = arena_array(&a, int64_t, 3);

	assert_int_equal(e->kind, ERR_NONE);
	assert_int_equal(v[2], 0);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dying_restores_the_screen_then_says_why),
		cmocka_unit_test(sizes_that_overflow_end_the_program),
		cmocka_unit_test(array_sizes_up_to_the_limit_are_exact),
		cmocka_unit_test(zero_bytes_are_still_memory),
		cmocka_unit_test(growing_an_array_keeps_it),
		cmocka_unit_test(objects_are_aligned_zeroed_and_apart),
		cmocka_unit_test(large_objects_fit),
		cmocka_unit_test(texts_are_copied_whole),
		cmocka_unit_test(a_reset_arena_reuses_its_block_zeroed),
		cmocka_unit_test(arrays_and_structs_have_their_types),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
