/* SPDX-License-Identifier: MIT */
/*
 * admission_kyverno.c - admission policies as Kyverno's ClusterPolicy.
 *
 * Sources: Kyverno's documentation of validate.cel rules and of verifyImages.
 */
#include "reports/admission.h"

/* Rules say themselves where a controller's pod is, so that Kyverno must not rewrite them. */
static const char match[] =
	"      match:\n"
	"        any:\n"
	"          - resources:\n"
	"              kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, "
	"ReplicationController, Job, CronJob]\n"
	"              operations: [CREATE, UPDATE]\n"
	"      exclude:\n"
	"        any:\n"
	"          - resources:\n"
	"              namespaces: [kube-system, kube-public, kube-node-lease, kyverno]\n";

static void head(struct out *o, const struct policy_admission *p)
{
	(void)p;
	admission_comment(o, "For Kyverno 1.13 and later. To try them first, set failureAction: "
	                     "Audit.", NULL);
}

static const char *severity_of(enum severity s)
{
	static const char *const words[SEV_COUNT] = {
		[SEV_CRITICAL] = "critical", [SEV_HIGH] = "high", [SEV_MEDIUM] = "medium",
		[SEV_LOW] = "low",
	};

	return words[s] == NULL ? "info" : words[s];
}

static void open_policy(struct out *o, const char *id, const char *title, enum severity s,
                        const char *controllers)
{
	out_printf(o,
	           "---\n"
	           "apiVersion: kyverno.io/v1\n"
	           "kind: ClusterPolicy\n"
	           "metadata:\n"
	           "  name: seaworthy-%s\n"
	           "  annotations:\n",
	           id);
	if (controllers != NULL)
		admission_text(o, 4, "pod-policies.kyverno.io/autogen-controllers", controllers);
	admission_text(o, 4, "policies.kyverno.io/title", title);
	out_printf(o,
	           "    policies.kyverno.io/severity: %s\n"
	           "spec:\n"
	           "  background: %s\n"
	           "  rules:\n"
	           "    - name: %s\n",
	           severity_of(s), controllers != NULL ? "true" : "false", id);
}

static void row(struct out *o, const struct admission_row *r, const char *good)
{
	open_policy(o, r->id, r->title, r->severity, "none");
	out_printf(o,
	           "%s"
	           "      validate:\n"
	           "        failureAction: Enforce\n",
	           match);
	admission_text(o, 8, "message", r->remedy);
	out_printf(o, "        cel:\n"
	              "          variables:\n");
	admission_variables(o, &admission_kyverno, 12, good);
	out_printf(o, "          expressions:\n");
	admission_block(o, 12, "- expression", good);
	admission_text(o, 14, "message", r->remedy);
}

/* ---- signatures ---- */

static bool is_pem(const struct admission_signer *s)
{
	return s->key != NULL && s->identity == NULL && s->issuer == NULL &&
	       str_prefix(s->key, "-----BEGIN PUBLIC KEY-----") && strpbrk(s->key, "*?") == NULL;
}

static bool is_keyless(const struct admission_signer *s)
{
	return s->key == NULL && s->identity != NULL && s->issuer != NULL;
}

static void put_pattern(struct out *o, int indent, const char *key, const char *pattern)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "^(?i:");
	admission_pattern(pattern, &b);
	buf_addf(&b, ")$");
	admission_text(o, indent, key, b.s);
	buf_release(&b);
}

static void attestors(struct out *o, int indent, const struct policy_admission *p)
{
	out_printf(o, "%*sattestors:\n%*s- count: 1\n%*sentries:\n", indent, "", indent + 2, "",
	           indent + 4, "");
	for (size_t i = 0; i < p->nsigner; i++) {
		const struct admission_signer *s = &p->signer[i];

		if (is_pem(s)) {
			out_printf(o, "%*s- keys:\n", indent + 6, "");
			admission_text(o, indent + 10, "publicKeys", s->key);
		} else if (is_keyless(s)) {
			out_printf(o, "%*s- keyless:\n", indent + 6, "");
			put_pattern(o, indent + 10, "subjectRegExp", s->identity);
			put_pattern(o, indent + 10, "issuerRegExp", s->issuer);
		}
	}
}

static void tell_left(struct out *o, const struct admission_signer *s)
{
	admission_comment(o, "Not told to Kyverno: a signer that is neither a key in PEM nor an "
	                     "identity with its issuer:", NULL);
	if (s->identity != NULL)
		admission_comment(o, "  identity", s->identity);
	if (s->issuer != NULL)
		admission_comment(o, "  issuer", s->issuer);
	if (s->key != NULL)
		admission_comment(o, "  key", s->key);
}

static bool tell_signers(struct out *o, const struct policy_admission *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nsigner; i++) {
		if (is_pem(&p->signer[i]) || is_keyless(&p->signer[i]))
			n++;
		else
			tell_left(o, &p->signer[i]);
	}
	if (n == 0)
		admission_comment(o, "Not enforced: signatures: the policy names no signer that "
		                     "Kyverno could verify.", NULL);
	return n > 0;
}

static void signatures(struct out *o, const struct policy_admission *p)
{
	if ((!p->signature && p->nattestation == 0) || !tell_signers(o, p))
		return;
	open_policy(o, "signatures", "Image is signed by a trusted signer", SEV_HIGH, NULL);
	out_printf(o,
	           "      match:\n"
	           "        any:\n"
	           "          - resources:\n"
	           "              kinds: [Pod]\n"
	           "              operations: [CREATE, UPDATE]\n"
	           "      verifyImages:\n"
	           "        - imageReferences: ['*']\n"
	           "          failureAction: Enforce\n");
	if (p->signature)
		attestors(o, 10, p);
	if (p->nattestation > 0)
		out_printf(o, "          attestations:\n");
	for (size_t i = 0; i < p->nattestation; i++) {
		admission_text(o, 12, "- type", p->attestation[i]);
		attestors(o, 14, p);
	}
}

const struct admission_engine admission_kyverno = {
	.name = "kyverno",
	.object = "object",
	.head = head,
	.row = row,
	.signatures = signatures,
};
