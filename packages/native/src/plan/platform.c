#include "steps.h"

#include <errno.h>

int platform_check(const struct plan *plan, struct failure *failure)
{
	return plan->flags & PLAN_SEATBELT ? failed(failure, STEP_PLATFORM, 0, ENOSYS) : 0;
}
