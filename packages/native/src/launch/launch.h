/* What only the launcher does; main.c puts it in order. Every step gives 0, or -1 with *failure filled. */
#ifndef NONO_LAUNCH_STEPS_H
#define NONO_LAUNCH_STEPS_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

#include "../../include/launch.h"
#include "../../include/plan.h"
#include "../plan/failure.h"

/* The descriptors that the launcher was called with. */
struct channels {
	int plan;
	int status;   /* where failures go: STATUS_FD, and below a guardian the pipe to it */
	int listener; /* -1: none */
	bool spoken;  /* failures go to a person, as a line of text */
};

/* arguments.c */
int channels_parse(int argc, char **argv, struct channels *channels, struct failure *failure);

/* read.c: the whole file in memory of our own, never freed: execve(2) needs it to the end. */
int plan_read(int descriptor, uint8_t **bytes, size_t *length, struct failure *failure);

/* memory.c */
int memory_hide(struct failure *failure);
/* A supervisor reads what a trapped call points to, and without privileges it may do so only then: before the first. */
int memory_share(const struct plan *plan, struct failure *failure);
void memory_wipe(uint8_t *bytes, size_t length);

/* parent.c */
int parent_check(const struct plan *plan, struct failure *failure);
int parent_bind(const struct plan *plan, pid_t parent, struct failure *failure);

/* terminal.c: the terminal that nono has made raw, for the case that it cannot undo that any more */
struct terminal {
	int descriptor; /* -1: none */
	struct termios modes;
};

void terminal_remember(struct terminal *terminal);
void terminal_restore(const struct terminal *terminal);

/* guard.c */
struct guard {
	int status;    /* STATUS_FD: records out, and its hang-up is the end of nono */
	int report;    /* the command's failure record, or end of file when it was executed */
	int signals;   /* signalfd */
	int processes; /* /proc */
	int null;      /* /dev/null, for the standard descriptors */
	pid_t command;
	bool relay_terminal; /* the command has left our terminal's foreground group */
	bool leads;          /* the session of the command */
	struct terminal terminal;
	bool failed; /* nothing was executed; the command's exit code says so too */
	bool ended;
	bool end; /* nono wants it */
	int wait_status;
};

/*
 * 0 in the child, which goes on, and the pid of the child in the guardian, which calls guard_watch
 * and exits.
 */
pid_t guard_fork(struct guard *guard, const struct plan *plan, struct channels *channels, struct failure *failure);

/* Ends when nothing below this process is left; the exit code. */
int guard_watch(struct guard *guard);

/*
 * tree.c: SIGKILL to all children of this process, and to all that descend from it, as far as one
 * walk over /proc meets them.
 */
void children_kill(int processes);
void tree_kill(int processes);

/* signals.c: as a program expects them that a shell has started */
void signals_reset(void);

/* speak.c: a failure as a line for a person */
void speak(int to, const struct failure *failure, const struct plan *plan);

/* descriptors.c */
int descriptors_standard(struct failure *failure); /* 0 to 2 are open and blocking afterwards */
int descriptors_check(const struct plan *plan, const struct channels *channels, struct failure *failure);
int descriptors_close(const struct plan *plan, const struct channels *channels, struct failure *failure);
int close_all_but(const uint32_t *keep, uint32_t count); /* 0 to 2 and `keep`, ascending, stay; -1 with errno */

/* session.c */
int session_enter(const struct plan *plan, struct failure *failure);
int job_enter(struct failure *failure); /* a group of its own, in the foreground of the session's terminal */
int directory_enter(const struct plan *plan, struct failure *failure);

/* filters.c */
int filters_install(const struct plan *plan, const struct channels *channels, struct failure *failure);

#endif
