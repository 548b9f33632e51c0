/*
 * Many files put where they belong, beside JavaScript: each is written beside its place and renamed
 * into it, so that there is the old one or the new one, never a part. What does not go as it should is
 * left as it was, for JavaScript to do by itself and to say why.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file-record.h"
#include "job.h"
#include "sha256.h"
#include "system.h"

/* One file, as packages/core/src/snapshot writes it. */
struct wanted {
	int32_t descriptor; /* that the content is read from, or -1: it lies in the room */
	uint32_t mode;
	uint64_t offset;
	uint64_t length;
	int64_t seconds; /* modified */
	uint32_t nanoseconds;
	uint32_t replaces; /* 0: nothing is there; else the file that the next four are of */
	uint64_t device;
	uint64_t inode;
	uint64_t size;
	int64_t modified;
	uint8_t digest[SHA256_SIZE];
};

/* The largest content of a pack. */
#define LARGEST ((size_t)1 << 20)

/* Where the content lies; NULL with errno. */
static const uint8_t *content_of(const struct job *job, const struct wanted *wanted, uint8_t *space)
{
	const uint8_t *content = space;
	uint8_t digest[SHA256_SIZE];

	errno = EINVAL;
	if (wanted->length > LARGEST)
		return NULL;
	if (wanted->descriptor < 0) {
		if (wanted->offset > job->room_size || wanted->length > job->room_size - wanted->offset)
			return NULL;
		content = job->room + wanted->offset;
	} else {
		ssize_t count = pread(wanted->descriptor, space, wanted->length, (off_t)wanted->offset);

		if (count < 0)
			return NULL;
		if ((uint64_t)count != wanted->length) {
			errno = EIO;
			return NULL;
		}
	}
	sha256(content, wanted->length, digest);
	errno = EIO;
	return memcmp(digest, wanted->digest, sizeof digest) ? NULL : content;
}

static int write_whole(int descriptor, const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t count = write(descriptor, bytes, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return -1;
		bytes += count;
		length -= (size_t)count;
	}
	return 0;
}

static int fill(int descriptor, const struct wanted *wanted, const uint8_t *content)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
				     { .tv_sec = wanted->seconds, .tv_nsec = (long)wanted->nanoseconds } };

	return write_whole(descriptor, content, wanted->length) || fchmod(descriptor, (mode_t)wanted->mode) ||
	       futimens(descriptor, times);
}

static bool is_as_found(int directory, const char *name, const struct wanted *wanted)
{
	struct file_record now;

	return !file_record_fill(directory, name, &now) && S_ISREG(now.mode) &&
	       now.device == wanted->device && now.inode == wanted->inode && now.size == wanted->size &&
	       now.modified == wanted->modified;
}

static int place(int directory, const char *from, const char *to, const struct wanted *wanted)
{
	if (!wanted->replaces)
		return file_move(directory, from, to);
	if (is_as_found(directory, to, wanted))
		return renameat(directory, from, directory, to);
	errno = ESTALE;
	return -1;
}

/* 0, or an errno; then the temporary file is gone, unless that cannot be had either. */
static int put(int directory, const char *temporary, const char *name, const struct wanted *wanted,
	       const uint8_t *content)
{
	int descriptor = openat(directory, temporary,
				O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);

	if (descriptor < 0)
		return errno;
	int failed = fill(descriptor, wanted, content) ? errno : 0;
	if (close(descriptor) && !failed)
		failed = errno;
	if (!failed && place(directory, temporary, name, wanted))
		failed = errno;
	if (failed)
		unlinkat(directory, temporary, 0);
	return failed;
}

static const char *after(const char *text)
{
	return text + strlen(text) + 1;
}

static int put_one(const struct job *job, size_t index, int directory, const char *name, uint8_t *space)
{
	struct wanted wanted;

	memcpy(&wanted, job->room + index * sizeof wanted, sizeof wanted);
	const uint8_t *content = content_of(job, &wanted, space);
	return content ? put(directory, job->input, name, &wanted, content) : errno;
}

/*
 * The texts: the name of files that are not whole yet; then for each file its directory, "" for that
 * of the one before, and its name. The result: for each file 0 or an errno, 32 bits.
 */
static void put_files(struct job *job)
{
	size_t count = (job->count - 1) / 2;
	uint32_t *results = calloc(count + 1, sizeof *results);
	uint8_t *space = malloc(LARGEST);
	const char *text = after(job->input);
	int directory = -1, error = ENOENT;

	job->result = (uint8_t *)results;
	job->length = count * sizeof *results;
	if (!results || !space || count * sizeof(struct wanted) > job->room_size) {
		job->error = results && space ? EINVAL : ENOMEM;
		free(space);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *name = after(text);

		if (*text) {
			if (directory >= 0)
				close(directory);
			directory = directory_open(text);
			error = errno;
		}
		results[i] = (uint32_t)(directory < 0 ? error : put_one(job, i, directory, name, space));
		text = after(name);
	}
	if (directory >= 0)
		close(directory);
	free(space);
}

napi_value files_put(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];

	if (!take_arguments(env, info, 2, arguments))
		return NULL;
	return job_start(env, put_files, arguments[0], arguments[1], false);
}
