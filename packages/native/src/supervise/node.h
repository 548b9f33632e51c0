/* How a table holds its paths: one node for each component. */
#ifndef NONO_SUPERVISE_NODE_H
#define NONO_SUPERVISE_NODE_H

#include "table.h"

/* Whether names in a directory may mean the same though they differ. */
enum folding { FOLDING_UNKNOWN, FOLDS_NOT, FOLDS };

struct node {
	uint32_t parent;
	uint32_t length; /* of the name */
	const char *name; /* not NUL-terminated */
	uint64_t native, behalf, denied;
	uint64_t all_native, all_behalf; /* with what holds above */
	uint64_t below; /* what nodes and patterns below give on behalf */
	struct identity identity; /* with verify or denied; zeros when nothing was there */
	const char *path; /* with verify or denied */
	bool verify;
	bool has_patterns;
	bool holds_denial; /* here or below */
	enum folding folding; /* of directories on the way to a denial */
	bool other_spellings; /* denied, and by other names as well */
};

struct pattern {
	uint32_t node;
	uint64_t rights;
	const char *name;
};

/* Rights on each entry of a directory but those of the names. */
struct split_directory {
	const char *directory;
	uint64_t rights[2]; /* of files, of directories */
	const char **left_out;
	uint32_t count;
};

bool nodes_prepare(struct table *table);
bool nodes_copy(struct table *table, const struct table *from);

/*
 * The node of `path`, which the table's bytes hold, with all above it; NULL without memory. Moves
 * the others.
 */
struct node *node_make(struct table *table, const char *path);

/* After the last. */
void nodes_finish(struct table *table);

#endif
