/* What the table says of a request. */
#ifndef NONO_SUPERVISE_JUDGE_H
#define NONO_SUPERVISE_JUDGE_H

#include "request.h"

/* Fills coverage of each object that has a path, then decides by `wanted`. */
enum verdict judge(struct worker *worker, struct request *request);

/* Rights that no rule gives. */
uint64_t missing_rights(const struct object *object);

/*
 * Whether Unix permissions let the calling thread use the object so (R_OK, W_OK, X_OK): 0, or an
 * errno.
 */
int permission(int descriptor, int mode);

#endif
