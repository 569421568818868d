/* SPDX-License-Identifier: MIT */
/* purl.c - package URLs, as both scanners print them. */
#include "t/estate/out.h"

/* Version numbers hold '+', ':' and '~'; only the first two need an escape. */
static void add_escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '+' || *s == ':')
			buf_addf(b, "%%%02X", (unsigned)*s);
		else
			buf_addc(b, *s);
	}
}

static void print_system(struct buf *b, const struct image *im, const struct sighting *s)
{
	static const char *const types[] = {
		[DEB12] = "deb/debian", [SLIM] = "deb/debian", [DEB11] = "deb/debian",
		[UB20] = "deb/ubuntu",  [UB22] = "deb/ubuntu", [UBI9] = "rpm/redhat",
		[ALP] = "apk/alpine",
	};
	const char *epoch = im->os == UBI9 ? strchr(s->version, ':') : NULL;
	bool        rpm = im->os == UBI9;

	buf_addf(b, "pkg:%s/", types[im->os]);
	add_escaped(b, s->name);
	buf_addc(b, '@');
	add_escaped(b, epoch != NULL ? epoch + 1 : s->version);
	buf_addf(b, "?arch=%s&distro=%s-%s", rpm || im->os == ALP ? "x86_64" : "amd64",
	         family_word(im->os), os_version(im));
	if (epoch != NULL)
		buf_addf(b, "&epoch=%.*s", (int)(epoch - s->version), s->version);
}

void purl_print(struct buf *b, const struct image *im, const struct sighting *s)
{
	const char *colon;

	switch (s->pack->family) {
	case GO:
		buf_addf(b, "pkg:golang/%s@%s%s", s->name, str_eq(s->name, "stdlib") ? "" : "v",
		         s->version);
		break;
	case MAVEN:
		colon = strchr(s->name, ':');
		buf_addf(b, "pkg:maven/%.*s/%s@%s", (int)(colon - s->name), s->name, colon + 1,
		         s->version);
		break;
	case PYPI:
		buf_addf(b, "pkg:pypi/%s@%s", s->pack->source, s->version);
		break;
	case NPM:
		buf_addf(b, "pkg:npm/%s@%s", s->name, s->version);
		break;
	default:
		print_system(b, im, s);
		break;
	}
}
