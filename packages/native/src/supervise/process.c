/*
 * Priorities, processors and limits of another process: the kernel lets them be set for every process
 * of the user. In the sandbox they may be set for its own, and for threads of theirs.
 */
#include <errno.h>
#include <sys/syscall.h>

#include "worker.h"

#define GENERATIONS_MAX 4096

static bool is_inside(const struct supervisor *supervisor, const struct request *request, pid_t thread)
{
	pid_t process, parent, caller, callers_parent;

	if (!supervisor->root || !thread_family(thread, &process, &parent) ||
	    !thread_family(request->caller.thread, &caller, &callers_parent))
		return false;
	if (process == caller)
		return true;
	for (int i = 0; i < GENERATIONS_MAX && process > 1; i++) {
		if (process == supervisor->root)
			return supervisor->root_inside || i > 0;
		process = parent;
		if (!thread_family(process, &process, &parent))
			return false;
	}
	return false;
}

static enum verdict copy_process(struct worker *worker, struct request *request)
{
	(void)worker;
	/* Of a namespace of its own it sees what is in there, and nothing of ours. */
	if (caller_namespace(request->caller.thread, "pid") == NAMESPACE_OTHER)
		return VERDICT_NATIVE;
	return request->number == SYS_prlimit64 && !request->args[2] ? VERDICT_NATIVE : VERDICT_GO_ON; /* reads */
}

static bool is_named_second(int number)
{
	return number == SYS_setpriority || number == SYS_ioprio_set;
}

/* Whose it is stands in a register, so that nobody can change it after it was judged. */
static enum verdict judge_process(struct worker *worker, struct request *request)
{
	pid_t thread = (pid_t)request->args[is_named_second(request->number)];

	if (!thread || is_inside(worker->supervisor, request, thread))
		return VERDICT_NATIVE;
	return fail_with(request, EPERM);
}

const struct operation operation_process = {
	.copy = copy_process,
	.find = find_nothing,
	.judge = judge_process,
};
