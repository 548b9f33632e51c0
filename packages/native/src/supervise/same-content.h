/* Whether two files are the same to everybody who reads them. */
#ifndef NONO_SUPERVISE_SAME_CONTENT_H
#define NONO_SUPERVISE_SAME_CONTENT_H

#include "request.h"

/* Ordinary files of at most this many bytes. */
#define SAME_CONTENT_MAX (1u << 20)

/*
 * Mode, owner and content, by what this thread may read now. Two names of one file are not meant.
 */
bool same_content(const struct object *one, const struct object *other);

#endif
