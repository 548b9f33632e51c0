/*
 * Signals: the kernel's rules keep them in the sandbox, and all that is done here is to tell which of
 * them they refuse. A group may reach both sides, and then the kernel signals those inside.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "others.h"
#include "worker.h"

/* The process behind a descriptor of the caller; 0: none, or not known. */
static pid_t behind(pid_t thread, int descriptor)
{
	char path[48], text[1024];

	snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)thread, descriptor);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t count = file < 0 ? 0 : read(file, text, sizeof text - 1);
	if (file >= 0)
		close(file);
	text[count < 0 ? 0 : count] = 0;
	const char *line = strstr(text, "\nPid:");
	return line ? atoi(line + 5) : 0;
}

static pid_t named(const struct request *request)
{
	switch (request->number) {
	case SYS_tgkill:
	case SYS_rt_tgsigqueueinfo:
		return (pid_t)request->args[1];
	case SYS_pidfd_send_signal:
		return behind(request->caller.thread, (int)request->args[0]);
	default:
		return (pid_t)request->args[0];
	}
}

static enum verdict copy_signal(struct worker *worker, struct request *request)
{
	/* Without a guardian who left its parents cannot be told from what was never inside. */
	if (worker->supervisor->root_inside ||
	    caller_namespace(request->caller.thread, "pid") != NAMESPACE_OURS)
		return VERDICT_NATIVE;
	request->other = named(request);
	return request->other > 0 && request->other != request->caller.thread ? VERDICT_GO_ON : VERDICT_NATIVE;
}

static enum verdict judge_signal(struct worker *worker, struct request *request)
{
	enum verdict verdict = judge_other(worker, request, request->other, CAP_KILL);

	request->error = 0;
	return verdict == VERDICT_ASK ? verdict : VERDICT_NATIVE;
}

const struct operation operation_signal = {
	.kind = OPERATION_SIGNAL,
	.copy = copy_signal,
	.find = find_nothing,
	.judge = judge_signal,
	.kernel_decides = true,
};
