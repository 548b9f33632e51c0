/*
 * nono-launch on macOS: the same plan, records and exit codes as on Linux (launch.h). Restrictions come last: after
 * sandbox_init(3) nothing is left to do but to execute.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../plan/decode.h"
#include "../../plan/steps.h"
#include "../plan/seatbelt.h"
#include "guard.h"

/* What libsandbox says of a profile is of more use than an errno, and nobody else can tell. */
static void profile_explain(const char *message)
{
	char line[512];

	snprintf(line, sizeof line, "%s", message);
	for (char *at = line; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	dprintf(STDERR_FILENO, "nono: Seatbelt: %s\n", line);
}

/* The only way out but execve(2). */
static _Noreturn void refuse(const struct channels *channels, const struct plan *plan, const char *message,
			     const struct failure *failure)
{
	struct status status = {
		.kind = STATUS_FAILED,
		.step = failure->step,
		.index = failure->index,
		.value = failure->error,
	};

	signal(SIGPIPE, SIG_IGN);
	if (message)
		profile_explain(message);
	if (channels->spoken)
		speak(channels->status, failure, plan);
	else
		(void)!write(channels->status, &status, sizeof status);
	_exit(failure->step == STEP_EXECUTE ? EXIT_NOT_EXECUTED : EXIT_NOT_STARTED);
}

/* The parent that wrote the plan may be gone already; then nobody is left to end what would be started. */
int parent_check(const struct plan *plan, struct failure *failure)
{
	if (plan->parent && (pid_t)plan->parent != getppid())
		return failed(failure, STEP_PARENT, 0, ESRCH);
	return 0;
}

static int command_execute(const struct plan *plan, struct failure *failure)
{
	execve(plan->path.bytes, plan->argv, plan->environment);
	return failed(failure, STEP_EXECUTE, 0, errno);
}

static int command_start(const struct plan *plan, const struct channels *channels, char **message,
			 struct failure *failure)
{
	if (descriptors_check(plan, channels, failure) ||
	    session_enter(plan, failure) ||
	    directory_enter(plan, failure) ||
	    memory_share(plan, failure) ||
	    limits_set(plan, failure) ||
	    descriptors_close(plan, channels, failure) ||
	    seatbelt_enforce(plan, message, failure))
		return -1;
	return command_execute(plan, failure);
}

static int plan_load(const struct channels *channels, uint8_t **bytes, size_t *length, struct plan *plan,
		     struct failure *failure)
{
	if (plan_read(channels->plan, bytes, length, failure) || plan_decode(*bytes, *length, plan, failure))
		return -1;
	return plan->path.length ? platform_check(plan, failure) : failed(failure, STEP_PLAN_DECODE, 0, EINVAL);
}

int main(int argc, char **argv)
{
	struct channels channels;
	struct failure failure;
	struct guardian guardian;
	struct plan plan = { 0 };
	char *message = NULL;
	uint8_t *bytes = NULL;
	size_t length = 0;

	if (channels_parse(argc, argv, &channels, &failure) || memory_hide(&failure))
		refuse(&channels, &plan, message, &failure);
	signals_reset();
	if (descriptors_standard(&failure) || plan_load(&channels, &bytes, &length, &plan, &failure) ||
	    parent_check(&plan, &failure))
		refuse(&channels, &plan, message, &failure);
	if (plan.flags & PLAN_GUARD) {
		pid_t command = guardian_fork(&guardian, &plan, &channels, &failure);

		if (command < 0)
			refuse(&channels, &plan, message, &failure);
		if (command > 0) {
			char marker[256];

			snprintf(marker, sizeof marker, "%s", plan.marker.bytes);
			guardian.marker = marker;
			memory_wipe(bytes, length); /* the command has its own copy */
			_exit(guardian_watch(&guardian));
		}
	}
	command_start(&plan, &channels, &message, &failure);
	refuse(&channels, &plan, message, &failure);
}
