/*
 * What node:fs cannot do to files: relative to the descriptor of a directory, without following a
 * link, and with times in nanoseconds. Snapshots are read and restored with these.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file-read.h"
#include "file-record.h"
#include "system.h"

/* A descriptor and a name in it, to be freed. NULL with an exception. */
static char *take_place(napi_env env, const napi_value *arguments, int32_t *directory)
{
	return take_int(env, arguments[0], directory) ? take_text(env, arguments[1]) : NULL;
}

napi_value file_open(napi_env env, napi_callback_info info)
{
	napi_value arguments[4], result;
	int32_t directory, flags, mode;
	char *name;

	if (!take_arguments(env, info, 4, arguments) || !take_int(env, arguments[2], &flags) ||
	    !take_int(env, arguments[3], &mode) || !(name = take_place(env, arguments, &directory)))
		return NULL;
	int descriptor = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode);
	int error = errno;
	free(name);
	if (descriptor < 0)
		return throw_errno(env, error);
	napi_create_int32(env, descriptor, &result);
	return result;
}

napi_value file_describe(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	struct file_record record;
	int32_t directory;
	char *name;

	if (!take_arguments(env, info, 2, arguments) || !(name = take_place(env, arguments, &directory)))
		return NULL;
	int failed = file_record_fill(directory, name, &record);
	int error = errno;
	free(name);
	if (failed && error != ENOENT)
		return throw_errno(env, error);
	if (failed)
		napi_get_null(env, &result);
	else
		napi_create_buffer_copy(env, sizeof record, &record, NULL, &result);
	return result;
}

napi_value file_read(napi_env env, napi_callback_info info)
{
	napi_value arguments[4], result;
	struct bytes room, told;
	int32_t directory;
	char *name;

	if (!take_arguments(env, info, 4, arguments) || !take_bytes(env, arguments[2], &room) ||
	    !take_bytes(env, arguments[3], &told))
		return NULL;
	if (told.length != sizeof(struct file_record)) {
		napi_throw_type_error(env, NULL, "not the size of a record");
		return NULL;
	}
	if (!(name = take_place(env, arguments, &directory)))
		return NULL;
	struct file_record record;
	int64_t length = file_read_whole(directory, name, (uint8_t *)room.start, room.length, &record);
	free(name);
	if (length < READ_FAILED)
		return throw_errno(env, (int)(READ_FAILED - length));
	memcpy((uint8_t *)told.start, &record, sizeof record);
	napi_create_int64(env, length, &result);
	return result;
}

napi_value file_set_time(napi_env env, napi_callback_info info)
{
	napi_value arguments[4];
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
	int32_t directory, nanoseconds;
	int64_t seconds;
	char *name;

	if (!take_arguments(env, info, 4, arguments) || !take_int(env, arguments[3], &nanoseconds))
		return NULL;
	if (napi_get_value_int64(env, arguments[2], &seconds) != napi_ok) {
		napi_throw_type_error(env, NULL, "not a number of seconds");
		return NULL;
	}
	if (!(name = take_place(env, arguments, &directory)))
		return NULL;
	times[1] = (struct timespec){ .tv_sec = seconds, .tv_nsec = nanoseconds };
	int failed = *name ? utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW) : futimens(directory, times);
	int error = errno;
	free(name);
	return failed ? throw_errno(env, error) : NULL;
}

/*
 * The next stretch of data from `at` on (lseek(2), SEEK_DATA): 1, or 0 when there is none, or -1. A
 * file system that knows no holes says that all is data.
 */
static int next_data(int descriptor, off_t at, uint64_t stretch[2])
{
	off_t start = lseek(descriptor, at, SEEK_DATA);

	if (start < 0)
		return errno == ENXIO ? 0 : -1;
	off_t end = lseek(descriptor, start, SEEK_HOLE);
	if (end < 0)
		return -1;
	stretch[0] = (uint64_t)start;
	stretch[1] = (uint64_t)(end - start);
	return 1;
}

napi_value file_data(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	int32_t descriptor;
	uint64_t (*stretches)[2] = NULL;
	size_t count = 0, room = 0;
	off_t at = 0;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	for (;; count++) {
		if (count == room) {
			room = room ? 2 * room : 16;
			void *more = realloc(stretches, room * sizeof *stretches);
			if (!more) {
				free(stretches);
				return throw_errno(env, ENOMEM);
			}
			stretches = more;
		}
		int found = next_data(descriptor, at, stretches[count]);
		if (found < 0) {
			int error = errno;

			free(stretches);
			return throw_errno(env, error);
		}
		if (!found)
			break;
		at = (off_t)(stretches[count][0] + stretches[count][1]);
	}
	napi_create_buffer_copy(env, count * sizeof *stretches, stretches, NULL, &result);
	free(stretches);
	return result;
}

napi_value file_clone(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	int32_t from, to;

	if (!take_arguments(env, info, 2, arguments) || !take_int(env, arguments[0], &from) ||
	    !take_int(env, arguments[1], &to))
		return NULL;
	napi_get_boolean(env, content_share(from, to), &result);
	return result;
}

napi_value file_lock(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	int32_t descriptor;
	bool exclusive;

	if (!take_arguments(env, info, 2, arguments) || !take_int(env, arguments[0], &descriptor) ||
	    !take_bool(env, arguments[1], &exclusive))
		return NULL;
	int failed = flock(descriptor, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB);
	if (failed && errno != EWOULDBLOCK)
		return throw_errno(env, errno);
	napi_get_boolean(env, !failed, &result);
	return result;
}

napi_value file_system_sync(napi_env env, napi_callback_info info)
{
	napi_value argument;
	int32_t descriptor;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	return file_system_flush(descriptor) ? throw_errno(env, errno) : NULL;
}
