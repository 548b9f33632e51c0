/*
 * attempt INSIDE OUTSIDE PORT: appends to a file that is granted and to one that is not, and connects to a port of
 * 127.0.0.1. Says nothing about what it was refused: the bench looks at what happened outside the sandbox, because
 * some sandboxes let a refused write succeed on a copy.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int append(const char *path)
{
	int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	int written = file >= 0 && write(file, "x", 1) == 1;

	if (file >= 0)
		close(file);
	return written;
}

static void reach(int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connection < 0)
		return;
	(void)connect(connection, (struct sockaddr *)&address, sizeof address);
	close(connection);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	append(argv[2]);
	reach(atoi(argv[3]));
	return append(argv[1]) ? 0 : 1;
}
