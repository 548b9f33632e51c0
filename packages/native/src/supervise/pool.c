#include <signal.h>
#include <stdlib.h>

#include "worker.h"

#define WORKERS_MAX 512u
#define STACK_SIZE (256u << 10)

static void do_nothing(int number)
{
	(void)number;
}

/* The disposition of a signal belongs to the process, so one is taken that nobody has a use for. */
int wake_signal(void)
{
	for (int number = SIGRTMAX - 1; number >= SIGRTMIN; number--) {
		struct sigaction action = { .sa_handler = do_nothing }, before;

		if (sigaction(number, NULL, &before))
			continue;
		if (before.sa_handler == do_nothing)
			return number;
		if (before.sa_handler == SIG_DFL && !sigaction(number, &action, NULL))
			return number;
	}
	return 0;
}

static void enlist(struct worker *worker)
{
	worker->next = worker->supervisor->workers;
	worker->supervisor->workers = worker;
}

void pool_leave(struct worker *worker)
{
	struct supervisor *supervisor = worker->supervisor;

	for (struct worker **link = &supervisor->workers; *link; link = &(*link)->next)
		if (*link == worker) {
			*link = worker->next;
			break;
		}
	supervisor->worker_count--;
	pthread_cond_broadcast(&supervisor->gone);
}

/* Only the wake signal reaches our threads: what is meant for the program goes to the program's. */
int start_thread(pthread_t *thread, void *(*main)(void *), void *argument, bool detached)
{
	pthread_attr_t attributes;
	sigset_t all, before;

	sigfillset(&all);
	sigdelset(&all, wake_signal());
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	if (detached)
		pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(thread, &attributes, main, argument);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error;
}

static bool start_worker(struct supervisor *supervisor)
{
	struct worker *worker = supervisor->worker_count < WORKERS_MAX ? calloc(1, sizeof *worker) : NULL;

	if (!worker)
		return false;
	worker->supervisor = supervisor;
	if (start_thread(&worker->thread, supervisor->worker_main, worker, true)) {
		free(worker);
		return false;
	}
	supervisor->worker_count++;
	enlist(worker);
	return true;
}

bool supervisor_wake(struct supervisor *supervisor)
{
	if (!supervisor->idle)
		return start_worker(supervisor);
	supervisor->idle--;
	supervisor->wakes++;
	pthread_cond_signal(&supervisor->work);
	return true;
}
