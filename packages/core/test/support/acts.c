/*
 * Makes one system call after the other, as told: acts WORD... where a word is NAME[:ARGUMENT]... Prints a line for each,
 * NAME=RESULT, where the result is a number or the name of an error. `@` as a descriptor is the one opened last.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static int last = -1;
static char *argument[8];

static int number(int i)
{
	return argument[i] ? (int)strtol(argument[i], NULL, 0) : 0;
}

static int descriptor(int i)
{
	return !argument[i] || !strcmp(argument[i], "@") ? last : number(i);
}

static int flags_of(const char *text)
{
	static const struct {
		const char *name;
		int flag;
	} names[] = { { "r", O_RDONLY }, { "w", O_WRONLY }, { "rw", O_RDWR }, { "creat", O_CREAT }, { "excl", O_EXCL },
		      { "trunc", O_TRUNC }, { "append", O_APPEND }, { "dir", O_DIRECTORY }, { "tmp", O_TMPFILE },
		      { "nofollow", O_NOFOLLOW }, { "cloexec", O_CLOEXEC }, { "path", O_PATH }, { "nonblock", O_NONBLOCK } };
	int flags = 0;

	while (text && *text) {
		size_t length = strcspn(text, ",");

		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			if (strlen(names[i].name) == length && !strncmp(names[i].name, text, length))
				flags |= names[i].flag;
		text += length + (text[length] == ',');
	}
	return flags;
}

static long kept(long result)
{
	if (result >= 0)
		last = (int)result;
	return result;
}

/* The address of a host of IPv4, mapped to IPv6; without a host this machine's own. */
static struct sockaddr_in6 mapped_address(const char *host, int port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };

	if (!*host) {
		address.sin6_addr = in6addr_loopback;
		return address;
	}
	address.sin6_addr.s6_addr[10] = address.sin6_addr.s6_addr[11] = 0xff;
	inet_pton(AF_INET, host, &address.sin6_addr.s6_addr[12]);
	return address;
}

/* A loose source route: what is sent goes to this host first. */
static int route_by(const char *host)
{
	unsigned char option[8] = { 131, 7, 4 };

	inet_pton(AF_INET, host, option + 3);
	return setsockopt(last, IPPROTO_IP, IP_OPTIONS, option, sizeof option);
}

static socklen_t unix_address(struct sockaddr_un *address, const char *name)
{
	size_t length = strlen(name);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, name, length);
	if (*name == '!') { /* abstract */
		address->sun_path[0] = 0;
		return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	}
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
}

static struct sockaddr_in internet_address(const char *host, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	inet_pton(AF_INET, host, &address.sin_addr);
	return address;
}

static int family_of(const char *text)
{
	if (!strcmp(text, "unix"))
		return AF_UNIX;
	return !strcmp(text, "inet6") ? AF_INET6 : AF_INET;
}

static int kind_of(const char *text)
{
	return !text || !strcmp(text, "stream") ? SOCK_STREAM : !strcmp(text, "dgram") ? SOCK_DGRAM :
	       !strcmp(text, "raw") ? SOCK_RAW : SOCK_SEQPACKET;
}

static long send_message(int to, const char *name, const char *text)
{
	struct sockaddr_un address;
	struct iovec part = { (void *)text, strlen(text) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (name && *name) {
		message.msg_name = &address;
		message.msg_namelen = unix_address(&address, name);
	}
	return sendmsg(to, &message, 0);
}

/* Two at once; how many went out, and the length that was told of the first. */
static long send_messages(int to, const char *name, const char *text)
{
	struct sockaddr_un address;
	struct iovec part = { (void *)text, strlen(text) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	struct mmsghdr messages[2];

	if (name && *name) {
		message.msg_name = &address;
		message.msg_namelen = unix_address(&address, name);
	}
	messages[0] = messages[1] = (struct mmsghdr){ .msg_hdr = message };
	int count = sendmmsg(to, messages, 2, 0);
	if (count > 0)
		printf("length=%u\n", messages[0].msg_len);
	return count;
}

static long send_descriptor(int to, int passed)
{
	char control[CMSG_SPACE(sizeof passed)] = { 0 };
	struct iovec part = { "d", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof passed), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(header), &passed, sizeof passed);
	return sendmsg(to, &message, 0);
}

static long receive_descriptor(int from)
{
	char control[CMSG_SPACE(sizeof(int))], data[8];
	struct iovec part = { data, sizeof data };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
	int passed = -1;

	if (recvmsg(from, &message, 0) < 0 || !CMSG_FIRSTHDR(&message))
		return -1;
	memcpy(&passed, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof passed);
	return kept(passed);
}

static long read_text(int from)
{
	char text[256];
	ssize_t length = read(from, text, sizeof text - 1);

	if (length >= 0)
		printf("text=%.*s\n", (int)length, text);
	return length;
}

static void on_alarm(int signal)
{
	(void)signal;
}

static long alarm_in(int milliseconds)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct timeval time = { milliseconds / 1000, milliseconds % 1000 * 1000 };
	/* Again and again: on a slow machine the first comes before the call that it is meant for. */
	struct itimerval timer = { .it_value = time, .it_interval = time };

	sigaction(SIGALRM, &action, NULL);
	return setitimer(ITIMER_REAL, &timer, NULL);
}

static long open_how(void)
{
	struct open_how how = { .flags = (uint64_t)flags_of(argument[2]), .resolve = (uint64_t)number(3) };

	if (how.flags & O_CREAT)
		how.mode = 0644;
	return kept(syscall(SYS_openat2, AT_FDCWD, argument[1], &how, sizeof how));
}

static long socket_error(int socket)
{
	int error = 0;
	socklen_t length = sizeof error;

	getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
	errno = error;
	return error ? -1 : 0;
}

static long executed(void)
{
	int status;
	pid_t child = fork();

	if (!child) {
		fexecve(descriptor(1), (char *[]){ argument[2], argument[3], NULL }, environ);
		_exit(errno);
	}
	waitpid(child, &status, 0);
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

/* In memory that may only be written, which the kernel reads all the same: `path`, or else the arguments. */
static long executed_unseen(int hides_path)
{
	struct { char path[256]; char *list[3]; char texts[2][128]; } *memory;
	int status;

	memory = mmap(NULL, sizeof *memory, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	strncpy(memory->path, argument[1], sizeof memory->path - 1);
	for (int i = 0; i < 2 && argument[2 + i]; i++)
		memory->list[i] = strncpy(memory->texts[i], argument[2 + i], sizeof memory->texts[i] - 1);
	pid_t child = fork();
	if (!child) {
		execve(hides_path ? memory->path : argument[1], hides_path ? &argument[2] : memory->list, environ);
		_exit(errno);
	}
	waitpid(child, &status, 0);
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

/* A sandbox of its own, in which nothing is written and made but below `writable`. */
static long restrict_further(const char *writable)
{
	struct { uint64_t handled; } rules = { 1 << 1 | 1 << 8 }; /* LANDLOCK_ACCESS_FS_WRITE_FILE, MAKE_REG */
	struct { uint64_t allowed; int parent; } __attribute__((packed)) beneath = { rules.handled, open(writable, O_PATH) };
	int ruleset = (int)syscall(444, &rules, sizeof rules, 0);

	if (ruleset < 0 || syscall(445, ruleset, 1, &beneath, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return syscall(446, ruleset, 0);
}

/* In a child whose parent is gone. */
static long orphaned(void)
{
	int made[2], error = 0;

	if (pipe(made))
		return -1;
	if (!fork()) {
		pid_t parent = getpid();

		if (!fork()) {
			while (getppid() == parent)
				usleep(100);
			error = open(argument[1], O_CREAT | O_WRONLY, 0600) < 0 ? errno : 0;
			if (write(made[1], &error, sizeof error) < 0)
				_exit(1);
		}
		_exit(0);
	}
	wait(NULL);
	if (read(made[0], &error, sizeof error) < 0)
		return -1;
	errno = error;
	return error ? -1 : 0;
}

static long memory_copy(const char *path)
{
	char bytes[65536];
	int from = open(path, O_RDONLY), to = memfd_create("copy", 0);
	ssize_t length;

	if (from < 0)
		return -1;
	while ((length = read(from, bytes, sizeof bytes)) > 0)
		if (write(to, bytes, (size_t)length) != length)
			return -1;
	close(from);
	return kept(to);
}

static long act(const char *name)
{
	struct sockaddr_un local;
	struct sockaddr_in remote;
	struct sockaddr_in6 remote6;
	struct timespec times[2] = { { 1000, 0 }, { 1000, 0 } };
	struct pollfd poll_one;
	int pair[2];

#define IS(word) (!strcmp(name, word))
	if (IS("open"))
		return kept(open(argument[1], flags_of(argument[2]), number(3)));
	if (IS("openat"))
		return kept(openat(descriptor(1), argument[2], flags_of(argument[3]), number(4)));
	if (IS("openat2"))
		return open_how();
	if (IS("creat"))
		return kept(creat(argument[1], number(2)));
	if (IS("reopen")) {
		char path[64];

		snprintf(path, sizeof path, "/proc/self/fd/%d", last);
		return kept(open(path, flags_of(argument[1])));
	}
	if (IS("closeonexec"))
		return fcntl(descriptor(1), F_GETFD);
	if (IS("read"))
		return read_text(descriptor(1));
	if (IS("write"))
		return write(descriptor(2), argument[1], strlen(argument[1]));
	if (IS("umask"))
		return umask(number(1));
	if (IS("chdir"))
		return chdir(argument[1]);
	if (IS("mkdir"))
		return mkdir(argument[1], 0777);
	if (IS("mknod"))
		return mknod(argument[1], S_IFIFO | 0666, 0);
	if (IS("symlink"))
		return symlink(argument[1], argument[2]);
	if (IS("link"))
		return link(argument[1], argument[2]);
	if (IS("linkat"))
		return linkat(AT_FDCWD, argument[1], AT_FDCWD, argument[2], AT_SYMLINK_FOLLOW);
	if (IS("rename"))
		return rename(argument[1], argument[2]);
	if (IS("exchange"))
		return renameat2(AT_FDCWD, argument[1], AT_FDCWD, argument[2], RENAME_EXCHANGE);
	if (IS("whiteout"))
		return renameat2(AT_FDCWD, argument[1], AT_FDCWD, argument[2], RENAME_WHITEOUT);
	if (IS("linkopen")) /* what is open, by its descriptor: Linux 6.10 lets everybody do so */
		return linkat(descriptor(2), "", AT_FDCWD, argument[1], AT_EMPTY_PATH);
	if (IS("unlink"))
		return unlink(argument[1]);
	if (IS("rmdir"))
		return rmdir(argument[1]);
	if (IS("truncate"))
		return truncate(argument[1], number(2));
	if (IS("ftruncate"))
		return ftruncate(last, number(1));
	if (IS("chmod"))
		return chmod(argument[1], (mode_t)number(2));
	if (IS("fchmod"))
		return fchmod(descriptor(1), (mode_t)number(2));
	if (IS("fchmodat2"))
		return syscall(452, AT_FDCWD, argument[1], number(2), AT_SYMLINK_NOFOLLOW);
	if (IS("chown"))
		return chown(argument[1], (uid_t)number(2), (gid_t)number(2));
	if (IS("lchown"))
		return lchown(argument[1], (uid_t)number(2), (gid_t)number(2));
	if (IS("fchown"))
		return fchown(descriptor(1), (uid_t)number(2), (gid_t)number(2));
	if (IS("fchownat"))
		return fchownat(descriptor(1), "", (uid_t)number(2), (gid_t)number(2), AT_EMPTY_PATH);
	if (IS("utime"))
		return utimensat(AT_FDCWD, argument[1], times, 0);
	if (IS("touch"))
		return utimensat(AT_FDCWD, argument[1], NULL, 0);
	if (IS("lutime"))
		return utimensat(AT_FDCWD, argument[1], times, AT_SYMLINK_NOFOLLOW);
	if (IS("futime"))
		return futimens(descriptor(1), times);
	if (IS("setxattr"))
		return setxattr(argument[1], "user.test", "v", 1, 0);
	if (IS("fsetxattr"))
		return fsetxattr(descriptor(1), "user.test", "v", 1, 0);
	if (IS("removexattr"))
		return removexattr(argument[1], "user.test");
	if (IS("generation")) /* of an inode, as ext4 has it beside FS_IOC_SETVERSION */
		return ioctl(descriptor(1), _IOW('f', 4, long), &(long){ 1 });
	if (IS("lease"))
		return fcntl(descriptor(1), F_SETLEASE, F_RDLCK);
	if (IS("zerocopy"))
		return setsockopt(last, SOL_SOCKET, SO_ZEROCOPY, &(int){ 1 }, sizeof(int));
	if (IS("socket"))
		return kept(socket(family_of(argument[1]), kind_of(argument[2]), 0));
	if (IS("pair")) {
		int error = socketpair(AF_UNIX, kind_of(argument[1]), 0, pair);

		printf("other=%d\n", pair[1]);
		return error ? error : kept(pair[0]);
	}
	if (IS("nonblock"))
		return fcntl(last, F_SETFL, O_NONBLOCK);
	if (IS("bind"))
		return bind(last, (struct sockaddr *)&local, unix_address(&local, argument[1]));
	if (IS("listen"))
		return listen(last, 8);
	if (IS("accept"))
		return kept(accept(descriptor(1), NULL, NULL));
	if (IS("connect"))
		return connect(last, (struct sockaddr *)&local, unix_address(&local, argument[1]));
	if (IS("tcp")) {
		remote = internet_address(argument[1], number(2));
		return connect(last, (struct sockaddr *)&remote, sizeof remote);
	}
	if (IS("bindunspecified")) {
		remote = (struct sockaddr_in){ .sin_family = AF_UNSPEC, .sin_port = htons((uint16_t)number(1)) };
		return bind(last, (struct sockaddr *)&remote, sizeof remote);
	}
	if (IS("bindtcp")) {
		remote = internet_address(argument[1], number(2));
		return bind(last, (struct sockaddr *)&remote, sizeof remote);
	}
	if (IS("tcp6")) {
		remote6 = mapped_address(argument[1], number(2));
		return connect(last, (struct sockaddr *)&remote6, sizeof remote6);
	}
	if (IS("sendtcp")) {
		remote = internet_address(argument[1], number(2));
		return sendto(last, "x", 1, number(3), (struct sockaddr *)&remote, sizeof remote);
	}
	if (IS("route"))
		return route_by(argument[1]);
	if (IS("sendto"))
		return sendto(last, "x", 1, 0, (struct sockaddr *)&local, unix_address(&local, argument[1]));
	if (IS("sendmsg"))
		return send_message(descriptor(3), argument[1], argument[2]);
	if (IS("sendmmsg"))
		return send_messages(descriptor(3), argument[1], argument[2]);
	if (IS("pass"))
		return send_descriptor(descriptor(1), descriptor(2));
	if (IS("take"))
		return receive_descriptor(descriptor(1));
	if (IS("poll")) {
		poll_one = (struct pollfd){ last, POLLIN | POLLOUT, 0 };
		return poll(&poll_one, 1, number(1));
	}
	if (IS("error"))
		return socket_error(last);
	if (IS("alarm"))
		return alarm_in(number(1));
	if (IS("dumpable"))
		return prctl(PR_SET_DUMPABLE, number(1));
	if (IS("close"))
		return close(descriptor(1));
	if (IS("memory"))
		return memory_copy(argument[1]);
	if (IS("unseenpath") || IS("unseenarguments"))
		return executed_unseen(IS("unseenpath"));
	if (IS("restrict"))
		return restrict_further(argument[1]);
	if (IS("orphan"))
		return orphaned();
	if (IS("fexec"))
		return executed();
	if (IS("pause"))
		return pause();
	fprintf(stderr, "no such act: %s\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	for (int i = 1; i < argc; i++) {
		int count = 0;
		char *rest = argv[i];

		memset(argument, 0, sizeof argument);
		while (rest && count < 8)
			argument[count++] = strsep(&rest, ":");
		errno = 0;
		long result = act(argument[0]);
		if (result < 0)
			printf("%s=%s\n", argument[0], strerrorname_np(errno));
		else
			printf("%s=%ld\n", argument[0], result);
		fflush(stdout);
	}
	return 0;
}
