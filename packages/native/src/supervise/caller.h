/*
 * The process behind a request. Its memory and descriptors may be changed by others while we look,
 * so everything is copied once; it cannot end and its number cannot be used anew while its
 * notification is valid, which is checked afterwards.
 */
#ifndef NONO_SUPERVISE_CALLER_H
#define NONO_SUPERVISE_CALLER_H

#include <linux/limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What decides what a thread may do to files, as /proc/PID/status has it. */
struct credentials {
	uid_t user, file_user;
	gid_t group, file_group;
	gid_t *groups; /* malloc'ed */
	size_t group_count;
	uint64_t capabilities; /* effective */
};

struct caller {
	pid_t thread;
	pid_t process; /* 0: caller_look has not been called */
	pid_t parent;
	mode_t umask;
	uint64_t pending; /* signals that wait for the thread and will run a handler or end it, from bit 0 for signal 1 */
	struct credentials credentials;
};

/* `size` bytes, or an errno as a negative number: EFAULT, or what kept us from looking. */
int caller_copy(pid_t thread, uint64_t address, void *to, size_t size);

/*
 * A path or name with its NUL; its length, or -EFAULT, -ENAMETOOLONG or what kept us from looking.
 */
int caller_copy_text(pid_t thread, uint64_t address, char *to, size_t room);

/*
 * The caller's memory for writing, or a negative errno. It stays that of the caller whatever
 * becomes of its number; that it is the caller's is known when its notification is valid
 * afterwards.
 */
int caller_memory(pid_t thread);

/* Reads /proc/PID/status: 0 or a negative errno. */
int caller_look(struct caller *caller);

/* A copy of one of its descriptors, close-on-exec, or a negative errno. */
int caller_descriptor(struct caller *caller, int descriptor);

enum namespace { NAMESPACE_UNKNOWN, NAMESPACE_OURS, NAMESPACE_OTHER };

/* `name`: as in /proc/PID/ns. */
enum namespace caller_namespace(pid_t thread, const char *name);

/*
 * O_PATH of its working directory (AT_FDCWD), or of what a descriptor of it stands for. Negative
 * errno.
 */
int caller_place(const struct caller *caller, int descriptor);

/* O_PATH of what a magic link of its own directory in /proc leads to: `cwd`, `root`, `exe`. Negative errno. */
int caller_own(const struct caller *caller, const char *name);

#endif
