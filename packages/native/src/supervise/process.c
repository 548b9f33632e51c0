/*
 * Priorities, processors and limits of another process: the kernel lets them be set for every process
 * of the user. In the sandbox they may be set for its own, and for threads of theirs. A number that
 * was judged may come to mean another process before the kernel looks at it, so the call is made
 * here, where next to nothing lies in between; the caller's own goes on, since it waits for it.
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "others.h"
#include "task.h"
#include "worker.h"

#define PROCESSORS_MAX 8192u /* in bits; the kernel takes no more than it can have */
#define ATTRIBUTES_FIRST 48u /* SCHED_ATTR_SIZE_VER0 */
#define ATTRIBUTES_MAX 4096u

/* linux/ioprio.h */
#define IOPRIO_WHO_PROCESS 1

static bool is_named_second(int number)
{
	return number == SYS_setpriority || number == SYS_ioprio_set;
}

static bool means_many(const struct request *request)
{
	int which = (int)request->args[0];

	return is_named_second(request->number) &&
	       which != (request->number == SYS_setpriority ? PRIO_PROCESS : IOPRIO_WHO_PROCESS);
}

/* Whose it is stands in a register. */
static pid_t named(const struct request *request)
{
	return (pid_t)request->args[is_named_second(request->number)];
}

static enum verdict copy_value(struct request *request, uint64_t address, size_t size)
{
	request->value = calloc(1, size + 1);
	if (!request->value)
		return fail_with(request, ENOMEM);
	request->value_length = size;
	int error = caller_copy(request->caller.thread, address, request->value, size);
	return error ? fail_with(request, error) : VERDICT_GO_ON;
}

static enum verdict copy_attributes(struct request *request)
{
	uint32_t size;
	int error = caller_copy(request->caller.thread, request->args[1], &size, sizeof size);

	if (error)
		return fail_with(request, error);
	if (!size)
		size = ATTRIBUTES_FIRST;
	if (size < ATTRIBUTES_FIRST || size > ATTRIBUTES_MAX)
		return fail_with(request, E2BIG);
	return copy_value(request, request->args[1], size);
}

static enum verdict copy_limit(struct request *request)
{
	if (request->args[3]) {
		request->memory = caller_memory(request->caller.thread);
		if (request->memory < 0)
			return fail_with(request, request->memory);
	}
	return copy_value(request, request->args[2], sizeof(struct rlimit));
}

static enum verdict copy_what(struct request *request)
{
	const uint64_t *args = request->args;

	switch (request->number) {
	case SYS_sched_setaffinity:
		return copy_value(request, args[2], args[1] < PROCESSORS_MAX / 8 ? args[1] : PROCESSORS_MAX / 8);
	case SYS_sched_setattr:
		return copy_attributes(request);
	case SYS_sched_setparam:
		return copy_value(request, args[1], sizeof(int));
	case SYS_sched_setscheduler:
		return copy_value(request, args[2], sizeof(int));
	case SYS_prlimit64:
		return copy_limit(request);
	default:
		return VERDICT_GO_ON;
	}
}

static enum verdict copy_process(struct worker *worker, struct request *request)
{
	(void)worker;
	/* Of a namespace of its own it sees what is in there, and nothing of ours. */
	if (caller_namespace(request->caller.thread, "pid") == NAMESPACE_OTHER)
		return VERDICT_NATIVE;
	if (request->number == SYS_prlimit64 && !request->args[2])
		return VERDICT_NATIVE; /* reads */
	if (means_many(request))
		return VERDICT_GO_ON;
	/* it cannot end, and its number not be used anew, without ending the call */
	if (!named(request) || named(request) == request->caller.thread)
		return VERDICT_NATIVE;
	return copy_what(request);
}

static enum verdict judge_process(struct worker *worker, struct request *request)
{
	unsigned int capability = request->number == SYS_prlimit64 ? CAP_SYS_RESOURCE : CAP_SYS_NICE;

	if (means_many(request)) /* it may reach outside */
		return refuse_other(request, 0);
	enum verdict verdict = judge_other(worker, request, named(request), capability);
	return verdict == VERDICT_GO_ON ? VERDICT_PERFORM : verdict;
}

static long call(const struct request *request, struct rlimit *before)
{
	const uint64_t *args = request->args;

	switch (request->number) {
	case SYS_sched_setaffinity:
		return syscall(SYS_sched_setaffinity, args[0], request->value_length, request->value);
	case SYS_sched_setattr:
		return syscall(SYS_sched_setattr, args[0], request->value, args[2]);
	case SYS_sched_setparam:
		return syscall(SYS_sched_setparam, args[0], request->value);
	case SYS_sched_setscheduler:
		return syscall(SYS_sched_setscheduler, args[0], args[1], request->value);
	case SYS_prlimit64:
		return syscall(SYS_prlimit64, args[0], args[1], request->value, before);
	default:
		return syscall(request->number, args[0], args[1], args[2]);
	}
}

static long perform_process(struct worker *worker, struct request *request)
{
	struct rlimit before;

	(void)worker;
	if (!task_is_there(request->descriptor))
		return -ESRCH;
	long result = call(request, &before);
	if (result < 0)
		return -errno;
	off_t place = (off_t)request->args[3];
	if (request->memory >= 0 && pwrite(request->memory, &before, sizeof before, place) != sizeof before)
		return -EFAULT;
	return result;
}

const struct operation operation_schedule = {
	.kind = OPERATION_SCHEDULE,
	.copy = copy_process,
	.find = find_nothing,
	.judge = judge_process,
	.perform = perform_process,
};

const struct operation operation_limit = {
	.kind = OPERATION_LIMIT,
	.copy = copy_process,
	.find = find_nothing,
	.judge = judge_process,
	.perform = perform_process,
};
