/* A table of hashes over sorted rows that each begin with a digest, for packages/core/src/snapshot/object-index.ts. */
#include "addon.h"

#include <errno.h>
#include <string.h>

static uint32_t word_at(const uint8_t *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof word);
	return word;
}

/* The slots, a power of two of them, each a number of a row plus one, or 0. */
static bool index_rows(const struct bytes *rows, uint32_t size, uint32_t first, const struct bytes *slots)
{
	size_t count = rows->length / size;
	size_t mask = slots->length / sizeof(uint32_t) - 1;

	for (size_t row = 0; row < count; row++) {
		size_t slot = word_at(rows->start + row * size) & mask;
		uint32_t number = first + (uint32_t)row + 1;
		size_t tried = 0;

		for (; word_at(slots->start + slot * 4); slot = (slot + 1) & mask)
			if (++tried > mask)
				return false;
		memcpy((uint8_t *)slots->start + slot * 4, &number, sizeof number);
	}
	return true;
}

napi_value rows_index(napi_env env, napi_callback_info info)
{
	napi_value arguments[4];
	struct bytes rows, slots;
	uint32_t size, first;

	if (!take_arguments(env, info, 4, arguments) || !take_bytes(env, arguments[0], &rows) ||
	    !take_bytes(env, arguments[3], &slots))
		return NULL;
	size_t count = slots.length / sizeof(uint32_t);
	bool valid = napi_get_value_uint32(env, arguments[1], &size) == napi_ok && size >= 4 &&
		     napi_get_value_uint32(env, arguments[2], &first) == napi_ok && count &&
		     !(count & (count - 1));
	if (!valid || !index_rows(&rows, size, first, &slots))
		return throw_errno(env, EINVAL);
	return NULL;
}
