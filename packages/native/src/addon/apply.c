#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../plan/decode.h"
#include "../plan/steps.h"
#include "addon.h"
#include "restrict.h"

napi_value plan_apply(napi_env env, napi_callback_info info)
{
	napi_value argument;
	struct bytes bytes;
	struct failure failure;
	struct plan plan;

	if (!take_arguments(env, info, 1, &argument) || !take_bytes(env, argument, &bytes))
		return NULL;
	/* JavaScript may share this memory with a thread that changes it while it is read. */
	uint8_t *copy = malloc(bytes.length + 1);
	if (!copy)
		return throw_errno(env, ENOMEM);
	memcpy(copy, bytes.start, bytes.length);
	int result = plan_decode(copy, bytes.length, &plan, &failure);
	if (!result) {
		result = platform_check(&plan, &failure) || process_restrict(&plan, &failure);
		plan_free(&plan);
	}
	free(copy);
	return result ? throw_failure(env, &failure) : NULL;
}
