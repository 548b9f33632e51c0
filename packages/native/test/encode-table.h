/* The other direction of src/supervise/decode-table.c, for tests: writes what it is told, right or wrong. */
#ifndef NONO_TEST_ENCODE_TABLE_H
#define NONO_TEST_ENCODE_TABLE_H

#include "../include/supervise.h"
#include "encode.h"

enum { TABLE_OFFSET_LENGTH = 12, TABLE_OFFSET_COUNTS = 28, TABLE_OFFSET_BODY = 44 };

struct table_rule {
	uint64_t native, behalf, denied;
	uint32_t flags;
	const char *path;
};

struct table_pattern {
	uint64_t rights;
	const char *directory, *name;
};

struct table_content {
	uint32_t flags, parked, deadline;
	const struct table_rule *rules;
	uint32_t rule_count;
	const char *split; /* a directory whose entries have every right but one that is called `secret` */
	const struct table_pattern *patterns;
	uint32_t pattern_count;
	const char *executable;
};

static inline void put_string(struct buffer *out, const char *text)
{
	put_text(out, text, strlen(text));
}

static inline struct buffer encode_table(const struct table_content *content)
{
	struct buffer out = { 0 };

	for (const char *magic = "NONOSUPV"; *magic; magic++)
		put(&out, (uint8_t)*magic, 1);
	put(&out, TABLE_VERSION, 4);
	put(&out, 0, 4);
	put(&out, content->flags, 4);
	put(&out, content->parked, 4);
	put(&out, content->deadline, 4);
	put(&out, content->rule_count, 4);
	put(&out, content->split != NULL, 4);
	put(&out, content->pattern_count, 4);
	put(&out, content->executable != NULL, 4);
	for (uint32_t i = 0; i < content->rule_count; i++) {
		put(&out, content->rules[i].native, 8);
		put(&out, content->rules[i].behalf, 8);
		put(&out, content->rules[i].denied, 8);
		put(&out, content->rules[i].flags, 4);
		put_string(&out, content->rules[i].path);
	}
	if (content->split) {
		put(&out, ~0ull, 8);
		put(&out, ~0ull, 8);
		put_string(&out, content->split);
		put(&out, 1, 4);
		put_string(&out, "secret");
	}
	for (uint32_t i = 0; i < content->pattern_count; i++) {
		put(&out, content->patterns[i].rights, 8);
		put_string(&out, content->patterns[i].directory);
		put_string(&out, content->patterns[i].name);
	}
	if (content->executable) {
		put(&out, 0, 4);
		put_string(&out, content->executable);
	}
	set_u32(&out, TABLE_OFFSET_LENGTH, (uint32_t)out.length);
	return out;
}

#endif
