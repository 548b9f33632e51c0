/* Extended attributes of an open file (xattr(7)), those of the user namespace. */
#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#define SPACE "user."
#define NAMES_MAX 65536 /* XATTR_LIST_MAX */
#define VALUE_MAX 65536 /* XATTR_SIZE_MAX */

/* A file system without attributes has none. */
static ssize_t names_of(int descriptor, char *names)
{
	ssize_t length = flistxattr(descriptor, names, NAMES_MAX);

	return length < 0 && errno == ENOTSUP ? 0 : length;
}

static int set_attribute(napi_env env, int descriptor, const char *name, napi_value object)
{
	static const napi_property_attributes plain = napi_enumerable | napi_writable | napi_configurable;
	napi_value value, key;
	char *room = malloc(VALUE_MAX);

	if (!room)
		return ENOMEM;
	ssize_t length = fgetxattr(descriptor, name, room, VALUE_MAX);
	if (length < 0) {
		int error = errno;

		free(room);
		return error == ENODATA ? 0 : error; /* removed since */
	}
	napi_create_buffer_copy(env, (size_t)length, room, NULL, &value);
	free(room);
	napi_create_string_latin1(env, name, NAPI_AUTO_LENGTH, &key);
	napi_property_descriptor property = { .name = key, .value = value, .attributes = plain };
	napi_define_properties(env, object, 1, &property);
	return 0;
}

napi_value attributes_read(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	int32_t descriptor;
	char small[256];

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	/* nearly no file has any, and few have many */
	ssize_t length = flistxattr(descriptor, small, sizeof small);
	if (length == 0 || (length < 0 && errno == ENOTSUP)) {
		napi_get_null(env, &result);
		return result;
	}
	char *names = malloc(NAMES_MAX);
	if (!names)
		return throw_errno(env, ENOMEM);
	length = names_of(descriptor, names);
	int error = length < 0 ? errno : 0;
	napi_create_object(env, &result);
	for (char *name = names; !error && name < names + length; name += strlen(name) + 1) {
		if (!strncmp(name, SPACE, strlen(SPACE)))
			error = set_attribute(env, descriptor, name, result);
	}
	free(names);
	return error ? throw_errno(env, error) : result;
}

napi_value attribute_set(napi_env env, napi_callback_info info)
{
	napi_value arguments[3];
	int32_t descriptor;
	struct bytes value;
	char *name;

	if (!take_arguments(env, info, 3, arguments) || !take_int(env, arguments[0], &descriptor) ||
	    !take_bytes(env, arguments[2], &value) || !(name = take_text(env, arguments[1])))
		return NULL;
	int failed = fsetxattr(descriptor, name, value.start, value.length, 0);
	int error = errno;
	free(name);
	return failed ? throw_errno(env, error) : NULL;
}

napi_value attribute_remove(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];
	int32_t descriptor;
	char *name;

	if (!take_arguments(env, info, 2, arguments) || !take_int(env, arguments[0], &descriptor) ||
	    !(name = take_text(env, arguments[1])))
		return NULL;
	int failed = fremovexattr(descriptor, name);
	int error = errno;
	free(name);
	return failed && error != ENODATA ? throw_errno(env, error) : NULL;
}
