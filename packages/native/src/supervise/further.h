/* Processes of the sandbox that have restricted themselves further. */
#ifndef NONO_SUPERVISE_FURTHER_H
#define NONO_SUPERVISE_FURTHER_H

#include <stdbool.h>
#include <sys/types.h>

struct supervisor;

/* By the command, before it is started. */
void further_prepare(struct supervisor *supervisor, pid_t command);

/* With our own rights. True where it cannot be found out. */
bool is_restricted_further(const struct supervisor *supervisor, pid_t thread);

#endif
