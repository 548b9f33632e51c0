/*
 * execve(2) of the launcher out of a JavaScript runtime. What the runtime has done to signals and
 * to the standard descriptors is set right by the launcher; what it must not leave changed if the
 * call fails is which descriptors are close-on-exec.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* All, or the first that is not open, with none changed. */
static int inherit_mark(const struct ints *inherit, int flags, struct failure *failure)
{
	for (uint32_t i = 0; i < inherit->count; i++)
		if (fcntl(inherit->items[i], F_GETFD) < 0)
			return failed(failure, STEP_DESCRIPTORS, (uint32_t)inherit->items[i], errno);
	for (uint32_t i = 0; i < inherit->count; i++)
		fcntl(inherit->items[i], F_SETFD, flags);
	return 0;
}

/* Node makes the standard descriptors close-on-exec as well. Gives back which were: a bit each. */
static int standard_keep(void)
{
	int changed = 0;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0 && flags & FD_CLOEXEC) {
			fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
			changed |= 1 << fd;
		}
	}
	return changed;
}

static void standard_restore(int changed)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (changed & 1 << fd)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* Only returns when it fails. */
static void replace(const char *path, const struct texts *argv, const struct texts *environment,
		    const struct ints *inherit, struct failure *failure)
{
	struct failure unused;

	if (inherit_mark(inherit, 0, failure))
		return;
	int changed = standard_keep();
	execve(path, argv->items, environment->items);
	failed(failure, STEP_EXECUTE, 0, errno);
	standard_restore(changed);
	inherit_mark(inherit, FD_CLOEXEC, &unused);
}

napi_value process_replace(napi_env env, napi_callback_info info)
{
	napi_value arguments[4];
	struct texts argv = { 0 }, environment = { 0 };
	struct ints inherit = { 0 };
	struct failure failure;
	char *path = NULL;

	if (take_arguments(env, info, 4, arguments) && (path = take_text(env, arguments[0])) &&
	    take_texts(env, arguments[1], &argv) && take_texts(env, arguments[2], &environment) &&
	    take_ints(env, arguments[3], &inherit)) {
		replace(path, &argv, &environment, &inherit, &failure);
		throw_failure(env, &failure);
	}
	free(path);
	free(inherit.items);
	texts_free(&environment);
	texts_free(&argv);
	return NULL;
}
