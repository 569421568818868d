# SPDX-License-Identifier: MIT
# twistlock.jq - vulnerabilities and compliance issues of images; the collection counts the former.
include "common";
def name: sub(" \\(used in .*"; "");
.results
| { rows: [ .[].vulnerabilities[] ] | length,
    findings: [ .[] | .id as $image
      | (.vulnerabilities[] | finding(.severity | severity; [$image, .id, (.packageName | name), .packageVersion])),
        (.compliances[] | finding(.severity | severity; [$image, .title])) ],
    checks: [ .[].compliances[] ] | length }
