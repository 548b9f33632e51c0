#include "file-read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system.h"

/* 0 at the end of the file or of the room; -1 with errno. */
static int read_whole(int descriptor, uint8_t *room, size_t size, size_t *length)
{
	for (*length = 0; *length < size;) {
		ssize_t count = read(descriptor, room + *length, size - *length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return (int)count;
		*length += (size_t)count;
	}
	return 0;
}

static int64_t read_opened(int descriptor, uint8_t *room, size_t size, struct file_record *record)
{
	struct file_record after;
	size_t length;

	if (file_record_fill(descriptor, "", record))
		return READ_FAILED - errno;
	if (!S_ISREG(record->mode))
		return READ_NOT_A_FILE;
	if (record->size >= size)
		return READ_TOO_LARGE;
	if (record->flags & RECORD_HOLES)
		return READ_WITH_HOLES;
	if (read_whole(descriptor, room, size, &length) || file_record_fill(descriptor, "", &after))
		return READ_FAILED - errno;
	bool same = length == record->size && !memcmp(record, &after, sizeof after);
	if (attributes_exist(descriptor))
		record->flags |= RECORD_ATTRIBUTED;
	return same ? (int64_t)length : READ_CHANGED;
}

int64_t file_read_whole(int directory, const char *name, uint8_t *room, size_t size,
			struct file_record *record)
{
	/* without O_NONBLOCK the open of a fifo waits for a writer */
	int descriptor =
		openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (descriptor < 0)
		return READ_FAILED - errno;
	int64_t length = read_opened(descriptor, room, size, record);
	close(descriptor);
	return length;
}
