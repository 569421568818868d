/* SPDX-License-Identifier: MIT */
/* der.c - what signatures wrap things in: PEM, and the two names in a Fulcio certificate.
 */
#include "importers/der.h"

const char *pem_decode(struct arena *mem, const char *text, size_t *n)
{
	const char *begin = strstr(text, "-----BEGIN ");
	const char *line = begin == NULL ? NULL : strchr(begin, '\n');
	const char *end = line == NULL ? NULL : strstr(line, "-----END ");
	if (end == NULL)
		return base64_decode(mem, text, n);
	return base64_decode(mem, arena_dupn(mem, line, (size_t)(end - line)), n);
}

/* ---- DER: tag, length, value ---- */

struct der {
	const unsigned char *p, *end;
};

/* Take the next element; its tag, and its value as a reader of its own. False at a bad length. */
static bool take(struct der *d, unsigned *tag, struct der *value)
{
	size_t n, more;
	if (d->end - d->p < 2)
		return false;
	*tag = d->p[0];
	n = d->p[1];
	d->p += 2;
	if (n >= 0x80) {
		more = n & 0x7f;
		if (more == 0 || more > 3 || (size_t)(d->end - d->p) < more)
			return false;
		for (n = 0; more > 0; more--)
			n = n << 8 | *d->p++;
	}
	if (n > (size_t)(d->end - d->p))
		return false;
	value->p = d->p;
	value->end = d->p + n;
	d->p += n;
	return true;
}

enum {
	TAG_BOOLEAN = 0x01,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_UTF8 = 0x0c,
	TAG_SEQUENCE = 0x30
};
enum { TAG_EXTENSIONS = 0xa3, TAG_MAIL = 0x81, TAG_URI = 0x86 };

static bool is_oid(struct der oid, const char *bytes, size_t n)
{
	return (size_t)(oid.end - oid.p) == n && memcmp(oid.p, bytes, n) == 0;
}

static const char *text_in(struct arena *mem, struct der value)
{
	size_t n = (size_t)(value.end - value.p);
	char *text = arena_alloc(mem, n + 1, 1);
	memcpy(text, value.p, n);
	return n > 0 && strlen(text) == n && utf8_valid(text, n) ? text : NULL;
}

/* The first mail address or URI of a subject alternative name. */
static const char *name_in(struct arena *mem, struct der value)
{
	struct der names, name;
	unsigned tag;
	if (!take(&value, &tag, &names) || tag != TAG_SEQUENCE)
		return NULL;
	while (take(&names, &tag, &name)) {
		if (tag == TAG_MAIL || tag == TAG_URI)
			return text_in(mem, name);
	}
	return NULL;
}

static void read_extension(struct arena *mem, struct der x, const char **signer,
                           const char **issuer)
{
	static const char alternative[] = { 0x55, 0x1d, 0x11 };
	static const char fulcio[] = { 0x2b, 6, 1, 4, 1, (char)0x83, (char)0xbf, 0x30, 1 };
	struct der oid, value, inner;
	unsigned tag;
	if (!take(&x, &tag, &oid) || tag != TAG_OID || !take(&x, &tag, &value))
		return;
	if (tag == TAG_BOOLEAN && !take(&x, &tag, &value)) /* "critical" */
		return;
	if (tag != TAG_OCTETS)
		return;
	if (is_oid(oid, alternative, sizeof(alternative)))
		*signer = name_in(mem, value);
	if ((size_t)(oid.end - oid.p) != sizeof(fulcio) + 1
	    || memcmp(oid.p, fulcio, sizeof(fulcio)) != 0)
		return;
	if (oid.end[-1] == 1 && *issuer == NULL) /* the old one: bare text */
		*issuer = text_in(mem, value);
	else if (oid.end[-1] == 8 && take(&value, &tag, &inner) && tag == TAG_UTF8)
		*issuer = text_in(mem, inner);
}

void certificate_names(struct arena *mem, const char *der, size_t n, const char **signer,
                       const char **issuer)
{
	const unsigned char *p = (const unsigned char *)der;
	struct der all = { p, p + n }, certificate, body, part, extensions, x;
	unsigned tag;
	*signer = *issuer = NULL;
	if (!take(&all, &tag, &certificate) || tag != TAG_SEQUENCE)
		return;
	if (!take(&certificate, &tag, &body) || tag != TAG_SEQUENCE)
		return;
	while (take(&body, &tag, &part)) {
		if (tag != TAG_EXTENSIONS || !take(&part, &tag, &extensions) || tag != TAG_SEQUENCE)
			continue;
		while (take(&extensions, &tag, &x)) {
			if (tag == TAG_SEQUENCE)
				read_extension(mem, x, signer, issuer);
		}
	}
}
