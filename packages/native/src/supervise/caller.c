#include "caller.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "kernel-notify.h"
#include "task.h"

#define PAGE 4096u /* what is mapped is mapped in pages, of this size or a multiple */

static int memory_open(pid_t thread, int flags)
{
	char path[40];

	snprintf(path, sizeof path, "/proc/%d/mem", (int)thread);
	int memory = open(path, flags | O_CLOEXEC);
	return memory >= 0 ? memory : -errno;
}

/*
 * Through /proc, where a filter refuses process_vm_readv: Podman's default one does. What is opened is
 * the memory that the thread has at that moment, by the same rules as for that call.
 */
static ssize_t read_memory(pid_t thread, uint64_t address, void *to, size_t size)
{
	int memory = memory_open(thread, O_RDONLY);

	if (memory < 0) {
		errno = -memory;
		return -1;
	}
	ssize_t count = pread(memory, to, size, (off_t)address);
	int error = errno;
	close(memory);
	errno = error == EIO ? EFAULT : error; /* nothing is mapped there */
	return count;
}

int caller_copy(pid_t thread, uint64_t address, void *to, size_t size)
{
	struct iovec local = { to, size }, remote = { (void *)(uintptr_t)address, size };

	if (!size)
		return 0;
	ssize_t count = process_vm_readv(thread, &local, 1, &remote, 1, 0);
	if (count < 0 && (errno == EPERM || errno == ENOSYS))
		count = read_memory(thread, address, to, size);
	if (count < 0)
		return -errno;
	return (size_t)count == size ? 0 : -EFAULT;
}

int caller_copy_text(pid_t thread, uint64_t address, char *to, size_t room)
{
	/*
	 * Most paths are short: one small piece first, then page by page, since the next page may
	 * not be there.
	 */
	size_t done = 0, piece = 256;

	while (done < room) {
		size_t left_in_page = PAGE - (address + done) % PAGE;
		size_t size = piece < left_in_page ? piece : left_in_page;

		if (size > room - done)
			size = room - done;
		int error = caller_copy(thread, address + done, to + done, size);
		if (error)
			return error;
		const char *end = memchr(to + done, 0, size);
		if (end)
			return (int)(end - to);
		done += size;
		piece = PAGE;
	}
	return -ENAMETOOLONG;
}

int caller_memory(pid_t thread)
{
	return memory_open(thread, O_WRONLY);
}

static uint64_t signals(const char *status, const char *name)
{
	return strtoull(status_field(status, name), NULL, 16);
}

static bool parse_groups(const char *list, struct credentials *credentials)
{
	size_t room = 0;

	credentials->group_count = 0;
	for (;;) {
		char *end;
		unsigned long group = strtoul(list, &end, 10);

		while (*list == ' ' || *list == '\t')
			list++;
		if (end == list || *list == '\n')
			return true;
		if (credentials->group_count == room) {
			room = room ? 2 * room : 16;
			gid_t *groups = realloc(credentials->groups, room * sizeof *groups);
			if (!groups)
				return false;
			credentials->groups = groups;
		}
		credentials->groups[credentials->group_count++] = (gid_t)group;
		list = end;
	}
}

int caller_look(struct caller *caller)
{
	int file = task_open(caller->thread);
	char *status = file >= 0 ? status_read(file) : NULL;
	int error = file >= 0 ? -errno : file;
	struct credentials *credentials = &caller->credentials;

	if (file >= 0)
		close(file);
	if (!status)
		return error;
	caller->process = atoi(status_field(status, "\nTgid:"));
	caller->parent = atoi(status_field(status, "\nPPid:"));
	caller->umask = (mode_t)strtoul(status_field(status, "\nUmask:"), NULL, 8);
	uint64_t waiting = signals(status, "\nSigPnd:") | signals(status, "\nShdPnd:");
	caller->pending = waiting & ~signals(status, "\nSigBlk:") & signals(status, "\nSigCgt:");
	credentials->capabilities = signals(status, "\nCapEff:");
	bool complete =
		sscanf(status_field(status, "\nUid:"), "%*u %u %*u %u", &credentials->user, &credentials->file_user) == 2 &&
		sscanf(status_field(status, "\nGid:"), "%*u %u %*u %u", &credentials->group, &credentials->file_group) == 2 &&
		parse_groups(status_field(status, "\nGroups:"), credentials);
	free(status);
	return complete && caller->process > 0 ? 0 : -EIO;
}

enum namespace caller_namespace(pid_t thread, const char *name)
{
	char path[48];
	struct stat own, other;

	snprintf(path, sizeof path, "/proc/self/ns/%s", name);
	if (stat(path, &own))
		return NAMESPACE_UNKNOWN;
	snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)thread, name);
	if (stat(path, &other))
		return NAMESPACE_UNKNOWN;
	return own.st_ino == other.st_ino && own.st_dev == other.st_dev ? NAMESPACE_OURS : NAMESPACE_OTHER;
}

/*
 * A thread may have descriptors of its own; before Linux 6.9 only those of the whole process can be
 * had.
 */
static int open_pidfd(struct caller *caller)
{
	int pidfd = (int)syscall(SYS_pidfd_open, caller->thread, PIDFD_THREAD);

	if (pidfd >= 0 || errno != EINVAL)
		return pidfd >= 0 ? pidfd : -errno;
	if (!caller->process) {
		int error = caller_look(caller);

		if (error)
			return error;
	}
	pidfd = (int)syscall(SYS_pidfd_open, caller->process, 0);
	return pidfd >= 0 ? pidfd : -errno;
}

int caller_descriptor(struct caller *caller, int descriptor)
{
	int pidfd = open_pidfd(caller);

	if (pidfd < 0)
		return pidfd;
	int copy = (int)syscall(SYS_pidfd_getfd, pidfd, descriptor, 0);
	int error = errno;
	close(pidfd);
	return copy >= 0 ? copy : -error;
}

int caller_own(const struct caller *caller, const char *name)
{
	char path[48];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)caller->thread, name);
	int place = open(path, O_PATH | O_CLOEXEC);
	return place >= 0 ? place : -errno;
}

int caller_place(const struct caller *caller, int descriptor)
{
	char name[20];

	if (descriptor == AT_FDCWD)
		return caller_own(caller, "cwd");
	snprintf(name, sizeof name, "fd/%d", descriptor);
	int place = caller_own(caller, name);
	return place == -ENOENT ? -EBADF : place;
}
