/*
 * mkdir, mknod, symlink, unlink, rmdir and their kin: entries are made and removed by the
 * directory's descriptor and a single name. The kernel's own rules decide again on all of them.
 */
#include "entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "judge.h"
#include "locate.h"

enum verdict find_entry(struct worker *worker, struct request *request, unsigned int index)
{
	struct object *object = &request->objects[index];
	int error = locate(worker, request, index, LOCATE_MISSING, object);

	if (error)
		return trouble(request, error);
	if (object->name && object->path)
		return VERDICT_GO_ON;
	return trouble(request, object->name ? ENOENT : EBUSY);
}

enum verdict find_new(struct worker *worker, struct request *request, unsigned int index, uint64_t wanted)
{
	struct object *object = &request->objects[index];
	enum verdict verdict = find_entry(worker, request, index);

	if (verdict != VERDICT_GO_ON)
		return verdict;
	object->wanted = wanted;
	return object->file < 0 ? VERDICT_GO_ON : trouble(request, EEXIST);
}

enum verdict unless_refused(struct request *request, enum verdict verdict)
{
	if (verdict != VERDICT_ASK)
		return verdict;
	for (unsigned int i = 0; i < request->object_count; i++)
		if (request->objects[i].wanted && permission(request->objects[i].parent, W_OK | X_OK))
			return trouble(request, EACCES);
	return VERDICT_ASK;
}

uint64_t making_right(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return ACCESS_MAKE_DIR;
	case S_IFLNK:
		return ACCESS_MAKE_SYM;
	case S_IFSOCK:
		return ACCESS_MAKE_SOCK;
	case S_IFIFO:
		return ACCESS_MAKE_FIFO;
	case S_IFCHR:
		return ACCESS_MAKE_CHAR;
	case S_IFBLK:
		return ACCESS_MAKE_BLOCK;
	default:
		return ACCESS_MAKE_REG;
	}
}

uint64_t removing_right(mode_t mode)
{
	return S_ISDIR(mode) ? ACCESS_REMOVE_DIR : ACCESS_REMOVE_FILE;
}

static enum verdict judge_entry(struct worker *worker, struct request *request)
{
	return unless_refused(request, judge(worker, request));
}

/* The path of a call that exists with and without a directory in front of it. */
static enum verdict copy_path(struct request *request, bool at, unsigned int argument)
{
	int directory = at ? (int)request->args[argument] : AT_FDCWD;

	return copy_name(request, 0, directory, request->args[argument + at]);
}

/* mkdir */

static enum verdict copy_mkdir(struct worker *worker, struct request *request)
{
	bool at = request->number == SYS_mkdirat;

	(void)worker;
	request->mode = (mode_t)request->args[1 + at];
	return copy_path(request, at, 0);
}

static enum verdict find_mkdir(struct worker *worker, struct request *request)
{
	return find_new(worker, request, 0, ACCESS_MAKE_DIR);
}

static long perform_mkdir(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];

	(void)worker;
	return mkdirat(object->parent, object->name, request->mode) ? -errno : 0;
}

const struct operation operation_mkdir = {
	.kind = OPERATION_MKDIR,
	.copy = copy_mkdir,
	.find = find_mkdir,
	.judge = judge_entry,
	.perform = perform_mkdir,
	.kernel_decides = true,
	.makes = always,
};

/* mknod */

static enum verdict copy_mknod(struct worker *worker, struct request *request)
{
	bool at = request->number == SYS_mknodat;

	(void)worker;
	request->mode = (mode_t)request->args[1 + at];
	request->device = (uint32_t)request->args[2 + at];
	return copy_path(request, at, 0);
}

static enum verdict find_mknod(struct worker *worker, struct request *request)
{
	return find_new(worker, request, 0, making_right(request->mode));
}

static long perform_mknod(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];

	(void)worker;
	return mknodat(object->parent, object->name, request->mode, request->device) ? -errno : 0;
}

const struct operation operation_mknod = {
	.kind = OPERATION_MKNOD,
	.copy = copy_mknod,
	.find = find_mknod,
	.judge = judge_entry,
	.perform = perform_mknod,
	.kernel_decides = true,
	.makes = always,
};

/* symlink */

static enum verdict copy_symlink(struct worker *worker, struct request *request)
{
	char text[PATH_MAX];

	(void)worker;
	int length = caller_copy_text(request->caller.thread, request->args[0], text, sizeof text);
	if (length <= 0)
		return trouble(request, length ? length : -ENOENT);
	request->text = strdup(text);
	if (!request->text)
		return fail_with(request, ENOMEM);
	return copy_path(request, request->number == SYS_symlinkat, 1);
}

static enum verdict find_symlink(struct worker *worker, struct request *request)
{
	return find_new(worker, request, 0, ACCESS_MAKE_SYM);
}

/* A link above a denied name would let that name lead elsewhere, where nothing is denied. */
static enum verdict judge_symlink(struct worker *worker, struct request *request)
{
	enum verdict verdict = judge(worker, request);

	if (verdict == VERDICT_PERFORM && request->objects[0].coverage.holds_denial) {
		request->reason = REASON_HOLDS_DENIAL;
		verdict = VERDICT_ASK;
	}
	return unless_refused(request, verdict);
}

static long perform_symlink(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];

	(void)worker;
	return symlinkat(request->text, object->parent, object->name) ? -errno : 0;
}

const struct operation operation_symlink = {
	.kind = OPERATION_SYMLINK,
	.copy = copy_symlink,
	.find = find_symlink,
	.judge = judge_symlink,
	.perform = perform_symlink,
	.kernel_decides = true,
};

/* unlink, rmdir */

static enum verdict copy_unlink(struct worker *worker, struct request *request)
{
	bool at = request->number == SYS_unlinkat;

	(void)worker;
	request->flags = at ? (uint32_t)request->args[2] : 0;
#ifdef SYS_rmdir
	if (request->number == SYS_rmdir)
		request->flags = AT_REMOVEDIR;
#endif
	return copy_path(request, at, 0);
}

static enum verdict find_unlink(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];
	enum verdict verdict = find_entry(worker, request, 0);

	if (verdict != VERDICT_GO_ON)
		return verdict;
	bool directory = S_ISDIR(object->stat.st_mode);
	/* ENOENT, EINVAL, ENOTDIR, EISDIR */
	if (object->file < 0 || (request->flags && request->flags != AT_REMOVEDIR) ||
	    directory != (request->flags == AT_REMOVEDIR))
		return VERDICT_NATIVE;
	object->wanted = removing_right(object->stat.st_mode);
	return VERDICT_GO_ON;
}

static long perform_unlink(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];

	(void)worker;
	return unlinkat(object->parent, object->name, (int)request->flags) ? -errno : 0;
}

const struct operation operation_unlink = {
	.kind = OPERATION_UNLINK,
	.copy = copy_unlink,
	.find = find_unlink,
	.judge = judge_entry,
	.perform = perform_unlink,
	.kernel_decides = true,
};
