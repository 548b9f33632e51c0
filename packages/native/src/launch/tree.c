#include "launch.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/kernel.h"

/* In one walk: who forks faster than we read must not keep us in it. The caller walks again. */
#define WALK_MAX 4096

struct walk {
	pid_t self;
	int count;
	pid_t killed[WALK_MAX];
};

/*
 * "PID (NAME) STATE PARENT ...", proc_pid_stat(5). NAME is the program's choice and may hold
 * anything but its last ')'.
 */
static pid_t parent_of(int process)
{
	char line[512];
	int file = openat(process, "stat", O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, line, sizeof line - 1);

	if (file >= 0)
		close(file);
	if (length <= 0)
		return -1;
	line[length] = '\0';
	const char *name_end = strrchr(line, ')');
	if (!name_end || strlen(name_end) < 5)
		return -1;
	return (pid_t)strtol(name_end + 4, NULL, 10);
}

static bool descends(const struct walk *walk, pid_t parent)
{
	if (parent == walk->self)
		return true;
	for (int i = 0; i < walk->count; i++)
		if (walk->killed[i] == parent)
			return true;
	return false;
}

/*
 * The open directory stands for the process itself: a pid that is used anew is never the one that
 * gets the signal.
 */
static void visit(struct walk *walk, int processes, const char *name)
{
	int process = openat(processes, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (process < 0)
		return;
	if (descends(walk, parent_of(process)) && !syscall(SYS_pidfd_send_signal, process, SIGKILL, NULL, 0))
		walk->killed[walk->count++] = (pid_t)strtol(name, NULL, 10);
	close(process);
}

/* Sure of whom it means: whose number is used anew since it was read is not our child. */
static void child_kill(pid_t pid)
{
	siginfo_t unused;
	int child = (int)syscall(SYS_pidfd_open, pid, 0);

	if (child < 0)
		return;
	if (!waitid(P_PIDFD, (id_t)child, &unused, WEXITED | WNOHANG | WNOWAIT))
		syscall(SYS_pidfd_send_signal, child, SIGKILL, NULL, 0);
	close(child);
}

/*
 * One read, and a few microseconds for each, so that who only lives to fork is met alive. Linux
 * with CONFIG_PROC_CHILDREN.
 */
void children_kill(int processes)
{
	char list[1 << 16], *end;
	size_t length = 0;
	ssize_t count;
	int file = openat(processes, "thread-self/children", O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return;
	while ((count = read(file, list + length, sizeof list - 1 - length)) > 0)
		length += (size_t)count;
	close(file);
	list[length] = '\0';
	/* "1 23 456 ": where its space is missing there is but half a number */
	for (char *next = list; (end = strchr(next, ' ')); next = end + 1)
		child_kill((pid_t)strtol(next, NULL, 10));
}

/*
 * /proc comes in the order of pids, so a child mostly follows its parent and one walk takes a whole
 * tree. Where it does not, the child of a killed parent has this process for its parent (subreaper)
 * in the next one.
 */
void tree_kill(int processes)
{
	struct walk walk = { .self = getpid() };
	int copy = openat(processes, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!directory)
		return;
	while (walk.count < WALK_MAX && (entry = readdir(directory)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			visit(&walk, processes, entry->d_name);
	closedir(directory);
}
