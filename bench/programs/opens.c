/* opens COUNT PATH [pinned]: opens and closes PATH for reading COUNT times; prints the nanoseconds of one, refused or not. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
	long count = argc > 2 ? strtol(argv[1], NULL, 10) : 0;

	if (count < 1)
		return 2;
	if (argc > 3) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(0, &one);
		if (sched_setaffinity(0, sizeof one, &one))
			return 1;
	}
	long long start = now();

	for (long i = 0; i < count; i++) {
		int file = open(argv[2], O_RDONLY | O_CLOEXEC);

		if (file >= 0)
			close(file);
	}
	printf("%lld\n", (now() - start) / count);
	return 0;
}
