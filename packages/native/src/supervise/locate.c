/*
 * The kernel resolves paths, for us as for the caller, from the caller's own directories; only a
 * link at the end is followed here, step by step, since what is not there yet has to be known by
 * its directory and name. What comes out is judged by the object's own path and acted on by its
 * descriptor, so that names that change meanwhile change nothing.
 */
#include "locate.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "kernel-notify.h"
#include "worker.h"

#define LINKS_MAX 40 /* as in the kernel */

struct fd_path fd_path(int descriptor)
{
	struct fd_path path;

	snprintf(path.text, sizeof path.text, "/proc/self/fd/%d", descriptor);
	return path;
}

void object_clear(struct object *object)
{
	if (object->file >= 0)
		close(object->file);
	if (object->parent >= 0)
		close(object->parent);
	free(object->name);
	free(object->path);
	*object = (struct object){ .file = -1, .parent = -1 };
}

char *path_of(const struct worker *worker, int descriptor)
{
	char name[16], path[PATH_MAX];

	snprintf(name, sizeof name, "%d", descriptor);
	ssize_t length = readlinkat(worker->supervisor->descriptors, name, path, sizeof path);
	if (length < 0 || length == sizeof path) {
		errno = length < 0 ? errno : ENAMETOOLONG;
		return NULL;
	}
	return strndup(path, (size_t)length);
}

/* O_PATH; never through a magic link, which would lead to where this process is. */
static int open_path(int base, const char *text, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC | flags, .resolve = RESOLVE_NO_MAGICLINKS | resolve };
	int file = (int)syscall(SYS_openat2, base, text, &how, sizeof how);

	return file >= 0 ? file : -errno;
}

/* The process that the caller is a thread of; 0 when it cannot be found out. */
static pid_t process_of(struct request *request)
{
	if (!request->caller.process)
		caller_look(&request->caller);
	return request->caller.process;
}

/*
 * What /proc/self is for this process it is for the caller: /proc/PID of ours becomes that of the
 * caller. NULL: is not ours.
 */
static char *callers_own(const struct worker *worker, struct request *request, const char *path)
{
	const char *self = worker->supervisor->self_path, *rest = path + strlen(self);
	char *own;
	int skip = 0;

	if (strncmp(path, self, strlen(self)) || (*rest && *rest != '/'))
		return NULL;
	sscanf(rest, "/task/%*d%n", &skip);
	pid_t process = process_of(request);
	int length = skip ? asprintf(&own, "/proc/%d/task/%d%s", process, request->caller.thread, rest + skip)
			  : asprintf(&own, "/proc/%d%s", process, rest);
	return length < 0 ? NULL : own;
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 10;
}

/*
 * What follows in `path` on the caller's own directory of /proc, or on that of this process, which
 * stands for it; NULL: neither is in it.
 */
static const char *within_own(const struct worker *worker, struct request *request, const char *path)
{
	int process, thread, end = 0;

	if (sscanf(path, "/proc/%d/task/%d%n", &process, &thread, &end) != 2 &&
	    sscanf(path, "/proc/%d%n", &process, &end) != 1)
		return NULL;
	return process == worker->supervisor->self || process == process_of(request) ? path + end : NULL;
}

/* A link at the end of a path: what it says, malloc'ed, or what it is a door to. Negative errno. */
struct link {
	char *text;
	int file; /* -1: none */
};

static int open_magic_link(const struct worker *worker, struct request *request, int parent, const char *name,
			   struct link *link)
{
	char *directory = path_of(worker, parent);

	if (!directory)
		return -errno;
	const char *within = within_own(worker, request, directory);
	bool descriptor = within && !strcmp(within, "/fd") && is_number(name);
	bool process = within && !*within && (!strcmp(name, "cwd") || !strcmp(name, "root") || !strcmp(name, "exe"));
	free(directory);
	if (!descriptor && !process)
		return -ELOOP;
	int file = descriptor ? caller_place(&request->caller, atoi(name)) : caller_own(&request->caller, name);
	if (file < 0)
		return file == -EBADF ? -ENOENT : file;
	link->file = file;
	return 0;
}

/* What `self` and `thread-self` say to the caller; false: it is neither. */
static bool read_own_link(struct request *request, const char *name, char **text)
{
	pid_t process = process_of(request);
	int length;

	if (!strcmp(name, "self"))
		length = asprintf(text, "%d", process);
	else if (!strcmp(name, "thread-self"))
		length = asprintf(text, "%d/task/%d", process, request->caller.thread);
	else
		return false;
	if (length < 0)
		*text = NULL;
	return true;
}

static int read_link(const struct worker *worker, struct request *request, int file, int parent, const char *name,
		     struct link *link)
{
	char text[PATH_MAX];
	struct statfs filesystem;

	*link = (struct link){ .file = -1 };
	if (fstatfs(file, &filesystem))
		return -errno;
	if (filesystem.f_type == PROC_MAGIC && read_own_link(request, name, &link->text))
		return link->text ? 0 : -ENOMEM;
	if (filesystem.f_type == PROC_MAGIC) {
		int through = open_path(parent, name, 0, 0);

		if (through == -ELOOP)
			return open_magic_link(worker, request, parent, name, link);
		if (through >= 0)
			close(through);
	}
	ssize_t length = readlinkat(file, "", text, sizeof text);
	if (length < 0 || length == sizeof text)
		return length < 0 ? -errno : -ENAMETOOLONG;
	link->text = strndup(text, (size_t)length);
	return link->text ? 0 : -ENOMEM;
}

/*
 * Splits `path` in place: the directory's part in *head, the name in the result; NULL when it does
 * not end in a name.
 */
static char *split(char *path, const char **head, bool *directory_only)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/') {
		path[--length] = 0;
		*directory_only = true;
	}
	char *slash = strrchr(path, '/');
	char *name = slash ? slash + 1 : path;
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return NULL;
	*head = !slash ? "." : slash == path ? "/" : path;
	if (slash && slash != path)
		*slash = 0;
	return name;
}

/* A step on the way: where the text starts from, and the text, which is cut up. */
struct walk {
	int base;
	char *text;
	bool base_is_ours; /* to be closed */
};

static void walk_on(struct walk *walk, int base, char *text)
{
	if (walk->base_is_ours)
		close(walk->base);
	free(walk->text);
	*walk = (struct walk){ .base = base, .text = text, .base_is_ours = base >= 0 };
}

/* The next name in *text, which is cut off there; NULL at the end. */
static char *take_name(char **text)
{
	char *name = *text + strspn(*text, "/");

	*text = name + strcspn(name, "/");
	if (**text)
		*(*text)++ = 0;
	return *name ? name : NULL;
}

/* O_PATH of `name`, or what a link of that name says, in *text (malloc'ed). */
static int look_up(const struct worker *worker, struct request *request, int place, const char *name, char **text)
{
	struct link link;
	struct stat stat;
	int file = open_path(place, name, O_NOFOLLOW, 0);

	*text = NULL;
	if (file < 0 || fstat(file, &stat) || !S_ISLNK(stat.st_mode))
		return file;
	int error = read_link(worker, request, file, place, name, &link);
	close(file);
	*text = link.text;
	return error ? error : link.file;
}

static int open_start(int base, const char *text)
{
	return *text == '/' ? open_path(-1, "/", O_DIRECTORY, 0) : open_path(base, ".", O_DIRECTORY, 0);
}

/* Name by name, since the kernel would follow a magic link on the way to where this process is. O_PATH, or negative errno. */
static int open_by_names(const struct worker *worker, struct request *request, int base, const char *path)
{
	char *all = strdup(path), *left = all, *name, *text;
	int place = all ? open_start(base, path) : -ENOMEM, links = 0;

	while (place >= 0 && (name = take_name(&left))) {
		int next = look_up(worker, request, place, name, &text);

		if (text) {
			char *before = all;

			if (links++ == LINKS_MAX || asprintf(&all, "%s/%s", text, left) < 0)
				all = NULL;
			next = all ? open_start(place, text) : -ELOOP;
			left = all;
			free(before);
			free(text);
		}
		close(place);
		place = next;
	}
	free(all);
	return place;
}

/* Of a directory on the way. */
static int open_way(const struct worker *worker, struct request *request, int base, const char *path, uint64_t flags)
{
	int place = open_path(base, path, flags, request->resolve);

	return place == -ELOOP && !request->resolve ? open_by_names(worker, request, base, path) : place;
}

/* One step: the object at the end of walk->text, a link there included. */
static int step(const struct worker *worker, struct request *request, struct walk *walk, struct object *object)
{
	uint64_t resolve = request->resolve;
	const char *head;
	char *name = split(walk->text, &head, &object->directory_only);

	if (!name) {
		object->file = open_way(worker, request, walk->base, walk->text, 0);
		return object->file < 0 ? object->file : 0;
	}
	object->name = strdup(name);
	object->parent = open_way(worker, request, walk->base, head, O_DIRECTORY);
	if (!object->name || object->parent < 0)
		return object->parent < 0 ? object->parent : -ENOMEM;
	object->file = open_path(object->parent, name, O_NOFOLLOW, resolve & ~(uint64_t)RESOLVE_NO_SYMLINKS);
	return object->file < 0 && object->file != -ENOENT ? object->file : 0;
}

static bool is_link(struct object *object)
{
	return object->file >= 0 && !fstat(object->file, &object->stat) && S_ISLNK(object->stat.st_mode);
}

/* Follows links at the end until there is none. */
static int walk_links(struct worker *worker, struct request *request, struct walk *walk, unsigned int flags,
		      struct object *object)
{
	for (int links = 0; links <= LINKS_MAX; links++) {
		struct link link;
		int error = step(worker, request, walk, object);

		bool follow = flags & LOCATE_FOLLOW || (object->directory_only && !(flags & LOCATE_MISSING));
		if (error || !is_link(object) || !follow)
			return error;
		if (request->resolve & RESOLVE_NO_SYMLINKS)
			return -ELOOP;
		error = read_link(worker, request, object->file, object->parent, object->name, &link);
		if (error)
			return error;
		if (link.file >= 0) {
			object_clear(object);
			object->file = link.file;
			return 0;
		}
		walk_on(walk, link.text[0] == '/' ? -1 : object->parent, link.text);
		if (link.text[0] != '/')
			object->parent = -1;
		bool directory_only = object->directory_only;
		object_clear(object);
		object->directory_only = directory_only;
	}
	return -ELOOP;
}

/* Inside a tree of the caller's choice (openat2) the kernel has to do it all at once. */
static int resolve_inside(struct request *request, struct naming *naming, unsigned int flags, struct object *object)
{
	uint64_t nofollow = flags & LOCATE_FOLLOW ? 0 : O_NOFOLLOW;
	const char *head;

	object->file = open_path(naming->base, naming->text, nofollow, request->resolve);
	if (object->file >= 0)
		return 0;
	if (object->file != -ENOENT || !(flags & LOCATE_MISSING))
		return object->file;
	char *text = strdup(naming->text);
	char *name = text ? split(text, &head, &object->directory_only) : NULL;
	if (name) {
		object->name = strdup(name);
		object->parent = open_path(naming->base, head, O_DIRECTORY, request->resolve);
	}
	free(text);
	return !object->name ? -ENOENT : object->parent < 0 ? object->parent : 0;
}

/*
 * Whether what lies at `path` now is the object of `file`: no removed one, none of another mount.
 */
static bool lies_at(const char *path, int file)
{
	struct kernel_statx there, here;
	unsigned int mask = KERNEL_STATX_INODE | KERNEL_STATX_MOUNT;

	return !syscall(SYS_statx, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, mask, &there) &&
	       !syscall(SYS_statx, file, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, mask, &here) &&
	       there.inode == here.inode && there.device_major == here.device_major &&
	       there.device_minor == here.device_minor && there.mount == here.mount;
}

/* The path of an object that is there; none is no error. */
static int name_object(struct worker *worker, struct request *request, struct object *object)
{
	char *path = path_of(worker, object->file);

	if (!path)
		return -errno;
	char *own = request ? callers_own(worker, request, path) : NULL;
	if (own) {
		free(path);
		object_clear(object);
		object->file = open_path(-1, own, O_NOFOLLOW, 0);
		path = own;
	}
	if (object->file < 0) {
		free(path);
		return object->file;
	}
	if (fstat(object->file, &object->stat)) {
		free(path);
		return -errno;
	}
	if (path[0] == '/' && lies_at(path, object->file))
		object->path = path;
	else
		free(path);
	return 0;
}

/* The path that an object would have: its directory's, and its name. */
static int name_missing(struct worker *worker, struct object *object)
{
	char *directory = path_of(worker, object->parent);

	if (!directory)
		return -errno;
	if (directory[0] != '/' || !lies_at(directory, object->parent)) {
		free(directory);
		return -ENOENT;
	}
	int length = asprintf(&object->path, "%s/%s", directory[1] ? directory : "", object->name);
	free(directory);
	if (length < 0) {
		object->path = NULL;
		return -ENOMEM;
	}
	return 0;
}

int locate(struct worker *worker, struct request *request, unsigned int index, unsigned int flags, struct object *object)
{
	struct naming *naming = &request->names[index];
	struct walk walk = { .base = naming->base, .text = strdup(naming->text) };
	int error;

	object_clear(object);
	if (!walk.text)
		return -ENOMEM;
	if (request->resolve & ~(uint64_t)(RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS))
		error = resolve_inside(request, naming, flags, object);
	else
		error = walk_links(worker, request, &walk, flags, object);
	if (walk.base_is_ours)
		close(walk.base);
	free(walk.text);
	if (error)
		return error;
	if (object->file < 0) {
		object->file = -1;
		return flags & LOCATE_MISSING ? name_missing(worker, object) : -ENOENT;
	}
	error = name_object(worker, request, object);
	if (!error && object->directory_only && !S_ISDIR(object->stat.st_mode))
		return -ENOTDIR;
	return error;
}

int locate_descriptor(struct worker *worker, int descriptor, struct object *object)
{
	object_clear(object);
	object->file = descriptor;
	return name_object(worker, NULL, object);
}
