# SPDX-License-Identifier: MIT
# checkov.jq - what Checkov's reports hold.
include "common";
[ if type == "array" then .[] else . end | .results ]
| { findings: [ .[].failed_checks[] | finding(.severity | severity; [.check_id, .resource, .file_path]) ],
    checks: [ .[] | .passed_checks[], .failed_checks[], .skipped_checks[] ] | length,
    # those that the platform does not add are the classes' own
    without_severities: all(.[].failed_checks[]; .severity == null) }
| .rows = (.findings | length)
