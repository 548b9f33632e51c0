/*
 * listen, where only some ports are open. The kernel's rules look at bind, but a socket that is bound to
 * nothing gets a port when it listens. Before a call that goes on is made another thread can put such a
 * socket in the place of the one that was looked at, so that all of them listen here.
 */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "address.h"
#include "worker.h"

static bool is_internet(const struct request *request)
{
	return request->socket_family == AF_INET || request->socket_family == AF_INET6;
}

/* Where it is bound; port 0: nowhere. */
static int own_address(int socket, struct sockaddr_storage *address, socklen_t *length)
{
	*length = sizeof *address;
	return getsockname(socket, (struct sockaddr *)address, length) ? errno : 0;
}

static enum verdict copy_listen(struct worker *worker, struct request *request)
{
	enum verdict verdict = copy_socket(request, (int)request->args[0]);
	socklen_t length;

	(void)worker;
	if (verdict != VERDICT_GO_ON || !is_internet(request))
		return verdict;
	int error = own_address(request->descriptor, &request->address, &length);
	request->address_length = length;
	return error ? fail_with(request, error) : VERDICT_GO_ON;
}

static enum verdict judge_listen(struct worker *worker, struct request *request)
{
	if (!is_internet(request) || worker->table->flags & TABLE_INTERNET)
		return VERDICT_PERFORM;
	request->reason = REASON_DESTINATION;
	return VERDICT_ASK;
}

/* sockaddr_in and sockaddr_in6 have it in the same place. */
static in_port_t port_of(const struct sockaddr_storage *address)
{
	return ((const struct sockaddr_in *)address)->sin_port;
}

/* What gave its port back since it was judged has got another one. */
static bool is_as_judged(const struct request *request)
{
	struct sockaddr_storage address;
	socklen_t length;

	return !own_address(request->descriptor, &address, &length) &&
	       port_of(&address) == port_of(&request->address);
}

static long perform_listen(struct worker *worker, struct request *request)
{
	if (listen(request->descriptor, (int)request->args[1]))
		return -errno;
	if (!is_internet(request) || worker->table->flags & TABLE_INTERNET || is_as_judged(request))
		return 0;
	shutdown(request->descriptor, SHUT_RDWR);
	return -EACCES;
}

const struct operation operation_listen = {
	.kind = OPERATION_BIND, /* of an address, which is what the ports are granted for */
	.copy = copy_listen,
	.find = find_nothing,
	.judge = judge_listen,
	.perform = perform_listen,
};
