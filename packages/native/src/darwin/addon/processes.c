/* Of this system and its processes, what Linux has in /proc. */
#include <errno.h>
#include <libproc.h>
#include <stdlib.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <unistd.h>

#include "../../addon/addon.h"
#include "../system.h"
#include "module.h"

#define ROOM_BEYOND 64 /* processes that start between counting and listing */
#define WITH_ZOMBIES 1

/* () */
napi_value seatbelt_probe(napi_env env, napi_callback_info info)
{
	napi_value result;

	(void)info;
	napi_create_object(env, &result);
	set_bool(env, result, "confined", sandbox_check(getpid(), NULL, SANDBOX_CHECK_NO_REPORT) != 0);
	return result;
}

/* (pid) */
napi_value process_describe(napi_env env, napi_callback_info info)
{
	struct proc_bsdinfo about;
	napi_value argument, result;
	int32_t pid;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &pid))
		return NULL;
	if (proc_pidinfo(pid, PROC_PIDTBSDINFO, WITH_ZOMBIES, &about, sizeof about) != sizeof about) {
		napi_get_null(env, &result);
		return result;
	}
	napi_create_object(env, &result);
	set_int(env, result, "parent", about.pbi_ppid);
	set_int(env, result, "started", (int64_t)about.pbi_start_tvsec * 1000000 + (int64_t)about.pbi_start_tvusec);
	set_bool(env, result, "zombie", about.pbi_status == SZOMB);
	return result;
}

/* () */
napi_value processes_list(napi_env env, napi_callback_info info)
{
	int room = proc_listallpids(NULL, 0) + ROOM_BEYOND;
	pid_t *processes = calloc((size_t)room, sizeof *processes);
	napi_value result, number;

	(void)info;
	if (!processes)
		return throw_errno(env, ENOMEM);
	int count = proc_listallpids(processes, room * (int)sizeof *processes);
	napi_create_array(env, &result);
	for (int i = 0; i < count && i < room; i++) {
		napi_create_int32(env, processes[i], &number);
		napi_set_element(env, result, (uint32_t)i, number);
	}
	free(processes);
	return result;
}

/* () */
napi_value boot_session(napi_env env, napi_callback_info info)
{
	char text[64];
	size_t size = sizeof text;
	napi_value result;

	(void)info;
	if (sysctlbyname("kern.bootsessionuuid", text, &size, NULL, 0))
		return throw_errno(env, errno);
	napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
	return result;
}
