/* SPDX-License-Identifier: MIT */
/*
 * admission_gatekeeper.c - admission policies as Gatekeeper's templates and constraints.
 *
 * Source: Gatekeeper's documentation of constraint templates and of its engine
 * K8sNativeValidation.
 */
#include "reports/admission.h"

static void head(struct out *o, const struct policy_admission *p)
{
	(void)p;
	admission_comment(o, "For Gatekeeper 3.18 and later. Apply twice: constraints are refused "
	                     "until their templates are ready.", NULL);
	admission_comment(o, "To try them first, set enforcementAction: dryrun. Ephemeral "
	                     "containers are seen where the webhook is told of "
	                     "pods/ephemeralcontainers.", NULL);
}

/* "SeaworthyHostPath" for "host-path". */
static void kind_of(const char *id, struct buf *out)
{
	bool first = true;

	buf_addf(out, "Seaworthy");
	for (const char *c = id; *c != '\0'; c++) {
		if (*c != '-')
			buf_addc(out, first && *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A')
			                                              : *c);
		first = *c == '-';
	}
}

/* A template's name is its kind in small letters. */
static void name_of(const char *id, struct buf *out)
{
	buf_addf(out, "seaworthy");
	for (const char *c = id; *c != '\0'; c++) {
		if (*c != '-')
			buf_addc(out, *c);
	}
}

static void template(struct out *o, const struct admission_row *r, const char *kind,
                     const char *name, const char *good)
{
	out_printf(o,
	           "---\n"
	           "apiVersion: templates.gatekeeper.sh/v1\n"
	           "kind: ConstraintTemplate\n"
	           "metadata:\n"
	           "  name: %s\n"
	           "  annotations:\n",
	           name);
	admission_text(o, 4, "metadata.gatekeeper.sh/title", r->title);
	out_printf(o,
	           "spec:\n"
	           "  crd:\n"
	           "    spec:\n"
	           "      names:\n"
	           "        kind: %s\n"
	           "  targets:\n"
	           "    - target: admission.k8s.gatekeeper.sh\n"
	           "      code:\n"
	           "        - engine: K8sNativeValidation\n"
	           "          source:\n"
	           "            variables:\n",
	           kind);
	admission_variables(o, &admission_gatekeeper, 14, good);
	out_printf(o, "            validations:\n");
	admission_block(o, 14, "- expression", good);
	admission_text(o, 16, "message", r->remedy);
}

static void constraint(struct out *o, const struct admission_row *r, const char *kind)
{
	out_printf(o,
	           "---\n"
	           "apiVersion: constraints.gatekeeper.sh/v1beta1\n"
	           "kind: %s\n"
	           "metadata:\n"
	           "  name: seaworthy-%s\n"
	           "spec:\n"
	           "  enforcementAction: deny\n"
	           "  match:\n"
	           "    kinds:\n"
	           "      - apiGroups: ['']\n"
	           "        kinds: [Pod, ReplicationController]\n"
	           "      - apiGroups: [apps]\n"
	           "        kinds: [Deployment, StatefulSet, DaemonSet, ReplicaSet]\n"
	           "      - apiGroups: [batch]\n"
	           "        kinds: [Job, CronJob]\n"
	           "    excludedNamespaces: [kube-system, kube-public, kube-node-lease, "
	           "gatekeeper-system]\n",
	           kind, r->id);
}

static void row(struct out *o, const struct admission_row *r, const char *good)
{
	struct buf kind = BUF_INIT, name = BUF_INIT;

	kind_of(r->id, &kind);
	name_of(r->id, &name);
	template(o, r, kind.s, name.s, good);
	constraint(o, r, kind.s);
	buf_release(&kind);
	buf_release(&name);
}

static void signatures(struct out *o, const struct policy_admission *p)
{
	if (p->signature || p->nattestation > 0)
		admission_comment(o, "Not enforced: signatures and attestations: Gatekeeper "
		                     "verifies none without a provider of its own.", NULL);
}

const struct admission_engine admission_gatekeeper = {
	.name = "gatekeeper",
	.object = "variables.anyObject",
	.head = head,
	.row = row,
	.signatures = signatures,
};
