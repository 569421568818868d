/* SPDX-License-Identifier: MIT */
/* aws.c - what Amazon's scanners and its Security Hub share. */
#include "importers/aws.h"
#include "importers/value.h"

/* A version out of its three parts, "1:2.3-4"; the epoch 0 is none. */
static const char *version_of(struct arena *mem, const char *epoch, const char *version,
                              const char *release)
{
	const char *s = value_join(mem, version, "-", version == NULL ? NULL : release);

	if (s == NULL || str_empty(epoch) || str_eq(epoch, "0"))
		return s;
	return arena_printf(mem, "%s:%s", epoch, s);
}

/* The first good version; Amazon has one word for "there is none". */
static const char *fixed(const char *version)
{
	if (str_ieq(version, "NotAvailable"))
		return NULL;
	return version != NULL && str_prefix(version, "0:") ? version + 2 : version;
}

static const char *package_type(struct arena *mem, const char *manager, const char *platform)
{
	if (!str_ieq(manager, "OS") || platform == NULL)
		return manager;
	return arena_dupn(mem, platform, strcspn(platform, "_ "));
}

/*
 * An image's full name; NULL unless account, region and repository are known: without the registry
 * it would be the name of another image.
 * Source: Amazon ECR user guide, "Private registries": the address of a registry.
 */
static const char *image_name(struct arena *mem, const struct aws_image *i, const char *tag)
{
	if (i->account == NULL || i->region == NULL || i->repository == NULL)
		return NULL;
	return value_join(mem, arena_printf(mem, "%s.dkr.ecr.%s.amazonaws.com%s/%s", i->account,
	                                    i->region, str_prefix(i->region, "cn-") ? ".cn" : "",
	                                    i->repository), ":", tag);
}

bool aws_put_image(struct scanner *s, const struct read_record *r, const struct aws_image *i,
                   struct err *e)
{
	const char *names[AWS_NAMES], *tag = read_item(r, i->tags, NULL);
	const struct rec_digest digest = { DIGEST_MANIFEST, value_digest(i->digest) };
	struct rec_asset image = {
		.kind = ASSET_IMAGE, .digest = &digest, .ndigest = digest.value != NULL,
		.names = names, .arch = i->arch, .os = i->os, .name = i->name,
	};

	if (i->name != NULL)
		return scanner_asset(s, &image, e);
	image.name = image_name(&s->outer, i, tag);
	while (image.name != NULL && image.nnames < AWS_NAMES && tag != NULL &&
	       (tag = read_item(r, i->tags, tag)) != NULL)
		names[image.nnames++] = image_name(&s->outer, i, tag);
	return scanner_asset(s, &image, e);
}

const char *aws_of_resource(const struct read_record *r, const struct aws_resources *f,
                            size_t field, size_t n)
{
	size_t resources = read_count(r, f->id);
	const char *s;

	if (resources > 1 && read_count(r, field) != resources)
		return NULL;
	for (s = read_item(r, field, NULL); n > 0 && s != NULL; n--)
		s = read_item(r, field, s);
	return s;
}

struct aws_image aws_image_of(const struct read_record *r, const struct aws_resources *f, size_t n)
{
	bool several = read_count(r, f->id) > 1;

	return (struct aws_image){
		.account    = several ? NULL : aws_of_resource(r, f, f->account, n),
		.region     = aws_of_resource(r, f, f->region, n),
		.repository = aws_of_resource(r, f, f->repository, n),
		.digest     = aws_of_resource(r, f, f->digest, n),
		.arch       = aws_of_resource(r, f, f->arch, n),
		.tags       = f->tags,
	};
}

void aws_package(struct scanner *s, const struct read_record *r, const char *platform,
                 struct rec_vulnerability *v)
{
	v->package_type = package_type(&s->mem, read_text(r, AWS_MANAGER), platform);
	v->package = read_text(r, AWS_NAME);
	v->version = version_of(&s->mem, read_text(r, AWS_EPOCH), read_text(r, AWS_VERSION),
	                        read_text(r, AWS_RELEASE));
	v->fixed_in = fixed(read_text(r, AWS_FIXED));
	v->path = read_text(r, AWS_PATH);
	v->layer = read_text(r, AWS_LAYER);
}

bool aws_settled(struct scanner *s, const struct read_record *r, const struct rec_vulnerability *v,
                 const char *status, const char *text, struct err *e)
{
	const struct record rec = {
		.kind = REC_STATEMENT,
		.u.statement = {
			.advisory     = v->id,
			.package_type = v->package_type,
			.package      = v->package,
			.version      = v->version,
			.status       = status,
			.text         = text,
		},
	};

	if (str_empty(v->id) || str_empty(v->package))
		return scanner_row(s, r, v, e);
	return scanner_put(s, &rec, e);
}

size_t aws_related(const struct read_record *r, size_t field, const char **alias)
{
	const char *s = NULL;
	size_t n = 0;

	while (n < AWS_NAMES && (s = read_item(r, field, s)) != NULL)
		alias[n++] = s;
	return n;
}
