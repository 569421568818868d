# SPDX-License-Identifier: MIT
# csaf.jq - what a CSAF document holds: its vulnerabilities, each said of many products.
{ findings: [],
  rows: (.vulnerabilities // []) | length,
  statements: (.vulnerabilities // []) | length }
