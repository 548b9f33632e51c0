/*
 * One trapped system call, from its notification to its answer.
 *
 *   copy      what the registers point to is copied, once; descriptors are fetched. Some calls are decided here
 *   find      paths become objects: descriptors, and the real path of each
 *   judge     the table says what is covered by the kernel's rules, by ours, or not
 *   perform   carried out on the descriptors that were judged, as the caller
 *
 * All but copy runs with the caller's rights (privileges.h).
 */
#ifndef NONO_SUPERVISE_REQUEST_H
#define NONO_SUPERVISE_REQUEST_H

#include <limits.h>
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "caller.h"
#include "privileges.h"
#include "supervisor.h"
#include "table.h"

struct message;
struct request;
struct worker;

enum verdict {
	VERDICT_NATIVE, /* the kernel goes on with the call: its rules decide, or the call fails anyway */
	VERDICT_FAIL,   /* with request->error */
	VERDICT_GO_ON,  /* to the next step */
	VERDICT_PERFORM,
	VERDICT_ASK,
};

/*
 * The object changed before it could be acted on, and the kernel shall decide on what is there now.
 */
#define PERFORMED_NATIVE LONG_MIN

struct operation {
	enum operation_kind kind;
	enum verdict (*copy)(struct worker *worker, struct request *request);
	enum verdict (*find)(struct worker *worker, struct request *request);
	enum verdict (*judge)(struct worker *worker, struct request *request);
	/*
	 * What the call returns, or a negative errno, or PERFORMED_NATIVE; or a descriptor to
	 * inject, in request->result.
	 */
	long (*perform)(struct worker *worker, struct request *request);
	bool (*may_block)(const struct request *request); /* in perform; NULL: never */
	/*
	 * The kernel decides again by its own rules, so that going on natively can never be too
	 * much.
	 */
	bool kernel_decides;
	bool places; /* an object comes to lie elsewhere (judges_places) */
	/* Whether perform makes something; NULL: never. */
	bool (*makes)(const struct request *request);
};

/* A path as it was named: a place to start from, and text. */
struct naming {
	int base; /* O_PATH; -1: the text is absolute */
	char *text; /* malloc'ed */
};

/* What a path stands for. */
struct object {
	int file;    /* O_PATH; -1: nothing is there */
	int parent;  /* O_PATH of the directory that `name` is in; -1 where the path does not end in a name */
	char *name;  /* malloc'ed */
	char *path;  /* malloc'ed; real; NULL where the object has none: pipes, memory files, what was removed */
	struct stat stat; /* of file */
	bool directory_only; /* the path ended in a slash */
	uint64_t wanted;
	struct coverage coverage;
};

struct request {
	uint64_t id;
	int number;
	uint64_t args[6];
	const struct operation *operation;
	struct caller caller;

	struct naming names[2];
	struct object objects[2];
	unsigned int object_count;

	uint64_t flags; /* as the call has them, without what does not matter */
	uint64_t resolve; /* openat2 */
	mode_t mode;
	off_t size;
	dev_t device;
	uid_t owner;
	gid_t group;
	struct timespec times[2];
	bool times_given;
	char *text; /* malloc'ed: what a link says, the name of an attribute */
	void *value; /* malloc'ed: of an attribute */
	size_t value_length;
	int descriptor; /* of the caller, fetched; -1 */
	struct message *message; /* what is sent */
	int memory; /* of the caller, for what is told there; -1 */
	struct sockaddr_storage address;
	socklen_t address_length; /* 0: none */
	int socket_family, socket_type, socket_protocol;
	pid_t other; /* a thread that the call names; 0: none, or many */
	long made; /* shared objects: what the call returns */

	bool restricted; /* by rules of the kernel that are not ours */
	bool executes; /* there is a file that could be executed */
	bool reaches; /* a socket outside of the sandbox, by a grant */
	bool stands_in; /* open: another file is shown */
	bool changes_nothing; /* rename: to be carried out by removing what would be moved */

	enum request_reason reason;
	const char *blocked; /* points into the table */
	int error;
	int result; /* a descriptor to inject; -1 */

	bool answered; /* all that is left is to free it */

	/* while parked */
	uint32_t ticket;
	uint64_t deadline; /* nanoseconds of CLOCK_MONOTONIC; 0: none */
	struct request *next;
};

struct request *request_new(void);
void request_free(struct request *request);
void naming_clear(struct naming *naming);

/* VERDICT_FAIL, with this errno (positive or negative). */
enum verdict fail_with(struct request *request, int error);

/*
 * For what went wrong before anything is known of the object: the kernel says it again where it
 * decides by itself, and else we say it. Memory that we cannot read (EFAULT) the kernel may be able to: secret memory,
 * and what may only be written. Nothing that is named there happens unknown.
 */
enum verdict trouble(struct request *request, int error);

/* The operation of a system call; NULL for one that is not trapped. */
const struct operation *operation_of(int number);

/*
 * Fills names[index] from a directory descriptor of the caller, and a text of its memory or of
 * ours.
 */
enum verdict copy_name(struct request *request, unsigned int index, int directory, uint64_t address);
enum verdict name_path(struct request *request, unsigned int index, int directory, const char *path);

/* For may_block and makes. */
bool always(const struct request *request);

/* For find, of what has no path. */
enum verdict find_nothing(struct worker *worker, struct request *request);

extern const struct operation operation_open, operation_truncate, operation_execute;
extern const struct operation operation_mkdir, operation_mknod, operation_symlink, operation_link, operation_rename,
	operation_unlink;
extern const struct operation operation_chmod, operation_chown, operation_utime, operation_setxattr, operation_removexattr;
extern const struct operation operation_connect, operation_bind, operation_listen, operation_send;
extern const struct operation operation_socket, operation_restrict;
extern const struct operation operation_ipc_get, operation_ipc_use, operation_schedule, operation_limit, operation_signal;

#endif
