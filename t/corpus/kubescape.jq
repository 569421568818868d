# SPDX-License-Identifier: MIT
# kubescape.jq - what Kubescape's reports hold: a verdict of each control for each object, and one for
# the whole of each control that no object's row tells of. The collection counts controls that fail.
include "common";

def band: if . >= 9 then "critical" elif . >= 7 then "high" elif . >= 4 then "medium"
          elif . >= 1 then "low" else "unknown" end;
def known: IN("passed", "failed", "skipped", "irrelevant", "excluded", "warning", "error");
def status: .status.status // ([ .rules[]?.status ] | if any(. == "failed") then "failed" else .[0] end);

# The file that an object is from, its name there, and what it was judged together with.
def object:
  (.object.relatedObjects // [] | if type == "array" then . else [.] end) as $related
  | [ (.source.relativePath // $related[0].sourcePath // .object.sourcePath // "" | sub(":.*"; "")),
      .object.kind, (.object.metadata.name // .object.name),
      ($related | if length > 1 then map([.kind, .metadata.name]) else null end) ];

(.summaryDetails.controls // {}) as $controls
| (reduce (.resources // [])[] as $o ({}; .[$o.resourceID] = $o)) as $objects
| [ (.results // [])[] | $objects[.resourceID // ""] as $o | select($o.object.kind?) | (.controls // [])[]
    | { object: ($o | object), id: .controlID, status: status } | select(.status | known) ] as $rows
| ([ (.results // [])[] | (.controls // [])[].controlID ] | unique) as $told
| [ $controls[] | select(.controlID as $c | $told | index($c) | not)
    | { id: .controlID, status: (.statusInfo.status // .status) } | select(.status | known) ] as $rest
| { rows: [ $controls[] | select((.statusInfo.status // .status) == "failed") ] | length,
    findings: [ ($rows + $rest)[] | select(.status == "failed")
                | finding($controls[.id].scoreFactor // 0 | band; [.id, .object]) ],
    checks: (($rows | length) + ($rest | length)) }
