/*
 * nono-launch: reads a plan, does what it says, executes the command. The order below is the order
 * of status.h. This file is the only place that exits.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../plan/decode.h"
#include "../plan/steps.h"
#include "launch.h"

/*
 * Nobody may be reading: then the record is lost, but the exit code still has to be ours and not
 * that of SIGPIPE, and a person has to learn something.
 */
static _Noreturn void refuse(const struct channels *channels, const struct plan *plan,
			     const struct failure *failure)
{
	struct status status = {
		.kind = STATUS_FAILED,
		.step = failure->step,
		.index = failure->index,
		.value = failure->error,
	};
	static const char unheard[] = "nono: the command was not started, and nobody listens why\n";

	signal(SIGPIPE, SIG_IGN);
	if (channels->spoken)
		speak(channels->status, failure, plan);
	else if (write(channels->status, &status, sizeof status) != sizeof status)
		(void)!write(STDERR_FILENO, unheard, sizeof unheard - 1);
	_exit(failure->step == STEP_EXECUTE ? EXIT_NOT_EXECUTED : EXIT_NOT_STARTED);
}

static int landlock_enforce(const struct plan *plan, struct failure *failure)
{
	if (!(plan->flags & PLAN_LANDLOCK))
		return 0;

	int ruleset = ruleset_create(plan, failure);
	if (ruleset < 0 || ruleset_restrict(ruleset, plan->restrict_flags, failure))
		return -1;
	close(ruleset);
	return 0;
}

/*
 * No shell for ENOEXEC: a script without an interpreter line would run as something that the plan
 * does not name.
 */
static int command_execute(const struct plan *plan, struct failure *failure)
{
	execve(plan->path.bytes, plan->argv, plan->environment);
	return failed(failure, STEP_EXECUTE, 0, errno);
}

/* Of a session that the guardian leads (launch.h). */
static bool is_job(const struct plan *plan)
{
	return (plan->flags & PLAN_GUARD) && (plan->flags & PLAN_CONTROLLING_TTY);
}

static int command_start(const struct plan *plan, const struct channels *channels, struct failure *failure)
{
	if (descriptors_check(plan, channels, failure) ||
	    (!is_job(plan) && session_enter(plan, failure)) ||
	    directory_enter(plan, failure) ||
	    limits_set(plan, failure) ||
	    capabilities_drop(plan, failure) ||
	    privileges_freeze(failure) ||
	    landlock_enforce(plan, failure) ||
	    memory_share(plan, failure) ||
	    filters_install(plan, channels, failure) ||
	    descriptors_close(plan, channels, failure))
		return -1;
	return command_execute(plan, failure);
}

/* What a plan was decoded from, and points into. */
struct source {
	uint8_t *bytes;
	size_t length;
};

static int plan_load(const struct channels *channels, struct source *source, struct plan *plan,
		     struct failure *failure)
{
	if (plan_read(channels->plan, &source->bytes, &source->length, failure) ||
	    plan_decode(source->bytes, source->length, plan, failure))
		return -1;
	return plan->path.length ? platform_check(plan, failure) : failed(failure, STEP_PLAN_DECODE, 0, EINVAL);
}

int main(int argc, char **argv)
{
	struct channels channels;
	struct failure failure;
	struct plan plan = { 0 };
	struct source source = { 0 };
	struct guard guard;

	if (channels_parse(argc, argv, &channels, &failure) || memory_hide(&failure))
		refuse(&channels, &plan, &failure);
	signals_reset();
	if (descriptors_standard(&failure) || plan_load(&channels, &source, &plan, &failure) ||
	    parent_check(&plan, &failure))
		refuse(&channels, &plan, &failure);
	if (plan.flags & PLAN_GUARD) {
		pid_t command = guard_fork(&guard, &plan, &channels, &failure);

		if (command < 0)
			refuse(&channels, &plan, &failure);
		if (command > 0) {
			memory_wipe(source.bytes, source.length); /* the command has its own copy */
			_exit(guard_watch(&guard));
		}
	} else if (parent_bind(&plan, plan.parent ? (pid_t)plan.parent : getppid(), &failure)) {
		refuse(&channels, &plan, &failure);
	}
	command_start(&plan, &channels, &failure);
	refuse(&channels, &plan, &failure);
}
