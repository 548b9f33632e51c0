/* Seatbelt, for launcher and addon. */
#ifndef NONO_SEATBELT_H
#define NONO_SEATBELT_H

#include "../../../include/plan.h"
#include "../../plan/failure.h"

/*
 * This process, all of its threads, and whatever they start. *message, unless it is NULL, gets what libsandbox says of a
 * profile that it does not take; it is never freed: nothing goes on after it.
 */
int seatbelt_enforce(const struct plan *plan, char **message, struct failure *failure);

#endif
