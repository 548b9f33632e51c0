/* What nono.node has on macOS only, as packages/core/src/native/addon.ts describes it. */
#ifndef NONO_DARWIN_MODULE_H
#define NONO_DARWIN_MODULE_H

#include <node_api.h>

napi_value seatbelt_probe(napi_env env, napi_callback_info info);
napi_value process_describe(napi_env env, napi_callback_info info);
napi_value processes_list(napi_env env, napi_callback_info info);
napi_value boot_session(napi_env env, napi_callback_info info);

#endif
