/* Which files are denied at this moment, whatever their names: a link to one gets nothing on behalf. */
#ifndef NONO_SUPERVISE_DENIED_H
#define NONO_SUPERVISE_DENIED_H

#include "table.h"

/*
 * Of one thread. There may be hundreds of denied paths, and package managers link thousands of
 * files, so that what lies at the paths is looked up anew only now and then: the sandbox itself can
 * neither put anything there nor link what lies there.
 */
struct denied {
	uint64_t until; /* nanoseconds */
	const struct table *table;
	struct denied_file *files; /* malloc'ed */
	uint32_t count;
};

bool is_denied(struct denied *denied, const struct table *table, struct identity identity, uint64_t rights,
	       uint64_t time);
void denied_clear(struct denied *denied);

#endif
