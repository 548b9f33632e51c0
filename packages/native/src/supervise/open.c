/* open, openat, openat2, creat and truncate. The kernel's own rules decide again on all of them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "judge.h"
#include "locate.h"
#include "worker.h"

/* The first version of struct open_how, and the only one so far. */
#define HOW_SIZE 24

/* A right of ours: the path was looked up without following a link at its end. */
#define NOT_FOLLOWED (1ull << 63)

/* Of a file that others make and remove all the time. */
#define CREATE_TRIES 8

/* What a descriptor of the caller is to have; the rest is for the path, for us, or for nothing. */
#define REOPEN_FLAGS (O_ACCMODE | O_APPEND | O_DIRECT | O_DSYNC | O_SYNC | O_NOATIME | O_NONBLOCK | O_TRUNC | O_DIRECTORY)

/* What we do not understand is not for us to carry out. */
static enum verdict copy_how(struct request *request, uint64_t address, uint64_t size)
{
	struct open_how how;

	if (size != HOW_SIZE || caller_copy(request->caller.thread, address, &how, HOW_SIZE) ||
	    how.flags > UINT32_MAX || how.mode & ~07777ull)
		return VERDICT_NATIVE;
	request->flags = how.flags;
	request->mode = (mode_t)how.mode;
	request->resolve = how.resolve;
	return VERDICT_GO_ON;
}

static enum verdict copy_call(struct request *request, int *directory, uint64_t *path)
{
	const uint64_t *args = request->args;

	*directory = AT_FDCWD;
	*path = args[0];
	switch (request->number) {
#ifdef SYS_open
	case SYS_open:
		request->flags = (uint32_t)args[1];
		request->mode = (mode_t)args[2];
		return VERDICT_GO_ON;
	case SYS_creat:
		request->flags = O_CREAT | O_WRONLY | O_TRUNC;
		request->mode = (mode_t)args[1];
		return VERDICT_GO_ON;
#endif
	case SYS_openat:
		request->flags = (uint32_t)args[2];
		request->mode = (mode_t)args[3];
		break;
	default:
		if (copy_how(request, args[2], args[3]) != VERDICT_GO_ON)
			return VERDICT_NATIVE;
	}
	*directory = (int)args[0];
	*path = args[1];
	return VERDICT_GO_ON;
}

static bool is_temporary(uint64_t flags)
{
	return (flags & O_TMPFILE) == O_TMPFILE;
}

static uint64_t rights_of_file(uint64_t flags)
{
	uint64_t mode = flags & O_ACCMODE, rights = flags & O_TRUNC ? ACCESS_TRUNCATE : 0;

	if (mode != O_WRONLY)
		rights |= ACCESS_READ_FILE;
	if (mode != O_RDONLY)
		rights |= ACCESS_WRITE_FILE;
	return rights;
}

/* Paths that mean something else for every process. */
static bool is_own(const char *path)
{
	static const char *const beginnings[] = { "/proc/self/", "/proc/thread-self/", "/dev/fd/", "/dev/std" };

	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
		if (!strncmp(path, beginnings[i], strlen(beginnings[i])))
			return true;
	return false;
}

/* The real path of `file`; false where it is below this process's own /proc. */
static bool real_path(const struct supervisor *supervisor, int file, char *real, size_t room)
{
	size_t self = strlen(supervisor->self_path);
	char number[16];

	snprintf(number, sizeof number, "%d", file);
	ssize_t length = readlinkat(supervisor->descriptors, number, real, room - 1);
	if (length <= 0 || real[0] != '/')
		return false;
	real[length] = 0;
	return strncmp(real, supervisor->self_path, self) || (real[self] && real[self] != '/');
}

/* Rules on files have no right to list, which nobody needs who opens one. */
static bool is_enough(int file, uint64_t missing)
{
	struct stat stat;

	return !missing || (missing == ACCESS_READ_DIR && !fstat(file, &stat) && !S_ISDIR(stat.st_mode));
}

/*
 * Whether rules cover the making of what is not there, and no link either. `path` has a slash; it is
 * changed.
 */
static bool is_made_below_rule(struct worker *worker, const struct request *request, char *path)
{
	uint64_t wanted = ACCESS_MAKE_REG | (rights_of_file(request->flags) & ~ACCESS_TRUNCATE);
	char real[PATH_MAX + NAME_MAX], *name = strrchr(path, '/') + 1;
	struct stat stat;

	if (!*name || strlen(name) > NAME_MAX)
		return false;
	name[-1] = 0;
	int directory = open(*path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return false;
	bool named = fstatat(directory, name, &stat, AT_SYMLINK_NOFOLLOW) && errno == ENOENT &&
		     real_path(worker->supervisor, directory, real, PATH_MAX);
	close(directory);
	if (!named)
		return false;
	size_t length = strlen(real);
	snprintf(real + length, sizeof real - length, "%s%s", length > 1 ? "/" : "", name);
	return !(wanted & ~table_cover(worker->table, real, wanted).native);
}

/*
 * Where `path`, which may be changed, leads now, if it is there and below rules that cover all of
 * `wanted`; *lasting: not by one that is verified.
 */
static bool leads_below_rule(struct worker *worker, const struct request *request, char *path, uint64_t wanted,
			     bool *lasting)
{
	char real[PATH_MAX];
	struct coverage coverage = { 0 };
	int file = open(path, O_PATH | O_CLOEXEC | (int)(request->flags & O_NOFOLLOW));

	*lasting = false;
	if (file < 0 && errno == ENOENT && request->flags & O_CREAT)
		return is_made_below_rule(worker, request, path);
	if (file < 0)
		return errno == ENOENT;
	bool named = real_path(worker->supervisor, file, real, sizeof real);
	if (named)
		coverage = table_cover(worker->table, real, wanted);
	*lasting = !coverage.verified;
	bool covered = named && is_enough(file, wanted & ~coverage.native);
	close(file);
	return covered;
}

/*
 * A path is noted only once the last rename or new link has certainly taken effect: it does after
 * we let it go on.
 */
#define SETTLED 20000000ull /* nanoseconds */

/*
 * The quick way, for what most opens are: an object that is there, below a rule of the kernel, or
 * nothing at all. Links into /proc and names that change may fool it, since all it can answer is
 * that the kernel shall decide.
 */
static bool quick(struct worker *worker, const struct request *request, int directory, const char *path)
{
	char text[PATH_MAX + 64];
	uint64_t wanted = rights_of_file(request->flags) | ACCESS_READ_DIR;
	uint64_t era = worker->supervisor->era, time = worker->busy_since;
	int thread = (int)request->caller.thread;
	bool lasting;

	if (is_own(path))
		return false;
	if (path[0] == '/') {
		uint64_t rights = wanted | (request->flags & O_NOFOLLOW ? NOT_FOLLOWED : 0);

		if (recent_covers(&worker->recent, path, rights, era, time))
			return true;
		strcpy(text, path);
		if (!leads_below_rule(worker, request, text, wanted, &lasting))
			return false;
		if (lasting && time > era + SETTLED)
			recent_note(&worker->recent, path, rights, era, time);
		return true;
	}
	if (directory == AT_FDCWD)
		snprintf(text, sizeof text, "/proc/%d/cwd/%s", thread, path);
	else
		snprintf(text, sizeof text, "/proc/%d/fd/%d/%s", thread, directory, path);
	return leads_below_rule(worker, request, text, wanted, &lasting);
}

static enum verdict copy_open(struct worker *worker, struct request *request)
{
	char path[PATH_MAX];
	uint64_t address;
	int directory;

	if (copy_call(request, &directory, &address) != VERDICT_GO_ON || request->flags & O_PATH)
		return VERDICT_NATIVE;
	if (is_temporary(request->flags))
		request->flags &= ~(uint64_t)O_CREAT;
	int length = caller_copy_text(request->caller.thread, address, path, sizeof path);
	if (length <= 0)
		return trouble(request, length);
	request->stands_in = has_stand_in(worker->supervisor, request, path);
	if (request->stands_in)
		return VERDICT_PERFORM;
	if (!request->resolve && !is_temporary(request->flags) && quick(worker, request, directory, path))
		return VERDICT_NATIVE;
	return name_path(request, 0, directory, path);
}

/* What is there: no name is made. */
static enum verdict find_existing(struct request *request, struct object *object)
{
	uint64_t flags = request->flags;
	bool writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;

	if (flags & O_CREAT && (flags & O_EXCL || S_ISDIR(object->stat.st_mode)))
		return VERDICT_NATIVE; /* EEXIST, EISDIR */
	switch (object->stat.st_mode & S_IFMT) {
	case S_IFLNK: /* O_NOFOLLOW: ELOOP */
	case S_IFSOCK: /* ENXIO */
		return VERDICT_NATIVE;
	case S_IFDIR:
		if (is_temporary(flags)) {
			/* No name is made: what counts is what may be written below, as for Landlock itself. */
			object->wanted = ACCESS_WRITE_FILE;
			break;
		}
		if (writes)
			return VERDICT_NATIVE; /* EISDIR */
		object->wanted = ACCESS_READ_DIR;
		break;
	default:
		if (flags & O_DIRECTORY)
			return VERDICT_NATIVE; /* ENOTDIR */
		object->wanted = rights_of_file(flags);
	}
	return VERDICT_GO_ON;
}

static enum verdict find_open(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];
	uint64_t flags = request->flags;
	bool creates = flags & O_CREAT, follows = !(flags & O_NOFOLLOW) && !(creates && flags & O_EXCL);
	int error = locate(worker, request, 0, (follows ? LOCATE_FOLLOW : 0u) | (creates ? LOCATE_MISSING : 0u), object);

	if (error)
		return trouble(request, error);
	if (object->file >= 0 && !object->path)
		return VERDICT_NATIVE; /* pipes, memory files, what was removed */
	if (object->file >= 0)
		return find_existing(request, object);
	if (object->directory_only || flags & O_DIRECTORY)
		return VERDICT_NATIVE; /* EISDIR, EINVAL */
	object->wanted = ACCESS_MAKE_REG | (rights_of_file(flags) & ~ACCESS_TRUNCATE);
	return VERDICT_GO_ON;
}

/* What Unix permissions refuse anyway is no matter of the sandbox. */
static bool permitted(const struct request *request)
{
	const struct object *object = &request->objects[0];
	uint64_t flags = request->flags;
	int mode = 0;

	if (object->file < 0)
		return !permission(object->parent, W_OK | X_OK);
	if (is_temporary(flags))
		return !permission(object->file, W_OK | X_OK);
	if ((flags & O_ACCMODE) != O_WRONLY)
		mode |= R_OK;
	if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
		mode |= W_OK;
	return !permission(object->file, mode);
}

static enum verdict judge_open(struct worker *worker, struct request *request)
{
	enum verdict verdict = judge(worker, request);

	return verdict == VERDICT_ASK && !permitted(request) ? VERDICT_NATIVE : verdict;
}

/* /dev/tty is the terminal of whoever opens it: ours is not the caller's. */
static bool depends_on_opener(const struct stat *stat)
{
	return S_ISCHR(stat->st_mode) && stat->st_rdev == makedev(5, 0);
}

static bool open_may_block(const struct request *request)
{
	const struct object *object = &request->objects[0];

	return object->file >= 0 && !S_ISREG(object->stat.st_mode) && !S_ISDIR(object->stat.st_mode) &&
	       !(request->flags & O_NONBLOCK);
}

static bool open_makes(const struct request *request)
{
	return !request->stands_in && (request->objects[0].file < 0 || is_temporary(request->flags));
}

/* O_EXCL: what somebody else made meanwhile was not judged. */
static int create(const struct request *request, const struct object *object)
{
	int kept = (int)(request->flags & (REOPEN_FLAGS & ~O_TRUNC));

	return openat(object->parent, object->name, kept | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC,
		      request->mode & 07777);
}

static int reopen(const struct request *request, const struct object *object)
{
	int temporary = is_temporary(request->flags) ? O_TMPFILE | (int)(request->flags & O_EXCL) : 0;
	int kept = (int)(request->flags & REOPEN_FLAGS);

	return open(fd_path(object->file).text, kept | temporary | O_NOCTTY | O_CLOEXEC, request->mode & 07777);
}

/*
 * Two that create one file at once: the second opens what the first made, after it was judged in
 * its turn.
 */
static long open_after_all(struct worker *worker, struct request *request)
{
	enum verdict verdict = find_open(worker, request);

	if (verdict == VERDICT_GO_ON)
		verdict = judge_open(worker, request);
	if (verdict == VERDICT_NATIVE)
		return PERFORMED_NATIVE;
	return verdict == VERDICT_PERFORM ? 0 : -EACCES;
}

static long perform_open(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];

	if (request->stands_in)
		return open_stand_in(worker->supervisor, request);
	for (int tries = 0; tries < CREATE_TRIES; tries++) {
		if (object->file >= 0 && depends_on_opener(&object->stat))
			return -EACCES;
		request->result = object->file < 0 ? create(request, object) : reopen(request, object);
		if (request->result >= 0)
			return 0;
		if (errno != EEXIST || object->file >= 0 || request->flags & O_EXCL)
			return -errno;
		long error = open_after_all(worker, request);
		if (error)
			return error;
	}
	return -EACCES;
}

const struct operation operation_open = {
	.kind = OPERATION_OPEN,
	.copy = copy_open,
	.find = find_open,
	.judge = judge_open,
	.perform = perform_open,
	.may_block = open_may_block,
	.kernel_decides = true,
	.makes = open_makes,
};

static enum verdict copy_truncate(struct worker *worker, struct request *request)
{
	(void)worker;
	request->size = (off_t)request->args[1];
	return copy_name(request, 0, AT_FDCWD, request->args[0]);
}

static enum verdict find_truncate(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];
	int error = locate(worker, request, 0, LOCATE_FOLLOW, object);

	if (error)
		return trouble(request, error);
	if (!S_ISREG(object->stat.st_mode) || !object->path)
		return VERDICT_NATIVE;
	object->wanted = ACCESS_TRUNCATE;
	return VERDICT_GO_ON;
}

static enum verdict judge_truncate(struct worker *worker, struct request *request)
{
	enum verdict verdict = judge(worker, request);

	return verdict == VERDICT_ASK && permission(request->objects[0].file, W_OK) ? VERDICT_NATIVE : verdict;
}

static long perform_truncate(struct worker *worker, struct request *request)
{
	(void)worker;
	return truncate(fd_path(request->objects[0].file).text, request->size) ? -errno : 0;
}

const struct operation operation_truncate = {
	.kind = OPERATION_TRUNCATE,
	.copy = copy_truncate,
	.find = find_truncate,
	.judge = judge_truncate,
	.perform = perform_truncate,
	.kernel_decides = true,
};
