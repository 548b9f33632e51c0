#include "address.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "judge.h"
#include "locate.h"
#include "sockets.h"
#include "worker.h"

#define PATH_START offsetof(struct sockaddr_un, sun_path)

static int socket_option(int socket, int option)
{
	int value = -1;
	socklen_t length = sizeof value;

	return getsockopt(socket, SOL_SOCKET, option, &value, &length) ? -errno : value;
}

enum verdict copy_socket(struct request *request, int descriptor)
{
	request->descriptor = caller_descriptor(&request->caller, descriptor);
	if (request->descriptor < 0)
		return fail_with(request, request->descriptor);
	request->socket_family = socket_option(request->descriptor, SO_DOMAIN);
	request->socket_type = socket_option(request->descriptor, SO_TYPE);
	request->socket_protocol = socket_option(request->descriptor, SO_PROTOCOL);
	return request->socket_family < 0 ? fail_with(request, request->socket_family) : VERDICT_GO_ON;
}

static bool is_unix(const struct request *request)
{
	return request->socket_family == AF_UNIX && request->address.ss_family == AF_UNIX &&
	       request->address_length > PATH_START;
}

static bool is_path(const struct request *request)
{
	return is_unix(request) && ((const struct sockaddr_un *)&request->address)->sun_path[0];
}

static bool is_abstract(const struct request *request)
{
	return is_unix(request) && !((const struct sockaddr_un *)&request->address)->sun_path[0];
}

enum verdict copy_address(struct request *request, uint64_t address, uint64_t length)
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)&request->address;
	char path[sizeof request->address];

	request->address_length = 0;
	if ((int)length < 0 || (uint32_t)length > sizeof request->address)
		return fail_with(request, EINVAL);
	if (!(uint32_t)length)
		return VERDICT_GO_ON;
	int error = caller_copy(request->caller.thread, address, &request->address, (uint32_t)length);
	if (error)
		return fail_with(request, error);
	request->address_length = (uint32_t)length;
	if (!is_path(request))
		return VERDICT_GO_ON;
	if (request->address_length > sizeof *name)
		return fail_with(request, EINVAL);
	size_t room = request->address_length - PATH_START;
	memcpy(path, name->sun_path, room);
	path[room] = 0;
	return name_path(request, 0, AT_FDCWD, path);
}

enum verdict find_address(struct worker *worker, struct request *request)
{
	struct object *object = &request->objects[0];

	if (!is_path(request))
		return VERDICT_GO_ON;
	int error = locate(worker, request, 0, LOCATE_FOLLOW, object);
	if (error)
		return fail_with(request, error);
	error = permission(object->file, W_OK);
	if (error || !S_ISSOCK(object->stat.st_mode) || !object->path)
		return fail_with(request, error ? error : ECONNREFUSED);
	object->wanted = ACCESS_RESOLVE_UNIX;
	return VERDICT_GO_ON;
}

static enum verdict ask_for_destination(struct request *request)
{
	request->reason = REASON_DESTINATION;
	return VERDICT_ASK;
}

static enum verdict reach(struct request *request)
{
	request->reaches = true;
	return VERDICT_PERFORM;
}

/* What nobody is bound to any more the kernel refuses too, granted or not. */
static enum verdict judge_owner(struct request *request, enum ownership owner)
{
	switch (owner) {
	case OWNED_BY_SANDBOX:
		return VERDICT_PERFORM;
	case OWNED_BY_NONE:
		return fail_with(request, ECONNREFUSED);
	default:
		return ask_for_destination(request);
	}
}

static enum verdict judge_path(struct worker *worker, struct request *request)
{
	if (judge(worker, request) == VERDICT_PERFORM)
		return reach(request);
	return judge_owner(request, socket_file_owner(worker->supervisor->sockets, request->objects[0].file));
}

/* Nobody outside the sandbox can take a name while a socket in it has the name. */
static enum verdict judge_abstract(struct worker *worker, struct request *request)
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)&request->address;

	if (worker->table->flags & TABLE_ABSTRACT)
		return reach(request);
	size_t length = request->address_length - PATH_START;
	return judge_owner(request, abstract_owner(worker->supervisor->sockets, name->sun_path, length));
}

/*
 * Without an address nobody else is reached. Only those two families lead anywhere, but a datagram
 * that names none goes where the rest of its address says (udp_sendmsg).
 */
static bool reaches_out(const struct request *request)
{
	int family = request->address.ss_family;
	bool send = request->operation->kind == OPERATION_SEND;

	return request->address_length >= sizeof request->address.ss_family &&
	       (family == AF_INET || family == AF_INET6 || (send && family == AF_UNSPEC));
}

enum verdict judge_address(struct worker *worker, struct request *request)
{
	if (is_path(request))
		return judge_path(worker, request);
	if (is_abstract(request))
		return judge_abstract(worker, request);
	bool internet = request->socket_family == AF_INET || request->socket_family == AF_INET6;
	if (!internet || !reaches_out(request))
		return VERDICT_PERFORM;
	return worker->table->flags & TABLE_INTERNET ? reach(request) : ask_for_destination(request);
}

/* The link in /proc leads to the socket that was judged. */
socklen_t safe_address(const struct request *request, struct sockaddr_storage *address)
{
	struct sockaddr_un *name = (struct sockaddr_un *)address;

	*address = request->address;
	if (!is_path(request))
		return request->address_length;
	strcpy(name->sun_path, fd_path(request->objects[0].file).text);
	return (socklen_t)(PATH_START + strlen(name->sun_path) + 1);
}
