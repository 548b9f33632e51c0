#include "ready.h"

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define AT_A_TIME 16

int ready_open(struct ready_set *set)
{
	struct epoll_event event = { .events = EPOLLIN };

	set->queue = epoll_create1(EPOLL_CLOEXEC);
	set->end = eventfd(0, EFD_CLOEXEC);
	event.data.fd = set->end;
	if (set->queue >= 0 && set->end >= 0 && !epoll_ctl(set->queue, EPOLL_CTL_ADD, set->end, &event))
		return 0;

	int error = errno;
	ready_close(set);
	errno = error;
	return -1;
}

void ready_close(struct ready_set *set)
{
	if (set->queue >= 0)
		close(set->queue);
	if (set->end >= 0)
		close(set->end);
}

int ready_await(struct ready_set *set, int descriptor, bool readable, bool writable)
{
	struct epoll_event event = {
		.events = (readable ? EPOLLIN : 0u) | (writable ? EPOLLOUT : 0u) | EPOLLONESHOT,
		.data.fd = descriptor,
	};

	if (!readable && !writable) {
		epoll_ctl(set->queue, EPOLL_CTL_DEL, descriptor, NULL);
		return 0;
	}
	if (!epoll_ctl(set->queue, EPOLL_CTL_MOD, descriptor, &event))
		return 0;
	return errno == ENOENT ? epoll_ctl(set->queue, EPOLL_CTL_ADD, descriptor, &event) : -1;
}

int ready_wait(struct ready_set *set, struct ready *events, int most)
{
	struct epoll_event found[AT_A_TIME];
	int count = epoll_wait(set->queue, found, most < AT_A_TIME ? most : AT_A_TIME, -1);

	if (count < 0)
		return errno == EINTR ? 0 : -1;
	for (int i = 0; i < count; i++) {
		if (found[i].data.fd == set->end)
			return -1;
		events[i] = (struct ready){
			.descriptor = found[i].data.fd,
			/* an error and a hang-up are found by whoever reads or writes */
			.readable = found[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP),
			.writable = found[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP),
		};
	}
	return count;
}

void ready_end(struct ready_set *set)
{
	uint64_t one = 1;

	(void)!write(set->end, &one, sizeof one);
}
