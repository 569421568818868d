# SPDX-License-Identifier: MIT
# kube-bench.jq - what a kube-bench report holds.
include "common";

[ (if type == "array" then . else .Controls // [.] end)[] as $c
  | $c.tests[].results[]
  | . + { benchmark: $c.version } ]
| { findings:
      [ .[] | select(.status == "FAIL") | finding("unknown"; [.benchmark, .test_number]) ],
    checks: length,
    without_severities: true }
