# SPDX-License-Identifier: MIT
# cyclonedx.jq - what a CycloneDX document holds: a finding for each component of its own that a
# vulnerability affects, a statement for each vulnerability that was analysed.
include "common";

def all_components: (.components // [])[] | ., all_components;
def rank: {"critical": 5, "high": 4, "medium": 3, "low": 2, "info": 1, "none": 1}[.] // 0;

[ all_components ] as $component
| (reduce ($component[], (.metadata.component // empty)) as $c ({};
     if $c["bom-ref"] then .[$c["bom-ref"]] //= $c else . end)) as $by_ref
| { rows: (.vulnerabilities // []) | length,
    components: $component | length,
    statements: [ (.vulnerabilities // [])[]
                  | select(.analysis.state and ((.affects // []) | length) > 0) ] | length,
    findings:
      [ (.vulnerabilities // [])[] as $v
        | ($v.affects // [])[].ref
        | $by_ref[.] // empty
        | finding([ ($v.ratings // [])[].severity // empty | ascii_downcase ]
                  | max_by(rank) // "unknown" | severity;
                  [ $v.id, (.purl // .name | split("?")[0]), .version ]) ] }
