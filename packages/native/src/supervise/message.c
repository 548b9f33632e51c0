#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

void message_free(struct message *message)
{
	if (!message)
		return;
	for (unsigned int i = 0; i < message->descriptor_count; i++)
		close(message->descriptors[i]);
	free(message->data);
	free(message->control);
	free(message);
}

static int append(struct message *message, pid_t thread, uint64_t address, uint64_t length)
{
	size_t room = MESSAGE_DATA_MAX - message->length;

	if (length > room) {
		message->cut = true;
		length = room;
	}
	void *data = realloc(message->data, message->length + length + 1);
	if (!data)
		return -ENOMEM;
	message->data = data;
	int error = caller_copy(thread, address, (char *)data + message->length, length);
	message->length += length;
	return error;
}

int message_copy_plain(pid_t thread, uint64_t address, uint64_t length, struct message **result)
{
	struct message *message = calloc(1, sizeof *message);
	int error = message ? append(message, thread, address, length) : -ENOMEM;

	if (error) {
		message_free(message);
		return error;
	}
	*result = message;
	return 0;
}

static int copy_parts(struct message *message, pid_t thread, uint64_t address, uint64_t count)
{
	if (count > MESSAGE_PARTS_MAX)
		return -EMSGSIZE;
	for (uint64_t i = 0; i < count && !message->cut; i++) {
		struct iovec part;
		int error = caller_copy(thread, address + i * sizeof part, &part, sizeof part);

		if (!error)
			error = append(message, thread, (uintptr_t)part.iov_base, part.iov_len);
		if (error)
			return error;
	}
	return 0;
}

/* The numbers of the caller's descriptors in a SCM_RIGHTS become those of copies. */
static int fetch_descriptors(struct message *message, struct caller *caller, struct cmsghdr *header)
{
	size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	unsigned char *numbers = CMSG_DATA(header);

	for (size_t i = 0; i < count; i++) {
		int number;

		if (message->descriptor_count == MESSAGE_DESCRIPTORS_MAX)
			return -EINVAL;
		memcpy(&number, numbers + i * sizeof number, sizeof number);
		number = caller_descriptor(caller, number);
		if (number < 0)
			return number;
		message->descriptors[message->descriptor_count++] = number;
		memcpy(numbers + i * sizeof number, &number, sizeof number);
	}
	return 0;
}

/* Credentials are those of whoever sends; the kernel puts them in where they are wanted. */
static bool is_credentials(const struct cmsghdr *header)
{
	return header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS;
}

static int translate_control(struct message *message, struct caller *caller, const struct msghdr *given)
{
	size_t kept = 0;

	for (struct cmsghdr *header = CMSG_FIRSTHDR(given); header;) {
		size_t offset = (size_t)((char *)header - (char *)given->msg_control);
		size_t length = header->cmsg_len, aligned = CMSG_ALIGN(length);

		if (length < sizeof *header || length > given->msg_controllen - offset)
			return -EINVAL;
		if (aligned > given->msg_controllen - offset)
			aligned = given->msg_controllen - offset;
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
			int error = fetch_descriptors(message, caller, header);

			if (error)
				return error;
		}
		struct cmsghdr *next = CMSG_NXTHDR((struct msghdr *)given, header);
		if (!is_credentials(header)) {
			memcpy((char *)message->control + kept, (char *)given->msg_control + offset, aligned);
			kept += aligned;
		}
		header = next;
	}
	message->control_length = kept;
	return 0;
}

static int copy_control(struct message *message, struct caller *caller, uint64_t address, uint64_t length)
{
	struct msghdr given = { .msg_controllen = length };

	if (!length)
		return 0;
	if (length > MESSAGE_CONTROL_MAX)
		return -ENOBUFS;
	given.msg_control = malloc(length);
	message->control = malloc(length);
	int error = given.msg_control && message->control
			    ? caller_copy(caller->thread, address, given.msg_control, length)
			    : -ENOMEM;
	if (!error)
		error = translate_control(message, caller, &given);
	free(given.msg_control);
	return error;
}

int message_add_control(struct message *message, int type, const void *data, size_t size)
{
	size_t start = CMSG_ALIGN(message->control_length);
	char *control = realloc(message->control, start + CMSG_SPACE(size));

	if (!control)
		return -ENOMEM;
	message->control = control;
	memset(control + message->control_length, 0, start + CMSG_SPACE(size) - message->control_length);
	struct cmsghdr header = { .cmsg_len = CMSG_LEN(size), .cmsg_level = SOL_SOCKET, .cmsg_type = type };
	memcpy(control + start, &header, sizeof header);
	memcpy(control + start + CMSG_LEN(0), data, size);
	message->control_length = start + CMSG_SPACE(size);
	return 0;
}

int message_copy(struct caller *caller, uint64_t header, struct message **result)
{
	struct message *message = calloc(1, sizeof *message);
	struct msghdr given;
	int error = message ? caller_copy(caller->thread, header, &given, sizeof given) : -ENOMEM;

	if (!error) {
		message->name = (uintptr_t)given.msg_name;
		message->name_length = given.msg_name ? given.msg_namelen : 0;
		error = copy_parts(message, caller->thread, (uintptr_t)given.msg_iov, given.msg_iovlen);
	}
	if (!error)
		error = copy_control(message, caller, (uintptr_t)given.msg_control, given.msg_controllen);
	if (error) {
		message_free(message);
		return error;
	}
	*result = message;
	return 0;
}
