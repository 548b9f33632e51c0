/* Work beside JavaScript, on a thread of its pool, that ends in a promise of bytes. */
#ifndef NONO_JOB_H
#define NONO_JOB_H

#include "addon.h"

struct job {
	void (*run)(struct job *job); /* on another thread: nothing of JavaScript's */
	uint8_t *result; /* of malloc, from `run`; freed with the job */
	size_t length;
	int error; /* instead of a result */
	char *input; /* a copy of `texts`, each with a NUL behind it */
	size_t count; /* of the texts */
	uint8_t *room; /* of the caller, or NULL */
	size_t room_size;
	size_t from, to; /* what of the room, where a part was asked for */
	bool background; /* less important than everything else on the machine */
};

/*
 * A promise, or NULL with an exception. Of `job` the function, the part and `background` are taken.
 * `texts` are copied; `room` is a Uint8Array that is kept until the end. Either may be NULL.
 */
napi_value job_start(napi_env env, const struct job *job, napi_value texts, napi_value room);

#endif
