#include "restrict.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct thread *threads_find(struct threads *threads, pid_t tid)
{
	unsigned int count = atomic_load(&threads->count);

	for (unsigned int i = 0; i < count; i++)
		if (threads->list[i].tid == tid)
			return &threads->list[i];
	return NULL;
}

/*
 * The number behind a name, which is given from its line feed to its colon; UINT64_MAX where there
 * is none.
 */
static uint64_t status_number(const struct threads *threads, const char *name, int base)
{
	const char *line = strstr(threads->status, name);

	return line ? strtoull(line + strlen(name), NULL, base) : UINT64_MAX;
}

/* A main thread that ended before the others stays listed, as a zombie. */
bool thread_lives(struct threads *threads, const struct thread *thread)
{
	ssize_t length = pread(thread->status, threads->status, STATUS_MAX - 1, 0);

	threads->status[length > 0 ? length : 0] = '\0';
	const char *state = strstr(threads->status, "\nState:\t");
	return state && state[8] != 'Z' && state[8] != 'X';
}

/* A place for a thread, or NULL with errno. Handlers see it when it is counted. */
static struct thread *place(struct threads *threads, struct thread *former)
{
	if (former) { /* its number is used anew */
		close(former->status);
		return former;
	}
	if (threads->count < THREADS_MAX)
		return &threads->list[threads->count];
	errno = E2BIG;
	return NULL;
}

/* 0, or -1 with errno. */
static int note(struct threads *threads, const char *name)
{
	pid_t tid = (pid_t)strtol(name, NULL, 10);
	struct thread *former = threads_find(threads, tid);
	char path[sizeof "2147483647/status"];

	if (former && thread_lives(threads, former))
		return 0;
	if (strlen(name) > sizeof "2147483647" - 1)
		return 0;
	strcat(strcpy(path, name), "/status");
	int status = openat(dirfd(threads->tasks), path, O_RDONLY | O_CLOEXEC);
	if (status < 0)
		return errno == ENOENT || errno == ESRCH ? 0 : -1; /* it has ended */
	struct thread *thread = place(threads, former);
	if (!thread) {
		close(status);
		return -1;
	}
	thread->tid = tid;
	thread->status = status;
	atomic_store(&thread->state, tid == threads->self ? THREAD_RESTRICTED : THREAD_FOUND);
	if (!former)
		atomic_fetch_add(&threads->count, 1);
	return 0;
}

int threads_scan(struct threads *threads, struct failure *failure)
{
	struct dirent *entry;

	rewinddir(threads->tasks);
	while ((entry = readdir(threads->tasks)))
		if (entry->d_name[0] != '.' && note(threads, entry->d_name))
			return failed(failure, STEP_THREADS, 0, errno);
	const struct thread *self = threads_find(threads, threads->self);
	return self && thread_lives(threads, self) ? 0 : failed(failure, STEP_THREADS, 0, ESRCH);
}

bool threads_are_restricted(struct threads *threads)
{
	const struct thread *self = threads_find(threads, threads->self);
	uint64_t restricted = 0;

	for (unsigned int i = 0; i < threads->count; i++) {
		const struct thread *thread = &threads->list[i];
		bool is_main = thread->tid == getpid();

		if (atomic_load(&thread->state) == THREAD_RESTRICTED || (is_main && !thread_lives(threads, thread)))
			restricted++;
	}
	return self && thread_lives(threads, self) && status_number(threads, "\nThreads:", 10) == restricted;
}

/*
 * A thread blocks the signal for an instant while it starts another; one that goes on doing so is
 * out of reach.
 */
static bool is_reachable(struct threads *threads, const struct thread *thread)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	for (int i = 0; i < 1000 && thread_lives(threads, thread); i++) {
		if (!(status_number(threads, "\nSigBlk:", 16) >> (BROADCAST_SIGNAL - 1) & 1))
			return true;
		nanosleep(&pause, NULL);
	}
	return !thread_lives(threads, thread);
}

static uint64_t filters_of(const struct threads *threads)
{
	return status_number(threads, "\nSeccomp_filters:", 10);
}

static uint64_t filters_of_self(struct threads *threads)
{
	const struct thread *self = threads_find(threads, threads->self);

	return self && thread_lives(threads, self) ? filters_of(threads) : UINT64_MAX;
}

/* Filters can be given to all threads only where all have the same ones already. */
static int check(struct threads *threads, struct failure *failure)
{
	uint64_t filters = filters_of_self(threads);

	for (unsigned int i = 0; i < threads->count; i++) {
		const struct thread *thread = &threads->list[i];

		if (!is_reachable(threads, thread))
			return failed(failure, STEP_THREADS, (uint32_t)thread->tid, EBUSY);
		if (thread_lives(threads, thread) && filters_of(threads) != filters)
			return failed(failure, STEP_THREADS, (uint32_t)thread->tid, EBUSY);
	}
	return 0;
}

struct threads *threads_open(struct failure *failure)
{
	struct threads *threads = calloc(1, sizeof *threads);

	if (!threads) {
		failed(failure, STEP_THREADS, 0, ENOMEM);
		return NULL;
	}
	threads->self = gettid();
	threads->tasks = opendir("/proc/self/task");
	if (!threads->tasks)
		failed(failure, STEP_THREADS, 0, errno);
	else if (threads_scan(threads, failure) >= 0 && !check(threads, failure))
		return threads;
	threads_close(threads);
	return NULL;
}

void threads_close(struct threads *threads)
{
	for (unsigned int i = 0; i < threads->count; i++)
		close(threads->list[i].status);
	if (threads->tasks)
		closedir(threads->tasks);
	free(threads);
}

int threads_verify(struct threads *threads, struct failure *failure)
{
	uint64_t filters = filters_of_self(threads);

	for (unsigned int i = 0; i < threads->count; i++) {
		const struct thread *thread = &threads->list[i];

		if (!thread_lives(threads, thread))
			continue;
		if (status_number(threads, "\nNoNewPrivs:", 10) != 1 || filters_of(threads) != filters)
			return failed(failure, STEP_THREADS, (uint32_t)thread->tid, EPERM);
	}
	return 0;
}
