/*
 * refusing WHAT COMMAND [ARGUMENT...]: executes the command where something is refused as kernels and containers refuse it.
 * Tests compile and use it; nothing else does.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define UNLESS(number, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, skipped)

/* The three calls of Landlock. */
static void without_landlock(int error)
{
	struct sock_filter code[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, SYS_landlock_create_ruleset, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, SYS_landlock_restrict_self, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | (unsigned int)error),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof code / sizeof *code, .filter = code };

	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/* seccomp(2) with one of these flags, or, with all of them, any filter. */
static void without_flags(unsigned int flags, int error)
{
	struct sock_filter code[] = {
		LOAD(nr),
		UNLESS(SYS_seccomp, 5),
		LOAD(args[0]),
		UNLESS(SECCOMP_SET_MODE_FILTER, 3),
		LOAD(args[1]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, flags, 0, flags == ~0u ? 0 : 1),
		RETURN(SECCOMP_RET_ERRNO | (unsigned int)error),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof code / sizeof *code, .filter = code };

	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/*
 * What Docker's default profile (moby, profiles/seccomp/default.json) keeps from a container without
 * further capabilities, as far as nono or what it starts could miss it. `ptrace`: but CAP_SYS_PTRACE.
 */
static void in_docker(bool ptrace)
{
	static const unsigned int refused[] = {
		SYS_add_key, SYS_bpf, SYS_fanotify_init, SYS_fsopen, SYS_io_uring_setup, SYS_kcmp, SYS_keyctl, SYS_mount,
		SYS_move_mount, SYS_open_by_handle_at, SYS_open_tree, SYS_perf_event_open, SYS_pidfd_getfd,
		SYS_pivot_root, SYS_process_madvise, SYS_request_key, SYS_setns, SYS_umount2, SYS_unshare,
		SYS_userfaultfd,
	};
	struct sock_filter code[2 * sizeof refused / sizeof *refused + 4];
	unsigned short length = 0;

	code[length++] = (struct sock_filter)LOAD(nr);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		if (ptrace && (refused[i] == SYS_kcmp || refused[i] == SYS_pidfd_getfd || refused[i] == SYS_process_madvise))
			continue;
		code[length++] = (struct sock_filter)UNLESS(refused[i], 1);
		code[length++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | EPERM);
	}
	code[length++] = (struct sock_filter)UNLESS(SYS_clone3, 1);
	code[length++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | ENOSYS);
	code[length++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = length, .filter = code };

	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/*
 * The default profile of Podman and CRI-O (containers/common, pkg/seccomp/seccomp.json), in the same way: calls for which
 * there are capabilities are let through, but those to look into other processes.
 */
static void in_podman(void)
{
	static const unsigned int refused[] = {
		SYS_bpf, SYS_fanotify_init, SYS_kcmp, SYS_open_by_handle_at, SYS_perf_event_open, SYS_process_madvise,
		SYS_process_vm_readv, SYS_process_vm_writev, SYS_ptrace, SYS_userfaultfd,
	};
	struct sock_filter code[2 * sizeof refused / sizeof *refused + 2];
	unsigned short length = 0;

	code[length++] = (struct sock_filter)LOAD(nr);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		code[length++] = (struct sock_filter)UNLESS(refused[i], 1);
		code[length++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | EPERM);
	}
	code[length++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = length, .filter = code };

	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/* Somebody supervises already, whoever it is. */
static void with_listener(void)
{
	struct sock_filter code[] = { RETURN(SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { .len = 1, .filter = code };

	int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	if (listener >= 0) /* a listener that everybody has closed is none any more */
		fcntl(listener, F_SETFD, 0);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 1;
	errno = 0;
	if (!strcmp(what, "landlock-enosys"))
		without_landlock(ENOSYS);
	else if (!strcmp(what, "landlock-eperm"))
		without_landlock(EPERM);
	else if (!strcmp(what, "landlock-off"))
		without_landlock(EOPNOTSUPP);
	else if (!strcmp(what, "filters"))
		without_flags(~0u, EPERM);
	else if (!strcmp(what, "listener"))
		without_flags(SECCOMP_FILTER_FLAG_NEW_LISTENER, EPERM);
	else if (!strcmp(what, "docker"))
		in_docker(false);
	else if (!strcmp(what, "docker-ptrace"))
		in_docker(true);
	else if (!strcmp(what, "podman"))
		in_podman();
	else if (!strcmp(what, "second-listener"))
		with_listener();
	else
		errno = EINVAL;
	if (!errno)
		execvp(argv[2], argv + 2);
	perror("refusing");
	return 1;
}
