# SPDX-License-Identifier: MIT
# hadolint.jq - what Hadolint's output holds.
include "common";

def level:
  { error: "high", warning: "medium", info: "low", style: "negligible" }[.] // "unknown";

{ findings: [ .[] | finding(.level | level; [.file, .code]) ] }
