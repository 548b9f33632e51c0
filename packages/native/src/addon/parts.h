/* Bytes one behind the other, each led by its length: the form of what is remembered of a tree. */
#ifndef NONO_PARTS_H
#define NONO_PARTS_H

#include <string.h>

#include "addon.h"

/* False at the end of what is there, and for a length beyond it. Numbers are in the order of all machines that nono runs on. */
static inline bool take_part(struct bytes *rest, struct bytes *part)
{
	uint32_t length;

	if (rest->length < sizeof length)
		return false;
	memcpy(&length, rest->start, sizeof length);
	if (rest->length - sizeof length < length)
		return false;
	*part = (struct bytes){ .start = rest->start + sizeof length, .length = length };
	rest->start += sizeof length + length;
	rest->length -= sizeof length + length;
	return true;
}

#endif
