#include <signal.h>
#include <stdlib.h>

#include "worker.h"

#define MILLISECONDS 1000000ull

/*
 * How often it looks while a call may block, while requests wait, and else; and how long a leader
 * may take over one request.
 */
#define PERIOD_BLOCKED (20 * MILLISECONDS)
#define PERIOD_PARKED (100 * MILLISECONDS)
#define PERIOD_QUIET (500 * MILLISECONDS)
#define HELD_UP (250 * MILLISECONDS)

/*
 * A call that waits ends when its caller is gone, or when a signal of its own would have ended it.
 */
static bool is_to_end(const struct supervisor *supervisor, const struct worker *worker)
{
	struct caller caller = { .thread = worker->blocked_for };

	if (!request_is_valid(supervisor, worker->blocked_on))
		return true;
	bool pending = !caller_look(&caller) && caller.pending;
	free(caller.credentials.groups);
	return pending;
}

/* A signal that comes just before the call begins to wait is lost: the next round sends another. */
static bool review_workers(struct supervisor *supervisor)
{
	bool blocked = false;
	uint64_t time = now();

	for (struct worker *worker = supervisor->workers; worker; worker = worker->next) {
		uint64_t since = worker->busy_since;

		if (worker->blocked_on) {
			blocked = true;
			if (is_to_end(supervisor, worker))
				pthread_kill(worker->thread, wake_signal());
		}
		if (worker->leading && since && time > since + HELD_UP && supervisor_wake(supervisor))
			supervisor->led = worker->leading = false;
	}
	return blocked;
}

static void wait_for(struct supervisor *supervisor, uint64_t period)
{
	uint64_t until = now() + period;
	struct timespec time = { (time_t)(until / 1000000000u), (long)(until % 1000000000u) };

	pthread_cond_timedwait(&supervisor->tick, &supervisor->mutex, &time);
}

void *watch_main(void *argument)
{
	struct supervisor *supervisor = argument;

	pthread_mutex_lock(&supervisor->mutex);
	while (!supervisor->stopping) {
		bool blocked = review_workers(supervisor);

		parked_review(supervisor);
		wait_for(supervisor, blocked ? PERIOD_BLOCKED : supervisor->parked ? PERIOD_PARKED : PERIOD_QUIET);
	}
	pthread_mutex_unlock(&supervisor->mutex);
	return NULL;
}
