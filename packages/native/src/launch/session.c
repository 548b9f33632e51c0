#include "launch.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int terminal_control(void)
{
	for (int standard = 0; standard < 3; standard++)
		if (!ioctl(standard, TIOCSCTTY, 0))
			return 0;
	return -1;
}

int session_enter(const struct plan *plan, struct failure *failure)
{
	if (!(plan->flags & PLAN_NEW_SESSION))
		return 0;
	if (setsid() < 0)
		return failed(failure, STEP_SESSION, 0, errno);
	if ((plan->flags & PLAN_CONTROLLING_TTY) && terminal_control())
		return failed(failure, STEP_TERMINAL, 0, errno);
	return 0;
}

/* A process that is not in the foreground yet may only do this while SIGTTOU is blocked. */
int job_enter(struct failure *failure)
{
	if (setpgid(0, 0))
		return failed(failure, STEP_SESSION, 0, errno);
	for (int standard = 0; standard < 3; standard++)
		if (!tcsetpgrp(standard, getpgrp()))
			return 0;
	return failed(failure, STEP_TERMINAL, 0, errno);
}

int directory_enter(const struct plan *plan, struct failure *failure)
{
	if (plan->cwd.length && chdir(plan->cwd.bytes))
		return failed(failure, STEP_DIRECTORY, 0, errno);
	return 0;
}
