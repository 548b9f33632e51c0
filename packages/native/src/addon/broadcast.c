/*
 * Below Landlock ABI 8 each thread has to restrict itself, so each is sent a signal whose handler
 * does it. Only one signal reaches all of them: 33, which glibc keeps for setuid(2) and leaves out
 * of every mask. Runtimes have threads that block all others (Node: the inspector's).
 *
 * A thread that has restricted itself waits in the handler for the others. So nobody but free
 * threads can start new ones, and when there are no more threads than have restricted themselves,
 * none is free. Until then no lock may be taken here, nor memory: who waits may hold what they need.
 */
#include "restrict.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "../../include/kernel.h"

#define PATIENCE_SECONDS 10

struct call {
	struct threads *threads;
	const struct restriction *restriction;
	struct kernel_sigaction libc; /* what the signal did before */
	uint32_t number;              /* of this call, among all of this process */
};

/* Static, because a handler is given nothing of ours; atomic, because the handlers of all threads read it. */
static _Atomic(const struct call *) current;

/*
 * The number of the call in whose handlers threads wait. Static, because they still read it when
 * the call has returned.
 */
static atomic_uint awaited;

static void await_end(uint32_t number)
{
	while (atomic_load(&awaited) == number)
		syscall(SYS_futex, &awaited, FUTEX_WAIT_PRIVATE, number, NULL, NULL, 0);
}

static void end(struct call *call)
{
	atomic_store(&current, NULL);
	atomic_store(&awaited, call->number + 1);
	syscall(SYS_futex, &awaited, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void restrict_here(const struct call *call, struct thread *thread)
{
	uint32_t number = call->number;
	int result = thread_restrict(call->restriction, &thread->failure);

	atomic_store(&thread->state, result ? THREAD_FAILED : THREAD_RESTRICTED);
	await_end(number); /* from here on neither call nor thread may be there any more */
}

/* Runs in a handler, on the thread that is to be restricted. */
static void answer(int number, siginfo_t *info, void *context)
{
	int error = errno;
	const struct call *call = atomic_load(&current);
	struct thread *thread = call ? threads_find(call->threads, gettid()) : NULL;

	/* A thread calls setuid(2) at this moment, and waits for what libc does in its handler. */
	if (call && info->si_code == SI_TKILL)
		((void (*)(int, siginfo_t *, void *))call->libc.handler)(number, info, context);
	else if (thread && atomic_load(&thread->state) == THREAD_CALLED)
		restrict_here(call, thread);
	errno = error;
}

static int action_set(const struct kernel_sigaction *action)
{
	return (int)syscall(SYS_rt_sigaction, BROADCAST_SIGNAL, action, NULL, sizeof action->mask);
}

/*
 * libc refuses to set this action, so it is changed in the kernel's own form, keeping libc's way to
 * return from it.
 */
static int listen(struct call *call)
{
	if (syscall(SYS_rt_sigaction, BROADCAST_SIGNAL, NULL, &call->libc, sizeof call->libc.mask))
		return errno;
	if (call->libc.handler == SIG_DFL || call->libc.handler == SIG_IGN)
		return EOPNOTSUPP; /* threads that are not libc's */
	struct kernel_sigaction action = call->libc;
	action.handler = (void *)answer;
	action.flags |= SA_SIGINFO | SA_RESTART | SA_ONSTACK;
	action.mask = UINT64_MAX;
	atomic_store(&current, call);
	return action_set(&action) ? errno : 0;
}

/*
 * SI_QUEUE: libc's handler, were it ever to see the signal, passes over it. Once is enough, and the
 * most: a real-time signal is queued as often as it is sent. ESRCH: the thread has ended.
 */
static int call_one(struct thread *thread)
{
	siginfo_t info = { .si_signo = BROADCAST_SIGNAL, .si_code = SI_QUEUE };

	info.si_pid = getpid();
	info.si_uid = getuid();
	atomic_store(&thread->state, THREAD_CALLED);
	if (syscall(SYS_rt_tgsigqueueinfo, getpid(), thread->tid, BROADCAST_SIGNAL, &info) && errno != ESRCH)
		return errno;
	return 0;
}

static int sleep_until(const struct timespec *end)
{
	const struct timespec pause = { .tv_nsec = 50000 };
	struct timespec now;

	nanosleep(&pause, NULL);
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec >= end->tv_sec ? ETIMEDOUT : 0;
}

/* 0 when the thread is restricted or has ended. */
static int await_one(struct threads *threads, struct thread *thread, const struct timespec *end)
{
	while (atomic_load(&thread->state) == THREAD_CALLED && thread_lives(threads, thread))
		if (sleep_until(end))
			return ETIMEDOUT;
	return atomic_load(&thread->state) == THREAD_FAILED ? thread->failure.error : 0;
}

static int call_all(struct threads *threads, const struct timespec *end, struct failure *failure)
{
	int error = 0;

	for (unsigned int i = 0; i < threads->count && !error; i++)
		if (atomic_load(&threads->list[i].state) == THREAD_FOUND)
			error = call_one(&threads->list[i]);
	for (unsigned int i = 0; i < threads->count && !error; i++)
		error = await_one(threads, &threads->list[i], end);
	return error ? failed(failure, STEP_THREADS, 0, error) : 0;
}

static int call_until_none(struct threads *threads, struct failure *failure)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += PATIENCE_SECONDS;
	for (;;) {
		if (call_all(threads, &end, failure))
			return -1;
		if (threads_are_restricted(threads))
			return 0;
		if (sleep_until(&end))
			return failed(failure, STEP_THREADS, 0, ETIMEDOUT);
		if (threads_scan(threads, failure))
			return -1;
	}
}

int broadcast(struct threads *threads, const struct restriction *restriction, struct failure *failure)
{
	struct call call = { .threads = threads, .restriction = restriction, .number = atomic_load(&awaited) };

	if (threads_are_restricted(threads))
		return 0;
	int error = listen(&call);
	if (error)
		return failed(failure, STEP_THREADS, 0, error);
	int result = call_until_none(threads, failure);
	action_set(&call.libc);
	end(&call);
	return result;
}
