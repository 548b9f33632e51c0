/*
 * System V shared memory, queues and semaphores: they have no path, only numbers that every process
 * of the user may use. Which of them belong to the sandbox is known by who made them: each is made by
 * the supervisor, as the caller, and noted before the caller learns its number.
 */
#ifndef NONO_SUPERVISE_IPC_H
#define NONO_SUPERVISE_IPC_H

struct ipc_objects;

struct ipc_objects *ipc_objects_new(void);
void ipc_objects_free(struct ipc_objects *objects);

#endif
