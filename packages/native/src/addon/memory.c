#include "addon.h"

#include <errno.h>
#include <sys/prctl.h>

/* PR_SET_DUMPABLE(2const): no core file, no ptrace(2), and /proc/PID/{environ,mem} are root's. */
napi_value memory_hide(napi_env env, napi_callback_info info)
{
	(void)info;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return throw_errno(env, errno);
	return NULL;
}
