/* SPDX-License-Identifier: MIT */
/* world.c - chance without a generator, time, and which scanner sees what. */
#include <stdio.h>

#include "t/estate/world.h"

const int64_t world_day[SCANS] = {
	20738 * DAY_S, /* 2026-10-12 */
	20759 * DAY_S, /* 2026-11-02 */
	20766 * DAY_S, /* 2026-11-09 */
	20773 * DAY_S, /* 2026-11-16 */
	20780 * DAY_S, /* 2026-11-23 */
};

static void hash_name(uint8_t out[static SHA256_SIZE], const char *fmt, va_list ap)
{
	char name[512];
	int  n = vsnprintf(name, sizeof(name), fmt, ap);

	sha256_of(name, n > 0 ? strlen(name) : 0, out);
}

uint64_t world_dice(const char *fmt, ...)
{
	uint8_t  h[SHA256_SIZE];
	uint64_t n = 0;
	va_list  ap;

	va_start(ap, fmt);
	hash_name(h, fmt, ap);
	va_end(ap);
	for (int i = 0; i < 8; i++)
		n = n << 8 | h[i];
	return n;
}

void world_hex(char out[static 65], const char *fmt, ...)
{
	uint8_t h[SHA256_SIZE];
	va_list ap;

	va_start(ap, fmt);
	hash_name(h, fmt, ap);
	va_end(ap);
	hex_print(h, sizeof(h), out);
}

void world_uuid(char out[static 37], const char *fmt, ...)
{
	uint8_t h[SHA256_SIZE];
	char    hex[65];
	va_list ap;

	va_start(ap, fmt);
	hash_name(h, fmt, ap);
	va_end(ap);
	hex_print(h, sizeof(h), hex);
	(void)snprintf(out, 37, "%.8s-%.4s-4%.3s-8%.3s-%.12s", hex, hex + 8, hex + 12, hex + 15,
	               hex + 18);
}

int64_t world_at(size_t scan, int hour, int minute)
{
	return world_day[scan] + hour * HOUR + minute * 60;
}

void world_time(int64_t at, char out[static 21])
{
	time_print(at, out);
}

/* Vectors and the base scores that FIRST's formula gives for them. */
struct cvss world_cvss(char letter)
{
	static const struct cvss v[] = {
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8 }, /* A */
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5 },
		{ "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 8.8 },
		{ "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", 5.9 }, /* E */
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", 5.3 },
		{ "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H", 5.5 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H", 9.1 },
		{ "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N", 3.7 }, /* I */
		{ "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:L", 3.3 },
		{ "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", 8.1 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H", 6.5 }, /* M */
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5 },
	};

	return v[letter - 'A'];
}

int world_epss(const struct vuln *v)
{
	uint64_t d = world_dice("epss %s", v->id);
	bool     severe = v->severity[TRIVY] == 'C' || v->severity[TRIVY] == 'H';

	if (v->flags & KEV)
		return (int)(4100 + d % 5400);
	return (int)(severe ? 20 + d % 900 : 2 + d % 110);
}

static bool holds(const struct image *im, const struct pack *p)
{
	return p->group == 'b' || strchr(im->groups, p->group) != NULL;
}

static bool known(const struct vuln *v, size_t scan)
{
	return v->since <= scan && !((v->flags & GAP) && scan + 2 == SCANS);
}

/* One in thirty of the rows is seen by one of the two only. */
static bool seen_by(const struct image *im, const struct vuln *v, const char *name, enum scanner by)
{
	uint64_t d = world_dice("seen %s %s %s", im->repo, v->id, name) % 60;

	return d > 1 || d == (uint64_t)by;
}

static void hand_over(const struct image *im, const struct vuln *v, const struct pack *p,
		      unsigned level, enum scanner by, sighting_fn *fn, void *ctx)
{
	struct arena tmp = ARENA_INIT;
	const char  *at = p->names;

	while (*at != '\0') {
		size_t      n = strcspn(at, " ");
		const char *name = arena_dupn(&tmp, at, n);

		if (seen_by(im, v, name, by))
			fn(ctx, &(struct sighting){ .vuln = v, .pack = p, .name = name,
			   .version = p->version[level], .severity = v->severity[by],
			   .fixed = v->fixed > 0 ? p->version[v->fixed] : NULL });
		at += n + (at[n] == ' ');
	}
	arena_release(&tmp);
}

static void match(const struct image *im, const struct vuln *v, enum family family, unsigned level,
		  enum scanner by, sighting_fn *fn, void *ctx)
{
	if (!(v->families & 1U << family) || (v->fixed > 0 && v->fixed <= level))
		return;
	for (const struct pack *p = packs; p < packs + npacks; p++)
		if (p->family == family && str_eq(p->source, v->source) && holds(im, p))
			hand_over(im, v, p, level, by, fn, ctx);
}

void world_sightings(const struct image *im, bool app, size_t scan, enum scanner by,
		     sighting_fn *fn, void *ctx)
{
	const struct vuln *v = app ? vulns_app : vulns_os;
	size_t             n = app ? nvulns_app : nvulns_os;
	enum family        family = app ? im->app : im->os;

	for (size_t i = 0; i < n && family != FAMILIES; i++)
		if (known(&v[i], scan))
			match(im, &v[i], family, app ? im->app_level : im->os_level, by, fn, ctx);
}
