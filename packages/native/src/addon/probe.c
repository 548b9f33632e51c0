/*
 * What the running kernel has, found by asking it: version numbers lie where a feature was ported
 * back or switched off.
 */
#include "addon.h"

#include <errno.h>
#include <linux/filter.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "../supervise/kernel-notify.h"

napi_value landlock_probe(napi_env env, napi_callback_info info)
{
	(void)info;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	int error = abi < 0 ? errno : 0;
	long errata = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_ERRATA);
	napi_value result;

	napi_create_object(env, &result);
	set_int(env, result, "abi", abi < 0 ? 0 : abi);
	set_int(env, result, "error", error);
	set_int(env, result, "errata", errata < 0 ? 0 : errata);
	return result;
}

static bool action_available(uint32_t action)
{
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

/*
 * Flags are looked at before the program, and this program is nowhere: EFAULT means that the flags
 * are known.
 */
static bool flags_available(unsigned long flags)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) < 0 && errno == EFAULT;
}

/* What a supervisor does where process_vm_readv is refused. */
static int memory_try(const char *from, char *to)
{
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	bool read = memory >= 0 && pread(memory, to, 1, (off_t)(uintptr_t)from) == 1;
	int error = read ? 0 : errno;

	if (memory >= 0)
		close(memory);
	return error;
}

/*
 * What a supervisor does to the processes below it, done to this one: whether a filter refuses the
 * very calls. 0 or an errno.
 */
static int inspection_try(void)
{
	char from = 1, to = 0;
	struct iovec local = { &to, 1 }, remote = { &from, 1 };
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (pidfd < 0)
		return errno;
	int copy = (int)syscall(SYS_pidfd_getfd, pidfd, pidfd, 0);
	int error = copy < 0 ? errno : 0;
	close(pidfd);
	if (copy >= 0)
		close(copy);
	if (!error && process_vm_readv(getpid(), &local, 1, &remote, 1, 0) != 1)
		error = memory_try(&from, &to);
	return error;
}

#define OWN_PLACE 0x80 /* above all that is told here of seccomp(2) */

/*
 * Installing is the only way to find out: somebody else's listener may be there already (EBUSY), or
 * a filter refuse it. A child does it, and nothing but system calls: this process has threads.
 */
static int listener_try(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &allow };
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (unshare(CLONE_FS)) /* as each of its threads does */
			_exit(OWN_PLACE | errno);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program) < 0)
			_exit(errno);
		_exit(0);
	}
	if (child < 0)
		return errno;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

napi_value listener_probe(napi_env env, napi_callback_info info)
{
	(void)info;
	int inspection = inspection_try();
	int listener = inspection ? 0 : listener_try();
	napi_value result;

	if (listener & OWN_PLACE) {
		inspection = listener & ~OWN_PLACE;
		listener = 0;
	}
	napi_create_object(env, &result);
	set_int(env, result, "listener", listener);
	set_int(env, result, "inspection", inspection);
	return result;
}

napi_value seccomp_probe(napi_env env, napi_callback_info info)
{
	(void)info;
	struct seccomp_notif_sizes sizes;
	bool notify = action_available(SECCOMP_RET_USER_NOTIF) &&
		      syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == 0;
	napi_value result;

	napi_create_object(env, &result);
	set_bool(env, result, "filter", action_available(SECCOMP_RET_ERRNO) && flags_available(0));
	set_bool(env, result, "notify", notify && flags_available(SECCOMP_FILTER_FLAG_NEW_LISTENER));
	set_bool(env, result, "waitKillable",
		 flags_available(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV));
	return result;
}
