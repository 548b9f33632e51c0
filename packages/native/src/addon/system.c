#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <linux/fs.h>

#include "../../include/kernel.h"

static int open_without_links(const char *path, int flags)
{
	struct open_how how = { .flags = (uint64_t)(flags | O_DIRECTORY | O_CLOEXEC),
				.resolve = RESOLVE_NO_SYMLINKS };

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

int directory_open(const char *path)
{
	return open_without_links(path, O_PATH);
}

int directory_open_to_read(const char *path)
{
	return open_without_links(path, O_RDONLY);
}

int socket_make(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int socket_take(int listening)
{
	return accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* unix(7), SO_PEERCRED */
int socket_peer(int descriptor, pid_t *pid, uid_t *uid)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return -1;
	*pid = peer.pid;
	*uid = peer.uid;
	return 0;
}

bool content_share(int from, int to)
{
	return ioctl(to, FICLONE, from) == 0;
}

/* Not every file system knows the flag (renameat2(2)): there it is looked at first. */
int file_move(int directory, const char *from, const char *to)
{
	struct stat taken;

	if (!syscall(SYS_renameat2, directory, from, directory, to, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL)
		return -1;
	if (!fstatat(directory, to, &taken, AT_SYMLINK_NOFOLLOW)) {
		errno = EEXIST;
		return -1;
	}
	return errno == ENOENT ? renameat(directory, from, directory, to) : -1;
}

int file_system_flush(int descriptor)
{
	return syncfs(descriptor);
}

bool attributes_exist(int descriptor)
{
	ssize_t attributes = flistxattr(descriptor, NULL, 0);

	return attributes > 0 || (attributes < 0 && errno != ENOTSUP);
}

/* On Linux of this thread alone (setpriority(2)). */
void thread_step_back(void)
{
	id_t thread = (id_t)syscall(SYS_gettid);

	setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + 10);
}
