/*
 * ipc make KEY: makes shared memory (that says "secret"), a queue and a semaphore under KEY and prints their numbers.
 * ipc take KEY MEMORY QUEUE SEMAPHORE: tries to get at each, by key and by number, and prints what was gotten.
 * ipc own KEY: makes some of its own, shares them with a child, removes them; prints what went wrong.
 * ipc remove MEMORY QUEUE SEMAPHORE
 * ipc queue NAME: removes a POSIX queue; prints 0 or an errno.
 * ipc set PID: sets limits, priorities and processors of PID, which is the sandbox's own; ends with what went wrong.
 * ipc slow PID: lowers the priorities and processors of PID; prints which calls succeeded.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int make(key_t key)
{
	int memory = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600), queue = msgget(key, IPC_CREAT | IPC_EXCL | 0600),
	    semaphore = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);

	strcpy(shmat(memory, NULL, 0), "secret");
	printf("%d %d %d\n", memory, queue, semaphore);
	return 0;
}

static int remove_all(int memory, int queue, int semaphore)
{
	int failed = shmctl(memory, IPC_RMID, NULL);

	failed |= msgctl(queue, IPC_RMID, NULL);
	return failed | semctl(semaphore, 0, IPC_RMID) ? 1 : 0;
}

static int take(key_t key, int memory, int queue, int semaphore)
{
	struct msgbuf message = { .mtype = 1 };
	struct sembuf up = { .sem_op = 1, .sem_flg = IPC_NOWAIT };
	struct shmid_ds about;

	if (shmget(key, 0, 0) >= 0 || shmget(key, 4096, IPC_CREAT | 0600) >= 0)
		printf("memory by key\n");
	if (shmat(memory, NULL, SHM_RDONLY) != (void *)-1)
		printf("memory\n");
	if (!shmctl(memory, IPC_STAT, &about) || shmctl(memory & 0x7fff, SHM_STAT, &about) >= 0)
		printf("what memory there is\n");
	if (msgget(key, 0) >= 0 || msgget(key, IPC_CREAT | 0600) >= 0)
		printf("queue by key\n");
	if (!msgsnd(queue, &message, 1, IPC_NOWAIT) || msgrcv(queue, &message, 1, 0, IPC_NOWAIT) >= 0)
		printf("queue\n");
	if (semget(key, 1, 0) >= 0 || semget(key, 1, IPC_CREAT | 0600) >= 0)
		printf("semaphore by key\n");
	if (!semop(semaphore, &up, 1) || semctl(semaphore, 0, GETVAL) >= 0)
		printf("semaphore\n");
	if (!remove_all(memory, queue, semaphore))
		printf("removed\n");
	return 0;
}

static int use_memory(key_t key)
{
	int id = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600), again = shmget(key, 0, 0);
	char *here = shmat(id, NULL, 0);

	if (id < 0 || here == (void *)-1 || (key != IPC_PRIVATE && again != id))
		return 1;
	if (!fork()) {
		char *there = shmat(id, NULL, 0);

		if (there != (void *)-1)
			strcpy(there, "told");
		_exit(0);
	}
	wait(NULL);
	if (strcmp(here, "told") || shmctl(id, IPC_RMID, NULL))
		return 2;
	return shmat(id, NULL, 0) == (void *)-1 ? 3 : 0; /* as long as somebody has it */
}

static int use_queue(key_t key)
{
	int id = msgget(key, IPC_CREAT | 0600);
	struct msgbuf message = { .mtype = 1, .mtext = "x" };

	if (id < 0 || msgsnd(id, &message, 1, 0) || msgrcv(id, &message, 1, 0, 0) != 1)
		return 1;
	return msgctl(id, IPC_RMID, NULL) || !msgsnd(id, &message, 1, 0) ? 2 : 0;
}

static int use_semaphore(key_t key)
{
	int id = semget(key, 2, IPC_CREAT | 0600);
	struct sembuf up = { .sem_num = 1, .sem_op = 2 }, down = { .sem_num = 1, .sem_op = -1 };
	struct timespec second = { 1, 0 };

	if (id < 0 || semop(id, &up, 1) || semtimedop(id, &down, 1, &second) || semctl(id, 1, GETVAL) != 1)
		return 1;
	return semctl(id, 0, IPC_RMID) ? 2 : 0;
}

static int own(key_t key)
{
	for (int round = 0; round < 100; round++) {
		key_t used = round % 2 ? key : IPC_PRIVATE;
		int memory = use_memory(used), queue = use_queue(used), semaphore = use_semaphore(used);

		if (memory || queue || semaphore) {
			printf("%d %d %d %s\n", memory, queue, semaphore, strerror(errno));
			return 1;
		}
	}
	return 0;
}

/* Priorities above those of an ordinary process are nobody's to give; lower ones are. */
static int slow(pid_t process)
{
	struct sched_param batch = { 0 };
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (!setpriority(PRIO_PROCESS, (id_t)process, 5))
		printf("setpriority\n");
	if (!syscall(SYS_ioprio_set, 1, process, 3 << 13)) /* IOPRIO_WHO_PROCESS, IOPRIO_CLASS_IDLE */
		printf("ioprio_set\n");
	if (!sched_setscheduler(process, SCHED_BATCH, &batch))
		printf("sched_setscheduler\n");
	if (!sched_setaffinity(process, sizeof first, &first))
		printf("sched_setaffinity\n");
	if (!setpriority(PRIO_USER, 0, 1))
		printf("setpriority of the user\n");
	return 0;
}

/* As the kernel does it, of another process: what was set before comes back, and mistakes are told as such. */
static int set(pid_t process)
{
	struct rlimit first = { 30, 40 }, second = { 20, 40 }, before = { 0, 0 };
	struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t more[3]; } attributes = {
		.size = 48, .policy = SCHED_BATCH, .nice = 19,
	};
	struct sched_param other = { 0 }, wrong = { 5 };
	cpu_set_t processors;

	if (prlimit(process, RLIMIT_NOFILE, &first, NULL) || prlimit(process, RLIMIT_NOFILE, &second, &before))
		return 1;
	if (before.rlim_cur != 30 || before.rlim_max != 40 || !prlimit(process, RLIMIT_NOFILE, (void *)1, NULL) ||
	    errno != EFAULT)
		return 2;
	if (!prlimit(process, RLIMIT_NOFILE, &first, (void *)1) || errno != EFAULT)
		return 3;
	if (syscall(SYS_sched_setattr, process, &attributes, 0) || sched_getscheduler(process) != SCHED_BATCH ||
	    getpriority(PRIO_PROCESS, (id_t)process) != 19)
		return 4;
	if (sched_setparam(process, &other) || !sched_setparam(process, &wrong) || errno != EINVAL)
		return 5;
	CPU_ZERO(&processors);
	if (!sched_setaffinity(process, sizeof processors, &processors) || errno != EINVAL)
		return 6;
	CPU_SET(0, &processors);
	if (sched_setaffinity(process, sizeof processors, &processors) ||
	    sched_getaffinity(process, sizeof processors, &processors) || CPU_COUNT(&processors) != 1)
		return 7;
	if (!setpriority(PRIO_PROCESS, 0x3ffffe, 5) || errno != ESRCH || !setpriority(PRIO_PROCESS, (id_t)-5, 5) || errno != ESRCH)
		return 8;
	return 0;
}

static int remove_queue(const char *name)
{
	printf("%d\n", mq_unlink(name) ? errno : 0);
	return 0;
}

int main(int argc, char **argv)
{
	int numbers[4] = { 0 };

	for (int i = 2; i < argc && i < 6; i++)
		numbers[i - 2] = atoi(argv[i]);
	if (argc == 3 && !strcmp(argv[1], "make"))
		return make(numbers[0]);
	if (argc == 6 && !strcmp(argv[1], "take"))
		return take(numbers[0], numbers[1], numbers[2], numbers[3]);
	if (argc == 3 && !strcmp(argv[1], "own"))
		return own(numbers[0]);
	if (argc == 5 && !strcmp(argv[1], "remove"))
		return remove_all(numbers[0], numbers[1], numbers[2]);
	if (argc == 3 && !strcmp(argv[1], "queue"))
		return remove_queue(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "slow"))
		return slow(numbers[0]);
	if (argc == 3 && !strcmp(argv[1], "set"))
		return set(numbers[0]);
	return 2;
}
