#ifndef NONO_DECODE_H
#define NONO_DECODE_H

#include "../../include/plan.h"
#include "failure.h"

/*
 * Fills *plan from the bytes, which it points into: they must outlive it and not change. 0, or -1
 * with STEP_PLAN_DECODE, the offset of what is wrong, and EBADMSG (malformed or cut off), E2BIG
 * (above a bound of plan.h), EPROTONOSUPPORT (another version) or ENOMEM; nothing is left to free
 * then.
 */
int plan_decode(const uint8_t *bytes, size_t length, struct plan *plan, struct failure *failure);

void plan_free(struct plan *plan);

#endif
