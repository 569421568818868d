# SPDX-License-Identifier: MIT
# clair.jq - rows of clair-scanner, and of Klar below their severity.
include "common";
{ findings:
    [ ((.vulnerabilities // [])[]
       | finding(.severity | severity; [.vulnerability, .featurename, .featureversion])),
      ((.Vulnerabilities // {})[][]
       | finding(.Severity | severity; [.Name, .FeatureName, .FeatureVersion])) ] }
