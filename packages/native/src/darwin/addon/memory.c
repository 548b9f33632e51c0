/* Memory of our own: a plan in an object without a name, and no core file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../addon/addon.h"

#define NAME_SIZE 32 /* PSHMNAMLEN, shm_open(2) */
#define TRIES 100

static int object_make(char *name)
{
	static _Atomic unsigned int number;
	int descriptor = -1;

	for (int i = 0; i < TRIES && descriptor < 0; i++) {
		snprintf(name, NAME_SIZE, "/nono.%d.%u", (int)getpid(), number++);
		descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (descriptor < 0 && errno != EEXIST)
			return -1;
	}
	return descriptor;
}

static int object_fill(int descriptor, const struct bytes *bytes)
{
	if (ftruncate(descriptor, (off_t)bytes->length))
		return -1;
	void *pages = mmap(NULL, bytes->length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (pages == MAP_FAILED)
		return -1;
	memcpy(pages, bytes->start, bytes->length);
	munmap(pages, bytes->length);
	return 0;
}

/* (name, bytes): close-on-exec by itself, and only for reading */
napi_value memfd_create_sealed(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	struct bytes bytes;
	char name[NAME_SIZE];

	if (!take_arguments(env, info, 2, arguments) || !take_bytes(env, arguments[1], &bytes))
		return NULL;
	int filled = object_make(name);
	if (filled < 0)
		return throw_errno(env, errno);
	int descriptor = object_fill(filled, &bytes) ? -1 : shm_open(name, O_RDONLY);
	int error = errno;
	shm_unlink(name);
	close(filled);
	if (descriptor < 0)
		return throw_errno(env, error);
	napi_create_int32(env, descriptor, &result);
	return result;
}

static int close_on_exec(const int ends[2])
{
	return fcntl(ends[0], F_SETFD, FD_CLOEXEC) || fcntl(ends[1], F_SETFD, FD_CLOEXEC) ? -1 : 0;
}

napi_value pipe_create(napi_env env, napi_callback_info info)
{
	napi_value result;
	int ends[2];

	(void)info;
	if (pipe(ends) || close_on_exec(ends))
		return throw_errno(env, errno);
	napi_create_object(env, &result);
	set_int(env, result, "read", ends[0]);
	set_int(env, result, "write", ends[1]);
	return result;
}

/* Whoever may control another process on macOS is decided by its signature: there is no call for it. */
napi_value memory_hide(napi_env env, napi_callback_info info)
{
	struct rlimit limit;

	(void)info;
	if (getrlimit(RLIMIT_CORE, &limit))
		return throw_errno(env, errno);
	limit.rlim_cur = 0;
	return setrlimit(RLIMIT_CORE, &limit) ? throw_errno(env, errno) : NULL;
}
