/* Whether a file is a blocked executable, whatever its name. */
#ifndef NONO_SUPERVISE_CONTENT_H
#define NONO_SUPERVISE_CONTENT_H

#include <sys/stat.h>

#include "table.h"

/* What was compared before, for files that have not changed since. */
struct comparisons;

struct comparisons *comparisons_new(void);
void comparisons_free(struct comparisons *comparisons);

/*
 * The entry of the table that `file` (O_PATH, with its stat) is the same file as, or has the same
 * content as; NULL: none. What has the size of a blocked one and cannot be read counts as that.
 */
const struct executable *same_executable(struct comparisons *comparisons, const struct table *table, int file,
					 const struct stat *stat);

#endif
