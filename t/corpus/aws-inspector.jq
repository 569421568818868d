# SPDX-License-Identifier: MIT
# aws-inspector.jq - what Inspector's findings name: each package, of those that are not closed.
include "common";
.findings
| { rows: length,
    findings: [ .[] as $f | select($f.status == "ACTIVE")
      | $f.packageVulnerabilityDetails as $d | $d.vulnerablePackages[]
      | finding($f.severity | severity;
                [$f.resources[0].id, $d.vulnerabilityId, .name, .epoch, .version, .release]) ],
    statements: [ .[] | select(.status != "ACTIVE")
      | .packageVulnerabilityDetails.vulnerablePackages[] ] | length }
