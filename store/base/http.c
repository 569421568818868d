/* SPDX-License-Identifier: MIT */
/* http.c - fetching what the user names (libcurl). */
#include <curl/curl.h>

#include "store/base/base.h"

#define REDIRECTS_MAX 5L
#define SILENCE_S     30L

struct fetch {
	http_fn    *fn;
	void       *ctx;
	bool        stopped; /* fn said so, and filled err */
	struct err *err;
};

static size_t receive(char *p, size_t size, size_t n, void *ctx)
{
	struct fetch *f = ctx;

	if (n == 0 || f->fn(f->ctx, p, size * n, f->err))
		return size * n;
	f->stopped = true;
	return 0;
}

/* The host alone: the rest of a URL may hold a password or a token. */
static bool host_of(const char *url, struct buf *host, struct err *e)
{
	CURLU *u = curl_url();
	char  *part = NULL;
	bool   ok = u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	          curl_url_get(u, CURLUPART_HOST, &part, 0) == CURLUE_OK;

	if (ok)
		buf_adds(host, part);
	curl_free(part);
	curl_url_cleanup(u);
	return ok || err_set(e, ERR_USAGE, "the address is not a URL of a host");
}

static bool set_protocols(CURL *c)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	return curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") == CURLE_OK;
#else
	long web = CURLPROTO_HTTP | CURLPROTO_HTTPS;

	return curl_easy_setopt(c, CURLOPT_PROTOCOLS, web) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS, web) == CURLE_OK;
#endif
}

/* Certificates are checked by default; it is not this program's to turn that off. */
static bool set_up(CURL *c, const char *url, struct fetch *f, char reason[static CURL_ERROR_SIZE])
{
	char agent[64] = "seaworthy/";

	str_copy(agent + strlen(agent), sizeof(agent) - strlen(agent), build_version);
	return set_protocols(c) && curl_easy_setopt(c, CURLOPT_URL, url) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_MAXREDIRS, REDIRECTS_MAX) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, SILENCE_S) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, SILENCE_S) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_USERAGENT, agent) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_ERRORBUFFER, reason) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEDATA, f) == CURLE_OK;
}

static bool perform(CURL *c, const char *url, const char *host, struct fetch *f)
{
	char     reason[CURL_ERROR_SIZE] = "";
	CURLcode code = CURLE_FAILED_INIT;

	if (set_up(c, url, f, reason))
		code = curl_easy_perform(c);
	if (code == CURLE_OK)
		return true;
	if (f->stopped)
		return false;
	return err_set(f->err, ERR_NET, "cannot fetch from %s: %s", host,
	               *reason ? reason : curl_easy_strerror(code));
}

bool http_get(const char *url, http_fn *fn, void *ctx, struct err *e)
{
	struct fetch f = { fn, ctx, false, e };
	struct buf   host = BUF_INIT;
	CURL        *c = NULL;
	bool         ok = false;

	if (!str_prefix(url, "http://") && !str_prefix(url, "https://"))
		return err_set(e, ERR_USAGE, "only http:// and https:// can be fetched");
	if (!host_of(url, &host, e))
		goto out;
	c = curl_easy_init();
	if (!c)
		die("libcurl does not start");
	ok = perform(c, url, host.s, &f);
out:
	if (c)
		curl_easy_cleanup(c);
	buf_release(&host);
	return ok;
}
