# SPDX-License-Identifier: MIT
# aqua.jq - rows of Aqua: below their package, or each with its package and image.
include "common";
def word: .aqua_severity // .vendor_severity // .nvd_severity_v3 // .nvd_severity;
def part: package(.format; .name // .path; .version // .hash);
{ findings:
    [ ((.resources // [])[] as $r | ($r.vulnerabilities // [])[]
       | finding(word | severity; [.name, ($r.resource | part)])),
      ((.result // [])[] | finding(word | severity; [.image_digest, .name, (.resource | part)])) ] }
