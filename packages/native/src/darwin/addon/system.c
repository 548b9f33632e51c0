#include "../../addon/system.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <pthread/qos.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/ucred.h>
#include <sys/un.h>
#include <unistd.h>

#include "../system.h"

int directory_open(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW_ANY | O_CLOEXEC);
}

int directory_open_to_read(const char *path)
{
	return directory_open(path);
}

/* Neither flag can be had with the socket itself; nothing is executed between. */
static int settle(int descriptor)
{
	if (descriptor < 0)
		return -1;
	if (!fcntl(descriptor, F_SETFD, FD_CLOEXEC) && !fcntl(descriptor, F_SETFL, O_NONBLOCK))
		return descriptor;

	int error = errno;
	close(descriptor);
	errno = error;
	return -1;
}

int socket_make(void)
{
	return settle(socket(AF_UNIX, SOCK_STREAM, 0));
}

int socket_take(int listening)
{
	return settle(accept(listening, NULL, NULL));
}

int socket_peer(int descriptor, pid_t *pid, uid_t *uid)
{
	socklen_t size = sizeof *pid;
	gid_t unused;

	if (getsockopt(descriptor, SOL_LOCAL, LOCAL_PEERPID, pid, &size))
		return -1;
	return getpeereid(descriptor, uid, &unused);
}

/* clonefile(2) makes a file of its own: it cannot fill one that is open. */
bool content_share(int from, int to)
{
	(void)from;
	(void)to;
	return false;
}

int file_move(int directory, const char *from, const char *to)
{
	return renameatx_np(directory, from, directory, to, RENAME_EXCL);
}

/* F_FULLFSYNC reaches the medium, and whatever the drive holds with it. */
int file_system_flush(int descriptor)
{
	sync();
	return fcntl(descriptor, F_FULLFSYNC) && errno != ENOTSUP && errno != EINVAL ? -1 : 0;
}

bool attributes_exist(int descriptor)
{
	ssize_t attributes = flistxattr(descriptor, NULL, 0, 0);

	return attributes > 0 || (attributes < 0 && errno != ENOTSUP);
}

void thread_step_back(void)
{
	pthread_set_qos_class_self_np(QOS_CLASS_UTILITY, 0);
}
