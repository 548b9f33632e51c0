#include "others.h"

#include <errno.h>

#include "task.h"
#include "worker.h"

#define GENERATIONS_MAX 4096

/* From the thread that is held upwards, to what the sandbox descends from. */
static bool descends(const struct supervisor *supervisor, struct task task, pid_t callers)
{
	if (!supervisor->root)
		return false;
	if (task.process == callers)
		return true;
	for (int i = 0; i < GENERATIONS_MAX && task.process > 1; i++) {
		if (task.process == supervisor->root)
			return supervisor->root_inside || i > 0;
		if (!task_look(task.parent, &task))
			return false;
	}
	return false;
}

/*
 * Twice: a parent that ends on our way up may leave its number to a process of the sandbox, but then
 * its child has another one by the second time.
 */
static bool is_inside(const struct supervisor *supervisor, int descriptor, pid_t callers)
{
	struct task task;

	for (int i = 0; i < 2; i++)
		if (!task_read(descriptor, &task) || !descends(supervisor, task, callers))
			return false;
	return true;
}

/* As the kernel compares them for signals and, more strictly, for the rest: what it refuses is not our refusal. */
static bool is_the_users(const struct task *caller, const struct task *other, unsigned int capability)
{
	return caller->effective == other->real || caller->effective == other->effective ||
	       caller->effective == other->saved || caller->real == other->real || caller->real == other->saved ||
	       caller->capabilities >> capability & 1;
}

enum verdict refuse_other(struct request *request, pid_t thread)
{
	request->other = thread;
	request->reason = REASON_OUTSIDE;
	return VERDICT_ASK;
}

enum verdict judge_other(struct worker *worker, struct request *request, pid_t thread, unsigned int capability)
{
	struct task caller, other;
	int descriptor = thread > 0 ? task_open(thread) : -ESRCH;

	if (descriptor < 0)
		return fail_with(request, descriptor);
	request->descriptor = descriptor;
	if (!task_read(descriptor, &other))
		return fail_with(request, ESRCH);
	if (!task_look(request->caller.thread, &caller))
		return fail_with(request, EPERM);
	if (is_inside(worker->supervisor, descriptor, caller.process))
		return VERDICT_GO_ON;
	return is_the_users(&caller, &other, capability) ? refuse_other(request, thread) : fail_with(request, EPERM);
}
