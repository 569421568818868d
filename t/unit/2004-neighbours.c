/* SPDX-License-Identifier: MIT */
/*
 * 2004-neighbours.c - formats that look alike are told apart: each by the least that it may hold,
 * beside those that share its keys. NULL: nobody claims it.
 */
#include "t/lib/test.h"

#include "importers/importer.h"
#include "importers/source.h"

static const struct {
	const char *id, *text;
} neighbours[] = {
	/* Trivy, its list of old, of a cluster, its operator, its compliance */
	{ "trivy", "{\"SchemaVersion\":2,\"ArtifactName\":\"a\",\"ArtifactType\":\"vm\"}" },
	{ "trivy", "[{\"Target\":\"a (debian 10)\",\"Vulnerabilities\":null}]" },
	{ "trivy-k8s", "{\"ClusterName\":\"\",\"Resources\":[]}" },
	{ "trivy-k8s", "{\"ClusterName\":\"\",\"Vulnerabilities\":[],\"Misconfigurations\":[]}" },
	{ "trivy-k8s", "{\"ID\":\"k8s-nsa\",\"Title\":\"N\",\"SummaryControls\":[]}" },
	{ "trivy-operator", "{\"apiVersion\":\"aquasecurity.github.io/v1alpha1\","
	                    "\"kind\":\"ConfigAuditReport\",\"report\":{\"checks\":[]}}" },
	/* bills of materials, vulnerabilities in them, VEX */
	{ "cyclonedx", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[]}" },
	{ "cyclonedx", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"vulnerabilities\":"
	               "[{\"id\":\"CVE-1\",\"analysis\":{\"state\":\"not_affected\"}}]}" },
	{ "openvex", "{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":[]}" },
	{ "csaf", "{\"document\":{\"csaf_version\":\"2.0\",\"category\":\"csaf_vex\"},"
	          "\"vulnerabilities\":[{\"cve\":\"CVE-1\"}]}" },
	{ "spdx", "{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\"}" },
	/* both of Anchore, both with a descriptor */
	{ "grype", "{\"descriptor\":{\"name\":\"grype\"},\"matches\":[],\"source\":{}}" },
	{ "syft", "{\"descriptor\":{\"name\":\"syft\"},\"artifacts\":[],\"source\":{},"
	          "\"schema\":{\"version\":\"16.0.0\",\"url\":\"anchore/syft\"}}" },
	/* reports of policies, and of trivy-operator */
	{ "kyverno", "{\"apiVersion\":\"wgpolicyk8s.io/v1alpha2\",\"kind\":\"PolicyReport\","
	             "\"results\":[]}" },
	{ "kyverno", "{\"apiVersion\":\"openreports.io/v1alpha1\",\"kind\":\"Report\","
	             "\"results\":[]}" },
	{ "kyverno", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":"
	             "\"wgpolicyk8s.io/v1alpha2\",\"kind\":\"PolicyReport\",\"results\":[]}]}" },
	{ "kyverno-exception", "{\"apiVersion\":\"kyverno.io/v2\",\"kind\":\"PolicyException\","
	                       "\"metadata\":{\"name\":\"x\"},\"spec\":{\"exceptions\":[]}}" },
	{ "gatekeeper", "{\"apiVersion\":\"constraints.gatekeeper.sh/v1beta1\",\"kind\":\"K8sX\","
	                "\"metadata\":{\"name\":\"x\"},\"status\":{\"violations\":[]}}" },
	/* Clair, Klar, Harbor */
	{ "clair", "{\"image\":\"a\",\"unapproved\":[],\"vulnerabilities\":[]}" },
	{ "clair", "{\"LayerCount\":1,\"Vulnerabilities\":{}}" },
	{ "clair-4", "{\"manifest_hash\":\"sha256:1\",\"packages\":{},\"vulnerabilities\":{},"
	             "\"package_vulnerabilities\":{}}" },
	{ "harbor", "{\"application/vnd.security.vulnerability.report; version=1.1\":"
	            "{\"generated_at\":\"2031-01-01T00:00:00Z\",\"vulnerabilities\":[]}}" },
	{ "neuvector", "{\"report\":{\"vulnerabilities\":[{\"package_name\":\"a\"}]}}" },
	/* Amazon's three */
	{ "aws-inspector", "{\"repositoryName\":\"a\",\"imageId\":{},\"imageScanStatus\":"
	                   "{\"status\":\"COMPLETE\"},\"imageScanFindings\":{}}" },
	{ "aws-inspector", "{\"findings\":[{\"findingArn\":\"a\",\"resources\":[]}]}" },
	{ "asff", "{\"Findings\":[{\"SchemaVersion\":\"2018-10-08\",\"Id\":\"a\","
	          "\"ProductArn\":\"p\",\"Resources\":[]}]}" },
	/* what runs */
	{ "docker-inspect", "[{\"Id\":\"1\",\"State\":{\"Status\":\"running\"},\"HostConfig\":{},"
	                    "\"Config\":{\"Image\":\"a\"},\"Image\":\"sha256:1\"}]" },
	{ "container-list", "[{\"Id\":\"1\",\"Names\":[\"/a\"],\"Image\":\"a\","
	                    "\"ImageID\":\"sha256:1\",\"State\":\"running\","
	                    "\"Status\":\"Up\",\"HostConfig\":{\"NetworkMode\":\"x\"}}]" },
	{ "crictl", "{\"status\":{\"id\":\"1\",\"metadata\":{\"name\":\"a\"},\"imageRef\":\"x\"},"
	            "\"info\":{\"runtimeSpec\":{}}}" },
	{ "crictl", "{\"items\":[{\"id\":\"1\",\"metadata\":{\"name\":\"a\"},"
	            "\"state\":\"SANDBOX_READY\"}]}" },
	{ "crictl", "{\"images\":[{\"id\":\"sha256:1\",\"repoTags\":[\"a:1\"],\"size\":\"1\"}]}" },
	{ "crictl", "{\"status\":{\"id\":\"sha256:1\",\"repoTags\":[],"
	            "\"repoDigests\":[\"a@b\"]}}" },
	{ "crictl", "$ crictl pods\nPOD ID   CREATED   STATE   NAME   NAMESPACE   ATTEMPT\n" },
	{ NULL, "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS   PORTS   NAMES\n" },
	{ NULL, "REPOSITORY   TAG   IMAGE ID   CREATED   SIZE\n" },
	{ "workloads", "{\"apiVersion\":\"v1\",\"kind\":\"PodList\",\"items\":"
	               "[{\"metadata\":{\"name\":\"a\"},\"spec\":{\"containers\":[]}}]}" },
	{ "workloads", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"},"
	               "\"spec\":{\"containers\":[]}}" },
	{ "workloads", "[{\"metadata\":{\"name\":\"a\",\"selfLink\":"
	               "\"/apis/apps/v1/namespaces/b/deployments/a\"}}]" },
	{ NULL, "[{\"metadata\":{\"name\":\"a\",\"selfLink\":"
	        "\"/api/v1/namespaces/b/configmaps/a\"}}]" },
	{ "k8s-events", "[{\"metadata\":{\"name\":\"a\"},\"involvedObject\":{},"
	                "\"reason\":\"x\"}]" },
	{ "k8s-events", "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"involvedObject\":{},"
	                "\"reason\":\"x\"}" },
	{ "k8s-audit", "{\"apiVersion\":\"audit.k8s.io/v1\",\"kind\":\"Event\",\"auditID\":\"1\","
	               "\"stage\":\"ResponseComplete\",\"verb\":\"get\"}" },
	{ "k8s-audit", "{\"kubernetes\":{\"audit\":{\"auditID\":\"1\",\"kind\":\"Event\"}}}" },
	{ "gatekeeper", "{\"cluster_identity\":{\"a\":\"b\"},\"templates\":[]}" },
	/* runtime detectors */
	{ "falco", "{\"rule\":\"R\",\"priority\":\"Notice\",\"output_fields\":{}}" },
	{ "falco", "{\"uuid\":\"1\",\"output\":\"o\",\"priority\":\"Notice\",\"rule\":\"R\","
	           "\"time\":\"2031-01-01T00:00:00Z\",\"source\":\"syscall\",\"hostname\":\"h\"}" },
	{ "tetragon", "{\"process_exec\":{\"process\":{}},\"node_name\":\"n\","
	              "\"time\":\"2031-01-01T00:00:00Z\"}" },
	{ "tracee", "{\"timestamp\":1,\"processorId\":1,\"eventId\":\"1\",\"eventName\":\"x\","
	            "\"processName\":\"p\"}" },
	/* benches */
	{ "kube-bench", "{\"Controls\":[{\"id\":\"1\",\"version\":\"cis-1.8\",\"tests\":[]}]}" },
	{ "docker-bench", "{\"dockerbenchsecurity\":\"1.6.0\",\"start\":1,\"tests\":[]}" },
	/* others that speak of everything */
	{ NULL, "{\"vulnerabilities\":[]}" },
	{ NULL, "{\"results\":[]}" },
	{ NULL, "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[]}" },
	{ NULL, "{\"findings\":[{\"id\":\"1\",\"severity\":\"HIGH\"}]}" },
	{ NULL, "{\"eventName\":\"ConsoleLogin\",\"eventSource\":\"signin\",\"awsRegion\":\"x\"}" },
	{ NULL, "{\"plan-of-action-and-milestones\":{\"uuid\":\"1\"}}" },
};

static void every_neighbour_is_itself(UNUSED void **state)
{
	for (size_t i = 0; i < LENGTH(neighbours); i++) {
		const char *text = neighbours[i].text, *id = neighbours[i].id;
		struct err e = ERR_INIT;
		const struct importer *im;
		struct source *src;

		if (!source_open_bytes("x.json", text, strlen(text), &src, &e))
			fail_msg("%s", e.text);
		im = importer_guess(src, &e);
		if (!str_eq(im == NULL ? NULL : im->id, id))
			fail_msg("%s: %s, not %s", text, im == NULL ? e.text : im->id,
			         id == NULL ? "nobody's" : id);
		source_close(src);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_neighbour_is_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
