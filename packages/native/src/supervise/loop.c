#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "content.h"
#include "ipc.h"
#include "kernel-notify.h"
#include "notes.h"
#include "sockets.h"
#include "worker.h"

#define IDLE_MAX 4u

/* What a parked request holds at most, and what is left for everybody else. */
#define DESCRIPTORS_EACH 8u
#define DESCRIPTORS_SPARE 256u

static void end(struct supervisor *supervisor, int error)
{
	pthread_mutex_lock(&supervisor->mutex);
	bool first = !supervisor->ended && !supervisor->stopping;
	supervisor->ended = true;
	pthread_mutex_unlock(&supervisor->mutex);
	if (first)
		supervisor->callbacks.ended(supervisor->callbacks.context, error);
}

static bool hung_up(const struct supervisor *supervisor)
{
	struct pollfd listener = { .fd = supervisor->listener };

	return poll(&listener, 1, 0) == 1 && listener.revents & (POLLHUP | POLLERR | POLLNVAL);
}

/* False: nothing more will come. */
static bool receive(struct worker *worker)
{
	struct supervisor *supervisor = worker->supervisor;
	struct seccomp_notif notification;

	memset(&notification, 0, sizeof notification);
	worker->busy_since = 0;
	if (!ioctl(supervisor->listener, SECCOMP_IOCTL_NOTIF_RECV, &notification)) {
		worker->busy_since = now();
		handle_notification(worker, &notification);
		return true;
	}
	int error = errno;
	if (error == EINTR)
		return !supervisor->stopping;
	/* ENOENT: the caller was killed first, or (Linux 6.11) there is nobody left */
	if (error == ENOENT && !hung_up(supervisor))
		return true;
	end(supervisor, error == ENOENT ? 0 : error);
	return false;
}

/* Whoever waits for the listener to be taken must not wait for ever. */
static void give_up(struct supervisor *supervisor, int error)
{
	pthread_mutex_lock(&supervisor->mutex);
	if (supervisor->channel >= 0)
		close(supervisor->channel);
	supervisor->channel = -1;
	pthread_mutex_unlock(&supervisor->mutex);
	end(supervisor, error);
}

/* Here, and not where the supervisor is started: there a program waits. */
static int complete_table(struct supervisor *supervisor)
{
	pthread_mutex_lock(&supervisor->table_mutex);
	int error = table_complete(supervisor->table);
	pthread_mutex_unlock(&supervisor->table_mutex);
	return error;
}

/* Until the lead is given away, or nothing more will come. */
static void lead(struct worker *worker)
{
	struct supervisor *supervisor = worker->supervisor;

	if (supervisor->listener < 0) {
		int error = complete_table(supervisor);

		if (!error)
			error = take_listener(supervisor);
		if (error) {
			give_up(supervisor, error == EINTR ? ECANCELED : error);
			return;
		}
	}
	while (worker->leading && receive(worker))
		;
}

/* The mutex is held; what it does it does without. False: there is nothing to do. */
static bool work(struct worker *worker)
{
	struct supervisor *supervisor = worker->supervisor;
	struct request *job = supervisor->jobs;

	if (job)
		supervisor->jobs = job->next;
	else if (!supervisor->led && !supervisor->ended)
		supervisor->led = worker->leading = true;
	else
		return false;
	pthread_mutex_unlock(&supervisor->mutex);
	if (job)
		handle_job(worker, job);
	else
		lead(worker);
	pthread_mutex_lock(&supervisor->mutex);
	if (worker->leading)
		supervisor->led = worker->leading = false;
	return true;
}

static void *worker_main(void *argument)
{
	struct worker *worker = argument;
	struct supervisor *supervisor = worker->supervisor;

	/* Working directory and mask of its own, for calls on behalf. */
	bool alone = !unshare(CLONE_FS) && !chdir("/");

	if (!alone)
		give_up(supervisor, errno);
	privileges_regain(&supervisor->privileges);
	pthread_mutex_lock(&supervisor->mutex);
	while (alone && (!supervisor->stopping || supervisor->jobs)) {
		if (work(worker))
			continue;
		if (supervisor->idle >= IDLE_MAX)
			break;
		supervisor->idle++;
		while (!supervisor->wakes && !supervisor->stopping)
			pthread_cond_wait(&supervisor->work, &supervisor->mutex);
		if (supervisor->wakes)
			supervisor->wakes--;
	}
	pool_leave(worker);
	pthread_mutex_unlock(&supervisor->mutex);
	denied_clear(&worker->denied);
	free(worker);
	return NULL;
}

static uint32_t affordable_requests(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 0;
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > UINT32_MAX)
		return UINT32_MAX;
	uint32_t all = (uint32_t)limit.rlim_cur;
	return all > DESCRIPTORS_SPARE ? (all - DESCRIPTORS_SPARE) / DESCRIPTORS_EACH : all / DESCRIPTORS_EACH / 2;
}

static void prepare_locks(struct supervisor *supervisor)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&supervisor->tick, &monotonic);
	pthread_cond_init(&supervisor->gone, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_cond_init(&supervisor->work, NULL);
	pthread_cond_init(&supervisor->let_go, NULL);
	pthread_mutex_init(&supervisor->mutex, NULL);
	pthread_mutex_init(&supervisor->table_mutex, NULL);
	pthread_mutex_init(&supervisor->places_mutex, NULL);
}

static int prepare(struct supervisor *supervisor)
{
	int error = privileges_read(&supervisor->privileges);

	supervisor->self = getpid();
	snprintf(supervisor->self_path, sizeof supervisor->self_path, "/proc/%d", supervisor->self);
	supervisor->descriptors = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	supervisor->sockets = sockets_new();
	supervisor->comparisons = comparisons_new();
	supervisor->ipc_objects = ipc_objects_new();
	supervisor->notes = supervisor->table->flags & TABLE_NOTES ? notes_new() : NULL;
	supervisor->held = supervisor->table->flags & TABLE_HELD;
	supervisor->parked_max = affordable_requests();
	if (!error && supervisor->descriptors < 0)
		error = errno;
	bool unable = supervisor->table->flags & TABLE_NOTES && !supervisor->notes;
	if (!error && (!supervisor->sockets || !supervisor->comparisons || !supervisor->ipc_objects || unable))
		error = ENOMEM;
	return error || wake_signal() ? error : EBUSY;
}

static void destroy(struct supervisor *supervisor)
{
	if (supervisor->listener >= 0)
		close(supervisor->listener);
	if (supervisor->channel >= 0)
		close(supervisor->channel);
	if (supervisor->descriptors >= 0)
		close(supervisor->descriptors);
	sockets_free(supervisor->sockets);
	comparisons_free(supervisor->comparisons);
	notes_free(supervisor->notes);
	ipc_objects_free(supervisor->ipc_objects);
	stand_in_free(supervisor);
	table_release(supervisor->table);
	free(supervisor->privileges.own.groups);
	pthread_mutex_destroy(&supervisor->mutex);
	pthread_mutex_destroy(&supervisor->table_mutex);
	pthread_mutex_destroy(&supervisor->places_mutex);
	pthread_cond_destroy(&supervisor->work);
	pthread_cond_destroy(&supervisor->tick);
	pthread_cond_destroy(&supervisor->gone);
	pthread_cond_destroy(&supervisor->let_go);
	free(supervisor);
}

static int start_threads(struct supervisor *supervisor)
{
	int error = start_thread(&supervisor->watch, watch_main, supervisor, false);

	if (error)
		return error;
	pthread_mutex_lock(&supervisor->mutex);
	bool started = supervisor_wake(supervisor);
	supervisor->stopping = !started;
	pthread_cond_signal(&supervisor->tick);
	pthread_mutex_unlock(&supervisor->mutex);
	if (!started)
		pthread_join(supervisor->watch, NULL);
	return started ? 0 : EAGAIN;
}

int supervisor_start(int channel, const uint8_t *table, size_t length, const struct supervisor_callbacks *callbacks,
		     struct supervisor **result, size_t *offset)
{
	struct supervisor *supervisor = calloc(1, sizeof *supervisor);

	if (!supervisor) {
		close(channel);
		return ENOMEM;
	}
	prepare_locks(supervisor);
	supervisor->listener = supervisor->descriptors = -1;
	supervisor->channel = channel;
	supervisor->callbacks = *callbacks;
	supervisor->worker_main = worker_main;
	int error = table_decode(table, length, &supervisor->table, offset);
	if (!error)
		error = prepare(supervisor);
	if (!error)
		error = start_threads(supervisor);
	if (error)
		destroy(supervisor);
	else
		*result = supervisor;
	return error;
}

int supervisor_extend(struct supervisor *supervisor, const uint8_t *bytes, size_t length, size_t *offset)
{
	struct table *table, *before = supervisor->table; /* only this thread replaces it */
	int error = complete_table(supervisor);

	*offset = 0;
	if (!error)
		error = table_extend(before, bytes, length, &table, offset);
	if (error)
		return error;
	pthread_mutex_lock(&supervisor->table_mutex);
	supervisor->table = table;
	pthread_mutex_unlock(&supervisor->table_mutex);
	supervisor->era = now();
	table_release(before);
	return 0;
}

void supervisor_let_go(struct supervisor *supervisor)
{
	pthread_mutex_lock(&supervisor->mutex);
	supervisor->held = false;
	pthread_cond_broadcast(&supervisor->let_go);
	pthread_mutex_unlock(&supervisor->mutex);
}

uint8_t *supervisor_notes(struct supervisor *supervisor, size_t *length)
{
	*length = 0;
	return supervisor->notes ? notes_take(supervisor->notes, length) : NULL;
}

struct supervisor_counts supervisor_count(struct supervisor *supervisor)
{
	struct supervisor_counts counts = {
		.received = supervisor->received,
		.continued = supervisor->continued,
		.performed = supervisor->performed,
		.asked = supervisor->asked,
	};

	for (int i = 0; i < REFUSALS; i++)
		counts.refused[i] = supervisor->refused[i];
	pthread_mutex_lock(&supervisor->mutex);
	counts.parked = supervisor->parked_count;
	counts.threads = supervisor->worker_count;
	pthread_mutex_unlock(&supervisor->mutex);
	return counts;
}

/*
 * A signal that comes just before a call begins to wait is lost, so they are sent until every
 * thread has ended.
 */
static void end_workers(struct supervisor *supervisor)
{
	while (supervisor->worker_count) {
		uint64_t until = now() + 2000000;
		struct timespec time = { (time_t)(until / 1000000000u), (long)(until % 1000000000u) };

		for (struct worker *worker = supervisor->workers; worker; worker = worker->next)
			pthread_kill(worker->thread, wake_signal());
		pthread_cond_broadcast(&supervisor->work);
		pthread_cond_broadcast(&supervisor->let_go);
		pthread_cond_timedwait(&supervisor->gone, &supervisor->mutex, &time);
	}
}

void supervisor_stop(struct supervisor *supervisor)
{
	if (supervisor->notes)
		notes_stop(supervisor->notes);
	pthread_mutex_lock(&supervisor->mutex);
	supervisor->stopping = true;
	pthread_cond_signal(&supervisor->tick);
	parked_clear(supervisor);
	end_workers(supervisor);
	pthread_mutex_unlock(&supervisor->mutex);
	pthread_join(supervisor->watch, NULL);
	destroy(supervisor);
}
