/*
 * rounds WARM-UPS ROUNDS SEED { COUNT ARGUMENT... }...: starts each of the given commands once in every round and
 * waits for it. In C, because starting from JavaScript costs more than what is measured.
 *
 * Every round is shuffled anew, so that what the machine does hits all alike and no command always follows the same
 * other, which may still be clearing up. Standard streams are /dev/null. A line of output for each run after the
 * warm-ups:
 *
 *   COMMAND WALL CPU PEAK   (number of the command from 0, nanoseconds, microseconds, KiB; the last two by wait4(2),
 *                            of the command and of what it has waited for)
 *
 * Ends with 1 and a line on standard error when a command does not end with 0: it has not run, so it has no time.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

struct run {
	int64_t wall; /* ns */
	int64_t cpu;  /* us */
	long peak;    /* KiB */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int64_t microseconds(struct timeval time)
{
	return time.tv_sec * INT64_C(1000000) + time.tv_usec;
}

static int start_and_wait(char **command, const posix_spawn_file_actions_t *streams, struct run *run)
{
	struct rusage usage;
	pid_t pid;
	int status;
	int64_t begin = now();
	int error = posix_spawn(&pid, command[0], streams, NULL, command, environ);

	if (error) {
		fprintf(stderr, "%s: %s\n", command[0], strerror(error));
		return -1;
	}
	while (wait4(pid, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return -1;
	run->wall = now() - begin;
	run->cpu = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
	run->peak = usage.ru_maxrss;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	fprintf(stderr, "%s: ended with %s %d\n", command[0], WIFSIGNALED(status) ? "signal" : "code",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return -1;
}

/* xorshift64: the same seed gives the same order everywhere. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void shuffle(int *order, int count, uint64_t *state)
{
	for (int i = count - 1; i > 0; i--) {
		int j = (int)(next_random(state) % (uint64_t)(i + 1));
		int swapped = order[i];

		order[i] = order[j];
		order[j] = swapped;
	}
}

int main(int argc, char **argv)
{
	if (argc < 6)
		return 2;
	int warm_ups = atoi(argv[1]), rounds = atoi(argv[2]), count = 0;
	uint64_t state = strtoull(argv[3], NULL, 10) | 1;
	char ***commands = calloc((size_t)argc, sizeof *commands);
	int *order = calloc((size_t)argc, sizeof *order);
	posix_spawn_file_actions_t streams;

	if (!commands || !order || posix_spawn_file_actions_init(&streams))
		return 1;
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&streams, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY, 0);

	/* The vectors lie in argv as they are: the next COUNT becomes the NULL that ends the one before. */
	for (int at = 4; at < argc; count++) {
		int length = atoi(argv[at]);

		argv[at] = NULL;
		if (length < 1 || at + length >= argc)
			return 2;
		order[count] = count;
		commands[count] = &argv[at + 1];
		at += length + 1;
	}

	for (int round = -warm_ups; round < rounds; round++) {
		shuffle(order, count, &state);
		for (int i = 0; i < count; i++) {
			struct run run;

			if (start_and_wait(commands[order[i]], &streams, &run))
				return 1;
			if (round >= 0)
				printf("%d %lld %lld %ld\n", order[i], (long long)run.wall, (long long)run.cpu, run.peak);
		}
	}
	return 0;
}
