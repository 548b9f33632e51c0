/* Source: Documentation/userspace-api/seccomp_filter.rst, seccomp(2). */
#include "steps.h"

#include <errno.h>
#include <unistd.h>

#include "../../include/kernel.h"

/* Also the tid of a thread that cannot follow, with SECCOMP_FILTER_FLAG_TSYNC: a failure like any other. */
int filter_install(const struct plan *plan, uint32_t index, unsigned long flags, struct failure *failure)
{
	const struct sock_fprog *program = &plan->filters[index].program;
	long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	if (result < 0)
		return failed(failure, STEP_FILTER, index, errno);
	if (result > 0 && (flags & SECCOMP_FILTER_FLAG_TSYNC))
		return failed(failure, STEP_FILTER, index, EBUSY);
	return (int)result;
}
