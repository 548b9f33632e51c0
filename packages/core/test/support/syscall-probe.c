/*
 * Makes system calls by number and says what came of each, a line for every argument:
 *
 *   NUMBER[:ARGUMENT…]   by the native ABI; an argument `buffer` is the address of 4096 zero bytes
 *   i386:NUMBER          by int 0x80
 *   terminal:REQUEST[:ARGUMENT]  ioctl REQUEST on a controlling terminal of its own, with a number or else the byte 'x'
 *   connect:PORT         connect(2) by TCP to a port of 127.0.0.1
 *   fast-open:PORT       the same by sending first data with MSG_FASTOPEN, without connect(2)
 *
 * A line is `ok`, `errno N` or `signal N`. Each call is made in a process of its own.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[4096];

static unsigned long number_of(const char *word)
{
	return strcmp(word, "buffer") == 0 ? (unsigned long)buffer : strtoul(word, NULL, 0);
}

static long call_native(char *words)
{
	unsigned long a[7] = { 0 };
	char *word = strtok(words, ":");
	for (int i = 0; word != NULL && i < 7; i++, word = strtok(NULL, ":"))
		a[i] = number_of(word);
	return syscall((long)a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
}

static long call_i386(const char *number)
{
#ifdef __x86_64__
	long result = strtol(number, NULL, 0);
	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
	if (result >= 0)
		return result;
	errno = (int)-result;
#else
	(void)number;
	errno = ENOSYS;
#endif
	return -1;
}

static long call_terminal(const char *request)
{
	setsid();
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) || unlockpt(master))
		return -1;
	int terminal = open(ptsname(master), O_RDWR);
	if (terminal < 0 || ioctl(terminal, TIOCSCTTY, 0))
		return -1;
	const char *argument = strchr(request, ':');
	return syscall(SYS_ioctl, terminal, strtoul(request, NULL, 0), argument ? number_of(argument + 1) : (unsigned long)"x");
}

static long call_tcp(const char *port, int fast_open)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(port, NULL, 0)),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);
	if (descriptor < 0)
		return -1;
	if (fast_open)
		return sendto(descriptor, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&address, sizeof address);
	return connect(descriptor, (struct sockaddr *)&address, sizeof address);
}

static long call(char *what)
{
	if (strncmp(what, "i386:", 5) == 0)
		return call_i386(what + 5);
	if (strncmp(what, "terminal:", 9) == 0)
		return call_terminal(what + 9);
	if (strncmp(what, "connect:", 8) == 0)
		return call_tcp(what + 8, 0);
	if (strncmp(what, "fast-open:", 10) == 0)
		return call_tcp(what + 10, 1);
	return call_native(what);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		pid_t child = fork();
		if (child < 0)
			return 1;
		if (child == 0)
			_exit(call(argv[i]) == -1 ? errno : 0);
		int status;
		if (waitpid(child, &status, 0) != child)
			return 1;
		if (WIFSIGNALED(status))
			printf("signal %d\n", WTERMSIG(status));
		else if (WEXITSTATUS(status) == 0)
			printf("ok\n");
		else
			printf("errno %d\n", WEXITSTATUS(status));
	}
	return 0;
}
