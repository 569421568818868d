/* SPDX-License-Identifier: MIT */
/* trust.c - the public keys that policies name, and which of them signed something. */
#include "store/policy.h"
#include "store/trust.h"

bool trust_is_pem(const char *key)
{
	return key && str_prefix(key, "-----BEGIN ");
}

struct keys {
	struct arena *mem;
	struct trust_key *key;
	size_t n, cap;
};

static bool has_key(const struct keys *k, const char *name)
{
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->key[i].name, name))
			return true;
	return false;
}

static void add_key(struct keys *k, const char *pem)
{
	char name[SIGN_NAME_SIZE];

	if (!trust_is_pem(pem) || !sign_name(pem, name) || has_key(k, name))
		return;
	ARENA_MORE(k->mem, k->key, k->n, k->cap);
	k->key[k->n].pem = pem;
	memcpy(k->key[k->n++].name, name, sizeof(name));
}

const struct trust *store_trust(struct arena *mem)
{
	struct keys k = { .mem = mem };
	struct trust *out = arena_new(mem, struct trust);
	struct buf unread = BUF_INIT;
	const char *const *name;
	size_t n;

	policy_names(mem, &name, &n);
	for (size_t i = 0; i < n; i++) {
		struct policy p;
		struct err e = ERR_INIT;

		if (!policy_load(name[i], mem, &p, &e)) {
			buf_addf(&unread, "%s%s", unread.len ? ", " : "", name[i]);
			continue;
		}
		for (size_t s = 0; s < p.nsigner; s++)
			add_key(&k, p.signer[s].key);
	}
	*out = (struct trust){ k.key, k.n, arena_dup(mem, unread.s) };
	buf_release(&unread);
	return out;
}

const struct trust_key *trust_find(const struct trust *t, const void *p, size_t n,
				   const void *signature, size_t size)
{
	for (size_t i = 0; i < t->n; i++)
		if (sign_holds(t->key[i].pem, p, n, signature, size))
			return &t->key[i];
	return NULL;
}

const char *store_trust_edition(const struct trust *t, struct arena *mem, const char *importer,
				const char *vouched)
{
	struct sha256 *h;
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	if (!t->n && !vouched)
		return importer;
	h = sha256_new();
	for (size_t i = 0; i < t->n; i++)
		sha256_add(h, t->key[i].name, sizeof(t->key[i].name));
	if (vouched)
		sha256_add(h, vouched, strlen(vouched));
	sha256_end(h, hash);
	hex_print(hash, SHA256_SIZE, hex);
	return arena_printf(mem, "%s %.8s", importer, hex);
}
