/* What the addon needs of a system and each has in its own way: system.c for Linux, ../darwin/addon/system.c for macOS. */
#ifndef NONO_ADDON_SYSTEM_H
#define NONO_ADDON_SYSTEM_H

#include <stdbool.h>
#include <sys/types.h>

/* A directory by its absolute path. Of what an agent may have put in the place of one on the way, nothing is followed. */
int directory_open(const char *path);

/* The same, to be read from: where it may be. */
int directory_open_to_read(const char *path);

/* Unix stream sockets, close-on-exec, that never block; and who is at the other end. -1 with errno. */
int socket_make(void);
int socket_take(int listening);
int socket_peer(int descriptor, pid_t *pid, uid_t *uid);

/* Whether the file system could let one file have the content of another without a copy. */
bool content_share(int from, int to);

/* Renames within a directory, to a name that nothing has. -1 with errno: EEXIST for one that is taken. */
int file_move(int directory, const char *from, const char *to);

/* Everything written so far to the file system that the descriptor is of. -1 with errno. */
int file_system_flush(int descriptor);

/* Whether a file may have extended attributes, of whatever namespace. */
bool attributes_exist(int descriptor);

/* The calling thread, which does nothing else, becomes less important than everything else on the machine. */
void thread_step_back(void);

#endif
