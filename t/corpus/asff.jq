# SPDX-License-Identifier: MIT
# asff.jq - what Security Hub's findings name: each package of each vulnerability of an image.
include "common";
.Findings
| { rows: length,
    findings: [ .[] as $f
      | if $f.Vulnerabilities then
          $f.Vulnerabilities[] as $v | $v.VulnerablePackages[]
          | finding($f.Severity.Label | severity;
                    [$f.Resources[0].Id, $v.Id, .PackageManager, .Name, .Epoch, .Version, .Release])
        else
          $f.Resources[0] | .Details.Other as $o
          | finding($f.Severity.Label | severity;
                    [.Id, $o["CVE ID"], $o.PkgName, $o["Installed Package"]])
        end ] }
