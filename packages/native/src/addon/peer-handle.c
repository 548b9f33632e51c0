/* Who is at the other end of a local socket, as a handle on the very process: its number may be another's by now. */
#include <errno.h>
#include <sys/socket.h>

#include "addon.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* asm-generic/socket.h, Linux 6.5 */
#endif

/* (descriptor): a pidfd, close-on-exec; null before Linux 6.5, and for what has ended */
napi_value peer_handle(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	int32_t descriptor;
	int handle = -1;
	socklen_t size = sizeof handle;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	if (getsockopt(descriptor, SOL_SOCKET, SO_PEERPIDFD, &handle, &size) || handle < 0)
		napi_get_null(env, &result);
	else
		napi_create_int32(env, handle, &result);
	return result;
}
