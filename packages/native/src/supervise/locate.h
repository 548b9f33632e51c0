/*
 * From a path of the caller to the object it stands for, without going anywhere on the caller's
 * word.
 */
#ifndef NONO_SUPERVISE_LOCATE_H
#define NONO_SUPERVISE_LOCATE_H

#include "request.h"

enum locate_flag {
	LOCATE_FOLLOW = 1u << 0,  /* a link at the end stands for what it names */
	LOCATE_MISSING = 1u << 1, /* nothing needs to be there: parent and name are enough */
};

/*
 * Fills object->file, parent, name, path and stat from request->names[index]. 0 or a negative
 * errno: what the call would fail with; ELOOP also for what no path of ours may go through (magic
 * links but the caller's own descriptors).
 */
int locate(struct worker *worker, struct request *request, unsigned int index, unsigned int flags, struct object *object);

/* Fills file, path and stat from a descriptor; takes it over. */
int locate_descriptor(struct worker *worker, int descriptor, struct object *object);

/* The path of a descriptor of ours, malloc'ed; NULL with errno. */
char *path_of(const struct worker *worker, int descriptor);

void object_clear(struct object *object);

#endif
