/* SPDX-License-Identifier: MIT */
/* version_rules.h - between version.c and version_language.c. */
#ifndef VERSION_RULES_H
#define VERSION_RULES_H

#include "store/version.h"

bool version_digit(char c);
bool version_alpha(char c);
size_t version_digits(const char *s); /* how many digits s begins with */
/* Numbers of any length; no digits at all is nought. */
int version_numbers(const char *a, size_t na, const char *b, size_t nb);

int version_semver(const char *a, const char *b);
int version_nuget(const char *a, const char *b); /* the same, capitals are no matter */
int version_pep440(const char *a, const char *b);
int version_maven(const char *a, const char *b);
/* For what has no rules of its own: runs of digits as numbers, runs of letters as words, a word
 * before the end. */
int version_words(const char *a, const char *b);

#endif
