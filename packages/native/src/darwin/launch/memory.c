/*
 * The plan holds the secrets of the command: no core file gets them. The limit is set back before the command starts, whose
 * own it is.
 */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "../../launch/launch.h"

static struct rlimit before;

int memory_hide(struct failure *failure)
{
	if (getrlimit(RLIMIT_CORE, &before))
		return failed(failure, STEP_GUARD, 0, errno);
	struct rlimit none = { .rlim_cur = 0, .rlim_max = before.rlim_max };
	return setrlimit(RLIMIT_CORE, &none) ? failed(failure, STEP_GUARD, 0, errno) : 0;
}

int memory_share(const struct plan *plan, struct failure *failure)
{
	(void)plan;
	return setrlimit(RLIMIT_CORE, &before) ? failed(failure, STEP_GUARD, 0, errno) : 0;
}

void memory_wipe(uint8_t *bytes, size_t length)
{
	memset_s(bytes, length, 0, length);
}
