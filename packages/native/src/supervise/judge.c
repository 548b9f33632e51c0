#include "judge.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "kernel-notify.h"
#include "spelling.h"
#include "worker.h"

uint64_t missing_rights(const struct object *object)
{
	return object->wanted & ~(object->coverage.native | object->coverage.behalf);
}

int permission(int descriptor, int mode)
{
	return syscall(SYS_faccessat2, descriptor, "", mode, AT_EACCESS | AT_EMPTY_PATH) ? errno : 0;
}

/*
 * What /proc shows of a process depends on who looks, and Landlock lets the caller look at its own
 * domain only: of processes nobody but the caller itself is shown on behalf.
 */
static bool shows_another(struct request *request, const struct object *object)
{
	struct statfs filesystem;
	char *end;

	if (fstatfs(object->file >= 0 ? object->file : object->parent, &filesystem) || filesystem.f_type != PROC_MAGIC)
		return false;
	if (strncmp(object->path, "/proc", 5) || (object->path[5] && object->path[5] != '/'))
		return true; /* mounted elsewhere: whose numbers these are is not known */
	const char *name = object->path + (object->path[5] ? 6 : 5);
	long process = strtol(name, &end, 10);
	if (end == name)
		return false;
	return (!request->caller.process && caller_look(&request->caller)) || process != request->caller.process;
}

/* A file that is denied under one name is not to be had on behalf under another. */
static void cover(struct worker *worker, struct request *request, struct object *object)
{
	const struct table *table = worker->table;

	if (!object->path)
		return;
	object->coverage = (struct coverage){ 0 };
	if (table->folds && !spell_as_denied(table, &object->path))
		return;
	object->coverage = table_cover(table, object->path, ~0ull);
	if (object->wanted & ~object->coverage.native && shows_another(request, object))
		object->coverage.behalf = 0;
	if (object->file < 0 || S_ISDIR(object->stat.st_mode) || object->stat.st_nlink < 2)
		return;
	struct identity identity = { object->stat.st_dev, object->stat.st_ino };
	if (object->wanted & ~object->coverage.native &&
	    is_denied(&worker->denied, table, identity, object->wanted, now()))
		object->coverage.behalf = 0;
}

enum verdict judge(struct worker *worker, struct request *request)
{
	bool native = request->operation->kernel_decides, covered = true;

	for (unsigned int i = 0; i < request->object_count; i++) {
		struct object *object = &request->objects[i];

		cover(worker, request, object);
		native &= !(object->wanted & ~object->coverage.native);
		covered &= !missing_rights(object);
	}
	if (native)
		return VERDICT_NATIVE;
	if (covered)
		return VERDICT_PERFORM;
	request->reason = REASON_NOT_GRANTED;
	return VERDICT_ASK;
}
