/* One request from its notification to its answer, or until it is parked. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "further.h"
#include "kernel-notify.h"
#include "notes.h"
#include "worker.h"

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static struct table *hold_table(struct supervisor *supervisor)
{
	pthread_mutex_lock(&supervisor->table_mutex);
	struct table *table = table_hold(supervisor->table);
	pthread_mutex_unlock(&supervisor->table_mutex);
	return table;
}

/* From here on the thread has the caller's rights; until lower_back. */
static enum verdict lower(struct worker *worker, struct request *request)
{
	const struct privileges *privileges = &worker->supervisor->privileges;

	request->restricted = is_restricted_further(worker->supervisor, request->caller.thread);
	if (!privileges->any)
		return VERDICT_GO_ON;
	int error = request->caller.process ? 0 : caller_look(&request->caller);
	/* Capabilities in a user namespace that the caller has made are none in ours. */
	if (caller_namespace(request->caller.thread, "user") != NAMESPACE_OURS)
		request->caller.credentials.capabilities = 0;
	if (!error)
		error = privileges_lower(privileges, &request->caller.credentials, &worker->lowered);
	return error ? fail_with(request, EACCES) : VERDICT_GO_ON;
}

static void lower_back(struct worker *worker)
{
	privileges_resume(&worker->supervisor->privileges, &worker->lowered);
}

static bool judges_place(const struct worker *worker, const struct request *request)
{
	return request->operation->places && worker->table->judges_places;
}

/* What the kernel must not do by itself is done here, or fails as it would there. */
static enum verdict keep_place(const struct worker *worker, const struct request *request, enum verdict verdict)
{
	if (verdict != VERDICT_NATIVE || !judges_place(worker, request))
		return verdict;
	return request->error ? VERDICT_FAIL : VERDICT_PERFORM;
}

static enum verdict find_and_judge(struct worker *worker, struct request *request)
{
	enum verdict verdict = request->operation->find(worker, request);

	if (verdict == VERDICT_GO_ON)
		verdict = request->operation->judge(worker, request);
	return keep_place(worker, request, verdict);
}

/* Another thread takes over receiving, and the watch ends the call when its caller is gone. */
static bool enter_blocking(struct worker *worker, const struct request *request)
{
	struct supervisor *supervisor = worker->supervisor;
	bool possible = true;

	pthread_mutex_lock(&supervisor->mutex);
	if (worker->leading) {
		possible = supervisor_wake(supervisor);
		if (possible)
			supervisor->led = worker->leading = false;
	}
	if (possible) {
		worker->blocked_for = request->caller.thread;
		worker->blocked_on = request->id;
		pthread_cond_signal(&supervisor->tick);
	}
	pthread_mutex_unlock(&supervisor->mutex);
	return possible;
}

static void leave_blocking(struct worker *worker)
{
	pthread_mutex_lock(&worker->supervisor->mutex);
	worker->blocked_on = 0;
	pthread_mutex_unlock(&worker->supervisor->mutex);
}

/* This thread has a mask of its own (CLONE_FS is not shared). */
static int take_umask(struct request *request)
{
	int error = request->caller.process ? 0 : caller_look(&request->caller);

	if (!error)
		umask(request->caller.umask);
	return error;
}

static long perform(struct worker *worker, struct request *request)
{
	const struct operation *operation = request->operation;
	bool blocks = operation->may_block && operation->may_block(request);
	long result = operation->makes && operation->makes(request) ? take_umask(request) : 0;

	if (result)
		return result;
	if (blocks && !enter_blocking(worker, request)) {
		worker->supervisor->refused[REFUSED_THREADS]++;
		return -EAGAIN;
	}
	result = operation->perform(worker, request);
	if (blocks)
		leave_blocking(worker);
	return result;
}

/*
 * What is where may have changed since it was judged, by another request: here nothing else is moved. What somebody
 * has answered for stays answered.
 */
static long perform_in_place(struct worker *worker, struct request *request)
{
	pthread_mutex_t *mutex = &worker->supervisor->places_mutex;
	enum verdict verdict = VERDICT_PERFORM;

	if (!judges_place(worker, request))
		return perform(worker, request);
	pthread_mutex_lock(mutex);
	if (!request->ticket)
		verdict = find_and_judge(worker, request);
	long result = verdict == VERDICT_PERFORM ? perform(worker, request) :
		      verdict == VERDICT_FAIL	 ? -request->error :
						   -EACCES;
	pthread_mutex_unlock(mutex);
	return result;
}

/* What we would do is more than the kernel's rules for this caller may allow. */
static void refer_to_kernel(const struct worker *worker, const struct request *request)
{
	if (judges_place(worker, request))
		answer_value(worker->supervisor, request, -EACCES);
	else
		answer_native(worker->supervisor, request);
}

static void carry_out(struct worker *worker, struct request *request)
{
	struct supervisor *supervisor = worker->supervisor;

	/* All that was copied is of this caller only if it still waits. */
	if (!request_is_valid(supervisor, request->id))
		return;
	if (request->restricted && request->operation->kernel_decides && !request->stands_in) {
		refer_to_kernel(worker, request);
		return;
	}
	long result = perform_in_place(worker, request);
	supervisor->performed++;
	if (result == PERFORMED_NATIVE)
		answer_native(supervisor, request);
	else if (request->result >= 0)
		answer_descriptor(supervisor, request, request->result, request->flags & O_CLOEXEC);
	else
		answer_value(supervisor, request, result);
}

static void count_failure(struct supervisor *supervisor, int error)
{
	if (error == EMFILE || error == ENFILE)
		supervisor->refused[REFUSED_DESCRIPTORS]++;
}

/* Where its memory or its descriptors are out of our reach, copying fails so. (ESRCH is for what has ended.) */
static void count_unreadable(struct supervisor *supervisor, int error)
{
	if (error == EPERM || error == EACCES)
		supervisor->refused[REFUSED_UNREADABLE]++;
}

static bool moves_names(const struct request *request)
{
	return request->operation->kind == OPERATION_RENAME || request->operation->kind == OPERATION_SYMLINK;
}

/* With our own rights again: the caller's may not look into it. What cannot be noted does not happen. */
static enum verdict note(struct worker *worker, struct request *request, enum verdict verdict)
{
	struct supervisor *supervisor = worker->supervisor;
	bool executes = verdict == VERDICT_NATIVE && request->executes;
	bool reaches = verdict == VERDICT_PERFORM && request->reaches, first;

	if (!supervisor->notes || !(executes || reaches))
		return verdict;
	if (executes) {
		char *given = given_path(worker, &request->names[0]);

		lower_back(worker);
		first = notes_execution(supervisor->notes, request, given, true);
		free(given);
	} else {
		first = notes_socket(supervisor->notes, request, true);
	}
	if (first)
		supervisor->callbacks.noted(supervisor->callbacks.context);
	return executes && request->error == EFAULT ? VERDICT_FAIL : verdict;
}

/* True when the request is parked, and no longer ours. */
static bool act(struct worker *worker, struct request *request, enum verdict verdict)
{
	struct supervisor *supervisor = worker->supervisor;

	if (moves_names(request))
		supervisor->era = now();
	switch (verdict) {
	case VERDICT_NATIVE:
		count_failure(supervisor, request->error);
		answer_native(supervisor, request);
		return false;
	case VERDICT_PERFORM:
		carry_out(worker, request);
		return false;
	case VERDICT_ASK:
		park(worker, request);
		return true;
	default:
		count_failure(supervisor, request->error);
		answer_value(supervisor, request, -request->error);
		return false;
	}
}

static bool handle(struct worker *worker, struct request *request)
{
	enum verdict verdict = keep_place(worker, request, request->operation->copy(worker, request));

	count_unreadable(worker->supervisor, request->error);
	if (verdict != VERDICT_GO_ON)
		return act(worker, request, verdict);
	verdict = lower(worker, request);
	if (verdict == VERDICT_GO_ON)
		verdict = find_and_judge(worker, request);
	verdict = note(worker, request, verdict);
	bool parked = act(worker, request, verdict);
	lower_back(worker);
	return parked;
}

/* What is not trapped by our filter, or of another architecture, cannot be known here. */
static bool understood(struct request *request, const struct seccomp_notif *notification)
{
	request->id = notification->id;
	request->number = notification->data.nr;
	request->caller.thread = (pid_t)notification->pid;
	for (int i = 0; i < 6; i++)
		request->args[i] = notification->data.args[i];
	request->operation = operation_of(request->number);
	return notification->data.arch == NATIVE_ARCHITECTURE && request->operation;
}

void handle_notification(struct worker *worker, const struct seccomp_notif *notification)
{
	struct supervisor *supervisor = worker->supervisor;
	struct request *request = request_new();

	supervisor->received++;
	if (!request || !understood(request, notification)) {
		answer_value(supervisor, &(struct request){ .id = notification->id }, request ? -ENOSYS : -ENOMEM);
		request_free(request);
		return;
	}
	worker->table = hold_table(supervisor);
	if (!handle(worker, request))
		request_free(request);
	table_release(worker->table);
}

void handle_job(struct worker *worker, struct request *request)
{
	if (request->answered) {
		request_free(request);
		return;
	}
	if (moves_names(request))
		worker->supervisor->era = now();
	worker->table = hold_table(worker->supervisor);
	if (lower(worker, request) == VERDICT_GO_ON)
		carry_out(worker, request);
	else
		answer_value(worker->supervisor, request, -EACCES);
	lower_back(worker);
	request_free(request);
	table_release(worker->table);
}
