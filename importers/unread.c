/* SPDX-License-Identifier: MIT */
/* unread.c - forms of known tools that are not read: why, and what to have written instead. */
#include <ctype.h>

#include "importers/unread.h"

#define CONFTEST "results of Conftest, which are not read: have it write SARIF"
#define PODS     "pods of podman, which name no images: have it inspect their containers"
#define FALCO_RULES "rules of Falco, which tell nothing of what they found"
#define OSCAL    "of OSCAL, catalogues and profiles are read"
#define QUALITY "a code quality report (Code Climate, GitLab), which is not read: have the tool " \
	"write its own JSON"
#define AS_SARIF(tool) "JSON of " tool ", which is not read: have it write SARIF"
#define OCSF "findings in OCSF, of which Prowler's in a Kubernetes cluster are read: have the " \
	"tool write its own JSON, or ASFF"
#define COMPACT "Tetragon for people, without times: have it write JSON"
#define KARMOR  "KubeArmor for people: have karmor write it with --json"
#define TABLE   "a table of kubectl, which is not read: ask for -o json"
#define REFUSAL "what kubectl said of a refusal, without a time: import the audit log or the events"
#define DESCRIBED "what kubectl describe shows for people: ask for -o json"
#define TESTS   "tests of policies, which tell nothing of what they will be used on"
#define FIGURES "figures for Prometheus, which are not read: import what the tool itself writes"
#define NO_IMAGE "which names no image: have cosign verify it, or import the attestation itself"
#define IMAGES  "a list of images, which does not say how they run: have the engine inspect them"
#define REVIEW  "a request on its way through admission: import the audit log, or who decided"
#define XRAY "a report of JFrog Xray, which is not read: have it export CycloneDX with " \
	"vulnerabilities"

/* By what stands in the first line, or the first of a table in a frame, all of it. */
static const struct {
	const char *has[3], *is;
} texts[] = {
	{ { "CONTAINER ID", "IMAGE", "STATUS" },
	  "a table of containers, which is not read: list them with --format json" },
	{ { "REPOSITORY", "TAG", "IMAGE ID" },
	  "a table of images, which is not read: have the engine inspect them" },
	{ { "NAME", "READY", "STATUS" }, TABLE },
	{ { "NAME", "READY", "UP-TO-DATE" }, TABLE },
	{ { "LAST SEEN", "REASON", "OBJECT" }, TABLE },
	{ { "NAME", "PASS", "FAIL" }, TABLE },
	{ { "NAME ", " AGE" }, TABLE },
	{ { "ENFORCEMENT-ACTION", "TOTAL-VIOLATIONS" }, TABLE },
	{ { "UID", "COMM", "EVENT" },
	  "a table of Tracee, which is not read: have it write JSON" },
	{ { "TIME ", " EVENT ", " ARGS" },
	  "a table of Tracee, which is not read: have it write JSON" },
	{ { "\xf0\x9f\x9a\x80 process " }, COMPACT },
	{ { "\xf0\x9f\x92\xa5 exit " }, COMPACT },
	{ { "\xf0\x9f\x93\x9d write " }, COMPACT },
	{ { "\xf0\x9f\x93\x9a read " }, COMPACT },
	{ { "\xf0\x9f\x93\xac open " }, COMPACT },
	{ { "\xf0\x9f\x93\xaa close " }, COMPACT },
	{ { "\xf0\x9f\x94\x8c connect " }, COMPACT },
	{ { "\x9d\x93 syscall " }, COMPACT }, /* behind what begins as a frame does */
	{ { "== Alert / " }, KARMOR },
	{ { "== Log / " }, KARMOR },
	{ { "Type=", "Status=", "ID=" },
	  "events of docker without their times: have it write --format json" },
	{ { "Testing ", "..." },
	  "text of Snyk, which is not read: have it write --json" },
	{ { "admission webhook", "denied the request" }, REFUSAL },
	{ { "Error from server", "violates PodSecurity" }, REFUSAL },
	{ { "ValidatingAdmissionPolicy", "denied request" }, REFUSAL },
	{ { "Warning: ", "violate", "PodSecurity" }, REFUSAL },
	{ { "Warning: policy ", "validation error" }, REFUSAL },
	{ { "RESULT", "NAMESPACE", "MESSAGE" }, CONFTEST },
	{ { "Loading test", "kyverno-test" }, TESTS },
	{ { "=== RUN " }, TESTS },
	{ { "# HELP " }, FIGURES },
	{ { "# TYPE " }, FIGURES },
	{ { "Supply Chain Security Related artifacts" },
	  "a tree of cosign's: have `oras discover --format json` write it" },
	{ { ":sha256-", ".sig" },
	  "the name of a signature: have cosign verify the image, or download it" },
	{ { "Inspecting all signatures for signed artifact" },
	  "signatures that Notation shows for people: have it write --output json" },
	{ { "Verified ", "using builder" }, "text of slsa-verifier, " NO_IMAGE },
	{ { "no matching signatures" }, "what cosign says when it fails, " NO_IMAGE },
};

/* By a line of the first ones. */
static const struct {
	const char *has[3], *is;
} lines[] = {
	{ { "POLICY", "RULE", "RESOURCE" },
	  "a table of Kyverno, which is not read: have it write --policy-report" },
	{ { "API Version:  " }, DESCRIBED },
	{ { "admission webhook", "denied the request" }, REFUSAL },
};
enum { FIRST_LINES = 40 };

/* By members of its first object, all of them. */
static const struct {
	const char *has[3], *is;
} objects[] = {
	{ { "Records[0].eventVersion", "Records[0].eventSource" },
	  "records of CloudTrail, which are not read: import what Falco says of them" },
	{ { "streams[0].stream", "streams[0].values" },
	  "lines on their way to Loki, which are not read: import what the tool itself writes" },
	{ { "streams[0].labels", "streams[0].entries" },
	  "lines on their way to Loki, which are not read: import what the tool itself writes" },
	{ { "rule", "condition", "output" }, FALCO_RULES },
	{ { "required_engine_version" }, FALCO_RULES },
	{ { "macro", "condition" }, FALCO_RULES },
	{ { "list", "items" }, FALCO_RULES },
	{ { "info.engine_version", "rules[0].info" }, FALCO_RULES },
	{ { "falco_load_results" }, FALCO_RULES },
	{ { "Name", "Namespace", "API Version" }, DESCRIBED },
	{ { "data.resultType", "data.result[0].stream" },
	  "an answer of Loki: have logcli write it with -o jsonl" },
	{ { "request.uid", "request.operation" }, REVIEW },
	{ { "response.uid", "response.allowed" }, REVIEW },
	{ { "columnDefinitions", "rows" }, TABLE },
	{ { "status", "code", "reason" },
	  "an error of the API server, in place of what it was asked for" },
	{ { "signed._type", "signatures" },
	  "what in-toto or TUF signed, a link, a layout, a list of keys, which names no image" },
	{ { "LogID", "IntegratedTime", "Body" }, "an entry of Rekor, " NO_IMAGE },
	{ { "{}.logIndex", "{}.integratedTime" }, "an entry of Rekor, " NO_IMAGE },
	{ { "SignedTags", "AdministrativeKeys" },
	  "signatures of Docker Content Trust, which are not read" },
	{ { "RepoTags", "Digest", "Layers" }, IMAGES },
	{ { "Repository", "Tag", "CreatedSince" }, IMAGES },
	{ { "ServerVersion", "ContainersRunning" },
	  "what the engine says of itself: have it inspect its containers and images" },
	{ { "profiles[0].controls", "platform" }, "a report of InSpec, which is not read" },
	{ { "labels", "annotations", "endsAt" },
	  "alerts of Alertmanager, which are not read: import what the tool behind them writes" },
	{ { "addrs", "level", "msg" },
	  "OPA's own log, which begins without decisions: have it log them, with "
	  "decision_logs.console" },
	{ { "client_addr", "req_path", "msg" },
	  "OPA's own log, which begins without decisions: have it log them, with "
	  "decision_logs.console" },
	{ { "InfraContainerID", "Containers" }, PODS },  /* podman pod inspect */
	{ { "InfraId", "Containers", "Cgroup" }, PODS }, /* podman pod ps */
	{ { "filename", "namespace", "successes" }, CONFTEST },
	{ { "filename", "warnings", "failures" }, CONFTEST },
	{ { "Spec.ociVersion", "Snapshotter" },
	  "containers as containerd has them: have nerdctl inspect them with --mode dockercompat" },
	{ { "items[0].policy", "items[0].status", "items[0].apiVersion" },
	  "an answer of Policy Reporter, which is not read: import the reports, from kubectl get" },
	{ { "policy", "status", "creationTimestamp" },
	  "a message of Policy Reporter, which is not read: import the reports, from kubectl get" },
	{ { "policy", "rule", "result" },
	  "a result without its report, which tells nothing of an object: import the report" },
	{ { "system-security-plan.uuid" }, "a system security plan; " OSCAL },
	{ { "assessment-plan.uuid" }, "an assessment plan; " OSCAL },
	{ { "assessment-results.uuid" }, "assessment results; " OSCAL },
	{ { "plan-of-action-and-milestones.uuid" }, "a plan of action and milestones; " OSCAL },
	{ { "component-definition.uuid" }, "a component definition; " OSCAL },
	{ { "mapping-collection.uuid" }, "a mapping of controls; " OSCAL },
	{ { "rootfs.diff_ids", "architecture" },
	  "the configuration of an image, which does not say of which: import what `docker "
	  "inspect` tells of the image" },
	{ { "imageLayoutVersion" }, "the mark of an OCI layout: import its index.json" },
	{ { "mediaType", "certificateAuthorities" },
	  "a trusted root of sigstore, which holds no signature" },
	{ { "default[0].type", "transports" },
	  "a policy of containers/image, which holds no signature" },
	{ { "trustPolicies", "version" }, "Notation's trust policy, which holds no signature" },
	{ { "policyType", "posturePolicies" }, "exceptions of Kubescape, which are not read" },
	{ { "clusters[0].clusterID", "controlMatrix" },
	  "Kubescape's report of a fleet, which is not read: import each cluster's own" },
	{ { "check_name", "fingerprint" }, QUALITY },
	{ { "check_name", "location.path", "categories" }, QUALITY },
	{ { "issues[0].engineId", "issues[0].primaryLocation" },
	  "generic issues of SonarQube, which are not read: have the tool write its own JSON" },
	{ { "jsonapi.version", "data[0].attributes.effective_severity_level" },
	  "issues of Snyk's interface, which are not read: have snyk test write --json" },
	{ { "updated_at", "packages[0].location", "packages[0].format" },
	  "the index of a VEX repository: import the documents that it names" },
	{ { "versions[0].spec_version", "versions[0].locations" },
	  "the manifest of a VEX repository: import the documents in it" },
	{ { "schema_version", "affected" },
	  "an advisory of OSV: what it affects is told by a scan" },
	{ { "vulnerabilities[0].cve.id", "resultsPerPage" },
	  "advisories of NVD: what they affect is told by a scan" },
	{ { "config.protocol_version", "config.scanner_name" },
	  "a stream of govulncheck, which is not read: have it write -format sarif or openvex" },
	{ { "class_uid", "severity", "finding_info.uid" }, OCSF },
	{ { "class_uid", "severity", "finding.uid" }, OCSF },
	{ { "rows[0].vulnerable_component", "rows[0].impacted_artifact" }, XRAY },
	{ { "data[0].source_comp_id", "data[0].component_versions" }, XRAY },
	{ { "scan_id", "vulnerabilities[0].issue_id" }, XRAY },
	{ { "scan_id", "violations[0].issue_id" }, XRAY },
	{ { "violations[0].issue_id", "violations[0].watch_name" }, XRAY },
	{ { "artifacts[0].general", "artifacts[0].issues" }, XRAY },
	{ { "meta.application", "project.uuid", "findings" },
	  "findings of Dependency-Track, which are not read: have it export CycloneDX with "
	  "vulnerabilities" },
	{ { "scanInfo.engineVersion", "dependencies" }, AS_SARIF("Dependency-Check") },
	{ { "RuleID", "Secret", "Entropy" }, AS_SARIF("Gitleaks") },
	{ { "offender", "rule", "commitMessage" }, AS_SARIF("Gitleaks") },
	{ { "object", "score", "scoring" },
	  "JSON of Kubesec, which is not read: have it write SARIF, with its template" },
	{ { "results.scan_summary", "results.violations" }, AS_SARIF("Terrascan") },
	{ { "results[0].long_id", "results[0].rule_description" }, AS_SARIF("tfsec") },
	{ { "Golang errors", "Issues", "Stats" }, AS_SARIF("gosec") },
	{ { "metrics._totals", "generated_at", "results" }, AS_SARIF("Bandit") },
	{ { "AssessmentStartTime", "CheckID", "FindingUniqueId" },
	  "JSON of Prowler, which is not read: have it write json-asff" },
	{ { "DetectorName", "SourceMetadata", "Raw" },
	  "secrets that TruffleHog found, which are not read" },
	{ { "popeye.sections", "popeye.score" }, "a report of Popeye, which is not read" },
	{ { "PolarisOutputVersion" },
	  "an audit of Polaris, which is not read" },
	{ { "metadata.name", "metadata.creationTimestamp" },
	  "a Kubernetes object that does not say its kind: have kubectl write it" },
};

static bool is_text(const char *line, const char *const has[static 3])
{
	bool all = true;
	for (size_t i = 0; all && i < 3; i++)
		all = has[i] == NULL || strstr(line, has[i]) != NULL;
	return all;
}

static const char *by_text(const char *head)
{
	/* of a table: the line on top, in ASCII or in bytes of UTF-8 */
	static const char frame[] = "\r\n+-\xe2\x94\x8c\x80\xac\x90";
	struct arena mem = ARENA_INIT;
	head += strspn(head, frame);
	const char *line = arena_dupn(&mem, head, strcspn(head, "\r\n")), *is = NULL;
	for (size_t i = 0; is == NULL && i < LENGTH(texts); i++)
		is = is_text(line, texts[i].has) ? texts[i].is : NULL;
	for (size_t n = 0; is == NULL && n < FIRST_LINES && *head != '\0'; n++) {
		line = arena_dupn(&mem, head, strcspn(head, "\r\n"));
		for (size_t i = 0; is == NULL && i < LENGTH(lines); i++)
			is = is_text(line, lines[i].has) ? lines[i].is : NULL;
		head += strlen(line);
		head += strspn(head, "\r\n");
	}
	arena_release(&mem);
	return is;
}

static bool has_all(const struct peek *p, const char *const has[static 3])
{
	bool all = true;
	for (size_t i = 0; all && i < 3; i++)
		all = has[i] == NULL || peek_has(p, has[i]);
	return all;
}

const char *unread(const struct peek *p)
{
	const char *head = peek_head(p) == NULL ? "" : peek_head(p);

	head += strspn(head, " \t\r\n");
	if (*head == '<' && isdigit((unsigned char)head[1]))
		return "lines of syslog without JSON, of no tool that is read";
	if (*head == '<')
		return "XML, which is not read: have the tool write JSON";
	if (str_prefix(head, "SPDXVersion:"))
		return "SPDX as tags and values, which is not read: have the tool write SPDX JSON";
	for (size_t i = 0; i < LENGTH(objects); i++)
		if (has_all(p, objects[i].has))
			return objects[i].is;
	return peek_open(p) == 0 ? by_text(head) : NULL;
}
