/* Between JavaScript's values and C's. */
#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool take_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *arguments)
{
	size_t given = count;

	if (napi_get_cb_info(env, info, &given, arguments, NULL, NULL) == napi_ok && given == count)
		return true;
	napi_throw_type_error(env, NULL, "wrong number of arguments");
	return false;
}

bool take_bytes(napi_env env, napi_value value, struct bytes *bytes)
{
	napi_typedarray_type type;
	void *start;

	if (napi_get_typedarray_info(env, value, &type, &bytes->length, &start, NULL, NULL) != napi_ok ||
	    type != napi_uint8_array) {
		napi_throw_type_error(env, NULL, "not a Uint8Array");
		return false;
	}
	bytes->start = start;
	return true;
}

bool take_int(napi_env env, napi_value value, int32_t *number)
{
	double exact;

	if (napi_get_value_double(env, value, &exact) == napi_ok &&
	    napi_get_value_int32(env, value, number) == napi_ok && exact == *number)
		return true;
	napi_throw_type_error(env, NULL, "not a 32-bit integer");
	return false;
}

bool take_bool(napi_env env, napi_value value, bool *truth)
{
	if (napi_get_value_bool(env, value, truth) == napi_ok)
		return true;
	napi_throw_type_error(env, NULL, "not a boolean");
	return false;
}

char *take_text(napi_env env, napi_value value)
{
	struct bytes bytes;

	if (!take_bytes(env, value, &bytes))
		return NULL;
	char *text = malloc(bytes.length + 1);
	if (!text) {
		throw_errno(env, ENOMEM);
		return NULL;
	}
	memcpy(text, bytes.start, bytes.length);
	text[bytes.length] = '\0';
	if (strlen(text) == bytes.length)
		return text;
	free(text);
	napi_throw_type_error(env, NULL, "a NUL byte inside");
	return NULL;
}

/* Zeroed room for as many elements as the array has and one more, or NULL with an exception. */
static void *room_for(napi_env env, napi_value array, size_t size, uint32_t *length)
{
	if (napi_get_array_length(env, array, length) != napi_ok) {
		napi_throw_type_error(env, NULL, "not an array");
		return NULL;
	}
	void *room = calloc((size_t)*length + 1, size);
	if (!room)
		throw_errno(env, ENOMEM);
	return room;
}

bool take_texts(napi_env env, napi_value array, struct texts *texts)
{
	uint32_t length;
	napi_value item;

	texts->items = room_for(env, array, sizeof *texts->items, &length);
	if (!texts->items)
		return false;
	for (; texts->count < length; texts->count++) {
		if (napi_get_element(env, array, texts->count, &item) != napi_ok ||
		    !(texts->items[texts->count] = take_text(env, item)))
			return false;
	}
	return true;
}

void texts_free(struct texts *texts)
{
	for (uint32_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
}

bool take_ints(napi_env env, napi_value array, struct ints *ints)
{
	uint32_t length;
	napi_value item;

	ints->items = room_for(env, array, sizeof *ints->items, &length);
	if (!ints->items)
		return false;
	for (; ints->count < length; ints->count++) {
		if (napi_get_element(env, array, ints->count, &item) != napi_ok ||
		    !take_int(env, item, &ints->items[ints->count]))
			return false;
	}
	return true;
}

void set_int(napi_env env, napi_value object, const char *name, int64_t number)
{
	napi_value value;

	napi_create_int64(env, number, &value);
	napi_set_named_property(env, object, name, value);
}

void set_bool(napi_env env, napi_value object, const char *name, bool truth)
{
	napi_value value;

	napi_get_boolean(env, truth, &value);
	napi_set_named_property(env, object, name, value);
}

/* Not strerror(3), which may share its buffer with other threads. */
static const char *text_of_error(int error, char *text, size_t size)
{
#ifdef __GLIBC__
	return strerror_r(error, text, size);
#else
	return strerror_r(error, text, size) ? "unknown error" : text;
#endif
}

napi_value throw_failure(napi_env env, const struct failure *failure)
{
	char text[128];
	napi_value message, error;

	napi_create_string_utf8(env, text_of_error(failure->error, text, sizeof text), NAPI_AUTO_LENGTH, &message);
	napi_create_error(env, NULL, message, &error);
	set_int(env, error, "step", failure->step);
	set_int(env, error, "index", failure->index);
	set_int(env, error, "errno", failure->error);
	napi_throw(env, error);
	return NULL;
}

napi_value throw_errno(napi_env env, int error)
{
	return throw_failure(env, &(struct failure){ .error = error });
}
