#include "spelling.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../plan/folding.h"
#include "node.h"

/* Of a directory on the way to a denial. What is not there will be as what it is made in. */
static enum folding look(const char *path, enum folding above)
{
	int directory = above == FOLDS ? -1 : open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (directory < 0)
		return above;
	bool folds = directory_folds(directory, above == FOLDS);
	close(directory);
	return folds ? FOLDS : FOLDS_NOT;
}

/* From the root down; each directory is looked at once. `path` is that of the node, and is cut off meanwhile. */
static enum folding folding_of(struct table *table, uint32_t number, char *path)
{
	struct node *node = &table->nodes[number];

	if (node->folding != FOLDING_UNKNOWN)
		return node->folding;
	if (!number)
		return node->folding = look("/", FOLDS_NOT);
	char *slash = path + strlen(path) - node->length - 1;
	*slash = 0;
	enum folding above = folding_of(table, node->parent, path);
	*slash = '/';
	return node->folding = look(path, above);
}

void spelling_prepare(struct table *table)
{
	char path[PATH_MAX];

	for (uint32_t i = 1; i < table->node_count; i++) {
		struct node *node = &table->nodes[i];

		if (!node->denied || strlen(node->path) >= sizeof path)
			continue;
		size_t length = strlen(node->path) - node->length - 1;
		memcpy(path, node->path, length);
		path[length] = 0;
		node->other_spellings = folding_of(table, node->parent, path) == FOLDS;
		table->folds |= node->other_spellings;
	}
}

static const char *next_name(const char *path, size_t *length)
{
	path += strspn(path, "/");
	*length = strcspn(path, "/");
	return path;
}

/* How much of both is alike: up to the end of one of them. False: they part before, or are the same so far. */
static bool is_other_spelling(const char *denied, const char *path, size_t *denied_length, size_t *length)
{
	size_t one, other;
	const char *known = next_name(denied, &one), *name = next_name(path, &other);
	bool differs = false;

	for (; one && other; known = next_name(known + one, &one), name = next_name(name + other, &other)) {
		bool same = one == other && !memcmp(known, name, one);

		if (!same && !names_alike(known, one, name, other))
			return false;
		differs |= !same;
		*denied_length = (size_t)(known + one - denied);
		*length = (size_t)(name + other - path);
	}
	return differs;
}

bool spell_as_denied(const struct table *table, char **path)
{
	size_t longest = 0, length, denied_length, end = 0;
	const char *denied = NULL;

	for (uint32_t i = 1; i < table->node_count; i++) {
		const struct node *node = &table->nodes[i];

		if (node->other_spellings && is_other_spelling(node->path, *path, &denied_length, &length) && length > longest) {
			longest = length;
			denied = node->path;
			end = denied_length;
		}
	}
	if (!denied)
		return true;
	char *spelled = malloc(end + strlen(*path + longest) + 1);
	if (!spelled)
		return false;
	memcpy(spelled, denied, end);
	strcpy(spelled + end, *path + longest);
	free(*path);
	*path = spelled;
	return true;
}
