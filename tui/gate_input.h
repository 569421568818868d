/* SPDX-License-Identifier: MIT */
/* gate_input.h - which images the gate is asked about. */
#ifndef GATE_INPUT_H
#define GATE_INPUT_H

#include "tui/cli.h"

struct gate_input {
	const char **image; /* each once, in order */
	size_t       n;
	bool         listed; /* read from standard input */
};
/*
 * The operands; for "-" what standard input holds: one reference a line (blank lines and what
 * follows a # are passed over), or Kubernetes objects as JSON: pods, workloads, or a List of them,
 * where a status that tells the digest outranks the name. ERR_FORMAT when it holds no image.
 */
bool gate_input(struct cli *c, struct gate_input *out, struct err *e) MUST_CHECK;

#endif
