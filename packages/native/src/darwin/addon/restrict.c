#include "../../addon/restrict.h"

#include "../../plan/steps.h"
#include "../plan/seatbelt.h"

/* sandbox_init(3) is of the whole process: no thread has to be reached. */
int process_restrict(const struct plan *plan, struct failure *failure)
{
	return limits_set(plan, failure) || seatbelt_enforce(plan, NULL, failure) ? -1 : 0;
}
