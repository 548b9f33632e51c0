/*
 * Reads the numbers and strings of plan.h, which the plan and the supervisor's table are made of,
 * from bytes that nothing is believed of. The first error sticks: after it every read gives zeros,
 * so that only loops and allocations have to ask.
 */
#ifndef NONO_PLAN_CURSOR_H
#define NONO_PLAN_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include "../../include/plan.h"

#define STRING_SIZE 5u /* the shortest: length, NUL */

struct cursor {
	const uint8_t *bytes;
	size_t length;
	size_t offset;
	int error;
	size_t error_offset;
};

/* Notes an error at `offset`, unless there was one before. */
void wrong(struct cursor *in, size_t offset, int error);

/* `size` bytes; NULL after an error. */
const uint8_t *read_bytes(struct cursor *in, size_t size);

/* Of `size` bytes, little-endian. */
uint64_t read_number(struct cursor *in, size_t size);
uint32_t read_u32(struct cursor *in);
uint64_t read_u64(struct cursor *in);

/* EBADMSG for what is not `known`. */
uint32_t read_flags(struct cursor *in, uint32_t known);

/* E2BIG for more than `max`. */
uint32_t read_count(struct cursor *in, uint32_t max);

/* With its NUL, and none before it. */
struct text read_text(struct cursor *in);
struct text read_absolute(struct cursor *in);

/* The magic of 8 bytes, the version, and the length of the whole. */
void read_start(struct cursor *in, const char *magic, uint32_t version);

#endif
