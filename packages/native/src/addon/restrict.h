/* Restricting a process that has threads. */
#ifndef NONO_RESTRICT_H
#define NONO_RESTRICT_H

#include <dirent.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "../../include/plan.h"
#include "../plan/failure.h"

/*
 * restrict.c: all of it. -1: nothing was restricted. A failure after the first restriction aborts
 * the process.
 */
int process_restrict(const struct plan *plan, struct failure *failure);

/* What one thread has to do to itself. */
struct restriction {
	const struct plan *plan;
	int ruleset;             /* -1: none */
	uint32_t restrict_flags; /* of landlock_restrict_self(2) */
};

/* restrict-thread.c: the calling thread. Async-signal-safe: it also runs in a handler. */
int thread_restrict(const struct restriction *restriction, struct failure *failure);

/*
 * rehearse.c: does all of it in a child, and gives its failure. Sets LANDLOCK_RESTRICT_SELF_TSYNC
 * in restrict_flags where the kernel has it.
 */
int rehearse(struct restriction *restriction, struct failure *failure);

/* threads.c: the threads of this process, as the kernel lists them. */

#define THREADS_MAX 4096
#define STATUS_MAX 65536 /* of /proc/PID/status: the list of groups alone can take half */

enum thread_state {
	THREAD_FOUND,
	THREAD_CALLED, /* to restrict itself */
	THREAD_RESTRICTED,
	THREAD_FAILED,
};

struct thread {
	pid_t tid;
	int status; /* /proc/self/task/TID/status, open: it is read again when /proc is out of reach */
	atomic_int state;
	struct failure failure; /* with THREAD_FAILED */
};

struct threads {
	DIR *tasks; /* /proc/self/task */
	pid_t self;
	atomic_uint count;
	struct thread list[THREADS_MAX];
	char status[STATUS_MAX]; /* what was read last */
};

/*
 * NULL with a failure. Finds all threads and whether each can be restricted as the calling one:
 * EBUSY where not.
 */
struct threads *threads_open(struct failure *failure);
void threads_close(struct threads *threads);

/* Adds those that are not known yet; 0, or -1 with a failure. May miss some: the list is no snapshot. */
int threads_scan(struct threads *threads, struct failure *failure);

/*
 * Whether there is no thread but those that are restricted. These wait and can neither end nor
 * start others, so their number is fixed, and the kernel's own count of all threads, which is one
 * number and read at once, exceeds it as long as any other is there. Comparing lists would not do:
 * threads that end while they are listed hide others. A main thread that has ended is counted too.
 */
bool threads_are_restricted(struct threads *threads);

struct thread *threads_find(struct threads *threads, pid_t tid);

/* False when the thread has ended. */
bool thread_lives(struct threads *threads, const struct thread *thread);

/* Whether the kernel says of every thread that it is as restricted as the calling one. */
int threads_verify(struct threads *threads, struct failure *failure);

/* Leaves every mask that libc sets: see broadcast.c. */
#define BROADCAST_SIGNAL 33

/*
 * broadcast.c: every thread but the calling one restricts itself. After -1 some may be restricted
 * and some not.
 */
int broadcast(struct threads *threads, const struct restriction *restriction, struct failure *failure);

#endif
