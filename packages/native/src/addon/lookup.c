/*
 * Many paths at once, and directories of executables, which hold a thousand names: what of a few is
 * there, and by which names an object is reached. One call for all, where node:fs would need one for
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
static uint8_t kind_without_links(const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
	struct stat stat;
	int object = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);

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

/* Each of the strings, which have a NUL behind them, as a loop over `name`. */
#define EACH_NAME(names, name)                                                              \
	for (const char *name = (const char *)(names)->start;                               \
	     name < (const char *)(names)->start + (names)->length; name += strlen(name) + 1)

static size_t names_count(const struct bytes *names)
{
	size_t count = 0;

	EACH_NAME(names, name)
		count++;
	return count;
}

/* (directories, names): of each name that is in a directory: both their numbers, and what it is, as kind_of has it */
napi_value names_present(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	struct bytes directories, names;
	uint32_t number = 0, *found;
	size_t count = 0;

	if (!take_arguments(env, info, 2, arguments) || !take_names(env, arguments[0], &directories) ||
	    !take_names(env, arguments[1], &names))
		return NULL;
	found = malloc(names_count(&directories) * names_count(&names) * 3 * sizeof *found + 1);
	if (!found)
		return throw_errno(env, ENOMEM);
	EACH_NAME(&directories, path) {
		int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		uint32_t asked = 0;

		EACH_NAME(&names, name) {
			uint8_t kind = directory < 0 ? 0 : kind_of(directory, name);

			if (kind) {
				found[count++] = number;
				found[count++] = asked;
				found[count++] = kind;
			}
			asked++;
		}
		if (directory >= 0)
			close(directory);
		number++;
	}
	napi_create_buffer_copy(env, count * sizeof *found, found, NULL, &result);
	free(found);
	return result;
}

/* (absolute paths): a byte for each, as kind_without_links has it */
napi_value paths_kinds(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	struct bytes paths;
	uint8_t *kinds;

	if (!take_arguments(env, info, 1, &argument) || !take_names(env, argument, &paths))
		return NULL;
	if (napi_create_buffer(env, names_count(&paths), (void **)&kinds, &result) != napi_ok)
		return throw_errno(env, ENOMEM);
	EACH_NAME(&paths, path)
		*kinds++ = kind_without_links(path);
	return result;
}

/* Device and inode. */
struct object {
	uint64_t device, inode;
};

/* What is asked for in directories. */
struct search {
	napi_env env;
	napi_value found;
	const struct object *objects;
	size_t count;
	bool links;
};

/* Adds the number of the object and the name, if the entry leads to one of the objects. */
static void match(const struct search *search, int directory, const struct dirent64 *entry)
{
	napi_env env = search->env;
	struct stat stat;
	uint32_t length;
	napi_value number, name;

	if (fstatat(directory, entry->d_name, &stat, AT_NO_AUTOMOUNT))
		return;
	for (size_t i = 0; i < search->count; i++) {
		if (search->objects[i].device != stat.st_dev || search->objects[i].inode != stat.st_ino)
			continue;
		napi_create_uint32(env, (uint32_t)i, &number);
		napi_create_buffer_copy(env, strlen(entry->d_name), entry->d_name, NULL, &name);
		napi_get_array_length(env, search->found, &length);
		napi_set_element(env, search->found, length, number);
		napi_set_element(env, search->found, length + 1, name);
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

static void search_directory(const struct search *search, const char *path)
{
	_Alignas(struct dirent64) char buffer[32768];
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ssize_t length;

	if (directory < 0)
		return;
	while ((length = getdents64(directory, (void *)buffer, sizeof buffer)) > 0) {
		for (ssize_t at = 0; at < length;) {
			const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);

			if (is_kind(directory, entry, search->links))
				match(search, directory, entry);
			at += entry->d_reclen;
		}
	}
	close(directory);
}

/*
 * (directories, links, objects: device u64, inode u64 each): by which links, or else by which files, of the
 * directories they are reached, as a list of numbers and names in turn
 */
napi_value names_behind(napi_env env, napi_callback_info info)
{
	napi_value arguments[3];
	struct bytes directories, bytes;
	struct search search = { .env = env };

	if (!take_arguments(env, info, 3, arguments) || !take_names(env, arguments[0], &directories) ||
	    !take_bool(env, arguments[1], &search.links) || !take_bytes(env, arguments[2], &bytes))
		return NULL;
	struct object *objects = malloc(bytes.length + 1); /* aligned */
	if (!objects)
		return throw_errno(env, ENOMEM);
	search.objects = memcpy(objects, bytes.start, bytes.length);
	search.count = bytes.length / sizeof *objects;
	napi_create_array(env, &search.found);
	EACH_NAME(&directories, path)
		search_directory(&search, path);
	free(objects);
	return search.found;
}
