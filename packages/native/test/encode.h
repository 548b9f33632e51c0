/* The other direction of src/plan/decode.c, for tests: writes what the struct says, right or wrong. */
#ifndef NONO_TEST_ENCODE_H
#define NONO_TEST_ENCODE_H

#include <stdlib.h>
#include <string.h>

#include "../include/plan.h"

struct buffer {
	uint8_t *bytes;
	size_t length;
	size_t room;
};

static inline void make_room(struct buffer *out, size_t size)
{
	if (out->length + size <= out->room)
		return;
	out->room = 2 * (out->length + size);
	out->bytes = realloc(out->bytes, out->room);
}

static inline void put(struct buffer *out, uint64_t number, size_t size)
{
	make_room(out, size);
	for (size_t i = 0; i < size; i++)
		out->bytes[out->length++] = (uint8_t)(number >> (8 * i));
}

static inline void put_text(struct buffer *out, const char *text, size_t length)
{
	put(out, length, 4);
	make_room(out, length + 1);
	memcpy(out->bytes + out->length, text, length);
	out->length += length;
	out->bytes[out->length++] = 0;
}

static inline struct text text_of(const char *bytes)
{
	return (struct text){ bytes, (uint32_t)strlen(bytes) };
}

enum { OFFSET_VERSION = 8, OFFSET_LENGTH = 12, OFFSET_FLAGS = 16, OFFSET_ARGC = 60, OFFSET_BODY = 92 };

static inline void set_u32(struct buffer *out, size_t offset, uint32_t number)
{
	for (size_t i = 0; i < 4; i++)
		out->bytes[offset + i] = (uint8_t)(number >> (8 * i));
}

static inline void put_header(struct buffer *out, const struct plan *plan)
{
	for (const char *magic = "NONOPLAN"; *magic; magic++)
		put(out, (uint8_t)*magic, 1);
	put(out, PLAN_VERSION, 4);
	put(out, 0, 4);
	put(out, plan->flags, 4);
	put(out, plan->parent, 4);
	put(out, plan->keep_capabilities, 8);
	put(out, plan->handled_fs, 8);
	put(out, plan->handled_net, 8);
	put(out, plan->scoped, 8);
	put(out, plan->restrict_flags, 4);
	put(out, plan->argc, 4);
	put(out, plan->environment_count, 4);
	put(out, plan->rule_count, 4);
	put(out, plan->split_count, 4);
	put(out, plan->port_count, 4);
	put(out, plan->limit_count, 4);
	put(out, plan->descriptor_count, 4);
	put(out, plan->filter_count, 4);
}

static inline void put_filter(struct buffer *out, const struct filter *filter)
{
	put(out, filter->flags, 4);
	put(out, filter->program.len, 4);
	for (size_t i = 0; i < filter->program.len; i++) {
		put(out, filter->program.filter[i].code, 2);
		put(out, filter->program.filter[i].jt, 1);
		put(out, filter->program.filter[i].jf, 1);
		put(out, filter->program.filter[i].k, 4);
	}
}

static inline struct buffer encode(const struct plan *plan)
{
	struct buffer out = { 0 };

	put_header(&out, plan);
	put_text(&out, plan->cwd.bytes ? plan->cwd.bytes : "", plan->cwd.length);
	put_text(&out, plan->path.bytes ? plan->path.bytes : "", plan->path.length);
	for (uint32_t i = 0; i < plan->argc; i++)
		put_text(&out, plan->argv[i], strlen(plan->argv[i]));
	for (uint32_t i = 0; i < plan->environment_count; i++)
		put_text(&out, plan->environment[i], strlen(plan->environment[i]));
	put_text(&out, plan->profile.bytes ? plan->profile.bytes : "", plan->profile.length);
	put_text(&out, plan->marker.bytes ? plan->marker.bytes : "", plan->marker.length);
	for (uint32_t i = 0; i < plan->rule_count; i++) {
		put(&out, plan->rules[i].rights, 8);
		put(&out, plan->rules[i].flags, 4);
		put_text(&out, plan->rules[i].path.bytes, plan->rules[i].path.length);
	}
	for (uint32_t i = 0; i < plan->split_count; i++) {
		put(&out, plan->splits[i].files, 8);
		put(&out, plan->splits[i].directories, 8);
		put(&out, plan->splits[i].flags, 4);
		put_text(&out, plan->splits[i].path.bytes, plan->splits[i].path.length);
		put(&out, plan->splits[i].name_count, 4);
		for (uint32_t j = 0; j < plan->splits[i].name_count; j++)
			put_text(&out, plan->splits[i].names[j].bytes, plan->splits[i].names[j].length);
	}
	for (uint32_t i = 0; i < plan->port_count; i++) {
		put(&out, plan->ports[i].rights, 8);
		put(&out, plan->ports[i].port, 8);
	}
	for (uint32_t i = 0; i < plan->limit_count; i++) {
		put(&out, plan->limits[i].resource, 4);
		put(&out, plan->limits[i].soft, 8);
		put(&out, plan->limits[i].hard, 8);
	}
	for (uint32_t i = 0; i < plan->descriptor_count; i++)
		put(&out, plan->descriptors[i], 4);
	for (uint32_t i = 0; i < plan->filter_count; i++)
		put_filter(&out, &plan->filters[i]);
	set_u32(&out, OFFSET_LENGTH, (uint32_t)out.length);
	return out;
}

#endif
