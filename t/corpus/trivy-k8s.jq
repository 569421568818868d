# SPDX-License-Identifier: MIT
# trivy-k8s.jq - what a Trivy report of a cluster holds. Packages are found in the image that the target
# of the last system packages names, else in the object; checks in the object, or in what it is part of.
include "common";

def object:
  .Kind as $kind
  | if ["Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController",
        "Job", "CronJob"] | index($kind)
    then [.Kind, .Namespace, .Name]
    elif $kind == "Node" or $kind == "NodeInfo" then ["Node", .Name]
    else ["in", .Namespace // ""] end;

def rows($asset):
  . as $r
  | ((.Vulnerabilities // [])[]
     | finding(.Severity | severity;
               [$asset, .VulnerabilityID, package($r.Type; .PkgName; .InstalledVersion)])),
    ((.Misconfigurations // [])[]
     | select((.Status // "FAIL") == "FAIL")
     | finding(.Severity | severity; [$asset, (.ID | check_id), $r.Target])),
    ((.Secrets // [])[]
     | finding(.Severity | severity; [$asset, .RuleID, $r.Target]));

def resource:
  object as $object
  | reduce (.Results // [])[] as $r ({ asset: $object, rows: [] };
      .asset = (if $r.Target | test(" \\([^)]+\\)$") then ["image", ($r.Target | sub(" \\([^)]+\\)$"; ""))]
                elif $r.Class == "config" and $r.Type == "kubernetes" then $object
                else .asset end)
      | .asset as $asset
      | .rows += [$r | rows($asset)])
  | .rows[];

def controls:
  ((.SummaryControls // [])[] | select((.TotalFail // 0) > 0) | finding(.Severity | severity; .ID)),
  ((.Results // [])[] as $c
   | ($c.Results // [])[] as $r
   | ($r.Misconfigurations // [])[]
   | select(.Status == "FAIL")
   | finding(.Severity // $c.Severity | severity; [$c.ID, .AVDID, $r.Target]));

{ findings:
    [ ((.Resources // []) + (.Vulnerabilities // []) + (.Misconfigurations // []) | .[] | resource),
      controls ] }
