/* SPDX-License-Identifier: MIT */
/* aws.c - words that Amazon's scanners and its Security Hub share. */
#include "importers/aws.h"
#include "importers/value.h"

const char *aws_version(struct arena *mem, const char *epoch, const char *version,
                        const char *release)
{
	const char *s = value_join(mem, version, "-", version == NULL ? NULL : release);

	if (s == NULL || str_empty(epoch) || str_eq(epoch, "0"))
		return s;
	return arena_printf(mem, "%s:%s", epoch, s);
}

const char *aws_fixed(const char *version)
{
	if (str_ieq(version, "NotAvailable"))
		return NULL;
	return version != NULL && str_prefix(version, "0:") ? version + 2 : version;
}

const char *aws_package_type(struct arena *mem, const char *manager, const char *platform)
{
	if (!str_ieq(manager, "OS") || platform == NULL)
		return manager;
	return arena_dupn(mem, platform, strcspn(platform, "_ "));
}

/* Source: Amazon ECR user guide, "Private registries": the address of a registry. */
const char *aws_image_name(struct arena *mem, const char *account, const char *region,
                           const char *repository, const char *tag)
{
	if (account == NULL || region == NULL || repository == NULL)
		return NULL;
	return value_join(mem, arena_printf(mem, "%s.dkr.ecr.%s.amazonaws.com%s/%s", account,
	                                    region, str_prefix(region, "cn-") ? ".cn" : "",
	                                    repository), ":", tag);
}
