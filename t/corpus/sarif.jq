# SPDX-License-Identifier: MIT
# sarif.jq - what a SARIF log holds. Packages stand in the lines of messages and of the rules' help, in
# Snyk's rules in their description.
include "common";

def line($name): [ capture("(?:^|\n)\($name) *(?<v>[^\n]+)"; "g").v ] | map(select(. != "None")) | .[0];

def lines:
  { id: (line("Vulnerability ") // null), package: line("Package:"),
    version: (line("Installed Version:") // line("Version:")), severity: line("Severity:") };

def snyk:
  (capture("^(\\((?<cve>[^)]*)\\) )?(?<package>[^ ]+)@(?<version>[^@]+)$") // {})
  | { id: (.cve // "" | if test("^CVE-[0-9-]+$") then . else null end),
      package: (.package // "" | sub("^.*/"; "")), version: .version };

def suppressed:
  (.suppressions // []) as $s
  | ($s | length) > 0 and ($s | all(.status != "rejected" and .status != "underReview"));

def of_number:
  (tonumber? // null) as $n
  | if $n == null then null
    elif $n >= 9 then "critical" elif $n >= 7 then "high" elif $n >= 4 then "medium"
    elif $n > 0 then "low" else "negligible" end;

def of_level: { error: "high", warning: "medium", note: "low", none: "negligible" }[.];

def rule($rules):
  . as $x
  | ($x.ruleId // $x.rule.id) as $id
  | ($x.ruleIndex // $x.rule.index // -1) as $i
  | (if $i >= 0 then $rules[$i] else null end) as $r
  | if $r != null and ($id == null or $r.id == $id) then $r
    else [ $rules[] | select(.id == $id) ][0] // {} end;

def fails($tool):
  (suppressed | not) and (.kind // "fail") == "fail"
  and ($tool != "Dockle" or (.level != "note" and .level != "none"));

[ (.runs // [])[] as $run
  | $run.tool.driver.name as $tool
  | ($run.results // [])[]
  | rule($run.tool.driver.rules // []) as $rule
  | . as $x
  | (.message.text // "" | lines) as $said
  | (if $said.package != null then $said
     elif $tool == "Snyk Container" then $rule.fullDescription.text // "" | snyk
     elif $tool == "Trivy" then $said
     else ($rule.help.text // "" | lines | if .package == null then $said else . end) end) as $l
  | ([ ($rule.properties.tags // [])[] | select(severity != "unknown") ][0] // $l.severity) as $word
  | (.properties["security-severity"] // $rule.properties["security-severity"]) as $number
  | { package: ($l.package != null),
      fails: (if $l.package != null then true else fails($tool) end),
      suppressed: suppressed,
      row: finding(
        if $number != null then $number | tostring | of_number
        elif $word != null then $word | severity
        else $x.level // $rule.defaultConfiguration.level // "warning" | of_level end;
        if $l.package != null then [$l.id // $x.ruleId, $l.package, $l.version]
        else [$x.ruleId // $rule.id, $x.locations[0]?.physicalLocation?.artifactLocation?.uri] end) } ]
| { rows: length,
    findings: [ .[] | select(.fails) | .row ],
    checks: [ .[] | select(.package | not) ] | length,
    statements: [ .[] | select(.package and .suppressed) ] | length }
