/* Unix stream sockets that know who is at the other end. None of them ever blocks. */
#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "system.h"

#define WAITING_MAX 16

static int address_make(const char *path, struct sockaddr_un *address)
{
	size_t length = strlen(path);

	if (length >= sizeof address->sun_path)
		return ENAMETOOLONG;
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, path, length);
	return 0;
}

typedef int operation(int socket, const struct sockaddr *address, socklen_t length);

static int bind_and_listen(int socket, const struct sockaddr *address, socklen_t length)
{
	return bind(socket, address, length) || listen(socket, WAITING_MAX) ? -1 : 0;
}

/* A socket on which `operate` succeeded, or -1 with an exception. */
static int socket_open(napi_env env, napi_callback_info info, operation *operate)
{
	struct sockaddr_un address;
	napi_value argument;
	char *path;

	if (!take_arguments(env, info, 1, &argument) || !(path = take_text(env, argument)))
		return -1;
	int error = address_make(path, &address);
	int descriptor = error ? -1 : socket_make();
	if (!error && descriptor < 0)
		error = errno;
	if (!error && operate(descriptor, (const struct sockaddr *)&address, sizeof address))
		error = errno;
	free(path);
	if (!error)
		return descriptor;
	if (descriptor >= 0)
		close(descriptor);
	throw_errno(env, error);
	return -1;
}

/* { descriptor, pid, uid } of whoever connected, or listens */
static napi_value peer_give(napi_env env, int descriptor)
{
	napi_value result;
	uid_t uid;
	pid_t pid;

	if (socket_peer(descriptor, &pid, &uid)) {
		int error = errno;

		close(descriptor);
		return throw_errno(env, error);
	}
	napi_create_object(env, &result);
	set_int(env, result, "descriptor", descriptor);
	set_int(env, result, "pid", pid);
	set_int(env, result, "uid", uid);
	return result;
}

/* (path): its descriptor */
napi_value socket_listen(napi_env env, napi_callback_info info)
{
	int descriptor = socket_open(env, info, bind_and_listen);
	napi_value result;

	if (descriptor < 0)
		return NULL;
	napi_create_int32(env, descriptor, &result);
	return result;
}

/* (path) */
napi_value socket_connect(napi_env env, napi_callback_info info)
{
	int descriptor = socket_open(env, info, connect);

	return descriptor < 0 ? NULL : peer_give(env, descriptor);
}

/* (listening descriptor): null when nobody is waiting any more */
napi_value socket_accept(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	int32_t listening;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &listening))
		return NULL;
	int descriptor = socket_take(listening);
	if (descriptor >= 0)
		return peer_give(env, descriptor);
	if (errno != EAGAIN && errno != ECONNABORTED)
		return throw_errno(env, errno);
	napi_get_null(env, &result);
	return result;
}
