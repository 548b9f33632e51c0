/*
 * Which unix sockets belong to the sandbox. A socket that a confined process binds is noted before
 * it is bound, by its cookie (SO_COOKIE, Linux 4.12): 64 bits that no other socket ever has, while
 * inode numbers come again after 32. Whoever wants to connect to a name is asked which socket has
 * that name now.
 */
#ifndef NONO_SUPERVISE_SOCKETS_H
#define NONO_SUPERVISE_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct sockets;

struct sockets *sockets_new(void);
void sockets_free(struct sockets *sockets);

/* A socket of the sandbox, about to be bound. */
void sockets_note(struct sockets *sockets, int socket);

enum ownership {
	OWNED_BY_NONE,
	OWNED_BY_SANDBOX,
	OWNED_OUTSIDE, /* also where it cannot be found out */
};

/* Who is bound to the socket file `file` (O_PATH). */
enum ownership socket_file_owner(struct sockets *sockets, int file);

/* Who is bound to the abstract name, without the NUL before it. */
enum ownership abstract_owner(struct sockets *sockets, const char *name, size_t length);

#endif
