/* SPDX-License-Identifier: MIT */
/* mute.c - `x` on an alert: where its rule is muted, until when and why; or no longer. */
#include "tui/acts.h"

enum { WHY_MAX = 400 };

/* Plain data for the job worker; kept in the app's scratch from one step to the next. */
struct muting {
	int64_t         alert, until; /* seconds UTC */
	enum mute_reach reach;
	char            why[WHY_MAX + 1];
};

static struct muting *muting_of(struct view *v)
{
	return app_scratch(v->app, sizeof(struct muting));
}

static bool run_mute(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct muting *m = arg;
	char day[11];

	if (!store_mute(st, m->alert, m->reach, m->until, m->why, e))
		return false;
	time_print_date(m->until - 1, day);
	buf_addf(say, "muted %s until %s; / muted shows what is", mute_reach_word(m->reach), day);
	return true;
}

static bool run_unmute(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct muting *m = arg;

	buf_adds(say, "called for again");
	return store_unmute(st, m->alert, e);
}

static bool take_why(struct view *v, const char *text, size_t *at, struct err *e)
{
	struct muting *m = muting_of(v);

	*at = 0;
	if (text[0] == '\0')
		return err_set(e, ERR_USAGE, "to mute a rule is a decision: say why; Esc leaves");
	if (!str_copy(m->why, sizeof(m->why), text))
		return err_set(e, ERR_LIMIT, "at most %d bytes", WHY_MAX);
	app_job(v->app, m, sizeof(*m), run_mute);
	return true;
}

static bool take_end(struct view *v, const char *text, size_t *at, struct err *e)
{
	const struct line_ask why = { .label = "mute: why? ", .text = "", .done = take_why,
	                              .history = HISTORY_NOTE };
	struct muting *m = muting_of(v);

	*at = 0;
	if (!read_until(text, app_now(v->app), &m->until) || m->until == 0)
		return err_set(e, ERR_USAGE, "a mute ends some day: 30d, 12w or a date to come");
	app_prompt(v->app, &why);
	return true;
}

static bool take_where(struct view *v, size_t i, struct err *e)
{
	const struct line_ask end = { .label = "mute until (30d, 12w, 2027-01-31): ",
	                              .text = "30d", .propose = true, .done = take_end,
	                              .history = HISTORY_NOTE };
	struct muting *m = muting_of(v);

	(void)e;
	m->reach = (enum mute_reach)i;
	if (i == MUTE_REACH_COUNT)
		app_job(v->app, m, sizeof(*m), run_unmute);
	else
		app_prompt(v->app, &end);
	return true;
}

void act_mute(struct view *v, const struct scope *alert)
{
	static const struct choice where[] = {
		[MUTE_THERE] = { "there only", "its workload, else its container or host", 't' },
		[MUTE_NAMESPACE] = { "its namespace", "all that runs in it", 'n' },
		[MUTE_EVERYWHERE] = { "everywhere", "wherever the rule detects something", 'e' },
		[MUTE_REACH_COUNT] = { "no longer muted", "it is called for again", 'u' },
	};

	if (!app_may(v->app, "mute"))
		return;
	*muting_of(v) = (struct muting){ .alert = alert->key[0] };
	app_choose(v->app, "Mute the rule of this alert; what it detects is kept, u takes it back",
	           where, LENGTH(where), 0, take_where);
}
