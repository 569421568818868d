# SPDX-License-Identifier: MIT
# dockle.jq - what a Dockle report holds: what it warns of fails.
include "common";

(.details // [])
| { findings:
      [ .[]
        | select(.level == "FATAL" or .level == "WARN")
        | finding(if .level == "FATAL" then "high" else "medium" end; .code) ],
    checks: length }
