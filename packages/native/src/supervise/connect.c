/*
 * connect and bind. No kernel rule stands behind a connection to a path-name socket, nor behind one
 * to an address instead of a port, and an older kernel has none for ports. So what is judged here
 * is also made here, on the caller's own socket.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "address.h"
#include "entry.h"
#include "judge.h"
#include "locate.h"
#include "sockets.h"
#include "worker.h"

/* connect */

static enum verdict copy_connect(struct worker *worker, struct request *request)
{
	enum verdict verdict = copy_socket(request, (int)request->args[0]);

	(void)worker;
	return verdict == VERDICT_GO_ON ? copy_address(request, request->args[1], request->args[2]) : verdict;
}

static bool connect_may_block(const struct request *request)
{
	return !(fcntl(request->descriptor, F_GETFL) & O_NONBLOCK);
}

static long perform_connect(struct worker *worker, struct request *request)
{
	struct sockaddr_storage address;
	socklen_t length = safe_address(request, &address);

	(void)worker;
	return connect(request->descriptor, (struct sockaddr *)&address, length) ? -errno : 0;
}

const struct operation operation_connect = {
	.kind = OPERATION_CONNECT,
	.copy = copy_connect,
	.find = find_address,
	.judge = judge_address,
	.perform = perform_connect,
	.may_block = connect_may_block,
};

/*
 * bind: the kernel's rules decide again on who makes a socket where; we have to know the sandbox's
 * own.
 */

static bool is_judged_port(const struct worker *worker, const struct request *request)
{
	bool internet = request->socket_family == AF_INET || request->socket_family == AF_INET6;

	return internet && !(worker->table->flags & TABLE_INTERNET);
}

/* bind alone takes AF_UNSPEC for AF_INET (inet_bind_sk): it means a port all the same. */
static enum verdict copy_port(struct request *request)
{
	enum verdict verdict = copy_address(request, request->args[1], request->args[2]);

	if (verdict == VERDICT_GO_ON && request->socket_family == AF_INET && request->address.ss_family == AF_UNSPEC)
		request->address.ss_family = AF_INET;
	return verdict;
}

static enum verdict copy_bind(struct worker *worker, struct request *request)
{
	enum verdict verdict = copy_socket(request, (int)request->args[0]);

	if (verdict == VERDICT_GO_ON && is_judged_port(worker, request))
		return copy_port(request);
	if (verdict != VERDICT_GO_ON || request->socket_family != AF_UNIX)
		return VERDICT_NATIVE;
	if (!request_is_valid(worker->supervisor, request->id))
		return fail_with(request, ESRCH); /* whose socket it was is not known */
	sockets_note(worker->supervisor->sockets, request->descriptor);
	verdict = copy_address(request, request->args[1], request->args[2]);
	return verdict == VERDICT_GO_ON && request->names[0].text ? VERDICT_GO_ON : VERDICT_NATIVE;
}

static enum verdict find_bind(struct worker *worker, struct request *request)
{
	if (request->socket_family != AF_UNIX)
		return VERDICT_GO_ON;
	return find_new(worker, request, 0, ACCESS_MAKE_SOCK);
}

static enum verdict judge_bind(struct worker *worker, struct request *request)
{
	if (request->socket_family != AF_UNIX) {
		request->reason = REASON_DESTINATION;
		return VERDICT_ASK;
	}
	return unless_refused(request, judge(worker, request));
}

static long bind_judged(const struct request *request)
{
	struct sockaddr_storage address;
	socklen_t length = safe_address(request, &address);

	return bind(request->descriptor, (struct sockaddr *)&address, length) ? -errno : 0;
}

/*
 * By a name in the directory that was judged; the directory is this thread's own (CLONE_FS is not
 * shared).
 */
static long perform_bind(struct worker *worker, struct request *request)
{
	const struct object *object = &request->objects[0];
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)worker;
	if (request->socket_family != AF_UNIX)
		return bind_judged(request);
	if (strlen(object->name) > sizeof address.sun_path)
		return -ENAMETOOLONG;
	memcpy(address.sun_path, object->name, strlen(object->name));
	if (fchdir(object->parent))
		return -errno;
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(object->name));
	long result = bind(request->descriptor, (struct sockaddr *)&address, length) ? -errno : 0;
	return chdir("/") ? -errno : result;
}

const struct operation operation_bind = {
	.kind = OPERATION_BIND,
	.copy = copy_bind,
	.find = find_bind,
	.judge = judge_bind,
	.perform = perform_bind,
	.kernel_decides = true,
	.makes = always,
};

/* socket, of a family or type that is not granted: it is trapped only to be known. */

static enum verdict copy_socket_call(struct worker *worker, struct request *request)
{
	(void)worker;
	request->flags = (uint32_t)request->args[0];
	request->socket_type = (int)request->args[1];
	request->socket_protocol = (int)request->args[2];
	return VERDICT_GO_ON;
}

static enum verdict judge_socket(struct worker *worker, struct request *request)
{
	(void)worker;
	request->reason = REASON_DESTINATION;
	return VERDICT_ASK;
}

static long perform_socket(struct worker *worker, struct request *request)
{
	(void)worker;
	(void)request;
	return -EACCES;
}

const struct operation operation_socket = {
	.kind = OPERATION_SOCKET,
	.copy = copy_socket_call,
	.find = find_nothing,
	.judge = judge_socket,
	.perform = perform_socket,
};
