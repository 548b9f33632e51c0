/*
 * From here to execve(2) a filter is in force that may trap what the supervisor does not answer
 * yet: only write, read, close, close_range and execve are called, and seccomp for the filters that
 * follow.
 */
#include "launch.h"

#include <errno.h>
#include <unistd.h>

#include "../../include/kernel.h"
#include "../plan/steps.h"

/* launch.h: the number goes over, a byte comes back. */
static int listener_hand_over(int channel, int listener)
{
	int32_t number = listener;
	char answer;
	ssize_t count;

	do
		count = write(channel, &number, sizeof number);
	while (count < 0 && errno == EINTR);
	if (count != sizeof number)
		return count < 0 ? errno : EPIPE;
	do
		count = read(channel, &answer, 1);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return errno;
	return count ? 0 : EPIPE;
}

/* Without WAIT_KILLABLE_RECV (below Linux 5.19) signals restart trapped calls; everything else holds. */
static int listener_create(const struct plan *plan, uint32_t index, struct failure *failure)
{
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	int listener = filter_install(plan, index, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, failure);

	if (listener < 0 && failure->error == EINVAL)
		listener = filter_install(plan, index, flags, failure);
	return listener;
}

static int listener_install(const struct plan *plan, uint32_t index, int channel, struct failure *failure)
{
	if (channel < 0)
		return failed(failure, STEP_LISTENER, index, EBADF);

	int listener = listener_create(plan, index, failure);
	if (listener < 0)
		return -1;
	int error = listener_hand_over(channel, listener);
	close(listener);
	close(channel);
	return error ? failed(failure, STEP_LISTENER, index, error) : 0;
}

int filters_install(const struct plan *plan, const struct channels *channels, struct failure *failure)
{
	for (uint32_t i = 0; i < plan->filter_count; i++) {
		if (plan->filters[i].flags & FILTER_LISTENER) {
			if (listener_install(plan, i, channels->listener, failure))
				return -1;
		} else if (filter_install(plan, i, 0, failure) < 0) {
			return -1;
		}
	}
	return 0;
}
