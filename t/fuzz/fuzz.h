/* SPDX-License-Identifier: MIT */
/* fuzz.h - what every fuzzer defines; libFuzzer, or replay/main.c without it, calls it. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Try one input; always 0. Crashes, leaks and sanitizer reports are the findings. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
