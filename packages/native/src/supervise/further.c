/*
 * landlock_restrict_self: a program of the sandbox that brings one of its own. The kernel's rules are then narrower
 * than ours, and it does not say whose they are, so that nothing which it has rules for may be made on behalf of whoever
 * is in there. They are known by a mark that they hand down and cannot take off: a hard limit that is one less than
 * that of the sandbox, RLIMIT_RTTIME, which nobody comes near.
 */
#include "further.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "worker.h"

/*
 * From /proc, where it may be read of every process: without CAP_SYS_RESOURCE, which root in a container has not,
 * prlimit(2) tells nothing of other users' processes.
 */
static rlim_t read_mark(pid_t thread)
{
	char path[40], text[4096], hard[24] = "";

	snprintf(path, sizeof path, "/proc/%d/limits", (int)thread);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
	if (file >= 0)
		close(file);
	text[length < 0 ? 0 : length] = 0;
	const char *line = strstr(text, "\nMax realtime timeout ");
	if (!line || sscanf(line, "\nMax realtime timeout %*s %23s", hard) != 1)
		return 0;
	return strcmp(hard, "unlimited") ? strtoull(hard, NULL, 10) : RLIM_INFINITY;
}

/* The hard limit; 0: not known. */
static rlim_t mark_of(pid_t thread)
{
	struct rlimit limit;

	return prlimit(thread, RLIMIT_RTTIME, NULL, &limit) ? read_mark(thread) : limit.rlim_max;
}

void further_prepare(struct supervisor *supervisor, pid_t command)
{
	supervisor->unmarked = mark_of(command);
}

bool is_restricted_further(const struct supervisor *supervisor, pid_t thread)
{
	rlim_t mark = mark_of(thread);

	return !mark || mark != supervisor->unmarked;
}

/* All threads get it, though only this one restricts itself: no thread can be told apart later. */
static enum verdict copy_restriction(struct worker *worker, struct request *request)
{
	const struct supervisor *supervisor = worker->supervisor;
	pid_t thread = request->caller.thread;
	struct rlimit limit;

	if (is_restricted_further(supervisor, thread))
		return supervisor->unmarked ? VERDICT_NATIVE : fail_with(request, EPERM);
	if (!supervisor->unmarked || !request_is_valid(supervisor, request->id) ||
	    prlimit(thread, RLIMIT_RTTIME, NULL, &limit))
		return fail_with(request, EPERM);
	limit.rlim_max = supervisor->unmarked - 1;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	if (prlimit(thread, RLIMIT_RTTIME, &limit, NULL))
		return fail_with(request, errno);
	return VERDICT_NATIVE;
}

const struct operation operation_restrict = {
	.kind = OPERATION_LIMIT, /* it is never asked for */
	.copy = copy_restriction,
	.kernel_decides = true,
};
