/*
 * Starts the launcher without the runtime's own machinery for children, which costs more than
 * everything else in a start. The launcher sets up itself what a program needs, and its environment
 * is empty.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define INHERITED_MAX 4 /* the launcher takes three */
#define STANDARD 3

/* A duplicate onto itself is open after execve(2) (posix_spawn_file_actions_adddup2(3)). */
static int start(char *path, const struct ints *inherit, const struct ints *standard, pid_t *child)
{
	static char *const environment[] = { NULL };
	char numbers[INHERITED_MAX][12];
	char *argv[INHERITED_MAX + 2] = { path };
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return error;
	/* Node makes the standard descriptors close-on-exec as well; one that is not open stays so. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO && !error; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			error = posix_spawn_file_actions_adddup2(&actions, fd, fd);
	for (uint32_t i = 0; i < inherit->count && !error; i++) {
		snprintf(numbers[i], sizeof numbers[i], "%d", inherit->items[i]);
		argv[i + 1] = numbers[i];
		error = posix_spawn_file_actions_adddup2(&actions, inherit->items[i], inherit->items[i]);
	}
	for (uint32_t i = 0; i < standard->count && !error; i++)
		error = posix_spawn_file_actions_adddup2(&actions, standard->items[i], (int)i);
	if (!error)
		error = posix_spawn(child, path, &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

napi_value launcher_start(napi_env env, napi_callback_info info)
{
	napi_value arguments[3], result = NULL;
	struct ints inherit = { 0 }, standard = { 0 };
	char *path = NULL;
	pid_t child;

	if (take_arguments(env, info, 3, arguments) && (path = take_text(env, arguments[0])) &&
	    take_ints(env, arguments[1], &inherit) && take_ints(env, arguments[2], &standard)) {
		struct relay_before before;

		relay_hold(&before);
		int error = inherit.count > INHERITED_MAX || standard.count > STANDARD
				    ? E2BIG
				    : start(path, &inherit, &standard, &child);
		if (error) {
			relay_release(&before);
			throw_errno(env, error);
		} else {
			napi_create_int32(env, child, &result);
		}
	}
	free(path);
	free(inherit.items);
	free(standard.items);
	return result;
}
