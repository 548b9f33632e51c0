/*
 * Many steps of a restore beside JavaScript. A file is written beside its place and renamed into it, so
 * that there is the old one or the new one, never a part. What does not go as it should is left for
 * JavaScript to do by itself, and to say why.
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

enum restore_step {
	RESTORE_PUT, /* a file */
	RESTORE_MAKE, /* a directory that only its owner may use */
	RESTORE_FINISH, /* mode and time of a directory; a row of them ends with the first that fails: they are in order */
};

/* One step, as packages/core/src/snapshot writes it. */
struct wanted {
	uint32_t step; /* enum restore_step */
	int32_t descriptor; /* that the content is read from, or -1: it lies in the room */
	uint32_t mode;
	uint32_t replaces; /* 0: nothing is there; else the file of which `found` tells */
	uint64_t offset; /* of the content */
	uint64_t length;
	int64_t modified; /* nanoseconds since 1970 */
	struct {
		uint64_t device;
		uint64_t inode;
		uint64_t size;
		int64_t modified;
	} found;
	uint8_t digest[SHA256_SIZE];
	uint32_t uid, gid;
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

#define BILLION 1000000000

/*
 * The mode to set, after the owner. Only root gives files away; what is not its owner's any more must not
 * run with the rights of another one.
 */
static mode_t own(int descriptor, const struct wanted *wanted, const struct stat *now)
{
	mode_t mode = (mode_t)wanted->mode;

	if (now->st_uid == wanted->uid && now->st_gid == wanted->gid)
		return mode;
	if (!fchown(descriptor, wanted->uid, wanted->gid) || S_ISDIR(now->st_mode))
		return mode;
	return mode & 01777;
}

/* Where the owner has to change the mode is set in any case: to give a file away takes rights from it. */
static bool has_mode(const struct wanted *wanted, const struct stat *now)
{
	return now->st_uid == wanted->uid && now->st_gid == wanted->gid &&
	       (now->st_mode & 07777) == wanted->mode;
}

static int amend(int descriptor, const struct wanted *wanted)
{
	int64_t below = (wanted->modified % BILLION + BILLION) % BILLION;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
				     { .tv_sec = (wanted->modified - below) / BILLION, .tv_nsec = (long)below } };

	struct stat now;

	if (fstat(descriptor, &now))
		return -1;
	if (!has_mode(wanted, &now) && fchmod(descriptor, own(descriptor, wanted, &now)))
		return -1;
	return futimens(descriptor, times);
}

static bool is_as_found(int directory, const char *name, const struct wanted *wanted)
{
	struct file_record now;

	return !file_record_fill(directory, name, &now) && S_ISREG(now.mode) &&
	       now.device == wanted->found.device && now.inode == wanted->found.inode &&
	       now.size == wanted->found.size && now.modified == wanted->found.modified;
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

/*
 * What a file is made with: the mode that it is to have, which then need not be set, where its group may
 * do no more than everybody, so that it does not matter whose it is until it is given away.
 */
static mode_t first_mode(mode_t mode)
{
	return (mode >> 3 & 7) == (mode & 7) && (mode & 0600) == 0600 ? mode & 0777 : 0600;
}

/* 0, or an errno; then the temporary file is gone, unless that cannot be had either. */
static int put(int directory, const char *temporary, const char *name, const struct wanted *wanted,
	       const uint8_t *content)
{
	int descriptor = openat(directory, temporary,
				O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY,
				first_mode((mode_t)wanted->mode));

	if (descriptor < 0)
		return errno;
	int failed = write_whole(descriptor, content, wanted->length) || amend(descriptor, wanted) ? errno : 0;
	if (close(descriptor) && !failed)
		failed = errno;
	if (!failed && place(directory, temporary, name, wanted))
		failed = errno;
	if (failed)
		unlinkat(directory, temporary, 0);
	return failed;
}

/* A directory without attributes, which are for JavaScript to compare. 0, or an errno. */
static int finish(int directory, const char *name, const struct wanted *wanted)
{
	int descriptor = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (descriptor < 0)
		return errno;
	int failed = attributes_exist(descriptor) ? EOPNOTSUPP : 0;
	if (!failed && amend(descriptor, wanted))
		failed = errno;
	close(descriptor);
	return failed;
}

struct place {
	const char *temporary; /* name of what is not whole yet */
	uint8_t *space; /* for one content */
	int directory;
	int error; /* why there is none */
};

static int perform(const struct job *job, const struct wanted *wanted, const struct place *place,
		   const char *name)
{
	const uint8_t *content;

	if (place->directory < 0)
		return place->error;
	switch (wanted->step) {
	case RESTORE_PUT:
		content = content_of(job, wanted, place->space);
		return content ? put(place->directory, place->temporary, name, wanted, content) : errno;
	case RESTORE_MAKE:
		return mkdirat(place->directory, name, 0700) ? errno : 0;
	case RESTORE_FINISH:
		return finish(place->directory, name, wanted);
	default:
		return EINVAL;
	}
}

static const char *after(const char *text)
{
	return text + strlen(text) + 1;
}

static void place_enter(struct place *place, const char *path)
{
	if (place->directory >= 0)
		close(place->directory);
	place->directory = directory_open(path);
	place->error = errno;
}

static void perform_all(const struct job *job, struct place *place, uint32_t *results, size_t count)
{
	const char *text = after(place->temporary);

	for (size_t i = 0; i < count; i++) {
		const char *name = after(text);
		struct wanted wanted;

		memcpy(&wanted, job->room + i * sizeof wanted, sizeof wanted);
		if (*text)
			place_enter(place, text);
		results[i] = (uint32_t)perform(job, &wanted, place, name);
		if (results[i] && wanted.step == RESTORE_FINISH)
			break;
		text = after(name);
	}
	if (place->directory >= 0)
		close(place->directory);
}

/*
 * The texts: the name of what is not whole yet; then for each step the directory, "" for that of the one
 * before, and the name. The result: for each 0 or an errno, 32 bits.
 */
static void restore_files(struct job *job)
{
	size_t count = (job->count - 1) / 2;
	struct place place = { .temporary = job->input, .directory = -1, .error = ENOENT };
	uint32_t *results = malloc((count + 1) * sizeof *results);

	place.space = malloc(LARGEST);
	job->result = (uint8_t *)results;
	job->length = count * sizeof *results;
	if (!results || !place.space)
		job->error = ENOMEM;
	else if (count * sizeof(struct wanted) > job->room_size)
		job->error = EINVAL;
	else {
		for (size_t i = 0; i < count; i++)
			results[i] = ECANCELED;
		perform_all(job, &place, results, count);
	}
	free(place.space);
}

napi_value files_restore(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];

	if (!take_arguments(env, info, 2, arguments))
		return NULL;
	return job_start(env, &(struct job){ .run = restore_files }, arguments[0], arguments[1]);
}
