#include "denied.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "node.h"

#define LIFETIME 100000000ull /* a tenth of a second */

struct denied_file {
	struct identity identity;
	uint64_t rights;
};

void denied_clear(struct denied *denied)
{
	free(denied->files);
	*denied = (struct denied){ 0 };
}

static uint32_t count_denied(const struct table *table)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < table->node_count; i++)
		count += table->nodes[i].denied != 0;
	return count;
}

/* What lay at a path at the start stays denied, and so is what lies there now. */
static bool look(struct denied *denied, const struct table *table)
{
	uint32_t room = 2 * count_denied(table);

	denied_clear(denied);
	denied->files = calloc(room + 1, sizeof *denied->files);
	if (!denied->files)
		return false;
	for (uint32_t i = 0; i < table->node_count; i++) {
		const struct node *node = &table->nodes[i];
		struct stat stat;

		if (!node->denied)
			continue;
		if (node->identity.inode)
			denied->files[denied->count++] = (struct denied_file){ node->identity, node->denied };
		if (!lstat(node->path, &stat))
			denied->files[denied->count++] =
				(struct denied_file){ { stat.st_dev, stat.st_ino }, node->denied };
	}
	denied->table = table;
	return true;
}

/* Without memory everything is. */
bool is_denied(struct denied *denied, const struct table *table, struct identity identity, uint64_t rights,
	       uint64_t time)
{
	if (denied->table != table || denied->until < time) {
		if (!look(denied, table))
			return true;
		denied->until = time + LIFETIME;
	}
	for (uint32_t i = 0; i < denied->count; i++) {
		const struct denied_file *file = &denied->files[i];

		if (file->rights & rights && file->identity.inode == identity.inode &&
		    file->identity.device == identity.device)
			return true;
	}
	return false;
}
