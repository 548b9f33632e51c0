/*
 * Modes, owners, times and extended attributes. Landlock has no rule for them, so none of these
 * calls goes on natively: they are carried out here on objects below a write grant, and on
 * descriptors that the caller holds open for writing.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/xattr.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "judge.h"
#include "kernel-notify.h"
#include "locate.h"
#include "worker.h"

/* Copying */

static enum verdict copy_descriptor(struct request *request, uint64_t number)
{
	request->descriptor = caller_descriptor(&request->caller, (int)number);
	return request->descriptor < 0 ? fail_with(request, request->descriptor) : VERDICT_GO_ON;
}

/* A path, or with AT_EMPTY_PATH and no path the descriptor itself. */
static enum verdict copy_target(struct request *request, int directory, uint64_t address, uint64_t flags)
{
	char path[PATH_MAX];
	int length = caller_copy_text(request->caller.thread, address, path, sizeof path);

	request->flags = flags;
	if (flags & ~(uint64_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return fail_with(request, EINVAL);
	if (length < 0)
		return fail_with(request, length);
	if (length)
		return name_path(request, 0, directory, path);
	if (!(flags & AT_EMPTY_PATH))
		return fail_with(request, ENOENT);
	return directory == AT_FDCWD ? name_path(request, 0, directory, ".") : copy_descriptor(request, (uint64_t)directory);
}

/* Finding */

/*
 * A device is the machine's: what its file is made into outlasts the session. The present time a
 * write would set as well.
 */
static bool is_shared_device(const struct request *request)
{
	mode_t mode = request->objects[0].stat.st_mode;

	return (S_ISCHR(mode) || S_ISBLK(mode)) && (request->operation != &operation_utime || request->times_given);
}

/*
 * A descriptor that is open for writing carries the right with it; pipes and sockets are nobody
 * else's.
 */
static bool held_for_writing(const struct request *request)
{
	const struct object *object = &request->objects[0];
	int flags = fcntl(object->file, F_GETFL);

	if (flags < 0 || flags & O_PATH)
		return false;
	return (flags & O_ACCMODE) != O_RDONLY || (!object->path && !S_ISREG(object->stat.st_mode) &&
						   !S_ISDIR(object->stat.st_mode));
}

/*
 * Whoever may write a file may fill it with a program, but not make it one that runs as its owner
 * for everybody, nor somebody else's: not by the descriptor alone, as of a log outside the grants.
 */
static bool lends_rights(const struct request *request)
{
	const struct object *object = &request->objects[0];

	if (!object->path || !S_ISREG(object->stat.st_mode))
		return false;
	return request->operation == &operation_chown ||
	       (request->operation == &operation_chmod && request->mode & (S_ISUID | S_ISGID));
}

static enum verdict find_by_descriptor(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];
	int descriptor = request->descriptor;

	request->descriptor = -1;
	request->object_count = 1;
	if (fcntl(descriptor, F_GETFL) & O_PATH && !(request->flags & AT_EMPTY_PATH)) {
		close(descriptor);
		return fail_with(request, EBADF);
	}
	int error = locate_descriptor(worker, descriptor, object);
	if (error || is_shared_device(request))
		return fail_with(request, error ? error : EPERM);
	if (held_for_writing(request) && !lends_rights(request))
		return VERDICT_PERFORM;
	object->wanted = ACCESS_WRITE_FILE;
	return object->path ? VERDICT_GO_ON : fail_with(request, EACCES);
}

static enum verdict find_target(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];
	bool follow = !(request->flags & AT_SYMLINK_NOFOLLOW);

	if (request->descriptor >= 0)
		return find_by_descriptor(worker, request);
	int error = locate(worker, request, 0, follow ? LOCATE_FOLLOW : 0, object);
	if (error || is_shared_device(request))
		return fail_with(request, error ? error : EPERM);
	object->wanted = ACCESS_WRITE_FILE;
	return object->path ? VERDICT_GO_ON : fail_with(request, EACCES);
}

/* Judging: what Unix permissions refuse anyway is no matter of the sandbox. */

static bool owns(const struct request *request)
{
	uid_t user = (uid_t)syscall(SYS_setfsuid, -1);

	return user == request->objects[0].stat.st_uid || request->caller.credentials.capabilities & 1ull << CAP_FOWNER;
}

static enum verdict judge_owned(struct worker *worker, struct request *request)
{
	enum verdict verdict = judge(worker, request);

	return verdict == VERDICT_ASK && !owns(request) ? fail_with(request, EPERM) : verdict;
}

static enum verdict judge_written(struct worker *worker, struct request *request)
{
	enum verdict verdict = judge(worker, request);

	if (verdict != VERDICT_ASK || owns(request))
		return verdict;
	int error = permission(request->objects[0].file, W_OK);
	return error ? fail_with(request, error) : verdict;
}

static bool is_link(const struct request *request)
{
	return S_ISLNK(request->objects[0].stat.st_mode);
}

/* chmod */

static enum verdict copy_chmod(struct worker *worker, struct request *request)
{
	const uint64_t *args = request->args;

	(void)worker;
	switch (request->number) {
	case SYS_fchmod:
		request->mode = (mode_t)args[1];
		return copy_descriptor(request, args[0]);
#ifdef SYS_chmod
	case SYS_chmod:
		request->mode = (mode_t)args[1];
		return copy_target(request, AT_FDCWD, args[0], 0);
#endif
	default:
		request->mode = (mode_t)args[2];
		return copy_target(request, (int)args[0], args[1],
				   request->number == SYS_fchmodat2 ? (uint32_t)args[3] : 0);
	}
}

static long perform_chmod(struct worker *worker, struct request *request)
{
	(void)worker;
	if (is_link(request))
		return -EOPNOTSUPP;
	return chmod(fd_path(request->objects[0].file).text, request->mode & 07777) ? -errno : 0;
}

const struct operation operation_chmod = {
	.kind = OPERATION_CHMOD,
	.copy = copy_chmod,
	.find = find_target,
	.judge = judge_owned,
	.perform = perform_chmod,
};

/* chown */

static enum verdict copy_chown(struct worker *worker, struct request *request)
{
	const uint64_t *args = request->args;
	bool at = request->number == SYS_fchownat;

	(void)worker;
	request->owner = (uid_t)args[1 + at];
	request->group = (gid_t)args[2 + at];
	switch (request->number) {
	case SYS_fchown:
		return copy_descriptor(request, args[0]);
	case SYS_fchownat:
		return copy_target(request, (int)args[0], args[1], (uint32_t)args[4]);
#ifdef SYS_lchown
	case SYS_lchown:
		return copy_target(request, AT_FDCWD, args[0], AT_SYMLINK_NOFOLLOW);
#endif
	default:
		return copy_target(request, AT_FDCWD, args[0], 0);
	}
}

static long perform_chown(struct worker *worker, struct request *request)
{
	(void)worker;
	return fchownat(request->objects[0].file, "", request->owner, request->group, AT_EMPTY_PATH) ? -errno : 0;
}

const struct operation operation_chown = {
	.kind = OPERATION_CHOWN,
	.copy = copy_chown,
	.find = find_target,
	.judge = judge_owned,
	.perform = perform_chown,
};

/* utime */

static int copy_timespecs(struct request *request, uint64_t address)
{
	return caller_copy(request->caller.thread, address, request->times, sizeof request->times);
}

static int copy_timevals(struct request *request, uint64_t address)
{
	struct timeval times[2];
	int error = caller_copy(request->caller.thread, address, times, sizeof times);

	for (int i = 0; i < 2 && !error; i++) {
		if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000)
			return -EINVAL;
		request->times[i] = (struct timespec){ times[i].tv_sec, times[i].tv_usec * 1000 };
	}
	return error;
}

static int copy_seconds(struct request *request, uint64_t address)
{
	struct utimbuf times;
	int error = caller_copy(request->caller.thread, address, &times, sizeof times);

	request->times[0] = (struct timespec){ .tv_sec = times.actime };
	request->times[1] = (struct timespec){ .tv_sec = times.modtime };
	return error;
}

static enum verdict copy_times(struct request *request, uint64_t address, int (*copy)(struct request *, uint64_t))
{
	int error = address ? copy(request, address) : 0;

	request->times_given = address != 0;
	return error ? fail_with(request, error) : VERDICT_GO_ON;
}

static enum verdict copy_utimensat(struct request *request)
{
	const uint64_t *args = request->args;

	if (copy_times(request, args[2], copy_timespecs) == VERDICT_FAIL)
		return VERDICT_FAIL;
	if (args[1])
		return copy_target(request, (int)args[0], args[1], (uint32_t)args[3]);
	return (uint32_t)args[3] ? fail_with(request, EINVAL) : copy_descriptor(request, args[0]);
}

static enum verdict copy_utime(struct worker *worker, struct request *request)
{
	(void)worker;
#ifdef SYS_utime
	const uint64_t *args = request->args;
	bool at = request->number == SYS_futimesat;
	enum verdict verdict;

	if (request->number == SYS_utimensat)
		return copy_utimensat(request);
	verdict = request->number == SYS_utime ? copy_times(request, args[1], copy_seconds)
					       : copy_times(request, args[1 + at], copy_timevals);
	if (verdict == VERDICT_FAIL)
		return verdict;
	if (at && !args[1])
		return copy_descriptor(request, args[0]);
	return copy_target(request, at ? (int)args[0] : AT_FDCWD, args[at], 0);
#else
	(void)copy_timevals;
	(void)copy_seconds;
	return copy_utimensat(request);
#endif
}

/* Times of one's own choice are for owners; the present one is for everyone who may write. */
static enum verdict judge_utime(struct worker *worker, struct request *request)
{
	return request->times_given ? judge_owned(worker, request) : judge_written(worker, request);
}

/* The raw call: libc refuses a path that is empty. */
static long perform_utime(struct worker *worker, struct request *request)
{
	const struct timespec *times = request->times_given ? request->times : NULL;

	(void)worker;
	return syscall(SYS_utimensat, request->objects[0].file, "", times, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) ? -errno
														: 0;
}

const struct operation operation_utime = {
	.kind = OPERATION_UTIME,
	.copy = copy_utime,
	.find = find_target,
	.judge = judge_utime,
	.perform = perform_utime,
};

/* Extended attributes */

static enum verdict copy_attribute_name(struct request *request, uint64_t address)
{
	char name[XATTR_NAME_MAX + 1];
	int length = caller_copy_text(request->caller.thread, address, name, sizeof name);

	if (length <= 0)
		return fail_with(request, !length || length == -ENAMETOOLONG ? ERANGE : length);
	request->text = strdup(name);
	return request->text ? VERDICT_GO_ON : fail_with(request, ENOMEM);
}

static enum verdict copy_attribute_value(struct request *request, uint64_t address, uint64_t size)
{
	if (size > XATTR_SIZE_MAX)
		return fail_with(request, E2BIG);
	request->value_length = size;
	request->value = malloc(size + 1);
	if (!request->value)
		return fail_with(request, ENOMEM);
	int error = caller_copy(request->caller.thread, address, request->value, size);
	return error ? fail_with(request, error) : VERDICT_GO_ON;
}

static enum verdict copy_attribute_target(struct request *request)
{
	uint64_t target = request->args[0];

	switch (request->number) {
	case SYS_fsetxattr:
	case SYS_fremovexattr:
		return copy_descriptor(request, target);
	case SYS_lsetxattr:
	case SYS_lremovexattr:
		return copy_target(request, AT_FDCWD, target, AT_SYMLINK_NOFOLLOW);
	default:
		return copy_target(request, AT_FDCWD, target, 0);
	}
}

static enum verdict copy_setxattr(struct worker *worker, struct request *request)
{
	const uint64_t *args = request->args;

	(void)worker;
	if (copy_attribute_name(request, args[1]) == VERDICT_FAIL ||
	    copy_attribute_value(request, args[2], args[3]) == VERDICT_FAIL)
		return VERDICT_FAIL;
	request->size = (int)args[4];
	return copy_attribute_target(request);
}

static enum verdict copy_removexattr(struct worker *worker, struct request *request)
{
	(void)worker;
	if (copy_attribute_name(request, request->args[1]) == VERDICT_FAIL)
		return VERDICT_FAIL;
	return copy_attribute_target(request);
}

/* Users may put no attributes on links (xattr(7)), and those of the system need privileges. */
static long perform_setxattr(struct worker *worker, struct request *request)
{
	(void)worker;
	if (is_link(request))
		return -EPERM;
	return setxattr(fd_path(request->objects[0].file).text, request->text, request->value, request->value_length,
			(int)request->size)
		       ? -errno
		       : 0;
}

static long perform_removexattr(struct worker *worker, struct request *request)
{
	(void)worker;
	if (is_link(request))
		return -EPERM;
	return removexattr(fd_path(request->objects[0].file).text, request->text) ? -errno : 0;
}

const struct operation operation_setxattr = {
	.kind = OPERATION_XATTR,
	.copy = copy_setxattr,
	.find = find_target,
	.judge = judge_written,
	.perform = perform_setxattr,
};

const struct operation operation_removexattr = {
	.kind = OPERATION_XATTR,
	.copy = copy_removexattr,
	.find = find_target,
	.judge = judge_written,
	.perform = perform_removexattr,
};
