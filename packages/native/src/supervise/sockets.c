#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../include/kernel.h"

#define NOTED_MAX 16384u /* the oldest is forgotten then, and out of reach */

struct sockets {
	pthread_mutex_t mutex;
	uint64_t *cookies;
	uint32_t count;
	uint32_t room;
	uint32_t oldest; /* once all room is used */
};

struct sockets *sockets_new(void)
{
	struct sockets *sockets = calloc(1, sizeof *sockets);

	if (sockets)
		pthread_mutex_init(&sockets->mutex, NULL);
	return sockets;
}

void sockets_free(struct sockets *sockets)
{
	if (!sockets)
		return;
	pthread_mutex_destroy(&sockets->mutex);
	free(sockets->cookies);
	free(sockets);
}

static bool is_noted(const struct sockets *sockets, uint64_t cookie)
{
	for (uint32_t i = 0; i < sockets->count; i++)
		if (sockets->cookies[i] == cookie)
			return true;
	return false;
}

static bool make_room(struct sockets *sockets)
{
	if (sockets->count < sockets->room)
		return true;
	uint32_t room = sockets->room ? 2 * sockets->room : 16;
	uint64_t *cookies = room <= NOTED_MAX ? realloc(sockets->cookies, room * sizeof *cookies) : NULL;
	if (!cookies)
		return false;
	sockets->cookies = cookies;
	sockets->room = room;
	return true;
}

void sockets_note(struct sockets *sockets, int socket)
{
	uint64_t cookie;
	socklen_t length = sizeof cookie;

	if (getsockopt(socket, SOL_SOCKET, SO_COOKIE, &cookie, &length))
		return;
	pthread_mutex_lock(&sockets->mutex);
	if (!is_noted(sockets, cookie)) {
		if (make_room(sockets))
			sockets->cookies[sockets->count++] = cookie;
		else if (sockets->count)
			sockets->cookies[sockets->oldest++ % sockets->count] = cookie;
	}
	pthread_mutex_unlock(&sockets->mutex);
}

/* Asking the kernel: sock_diag(7) */

/* What is looked for: a name, or else an inode of a file system. */
struct wanted {
	const char *name; /* abstract, with its NUL; NULL: the inode */
	size_t name_length;
	uint32_t inode, device; /* as the kernel packs them */
};

static bool matches(const struct wanted *wanted, const struct unix_diag_msg *message, size_t length)
{
	const struct rtattr *attribute = (const struct rtattr *)(message + 1);
	size_t left = length - sizeof *message;

	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		const struct unix_diag_vfs *place = RTA_DATA(attribute);

		if (wanted->name && attribute->rta_type == UNIX_DIAG_NAME &&
		    RTA_PAYLOAD(attribute) == wanted->name_length &&
		    !memcmp(RTA_DATA(attribute), wanted->name, wanted->name_length))
			return true;
		if (!wanted->name && attribute->rta_type == UNIX_DIAG_VFS && RTA_PAYLOAD(attribute) >= sizeof *place &&
		    place->udiag_vfs_ino == wanted->inode && place->udiag_vfs_dev == wanted->device)
			return true;
	}
	return false;
}

/* What a listener has accepted carries its name too, but nobody can connect to it. */
static bool is_reachable(const struct unix_diag_msg *message)
{
	return message->udiag_type == SOCK_DGRAM || message->udiag_state != TCP_ESTABLISHED;
}

static uint64_t cookie_of(const struct unix_diag_msg *message)
{
	return message->udiag_cookie[0] | (uint64_t)message->udiag_cookie[1] << 32;
}

/* True at the end of the list. What matches has to be the sandbox's, all of it. */
static bool read_part(struct sockets *sockets, const struct wanted *wanted, const char *part, size_t left,
		      enum ownership *owner)
{
	for (const struct nlmsghdr *header = (const struct nlmsghdr *)part; NLMSG_OK(header, left);
	     header = NLMSG_NEXT(header, left)) {
		const struct unix_diag_msg *message = NLMSG_DATA(header);

		if (header->nlmsg_type == NLMSG_DONE)
			return true;
		if (header->nlmsg_type == NLMSG_ERROR) {
			*owner = OWNED_OUTSIDE;
			return true;
		}
		size_t length = header->nlmsg_len - NLMSG_HDRLEN;
		if (length < sizeof *message || !is_reachable(message) || !matches(wanted, message, length))
			continue;
		if (!is_noted(sockets, cookie_of(message)))
			*owner = OWNED_OUTSIDE;
		else if (*owner == OWNED_BY_NONE)
			*owner = OWNED_BY_SANDBOX;
	}
	return false;
}

static int ask(void)
{
	struct {
		struct nlmsghdr header;
		struct unix_diag_req request;
	} message = {
		.header = {
			.nlmsg_len = sizeof message,
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.request = {
			.sdiag_family = AF_UNIX,
			.udiag_states = UINT32_MAX,
			.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS,
		},
	};
	int diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	if (diag >= 0 && send(diag, &message, sizeof message, 0) == sizeof message)
		return diag;
	if (diag >= 0)
		close(diag);
	return -1;
}

static enum ownership find_owner(struct sockets *sockets, const struct wanted *wanted)
{
	enum ownership owner = OWNED_BY_NONE;
	_Alignas(struct nlmsghdr) char part[32768];
	int diag = ask();

	if (diag < 0)
		return OWNED_OUTSIDE;
	pthread_mutex_lock(&sockets->mutex);
	for (;;) {
		ssize_t length = recv(diag, part, sizeof part, MSG_TRUNC);

		if (length <= 0 || (size_t)length > sizeof part) {
			owner = OWNED_OUTSIDE;
			break;
		}
		if (read_part(sockets, wanted, part, (size_t)length, &owner))
			break;
	}
	pthread_mutex_unlock(&sockets->mutex);
	close(diag);
	return owner;
}

/*
 * The device that a mount's file system has in the kernel; what stat(2) shows may be another one
 * (btrfs). 0: not found.
 */
static uint32_t device_of_mount(uint64_t mount)
{
	FILE *list = fopen("/proc/self/mountinfo", "re");
	char line[4096];
	uint32_t device = 0;

	while (list && !device && fgets(line, sizeof line, list)) {
		unsigned long long id;
		unsigned int major, minor;

		if (sscanf(line, "%llu %*u %u:%u ", &id, &major, &minor) == 3 && id == mount)
			device = major << 20 | minor;
	}
	if (list)
		fclose(list);
	return device;
}

enum ownership socket_file_owner(struct sockets *sockets, int file)
{
	struct kernel_statx stat;

	if (syscall(SYS_statx, file, "", AT_EMPTY_PATH, KERNEL_STATX_INODE | KERNEL_STATX_MOUNT, &stat) ||
	    !(stat.mask & KERNEL_STATX_MOUNT))
		return OWNED_OUTSIDE;
	struct wanted wanted = { .inode = (uint32_t)stat.inode, .device = device_of_mount(stat.mount) };
	return wanted.device ? find_owner(sockets, &wanted) : OWNED_OUTSIDE;
}

enum ownership abstract_owner(struct sockets *sockets, const char *name, size_t length)
{
	return find_owner(sockets, &(struct wanted){ .name = name, .name_length = length });
}
