/* What making, moving and removing entries of directories have in common. */
#ifndef NONO_SUPERVISE_ENTRY_H
#define NONO_SUPERVISE_ENTRY_H

#include "request.h"

/*
 * The entry that names[index] stands for, there or not. What does not end in a name is EBUSY.
 */
enum verdict find_entry(struct worker *worker, struct request *request, unsigned int index);

/* An entry to be made, by the right `wanted`. */
enum verdict find_new(struct worker *worker, struct request *request, unsigned int index, uint64_t wanted);

/*
 * What Unix permissions refuse anyway is no matter of the sandbox: nobody is asked, and VERDICT_ASK
 * becomes EACCES, from the kernel where it decides.
 */
enum verdict unless_refused(struct request *request, enum verdict verdict);

/* By the kind of file in `mode`. */
uint64_t making_right(mode_t mode);
uint64_t removing_right(mode_t mode);

#endif
