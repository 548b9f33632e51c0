/* Descriptors that are waited for, each until it is ready once: ready.c with epoll(7), ../darwin/addon/ready.c with kqueue(2). */
#ifndef NONO_READY_H
#define NONO_READY_H

#include <stdbool.h>

struct ready_set {
	int queue;
	int end; /* Linux: eventfd, readable when the wait has to end */
};

struct ready {
	int descriptor;
	bool readable, writable;
};

/* 0, or -1 with errno. */
int ready_open(struct ready_set *set);
void ready_close(struct ready_set *set);

/* Once, when it is one of them; neither: no more. 0, or -1 with errno. */
int ready_await(struct ready_set *set, int descriptor, bool readable, bool writable);

/* How many are ready; -1 after ready_end, from another thread. */
int ready_wait(struct ready_set *set, struct ready *events, int most);
void ready_end(struct ready_set *set);

#endif
