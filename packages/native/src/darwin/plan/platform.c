#include <errno.h>
#include <stdbool.h>

#include "../../plan/steps.h"

/*
 * A plan without a profile would restrict nothing here. A terminal of the command's own belongs to questions, which
 * nobody asks here, and a parent whose end ends the command is watched by a guardian.
 */
int platform_check(const struct plan *plan, struct failure *failure)
{
	bool guarded = plan->flags & PLAN_GUARD;

	if (!(plan->flags & PLAN_SEATBELT))
		return failed(failure, STEP_PLATFORM, 0, ENOSYS);
	if (guarded && (plan->flags & (PLAN_CONTROLLING_TTY | PLAN_NEW_SESSION)))
		return failed(failure, STEP_PLATFORM, 0, ENOTSUP);
	if (!guarded && (plan->flags & PLAN_DEATH_SIGNAL))
		return failed(failure, STEP_PLATFORM, 0, ENOTSUP);
	if (guarded && !plan->marker.length)
		return failed(failure, STEP_PLATFORM, 0, EINVAL);
	return 0;
}
