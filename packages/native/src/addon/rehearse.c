#include "restrict.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "../plan/steps.h"

/* Shared between us and the child. */
struct outcome {
	bool complete;
	bool together;
	struct failure failure;
};

/*
 * Whether the kernel restricts all threads together is known once it has: an older one takes the
 * flag for invalid.
 */
static int restrict_together(const struct restriction *restriction, struct outcome *outcome)
{
	struct restriction together = *restriction;

	together.restrict_flags |= LANDLOCK_RESTRICT_SELF_TSYNC;
	outcome->together = restriction->ruleset >= 0 && !thread_restrict(&together, &outcome->failure);
	return outcome->together ? 0 : thread_restrict(restriction, &outcome->failure);
}

/* The child of a process with threads: locks may be held by nobody, so nothing but system calls. */
static void perform(const struct restriction *restriction, struct outcome *outcome)
{
	const struct plan *plan = restriction->plan;
	struct failure *failure = &outcome->failure;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* a filter may kill it: no core file */
	if (limits_set(plan, failure) || restrict_together(restriction, outcome))
		return;
	for (uint32_t i = 0; i < plan->filter_count; i++) {
		failed(failure, STEP_FILTER, i, EPERM); /* the answer if that is the end of the child */
		if (filter_install(plan, i, 0, failure) < 0)
			return;
	}
	outcome->complete = true;
}

/*
 * No libc fork, whose handlers belong to the runtime; no SIGCHLD, which the runtime would take for
 * a child of its own.
 */
static int perform_in_child(const struct restriction *restriction, struct outcome *outcome)
{
	long child = syscall(SYS_clone, 0, 0, 0, 0, 0);

	if (child < 0)
		return errno;
	if (child == 0) {
		perform(restriction, outcome);
		syscall(SYS_exit_group, 0);
	}
	int status;
	while (waitpid((pid_t)child, &status, __WALL) < 0)
		if (errno != EINTR)
			return errno;
	outcome->complete = outcome->complete && status == 0;
	return 0;
}

int rehearse(struct restriction *restriction, struct failure *failure)
{
	const int shared = MAP_SHARED | MAP_ANONYMOUS;
	struct outcome *outcome = mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE, shared, -1, 0);

	if (outcome == MAP_FAILED)
		return failed(failure, STEP_THREADS, 0, errno);
	int error = perform_in_child(restriction, outcome);
	bool complete = outcome->complete;
	if (outcome->together)
		restriction->restrict_flags |= LANDLOCK_RESTRICT_SELF_TSYNC;
	*failure = outcome->failure;
	munmap(outcome, sizeof *outcome);
	if (error)
		return failed(failure, STEP_THREADS, 0, error);
	return complete ? 0 : -1;
}
