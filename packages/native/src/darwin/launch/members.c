/*
 * Who belongs to a session: macOS has nothing that keeps a tree together, but a sandbox is inherited by all that is
 * started in it, and can be asked about from outside. Each session's profile allows the lookup of a name that no other
 * has; to tell it from one that allows all, and from a process without a sandbox, a second name is refused.
 */
#include "guard.h"

#include <libproc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../system.h"

#define ROOM_BEYOND 256 /* processes that start between counting and listing */
#define NAME_MAX_LENGTH 256

static bool may_look_up(pid_t process, const char *name, int answer)
{
	int type = SANDBOX_FILTER_GLOBAL_NAME | SANDBOX_CHECK_NO_REPORT;

	return sandbox_check(process, "mach-lookup", type, name) == answer;
}

static bool is_member(pid_t process, const char *marker, const char *refused)
{
	return may_look_up(process, marker, 0) && may_look_up(process, refused, 1);
}

int members_kill(const char *marker)
{
	char refused[NAME_MAX_LENGTH];
	int room = proc_listallpids(NULL, 0) + ROOM_BEYOND, members = 0;
	pid_t *processes = calloc((size_t)room, sizeof *processes);

	if (!processes)
		return -1;
	snprintf(refused, sizeof refused, "%s.not", marker);
	int count = proc_listallpids(processes, room * (int)sizeof *processes);
	for (int i = 0; i < count && i < room; i++) {
		if (processes[i] <= 1 || processes[i] == getpid() || !is_member(processes[i], marker, refused))
			continue;
		members++;
		kill(processes[i], SIGKILL);
	}
	free(processes);
	return members;
}
