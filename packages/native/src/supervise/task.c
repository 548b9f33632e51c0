#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_MAX (1u << 20) /* with 65536 groups */
#define STATUS_USUAL 4096u

char *status_read(int descriptor)
{
	for (size_t room = STATUS_USUAL; room <= STATUS_MAX; room *= 4) {
		char *text = malloc(room);
		ssize_t count = text ? pread(descriptor, text, room - 1, 0) : -1;

		if (count >= 0 && (size_t)count < room - 1) {
			text[count] = 0;
			return text;
		}
		int error = errno;
		free(text);
		errno = error;
		if (count < 0)
			return NULL;
	}
	errno = EIO;
	return NULL;
}

const char *status_field(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? at + strlen(name) : "";
}

int task_open(pid_t thread)
{
	char path[40];

	snprintf(path, sizeof path, "/proc/%d/status", (int)thread);
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor >= 0)
		return descriptor;
	return errno == ENOENT ? -ESRCH : -errno;
}

bool task_read(int descriptor, struct task *task)
{
	char *status = status_read(descriptor);

	if (!status)
		return false;
	task->process = atoi(status_field(status, "\nTgid:"));
	task->parent = atoi(status_field(status, "\nPPid:"));
	task->capabilities = strtoull(status_field(status, "\nCapEff:"), NULL, 16);
	bool complete = sscanf(status_field(status, "\nUid:"), "%u %u %u", &task->real, &task->effective,
			       &task->saved) == 3;
	free(status);
	return complete && task->process > 0;
}

bool task_is_there(int descriptor)
{
	char byte;

	return pread(descriptor, &byte, 1, 0) == 1;
}

bool task_look(pid_t thread, struct task *task)
{
	int descriptor = task_open(thread);
	bool there = descriptor >= 0 && task_read(descriptor, task);

	if (descriptor >= 0)
		close(descriptor);
	return there;
}
