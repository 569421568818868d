# SPDX-License-Identifier: MIT
# harbor.jq - rows of the report under whichever type it has.
include "common";
{ findings: [ .[].vulnerabilities[] | finding(.severity | severity; [.id, .package, .version]) ] }
