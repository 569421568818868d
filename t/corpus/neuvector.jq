# SPDX-License-Identifier: MIT
# neuvector.jq - rows of an image, or checks of a host: WARN fails where a machine decides and it counts.
include "common";
if .items then
  { findings: [ .items[] | select(.level == "WARN" and .scored and .automated)
                | finding("unknown"; .test_number) ],
    checks: (.items | length), without_severities: true }
else
  { findings: [ .report.vulnerabilities[]
                | finding(.severity | severity; [.name, .package_name, .package_version]) ] }
end
