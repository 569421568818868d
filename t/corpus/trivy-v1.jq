# SPDX-License-Identifier: MIT
# trivy-v1.jq - what a list of results holds, as Trivy wrote it before version 0.20.
include "common";

{ findings:
    [ (. // [])[] as $r
      | ($r.Vulnerabilities // [])[]
      | finding(.Severity | severity;
                [.VulnerabilityID, package($r.Type; .PkgName; .InstalledVersion)]) ] }
