#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

/*
 * A closed one would be taken by the next file that is opened. A non-blocking one belongs to a
 * runtime that made it so, and most programs fail on it; the flag belongs to the file, so it comes
 * along.
 */
static int standard_settle(int standard)
{
	int flags = fcntl(standard, F_GETFL);

	if (flags < 0)
		return open("/dev/null", O_RDWR) == standard ? 0 : -1;
	return flags & O_NONBLOCK ? fcntl(standard, F_SETFL, flags & ~O_NONBLOCK) : 0;
}

int descriptors_standard(struct failure *failure)
{
	for (int standard = 0; standard < 3; standard++)
		if (standard_settle(standard))
			return failed(failure, STEP_DESCRIPTORS, (uint32_t)standard, errno);
	return 0;
}

static bool is_ours(const struct channels *channels, uint32_t descriptor)
{
	int number = (int)descriptor;

	return number == channels->plan || number == channels->status || number == channels->listener;
}

/*
 * One of ours in the list was not open when the list was made, or would hand the command a voice of
 * the launcher.
 */
int descriptors_check(const struct plan *plan, const struct channels *channels, struct failure *failure)
{
	for (uint32_t i = 0; i < plan->descriptor_count; i++) {
		uint32_t descriptor = plan->descriptors[i];

		if (is_ours(channels, descriptor))
			return failed(failure, STEP_DESCRIPTORS, descriptor, EBUSY);
		if (fcntl((int)descriptor, F_SETFD, 0))
			return failed(failure, STEP_DESCRIPTORS, descriptor, errno);
	}
	return 0;
}

/* The status descriptor stays for a failure of execve(2); it is close-on-exec. */
int descriptors_close(const struct plan *plan, const struct channels *channels, struct failure *failure)
{
	uint32_t keep[PLAN_DESCRIPTORS_MAX + 1];
	uint32_t status = (uint32_t)channels->status;
	uint32_t count = 0;

	while (count < plan->descriptor_count && plan->descriptors[count] < status) {
		keep[count] = plan->descriptors[count];
		count++;
	}
	keep[count] = status;
	for (; count < plan->descriptor_count; count++)
		keep[count + 1] = plan->descriptors[count];
	if (close_all_but(keep, count + 1))
		return failed(failure, STEP_CLOSE, 0, errno);
	return 0;
}
