/*
 * The plan holds the secrets of the command: no core file gets them, and whoever may trace processes
 * of this user does not find them here. execve(2) makes the process what programs usually are.
 */
#include "launch.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "../../include/plan.h"

int memory_hide(struct failure *failure)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return failed(failure, STEP_GUARD, 0, errno);
	return 0;
}

int memory_share(const struct plan *plan, struct failure *failure)
{
	for (uint32_t i = 0; i < plan->filter_count; i++)
		if (plan->filters[i].flags & FILTER_LISTENER && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
			return failed(failure, STEP_LISTENER, i, errno);
	return 0;
}

void memory_wipe(uint8_t *bytes, size_t length)
{
	explicit_bzero(bytes, length);
}
