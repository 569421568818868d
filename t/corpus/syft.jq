# SPDX-License-Identifier: MIT
# syft.jq - what a Syft report holds: packages alone.
{ findings: [], components: (.artifacts // []) | length }
