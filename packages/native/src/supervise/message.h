/* What a caller wants to send, copied: data, and the descriptors that go with it. */
#ifndef NONO_SUPERVISE_MESSAGE_H
#define NONO_SUPERVISE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "caller.h"

/* A stream takes the rest in a further call; a longer datagram does not exist. */
#define MESSAGE_DATA_MAX (1u << 20)
#define MESSAGE_CONTROL_MAX 65536u
#define MESSAGE_PARTS_MAX 1024u /* UIO_MAXIOV */
#define MESSAGE_DESCRIPTORS_MAX 253u /* SCM_MAX_FD */

struct message {
	uint64_t name; /* the caller's address, not looked at */
	uint32_t name_length;
	void *data;
	size_t length;
	bool cut; /* there was more */
	void *control;
	size_t control_length;
	int descriptors[MESSAGE_DESCRIPTORS_MAX]; /* copies of the caller's, that control holds */
	unsigned int descriptor_count;
};

/*
 * From plain memory of the caller (sendto), or from its struct msghdr. 0 or a negative errno; NULL
 * then.
 */
int message_copy_plain(pid_t thread, uint64_t address, uint64_t length, struct message **message);
int message_copy(struct caller *caller, uint64_t header, struct message **message);

/* One more control message of SOL_SOCKET; 0 or a negative errno. */
int message_add_control(struct message *message, int type, const void *data, size_t size);

void message_free(struct message *message);

#endif
