/*
 * What nono.node exports. It may be loaded by several threads of a process at once, and keeps
 * nothing for any of them.
 */
#include "../../include/plan.h"
#include "../supervise/addon.h"
#include "addon.h"

static const napi_property_descriptor functions[] = {
	{ .utf8name = "landlock", .method = landlock_probe, .attributes = napi_enumerable },
	{ .utf8name = "listener", .method = listener_probe, .attributes = napi_enumerable },
	{ .utf8name = "seccomp", .method = seccomp_probe, .attributes = napi_enumerable },
	{ .utf8name = "memfd", .method = memfd_create_sealed, .attributes = napi_enumerable },
	{ .utf8name = "pipe", .method = pipe_create, .attributes = napi_enumerable },
	{ .utf8name = "execve", .method = process_replace, .attributes = napi_enumerable },
	{ .utf8name = "start", .method = launcher_start, .attributes = napi_enumerable },
	{ .utf8name = "apply", .method = plan_apply, .attributes = napi_enumerable },
	{ .utf8name = "relaySignals", .method = signals_relay, .attributes = napi_enumerable },
	{ .utf8name = "hideMemory", .method = memory_hide, .attributes = napi_enumerable },
	{ .utf8name = "openTerminal", .method = terminal_open, .attributes = napi_enumerable },
	{ .utf8name = "terminalModes", .method = terminal_modes, .attributes = napi_enumerable },
	{ .utf8name = "setTerminalModes", .method = terminal_set_modes, .attributes = napi_enumerable },
	{ .utf8name = "rawModes", .method = terminal_raw_modes, .attributes = napi_enumerable },
	{ .utf8name = "terminalSize", .method = terminal_size, .attributes = napi_enumerable },
	{ .utf8name = "resizeTerminal", .method = terminal_resize, .attributes = napi_enumerable },
	{ .utf8name = "isForeground", .method = terminal_foreground, .attributes = napi_enumerable },
	{ .utf8name = "takeTerminalBack", .method = terminal_take_back, .attributes = napi_enumerable },
	{ .utf8name = "watch", .method = watch_open, .attributes = napi_enumerable },
	{ .utf8name = "listen", .method = socket_listen, .attributes = napi_enumerable },
	{ .utf8name = "accept", .method = socket_accept, .attributes = napi_enumerable },
	{ .utf8name = "connect", .method = socket_connect, .attributes = napi_enumerable },
	{ .utf8name = "peerHandle", .method = peer_handle, .attributes = napi_enumerable },
	{ .utf8name = "lookForExecutables", .method = executables_look, .attributes = napi_enumerable },
	{ .utf8name = "namesPresent", .method = names_present, .attributes = napi_enumerable },
	{ .utf8name = "kindsOfPaths", .method = paths_kinds, .attributes = napi_enumerable },
	{ .utf8name = "namesBehind", .method = names_behind, .attributes = napi_enumerable },
	{ .utf8name = "listDirectory", .method = directory_list, .attributes = napi_enumerable },
	{ .utf8name = "compareDirectories", .method = directories_compare, .attributes = napi_enumerable },
	{ .utf8name = "openFile", .method = file_open, .attributes = napi_enumerable },
	{ .utf8name = "describeFile", .method = file_describe, .attributes = napi_enumerable },
	{ .utf8name = "readFile", .method = file_read, .attributes = napi_enumerable },
	{ .utf8name = "readFiles", .method = files_read, .attributes = napi_enumerable },
	{ .utf8name = "restoreFiles", .method = files_restore, .attributes = napi_enumerable },
	{ .utf8name = "setFileTime", .method = file_set_time, .attributes = napi_enumerable },
	{ .utf8name = "dataOfFile", .method = file_data, .attributes = napi_enumerable },
	{ .utf8name = "cloneFile", .method = file_clone, .attributes = napi_enumerable },
	{ .utf8name = "lockFile", .method = file_lock, .attributes = napi_enumerable },
	{ .utf8name = "syncFileSystem", .method = file_system_sync, .attributes = napi_enumerable },
	{ .utf8name = "attributes", .method = attributes_read, .attributes = napi_enumerable },
	{ .utf8name = "setAttribute", .method = attribute_set, .attributes = napi_enumerable },
	{ .utf8name = "removeAttribute", .method = attribute_remove, .attributes = napi_enumerable },
	{ .utf8name = "indexTree", .method = tree_index, .attributes = napi_enumerable },
	{ .utf8name = "joinLeaves", .method = leaves_join, .attributes = napi_enumerable },
	{ .utf8name = "digestRow", .method = row_digest, .attributes = napi_enumerable },
	{ .utf8name = "hashLeaves", .method = leaves_hash, .attributes = napi_enumerable },
	{ .utf8name = "indexRows", .method = rows_index, .attributes = napi_enumerable },
	{ .utf8name = "merkleRoot", .method = merkle_root, .attributes = napi_enumerable },
	{ .utf8name = "channel", .method = channel_create, .attributes = napi_enumerable },
	{ .utf8name = "supervise", .method = supervise, .attributes = napi_enumerable },
};

NAPI_MODULE_INIT()
{
	set_int(env, exports, "planVersion", PLAN_VERSION);
	napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
	return exports;
}
