/*
 * Many files and directories looked at beside JavaScript: while one batch is read and hashed, the
 * one before is stored.
 */
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file-read.h"
#include "job.h"
#include "listing.h"
#include "parts.h"
#include "sha256.h"
#include "system.h"

static const char *after(const char *text)
{
	return text + strlen(text) + 1;
}

/* What is told of a file, as packages/core/src/snapshot reads it. */
struct told {
	struct file_record record;
	uint8_t digest[SHA256_SIZE];
	int64_t length; /* or why not, as in file-read.h; READ_TOO_LARGE also when the room is full */
	uint64_t offset; /* in the room */
};

static void read_one(struct told *told, int directory, int error, const char *name, uint8_t *room,
		     size_t size)
{
	if (directory < 0) {
		told->length = READ_FAILED - error;
		return;
	}
	told->length = file_read_whole(directory, name, room, size, &told->record);
	if (told->length >= 0)
		sha256(room, (size_t)told->length, told->digest);
}

/* The texts: for each file its directory, "" for that of the one before, and its name. */
static void read_files(struct job *job)
{
	struct told *told = calloc(job->count / 2 + 1, sizeof *told);
	const char *text = job->input;
	int directory = -1, error = ENOENT;
	size_t used = 0;

	job->result = (uint8_t *)told;
	job->length = job->count / 2 * sizeof *told;
	if (!told) {
		job->error = ENOMEM;
		return;
	}
	for (size_t i = 0; i < job->count / 2; i++, told++) {
		const char *name = after(text);

		if (*text) {
			if (directory >= 0)
				close(directory);
			directory = directory_open(text);
			error = errno;
		}
		told->offset = used;
		read_one(told, directory, error, name, job->room + used, job->room_size - used);
		if (told->length > 0)
			used += (size_t)told->length;
		text = after(name);
	}
	if (directory >= 0)
		close(directory);
}

napi_value files_read(napi_env env, napi_callback_info info)
{
	napi_value arguments[3];
	bool background;

	if (!take_arguments(env, info, 3, arguments) || !take_bool(env, arguments[2], &background))
		return NULL;
	return job_start(env, &(struct job){ .run = read_files, .background = background }, arguments[0],
			 arguments[1]);
}

/* Before the listing of each directory. */
struct listed {
	struct file_record record; /* of the directory that was listed */
	uint32_t error; /* or 0 */
	uint32_t length; /* of the listing, or AS_KNOWN: then it is left out */
	uint32_t count; /* of the entries of the listing, for each of which a match stands before it */
	uint32_t reserved;
};

#define AS_KNOWN UINT32_MAX

/* Of a record, what tells whether anything of a file has changed; without times where they could be too young to. */
#define OWN_SIZE offsetof(struct file_record, name_length)

/* One directory as it was, in the form of packages/core/src/snapshot/cached-directory.ts, led by its length. */
struct known {
	uint8_t own[OWN_SIZE];
	struct bytes path;
	struct bytes listing;
};

static bool take_known(struct bytes *rest, struct known *known)
{
	struct bytes one;

	if (!take_part(rest, &one) || one.length < OWN_SIZE)
		return false;
	memcpy(known->own, one.start, OWN_SIZE);
	one.start += OWN_SIZE;
	one.length -= OWN_SIZE;
	return take_part(&one, &known->path) && take_part(&one, &known->listing);
}

static int result_add(struct job *job, size_t *room, const void *bytes, size_t length)
{
	if (job->length + length > *room) {
		size_t larger = 2 * (job->length + length);
		uint8_t *more = realloc(job->result, larger);

		if (!more)
			return -1;
		job->result = more;
		*room = larger;
	}
	if (length)
		memcpy(job->result + job->length, bytes, length);
	job->length += length;
	return 0;
}

static int open_known(const struct known *known)
{
	char path[PATH_MAX];

	if (known->path.length >= sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(path, known->path.start, known->path.length);
	path[known->path.length] = '\0';
	return directory_open_to_read(path);
}

static bool is_as_known(const struct known *known, int directory, const struct file_record *record)
{
	bool same_inode = !memcmp(known->own, record, offsetof(struct file_record, size));
	bool same_times = !memcmp(known->own, record, OWN_SIZE);

	return same_inode &&
	       directory_is_as_listed(directory, known->listing.start, known->listing.length, same_times);
}

static int compare_one(struct job *job, const struct known *known, size_t *room)
{
	struct listed listed = { 0 };
	uint8_t *listing = NULL;
	uint32_t *matches = NULL;
	size_t length = 0, count = 0;
	int directory = open_known(known);

	if (directory < 0 || file_record_fill(directory, "", &listed.record)) {
		listed.error = (uint32_t)errno;
		if (directory >= 0)
			close(directory);
	} else if (is_as_known(known, directory, &listed.record)) {
		listed.length = AS_KNOWN;
		close(directory);
	} else if (listing_of_directory(directory, &listing, &length))
		listed.error = (uint32_t)errno;
	else if (!(matches = listings_match(&known->listing,
					    &(struct bytes){ .start = listing, .length = length }, &count)))
		listed.error = ENOMEM;
	if (matches) {
		listed.length = (uint32_t)length;
		listed.count = (uint32_t)count;
	}
	int failed = result_add(job, room, &listed, sizeof listed) ||
		     result_add(job, room, matches, count * sizeof *matches) ||
		     result_add(job, room, listing, listed.length == AS_KNOWN ? 0 : listed.length);
	free(matches);
	free(listing);
	return failed;
}

/* `from`: the number of the first one, `to`: of the one behind the last, if there are so many. */
static void compare_directories(struct job *job)
{
	struct bytes rest = { .start = job->room, .length = job->room_size };
	struct known known;
	size_t room = 0;

	for (size_t at = 0; at < job->to && rest.length && !job->error; at++)
		if (!take_known(&rest, &known))
			job->error = EINVAL;
		else if (at >= job->from && compare_one(job, &known, &room))
			job->error = ENOMEM;
}

napi_value directories_compare(napi_env env, napi_callback_info info)
{
	napi_value arguments[4];
	struct job job = { .run = compare_directories };
	uint32_t first, count;

	if (!take_arguments(env, info, 4, arguments) || !take_bool(env, arguments[3], &job.background))
		return NULL;
	if (napi_get_value_uint32(env, arguments[1], &first) != napi_ok ||
	    napi_get_value_uint32(env, arguments[2], &count) != napi_ok)
		return throw_errno(env, EINVAL);
	job.from = first;
	job.to = (size_t)first + count;
	return job_start(env, &job, NULL, arguments[0]);
}
