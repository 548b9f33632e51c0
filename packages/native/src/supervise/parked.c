#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "locate.h"
#include "notes.h"
#include "worker.h"

char *given_path(const struct worker *worker, const struct naming *naming)
{
	char *base, *given = NULL;

	if (!naming->text)
		return NULL;
	if (naming->base < 0)
		return strdup(naming->text);
	base = path_of(worker, naming->base);
	if (base && asprintf(&given, "%s/%s", base, naming->text) < 0)
		given = NULL;
	free(base);
	return given;
}

/* The mutex is held, so that nobody withdraws the request meanwhile. */
static void announce(struct worker *worker, const struct request *request)
{
	const struct supervisor_callbacks *callbacks = &worker->supervisor->callbacks;
	struct request_event event = {
		.ticket = request->ticket,
		.thread = request->caller.thread,
		.operation = request->operation->kind,
		.reason = request->reason,
		.number = request->number,
		.flags = request->flags,
		.mode = request->mode,
		.blocked = request->blocked,
		.address = request->address_length ? &request->address : NULL,
		.address_length = request->address_length,
		.socket_type = request->socket_type,
		.socket_protocol = request->socket_protocol,
		.other = request->other,
	};
	char *given[2] = { NULL, NULL };

	for (unsigned int i = 0; i < request->object_count; i++) {
		event.path[i] = request->objects[i].path;
		event.given[i] = given[i] = given_path(worker, &request->names[i]);
		event.wanted[i] = request->objects[i].wanted;
		event.missing[i] = missing_rights(&request->objects[i]);
	}
	callbacks->request(callbacks->context, &event);
	free(given[0]);
	free(given[1]);
}

static bool has_room(struct worker *worker)
{
	struct supervisor *supervisor = worker->supervisor;
	bool few = supervisor->parked_count < worker->table->parked;
	bool affordable = supervisor->parked_count < supervisor->parked_max;

	if (!few || !affordable)
		supervisor->refused[few ? REFUSED_DESCRIPTORS : REFUSED_PARKED]++;
	return few && affordable && !supervisor->stopping;
}

void park(struct worker *worker, struct request *request)
{
	struct supervisor *supervisor = worker->supervisor;
	uint32_t deadline = worker->table->deadline;
	bool valid = request_is_valid(supervisor, request->id);

	pthread_mutex_lock(&supervisor->mutex);
	bool parked = valid && has_room(worker);
	if (parked) {
		request->ticket = ++supervisor->last_ticket;
		request->deadline = deadline ? now() + deadline * 1000000ull : 0;
		request->next = supervisor->parked;
		supervisor->parked = request;
		supervisor->parked_count++;
		supervisor->asked++;
		announce(worker, request);
		request->blocked = NULL;
		pthread_cond_signal(&supervisor->tick);
	}
	pthread_mutex_unlock(&supervisor->mutex);
	if (parked)
		return;
	answer_value(supervisor, request, -EACCES);
	request_free(request);
}

static void unlink_parked(struct supervisor *supervisor, struct request **link)
{
	*link = (*link)->next;
	supervisor->parked_count--;
}

static void add_job(struct supervisor *supervisor, struct request *request)
{
	struct request **last = &supervisor->jobs;

	while (*last)
		last = &(*last)->next;
	request->next = NULL;
	*last = request;
}

/*
 * The mutex is held. Closing the last descriptor of a socket waits as long as the caller has told it to (SO_LINGER): not
 * here, where everybody else would wait with it. Where no thread is free the next one that is does it.
 */
static void drop(struct supervisor *supervisor, struct request *request)
{
	request->answered = true;
	if (request->descriptor < 0 && !request->message) {
		request_free(request);
		return;
	}
	add_job(supervisor, request);
	supervisor_wake(supervisor);
}

void parked_review(struct supervisor *supervisor)
{
	uint64_t time = now();

	for (struct request **link = &supervisor->parked; *link;) {
		struct request *request = *link;
		bool late = request->deadline && request->deadline < time;

		if (!late && request_is_valid(supervisor, request->id)) {
			link = &request->next;
			continue;
		}
		supervisor->refused[REFUSED_DEADLINE] += late;
		unlink_parked(supervisor, link);
		answer_value(supervisor, request, -EACCES);
		supervisor->callbacks.withdrawn(supervisor->callbacks.context, request->ticket);
		drop(supervisor, request);
	}
}

void parked_clear(struct supervisor *supervisor)
{
	for (struct request *job = supervisor->jobs; job; job = job->next) {
		if (!job->answered)
			answer_value(supervisor, job, -EACCES);
		job->answered = true;
	}
	while (supervisor->parked) {
		struct request *request = supervisor->parked;

		unlink_parked(supervisor, &supervisor->parked);
		answer_value(supervisor, request, -EACCES);
		drop(supervisor, request);
	}
}

static struct request *take_parked(struct supervisor *supervisor, uint32_t ticket)
{
	for (struct request **link = &supervisor->parked; *link; link = &(*link)->next)
		if ((*link)->ticket == ticket) {
			struct request *request = *link;

			unlink_parked(supervisor, link);
			return request;
		}
	return NULL;
}

/* The mutex is held. False: nobody is free to do it. */
static bool queue_job(struct supervisor *supervisor, struct request *request)
{
	if (supervisor->stopping || !supervisor_wake(supervisor)) {
		supervisor->refused[REFUSED_THREADS]++;
		return false;
	}
	add_job(supervisor, request);
	return true;
}

int supervisor_answer(struct supervisor *supervisor, uint32_t ticket, enum answer_kind kind, int error)
{
	pthread_mutex_lock(&supervisor->mutex);
	struct request *request = take_parked(supervisor, ticket);
	bool queued = request && kind == ANSWER_PERFORM && queue_job(supervisor, request);
	pthread_mutex_unlock(&supervisor->mutex);
	if (!request)
		return ENOENT;
	if (queued)
		return 0;
	if (kind == ANSWER_CONTINUE && request->operation->kernel_decides) {
		/* whoever answers also takes the notes: there is nobody to wait for */
		if (request->executes && supervisor->notes && notes_execution(supervisor->notes, request, NULL, false))
			supervisor->callbacks.noted(supervisor->callbacks.context);
		if (request->executes && request->error == EFAULT)
			answer_value(supervisor, request, -EFAULT);
		else
			answer_native(supervisor, request);
	} else {
		answer_value(supervisor, request, kind == ANSWER_ERROR && error > 0 ? -error : -EACCES);
	}
	pthread_mutex_lock(&supervisor->mutex);
	drop(supervisor, request);
	pthread_mutex_unlock(&supervisor->mutex);
	return 0;
}
