/*
 * What the launcher writes to its status descriptor, and the addon throws: records of 16 bytes,
 * little-endian. SIGCONT to a guardian continues a command that was reported as stopped. Read by packages/core/src/process/status.ts. A launcher without PLAN_GUARD that succeeds writes nothing: the
 * descriptor is close-on-exec, so end of file is success.
 */
#ifndef NONO_STATUS_H
#define NONO_STATUS_H

#include <stdint.h>

enum status_kind {
	STATUS_FAILED = 1,  /* step, index, error: nothing was executed */
	STATUS_STARTED = 2, /* value: pid of the command (PLAN_GUARD) */
	STATUS_EXITED = 3,  /* value: wait status of the command; nothing is left of it (PLAN_GUARD) */
	STATUS_STOPPED = 4, /* value: signal that stopped the command (PLAN_GUARD, PLAN_CONTROLLING_TTY) */
};

/* In the order in which they are done. A number is API: append, never renumber. */
enum step {
	STEP_ARGUMENTS = 1, /* usage of the launcher */
	STEP_PLAN_READ = 2,
	STEP_PLAN_DECODE = 3, /* index: byte offset */
	STEP_PARENT = 4,
	STEP_GUARD = 5,
	STEP_DESCRIPTORS = 6, /* index: descriptor */
	STEP_SESSION = 7,
	STEP_TERMINAL = 8,
	STEP_DIRECTORY = 9,
	STEP_LIMIT = 10, /* index: of the limit */
	STEP_CAPABILITIES = 11,
	STEP_NO_NEW_PRIVS = 12,
	STEP_RULESET_CREATE = 13,
	STEP_RULE_OPEN = 14, /* index: of the rule */
	STEP_RULE_ADD = 15,  /* index: of the rule */
	STEP_PORT_ADD = 16,  /* index: of the port */
	STEP_RESTRICT = 17,
	STEP_FILTER = 18,   /* index: of the filter */
	STEP_LISTENER = 19, /* index: of the filter */
	STEP_CLOSE = 20,
	STEP_EXECUTE = 21, /* exit code 127, all others 126 */
	STEP_THREADS = 22, /* addon: a thread could not be restricted */
	STEP_PLATFORM = 23, /* the plan is for another one */
	STEP_SEATBELT = 24,
};

struct status {
	uint32_t kind;
	uint32_t step;
	uint32_t index;
	int32_t value; /* errno, pid or wait status by kind */
};

#endif
