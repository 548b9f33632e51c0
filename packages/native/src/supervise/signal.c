/*
 * Signals: the kernel's rules keep them in the sandbox, and all that is done here is to tell which of
 * them they refuse. A group may reach both sides, and then the kernel signals those inside; so does
 * a signal to all processes.
 */
#include <dirent.h>
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
	bool one = request->other > 0 && request->other != request->caller.thread;
	bool group = request->other < -1 && request->number == SYS_kill;

	return one || group ? VERDICT_GO_ON : VERDICT_NATIVE;
}

/* The group of a process (proc_pid_stat(5): its name, in brackets, may hold anything); 0: it is gone. */
static pid_t group_of(pid_t process)
{
	char path[40], text[512];
	int group = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t count = file < 0 ? 0 : read(file, text, sizeof text - 1);
	if (file >= 0)
		close(file);
	text[count < 0 ? 0 : count] = 0;
	const char *end = strrchr(text, ')');
	return end && sscanf(end + 1, " %*c %*d %d", &group) == 1 ? group : 0;
}

/* One that joins the group meanwhile is missed; it cannot be had from outside, so that is the sandbox's own loss. */
static enum verdict judge_group(struct worker *worker, struct request *request, pid_t group)
{
	DIR *processes = opendir("/proc");
	enum verdict verdict = VERDICT_NATIVE;
	pid_t outside = 0;

	for (struct dirent *entry; processes && (entry = readdir(processes));) {
		pid_t process = atoi(entry->d_name);

		if (process <= 0 || group_of(process) != group)
			continue;
		verdict = judge_other(worker, request, process, CAP_KILL);
		if (request->descriptor >= 0)
			close(request->descriptor);
		request->descriptor = -1;
		if (verdict == VERDICT_GO_ON)
			break;
		if (verdict == VERDICT_ASK)
			outside = process;
	}
	if (processes)
		closedir(processes);
	return outside && verdict != VERDICT_GO_ON ? refuse_other(request, outside) : VERDICT_NATIVE;
}

static enum verdict judge_signal(struct worker *worker, struct request *request)
{
	enum verdict verdict = request->other < 0 ? judge_group(worker, request, -request->other) :
						    judge_other(worker, request, request->other, CAP_KILL);

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
