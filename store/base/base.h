/* SPDX-License-Identifier: MIT */
/* base.h - the floor every folder stands on: errors, memory, text, time, files, hashes. */
#ifndef BASE_H
#define BASE_H

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LENGTH(a)    (sizeof(a) / sizeof((a)[0]))
#define PRINTF(f, v) __attribute__((format(printf, f, v)))
#define MUST_CHECK   __attribute__((warn_unused_result))
#define UNUSED       __attribute__((unused))

/* ---- errors: the caller owns the struct, the callee fills it ---- */
enum err_kind {
	ERR_NONE,   /* no error recorded                       */
	ERR_USAGE,  /* the user asked for something wrong      */
	ERR_IO,     /* file system, terminal                   */
	ERR_FORMAT, /* input is not what it claims to be       */
	ERR_LIMIT,  /* input is larger or deeper than we take  */
	ERR_STORE,  /* the database refused                    */
	ERR_NET,    /* a fetch failed                          */
	ERR_CANCEL, /* the user pressed the stop key           */
	ERR_EVIDENCE, /* no evidence, or too old, to answer from */
	ERR_AGAIN,  /* taken for simpler than it is: forget it, and begin again with care */
};

struct err {
	enum err_kind kind;
	char          text[512]; /* one line for the user, no newline; control bytes shown as ^X */
};
#define ERR_INIT { ERR_NONE, "" }

/*
 * Record an error; always returns false, so `return err_set(...)` reads well. `e` may not be NULL;
 * its own text may be an argument.
 */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF(3, 4);
/* As err_set, with ": " and the text of `errnum` (an errno value) behind it. */
bool err_errno(struct err *e, enum err_kind kind, int errnum, const char *fmt, ...) PRINTF(4, 5);
/* Prefix context ("report.json: Results[3]: ...") and keep the kind; returns false. */
bool err_context(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* ---- memory: running out ends the program, so nobody checks ---- */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc_array(void *p, size_t n, size_t size); /* overflow-checked */
char *xstrdup(const char *s);                         /* NULL stays NULL  */
void  die(const char *fmt, ...) PRINTF(1, 2) __attribute__((noreturn));
/*
 * From now on keep up to MEM_HELD bytes of what is freed for what comes next: for work that takes
 * and gives the same again and again. Of the whole program; nothing where the C library has no such
 * setting.
 */
#define MEM_HELD (32 << 20)
void  mem_hold(void);
extern void (*die_hook)(void); /* the screen restores the terminal here */

/* An arena owns many small objects that die together. */
struct arena_block;
struct arena {
	struct arena_block *block; /* newest first */
	size_t              used;  /* bytes taken of the newest block */
};
#define ARENA_INIT { NULL, 0 }
void *arena_alloc(struct arena *a, size_t size, size_t align); /* zeroed */
char *arena_dup(struct arena *a, const char *s);               /* NULL stays NULL */
char *arena_dupn(struct arena *a, const char *s, size_t n);    /* terminated; s may hold NULs */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
void  arena_reset(struct arena *a);   /* forget the objects, keep one block for reuse */
void  arena_release(struct arena *a); /* give everything back */
#define arena_new(a, T)      ((T *)arena_alloc((a), sizeof(T), alignof(T)))
/*
 * An array p of n objects, with room for one more: itself, or a copy of twice the *cap, while the
 * old one stays in the arena. p may be NULL, with a *cap of 0.
 */
void *arena_more(struct arena *a, void *p, size_t n, size_t *cap, size_t size);
#define ARENA_MORE(a, p, n, cap) ((p) = arena_more((a), (p), (n), &(cap), sizeof(*(p))))
#define arena_array(a, T, n) ((T *)arena_alloc((a), array_size((n), sizeof(T)), alignof(T)))
size_t array_size(size_t n, size_t size); /* n * size, dies on overflow */

/* ---- text: a growing string; .s is never NULL and always terminated ---- */
struct buf {
	char  *s;
	size_t len, cap;
};
extern char buf_empty[]; /* one NUL; with die_hook, the only writable globals the house allows */
#define BUF_INIT { buf_empty, 0, 0 }
void  buf_add(struct buf *b, const char *s, size_t n);
void  buf_adds(struct buf *b, const char *s);
void  buf_addc(struct buf *b, char c);
void  buf_addf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void  buf_addv(struct buf *b, const char *fmt, va_list ap);
void  buf_reset(struct buf *b);
void  buf_release(struct buf *b);
char *buf_detach(struct buf *b); /* caller frees */

bool  str_eq(const char *a, const char *b);     /* NULL equals only NULL */
bool  str_ieq(const char *a, const char *b);    /* the same, ASCII case folded */
bool  str_prefix(const char *s, const char *prefix); /* NULL has none */
bool  str_suffix(const char *s, const char *suffix);
bool  str_empty(const char *s);                 /* NULL or "" */
/* Shell-like pattern: `*` any run, `?` one character, ASCII case folded. Linear in both lengths. */
bool  str_glob(const char *pattern, const char *s);
/* Whole-string decimal, range-checked; false leaves *out alone. */
bool  str_int64(const char *s, int64_t lo, int64_t hi, int64_t *out) MUST_CHECK;
/* Whole-string decimal number in the C locale; false leaves *out alone; no NaN, no infinity. */
bool  str_double(const char *s, double *out) MUST_CHECK;
/* Copy into a fixed field; false when it had to be cut (at a UTF-8 boundary). */
bool  str_copy(char *dst, size_t size, const char *src);
/* Index of `s` in a table of n names, ASCII case folded; -1 when absent or s is NULL. */
int   str_index(const char *const *names, size_t n, const char *s);
/* The name that takes the fewest letters to change into `s`; NULL where none is near. */
const char *str_nearest(const char *const *names, size_t n, const char *s);

/* ---- UTF-8 ---- */
/*
 * Decode one character at s (n bytes left, n > 0); returns the bytes used, at least 1. A byte that
 * begins nothing whole and legal is used alone, and *c is 0xFFFD.
 */
size_t utf8_next(const char *s, size_t n, uint32_t *c);
/* Encode; returns the bytes written (1-4). Surrogates and > 0x10FFFF become U+FFFD. */
size_t utf8_put(uint32_t c, char out[static 4]);
bool   utf8_valid(const char *s, size_t n);
/*
 * Columns on a terminal: 0 combining or zero width, 1, 2 wide; -1 control. Unicode 15.0,
 * independent of the locale.
 */
int    utf8_width(uint32_t c);
/* True for bidirectional controls (U+202A-202E, 2066-2069, 200E, 200F, 061C): never obey. */
bool   utf8_bidi(uint32_t c);
/*
 * Character c as it may be shown, one that a terminal would obey spelt out: "^[" "<U+202E>".
 * Returns the bytes written.
 */
#define UTF8_SHOWN 12
size_t utf8_show(uint32_t c, char out[static UTF8_SHOWN]);

/* ---- time: seconds since 1970-01-01 UTC everywhere; nanoseconds in names ending in _ns ---- */
#define NS_PER_S INT64_C(1000000000)
#define DAY_S    INT64_C(86400)
/*
 * RFC 3339 in all the spellings tools write: 0-9 fractional digits, Z or offset with or without
 * colon, a blank for T, Go's " +0000 UTC", a bare date (its midnight UTC). Go's zero time
 * 0001-01-01T00:00:00Z is "not set": false, as is NULL. A leap second is the next minute's first.
 * Years 1970-2261 in UTC. False leaves *out alone. Fractions are dropped by time_parse.
 */
bool    time_parse(const char *rfc3339, int64_t *out) MUST_CHECK;
bool    time_parse_ns(const char *rfc3339, int64_t *out_ns) MUST_CHECK;
/* Years outside 0000-9999 are printed as the nearest time inside. */
void    time_print(int64_t t, char out[static 21]);       /* 2026-11-23T20:40:00Z */
void    time_print_ns(int64_t t_ns, char out[static 31]); /* 2026-11-23T20:40:00.123456789Z */
void    time_print_date(int64_t t, char out[static 11]);  /* 2026-11-23 */
/*
 * A short age or rest for tables, at most 6 columns, rounded towards zero: "41m" below an hour,
 * "6h" below a day, "97d" below 14 weeks, "14w" below 730 days, "3y" (of 365 days) above, ">999y"
 * at the end. Overdue by less than a day is hours and minutes, "-00:12"; by more, "-1d" and so on.
 */
void    time_print_span(int64_t seconds, char out[static 16]);
int64_t time_day(int64_t t);       /* days since the epoch, UTC, rounding down */
int64_t time_now(void);            /* the wall clock: only tui/ asks; all else is told the time */
int64_t time_monotonic_ms(void);   /* for pacing, never stored */

/* ---- output with a sticky error: write freely, look once, at close ---- */
struct out;
/*
 * A temporary file beside path, synced and renamed on close, with the mode of the file it replaces;
 * what is not a regular file is written directly, links are followed. "-": standard output.
 */
struct out *out_file(const char *path);
struct out *out_buf(struct buf *b);     /* borrows b until close */
void        out_add(struct out *o, const char *s, size_t n);
void        out_puts(struct out *o, const char *s);
void        out_printf(struct out *o, const char *fmt, ...) PRINTF(2, 3);
bool        out_failed(const struct out *o);                /* lets a long writer stop early */
bool        out_close(struct out *o, struct err *e) MUST_CHECK; /* frees o in any case */
void        out_discard(struct out *o);                     /* drops what was written; frees o */

/* ---- files ---- */
/* Whole file into b, replacing what it held (at most `limit` bytes: ERR_LIMIT beyond). */
bool  file_read(const char *path, size_t limit, struct buf *b, struct err *e) MUST_CHECK;
/* A temporary file without a name, in $TMPDIR or /tmp; *fd is the caller's. */
bool  file_scratch(int *fd, struct err *e) MUST_CHECK;
/* Create the folders above `path` with mode 0700. */
bool  file_make_parents(const char *path, struct err *e) MUST_CHECK;
/* The last component of a path; "-" and "" as they are. Points into `path`. */
const char *file_base(const char *path);

/* ---- hashes (libcrypto) ---- */
struct sha256; /* a running hash */
#define SHA256_SIZE 32
struct sha256 *sha256_new(void);
void           sha256_add(struct sha256 *h, const void *p, size_t n);
/* The hash of what was added; `h` begins anew, which costs less than another. */
void           sha256_take(struct sha256 *h, uint8_t out[static SHA256_SIZE]);
void           sha256_end(struct sha256 *h, uint8_t out[static SHA256_SIZE]); /* frees h */
void           sha256_free(struct sha256 *h);
void           sha256_of(const void *p, size_t n, uint8_t out[static SHA256_SIZE]);
void           hex_print(const uint8_t *p, size_t n, char *out); /* 2n + 1 bytes */
/* Fast 64-bit hash of n bytes for tables in memory; not for storage, nor against an attacker. */
uint64_t       hash64(const void *p, size_t n);

/* ---- compression (libzstd) ---- */
struct packer; /* what both directions work with */
#define PACK_LIMIT ((size_t)256 << 20) /* bytes, unpacked */
struct packer *packer_new(void);
void           packer_free(struct packer *p); /* NULL is fine */
/* n bytes, at most PACK_LIMIT, made smaller: *size of them, p's until it is used again. */
const void    *packer_pack(struct packer *p, const void *s, size_t n, size_t *size);
/* As they were; NULL: this is nothing that was packed, or it is damaged. Likewise p's. */
const void    *packer_unpack(struct packer *p, const void *s, size_t n, size_t *size);

/* ---- signatures (Ed25519, RFC 8032); keys are PEM files without a password ---- */
#define SIGN_SIZE     64
#define SIGN_KEY_SIZE 32
/* Write a new private key to `path` (0600) and its public key to `path`.pub; neither may exist. */
bool sign_make_key(const char *path, struct err *e) MUST_CHECK;
/* Sign n bytes with the private key in `path`; `public` is who signs. */
bool sign_make(const char *path, const void *p, size_t n, uint8_t signature[static SIGN_SIZE],
               uint8_t public[static SIGN_KEY_SIZE], struct err *e) MUST_CHECK;
bool sign_public(const char *path, uint8_t out[static SIGN_KEY_SIZE],
                 struct err *e) MUST_CHECK; /* the public key in a file */
bool sign_check(const uint8_t public[static SIGN_KEY_SIZE], const void *p, size_t n,
                const uint8_t signature[static SIGN_SIZE]);

/* ---- what others sign: ECDSA on P-256, RSA from 2048 bits (PKCS #1 1.5, PSS), Ed25519 ---- */

#define SIGN_NAME_SIZE (sizeof("sha256:") + 2 * SHA256_SIZE)
/* Names a public key in PEM by the SHA-256 of its DER; false: none that could be checked with. */
bool sign_name(const char *pem, char out[static SIGN_NAME_SIZE]);
/* Is this the key's signature of these bytes? All but Ed25519 sign their SHA-256. */
bool sign_holds(const char *pem, const void *p, size_t n, const void *signature, size_t size);

/* Append n bytes as base64 (RFC 4648), padded. */
void        base64_add(struct buf *b, const void *p, size_t n);
/*
 * Decode base64, the usual and the URL-safe alphabet, padded or not, blanks left out;
 * NUL-terminated in `mem`, *n bytes long. NULL when there is something else in it.
 */
const char *base64_decode(struct arena *mem, const char *text, size_t *n);

/* ---- two threads: one makes, the other takes, through a ring of slots ---- */
/*
 * The slots are the caller's; both sides know them by number, and one is at each at a time. What
 * the maker has written when it gives a slot the taker sees, and the other way round.
 */
struct relay;
typedef void relay_fn(void *ctx, struct relay *r);
/* make(ctx, relay) on a thread of its own, which gets no signals. NULL: there is none to be had. */
struct relay *relay_start(size_t nslot, relay_fn *make, void *ctx);
/* The maker waits for an empty slot, and gives it filled. False: nobody takes any more; return. */
bool          relay_empty(struct relay *r, size_t *slot) MUST_CHECK;
void          relay_give(struct relay *r);
/* The maker waits until all that it gave has been taken. False: nobody takes any more. */
bool          relay_drain(struct relay *r) MUST_CHECK;
/*
 * The taker waits for the next full slot, which is empty again with the call that comes next.
 * False: the maker has returned, and all is taken.
 */
bool          relay_next(struct relay *r, size_t *slot) MUST_CHECK;
/* The taker takes no more: waits until the maker has returned. Frees it; NULL is fine. */
void          relay_stop(struct relay *r);

/* ---- the network (libcurl), only when the user names a URL ---- */
/*
 * Fetch `url` (http or https) and hand its bytes to `fn`, which returns false to stop: its error is
 * then http_get's. Follows at most 5 redirects, checks certificates, times out after 30 s without a
 * byte. ERR_NET names the host and the reason; a URL's password is never shown.
 */
typedef bool http_fn(void *ctx, const char *p, size_t n, struct err *e);
bool http_get(const char *url, http_fn *fn, void *ctx, struct err *e) MUST_CHECK;

/* ---- files baked into the binary (Makefile, EMBED) ---- */
struct embed {
	const char *path; /* "themes/nord.theme" */
	const char *data; /* NUL-terminated      */
	size_t      size; /* without the NUL     */
};
const struct embed *embed_find(const char *path);
/* The next file whose path begins with prefix, in order of path; NULL starts, NULL ends. */
const struct embed *embed_next(const char *prefix, const struct embed *after);

/* The version this program was built as, "0.1.0" (Makefile). */
extern const char build_version[];

#endif
