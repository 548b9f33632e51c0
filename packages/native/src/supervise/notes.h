/*
 * What went on without a question, for whoever keeps a record: commands that were executed, sockets
 * that were reached. A note is made before its call goes on and taken later; while there is no room
 * for one the call waits, so that nobody gets rid of a record by being quick.
 */
#ifndef NONO_SUPERVISE_NOTES_H
#define NONO_SUPERVISE_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request;
struct worker;
struct notes;

/* NULL without memory. */
struct notes *notes_new(void);
void notes_free(struct notes *notes);

/* Nobody takes any more: nobody waits. */
void notes_stop(struct notes *notes);

/* All that there are, malloc'ed, as supervise.h has them; NULL: none. */
uint8_t *notes_take(struct notes *notes, size_t *length);

/*
 * The executable that was found, with what it is called with. `given`: as it was named, or NULL.
 * With `wait` for as long as there is no room. True when there was none before: somebody is to be
 * told. With request->error EFAULT the arguments cannot be read, and it must not be executed.
 */
bool notes_execution(struct notes *notes, struct request *request, const char *given, bool wait);

/* The socket that is about to be reached, unless the same was by the same a moment ago. */
bool notes_socket(struct notes *notes, struct request *request, bool wait);

#endif
