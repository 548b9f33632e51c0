/* What lay in a directory at one moment. */
#ifndef NONO_SUPERVISE_LISTING_H
#define NONO_SUPERVISE_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "table.h"

struct listed {
	size_t path; /* where in the listing's texts */
	struct identity identity;
	bool directory;
};

struct listing {
	char *directory;
	struct listed *entries; /* without links */
	size_t count;
	bool folds; /* names in it may mean the same though they differ */
	char *texts; /* absolute paths, each with its NUL */
};

/* Empty for a directory that is gone or may not be read. NULL without memory. */
struct listing *listing_make(const char *directory);

void listing_free(struct listing *listing);

#endif
