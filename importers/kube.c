/* SPDX-License-Identifier: MIT */
/* kube.c - one spelling for what Kubernetes tools spell differently. */
#include <stdlib.h>

#include "importers/kube.h"

/*
 * Generated names: five random letters end a pod's name; a template's hash is a 32-bit number in
 * decimal, each digit turned into a letter of ten. Neither set has a vowel. Source:
 * k8s.io/apimachinery/pkg/util/rand, SafeEncodeString and String.
 */
static const char random_letters[] = "bcdfghjklmnpqrstvwxz2456789";
static const char hash_letters[] = "456789bcdf";

enum { RANDOM_LENGTH = 5, HASH_MIN = 6, HASH_SURE = 8, HASH_MAX = 10, SHA256_HEX = 64 };

const char *kube_value(const char *s)
{
	if (str_empty(s) || str_eq(s, "<NA>") || str_eq(s, "null"))
		return NULL;
	if (*s == '%' && s[1] != '\0'
	    && strspn(s + 1, "abcdefghijklmnopqrstuvwxyz0123456789._[]") == strlen(s + 1))
		return NULL;
	return s;
}

const char *kube_without_scheme(const char *s)
{
	if (s == NULL)
		return NULL;
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz-");
	return n > 0 && str_prefix(s + n, "://") ? s + n + strlen("://") : s;
}

const char *kube_container(const char *id)
{
	const char *bare = kube_value(kube_without_scheme(kube_value(id)));
	return str_eq(bare, "host") ? NULL : bare;
}

static bool is_hex64(const char *s)
{
	return strlen(s) == SHA256_HEX && strspn(s, "0123456789abcdef") == SHA256_HEX;
}

bool kube_is_digest(const char *s)
{
	return s != NULL && str_prefix(s, "sha256:") && is_hex64(s + strlen("sha256:"));
}

const char *kube_manifest_digest(const char *image)
{
	const char *at = image == NULL ? NULL : strrchr(image, '@');
	return at != NULL && kube_is_digest(at + 1) ? at + 1 : NULL;
}

const char *kube_config_digest(struct arena *mem, const char *id)
{
	const char *bare = kube_without_scheme(kube_value(id));
	if (kube_is_digest(bare))
		return bare;
	return bare != NULL && is_hex64(bare) ? arena_printf(mem, "sha256:%s", bare) : NULL;
}

/* "1.6328890703e+09" as "1632889070.3", as YAML has numbers that were read as JSON; else `text`. */
static const char *without_exponent(const char *text, char out[static 48])
{
	static const char digits[] = "0123456789";
	size_t whole = strspn(text, digits), dot = text[whole] == '.';
	size_t n = whole + dot + strspn(text + whole + dot, digits), used = 0;
	const char *end = text + n;
	int64_t shift;
	if (whole == 0 || n > 24 || (*end != 'e' && *end != 'E')
	    || !str_int64(end + 1 + (end[1] == '+'), 0, 18, &shift))
		return text;
	for (const char *s = text; s < end || shift > 0; s += s < end) {
		if (*s == '.')
			continue;
		if (s >= text + whole && shift-- == 0)
			out[used++] = '.';
		out[used++] = (char)(s < end ? *s : '0');
	}
	out[used] = '\0';
	return out;
}

bool kube_epoch_ns(const char *text, int64_t *ns)
{
	char whole[16], plain[48];
	int64_t seconds, fraction = 0, unit = NS_PER_S / 10;
	text = without_exponent(text, plain);
	size_t n = strspn(text, "0123456789");
	if (n == 0 || n >= sizeof(whole))
		return false;
	memcpy(whole, text, n);
	whole[n] = '\0';
	if (!str_int64(whole, 0, INT64_MAX / NS_PER_S - 1, &seconds))
		return false;
	const char *s = text + n + (text[n] == '.');
	for (; *s >= '0' && *s <= '9'; s++, unit /= 10)
		fraction += (*s - '0') * unit;
	if (*s != '\0')
		return false;
	*ns = seconds * NS_PER_S + fraction;
	return true;
}

/* Length of `s` without a last "-part" made of `letters` and lo to hi long; 0 when it has none. */
static size_t stem(const char *s, size_t n, const char *letters, size_t lo, size_t hi)
{
	size_t end = n;
	while (n > 0 && s[n - 1] != '-' && strchr(letters, s[n - 1]) != NULL)
		n--;
	if (n < 2 || s[n - 1] != '-' || end - n < lo || end - n > hi)
		return 0;
	return n - 1;
}

/*
 * The hash has ten letters; other controllers, and examples made by hand, take all the random ones.
 * Those are believed when they are long and hold a digit, as words of a name seldom do.
 */
static size_t without_hash(const char *s, size_t n)
{
	size_t found = stem(s, n, hash_letters, HASH_MIN, HASH_MAX);
	if (found > 0)
		return found;
	found = stem(s, n, random_letters, HASH_SURE, HASH_MAX);
	return found > 0 && strcspn(s + found, "2456789") < n - found ? found : 0;
}

/* A CronJob's Jobs are named by the minute since 1970, by older controllers by the second. */
static size_t without_time(const char *s, size_t n)
{
	return stem(s, n, "0123456789", 8, 10);
}

static struct kube_workload named(struct arena *mem, const char *kind, const char *name, size_t n)
{
	return (struct kube_workload){ kind, arena_dupn(mem, name, n) };
}

static struct kube_workload of_pod(struct arena *mem, const char *name)
{
	size_t made = stem(name, strlen(name), random_letters, RANDOM_LENGTH, RANDOM_LENGTH);
	if (made == 0)
		return (struct kube_workload){ "Pod", name };
	size_t n = without_hash(name, made);
	if (n > 0)
		return named(mem, "Deployment", name, n);
	n = without_time(name, made);
	return n > 0 ? named(mem, "CronJob", name, n) : named(mem, "Pod", name, made);
}

struct kube_workload kube_workload(struct arena *mem, const char *kind, const char *name)
{
	kind = kube_value(kind);
	name = kube_value(name);
	if (kind == NULL || name == NULL)
		return (struct kube_workload){ NULL, NULL };
	if (str_eq(kind, "Pod"))
		return of_pod(mem, name);
	size_t n = 0;
	if (str_eq(kind, "ReplicaSet") && (n = without_hash(name, strlen(name))) > 0)
		return named(mem, "Deployment", name, n);
	if (str_eq(kind, "Job") && (n = without_time(name, strlen(name))) > 0)
		return named(mem, "CronJob", name, n);
	return (struct kube_workload){ kind, name };
}

struct kube_workload kube_owner(struct arena *mem, const char *kind, const char *name,
                                const char *hash)
{
	if (str_eq(kind, "ReplicaSet") && name != NULL && !str_empty(hash)) {
		size_t n = strlen(name), h = strlen(hash);
		if (n > h + 1 && name[n - h - 1] == '-' && str_eq(name + n - h, hash))
			return named(mem, "Deployment", name, n - h - 1);
	}
	return kube_workload(mem, kind, name);
}

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

const char *kube_lines(struct arena *mem, const struct read_record *r, size_t field)
{
	size_t n = 0, max = read_count(r, field) / 2;
	if (max == 0)
		return NULL;
	const char **line = arena_array(mem, const char *, max);
	for (const char *key = read_item(r, field, NULL); key != NULL && n < max;) {
		const char *value = read_item(r, field, key);
		line[n++] = arena_printf(mem, "%s=%s", key, value == NULL ? "" : value);
		key = value == NULL ? NULL : read_item(r, field, value);
	}
	qsort(line, n, sizeof(*line), by_text);
	struct buf all = BUF_INIT;
	for (size_t i = 0; i < n; i++)
		buf_addf(&all, "%s%s", i == 0 ? "" : "\n", line[i]);
	const char *text = arena_dup(mem, all.s);
	buf_release(&all);
	return text;
}

const char *kube_kind(const char *resource)
{
	static const char *const names[] = {
		"pods",        "deployments", "daemonsets", "statefulsets",
		"replicasets", "jobs",        "cronjobs",   "replicationcontrollers",
	};
	static const char *const kinds[] = {
		"Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "CronJob",
		"ReplicationController",
	};
	int i = str_index(names, LENGTH(names), resource);
	return i < 0 ? NULL : kinds[i];
}

bool kube_is_workload(const char *kind)
{
	static const char *const kinds[] = {
		"Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob",
		"ReplicationController", "DeploymentConfig", "Rollout",
	};
	return str_index(kinds, LENGTH(kinds), kind) >= 0;
}

const char *kube_asset(struct arena *mem, const char *kind, const char *space, const char *name,
                       struct rec_asset *out)
{
	memset(out, 0, sizeof(*out));
	kind = kube_value(kind);
	name = kube_value(name);
	space = kube_value(space);
	if (str_eq(kind, "Namespace") && name != NULL) {
		out->kind = ASSET_NAMESPACE;
		out->name = name;
		return NULL;
	}
	if (str_eq(kind, "Node") && name != NULL) {
		out->kind = ASSET_HOST;
		out->name = name;
		return NULL;
	}
	if (kube_is_workload(kind) && name != NULL) {
		struct kube_workload w = kube_workload(mem, kind, name);
		out->kind = ASSET_WORKLOAD;
		out->namespace = space;
		out->workload_kind = w.kind;
		out->name = w.name;
		return NULL;
	}
	out->kind = space == NULL ? ASSET_CLUSTER : ASSET_NAMESPACE;
	out->name = space;
	return kind == NULL || name == NULL ? NULL : arena_printf(mem, "%s/%s", kind, name);
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at;
	c = (char)(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
	at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits);
}

const char *kube_parameters(struct arena *mem, const char *url, const char *key, bool all)
{
	struct buf out = BUF_INIT;
	const char *s = url == NULL ? NULL : strchr(url, '?');
	size_t n = strlen(key);
	for (; s != NULL; s = strchr(s + 1, '&')) {
		if (strncmp(s + 1, key, n) != 0 || s[n + 1] != '=')
			continue;
		if (out.len > 0 && !all)
			break;
		if (out.len > 0)
			buf_addc(&out, ' ');
		for (const char *c = s + n + 2; *c != '\0' && *c != '&'; c++) {
			if (*c == '%' && hex(c[1]) >= 0 && hex(c[2]) >= 0) {
				buf_addc(&out, (char)(hex(c[1]) * 16 + hex(c[2])));
				c += 2;
			} else {
				buf_addc(&out, *c == '+' ? ' ' : *c);
			}
		}
	}
	const char *text = out.len > 0 ? arena_dup(mem, out.s) : NULL;
	buf_release(&out);
	return text;
}
