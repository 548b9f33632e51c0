#include "../../addon/ready.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/event.h>
#include <unistd.h>

#define AT_A_TIME 16
#define END 1 /* of EVFILT_USER */

int ready_open(struct ready_set *set)
{
	struct kevent end;

	set->end = -1;
	set->queue = kqueue();
	if (set->queue < 0)
		return -1;
	EV_SET(&end, END, EVFILT_USER, EV_ADD, 0, 0, NULL);
	if (!fcntl(set->queue, F_SETFD, FD_CLOEXEC) && !kevent(set->queue, &end, 1, NULL, 0, NULL))
		return 0;

	int error = errno;
	ready_close(set);
	errno = error;
	return -1;
}

void ready_close(struct ready_set *set)
{
	close(set->queue);
}

/* ENOENT: it was not asked for, or has been told. */
static int filter_set(const struct ready_set *set, int descriptor, int16_t filter, bool wanted)
{
	struct kevent change;

	EV_SET(&change, (uintptr_t)descriptor, filter, wanted ? EV_ADD | EV_ONESHOT : EV_DELETE, 0, 0, NULL);
	if (!kevent(set->queue, &change, 1, NULL, 0, NULL))
		return 0;
	return !wanted && errno == ENOENT ? 0 : -1;
}

int ready_await(struct ready_set *set, int descriptor, bool readable, bool writable)
{
	return filter_set(set, descriptor, EVFILT_READ, readable) ||
			       filter_set(set, descriptor, EVFILT_WRITE, writable)
		       ? -1
		       : 0;
}

/* Each filter tells for itself; whoever is told asks anew for what it still waits for. */
int ready_wait(struct ready_set *set, struct ready *events, int most)
{
	struct kevent found[AT_A_TIME];
	int count = kevent(set->queue, NULL, 0, found, most < AT_A_TIME ? most : AT_A_TIME, NULL);

	if (count < 0)
		return errno == EINTR ? 0 : -1;
	for (int i = 0; i < count; i++) {
		if (found[i].filter == EVFILT_USER)
			return -1;
		events[i] = (struct ready){
			.descriptor = (int)found[i].ident,
			.readable = found[i].filter == EVFILT_READ,
			.writable = found[i].filter == EVFILT_WRITE,
		};
	}
	return count;
}

void ready_end(struct ready_set *set)
{
	struct kevent end;

	EV_SET(&end, END, EVFILT_USER, 0, NOTE_TRIGGER, 0, NULL);
	kevent(set->queue, &end, 1, NULL, 0, NULL);
}
