/*
 * Acting with no more rights than the caller has. Where this process has privileges, every call on
 * behalf is made with the caller's own ids, groups and capabilities, of this thread only; a process
 * without privileges has no others to give: what it started cannot have changed its ids
 * (no_new_privs).
 */
#ifndef NONO_SUPERVISE_PRIVILEGES_H
#define NONO_SUPERVISE_PRIVILEGES_H

#include "caller.h"

/* What every thread goes back to. */
struct privileges {
	bool any;
	struct credentials own;
	uint64_t permitted;
};

/*
 * What a thread has given up: what it shares with the caller it keeps, since not every system lets
 * it be set anew.
 */
struct lowered {
	bool groups, ids, capabilities;
};

/* 0 or an errno. */
int privileges_read(struct privileges *privileges);

/*
 * 0 or an errno; after an errno the thread may be half changed, and goes back by privileges_resume.
 */
int privileges_lower(const struct privileges *privileges, const struct credentials *credentials, struct lowered *lowered);

/* Ends the process where it cannot be done: with another's rights no thread of ours may go on. */
void privileges_resume(const struct privileges *privileges, struct lowered *lowered);

/*
 * For a thread that has just begun: one that was lowered may have started it, and it has those rights then. Anything
 * but success ends the process.
 */
void privileges_regain(const struct privileges *privileges);

#endif
