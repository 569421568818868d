# SPDX-License-Identifier: MIT
# sysdig.jq - rows of the scanner below their package, and of the workloads' report with their image,
# which is the digest of its configuration, whatever stands behind the 64 digits.
include "common";
{ findings:
    [ ((.result.packages // [])[] as $p | ($p.vulns // [])[]
       | finding(.severity.value | severity; [.name, package($p.type; $p.name; $p.version)])),
      ((.panels // [])[].data[]
       | finding(.vuln_severity | severity;
                 [.container_image_id[0:71], .vuln_id, .scan_package_name, .scan_package_version])) ] }
