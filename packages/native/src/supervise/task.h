/*
 * A thread that is known by its number, held by its file in /proc: that is of the very thread that it
 * was opened for, and says ESRCH once that is gone, whatever its number means then.
 */
#ifndef NONO_SUPERVISE_TASK_H
#define NONO_SUPERVISE_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct task {
	pid_t process, parent;
	uid_t real, effective, saved;
	uint64_t capabilities; /* effective */
};

/* A descriptor, close-on-exec, or a negative errno: ESRCH for a thread that there is not. */
int task_open(pid_t thread);

/* False for what is gone. */
bool task_read(int descriptor, struct task *task);
bool task_is_there(int descriptor);

/* Opened, read and closed. */
bool task_look(pid_t thread, struct task *task);

/* /proc/PID/status, all of it, NUL-terminated, malloc'ed; NULL with errno. */
char *status_read(int descriptor);

/*
 * What follows `name`, such as "\nUid:", or "". The names are those of the kernel's own lines, which
 * follow a name that the program chose but that holds no newline.
 */
const char *status_field(const char *status, const char *name);

#endif
