# SPDX-License-Identifier: MIT
# wiz.jq - rows of packages and libraries, and secrets; the collection counts the former.
include "common";
.result
| [ ((.osPackages // [])[], (.libraries // [])[]) as $p | ($p.vulnerabilities // [])[]
    | finding(.severity | severity; [.name, $p.name, $p.version]) ] as $rows
| { rows: $rows | length,
    findings: ($rows + [ (.secrets // [])[] | finding(.severity | severity; [.type, .path]) ]) }
