#ifndef NONO_SUPERVISE_ADDON_H
#define NONO_SUPERVISE_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>

napi_value channel_create(napi_env env, napi_callback_info info);
napi_value supervise(napi_env env, napi_callback_info info);

#endif
