/* Processes that a call names by number: which of them are the sandbox's. */
#ifndef NONO_SUPERVISE_OTHERS_H
#define NONO_SUPERVISE_OTHERS_H

#include "request.h"

/*
 * Holds the thread in request->descriptor. VERDICT_GO_ON: it is the sandbox's. VERDICT_ASK: it is
 * outside, where the sandbox alone keeps the caller from it. VERDICT_FAIL: there is none, or the
 * caller might not do it without a sandbox either. `capability`: by which it might.
 */
enum verdict judge_other(struct worker *worker, struct request *request, pid_t thread, unsigned int capability);

/* For VERDICT_ASK: outside, and which one; 0: several, or all of a user. */
enum verdict refuse_other(struct request *request, pid_t thread);

#endif
