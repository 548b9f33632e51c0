/* The functions of nono.node, as packages/core/src/native/addon.ts describes them, and what they share. */
#ifndef NONO_ADDON_H
#define NONO_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <signal.h>
#include <stdbool.h>

#include "../plan/failure.h"

napi_value landlock_probe(napi_env env, napi_callback_info info);
napi_value listener_probe(napi_env env, napi_callback_info info);
napi_value seccomp_probe(napi_env env, napi_callback_info info);
napi_value memfd_create_sealed(napi_env env, napi_callback_info info);
napi_value pipe_create(napi_env env, napi_callback_info info);
napi_value process_replace(napi_env env, napi_callback_info info);
napi_value launcher_start(napi_env env, napi_callback_info info);
napi_value plan_apply(napi_env env, napi_callback_info info);
napi_value signals_relay(napi_env env, napi_callback_info info);
napi_value memory_hide(napi_env env, napi_callback_info info);
napi_value terminal_open(napi_env env, napi_callback_info info);
napi_value terminal_modes(napi_env env, napi_callback_info info);
napi_value terminal_set_modes(napi_env env, napi_callback_info info);
napi_value terminal_raw_modes(napi_env env, napi_callback_info info);
napi_value terminal_size(napi_env env, napi_callback_info info);
napi_value terminal_resize(napi_env env, napi_callback_info info);
napi_value terminal_foreground(napi_env env, napi_callback_info info);
napi_value terminal_take_back(napi_env env, napi_callback_info info);
napi_value watch_open(napi_env env, napi_callback_info info);
napi_value socket_listen(napi_env env, napi_callback_info info);
napi_value socket_accept(napi_env env, napi_callback_info info);
napi_value peer_handle(napi_env env, napi_callback_info info);
napi_value socket_connect(napi_env env, napi_callback_info info);
napi_value executables_look(napi_env env, napi_callback_info info);
napi_value names_present(napi_env env, napi_callback_info info);
napi_value paths_kinds(napi_env env, napi_callback_info info);
napi_value names_behind(napi_env env, napi_callback_info info);
napi_value directory_list(napi_env env, napi_callback_info info);
napi_value directories_compare(napi_env env, napi_callback_info info);
napi_value file_open(napi_env env, napi_callback_info info);
napi_value file_describe(napi_env env, napi_callback_info info);
napi_value file_read(napi_env env, napi_callback_info info);
napi_value files_read(napi_env env, napi_callback_info info);
napi_value files_restore(napi_env env, napi_callback_info info);
napi_value file_set_time(napi_env env, napi_callback_info info);
napi_value file_data(napi_env env, napi_callback_info info);
napi_value file_clone(napi_env env, napi_callback_info info);
napi_value file_lock(napi_env env, napi_callback_info info);
napi_value file_system_sync(napi_env env, napi_callback_info info);
napi_value attributes_read(napi_env env, napi_callback_info info);
napi_value attribute_set(napi_env env, napi_callback_info info);
napi_value attribute_remove(napi_env env, napi_callback_info info);
napi_value tree_index(napi_env env, napi_callback_info info);
napi_value leaves_join(napi_env env, napi_callback_info info);
napi_value row_digest(napi_env env, napi_callback_info info);
napi_value leaves_hash(napi_env env, napi_callback_info info);
napi_value rows_index(napi_env env, napi_callback_info info);
napi_value merkle_root(napi_env env, napi_callback_info info);

/* value.c. Those that give a bool give false with a JavaScript exception pending. */

struct bytes {
	const uint8_t *start; /* valid until control returns to JavaScript */
	size_t length;
};

/* Exactly `count` arguments, or a TypeError. */
bool take_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *arguments);
bool take_bytes(napi_env env, napi_value value, struct bytes *bytes);
bool take_int(napi_env env, napi_value value, int32_t *number);
bool take_bool(napi_env env, napi_value value, bool *truth);

/* To be freed, also after false. */
struct texts {
	char **items; /* NULL-terminated, as execve(2) takes them */
	uint32_t count;
};
struct ints {
	int32_t *items;
	uint32_t count;
};

char *take_text(napi_env env, napi_value value); /* of a Uint8Array; NULL with an exception, also for a NUL inside */
bool take_texts(napi_env env, napi_value array, struct texts *texts);
bool take_ints(napi_env env, napi_value array, struct ints *ints);
void texts_free(struct texts *texts);

void set_int(napi_env env, napi_value object, const char *name, int64_t number);
void set_bool(napi_env env, napi_value object, const char *name, bool truth);

/* An Error with step, index and errno; always NULL, so that a callback can return it. */
napi_value throw_failure(napi_env env, const struct failure *failure);

/* For what is no step of a plan: step and index are 0. */
napi_value throw_errno(napi_env env, int error);

/*
 * relay.c: between the start of a process and signals_relay, a signal must neither end us nor be
 * lost. Held from relay_hold on; relay_release is for a start that failed.
 */
#define RELAYED_SIGNALS 7

struct relay_before {
	struct sigaction actions[RELAYED_SIGNALS];
};

void relay_hold(struct relay_before *before);
void relay_release(const struct relay_before *before);

#endif
