# SPDX-License-Identifier: MIT
# grype.jq - what a Grype report holds. An advisory that names exactly one CVE is that CVE.
include "common";

def advisory:
  .vulnerability.id as $id
  | [ (.relatedVulnerabilities // [])[].id | select(startswith("CVE-")) ]
  | unique
  | if ($id | startswith("CVE-") | not) and length == 1 then .[0] else $id end;

{ findings:
    [ (.matches // [])[]
      | finding(.vulnerability.severity | severity;
                [advisory, package(.artifact.type; .artifact.name; .artifact.version)]) ],
  statements: (.ignoredMatches // []) | length }
