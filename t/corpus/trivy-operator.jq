# SPDX-License-Identifier: MIT
# trivy-operator.jq - what reports of trivy-operator and Starboard hold, in all their shapes.
include "common";

def objects:
  if type == "array" then .[]
  elif has("items") then .items[]
  elif has("kind") then .
  else .[][] end;

def image: .report | [.registry.server, .artifact];

def object:
  .metadata | [.namespace, ([.labels | to_entries[]? | select(.key | test("resource\\.(kind|name)$"))])];

def failed_control: (.totalFail // .failTotal // 0) > 0;

def findings:
  . as $o
  | ((.report.vulnerabilities // [])[]
     | finding(.severity | severity;
               [($o | image), .vulnerabilityID, package(.packageType; .resource; .installedVersion)])),
    ((.report.secrets // [])[]
     | finding(.severity | severity; [($o | image), .ruleID, .target])),
    ((.report.checks // [])[]
     | select(.success == false)
     | finding(.severity | severity; [($o | object), (.checkID | check_id)])),
    ((.status.detailReport.results // [])[] as $control
     | $control.checks[]
     | select(.success == false)
     | finding(if (.severity // "") == "" then $control.severity else .severity end | severity;
               [$control.id, .checkID, .target])),
    ((.status.summaryReport.controlCheck // .status.controlCheck // [])[]
     | select(failed_control)
     | finding(.severity | severity; [$o.metadata.name, .id]));

def checks:
  (.report.checks // [])[],
  (.status.detailReport.results // [])[].checks[],
  (.status.summaryReport.controlCheck // .status.controlCheck // [])[];

{ findings: [ objects | findings ],
  checks: [ objects | checks ] | length,
  components: [ objects | (.report.components.components // [])[]? ] | length }
