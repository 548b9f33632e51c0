/*
 * execve and execveat: the file that the path leads to decides, and what it would run in turn: the
 * interpreter of a script, the program that a loader (ld.so) is called with. Nobody but the kernel
 * can execute in another process, so what is allowed goes on natively: a program that changes the
 * path or a memory file meanwhile gets what the kernel's rules allow it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "content.h"
#include "judge.h"
#include "locate.h"
#include "worker.h"

#define SCRIPT_LINE 256 /* BINPRM_BUF_SIZE of linux/binfmts.h */
#define INTERPRETERS_MAX 5 /* as in the kernel: a script may name a script */
#define LOADER_ARGUMENTS 16 /* of which one is the program: options come first */

static enum verdict copy_execute(struct worker *worker, struct request *request)
{
	bool at = request->number == SYS_execveat;
	int directory = at ? (int)request->args[0] : AT_FDCWD;
	char path[PATH_MAX];
	int length = caller_copy_text(request->caller.thread, request->args[at], path, sizeof path);

	(void)worker;
	request->flags = at ? (uint32_t)request->args[4] : 0;
	if (length == -EPERM || length == -EACCES)
		return fail_with(request, EACCES);
	if (length < 0)
		return VERDICT_NATIVE;
	if (length)
		return name_path(request, 0, directory, path);
	if (!(request->flags & AT_EMPTY_PATH))
		return VERDICT_NATIVE;
	request->descriptor = caller_descriptor(&request->caller, directory);
	return request->descriptor < 0 ? VERDICT_NATIVE : VERDICT_GO_ON;
}

/* Fills *blocked; the result says whether `file` is a loader. */
static bool inspect(struct worker *worker, const struct object *object, const char **blocked)
{
	const struct executable *executable =
		same_executable(worker->supervisor->comparisons, worker->table, object->file, &object->stat);

	if (!executable)
		return false;
	if (!(executable->flags & TABLE_LOADER))
		*blocked = executable->path;
	return executable->flags & TABLE_LOADER;
}

/* The interpreter in the first line of a script, in `line` and cut off there; NULL: is none. */
static char *interpreter_of(const struct object *object, char *line)
{
	int file = open(fd_path(object->file).text, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (file < 0)
		return NULL;
	ssize_t length = pread(file, line, SCRIPT_LINE - 1, 0);
	close(file);
	if (length < 3 || line[0] != '#' || line[1] != '!')
		return NULL;
	line[length] = 0;
	line[strcspn(line, "\n")] = 0;
	char *name = line + 2 + strspn(line + 2, " \t");
	name[strcspn(name, " \t")] = 0;
	return *name ? name : NULL;
}

/* objects[1] becomes the regular file that `name` leads to; false: there is none. */
static bool find_further(struct worker *worker, struct request *request, const char *name)
{
	struct object *object = &request->objects[1];

	naming_clear(&request->names[1]);
	bool found = name_path(request, 1, AT_FDCWD, name) == VERDICT_GO_ON &&
		     !locate(worker, request, 1, LOCATE_FOLLOW, object) && S_ISREG(object->stat.st_mode);
	request->object_count = found && object->path ? 2 : 1;
	object->wanted = ACCESS_EXECUTE | ACCESS_READ_FILE;
	return found;
}

/* objects[1] becomes what runs the script in objects[0], if it is one. */
static void find_interpreter(struct worker *worker, struct request *request)
{
	const struct object *script = &request->objects[0];
	char line[SCRIPT_LINE], *name;

	for (int i = 0; i < INTERPRETERS_MAX && !request->blocked; i++) {
		name = interpreter_of(script, line);
		if (!name || !find_further(worker, request, name))
			return;
		script = &request->objects[1];
		inspect(worker, script, &request->blocked);
	}
}

/* What a loader is to run: any of its first arguments may be it. */
static void find_loaded(struct worker *worker, struct request *request)
{
	uint64_t list = request->args[request->number == SYS_execveat ? 2 : 1];
	pid_t thread = request->caller.thread;

	for (int i = 1; i <= LOADER_ARGUMENTS && !request->blocked; i++) {
		char name[PATH_MAX];
		uint64_t address;

		if (caller_copy(thread, list + (uint64_t)i * sizeof address, &address, sizeof address) || !address)
			break;
		if (caller_copy_text(thread, address, name, sizeof name) > 0 && find_further(worker, request, name))
			inspect(worker, &request->objects[1], &request->blocked);
	}
	request->object_count = 1;
}

static enum verdict find_execute(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];
	bool follow = !(request->flags & AT_SYMLINK_NOFOLLOW);
	int descriptor = request->descriptor, error;

	request->descriptor = -1;
	request->object_count = 1;
	error = descriptor >= 0 ? locate_descriptor(worker, descriptor, object)
				: locate(worker, request, 0, follow ? LOCATE_FOLLOW : 0, object);
	if (error || !S_ISREG(object->stat.st_mode) || permission(object->file, X_OK))
		return VERDICT_NATIVE;
	object->wanted = ACCESS_EXECUTE | ACCESS_READ_FILE;
	request->executes = true;
	if (inspect(worker, object, &request->blocked))
		find_loaded(worker, request);
	else if (!request->blocked)
		find_interpreter(worker, request);
	if (!object->path && !request->blocked)
		return VERDICT_NATIVE; /* memory files, what was removed */
	return VERDICT_GO_ON;
}

/* There is no executing on behalf: what the kernel has no rule for fails. */
static enum verdict judge_execute(struct worker *worker, struct request *request)
{
	enum verdict verdict = judge(worker, request);

	if (request->blocked) {
		request->reason = REASON_BLOCKED;
		return VERDICT_ASK;
	}
	for (unsigned int i = 0; i < request->object_count; i++)
		request->objects[i].coverage.behalf = 0;
	return verdict == VERDICT_PERFORM ? VERDICT_ASK : verdict;
}

static long perform_execute(struct worker *worker, struct request *request)
{
	(void)worker;
	(void)request;
	return -EACCES;
}

const struct operation operation_execute = {
	.kind = OPERATION_EXECUTE,
	.copy = copy_execute,
	.find = find_execute,
	.judge = judge_execute,
	.perform = perform_execute,
	.kernel_decides = true,
};
