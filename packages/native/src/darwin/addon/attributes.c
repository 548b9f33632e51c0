/* Extended attributes of an open file (getxattr(2)): all of them, as macOS has no namespaces. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../addon/addon.h"
#include "../system.h"

static int set_attribute(napi_env env, int descriptor, const char *name, napi_value object)
{
	static const napi_property_attributes plain = napi_enumerable | napi_writable | napi_configurable;
	ssize_t size = fgetxattr(descriptor, name, NULL, 0, 0, 0);
	char *room = size < 0 ? NULL : malloc((size_t)size + 1);
	napi_value value, key;

	if (size < 0)
		return errno == ENOATTR ? 0 : errno; /* removed since */
	if (!room)
		return ENOMEM;
	size = fgetxattr(descriptor, name, room, (size_t)size, 0, 0);
	int error = size < 0 ? errno : 0;
	if (!error) {
		napi_create_buffer_copy(env, (size_t)size, room, NULL, &value);
		napi_create_string_latin1(env, name, NAPI_AUTO_LENGTH, &key);
		napi_property_descriptor property = { .name = key, .value = value, .attributes = plain };
		napi_define_properties(env, object, 1, &property);
	}
	free(room);
	return error == ENOATTR ? 0 : error;
}

napi_value attributes_read(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	int32_t descriptor;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	ssize_t length = flistxattr(descriptor, NULL, 0, 0);
	if (length == 0 || (length < 0 && errno == ENOTSUP)) {
		napi_get_null(env, &result);
		return result;
	}
	char *names = length < 0 ? NULL : malloc((size_t)length);
	if (!names)
		return throw_errno(env, length < 0 ? errno : ENOMEM);
	length = flistxattr(descriptor, names, (size_t)length, 0);
	int error = length < 0 ? errno : 0;
	napi_create_object(env, &result);
	for (char *name = names; !error && name < names + length; name += strlen(name) + 1)
		error = set_attribute(env, descriptor, name, result);
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
	int failed = fsetxattr(descriptor, name, value.start, value.length, 0, 0);
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
	int failed = fremovexattr(descriptor, name, 0);
	int error = errno;
	free(name);
	return failed && error != ENOATTR ? throw_errno(env, error) : NULL;
}
