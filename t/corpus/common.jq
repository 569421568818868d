# SPDX-License-Identifier: MIT
# common.jq - words that the counts of every format share.

# A tool's severity word, folded.
def severity:
  (. // "" | tostring | ascii_downcase) as $w
  | { critical: "critical", defcon1: "critical",
      high: "high", important: "high", danger: "high", error: "high",
      medium: "medium", moderate: "medium", warning: "medium",
      low: "low",
      negligible: "negligible", info: "negligible", none: "negligible", unimportant: "negligible"
    }[$w] // "unknown";

# One row of a report that is a finding: its severity, and what makes it the same as another row.
def finding(severity; identity): { severity: severity, identity: (identity | tojson) };

# The id of one of Trivy's checks in its newest spelling.
def check_id:
  sub("^AVD-"; "")
  | (capture("^(?<family>DS|KSV|KCV)-?(?<n>[0-9]+)$") // null) as $id
  | if $id == null then .
    else "\($id.family)-\("0000"[($id.n | length):4])\($id.n)" end;

# The type of a package, whatever the file that it was read from.
def package_type:
  { "jar": "maven", "pom": "maven", "gradle": "maven", "java-archive": "maven",
    "node-pkg": "npm", "yarn": "npm", "pnpm": "npm",
    "python-pkg": "pypi", "pip": "pypi", "pipenv": "pypi", "poetry": "pypi", "python": "pypi",
    "gomod": "golang", "gobinary": "golang", "go-module": "golang"
  }[. // ""] // . // "";

def package($type; $name; $version):
  ($type | package_type) as $t
  | [$t,
     (if $t == "pypi" then $name | ascii_downcase | gsub("[-_.]+"; "-") else $name end),
     (if $t == "golang" then ($version // "") | ltrimstr("v") | ltrimstr("go") else $version end)];
