/* SPDX-License-Identifier: MIT */
/* sign.c - signatures by libcrypto, ours being Ed25519 (RFC 8032); keys are PEM files. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <unistd.h>

#include "store/base/base.h"

#define KEY_FILE_MAX 65536

/* ---- files ---- */

static bool read_key(const char *path, bool private, EVP_PKEY **out, struct err *e)
{
	struct buf text = BUF_INIT;
	BIO *bio;

	*out = NULL;
	if (!file_read(path, KEY_FILE_MAX, &text, e))
		return false;
	bio = BIO_new_mem_buf(text.s, (int)text.len);
	if (bio)
		*out = private ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL)
			       : PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	if (text.len > 0)
		OPENSSL_cleanse(text.s, text.len);
	buf_release(&text);
	if (*out && EVP_PKEY_id(*out) == EVP_PKEY_ED25519)
		return true;
	EVP_PKEY_free(*out);
	return err_set(e, ERR_FORMAT, "%s: no Ed25519 %s key in PEM without a password", path,
		       private ? "private" : "public");
}

static bool write_file(const char *path, mode_t mode, const BIO *from, struct err *e)
{
	char *text;
	long size = BIO_get_mem_data((BIO *)(uintptr_t)from, &text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool ok;

	if (fd < 0)
		return err_errno(e, ERR_IO, errno, "%s", path);
	ok = write(fd, text, (size_t)size) == size;
	ok = close(fd) == 0 && ok;
	return ok || err_errno(e, ERR_IO, errno, "%s", path);
}

static bool write_pair(const char *path, EVP_PKEY *key, struct err *e)
{
	struct buf public = BUF_INIT;
	BIO *private_text = BIO_new(BIO_s_mem()), *public_text = BIO_new(BIO_s_mem());
	bool ok = private_text && public_text &&
		  PEM_write_bio_PrivateKey(private_text, key, NULL, NULL, 0, NULL, NULL) == 1 &&
		  PEM_write_bio_PUBKEY(public_text, key) == 1;

	buf_addf(&public, "%s.pub", path);
	ok = ok ? write_file(path, 0600, private_text, e) &&
			  write_file(public.s, 0644, public_text, e)
		: err_set(e, ERR_IO, "libcrypto cannot write a key");
	BIO_free(private_text);
	BIO_free(public_text);
	buf_release(&public);
	return ok;
}

bool sign_make_key(const char *path, struct err *e)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, NULL);
	EVP_PKEY *key = NULL;
	bool ok = ctx && EVP_PKEY_keygen_init(ctx) == 1 && EVP_PKEY_keygen(ctx, &key) == 1;

	ok = ok ? write_pair(path, key, e) : err_set(e, ERR_IO, "libcrypto cannot make a key");
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* ---- signatures ---- */

static bool raw_public(const EVP_PKEY *key, uint8_t out[static SIGN_KEY_SIZE])
{
	size_t size = SIGN_KEY_SIZE;

	return EVP_PKEY_get_raw_public_key(key, out, &size) == 1 && size == SIGN_KEY_SIZE;
}

bool sign_public(const char *path, uint8_t out[static SIGN_KEY_SIZE], struct err *e)
{
	EVP_PKEY *key;
	bool ok;

	if (!read_key(path, false, &key, e))
		return false;
	ok = raw_public(key, out);
	EVP_PKEY_free(key);
	return ok || err_set(e, ERR_FORMAT, "%s: no Ed25519 key", path);
}

bool sign_make(const char *path, const void *p, size_t n, uint8_t signature[static SIGN_SIZE],
	       uint8_t public[static SIGN_KEY_SIZE], struct err *e)
{
	EVP_MD_CTX *ctx;
	EVP_PKEY *key;
	size_t size = SIGN_SIZE;
	bool ok;

	if (!read_key(path, true, &key, e))
		return false;
	ctx = EVP_MD_CTX_new();
	ok = ctx && raw_public(key, public) &&
	     EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
	     EVP_DigestSign(ctx, signature, &size, p, n) == 1 && size == SIGN_SIZE;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok || err_set(e, ERR_IO, "%s: libcrypto cannot sign with it", path);
}

bool sign_check(const uint8_t public[static SIGN_KEY_SIZE], const void *p, size_t n,
		const uint8_t signature[static SIGN_SIZE])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public, SIGN_KEY_SIZE);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = key && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
		  EVP_DigestVerify(ctx, signature, SIGN_SIZE, p, n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

/* ---- the signatures of others ---- */

#define RSA_BITS_LEAST 2048

static bool is_p256(const EVP_PKEY *key)
{
	char group[32];
	size_t n;

	return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group,
					      sizeof(group), &n) == 1 &&
	       str_eq(group, "prime256v1");
}

static bool is_sound(const EVP_PKEY *key)
{
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_ED25519:
		return true;
	case EVP_PKEY_EC:
		return is_p256(key);
	case EVP_PKEY_RSA:
		return EVP_PKEY_get_bits(key) >= RSA_BITS_LEAST;
	default:
		return false;
	}
}

/* NULL: no public key in PEM, or none that is taken. */
static EVP_PKEY *key_of(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	if (key && is_sound(key))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

bool sign_name(const char *pem, char out[static SIGN_NAME_SIZE])
{
	EVP_PKEY *key = key_of(pem);
	uint8_t hash[SHA256_SIZE];
	unsigned char *der = NULL;
	int n = key ? i2d_PUBKEY(key, &der) : 0;

	if (n > 0) {
		sha256_of(der, (size_t)n, hash);
		memcpy(out, "sha256:", 7);
		hex_print(hash, SHA256_SIZE, out + 7);
	}
	OPENSSL_free(der);
	EVP_PKEY_free(key);
	return n > 0;
}

static bool holds_whole(EVP_PKEY *key, const void *p, size_t n, const void *signature, size_t size)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
		  EVP_DigestVerify(ctx, signature, size, p, n) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

/* `padding` is RSA's, 0 for others. */
static bool holds_digest(EVP_PKEY *key, int padding, const uint8_t digest[static SHA256_SIZE],
			 const void *signature, size_t size)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok = ctx && EVP_PKEY_verify_init(ctx) == 1 &&
		  (!padding || EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1) &&
		  EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
		  EVP_PKEY_verify(ctx, signature, size, digest, SHA256_SIZE) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

bool sign_holds(const char *pem, const void *p, size_t n, const void *signature, size_t size)
{
	EVP_PKEY *key = key_of(pem);
	uint8_t digest[SHA256_SIZE];
	bool ok;

	if (!key)
		return false;
	sha256_of(p, n, digest);
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_ED25519:
		ok = holds_whole(key, p, n, signature, size);
		break;
	case EVP_PKEY_RSA:
		ok = holds_digest(key, RSA_PKCS1_PADDING, digest, signature, size) ||
		     holds_digest(key, RSA_PKCS1_PSS_PADDING, digest, signature, size);
		break;
	default:
		ok = holds_digest(key, 0, digest, signature, size);
	}
	EVP_PKEY_free(key);
	return ok;
}
