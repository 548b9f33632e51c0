/*
 * Paths that lay below a rule of the kernel a moment ago: programs open the same libraries and
 * configuration again and again. What is found here goes on natively, so that a path that leads
 * elsewhere by now gets what the kernel's rules say, and no more; only the supervisor would not
 * hear of it. Hence not for long, and not across a rename or a new link in the sandbox.
 */
#ifndef NONO_SUPERVISE_RECENT_H
#define NONO_SUPERVISE_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#define RECENT_PATHS 256u /* a power of two */
#define RECENT_LENGTH 120u

struct recent {
	struct recent_path {
		uint64_t until; /* nanoseconds; 0: free */
		uint64_t era;
		uint64_t rights;
		char path[RECENT_LENGTH];
	} paths[RECENT_PATHS];
};

/* `era` changes when paths may have come to mean something else. */
bool recent_covers(const struct recent *recent, const char *path, uint64_t rights, uint64_t era, uint64_t time);
void recent_note(struct recent *recent, const char *path, uint64_t rights, uint64_t era, uint64_t time);

#endif
