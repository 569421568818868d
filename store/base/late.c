/* SPDX-License-Identifier: MIT */
/* late.c - open a library when it is first called. */
#include <dlfcn.h>

#include "store/base/base.h"
#include "store/base/late.h"

/* The loader counts the openings, and keeps the library until the program ends. */
void *late_symbol(const char *const library[], const char *name)
{
	void *handle = NULL, *symbol;

	for (size_t i = 0; !handle && library[i]; i++)
		handle = dlopen(library[i], RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		die("%s is needed for this, and is not installed", library[0]);
	symbol = dlsym(handle, name);
	if (!symbol)
		die("%s: too old: it has no %s", library[0], name);
	return symbol;
}
