#include "job.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

struct started {
	struct job job; /* first, so that one is the other */
	napi_async_work work;
	napi_deferred deferred;
	napi_ref room_kept;
};

static void *run_less_important(void *data)
{
	struct job *job = data;

	thread_step_back();
	job->run(job);
	return NULL;
}

static void execute(napi_env env, void *data)
{
	struct job *job = data;
	pthread_t thread;

	(void)env;
	/* a thread of the pool could not become important again */
	if (job->background && !pthread_create(&thread, NULL, run_less_important, job))
		pthread_join(thread, NULL);
	else
		job->run(job);
}

static void started_free(napi_env env, struct started *started)
{
	if (started->work)
		napi_delete_async_work(env, started->work);
	if (started->room_kept)
		napi_delete_reference(env, started->room_kept);
	free(started->job.input);
	free(started->job.result);
	free(started);
}

static void complete(napi_env env, napi_status status, void *data)
{
	struct started *started = data;
	struct job *job = &started->job;
	napi_value result;

	(void)status; /* nobody cancels */
	if (job->error) {
		throw_errno(env, job->error);
		napi_get_and_clear_last_exception(env, &result);
		napi_reject_deferred(env, started->deferred, result);
	} else {
		napi_create_buffer_copy(env, job->length, job->result, NULL, &result);
		napi_resolve_deferred(env, started->deferred, result);
	}
	started_free(env, started);
}

/* False with an exception when the bytes are no texts with a NUL behind each. */
static bool copy_texts(napi_env env, napi_value value, struct job *job)
{
	struct bytes texts;

	if (!take_bytes(env, value, &texts))
		return false;
	if (!texts.length || texts.start[texts.length - 1]) {
		throw_errno(env, EINVAL);
		return false;
	}
	job->input = malloc(texts.length);
	if (!job->input) {
		throw_errno(env, ENOMEM);
		return false;
	}
	memcpy(job->input, texts.start, texts.length);
	for (size_t i = 0; i < texts.length; i++)
		job->count += job->input[i] == '\0';
	return true;
}

static bool keep_room(napi_env env, napi_value value, struct started *started)
{
	struct bytes room;

	if (!value)
		return true;
	if (!take_bytes(env, value, &room))
		return false;
	started->job.room = (uint8_t *)room.start;
	started->job.room_size = room.length;
	return napi_create_reference(env, value, 1, &started->room_kept) == napi_ok;
}

napi_value job_start(napi_env env, const struct job *job, napi_value texts, napi_value room)
{
	struct started *started = calloc(1, sizeof *started);
	napi_value promise, name;

	if (!started)
		return throw_errno(env, ENOMEM);
	started->job = *job;
	if ((texts && !copy_texts(env, texts, &started->job)) || !keep_room(env, room, started)) {
		started_free(env, started);
		return NULL;
	}
	napi_create_promise(env, &started->deferred, &promise);
	napi_create_string_utf8(env, "nono", NAPI_AUTO_LENGTH, &name);
	if (napi_create_async_work(env, NULL, name, execute, complete, started, &started->work) != napi_ok ||
	    napi_queue_async_work(env, started->work) != napi_ok) {
		started_free(env, started);
		return throw_errno(env, EAGAIN);
	}
	return promise;
}
