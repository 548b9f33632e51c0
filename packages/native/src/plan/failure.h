/* What went wrong, in the terms of status.h. The launcher reports it, the addon throws it. */
#ifndef NONO_FAILURE_H
#define NONO_FAILURE_H

#include "../../include/status.h"

struct failure {
	enum step step;
	uint32_t index;
	int error; /* errno */
};

/* Fills *failure; always -1, so that a caller can return it. */
static inline int failed(struct failure *failure, enum step step, uint32_t index, int error)
{
	*failure = (struct failure){ .step = step, .index = index, .error = error };
	return -1;
}

#endif
