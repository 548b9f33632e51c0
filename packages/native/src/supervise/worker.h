/*
 * The threads of a supervisor. All are alike: one leads, which is to receive requests and handle
 * them one after the other (a request wakes all that receive, so that two were never faster than
 * one). When a call on behalf may block, the leader hands the lead to another thread first and goes
 * on as one of the rest; these carry out what was answered. A watch thread takes the lead from
 * whoever is held up unforeseen (a dead NFS server), and ends the waiting of calls whose caller is
 * gone.
 */
#ifndef NONO_SUPERVISE_WORKER_H
#define NONO_SUPERVISE_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "denied.h"
#include "recent.h"
#include "request.h"

struct comparisons;
struct ipc_objects;
struct notes;
struct sockets;
struct stand_in;

struct supervisor {
	int listener; /* -1 until the launcher has handed it over */
	int channel;
	int descriptors; /* O_PATH of /proc/self/fd */
	pid_t self;
	char self_path[24]; /* /proc/PID of this process */
	struct privileges privileges;
	struct supervisor_callbacks callbacks;
	struct sockets *sockets;
	struct comparisons *comparisons;
	struct notes *notes; /* NULL: nothing is noted */
	struct ipc_objects *ipc_objects;
	struct stand_in *_Atomic stand_in; /* NULL: none */
	rlim_t unmarked; /* further.c; 0: not known */
	pid_t root; /* all processes of the sandbox descend from it */
	bool root_inside; /* and it is one of them */
	pthread_t watch;
	uint32_t parked_max; /* by descriptors */

	pthread_mutex_t places_mutex; /* while an object comes to lie elsewhere, where places are judged */

	pthread_mutex_t table_mutex;
	struct table *table;

	pthread_mutex_t mutex; /* guards what follows, down to the counts */
	pthread_cond_t work; /* `wakes` threads are to look for some */
	pthread_cond_t tick; /* for the watch thread: the end */
	pthread_cond_t gone; /* a thread has ended */
	pthread_cond_t let_go; /* the launcher may go on, or it is the end */
	bool held; /* it may not yet */
	bool led;
	bool stopping;
	bool ended; /* nothing is left to receive from */
	uint32_t idle, wakes;
	uint32_t worker_count;
	struct worker *workers;
	void *(*worker_main)(void *worker);
	struct request *jobs; /* to be carried out, or freed */
	struct request *parked;
	uint32_t parked_count;
	uint32_t last_ticket;

	_Atomic uint64_t era; /* nanoseconds: when a rename or a new link, in the sandbox, last changed what paths mean */
	_Atomic uint64_t received, continued, performed, asked, refused[REFUSALS];
};

struct worker {
	struct supervisor *supervisor;
	struct table *table; /* held while a request is handled */
	pthread_t thread;
	struct worker *next;
	atomic_bool leading; /* written under the mutex */

	struct recent recent;
	struct lowered lowered;
	struct denied denied;

	/* for the watch thread */
	_Atomic uint64_t busy_since; /* nanoseconds; 0: waits for a request */
	_Atomic uint64_t blocked_on; /* id of the request whose call may block; 0: none */
	_Atomic pid_t blocked_for; /* its thread */
};

/* clock.c */

uint64_t now(void); /* nanoseconds of CLOCK_MONOTONIC */

/* pool.c: the threads, which run `worker_main` */

/*
 * The mutex is held. Another thread looks for work; false where all are busy and there may be no
 * more.
 */
bool supervisor_wake(struct supervisor *supervisor);

/* The mutex is held: a thread that ends is no worker any more. */
void pool_leave(struct worker *worker);

/* 0 or an errno. */
int start_thread(pthread_t *thread, void *(*main)(void *), void *argument, bool detached);

/*
 * A signal that does nothing but end a blocking call, blocked in every thread but ours; 0: none is
 * free.
 */
int wake_signal(void);

/* handle.c */

void handle_notification(struct worker *worker, const struct seccomp_notif *notification);

/* Carries out what was answered with ANSWER_PERFORM, unless all is answered, and frees it. */
void handle_job(struct worker *worker, struct request *request);

/* parked.c: requests that wait for an answer */

/* How a path was named, from the root; malloc'ed, or NULL. */
char *given_path(const struct worker *worker, const struct naming *naming);

/* Takes the request over, or refuses it. */
void park(struct worker *worker, struct request *request);

/* The mutex is held: withdraws what is gone or late. */
void parked_review(struct supervisor *supervisor);

/* The mutex is held: refuses all, and what was to be carried out. */
void parked_clear(struct supervisor *supervisor);

/* stand-in.c */

void stand_in_free(struct supervisor *supervisor);

/* Whether this call is one that gets the other file. */
bool has_stand_in(struct supervisor *supervisor, const struct request *request, const char *path);

long open_stand_in(struct supervisor *supervisor, struct request *request);

/* watch.c */

void *watch_main(void *supervisor);

/*
 * handover.c: the listener, from the launcher. 0 or an errno; ECANCELED when the launcher ended
 * before.
 */
int take_listener(struct supervisor *supervisor);

/* answer.c */

bool request_is_valid(const struct supervisor *supervisor, uint64_t id);
void answer_native(struct supervisor *supervisor, const struct request *request);
void answer_value(struct supervisor *supervisor, const struct request *request, long value); /* or a negative errno */
void answer_descriptor(struct supervisor *supervisor, const struct request *request, int descriptor, bool close_on_exec);

/* locate.c */

/* "/proc/self/fd/N" */
struct fd_path {
	char text[32];
};
struct fd_path fd_path(int descriptor);

#endif
