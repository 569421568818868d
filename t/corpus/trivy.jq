# SPDX-License-Identifier: MIT
# trivy.jq - what a Trivy report holds.
include "common";

def place($target; $inside): if ($inside // "") == "" then $target else "\($target) (\($inside))" end;

def results($results):
  [ $results[] as $r
    | ($r.Vulnerabilities // [])[]
    | finding(.Severity | severity;
              ["vulnerability", .VulnerabilityID, package($r.Type; .PkgName; .InstalledVersion)]) ]
  + [ $results[] as $r
    | ($r.Misconfigurations // [])[]
    | select((.Status // "FAIL") == "FAIL")
    | finding(.Severity | severity; ["check", (.ID | check_id), place($r.Target; .CauseMetadata.Resource)]) ]
  + [ $results[] as $r
    | ($r.Secrets // [])[]
    | finding(.Severity | severity; ["secret", .RuleID, $r.Target]) ]
  + [ $results[] as $r
    | ($r.Licenses // [])[]
    | finding(.Severity | severity;
              ["licence", .Name,
               if (.FilePath // "") != "" then .FilePath else place($r.Target; .PkgName) end]) ];

(.Results // []) as $results
| { findings: results($results),
    checks: [ $results[] | (.Misconfigurations // [])[] | .Status // "FAIL" ] | length,
    components: [ $results[] | (.Packages // [])[] ] | length,
    statements: [ $results[] | (.ExperimentalModifiedFindings // [])[] ] | length }
