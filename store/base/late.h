/* SPDX-License-Identifier: MIT */
/*
 * late.h - libraries that are opened when they are first called. libcurl and libarchive bring forty
 * others with them, whose loading takes ten times as long as all else that a start of this program
 * does; most runs need neither.
 */
#ifndef LATE_H
#define LATE_H

/*
 * The symbol of the first of these libraries that is there (names, NULL at the end). Dies, with the
 * library's name, when none is.
 */
void *late_symbol(const char *const library[], const char *name);

/* The function of that name and type in the library, to be called. */
#define LATE(library, name)                                                                        \
	((union {                                                                                  \
		void *symbol;                                                                      \
		__typeof__(name) *function;                                                        \
	}){ late_symbol(library, #name) }                                                          \
	         .function)

#endif
