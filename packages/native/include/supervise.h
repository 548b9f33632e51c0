/*
 * What the supervisor is told, and what it tells: the table that it looks paths up in, and the numbers of its events.
 *
 * Written by packages/core/src/supervisor/encode-table.ts, read by src/supervise/decode-table.c, which checks every bound.
 * All numbers are little-endian and packed without alignment; strings are those of plan.h.
 *
 *   header       magic u8[8] "NONOSUPV", version u32, length u32 (of the whole table), flags u32,
 *                parked u32 (most requests that wait for an answer; more are refused),
 *                deadline u32 (milliseconds that one may wait; 0: as long as it takes),
 *                then the counts, each u32: rules, splits, patterns, executables
 *   rules        native u64, behalf u64, denied u64, flags u32, path string
 *   splits       files u64, directories u64, directory string, count u32, count strings: native rights with TABLE_RULE_VERIFY
 *                for each entry of the directory but links and those with these names, as plan.h has it. Listed when the
 *                supervisor starts, and never again: the kernel's rules are on what was there then.
 *   patterns     rights u64, directory string, name string
 *   executables  flags u32, path string
 *
 * Rights are those of Landlock (LANDLOCK_ACCESS_FS_*). A path has the union of the `native` rights on the way down to it,
 * as in the kernel; of the `behalf` rights each rule on the way down adds its own after it took away those it denies, so
 * that the deepest rule decides. A pattern gives rights to matching names directly in its directory: `*` stands for any characters, `?`
 * for one, a backslash takes the meaning of what follows.
 *
 * With TABLE_NOTES what goes on without a question is noted, read by packages/core/src/supervisor/read-notes.ts:
 *
 *   note      length u32 (of the whole note), kind u32, thread u32, process u32, parent u32 (0: not known), flags u32
 *   executed  path text (none: a memory file), given text, working directory text, count u32, count texts: its arguments
 *   reached   operation u32, path text, address text (a struct sockaddr)
 *   lost      nothing; in the place of `thread`, how many could not be noted
 *   text      length u32, bytes; NOTE_NONE: there is none
 */
#ifndef NONO_SUPERVISE_H
#define NONO_SUPERVISE_H

#define TABLE_VERSION 2u
#define TABLE_LENGTH_MAX (64u << 20)
#define TABLE_RULES_MAX 131072u
#define TABLE_SPLITS_MAX 65536u
#define TABLE_NAMES_MAX 65536u
#define TABLE_PATTERNS_MAX 4096u
#define TABLE_EXECUTABLES_MAX 8192u

enum table_flag {
	TABLE_INTERNET = 1u << 0, /* internet sockets reach any destination without a question */
	TABLE_ABSTRACT = 1u << 1, /* abstract unix sockets outside the sandbox are within reach */
	TABLE_NOTES = 1u << 2,    /* what goes on without a question is noted */
	TABLE_HELD = 1u << 3,     /* the launcher waits until it is let go on */
};

enum table_rule_flag {
	/* The kernel's rule is on the object that was there at the start: after another took its place, it does not count. */
	TABLE_RULE_VERIFY = 1u << 0,
};

enum table_executable_flag {
	TABLE_LOADER = 1u << 0, /* not blocked itself: it runs the program that its arguments name */
};

/* What a confined process asked for. A number is API: append, never renumber. */
enum operation_kind {
	OPERATION_OPEN = 1,
	OPERATION_EXECUTE = 2,
	OPERATION_TRUNCATE = 3,
	OPERATION_MKDIR = 4,
	OPERATION_MKNOD = 5,
	OPERATION_SYMLINK = 6,
	OPERATION_LINK = 7,
	OPERATION_RENAME = 8,
	OPERATION_UNLINK = 9,
	OPERATION_RMDIR = 10,
	OPERATION_CHMOD = 11,
	OPERATION_CHOWN = 12,
	OPERATION_UTIME = 13,
	OPERATION_XATTR = 14,
	OPERATION_CONNECT = 15,
	OPERATION_BIND = 16,
	OPERATION_SEND = 17,
	OPERATION_SOCKET = 18, /* of a family that is not granted, which stands in the event's flags; always refused */
	/* Of others; always refused, as what they name: event->other, or in the flags which shared object. */
	OPERATION_SHARE = 19,
	OPERATION_SCHEDULE = 20,
	OPERATION_LIMIT = 21,
	OPERATION_SIGNAL = 22,
};

enum shared_object { SHARED_MEMORY, SHARED_QUEUE, SHARED_SEMAPHORES };

/* Why a request needs an answer. */
enum request_reason {
	REASON_NOT_GRANTED = 1,
	REASON_HOLDS_DENIAL = 2, /* it would move or replace a directory in which something is denied */
	REASON_BLOCKED = 3,      /* an executable that is blocked, by its content */
	REASON_DESTINATION = 4,  /* an address outside the sandbox */
	REASON_OUTSIDE = 5,      /* of a process outside the sandbox, or made there */
};

enum answer_kind {
	ANSWER_ERROR = 0,
	ANSWER_CONTINUE = 1, /* only where the kernel decides again; else it is a refusal */
	ANSWER_PERFORM = 2,
};

enum note_kind {
	NOTE_EXECUTED = 1,
	NOTE_REACHED = 2,
	NOTE_LOST = 3,
};

enum note_flag {
	NOTE_CUT = 1u << 0, /* there are more arguments than are noted */
};

#define NOTE_HEADER_SIZE 24u
#define NOTE_FLAGS_OFFSET 20u
#define NOTE_NONE 0xffffffffu

/* Requests that were refused without a question, by reason. */
enum refusal {
	REFUSED_PARKED,      /* too many were waiting */
	REFUSED_DESCRIPTORS, /* no descriptor was left */
	REFUSED_THREADS,     /* every thread was busy with a peer */
	REFUSED_DEADLINE,    /* no answer came in time */
	REFUSED_UNREADABLE,  /* the process could not be looked into */
	REFUSALS,
};

#endif
