# SPDX-License-Identifier: MIT
# snyk.jq - what Snyk's output holds. An advisory that names exactly one CVE is that CVE; a package of an
# operating system is written source/binary.
include "common";

def advisory:
  (.identifiers.CVE // [] | unique) as $cve | if ($cve | length) == 1 then $cve[0] else .id end;

def name:
  if (.packageManager // "") | test("^(alpine|debian|ubuntu|centos|rhel|deb|apk|rpm|linux)")
  then .name | sub("^.*/"; "") else .name end;

def project:
  . as $project
  | ((.vulnerabilities // []) + [ (.applications // [])[] | (.vulnerabilities // [])[] ])[]
  | finding(.severity | severity;
            [(if $project.docker then "image" else [$project.path, $project.displayTargetFile // $project.targetFile] end),
             advisory, name, .version]);

{ findings: [ (if type == "array" then .[] else . end) | project ],
  statements: [ (if type == "array" then .[] else . end) | (.filtered.ignore // [])[] ] | length }
