/* SPDX-License-Identifier: MIT */
/* late_curl.c - libcurl, opened when something is fetched. */
#include <curl/curl.h>
#include <stdarg.h>

#include "store/base/base.h"
#include "store/base/late.h"

#ifdef __APPLE__
static const char *const curl[] = { "libcurl.4.dylib", NULL };
#else
static const char *const curl[] = { "libcurl.so.4", "libcurl-gnutls.so.4", NULL };
#endif

#undef curl_easy_setopt

CURL *curl_easy_init(void)
{
	return LATE(curl, curl_easy_init)();
}

void curl_easy_cleanup(CURL *c)
{
	LATE(curl, curl_easy_cleanup)(c);
}

CURLcode curl_easy_perform(CURL *c)
{
	return LATE(curl, curl_easy_perform)(c);
}

const char *curl_easy_strerror(CURLcode code)
{
	return LATE(curl, curl_easy_strerror)(code);
}

void curl_free(void *p)
{
	LATE(curl, curl_free)(p);
}

CURLU *curl_url(void)
{
	return LATE(curl, curl_url)();
}

void curl_url_cleanup(CURLU *u)
{
	LATE(curl, curl_url_cleanup)(u);
}

CURLUcode curl_url_get(CURLU *u, CURLUPart what, char **part, unsigned flags)
{
	return LATE(curl, curl_url_get)(u, what, part, flags);
}

CURLUcode curl_url_set(CURLU *u, CURLUPart what, const char *part, unsigned flags)
{
	return LATE(curl, curl_url_set)(u, what, part, flags);
}

/* An option's number says what its argument is: curl.h, CURLOPTTYPE_LONG and those after it. */
CURLcode curl_easy_setopt(CURL *c, CURLoption option, ...)
{
	CURLcode code;
	va_list ap;

	va_start(ap, option);
	if (option < CURLOPTTYPE_OBJECTPOINT)
		code = LATE(curl, curl_easy_setopt)(c, option, va_arg(ap, long));
	else if (option < CURLOPTTYPE_FUNCTIONPOINT)
		code = LATE(curl, curl_easy_setopt)(c, option, va_arg(ap, void *));
	else if (option < CURLOPTTYPE_OFF_T)
		code = LATE(curl, curl_easy_setopt)(c, option, va_arg(ap, void (*)(void)));
	else
		code = LATE(curl, curl_easy_setopt)(c, option, va_arg(ap, curl_off_t));
	va_end(ap);
	return code;
}
