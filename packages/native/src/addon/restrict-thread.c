#include "restrict.h"
#include "../plan/steps.h"

int thread_restrict(const struct restriction *restriction, struct failure *failure)
{
	if (capabilities_drop(restriction->plan, failure) || privileges_freeze(failure))
		return -1;
	if (restriction->ruleset < 0)
		return 0;
	return ruleset_restrict(restriction->ruleset, restriction->restrict_flags, failure);
}
