/*
 * How a path is spelled: where names that differ mean the same, an object that is reached by another spelling than the
 * one that is denied is known by the one that is denied.
 */
#ifndef NONO_SUPERVISE_SPELLING_H
#define NONO_SUPERVISE_SPELLING_H

#include "table.h"

/* After the last node: which denials lie where names may mean the same. */
void spelling_prepare(struct table *table);

/*
 * Puts in the place of *path, which is malloc'ed, the names of a denial that it may lead to, or to what lies below or
 * above it. False without memory. Only for a table that folds.
 */
bool spell_as_denied(const struct table *table, char **path);

#endif
