/*
 * Many files and directories looked at beside JavaScript: while one batch is read and hashed, the
 * one before is stored.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file-read.h"
#include "job.h"
#include "listing.h"
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
	return job_start(env, read_files, arguments[0], arguments[1], background);
}

/* Before the listing of each directory. */
struct listed {
	struct file_record record; /* of the directory that was listed */
	uint32_t error; /* or 0 */
	uint32_t length; /* of the listing */
};

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

static int list_one(struct job *job, const char *path, size_t *room)
{
	struct listed listed = { 0 };
	uint8_t *listing = NULL;
	size_t length = 0;
	int directory = directory_open(path);

	if (directory < 0 || file_record_fill(directory, "", &listed.record) ||
	    listing_of_directory(directory, &listing, &length))
		listed.error = (uint32_t)errno;
	if (directory >= 0)
		close(directory);
	listed.length = (uint32_t)length;
	int failed = result_add(job, room, &listed, sizeof listed) || result_add(job, room, listing, length);
	free(listing);
	return failed;
}

static void list_directories(struct job *job)
{
	size_t room = 0;

	for (const char *path = job->input; job->count; job->count--, path = after(path)) {
		if (list_one(job, path, &room)) {
			job->error = ENOMEM;
			return;
		}
	}
}

napi_value directories_list(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];
	bool background;

	if (!take_arguments(env, info, 2, arguments) || !take_bool(env, arguments[1], &background))
		return NULL;
	return job_start(env, list_directories, arguments[0], NULL, background);
}
