# SPDX-License-Identifier: MIT
# openvex.jq - what an OpenVEX document holds.
{ findings: [], rows: (.statements // []) | length, statements: (.statements // []) | length }
