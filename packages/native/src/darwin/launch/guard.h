/* What the launcher does on macOS in its own way; the rest is ../../launch/launch.h. */
#ifndef NONO_DARWIN_GUARD_H
#define NONO_DARWIN_GUARD_H

#include "../../launch/launch.h"

struct guardian {
	int status; /* STATUS_FD: records out, and its hang-up is the end of nono */
	int report; /* the command's failure record, or end of file when it was executed; -1: it was read */
	int queue;  /* kqueue(2) */
	const char *marker;
	pid_t command;
	int wait_status;
	bool ended;  /* the command has */
	bool end;    /* nono wants the whole tree to, or has ended itself */
	bool failed; /* nothing was executed */
};

/* In the guardian the command's pid; 0 in the command, whose failures go to the guardian; or -1. */
pid_t guardian_fork(struct guardian *guardian, const struct plan *plan, struct channels *channels,
		    struct failure *failure);

/* To the end of the tree. @returns the exit code */
int guardian_watch(struct guardian *guardian);

/* members.c: SIGKILL for every process in the sandbox that has this marker. How many there were. */
int members_kill(const char *marker);

#endif
