#include "request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "kernel-notify.h"
#include "locate.h"
#include "message.h"

static const struct {
	int number;
	const struct operation *operation;
} operations[] = {
	{ SYS_openat, &operation_open },
	{ SYS_openat2, &operation_open },
	{ SYS_truncate, &operation_truncate },
	{ SYS_execve, &operation_execute },
	{ SYS_execveat, &operation_execute },
	{ SYS_mkdirat, &operation_mkdir },
	{ SYS_mknodat, &operation_mknod },
	{ SYS_symlinkat, &operation_symlink },
	{ SYS_linkat, &operation_link },
	{ SYS_renameat2, &operation_rename },
	{ SYS_unlinkat, &operation_unlink },
	{ SYS_fchmod, &operation_chmod },
	{ SYS_fchmodat, &operation_chmod },
	{ SYS_fchmodat2, &operation_chmod },
	{ SYS_fchown, &operation_chown },
	{ SYS_fchownat, &operation_chown },
	{ SYS_utimensat, &operation_utime },
	{ SYS_setxattr, &operation_setxattr },
	{ SYS_lsetxattr, &operation_setxattr },
	{ SYS_fsetxattr, &operation_setxattr },
	{ SYS_removexattr, &operation_removexattr },
	{ SYS_lremovexattr, &operation_removexattr },
	{ SYS_fremovexattr, &operation_removexattr },
	{ SYS_connect, &operation_connect },
	{ SYS_bind, &operation_bind },
	{ SYS_listen, &operation_listen },
	{ SYS_socket, &operation_socket },
	{ SYS_landlock_restrict_self, &operation_restrict },
	{ SYS_sendto, &operation_send },
	{ SYS_sendmsg, &operation_send },
	{ SYS_sendmmsg, &operation_send },
	{ SYS_shmget, &operation_ipc_get },
	{ SYS_msgget, &operation_ipc_get },
	{ SYS_semget, &operation_ipc_get },
	{ SYS_shmat, &operation_ipc_use },
	{ SYS_shmctl, &operation_ipc_use },
	{ SYS_msgsnd, &operation_ipc_use },
	{ SYS_msgrcv, &operation_ipc_use },
	{ SYS_msgctl, &operation_ipc_use },
	{ SYS_semop, &operation_ipc_use },
	{ SYS_semtimedop, &operation_ipc_use },
	{ SYS_semctl, &operation_ipc_use },
	{ SYS_setpriority, &operation_schedule },
	{ SYS_ioprio_set, &operation_schedule },
	{ SYS_sched_setaffinity, &operation_schedule },
	{ SYS_sched_setattr, &operation_schedule },
	{ SYS_sched_setparam, &operation_schedule },
	{ SYS_sched_setscheduler, &operation_schedule },
	{ SYS_prlimit64, &operation_limit },
	{ SYS_kill, &operation_signal },
	{ SYS_tkill, &operation_signal },
	{ SYS_tgkill, &operation_signal },
	{ SYS_rt_sigqueueinfo, &operation_signal },
	{ SYS_rt_tgsigqueueinfo, &operation_signal },
	{ SYS_pidfd_send_signal, &operation_signal },
#ifdef SYS_renameat
	{ SYS_renameat, &operation_rename },
#endif
#ifdef SYS_open /* x86_64 kept what newer architectures never had */
	{ SYS_open, &operation_open },
	{ SYS_creat, &operation_open },
	{ SYS_mkdir, &operation_mkdir },
	{ SYS_mknod, &operation_mknod },
	{ SYS_symlink, &operation_symlink },
	{ SYS_link, &operation_link },
	{ SYS_rename, &operation_rename },
	{ SYS_unlink, &operation_unlink },
	{ SYS_rmdir, &operation_unlink },
	{ SYS_chmod, &operation_chmod },
	{ SYS_chown, &operation_chown },
	{ SYS_lchown, &operation_chown },
	{ SYS_utime, &operation_utime },
	{ SYS_utimes, &operation_utime },
	{ SYS_futimesat, &operation_utime },
#endif
};

const struct operation *operation_of(int number)
{
	for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
		if (operations[i].number == number)
			return operations[i].operation;
	return NULL;
}

bool always(const struct request *request)
{
	(void)request;
	return true;
}

enum verdict find_nothing(struct worker *worker, struct request *request)
{
	(void)worker;
	(void)request;
	return VERDICT_GO_ON;
}

struct request *request_new(void)
{
	struct request *request = calloc(1, sizeof *request);

	if (!request)
		return NULL;
	request->descriptor = request->result = request->memory = -1;
	for (int i = 0; i < 2; i++) {
		request->names[i].base = -1;
		request->objects[i].file = request->objects[i].parent = -1;
	}
	return request;
}

void naming_clear(struct naming *naming)
{
	if (naming->base >= 0)
		close(naming->base);
	free(naming->text);
	*naming = (struct naming){ .base = -1 };
}

void request_free(struct request *request)
{
	if (!request)
		return;
	for (int i = 0; i < 2; i++) {
		naming_clear(&request->names[i]);
		object_clear(&request->objects[i]);
	}
	if (request->descriptor >= 0)
		close(request->descriptor);
	if (request->result >= 0)
		close(request->result);
	if (request->memory >= 0)
		close(request->memory);
	free(request->caller.credentials.groups);
	free(request->text);
	free(request->value);
	message_free(request->message);
	free(request);
}

enum verdict fail_with(struct request *request, int error)
{
	request->error = error < 0 ? -error : error;
	return VERDICT_FAIL;
}

enum verdict trouble(struct request *request, int error)
{
	fail_with(request, error);
	return request->operation->kernel_decides && request->error != EFAULT ? VERDICT_NATIVE : VERDICT_FAIL;
}

/* Inside a tree of the caller's choice (openat2) even an absolute path starts at the descriptor. */
static bool starts_at_root(const struct request *request, const char *path)
{
	return path[0] == '/' && !(request->resolve & (RESOLVE_IN_ROOT | RESOLVE_BENEATH));
}

enum verdict name_path(struct request *request, unsigned int index, int directory, const char *path)
{
	struct naming *naming = &request->names[index];

	if (request->object_count <= index)
		request->object_count = index + 1;
	naming->text = strdup(path);
	if (!naming->text)
		return fail_with(request, ENOMEM);
	if (starts_at_root(request, path))
		return VERDICT_GO_ON;
	naming->base = caller_place(&request->caller, directory);
	return naming->base < 0 ? trouble(request, naming->base) : VERDICT_GO_ON;
}

enum verdict copy_name(struct request *request, unsigned int index, int directory, uint64_t address)
{
	char path[PATH_MAX];
	int length = caller_copy_text(request->caller.thread, address, path, sizeof path);

	if (length <= 0)
		return trouble(request, length ? length : -ENOENT);
	return name_path(request, index, directory, path);
}
