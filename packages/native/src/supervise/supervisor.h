/*
 * The supervisor: receives the trapped system calls of one sandbox, answers what the table decides,
 * and hands on the rest as events. Nothing here is static: any number of supervisors may run in one
 * process.
 */
#ifndef NONO_SUPERVISE_SUPERVISOR_H
#define NONO_SUPERVISE_SUPERVISOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../include/supervise.h"

/* A request that needs an answer. Strings are valid during the call only. */
struct request_event {
	uint32_t ticket;
	pid_t thread;
	enum operation_kind operation;
	enum request_reason reason;
	int number; /* of the system call */
	uint64_t flags; /* as the call has them */
	mode_t mode;
	uint64_t wanted[2], missing[2]; /* rights on each path */
	const char *path[2];  /* real paths; NULL: the operation has none */
	const char *given[2]; /* as they were named, from the root: links are not resolved */
	const char *blocked; /* with REASON_BLOCKED: the path of the executable that is blocked */
	const void *address; /* of a socket; NULL: none */
	size_t address_length;
	int socket_type, socket_protocol;
	pid_t other; /* a thread outside of the sandbox; 0: none, or many */
};

/* Called from several threads, one at a time or together. */
struct supervisor_callbacks {
	void (*request)(void *context, const struct request_event *event);
	void (*withdrawn)(void *context, uint32_t ticket); /* its process is gone, or waited too long */
	void (*noted)(void *context); /* there are notes to be taken */
	void (*ended)(void *context, int error); /* nothing is left to supervise; an errno when it went wrong */
	void *context;
};

struct supervisor_counts {
	uint64_t received;
	uint64_t continued;
	uint64_t performed;
	uint64_t asked;
	uint64_t refused[REFUSALS];
	uint32_t parked; /* now */
	uint32_t threads; /* now */
};

struct supervisor;

/*
 * `channel`: the socket that the launcher's listener comes through (launch.h); it is taken over.
 * `table`: bytes of supervise.h. 0, or an errno, with *offset the place in the table for one that
 * it is to blame for.
 */
int supervisor_start(int channel, const uint8_t *table, size_t length, const struct supervisor_callbacks *callbacks,
		     struct supervisor **supervisor, size_t *offset);

/* For a table with TABLE_HELD: the launcher goes on from here to the command. */
void supervisor_let_go(struct supervisor *supervisor);

/*
 * Further rules and patterns from now on, as table_extend takes them; the limits are replaced. By
 * one thread at a time, which is also the one that stops the supervisor.
 */
int supervisor_extend(struct supervisor *supervisor, const uint8_t *table, size_t length, size_t *offset);

/*
 * From now on whoever opens `path` by that very name, for reading, gets `file` instead, each with an
 * offset of its own; `file` stays the caller's. Once: 0, or EEXIST, ENOMEM, EMFILE. Where it cannot be
 * opened the kernel decides on what lies at the path.
 */
int supervisor_stand_in(struct supervisor *supervisor, const char *path, int file);

/* `error`: an errno, with ANSWER_ERROR. 0, or ENOENT when nobody waits for it any more. */
int supervisor_answer(struct supervisor *supervisor, uint32_t ticket, enum answer_kind kind, int error);

/* What was noted so far, malloc'ed; NULL: nothing. */
uint8_t *supervisor_notes(struct supervisor *supervisor, size_t *length);

struct supervisor_counts supervisor_count(struct supervisor *supervisor);

/*
 * Refuses what waits, ends every thread and frees all. Calls that are trapped from now on fail with
 * ENOSYS.
 */
void supervisor_stop(struct supervisor *supervisor);

#endif
