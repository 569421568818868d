# SPDX-License-Identifier: MIT
# anchore.jq - rows of Anchore, in both spellings. A path is a location of the package.
include "common";
{ findings: [ (if type == "array" then . else .vulnerabilities end)[]
    | finding(.severity | severity;
              [.vuln, package(.package_type // .packageType; .package_name // .packageName;
                              .package_version // .packageVersion)]) ] }
