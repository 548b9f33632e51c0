#include "ipc.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

#define OBJECTS_MAX 65536u

struct ipc_object {
	enum shared_object kind;
	int id;
};

struct ipc_objects {
	pthread_mutex_t mutex;
	struct ipc_object *all;
	size_t count, room;
};

struct ipc_objects *ipc_objects_new(void)
{
	struct ipc_objects *objects = calloc(1, sizeof *objects);

	if (objects)
		pthread_mutex_init(&objects->mutex, NULL);
	return objects;
}

void ipc_objects_free(struct ipc_objects *objects)
{
	if (!objects)
		return;
	pthread_mutex_destroy(&objects->mutex);
	free(objects->all);
	free(objects);
}

/* False for what is gone. What may not be looked at is there. */
static bool is_there(struct ipc_object object)
{
	struct shmid_ds memory;
	struct msqid_ds queue;
	struct semid_ds semaphores;
	int error = 0;

	switch (object.kind) {
	case SHARED_MEMORY:
		error = shmctl(object.id, IPC_STAT, &memory);
		break;
	case SHARED_QUEUE:
		error = msgctl(object.id, IPC_STAT, &queue);
		break;
	case SHARED_SEMAPHORES:
		error = semctl(object.id, 0, IPC_STAT, &semaphores);
		break;
	}
	return !error || (errno != EINVAL && errno != EIDRM);
}

/* The mutex is held, here and in the next three. */
static struct ipc_object *find(struct ipc_objects *objects, struct ipc_object object)
{
	for (size_t i = 0; i < objects->count; i++)
		if (objects->all[i].kind == object.kind && objects->all[i].id == object.id)
			return &objects->all[i];
	return NULL;
}

static void forget(struct ipc_objects *objects, struct ipc_object *object)
{
	*object = objects->all[--objects->count];
}

static bool make_room(struct ipc_objects *objects)
{
	for (size_t i = objects->count; i-- > 0;)
		if (!is_there(objects->all[i]))
			forget(objects, &objects->all[i]);
	if (objects->count < objects->room / 2)
		return true;
	size_t room = objects->room ? 2 * objects->room : 16;
	struct ipc_object *all = room <= OBJECTS_MAX ? realloc(objects->all, room * sizeof *all) : NULL;
	if (!all)
		return objects->count < objects->room;
	objects->all = all;
	objects->room = room;
	return true;
}

static bool note(struct ipc_objects *objects, struct ipc_object object)
{
	pthread_mutex_lock(&objects->mutex);
	bool noted = find(objects, object);
	if (!noted && (objects->count < objects->room || make_room(objects))) {
		objects->all[objects->count++] = object;
		noted = true;
	}
	pthread_mutex_unlock(&objects->mutex);
	return noted;
}

/* Memory says who made it: a number that came again, after somebody outside removed ours, is known by that. */
static bool is_own(struct ipc_objects *objects, struct ipc_object object)
{
	struct shmid_ds memory;

	pthread_mutex_lock(&objects->mutex);
	bool noted = find(objects, object);
	pthread_mutex_unlock(&objects->mutex);
	if (!noted || object.kind != SHARED_MEMORY)
		return noted;
	return !shmctl(object.id, IPC_STAT, &memory) && memory.shm_cpid == getpid();
}

/* Memory that is removed lives, and can be attached, as long as somebody has it; the others are gone. */
static void note_removal(struct ipc_objects *objects, struct ipc_object object)
{
	if (object.kind == SHARED_MEMORY)
		return;
	pthread_mutex_lock(&objects->mutex);
	struct ipc_object *noted = find(objects, object);
	if (noted)
		forget(objects, noted);
	pthread_mutex_unlock(&objects->mutex);
}

static enum shared_object kind_of(int number)
{
	switch (number) {
	case SYS_shmget:
	case SYS_shmat:
	case SYS_shmctl:
		return SHARED_MEMORY;
	case SYS_msgget:
	case SYS_msgsnd:
	case SYS_msgrcv:
	case SYS_msgctl:
		return SHARED_QUEUE;
	default:
		return SHARED_SEMAPHORES;
	}
}

/* What a process has in a namespace of its own is its own. */
static enum verdict copy_ipc(struct worker *worker, struct request *request)
{
	(void)worker;
	return caller_namespace(request->caller.thread, "ipc") == NAMESPACE_OTHER ? VERDICT_NATIVE : VERDICT_GO_ON;
}

/* Which one is not told: a program may try all numbers that there are. */
static enum verdict refuse_object(struct request *request)
{
	request->flags = kind_of(request->number);
	request->reason = REASON_OUTSIDE;
	return VERDICT_ASK;
}

/* The number of an object, or -1 with errno. Queues have no size. */
static int get(const struct request *request, int flags)
{
	key_t key = (key_t)request->args[0];

	switch (kind_of(request->number)) {
	case SHARED_MEMORY:
		return shmget(key, (size_t)request->args[1], flags);
	case SHARED_QUEUE:
		return msgget(key, flags);
	default:
		return semget(key, (int)request->args[1], flags);
	}
}

static long make(struct ipc_objects *objects, const struct request *request, int flags)
{
	struct ipc_object object = { kind_of(request->number), get(request, flags | IPC_CREAT | IPC_EXCL) };

	if (object.id < 0)
		return -errno;
	if (note(objects, object))
		return object.id;
	if (object.kind == SHARED_MEMORY)
		shmctl(object.id, IPC_RMID, NULL);
	else if (object.kind == SHARED_QUEUE)
		msgctl(object.id, IPC_RMID, NULL);
	else
		semctl(object.id, 0, IPC_RMID);
	return -ENOSPC;
}

/* Made here already: only then it is known whether there was one, and whose. */
static enum verdict judge_get(struct worker *worker, struct request *request)
{
	struct ipc_objects *objects = worker->supervisor->ipc_objects;
	int flags = (int)request->args[request->number == SYS_msgget ? 1 : 2];
	bool makes = (key_t)request->args[0] == IPC_PRIVATE || flags & IPC_CREAT;

	if (!request_is_valid(worker->supervisor, request->id))
		return fail_with(request, EACCES);
	request->made = makes ? make(objects, request, flags) : -EEXIST;
	if (request->made != -EEXIST || (makes && flags & IPC_EXCL))
		return VERDICT_PERFORM;
	struct ipc_object object = { kind_of(request->number), get(request, flags & ~(IPC_CREAT | IPC_EXCL)) };
	request->made = object.id < 0 ? -errno : object.id;
	return object.id < 0 || is_own(objects, object) ? VERDICT_PERFORM : refuse_object(request);
}

static long perform_get(struct worker *worker, struct request *request)
{
	(void)worker;
	return request->made;
}

const struct operation operation_ipc_get = {
	.kind = OPERATION_SHARE,
	.copy = copy_ipc,
	.find = find_nothing,
	.judge = judge_get,
	.perform = perform_get,
};

/* Limits and totals of the system, which no object is named for. */
static bool asks_for_totals(const struct request *request, int command)
{
	switch (request->number) {
	case SYS_shmctl:
		return command == IPC_INFO || command == SHM_INFO;
	case SYS_msgctl:
		return command == IPC_INFO || command == MSG_INFO;
	default:
		return command == IPC_INFO || command == SEM_INFO;
	}
}

static bool is_control(int number)
{
	return number == SYS_shmctl || number == SYS_msgctl || number == SYS_semctl;
}

/* By a place instead of a number: SHM_STAT and its like. */
static bool asks_for_place(const struct request *request, int command)
{
	switch (request->number) {
	case SYS_shmctl:
		return command == SHM_STAT || command == SHM_STAT_ANY;
	case SYS_msgctl:
		return command == MSG_STAT || command == MSG_STAT_ANY;
	default:
		return command == SEM_STAT || command == SEM_STAT_ANY;
	}
}

/* Whether there is one that the caller may look at: else it would be refused without a sandbox as well. */
static bool is_the_users(struct ipc_object object)
{
	struct shmid_ds memory;
	struct msqid_ds queue;
	struct semid_ds semaphores;

	switch (object.kind) {
	case SHARED_MEMORY:
		return !shmctl(object.id, IPC_STAT, &memory);
	case SHARED_QUEUE:
		return !msgctl(object.id, IPC_STAT, &queue);
	default:
		return !semctl(object.id, 0, IPC_STAT, &semaphores);
	}
}

/* The number stands in a register, so that nobody can change it after it was judged. */
static enum verdict judge_use(struct worker *worker, struct request *request)
{
	struct ipc_objects *objects = worker->supervisor->ipc_objects;
	struct ipc_object object = { kind_of(request->number), (int)request->args[0] };
	int command = (int)request->args[request->number == SYS_semctl ? 2 : 1];
	bool control = is_control(request->number);

	if (control && asks_for_totals(request, command))
		return VERDICT_NATIVE;
	if (control && asks_for_place(request, command)) /* the number of an object of ours may stand for another's place */
		return fail_with(request, EACCES);
	if (!is_own(objects, object))
		return is_the_users(object) ? refuse_object(request) : fail_with(request, EACCES);
	if (control && command == IPC_RMID)
		note_removal(objects, object);
	return VERDICT_NATIVE;
}

const struct operation operation_ipc_use = {
	.kind = OPERATION_SHARE,
	.copy = copy_ipc,
	.find = find_nothing,
	.judge = judge_use,
};
