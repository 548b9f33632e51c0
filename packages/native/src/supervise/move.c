/*
 * link and rename: an object gets another place. Two things can go wrong beside the rights on the
 * directories: by its new place the object may come to have more rights than it has, and what is
 * denied by its path may come to lie elsewhere. The kernel's own rules decide again on both calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "entry.h"
#include "judge.h"
#include "locate.h"
#include "same-content.h"
#include "sockets.h"
#include "worker.h"

static uint64_t granted(const struct object *object)
{
	return object->coverage.native | object->coverage.behalf;
}

/* Connecting is for sockets: one of the sandbox's own may be connected to wherever it lies. */
static bool may_be_connected(struct worker *worker, const struct object *object)
{
	return S_ISSOCK(object->stat.st_mode) &&
	       socket_file_owner(worker->supervisor->sockets, object->file) != OWNED_BY_SANDBOX;
}

/*
 * Whether `from` has rights at the place of `to` that it does not have at its own, or what lies in it:
 * EXDEV then, as Landlock says it, after which programs copy instead.
 */
static bool widens(struct worker *worker, const struct object *from, const struct object *to)
{
	uint64_t more = (granted(to) | to->coverage.below) & ~granted(from);

	if (S_ISDIR(from->stat.st_mode))
		return more & ~(to->coverage.named & ACCESS_RESOLVE_UNIX);
	if (more & ACCESS_RESOLVE_UNIX && !may_be_connected(worker, from))
		more &= ~ACCESS_RESOLVE_UNIX;
	return more & ~(ACCESS_ENTRY | ACCESS_READ_DIR);
}

/* Where it is not up to the kernel alone, its answer is not enough. */
static bool is_for_us(const struct worker *worker, enum verdict verdict)
{
	return verdict == VERDICT_PERFORM || (verdict == VERDICT_NATIVE && worker->table->judges_places);
}

static bool same_directory(const struct object *a, const struct object *b)
{
	struct stat one, other;

	return !fstat(a->parent, &one) && !fstat(b->parent, &other) && one.st_ino == other.st_ino &&
	       one.st_dev == other.st_dev;
}

/* Both paths of a call; `at`: with a directory in front of each. */
static enum verdict copy_paths(struct request *request, bool at)
{
	const uint64_t *args = request->args;
	enum verdict verdict = copy_name(request, 0, at ? (int)args[0] : AT_FDCWD, args[at]);

	if (verdict != VERDICT_GO_ON)
		return verdict;
	return copy_name(request, 1, at ? (int)args[2] : AT_FDCWD, args[at ? 3 : 1]);
}

/* link */

static enum verdict copy_link(struct worker *worker, struct request *request)
{
	bool at = request->number == SYS_linkat;

	(void)worker;
	request->flags = at ? (uint32_t)request->args[4] : 0;
	if (request->flags & ~(uint64_t)AT_SYMLINK_FOLLOW)
		return trouble(request, request->flags & AT_EMPTY_PATH ? ENOENT : EINVAL); /* without privileges, before Linux 6.10 */
	return copy_paths(request, at);
}

static enum verdict find_link(struct worker *worker, struct request *request)
{
	struct object *from = &request->objects[0], *to = &request->objects[1];
	int error = locate(worker, request, 0, request->flags & AT_SYMLINK_FOLLOW ? LOCATE_FOLLOW : 0, from);

	if (error || S_ISDIR(from->stat.st_mode))
		return trouble(request, error ? error : EPERM);
	enum verdict verdict = find_new(worker, request, 1, making_right(from->stat.st_mode));
	if (verdict != VERDICT_GO_ON)
		return verdict;
	if (!from->path)
		return trouble(request, EXDEV); /* a temporary file: the kernel knows where it was made */
	if (from->parent < 0 || !same_directory(from, to)) {
		from->wanted |= ACCESS_REFER;
		to->wanted |= ACCESS_REFER;
	}
	return VERDICT_GO_ON;
}

static enum verdict judge_link(struct worker *worker, struct request *request)
{
	enum verdict verdict = judge(worker, request);

	if (is_for_us(worker, verdict) && widens(worker, &request->objects[0], &request->objects[1]))
		return fail_with(request, EXDEV);
	if (verdict == VERDICT_ASK && permission(request->objects[1].parent, W_OK | X_OK))
		return trouble(request, EACCES);
	return verdict;
}

static long perform_link(struct worker *worker, struct request *request)
{
	struct object *from = &request->objects[0], *to = &request->objects[1];

	(void)worker;
	return linkat(AT_FDCWD, fd_path(from->file).text, to->parent, to->name, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

const struct operation operation_link = {
	.kind = OPERATION_LINK,
	.copy = copy_link,
	.find = find_link,
	.judge = judge_link,
	.perform = perform_link,
	.kernel_decides = true,
	.places = true,
};

/* rename */

static enum verdict copy_rename(struct worker *worker, struct request *request)
{
	(void)worker;
	request->flags = request->number == SYS_renameat2 ? (uint32_t)request->args[4] : 0;
#ifdef SYS_rename
	if (request->number == SYS_rename)
		return copy_paths(request, false);
#endif
	return copy_paths(request, true);
}

static enum verdict find_rename(struct worker *worker, struct request *request)
{
	struct object *from = &request->objects[0], *to = &request->objects[1];
	bool exchange = request->flags & RENAME_EXCHANGE;
	enum verdict verdict = find_entry(worker, request, 0);

	if (verdict == VERDICT_GO_ON)
		verdict = find_entry(worker, request, 1);
	if (verdict != VERDICT_GO_ON)
		return verdict;
	if (request->flags != RENAME_EXCHANGE && request->flags != RENAME_NOREPLACE && request->flags)
		return trouble(request, EINVAL); /* white-outs, too, which not every file system has */
	if (from->file < 0 || (exchange && to->file < 0))
		return trouble(request, ENOENT);
	if (request->flags & RENAME_NOREPLACE && to->file >= 0)
		return trouble(request, EEXIST);
	from->wanted = removing_right(from->stat.st_mode);
	to->wanted = making_right(from->stat.st_mode);
	if (to->file >= 0)
		to->wanted |= removing_right(to->stat.st_mode);
	if (exchange)
		from->wanted |= making_right(to->stat.st_mode);
	if (!same_directory(from, to)) {
		from->wanted |= ACCESS_REFER;
		to->wanted |= ACCESS_REFER;
	}
	return VERDICT_GO_ON;
}

/* What is denied is denied by its path: it stays there, with the directories above it. */
static bool moves_denial(const struct request *request)
{
	return request->objects[0].coverage.holds_denial || request->objects[1].coverage.holds_denial;
}

/*
 * A rename over a denied file that would change nothing, such as git's of a configuration that
 * stays as it was: done by removing what would have been renamed. Nothing comes to the denied name,
 * whatever is written to the other meanwhile.
 */
static bool changes_nothing(const struct request *request)
{
	const struct object *from = &request->objects[0], *to = &request->objects[1];

	return !request->flags && to->coverage.holds_denial && !missing_rights(from) &&
	       granted(from) & granted(to) & ACCESS_READ_FILE && same_content(from, to);
}

static enum verdict judge_rename(struct worker *worker, struct request *request)
{
	const struct object *from = &request->objects[0], *to = &request->objects[1];
	enum verdict verdict = judge(worker, request);

	request->changes_nothing = verdict == VERDICT_ASK && changes_nothing(request);
	if (request->changes_nothing)
		return VERDICT_PERFORM;
	/*
	 * Where only reading is denied the kernel would rename it, to where it could be read on
	 * behalf.
	 */
	if ((verdict == VERDICT_PERFORM || verdict == VERDICT_NATIVE) && moves_denial(request)) {
		request->reason = REASON_HOLDS_DENIAL;
		verdict = VERDICT_ASK;
	}
	if (is_for_us(worker, verdict) &&
	    (widens(worker, from, to) || (request->flags & RENAME_EXCHANGE && widens(worker, to, from))))
		return fail_with(request, EXDEV);
	return unless_refused(request, verdict);
}

static long perform_rename(struct worker *worker, struct request *request)
{
	struct object *from = &request->objects[0], *to = &request->objects[1];

	(void)worker;
	if (request->changes_nothing)
		return unlinkat(from->parent, from->name, 0) ? -errno : 0;
	return syscall(SYS_renameat2, from->parent, from->name, to->parent, to->name, (unsigned int)request->flags)
		       ? -errno
		       : 0;
}

const struct operation operation_rename = {
	.kind = OPERATION_RENAME,
	.copy = copy_rename,
	.find = find_rename,
	.judge = judge_rename,
	.perform = perform_rename,
	.kernel_decides = true,
	.places = true,
};
