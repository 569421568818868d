/* SPDX-License-Identifier: MIT */
/* purl.c - packages as URLs, with the distribution that they belong to. */
#include <stdlib.h>

#include "reports/doc.h"
#include "reports/purl.h"

struct system_of {
	int64_t image;
	const char *os;
};

/* ---- systems ---- */

struct loading {
	const struct list_info *list;
	struct arena *mem;
	struct systems *out;
	size_t cap;
};

static bool on_image(void *ctx, const struct row *r, struct err *e)
{
	struct loading *l = ctx;

	(void)e;
	ARENA_MORE(l->mem, l->out->of, l->out->n, l->cap);
	l->out->of[l->out->n++] = (struct system_of){
		r->key[0], arena_dup(l->mem, row_value(l->list, r, "os")->u.s)
	};
	return true;
}

static int by_image(const void *a, const void *b)
{
	const struct system_of *x = a, *y = b;

	return (x->image > y->image) - (x->image < y->image);
}

bool systems_load(struct store *st, struct arena *mem, struct systems *out, struct err *e)
{
	struct loading l = { .list = store_list(LIST_images), .mem = mem, .out = out };
	struct list_query q = { .list = LIST_images, .retired = true };

	*out = (struct systems){ NULL, 0 };
	for (size_t k = 0; k < l.list->ncol; k++)
		if (str_eq(l.list->col[k].name, "os"))
			q.columns |= UINT64_C(1) << k;
	if (!store_each(st, &q, on_image, &l, e))
		return false;
	if (out->n > 0)
		qsort(out->of, out->n, sizeof(*out->of), by_image);
	return true;
}

const char *systems_find(const struct systems *s, int64_t image)
{
	const struct system_of key = { image, NULL }, *found;

	found = s->n > 0 ? bsearch(&key, s->of, s->n, sizeof(*s->of), by_image) : NULL;
	return found && found->os ? found->os : "";
}

/* ---- names ---- */

void purl_encode(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr("-._~", c)))
			buf_add(b, &c, 1);
		else
			buf_addf(b, "%%%02X", (unsigned)(unsigned char)c);
	}
}

void purl_name(struct buf *b, const char *name, char parted)
{
	for (;;) {
		const char *end = strchr(name, parted);

		purl_encode(b, name, end ? (size_t)(end - name) : strlen(name));
		if (!end)
			return;
		buf_add(b, "/", 1);
		name = end + 1;
	}
}

/* "debian/" of a deb in "debian 12.5". */
static void add_namespace(struct buf *b, const char *type, const char *system)
{
	static const char *const types[] = { "deb", "rpm", "apk" };
	size_t n = system ? strcspn(system, " ") : 0;

	if (n == 0 || str_index(types, LENGTH(types), type) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		char c = system[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		purl_encode(b, &c, 1);
	}
	buf_add(b, "/", 1);
}

const char *purl_package(struct arena *mem, const char *type, const char *name,
                         const char *version, const char *system)
{
	struct buf b = BUF_INIT;
	const char *out;

	buf_addf(&b, "pkg:%s/", str_empty(type) ? "generic" : type);
	add_namespace(&b, type, system);
	purl_name(&b, name, str_eq(type, "maven") ? ':' : '/');
	if (!str_empty(version)) {
		buf_add(&b, "@", 1);
		purl_encode(&b, version, strlen(version));
	}
	out = arena_dupn(mem, b.s, b.len);
	buf_release(&b);
	return out;
}
