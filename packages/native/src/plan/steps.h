/*
 * The steps that launcher and addon share, in the order in which they are done. Each does what the
 * plan asks for, nothing where it asks for nothing, and gives 0, or -1 with *failure filled. None
 * allocates, locks or uses stdio: some run in a signal handler, some in the child of a program with
 * threads.
 */
#ifndef NONO_STEPS_H
#define NONO_STEPS_H

#include "../../include/plan.h"
#include "failure.h"

/* That the plan is for this system: nothing of it may be passed over. */
int platform_check(const struct plan *plan, struct failure *failure);

int limits_set(const struct plan *plan, struct failure *failure);

/* Of the calling thread: out of every set what is not to be kept. */
int capabilities_drop(const struct plan *plan, struct failure *failure);

/* Of the calling thread. Always: neither Landlock nor seccomp may be had without it. */
int privileges_freeze(struct failure *failure);

/* A descriptor (close-on-exec) with all rules, or -1. Only with PLAN_LANDLOCK. */
int ruleset_create(const struct plan *plan, struct failure *failure);

/* The calling thread; with LANDLOCK_RESTRICT_SELF_TSYNC in flags every thread. */
int ruleset_restrict(int ruleset, uint32_t flags, struct failure *failure);

/*
 * flags: SECCOMP_FILTER_FLAG_*. The result is 0, or the listener's descriptor where one was asked
 * for, or -1.
 */
int filter_install(const struct plan *plan, uint32_t index, unsigned long flags, struct failure *failure);

#endif
