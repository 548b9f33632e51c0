#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../include/kernel.h"

#define NAME_SIZE 250 /* memfd_create(2): 249 bytes */

/*
 * Some systems refuse memory files that could be executed; kernels below 6.3 do not know the flag
 * that says it is not.
 */
static int memory_file(const char *name)
{
	unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int descriptor = memfd_create(name, flags | MFD_NOEXEC_SEAL);

	return descriptor < 0 && errno == EINVAL ? memfd_create(name, flags) : descriptor;
}

/* pwrite leaves the offset at 0. */
static int fill_and_seal(int descriptor, const struct bytes *bytes)
{
	for (size_t done = 0; done < bytes->length;) {
		ssize_t count = pwrite(descriptor, bytes->start + done, bytes->length - done, (off_t)done);

		if (count < 0)
			return -1;
		done += (size_t)count;
	}
	return fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

napi_value memfd_create_sealed(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	struct bytes bytes;
	char name[NAME_SIZE];
	size_t length;

	if (!take_arguments(env, info, 2, arguments) || !take_bytes(env, arguments[1], &bytes))
		return NULL;
	if (napi_get_value_string_utf8(env, arguments[0], name, sizeof name, &length) != napi_ok) {
		napi_throw_type_error(env, NULL, "not a string");
		return NULL;
	}
	int descriptor = memory_file(name);
	if (descriptor < 0)
		return throw_errno(env, errno);
	if (fill_and_seal(descriptor, &bytes)) {
		int error = errno;

		close(descriptor);
		return throw_errno(env, error);
	}
	napi_create_int32(env, descriptor, &result);
	return result;
}

napi_value pipe_create(napi_env env, napi_callback_info info)
{
	(void)info;
	napi_value result;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return throw_errno(env, errno);
	napi_create_object(env, &result);
	set_int(env, result, "read", ends[0]);
	set_int(env, result, "write", ends[1]);
	return result;
}
