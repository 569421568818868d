/* SPDX-License-Identifier: MIT */
/* 4100-dashboard.c - the whole dashboard over a small store, driven by keys, read as text. */
#include "t/lib/small.h"

#include <stdio.h>

#include "tui/app_state.h"

static char db_path[512];

static void in_room(char out[static 512], const char *name)
{
	snprintf(out, 512, "%s/%s", getenv("TMPDIR"), name);
}

/* The small store as a file, for both workers; fresh for every test. */
static int setup(UNUSED void **state)
{
	struct store *st = small_open();
	struct err e = ERR_INIT;
	char sql[600];

	in_room(db_path, "small.db");
	remove(db_path);
	/* its invented audit trail is no chain that could go on */
	small_sql(st, "DROP TRIGGER audit_no_delete; DELETE FROM audit;");
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", db_path);
	if (!db_script(st->db, sql, &e))
		fail_msg("%s", e.text);
	store_close(st);
	return 0;
}

static void write_text(const char *path, const char *text)
{
	struct out *o = out_file(path);
	struct err e = ERR_INIT;

	out_puts(o, text);
	assert_true(out_close(o, &e));
}

/* What the script's screens show; freed by the caller. */
static char *play(const struct app_opts *o, const char *script)
{
	char path[512], shown[512];
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	FILE *f;

	in_room(path, "script");
	in_room(shown, "shown");
	write_text(path, script);
	f = fopen(shown, "w");
	assert_non_null(f);
	if (!app_script(o, path, f, &e))
		fail_msg("%s", e.text);
	assert_int_equal(fclose(f), 0);
	assert_true(file_read(shown, 1 << 20, &b, &e));
	return buf_detach(&b);
}

static struct app_opts options(void)
{
	return (struct app_opts){
		.store = { .path = db_path, .now = SMALL_NOW, .actor = "tester" },
	};
}

/* Play the script and look for each of the texts, in this order. */
static void assert_shows(const char *script, const char *const *want)
{
	const struct app_opts o = options();
	char *shown = play(&o, script);
	const char *from = shown;

	for (; *want; want++) {
		const char *at = strstr(from, *want);

		if (!at)
			fail_msg("not shown: %s\n%s", *want, shown);
		from = at + strlen(*want);
	}
	free(shown);
}
#define SHOWS(...) (const char *const[]){ __VA_ARGS__, NULL }

static void the_overview_shows_what_waits(UNUSED void **state)
{
	assert_shows("screen\n", SHOWS("[1 Over]", "POSTURE", "Payment cards", "OPEN FINDINGS",
	             "Critical         1", "NOW", ">alert ", " KEV     CVE-2023-4911"));
}

static void two_and_three_enters_reach_a_finding_with_fix_controls_and_history(UNUSED void **state)
{
	assert_shows("keys 2<Enter><Enter><Enter>\nscreen\n",
	             SHOWS("[2 Imgs]", "Images > .. > CVE-2023-4911", "Looney Tunables",
	                   "Fix       update libc6 to 2.36-9+deb12u3",
		"History   2026-10-23  opened by trivy",
	                   "Breaks    PCI-DSS 6.3.3 fail"));
}

static void four_and_two_enters_reach_the_evidence_of_a_control(UNUSED void **state)
{
	assert_shows("keys 4<Enter>\nscreen\nkeys <Enter>\nscreen\n",
	             SHOWS("Payment cards > 2.2.6", "Is        FAIL", "EVIDENCE",
	                   "> check     dockle     CIS-DI-0001", "> CIS-DI-0001",
	                   "fail   CIS-DI-0001"));
}

static void a_cluster_leads_to_the_image_that_runs_there(UNUSED void **state)
{
	assert_shows("keys 3<Enter><Enter><Enter><Enter>\nscreen\n",
	             SHOWS("Clusters > .. > payments/api:2.14.1",
	                   "FIX PLAN"));
}

static void a_filter_narrows_and_escape_clears_it(UNUSED void **state)
{
	assert_shows("keys 5/sev:critical<Enter>\nscreen\nkeys <Esc>\nscreen\n",
	             SHOWS("Findings  sev:critical", "1/1 of 5", "> C CVE-2024-24790",
	                   "Findings  by due", "1/5"));
}

static void a_fault_in_a_filter_is_pointed_at_while_the_list_stays(UNUSED void **state)
{
	assert_shows("keys 5/sev>=<Enter>\nscreen\n",
	             SHOWS("> H CVE-2023-4911", "v ", "/ sev>="));
}

static void nothing_that_matches_says_of_how_many(UNUSED void **state)
{
	assert_shows("keys 5/nosuchthing<Enter>\nscreen\n",
	             SHOWS("0 of 5 match  nosuchthing   Esc clears it"));
}

static void the_cursor_stays_on_its_row_when_the_order_is_another(UNUSED void **state)
{
	assert_shows("keys 5jj\nscreen\nkeys R\nscreen\n",
	             SHOWS("3/5", "> H CVE-2024-6119", "3/5", "> H CVE-2024-6119"));
}

static void brackets_go_to_the_neighbours(UNUSED void **state)
{
	assert_shows("keys 2<Enter>]\nscreen\nkeys [[\nscreen\n",
	             SHOWS("Images > web/proxy:7.2", "Images > payments/api:2.14.1",
	                   "that was the first"));
}

static void counting_by_a_column_opens_its_rows(UNUSED void **state)
{
	assert_shows("keys 5#<Enter>\nscreen\nkeys <Enter>\nscreen\n",
	             SHOWS("Count by severity", "> high", "3", "Findings  severity:high",
	                   "1/3 of 5"));
}

static void marked_rows_get_one_owner_at_once(UNUSED void **state)
{
	assert_shows("keys 2<Space><Space>\nscreen\nkeys wteam-a<Enter>\nscreen\n"
	             "keys y\nscreen\nkeys u\nscreen\n",
	             SHOWS("2 marked", "* payments/api", "* web/proxy",
	                   "set the owner to team-a - on these 2:", "payments/api", "[Cancel]",
	                   "owner is now team-a, on 2", "2 acts taken back"));
}

static void a_note_is_written_and_shown(UNUSED void **state)
{
	assert_shows("keys 2<Enter><Enter><Enter>twaits for the release<Enter>G\nscreen\n",
	             SHOWS("Notes     tester 0m ago: waits for the release"));
}

static void an_alert_is_acknowledged_with_a_note(UNUSED void **state)
{
	assert_shows("keys 6<Enter>alooking<Enter>\nscreen\n",
	             SHOWS("acknowledge done", "alert acknowledged"));
}

static void an_answer_that_agrees_is_one_key_and_leads_on(UNUSED void **state)
{
	assert_shows("keys 7<Enter>P\nscreen\nkeys q\nscreen\n",
	             SHOWS("Checklist > CN-ACC-01", "answered pass", "CN-DATA-01", "pass",
	                   "tester"));
}

static void a_store_without_rights_refuses_and_says_so(UNUSED void **state)
{
	struct app_opts o = options();
	char *shown;

	o.store.read_only = true;
	shown = play(&o, "keys 2wme<Enter>\nscreen\n");
	assert_non_null(strstr(shown, "read-only"));
	free(shown);
}

static void every_view_draws_at_every_size(UNUSED void **state)
{
	static const char *const sizes[] = { "1x1", "59x15", "60x15", "80x24", "120x40", "200x60" };
	const struct app_opts o = options();
	struct buf script = BUF_INIT;
	char *shown;

	for (size_t i = 0; i < LENGTH(sizes); i++) {
		buf_addf(&script, "size %s\n", sizes[i]);
		buf_adds(&script, "keys 8\nscreen\n");
		for (int n = 1; n <= 7; n++)
			buf_addf(&script, "keys %d\nscreen\nkeys <Enter><Tab><Enter>pz\nscreen\n",
			         n);
	}
	shown = play(&o, script.s);
	assert_non_null(strstr(shown, "60x15 needed, this is 59x15"));
	assert_null(strstr(shown, "(null)"));
	free(shown);
	buf_release(&script);
}

static void help_lists_what_works_here_and_runs_it(UNUSED void **state)
{
	assert_shows("keys 2?\nscreen\nkeys jjjj<Enter>\nscreen\n",
	             SHOWS("Keys that work here", "mark the row", "one row up", "Images",
	                   "2/4  1 marked"));
}

static void a_meaning_that_is_longer_than_its_line_goes_on_below(UNUSED void **state)
{
	assert_shows("size 60x15\nkeys 2i\nscreen\n",
	             SHOWS("What the words here mean", "else its digest. In", "filters: image"));
}

static void the_palette_finds_views_controls_images_and_words(UNUSED void **state)
{
	assert_shows("keys :sour<Enter>\nscreen\nkeys :pci 6.3.3<Enter>\nscreen\n"
	             "keys :libc6<Enter>\nscreen\nkeys :theme mono<Enter>\nscreen\n",
	             SHOWS("Sources", "trivy", "Patches in time", "Findings", "CVE-2023-4911",
	                   "theme mono"));
}

/* With themes of the user's own in the folder of settings. */
static void assert_shows_with_themes(const char *script, const char *const *want)
{
	struct err e = ERR_INIT;
	char path[512], home[512];

	in_room(home, "config");
	assert_int_equal(setenv("XDG_CONFIG_HOME", home, 1), 0);
	in_room(path, "config/seaworthy/themes/ours.theme");
	assert_true(file_make_parents(path, &e));
	write_text(path, "late = #ff0000 bold\n");
	in_room(path, "config/seaworthy/themes/odd.theme");
	write_text(path, "# ours\nlate = #ff0000 bald\n");
	assert_shows(script, want);
	assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
}

static void the_menu_of_themes_wears_each_and_escape_the_old_one(UNUSED void **state)
{
	assert_shows_with_themes(
		"keys :theme<Enter>\nscreen\nkeys jj\nscreen\nkeys <Esc>\nscreen\n",
		SHOWS("POSTURE", "Themes, ", "blue-orange", "> default", "worn now", "odd", "ours",
		      "POSTURE", "> high-contrast", "theme high-contrast", "theme default"));
}

static void a_fault_in_a_user_s_theme_names_its_line_in_the_menu(UNUSED void **state)
{
	assert_shows_with_themes("keys :theme<Enter>jjjjjj\nscreen\nkeys <Enter>\nscreen\n",
	                         SHOWS("> odd", "odd, line 2", "bald", "odd, line 2"));
}

static void the_theme_that_was_chosen_is_kept(UNUSED void **state)
{
	assert_shows_with_themes("keys :theme<Enter>G<Up><Enter>\nscreen\n",
	                         SHOWS("theme ours"));
	assert_shows_with_themes("keys :theme<Enter>\nscreen\n", SHOWS("> ours", "worn now"));
}

static void a_store_that_cannot_be_opened_is_named(UNUSED void **state)
{
	struct app_opts o = options();
	char *shown;

	o.store.path = "/nonexistent/place/x.db";
	o.store.read_only = true;
	shown = play(&o, "screen\n");
	assert_non_null(strstr(shown, "/nonexistent/place/x.db"));
	free(shown);
}

static void a_fault_in_a_script_names_its_line(UNUSED void **state)
{
	const struct app_opts o = options();
	struct err e = ERR_INIT;
	char path[512];
	FILE *f;

	in_room(path, "script");
	write_text(path, "screen\nkeys <Nope>\n");
	f = fopen("/dev/null", "w");
	assert_non_null(f);
	assert_false(app_script(&o, path, f, &e));
	assert_int_equal(fclose(f), 0);
	assert_non_null(strstr(e.text, "line 2: no key has the name <Nope>"));
}

/* The row of the canvas that shows `text`. */
static int row_of(struct app *a, const char *text)
{
	struct buf b = BUF_INIT;
	const char *at;
	int y = 0;

	app_draw(a);
	canvas_dump(&a->canvas, &b, false);
	at = strstr(b.s, text);
	if (!at)
		fail_msg("not shown: %s\n%s", text, b.s);
	for (const char *s = b.s; s < at; s++)
		y += *s == '\n';
	buf_release(&b);
	return y;
}

static bool shows(struct app *a, const char *text)
{
	struct buf b = BUF_INIT;
	bool yes;

	app_draw(a);
	canvas_dump(&a->canvas, &b, false);
	yes = strstr(b.s, text) != NULL;
	buf_release(&b);
	return yes;
}

/* Nobody knows yet how high it will be: they would be pushed down. */
static void lists_wait_for_the_first_head_of_their_kind(UNUSED void **state)
{
	const struct app_opts o = options();
	struct err e = ERR_INIT;
	struct app *a = app_headless(&o, "images", &e);

	assert_non_null(a);
	app_key(a, K_ENTER);
	assert_true(shows(a, "reading..."));
	assert_false(shows(a, "FIX PLAN"));
	app_settle(a);
	assert_true(shows(a, "FIX PLAN"));
	app_headless_free(a);
}

static void the_lists_stay_where_they_are_while_the_head_is_read(UNUSED void **state)
{
	static const uint32_t keys[] = { ']', '[', 'q', K_ENTER };
	struct app_opts o = options();
	struct err e = ERR_INIT;
	struct app *a;
	int before;

	o.width = 120;
	o.height = 40;
	a = app_headless(&o, "images", &e);
	assert_non_null(a);
	app_key(a, K_ENTER);
	app_settle(a);
	for (size_t i = 0; i < LENGTH(keys); i++) {
		app_key(a, keys[i]);
		if (keys[i] != 'q') {
			before = row_of(a, "FIX PLAN");
			assert_true(before > row_of(a, "reading..."));
			app_settle(a);
			assert_int_equal(row_of(a, "FIX PLAN"), before);
		}
		app_settle(a);
	}
	app_headless_free(a);
}

static void a_click_goes_to_a_row_one_more_opens_it_and_line_one_has_the_views(
	UNUSED void **state)
{
	struct app_opts o = options();
	struct err e = ERR_INIT;
	struct app *a;
	int second;

	o.width = 80;
	o.height = 24;
	a = app_headless(&o, "images", &e);
	assert_non_null(a);
	app_settle(a);
	app_draw(a);
	second = a->canvas.cursor_y + 1;
	app_click(a, second, 30);
	app_draw(a);
	assert_int_equal(a->canvas.cursor_y, second);
	app_click(a, second - 2, 4); /* the head of the columns */
	app_draw(a);
	assert_int_equal(a->canvas.cursor_y, second);
	app_click(a, second, 2);
	app_settle(a);
	app_draw(a);
	assert_true(row_of(a, "FIX PLAN") > 0);
	app_click(a, 0, 36); /* "5 Find" */
	app_settle(a);
	app_draw(a);
	assert_int_equal(row_of(a, "[5 Find]"), 0);
	app_click(a, 0, 79); /* the clock */
	app_draw(a);
	assert_int_equal(row_of(a, "[5 Find]"), 0);
	app_headless_free(a);
}

/* Keys in one go, as over a slow line: nothing is answered before the last. */
static struct app *typed_ahead(const struct app_opts *o, const char *keys)
{
	struct err e = ERR_INIT;
	struct app *a = app_headless(o, "overview", &e);

	assert_non_null(a);
	for (const char *k = keys; *k; k++)
		app_key(a, (unsigned char)*k);
	return a;
}

static void keys_typed_ahead_of_the_rows_wait_for_them(UNUSED void **state)
{
	const struct app_opts o = options();
	struct app *a = typed_ahead(&o, "5j\r");

	assert_string_equal(app_top(a)->ops->name, "findings");
	app_settle(a);
	assert_string_equal(app_top(a)->ops->name, "problem");
	app_key(a, 'q');
	app_settle(a);
	assert_int_equal(app_top(a)->pane[0].cursor, 1); /* not the first */
	app_headless_free(a);
	a = typed_ahead(&o, "7\rS"); /* the walk's keys hold once it is there */
	app_settle(a);
	app_draw(a);
	assert_true(row_of(a, "2 of 2") > 0);
	app_headless_free(a);
	a = typed_ahead(&o, "5c");
	app_settle(a);
	app_draw(a);
	assert_true(row_of(a, "A key opens what it counts") > 0);
	app_headless_free(a);
}

static void escape_forgets_keys_that_wait(UNUSED void **state)
{
	const struct app_opts o = options();
	struct app *a = typed_ahead(&o, "5j\r\x1b");

	app_settle(a);
	assert_string_equal(app_top(a)->ops->name, "findings");
	assert_int_equal(app_top(a)->pane[0].cursor, 0);
	app_headless_free(a);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, setup)
	static const struct CMUnitTest tests[] = {
		T(the_overview_shows_what_waits),
		T(two_and_three_enters_reach_a_finding_with_fix_controls_and_history),
		T(four_and_two_enters_reach_the_evidence_of_a_control),
		T(a_cluster_leads_to_the_image_that_runs_there),
		T(a_filter_narrows_and_escape_clears_it),
		T(a_fault_in_a_filter_is_pointed_at_while_the_list_stays),
		T(nothing_that_matches_says_of_how_many),
		T(the_cursor_stays_on_its_row_when_the_order_is_another),
		T(brackets_go_to_the_neighbours),
		T(counting_by_a_column_opens_its_rows),
		T(marked_rows_get_one_owner_at_once),
		T(a_note_is_written_and_shown),
		T(an_alert_is_acknowledged_with_a_note),
		T(an_answer_that_agrees_is_one_key_and_leads_on),
		T(a_store_without_rights_refuses_and_says_so),
		T(every_view_draws_at_every_size),
		T(help_lists_what_works_here_and_runs_it),
		T(a_meaning_that_is_longer_than_its_line_goes_on_below),
		T(the_palette_finds_views_controls_images_and_words),
		T(the_menu_of_themes_wears_each_and_escape_the_old_one),
		T(a_fault_in_a_user_s_theme_names_its_line_in_the_menu),
		T(the_theme_that_was_chosen_is_kept),
		T(a_store_that_cannot_be_opened_is_named),
		T(a_fault_in_a_script_names_its_line),
		T(lists_wait_for_the_first_head_of_their_kind),
		T(the_lists_stay_where_they_are_while_the_head_is_read),
		T(keys_typed_ahead_of_the_rows_wait_for_them),
		T(escape_forgets_keys_that_wait),
		T(a_click_goes_to_a_row_one_more_opens_it_and_line_one_has_the_views),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
