/*
 * Many paths at once, and directories of executables, which hold a thousand names: what of a few is
 * there, and by which names an object is reached. One call each, where node:fs would need one for
 * every name.
 */
#include "addon.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../include/kernel.h"

/* A directory's descriptor; -1 with errno, or with an exception and errno 0. */
static int take_directory(napi_env env, napi_value path, int flags)
{
	char *text = take_text(env, path);

	errno = 0;
	if (!text)
		return -1;
	int directory = open(text, flags | O_DIRECTORY | O_CLOEXEC);
	int error = errno;
	free(text);
	errno = error;
	return directory;
}

static napi_value nothing(napi_env env)
{
	napi_value null;

	napi_get_null(env, &null);
	return null;
}

#define UNKNOWN 255 /* it may not be looked at */

/* A file of several names is told apart: those are looked for. */
static uint8_t kind_in(const struct stat *stat)
{
	if (S_ISDIR(stat->st_mode))
		return 1;
	if (S_ISLNK(stat->st_mode))
		return 2;
	return stat->st_nlink > 1 ? 4 : 3;
}

static uint8_t kind_after(int error)
{
	return error == ENOENT || error == ENOTDIR ? 0 : UNKNOWN;
}

/* What a name is: 0 for nothing. */
static uint8_t kind_of(int directory, const char *name)
{
	struct stat stat;

	if (fstatat(directory, name, &stat, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT))
		return kind_after(errno);
	return kind_in(&stat);
}

/*
 * The same for an absolute path that no link is a part of, the last name included; of any other it is
 * UNKNOWN. The kernel meets a link before it misses what would lie behind it.
 */
static uint8_t kind_without_links(int directory, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
	struct stat stat;
	int object = (int)syscall(SYS_openat2, directory, path, &how, sizeof how);

	if (object < 0)
		return kind_after(errno);
	int failed = fstat(object, &stat);
	close(object);
	return failed ? UNKNOWN : kind_in(&stat);
}

static bool take_names(napi_env env, napi_value value, struct bytes *names)
{
	if (!take_bytes(env, value, names))
		return false;
	if (!names->length || !names->start[names->length - 1])
		return true;
	napi_throw_type_error(env, NULL, "no NUL at the end");
	return false;
}

/* A byte for each of the names, which have a NUL behind them. */
static napi_value kinds_of(napi_env env, const struct bytes *names, int directory,
			   uint8_t (*kind)(int directory, const char *name))
{
	const char *name = (const char *)names->start;
	napi_value result;
	uint8_t *kinds;
	size_t count = 0;

	for (size_t at = 0; at < names->length; at += strlen(name + at) + 1)
		count++;
	if (napi_create_buffer(env, count, (void **)&kinds, &result) != napi_ok)
		return throw_errno(env, ENOMEM);
	for (size_t i = 0; i < count; i++, name += strlen(name) + 1)
		kinds[i] = kind(directory, name);
	return result;
}

/* (directory, names): as kind_of has it; null without the directory */
napi_value names_kinds(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];
	struct bytes names;

	if (!take_arguments(env, info, 2, arguments) || !take_names(env, arguments[1], &names))
		return NULL;
	int directory = take_directory(env, arguments[0], O_PATH);
	if (directory < 0)
		return errno ? nothing(env) : NULL;
	napi_value kinds = kinds_of(env, &names, directory, kind_of);
	close(directory);
	return kinds;
}

/* (absolute paths): as kind_without_links has it */
napi_value paths_kinds(napi_env env, napi_callback_info info)
{
	napi_value argument;
	struct bytes paths;

	if (!take_arguments(env, info, 1, &argument) || !take_names(env, argument, &paths))
		return NULL;
	return kinds_of(env, &paths, AT_FDCWD, kind_without_links);
}

/* Device and inode. */
struct object {
	uint64_t device, inode;
};

/* Adds the number of the object and the name, if the entry leads to one of the objects. */
static void match(napi_env env, napi_value found, int directory, const struct dirent64 *entry,
		  const struct object *objects, size_t count)
{
	struct stat stat;
	uint32_t length;
	napi_value number, name;

	if (fstatat(directory, entry->d_name, &stat, AT_NO_AUTOMOUNT))
		return;
	for (size_t i = 0; i < count; i++) {
		if (objects[i].device != stat.st_dev || objects[i].inode != stat.st_ino)
			continue;
		napi_create_uint32(env, (uint32_t)i, &number);
		napi_create_buffer_copy(env, strlen(entry->d_name), entry->d_name, NULL, &name);
		napi_get_array_length(env, found, &length);
		napi_set_element(env, found, length, number);
		napi_set_element(env, found, length + 1, name);
	}
}

/* Some file systems leave the kind of an entry open. */
static bool is_kind(int directory, const struct dirent64 *entry, bool links)
{
	struct stat stat;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == (links ? DT_LNK : DT_REG);
	return !fstatat(directory, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) &&
	       (links ? S_ISLNK(stat.st_mode) : S_ISREG(stat.st_mode));
}

/*
 * (directory, links, objects: device u64, inode u64 each): by which links, or else by which files, of the
 * directory they are reached, as a list of numbers and names in turn
 */
napi_value names_behind(napi_env env, napi_callback_info info)
{
	_Alignas(struct dirent64) char buffer[32768];
	napi_value arguments[3], found;
	struct object *objects;
	struct bytes bytes;
	ssize_t length;
	bool links;

	if (!take_arguments(env, info, 3, arguments) || !take_bool(env, arguments[1], &links) ||
	    !take_bytes(env, arguments[2], &bytes))
		return NULL;
	int directory = take_directory(env, arguments[0], O_RDONLY);
	if (directory < 0 && !errno)
		return NULL;
	napi_create_array(env, &found);
	if (directory < 0)
		return found;
	objects = malloc(bytes.length + 1);
	if (objects)
		memcpy(objects, bytes.start, bytes.length);
	while (objects && (length = getdents64(directory, (void *)buffer, sizeof buffer)) > 0) {
		for (ssize_t at = 0; at < length;) {
			const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);

			if (is_kind(directory, entry, links))
				match(env, found, directory, entry, objects, bytes.length / sizeof *objects);
			at += entry->d_reclen;
		}
	}
	close(directory);
	if (!objects)
		return throw_errno(env, ENOMEM);
	free(objects);
	return found;
}
