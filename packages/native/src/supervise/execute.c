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
	if (length < 0) /* the kernel may be able to read what we cannot: secret memory, or what may only be written */
		return fail_with(request, length == -EPERM ? EACCES : length);
	if (length)
		return name_path(request, 0, directory, path);
	if (!(request->flags & AT_EMPTY_PATH))
		return VERDICT_NATIVE;
	request->descriptor = caller_descriptor(&request->caller, directory);
	return request->descriptor < 0 ? fail_with(request, request->descriptor) : VERDICT_GO_ON;
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

/*
 * *name: the interpreter in the first line of a script, in `line` and cut off there; NULL: is none. 0, or
 * an errno where that cannot be known: what may be executed and not read is no script.
 */
static int interpreter_of(const struct object *object, char *line, char **name)
{
	int file = open(fd_path(object->file).text, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	*name = NULL;
	if (file < 0)
		return errno == EACCES ? 0 : errno;
	ssize_t length = pread(file, line, SCRIPT_LINE - 1, 0);
	int error = length < 0 ? errno : 0;
	close(file);
	if (length < 3 || line[0] != '#' || line[1] != '!')
		return error;
	line[length] = 0;
	line[strcspn(line, "\n")] = 0;
	char *first = line + 2 + strspn(line + 2, " \t");
	first[strcspn(first, " \t")] = 0;
	*name = *first ? first : NULL;
	return 0;
}

/* objects[1] becomes the regular file that `name` leads to; 0 or an errno. */
static int find_further(struct worker *worker, struct request *request, const char *name)
{
	struct object *object = &request->objects[1];

	naming_clear(&request->names[1]);
	request->error = 0;
	int error = name_path(request, 1, AT_FDCWD, name) == VERDICT_GO_ON
			    ? -locate(worker, request, 1, LOCATE_FOLLOW, object)
			    : request->error;
	if (!error && !S_ISREG(object->stat.st_mode))
		error = EACCES;
	request->object_count = !error && object->path ? 2 : 1;
	object->wanted = ACCESS_EXECUTE | ACCESS_READ_FILE;
	return error;
}

/* objects[1] becomes what runs the script in objects[0], if it is one. 0 or an errno. */
static int find_interpreter(struct worker *worker, struct request *request)
{
	const struct object *script = &request->objects[0];
	char line[SCRIPT_LINE], *name;

	for (int i = 0; i < INTERPRETERS_MAX && !request->blocked; i++) {
		int error = interpreter_of(script, line, &name);

		if (!error && name)
			error = find_further(worker, request, name);
		if (error || !name)
			return error;
		script = &request->objects[1];
		inspect(worker, script, &request->blocked);
	}
	return 0;
}

/* Whether an argument may still lead to a file, in a way that we cannot go. */
static bool is_hidden(int error)
{
	return error && error != ENOENT && error != ENOTDIR && error != EACCES && error != ENAMETOOLONG;
}

/* What a loader is to run: any of its first arguments may be it. 0 or an errno. */
static int find_loaded(struct worker *worker, struct request *request)
{
	uint64_t list = request->args[request->number == SYS_execveat ? 2 : 1];
	pid_t thread = request->caller.thread;
	int error = 0;

	for (int i = 1; i <= LOADER_ARGUMENTS && !request->blocked && !error; i++) {
		char name[PATH_MAX];
		uint64_t address;

		error = -caller_copy(thread, list + (uint64_t)i * sizeof address, &address, sizeof address);
		if (error || !address)
			break;
		int length = caller_copy_text(thread, address, name, sizeof name);
		if (length > 0)
			error = find_further(worker, request, name);
		if (length > 0 && !error)
			inspect(worker, &request->objects[1], &request->blocked);
		if (length < 0)
			error = -length;
		error = is_hidden(error) ? error : 0;
	}
	request->object_count = 1;
	return error;
}

/*
 * Where the caller's root is another one (in a user namespace of its own) a path may lead nowhere in
 * ours; then the kernel finds out.
 */
static enum verdict not_found(struct request *request, int error)
{
	struct stat own, other;
	int root = caller_own(&request->caller, "root");
	bool same = root >= 0 && !fstat(root, &other) && !stat("/", &own) && own.st_ino == other.st_ino &&
		    own.st_dev == other.st_dev;

	if (root >= 0)
		close(root);
	fail_with(request, error);
	return same || root < 0 ? VERDICT_FAIL : VERDICT_NATIVE;
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
	if (error)
		return not_found(request, error);
	if (!S_ISREG(object->stat.st_mode) || permission(object->file, X_OK))
		return VERDICT_NATIVE;
	object->wanted = ACCESS_EXECUTE | ACCESS_READ_FILE;
	request->executes = true;
	if (inspect(worker, object, &request->blocked))
		error = find_loaded(worker, request);
	else if (!request->blocked)
		error = find_interpreter(worker, request);
	if (error && !request->blocked)
		return not_found(request, error);
	request->error = 0;
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
