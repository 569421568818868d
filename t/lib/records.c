/* SPDX-License-Identifier: MIT */
/* records.c - short spellings of records, for tests that drive the store's sink directly. */
#include "t/lib/test.h"
#include "t/lib/new_store.h"
#include "t/lib/records.h"

const char *digest(char c)
{
	static const char all[] =
		"sha256:0000000000000000000000000000000000000000000000000000000000000000";
	static char ring[16][72];
	static size_t next;
	char *d = ring[next++ % 16];

	memcpy(d, all, sizeof(all));
	memset(d + 7, c, 64);
	return d;
}

struct store *store_for_test(void)
{
	const struct store_opts o = { .actor = "tester", .now = T0 + 100 * D };

	return new_store_in_memory(&o);
}

void import_init(struct import *i, struct store *st)
{
	*i = (struct import){ .st = st, .stats = { .mem = ARENA_INIT } };
	i->o.importer = "test";
	i->o.file = "test.json";
}

void import_free(struct import *i)
{
	ingest_stats_release(&i->stats);
}

void import_begin_test(struct import *i)
{
	struct err e = ERR_INIT;

	ingest_stats_release(&i->stats);
	for (size_t k = 0; k < SHA256_SIZE && ++i->hash[k] == 0; k++)
		continue;
	i->o.sha256 = i->hash;
	if (!store_ingest_begin(i->st, &i->o, &i->sink, &e))
		fail_msg("%s", e.text);
}

void import_end_test(struct import *i)
{
	struct err e = ERR_INIT;

	if (!store_ingest_end(i->sink, true, &i->stats, &e))
		fail_msg("%s", e.text);
}

void put(struct import *i, const struct record *r)
{
	struct err e = ERR_INIT;

	if (!i->sink->put(i->sink, r, &e))
		fail_msg("%s", e.text);
}

void scan(struct import *i, const char *source, int64_t at)
{
	put(i, &(struct record){ REC_SCAN, { .scan = { .source = source, .at = at } } });
}

void image(struct import *i, const char *name, const char *config)
{
	struct rec_digest d = { DIGEST_CONFIG, config };
	struct record r = { REC_ASSET, { .asset = { .kind = ASSET_IMAGE, .name = name } } };

	r.u.asset.digest = &d;
	r.u.asset.ndigest = config != NULL;
	put(i, &r);
}

void host(struct import *i, const char *node)
{
	put(i, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_HOST, .name = node } } });
}

void vuln(struct import *i, const char *id, const char *package, const char *version,
	  enum severity s)
{
	put(i, &(struct record){ REC_VULNERABILITY,
				 { .vulnerability = { .id = id,
						      .package_type = "deb",
						      .package = package,
						      .version = version,
						      .severity = s,
						      .severity_raw = severity_word(s),
						      .score = -1,
						      .epss = -1 } } });
}

void check(struct import *i, const char *rule, const char *place, enum verdict v)
{
	put(i, &(struct record){ REC_CHECK,
				 { .check = { .kind = FINDING_MISCONFIGURATION,
					      .rule = { .id = rule, .severity = SEV_HIGH },
					      .verdict = v,
					      .place = place } } });
}

void secret(struct import *i, const char *rule, const char *place)
{
	put(i, &(struct record){ REC_FINDING,
				 { .finding = { .kind = FINDING_SECRET,
						.rule = { .id = rule, .severity = SEV_CRITICAL },
						.place = place } } });
}

void cover(struct import *i, enum finding_kind k)
{
	put(i, &(struct record){ REC_COVER, { .cover = { .kind = k } } });
}

void event(struct import *i, const char *rule, const char *container, int64_t at, enum priority p)
{
	struct buf raw = BUF_INIT;

	buf_addf(&raw, "%s %s %lld", rule, container, (long long)at);
	put(i, &(struct record){ REC_EVENT,
				 { .event = { .kind = EVENT_ALERT,
					      .ts_ns = at * NS_PER_S,
					      .rule = rule,
					      .priority = p,
					      .node = "node-1",
					      .container_id = container,
					      .raw = raw.s,
					      .raw_len = raw.len } } });
	buf_release(&raw);
}

void pod_listed(struct import *i, const char *namespace, const char *workload, const char *pod,
		const char *name, const char *config, bool runs)
{
	put(i, &(struct record){ REC_RUNNING,
				 { .running = { .namespace = namespace,
						.workload_kind = "Deployment",
						.workload = workload,
						.pod = pod,
						.pod_uid = pod,
						.container = "main",
						.image = name,
						.image_id = config,
						.labels = "app=web\n",
						.phase = runs ? "Running" : "Succeeded",
						.running = runs,
						.node = "node-1" } } });
}

void running(struct import *i, const char *namespace, const char *workload, const char *pod,
	     const char *name, const char *config)
{
	pod_listed(i, namespace, workload, pod, name, config, true);
}

void scan_image(struct import *i, const char *source, const char *name, const char *config,
		int64_t at, const char *ids)
{
	char id[32];

	import_begin_test(i);
	scan(i, source, at);
	image(i, name, config);
	cover(i, FINDING_VULNERABILITY);
	while (*ids) {
		size_t n = strcspn(ids, " ");

		assert_true(n < sizeof(id));
		memcpy(id, ids, n);
		id[n] = '\0';
		vuln(i, id, id, "1.0", SEV_HIGH);
		ids += n + (ids[n] == ' ');
	}
	import_end_test(i);
}

void policy_for_test(const char *name, const char *json)
{
	struct arena mem = ARENA_INIT;
	const char *path = arena_printf(&mem, "%s/seaworthy/policies/%s.json", getenv("TMPDIR"),
					name);
	struct err e = ERR_INIT;
	struct out *o;

	assert_int_equal(setenv("XDG_CONFIG_HOME", getenv("TMPDIR"), 1), 0);
	assert_true(file_make_parents(path, &e));
	o = out_file(path);
	out_puts(o, json);
	assert_true(out_close(o, &e));
	arena_release(&mem);
}

int64_t number(struct store *st, const char *sql)
{
	struct err e = ERR_INIT;
	int64_t n;

	if (!db_scalar(db_stmt(st->db, sql), -1, &n, &e))
		fail_msg("%s: %s", sql, e.text);
	return n;
}

struct control_row judged_control(struct store *st, const char *ident)
{
	static char why[128];
	struct arena mem = ARENA_INIT;
	struct control_row *row, found = { .id = 0 };
	struct err e = ERR_INIT;
	size_t n;

	if (!control_words(st, 0, &mem, &row, &n, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < n; i++)
		if (str_eq(row[i].ident, ident))
			found = row[i];
	assert_true(found.id > 0);
	assert_true(str_copy(why, sizeof(why), found.why));
	found.why = why;
	arena_release(&mem);
	return found;
}
