/*
 * Makes one call over and over while somebody else changes what it means: race CALL HOW TRIES GOOD BAD, where GOOD is a path
 * that is granted and BAD one that is not. Prints how often the call succeeded, and how often with BAD.
 *
 *   CALL  open, write, chmod, rename, move, connect, send, execute; tcp and bind, where GOOD and BAD are HOST:PORT
 *   HOW   thread, vm (a process that shares the memory), shared (a process with a shared mapping), link (a symbolic link
 *         beside GOOD is moved), descriptor (connect: the socket's number means another one)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct changed {
	char path[PATH_MAX];
	struct sockaddr_un address;
	struct sockaddr_in internet;
	volatile int started, stop;
} *changed;

static const char *good, *bad;
static char link_path[PATH_MAX], spare_path[PATH_MAX], from_path[PATH_MAX];
static int stream = -1, datagram = -1, number = -1;
static long succeeded, with_bad;
static struct sockaddr_in good_host, bad_host;

static void set(const char *path)
{
	changed->internet = path == bad ? bad_host : good_host;
	memcpy(changed->path, path, strlen(path) + 1);
	memcpy(changed->address.sun_path, path, strlen(path) + 1 < sizeof changed->address.sun_path ? strlen(path) + 1 : 0);
}

static int change_memory(void *argument)
{
	(void)argument;
	while (!changed->stop) {
		set(bad);
		set(good);
		changed->started = 1;
	}
	return 0;
}

static int change_link(void *argument)
{
	const char *targets[2] = { bad, good };

	(void)argument;
	for (int i = 0; !changed->stop; i ^= 1) {
		unlink(spare_path);
		if (!symlink(targets[i], spare_path))
			rename(spare_path, link_path);
		changed->started = 1;
	}
	return 0;
}

static int change_descriptor(void *argument)
{
	(void)argument;
	while (!changed->stop) {
		dup2(datagram, number);
		dup2(stream, number);
		changed->started = 1;
	}
	return 0;
}

static void *in_thread(void *change)
{
	((int (*)(void *))change)(NULL);
	return NULL;
}

static pid_t start(const char *how)
{
	static char stack[65536] __attribute__((aligned(16)));
	int (*change)(void *) = !strcmp(how, "link") ? change_link : !strcmp(how, "descriptor") ? change_descriptor : change_memory;
	pthread_t thread;

	if (!strcmp(how, "vm"))
		return clone(change, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
	if (!strcmp(how, "shared")) {
		pid_t child = fork();

		if (!child) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			_exit(change(NULL));
		}
		return child;
	}
	pthread_create(&thread, NULL, in_thread, (void *)change);
	return 0;
}

/* The files say of themselves which of the two they are. */
static void look(int file)
{
	char first = 0;

	succeeded++;
	if (read(file, &first, 1) == 1 && first == 'B')
		with_bad++;
	close(file);
}

static void try_open(void)
{
	int file = open(changed->path, O_RDONLY);

	if (file >= 0)
		look(file);
}

static void try_write(void)
{
	struct stat opened, wrong;
	int file = open(changed->path, O_RDWR);

	if (file < 0)
		return;
	if (!fstat(file, &opened) && !stat(bad, &wrong) && opened.st_ino == wrong.st_ino)
		with_bad++;
	succeeded++;
	close(file);
}

/* What happened to BAD is seen afterwards, from outside too. */
static void try_chmod(void)
{
	succeeded += !chmod(changed->path, 0777);
}

/* GOOD is a name that may be taken, BAD one that may not. */
static void try_rename(void)
{
	int file = open(from_path, O_CREAT | O_WRONLY, 0600);

	if (file >= 0)
		close(file);
	succeeded += !rename(from_path, changed->path);
}

/* Beside GOOD, where the one that was moved is looked at and put back. Only reading BAD is not granted. */
static void try_move(void)
{
	struct stat moved;
	static ino_t good_inode;
	int file;

	if (!good_inode && !stat(good, &moved))
		good_inode = moved.st_ino;
	if (rename(changed->path, from_path))
		return;
	file = open(from_path, O_RDONLY);
	if (file >= 0)
		look(file);
	rename(from_path, !stat(from_path, &moved) && moved.st_ino == good_inode ? good : bad);
}

static void try_connect(void)
{
	int own = number >= 0 ? number : socket(AF_UNIX, SOCK_STREAM, 0);

	if (!connect(own, (struct sockaddr *)&changed->address, sizeof changed->address)) {
		succeeded++;
		if (number < 0) {
			look(own);
			return;
		}
	}
	if (number < 0)
		close(own);
}

static void try_tcp(void)
{
	int own = socket(AF_INET, SOCK_STREAM, 0);

	if (!connect(own, (struct sockaddr *)&changed->internet, sizeof changed->internet))
		look(own);
	else
		close(own);
}

static void try_bind(void)
{
	int own = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
	struct sockaddr_in taken;
	socklen_t length = sizeof taken;

	setsockopt(own, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (!bind(own, (struct sockaddr *)&changed->internet, sizeof changed->internet) &&
	    !getsockname(own, (struct sockaddr *)&taken, &length)) {
		succeeded += taken.sin_port == good_host.sin_port;
		with_bad += taken.sin_port == bad_host.sin_port;
	}
	close(own);
}

static struct sockaddr_in host_of(const char *text)
{
	struct sockaddr_in host = { .sin_family = AF_INET };
	const char *port = strchr(text, ':');
	char address[INET_ADDRSTRLEN] = "";

	if (!port)
		return host;
	strncat(address, text, (size_t)(port - text) < sizeof address ? (size_t)(port - text) : 0);
	inet_pton(AF_INET, address, &host.sin_addr);
	host.sin_port = htons((uint16_t)atoi(port + 1));
	return host;
}

/* Whoever listens at BAD counts what comes. */
static void try_send(void)
{
	struct iovec part = { "B", 1 };
	struct msghdr message = { .msg_name = &changed->address, .msg_namelen = sizeof changed->address, .msg_iov = &part, .msg_iovlen = 1 };

	succeeded += sendmsg(number >= 0 ? number : datagram, &message, MSG_DONTWAIT) == 1;
}

/* GOOD ends with 0, BAD with 66. */
static void try_execute(void)
{
	int status = 0;
	pid_t child = vfork();

	if (!child) {
		execl(changed->path, "raced", NULL);
		_exit(77);
	}
	waitpid(child, &status, 0);
	succeeded += status == 0;
	with_bad += WEXITSTATUS(status) == 66;
}

/* Made anew: what was there at the start may have a rule of the kernel, what is there now only if its directory has one. */
static void make_good(void)
{
	int file;

	unlink(good);
	file = open(good, O_CREAT | O_WRONLY, 0600);
	if (file < 0 || write(file, "G", 1) != 1)
		exit(4);
	close(file);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*try)(void);
	} calls[] = { { "open", try_open }, { "write", try_write }, { "chmod", try_chmod }, { "rename", try_rename }, { "move", try_move },
		      { "connect", try_connect }, { "send", try_send }, { "execute", try_execute },
		      { "tcp", try_tcp }, { "bind", try_bind } };
	void (*try)(void) = NULL;

	if (argc < 6)
		return 2;
	good = argv[4];
	bad = argv[5];
	good_host = host_of(good);
	bad_host = host_of(bad);
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (!strcmp(calls[i].name, argv[1]))
			try = calls[i].try;
	if (try == try_open || try == try_write || try == try_chmod || try == try_move)
		make_good();
	changed = mmap(NULL, sizeof *changed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	changed->address.sun_family = AF_UNIX;
	set(good);
	snprintf(link_path, sizeof link_path, "%s.link", good);
	snprintf(spare_path, sizeof spare_path, "%s.spare", good);
	snprintf(from_path, sizeof from_path, "%s.from", good);
	stream = socket(AF_UNIX, SOCK_STREAM, 0);
	datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (!strcmp(argv[2], "descriptor")) {
		number = dup(stream);
		set(bad);
	}
	if (!strcmp(argv[2], "link")) {
		unlink(link_path);
		if (symlink(good, link_path))
			return 3;
		set(link_path);
	}
	pid_t other = start(argv[2]);
	while (!changed->started)
		sched_yield();
	for (long tries = atol(argv[3]); tries > 0; tries--)
		try();
	changed->stop = 1;
	if (other > 0)
		waitpid(other, NULL, 0);
	printf("%ld %ld\n", succeeded, with_bad);
	return 0;
}
