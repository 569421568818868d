# SPDX-License-Identifier: MIT
# spdx.jq - what an SPDX document holds. The image that it describes is one of its packages, and no
# component of itself.
([ (.relationships // [])[]
   | select(.relationshipType == "DESCRIBES" and .spdxElementId == "SPDXRef-DOCUMENT")
   | .relatedSpdxElement ] + (.documentDescribes // [])) as $root
| [ (.packages // [])[]
    | select((.SPDXID | IN($root[]))
             and (.primaryPackagePurpose == "CONTAINER"
                  or ([ (.externalRefs // [])[].referenceLocator ]
                      | any(startswith("pkg:oci/"))))) ] as $image
| { findings: [],
    listed: (.packages // []) | length,
    components: (((.packages // []) | length) - ($image | length)) }
