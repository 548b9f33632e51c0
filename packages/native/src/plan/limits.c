#include "steps.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* prlimit64(2) itself: its numbers are 64 bits wide everywhere, and its resources are not libc's enum. */
int limits_set(const struct plan *plan, struct failure *failure)
{
	for (uint32_t i = 0; i < plan->limit_count; i++) {
		const struct limit *limit = &plan->limits[i];
		uint64_t value[2] = { limit->soft, limit->hard };

		if (syscall(SYS_prlimit64, 0, limit->resource, value, NULL))
			return failed(failure, STEP_LIMIT, i, errno);
	}
	return 0;
}
