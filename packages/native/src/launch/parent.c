#include "launch.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The parent that wrote the plan may be gone already; then nobody is left to end what would be started. */
int parent_check(const struct plan *plan, struct failure *failure)
{
	if (plan->parent && (pid_t)plan->parent != getppid())
		return failed(failure, STEP_PARENT, 0, ESRCH);
	return 0;
}

/* The signal says nothing about a parent that ended before it was asked for: look again afterwards. */
int parent_bind(const struct plan *plan, pid_t parent, struct failure *failure)
{
	if (!(plan->flags & PLAN_DEATH_SIGNAL))
		return 0;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return failed(failure, STEP_PARENT, 0, errno);
	if (getppid() != parent)
		return failed(failure, STEP_PARENT, 0, ESRCH);
	return 0;
}
