#include <errno.h>
#include <sys/resource.h>

#include "../../plan/steps.h"

int limits_set(const struct plan *plan, struct failure *failure)
{
	for (uint32_t i = 0; i < plan->limit_count; i++) {
		struct rlimit limit = { .rlim_cur = plan->limits[i].soft, .rlim_max = plan->limits[i].hard };

		if (setrlimit((int)plan->limits[i].resource, &limit))
			return failed(failure, STEP_LIMIT, i, errno);
	}
	return 0;
}
