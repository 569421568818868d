/* SPDX-License-Identifier: MIT */
/* gate_input.c - which images the gate is asked about: operands, lists, Kubernetes objects. */
#include "tui/gate_input.h"

#include <jansson.h>

#define INPUT_LIMIT (256u << 20) /* bytes; the pods of a large cluster take some tens of millions  \
				  */

struct gather {
	struct arena *mem;
	struct gate_input *out;
	size_t cap;
};

static void add(struct gather *g, const char *image)
{
	struct gate_input *in = g->out;

	if (str_empty(image))
		return;
	for (size_t i = 0; i < in->n; i++)
		if (str_eq(in->image[i], image))
			return;
	ARENA_MORE(g->mem, in->image, in->n, g->cap);
	in->image[in->n++] = arena_dup(g->mem, image);
}

/* ---- lines ---- */

static void add_lines(struct gather *g, char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), word;
		char *line = arena_dupn(g->mem, text, len);

		line[strcspn(line, "#\r")] = '\0';
		line += strspn(line, " \t");
		word = strcspn(line, " \t");
		line[word] = '\0';
		add(g, line);
		text += len + (text[len] == '\n');
	}
}

/* ---- Kubernetes objects ---- */

/* "docker-pullable://name@sha256:...", or a bare digest, where the engine told it. */
static const char *digest_of(const json_t *statuses, const char *container)
{
	size_t i;
	json_t *s;

	json_array_foreach(statuses, i, s)
	{
		const char *id = json_string_value(json_object_get(s, "imageID"));
		const char *scheme = id ? strstr(id, "://") : NULL;

		if (str_eq(json_string_value(json_object_get(s, "name")), container) && id &&
		    strstr(id, "sha256:"))
			return scheme ? scheme + 3 : id;
	}
	return NULL;
}

static void add_pod(struct gather *g, const json_t *spec, const json_t *status)
{
	static const struct {
		const char *containers, *statuses;
	} kinds[] = {
		{ "initContainers", "initContainerStatuses" },
		{ "containers", "containerStatuses" },
		{ "ephemeralContainers", "ephemeralContainerStatuses" },
	};

	for (size_t k = 0; k < LENGTH(kinds); k++) {
		const json_t *statuses = json_object_get(status, kinds[k].statuses);
		size_t i;
		json_t *c;

		json_array_foreach(json_object_get(spec, kinds[k].containers), i, c)
		{
			const char *name = json_string_value(json_object_get(c, "name"));
			const char *digest = digest_of(statuses, name);

			add(g, digest ? digest : json_string_value(json_object_get(c, "image")));
		}
	}
}

/* A pod, or what makes pods: the templates of workloads, of a CronJob's jobs. */
static void add_object(struct gather *g, const json_t *o)
{
	const json_t *spec = json_object_get(o, "spec");
	const json_t *job = json_object_get(json_object_get(spec, "jobTemplate"), "spec");
	const json_t *template = json_object_get(job ? job : spec, "template");

	add_pod(g, spec, json_object_get(o, "status"));
	add_pod(g, json_object_get(template, "spec"), NULL);
}

static bool add_objects(struct gather *g, const char *text, struct err *e)
{
	json_error_t where;
	json_t *root = json_loads(text, 0, &where), *items, *one;
	size_t i;

	if (!root)
		return err_set(e, ERR_FORMAT, "standard input: line %d, column %d: %s", where.line,
			       where.column, where.text);
	items = json_is_array(root) ? root : json_object_get(root, "items");
	json_array_foreach(items, i, one) add_object(g, one);
	if (!items)
		add_object(g, root);
	json_decref(root);
	return true;
}

static bool read_input(struct gather *g, struct err *e)
{
	struct buf text = BUF_INIT;
	bool ok = file_read("/dev/stdin", INPUT_LIMIT, &text, e);

	if (ok) {
		size_t blank = strspn(text.s, " \t\r\n\xef\xbb\xbf");

		if (text.s[blank] == '{' || text.s[blank] == '[')
			ok = add_objects(g, text.s + blank, e);
		else
			add_lines(g, text.s + blank);
	}
	buf_release(&text);
	return ok;
}

bool gate_input(struct cli *c, struct gate_input *out, struct err *e)
{
	struct gather g = { &c->mem, out, 0 };

	for (size_t i = 0; i < c->noperand; i++) {
		if (!str_eq(c->operand[i], "-")) {
			add(&g, c->operand[i]);
			continue;
		}
		out->listed = true;
		if (!read_input(&g, e))
			return false;
	}
	return out->n > 0 || err_set(e, ERR_FORMAT,
				     "standard input: holds no image: wants one a line, or pods "
				     "as kubectl get -o json prints them");
}
