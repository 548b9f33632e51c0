/*
 * Restricts every thread of this process. Whatever can fail is tried before the first restriction,
 * in a child; after it there is no way back, and a process of which only a part is restricted must
 * not go on: abort.
 */
#include "restrict.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "../plan/steps.h"

static _Noreturn void give_up(void)
{
	static const char text[] = "nono: this process could only be restricted in part: it ends here\n";

	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	abort();
}

static int filters_install(const struct plan *plan, struct failure *failure)
{
	for (uint32_t i = 0; i < plan->filter_count; i++)
		if (filter_install(plan, i, SECCOMP_FILTER_FLAG_TSYNC, failure))
			return -1;
	return 0;
}

/*
 * The calling thread comes last: as long as it is free it may read /proc to find the others. Where
 * the kernel restricts all threads together, only what it does not (capabilities) is left to do one
 * by one.
 */
static int restrict_all(struct threads *threads, const struct restriction *restriction, struct failure *failure)
{
	const struct plan *plan = restriction->plan;
	bool together = restriction->ruleset >= 0 && (restriction->restrict_flags & LANDLOCK_RESTRICT_SELF_TSYNC);
	struct restriction one = *restriction;

	if (together)
		one.ruleset = -1;
	if (limits_set(plan, failure))
		return -1;
	if (!together || (plan->flags & PLAN_DROP_CAPABILITIES))
		if (broadcast(threads, &one, failure))
			return -1;
	if (thread_restrict(restriction, failure) || filters_install(plan, failure))
		return -1;
	return threads_verify(threads, failure);
}

static int restrict_threads(struct restriction *restriction, struct failure *failure)
{
	struct threads *threads = threads_open(failure);

	if (!threads)
		return -1;
	int result = rehearse(restriction, failure);
	if (!result && restrict_all(threads, restriction, failure))
		give_up();
	threads_close(threads);
	return result;
}

/* Static, because it is the process that is restricted, whichever of its environments asks for it. */
static atomic_flag busy = ATOMIC_FLAG_INIT;

static int restrict_process(struct restriction *restriction, struct failure *failure)
{
	if (atomic_flag_test_and_set(&busy))
		return failed(failure, STEP_THREADS, 0, EBUSY);
	int result = restrict_threads(restriction, failure);
	atomic_flag_clear(&busy);
	return result;
}

/* A listener would be ours to answer, and we would be waiting for ourselves. */
static int check(const struct plan *plan, struct failure *failure)
{
	for (uint32_t i = 0; i < plan->filter_count; i++)
		if (plan->filters[i].flags & FILTER_LISTENER)
			return failed(failure, STEP_LISTENER, i, EINVAL);
	return 0;
}

int process_restrict(const struct plan *plan, struct failure *failure)
{
	struct restriction restriction = { .plan = plan, .ruleset = -1, .restrict_flags = plan->restrict_flags };

	if (check(plan, failure))
		return -1;
	if (plan->flags & PLAN_LANDLOCK) {
		restriction.ruleset = ruleset_create(plan, failure);
		if (restriction.ruleset < 0)
			return -1;
	}
	int result = restrict_process(&restriction, failure);
	if (restriction.ruleset >= 0)
		close(restriction.ruleset);
	return result;
}
