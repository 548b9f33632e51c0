#include "seatbelt.h"

#include <errno.h>

#include "../system.h"

int seatbelt_enforce(const struct plan *plan, char **message, struct failure *failure)
{
	char *said = NULL;

	if (!(plan->flags & PLAN_SEATBELT))
		return 0;
	errno = 0;
	if (!sandbox_init(plan->profile.bytes, 0, &said))
		return 0;
	/* EPERM in a process that has a sandbox already; a profile that is none has no errno */
	int error = errno ? errno : EINVAL;
	if (message)
		*message = said;
	else
		sandbox_free_error(said);
	return failed(failure, STEP_SEATBELT, 0, error);
}
