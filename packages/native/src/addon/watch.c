/*
 * Readiness of descriptors that a runtime's own streams do not treat alike, terminals above all: a thread that waits for
 * all descriptors of one watch, and says which are ready, each once for every time it was asked for.
 */
#include "addon.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "ready.h"

#define READY_MAX 16 /* told at a time */

/* Freed with its JavaScript object; its descriptors and its thread are gone after close. */
struct watch {
	struct ready_set set;
	bool open;
	pthread_t thread;
	napi_threadsafe_function told;
};

/* Without memory the descriptor is asked for again: nothing is lost but time. */
static void tell(struct watch *watch, const struct ready *event)
{
	struct ready *ready = malloc(sizeof *ready);

	if (!ready) {
		ready_await(&watch->set, event->descriptor, true, true);
		return;
	}
	*ready = *event;
	if (napi_call_threadsafe_function(watch->told, ready, napi_tsfn_nonblocking) != napi_ok)
		free(ready);
}

static void *wait_for_events(void *argument)
{
	struct ready events[READY_MAX];
	struct watch *watch = argument;
	int count;

	while ((count = ready_wait(&watch->set, events, READY_MAX)) >= 0)
		for (int i = 0; i < count; i++)
			tell(watch, &events[i]);
	return NULL;
}

static void call_javascript(napi_env env, napi_value function, void *context, void *data)
{
	napi_value arguments[3], nothing;
	struct ready *ready = data;

	(void)context;
	if (env) {
		napi_get_undefined(env, &nothing);
		napi_create_int32(env, ready->descriptor, &arguments[0]);
		napi_get_boolean(env, ready->readable, &arguments[1]);
		napi_get_boolean(env, ready->writable, &arguments[2]);
		napi_call_function(env, nothing, function, 3, arguments, NULL);
	}
	free(ready);
}

static void watch_close(struct watch *watch)
{
	if (!watch->open)
		return;
	watch->open = false;
	ready_end(&watch->set);
	pthread_join(watch->thread, NULL);
	ready_close(&watch->set);
	napi_release_threadsafe_function(watch->told, napi_tsfn_abort);
}

static void watch_close_with_environment(void *watch)
{
	watch_close(watch);
}

static void watch_collect(napi_env env, void *data, void *hint)
{
	(void)hint;
	napi_remove_env_cleanup_hook(env, watch_close_with_environment, data);
	watch_close(data);
	free(data);
}

/* The watch behind `this`, with exactly `count` arguments; NULL with an exception, or after close. */
static struct watch *take_watch(napi_env env, napi_callback_info info, size_t count, napi_value *arguments)
{
	size_t given = count;
	void *data = NULL;
	napi_value this;

	if (napi_get_cb_info(env, info, &given, arguments, &this, NULL) != napi_ok || given != count ||
	    napi_unwrap(env, this, &data) != napi_ok) {
		napi_throw_type_error(env, NULL, "wrong arguments");
		return NULL;
	}
	return ((struct watch *)data)->open ? data : NULL;
}

/* (descriptor, readable, writable): tells once when one of them is so; neither: no more */
static napi_value watch_await(napi_env env, napi_callback_info info)
{
	napi_value arguments[3];
	struct watch *watch = take_watch(env, info, 3, arguments);
	bool readable, writable;
	int32_t descriptor;

	if (!watch || !take_int(env, arguments[0], &descriptor))
		return NULL;
	if (napi_get_value_bool(env, arguments[1], &readable) != napi_ok ||
	    napi_get_value_bool(env, arguments[2], &writable) != napi_ok) {
		napi_throw_type_error(env, NULL, "not a boolean");
		return NULL;
	}
	return ready_await(&watch->set, descriptor, readable, writable) ? throw_errno(env, errno) : NULL;
}

static napi_value watch_end(napi_env env, napi_callback_info info)
{
	struct watch *watch = take_watch(env, info, 0, NULL);

	if (watch)
		watch_close(watch);
	return NULL;
}

static const napi_property_descriptor functions[] = {
	{ .utf8name = "await", .method = watch_await },
	{ .utf8name = "close", .method = watch_end },
};

static int watch_start(struct watch *watch)
{
	if (ready_open(&watch->set))
		return errno;
	int error = pthread_create(&watch->thread, NULL, wait_for_events, watch);
	if (error)
		ready_close(&watch->set);
	return error;
}

/* (function): keeps the program alive until it is closed */
napi_value watch_open(napi_env env, napi_callback_info info)
{
	napi_value function, name, object;

	if (!take_arguments(env, info, 1, &function))
		return NULL;
	struct watch *watch = calloc(1, sizeof *watch);
	if (!watch)
		return throw_errno(env, ENOMEM);
	napi_create_string_utf8(env, "nono watch", NAPI_AUTO_LENGTH, &name);
	if (napi_create_threadsafe_function(env, function, NULL, name, 0, 1, NULL, NULL, NULL, call_javascript,
					    &watch->told) != napi_ok) {
		free(watch);
		napi_throw_type_error(env, NULL, "not a function");
		return NULL;
	}
	int error = watch_start(watch);
	if (error) {
		napi_release_threadsafe_function(watch->told, napi_tsfn_abort);
		free(watch);
		return throw_errno(env, error);
	}
	watch->open = true;
	napi_add_env_cleanup_hook(env, watch_close_with_environment, watch);
	napi_create_object(env, &object);
	napi_define_properties(env, object, sizeof functions / sizeof *functions, functions);
	napi_wrap(env, object, watch, watch_collect, NULL, NULL);
	return object;
}
