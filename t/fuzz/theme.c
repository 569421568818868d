/* SPDX-License-Identifier: MIT */
/* theme.c - any bytes as a theme: parsed or refused, never more. */
#include <stdlib.h>

#include "themes/theme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xmalloc(size + 1);
	struct theme t;
	struct err e = ERR_INIT;

	memcpy(text, data, size);
	text[size] = '\0';
	if (!theme_parse(&t, "fuzz", text, &e) && e.text[0] == '\0')
		abort();
	free(text);
	return 0;
}
