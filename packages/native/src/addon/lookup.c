/* Many paths at once: one call for all, where node:fs would need one for every path. */
#include "names.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "addon.h"

uint8_t kind_in(const struct stat *stat)
{
	if (S_ISDIR(stat->st_mode))
		return NAME_DIRECTORY;
	if (S_ISLNK(stat->st_mode))
		return NAME_LINK;
	return stat->st_nlink > 1 ? NAME_SHARED : NAME_FILE;
}

uint8_t kind_after(int error)
{
	return error == ENOENT || error == ENOTDIR ? NAME_NOTHING : NAME_UNKNOWN;
}

uint8_t kind_of(int directory, const char *name)
{
	struct stat stat;

	if (fstatat(directory, name, &stat, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT))
		return kind_after(errno);
	return kind_in(&stat);
}

bool take_names(napi_env env, napi_value value, struct bytes *names)
{
	if (!take_bytes(env, value, names))
		return false;
	if (!names->length || !names->start[names->length - 1])
		return true;
	napi_throw_type_error(env, NULL, "no NUL at the end");
	return false;
}

size_t names_count(const struct bytes *names)
{
	size_t count = 0;

	EACH_NAME(names, name)
		count++;
	return count;
}

/* A directory that was opened by its path, of which no link is a part; or why it was not. */
struct opened {
	const char *path; /* not ended by a NUL */
	size_t length;
	int descriptor; /* -1: `kind` is that of all below */
	uint8_t kind;
};

/* Hundreds of paths lie in a few dozen directories, of which most are not there. */
#define OPENED_MAX 64

struct lookup {
	struct opened opened[OPENED_MAX];
	size_t count;
};

/* The kernel meets a link before it misses what would lie behind it. */
static struct opened open_directory(const char *path, size_t length)
{
	struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
	char text[4096];

	if (length >= sizeof text)
		return (struct opened){ path, length, -1, NAME_UNKNOWN };
	memcpy(text, path, length);
	text[length] = 0;
	int descriptor = (int)syscall(SYS_openat2, AT_FDCWD, text, &how, sizeof how);

	return (struct opened){ path, length, descriptor, descriptor < 0 ? kind_after(errno) : NAME_DIRECTORY };
}

static const struct opened *directory_of(struct lookup *lookup, const char *path, size_t length)
{
	for (size_t i = lookup->count; i-- > 0;)
		if (lookup->opened[i].length == length && !memcmp(lookup->opened[i].path, path, length))
			return &lookup->opened[i];
	if (lookup->count == OPENED_MAX && lookup->opened[--lookup->count].descriptor >= 0)
		close(lookup->opened[lookup->count].descriptor);
	lookup->opened[lookup->count] = open_directory(path, length);
	return &lookup->opened[lookup->count++];
}

/* As kind_of has it, for an absolute path that no link is a part of; of any other it is unknown. */
static uint8_t kind_without_links(struct lookup *lookup, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return NAME_UNKNOWN;
	const struct opened *directory = directory_of(lookup, path, slash == path ? 1 : (size_t)(slash - path));

	if (directory->descriptor < 0)
		return directory->kind;
	if (!slash[1]) /* the root, or a name that is no name */
		return slash == path ? NAME_DIRECTORY : NAME_UNKNOWN;
	uint8_t kind = kind_of(directory->descriptor, slash + 1);

	return kind == NAME_LINK ? NAME_UNKNOWN : kind;
}

/* (absolute paths): a byte for each, as kind_without_links has it */
napi_value paths_kinds(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	struct bytes paths;
	uint8_t *kinds;
	struct lookup lookup = { .count = 0 };

	if (!take_arguments(env, info, 1, &argument) || !take_names(env, argument, &paths))
		return NULL;
	if (napi_create_buffer(env, names_count(&paths), (void **)&kinds, &result) != napi_ok)
		return throw_errno(env, ENOMEM);
	EACH_NAME(&paths, path)
		*kinds++ = kind_without_links(&lookup, path);
	for (size_t i = 0; i < lookup.count; i++)
		if (lookup.opened[i].descriptor >= 0)
			close(lookup.opened[i].descriptor);
	return result;
}
