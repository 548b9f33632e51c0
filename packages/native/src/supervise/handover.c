/*
 * The listener, as launch.h describes it. Whoever wrote the number is known by the kernel's word,
 * not by his own.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "further.h"
#include "kernel-notify.h"
#include "task.h"
#include "worker.h"

/* The sender and the number it sent; 0 or an errno. */
static int receive_number(int channel, pid_t *sender, int32_t *number)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec part = { number, sizeof *number };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof control };

	ssize_t length = recvmsg(channel, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
	if (length != sizeof *number)
		return length < 0 ? errno : ECANCELED;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS)
		return EPROTO;
	*sender = ((const struct ucred *)CMSG_DATA(header))->pid;
	return 0;
}

static int fetch_listener(struct supervisor *supervisor, pid_t process, int number)
{
	uint64_t flags = SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP;
	int pidfd = (int)syscall(SYS_pidfd_open, process, 0);

	if (pidfd < 0)
		return errno;
	int listener = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	int error = listener < 0 ? errno : 0;
	close(pidfd);
	if (error)
		return error;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, flags); /* before Linux 6.6: slower, no more */
	supervisor->listener = listener;
	return 0;
}

/* A child of ours is the command itself; else its parent is the guardian, which is outside. */
static void note_root(struct supervisor *supervisor, pid_t command)
{
	struct task task;

	if (!task_look(command, &task))
		return;
	supervisor->root_inside = task.parent == supervisor->self;
	supervisor->root = supervisor->root_inside ? task.process : task.parent;
}

static int wait_while_held(struct supervisor *supervisor)
{
	pthread_mutex_lock(&supervisor->mutex);
	while (supervisor->held && !supervisor->stopping)
		pthread_cond_wait(&supervisor->let_go, &supervisor->mutex);
	bool stopping = supervisor->stopping;
	pthread_mutex_unlock(&supervisor->mutex);
	return stopping ? ECANCELED : 0;
}

int take_listener(struct supervisor *supervisor)
{
	int32_t number = -1;
	pid_t sender = 0;
	int error = receive_number(supervisor->channel, &sender, &number);

	if (!error)
		error = fetch_listener(supervisor, sender, number);
	if (!error) {
		note_root(supervisor, sender);
		further_prepare(supervisor, sender);
	}
	if (!error)
		error = wait_while_held(supervisor);
	if (!error && write(supervisor->channel, "", 1) != 1)
		error = errno;
	close(supervisor->channel);
	supervisor->channel = -1;
	return error;
}
