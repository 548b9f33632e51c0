/* Lists of names and paths as they come from JavaScript: with a NUL behind each. */
#ifndef NONO_NAMES_H
#define NONO_NAMES_H

#include "addon.h"

#include <string.h>
#include <sys/stat.h>

bool take_names(napi_env env, napi_value value, struct bytes *names);
size_t names_count(const struct bytes *names);

/* Each of the strings as a loop over `name`. */
#define EACH_NAME(names, name)                                                              \
	for (const char *name = (const char *)(names)->start;                               \
	     name < (const char *)(names)->start + (names)->length; name += strlen(name) + 1)

/* What a name is, for JavaScript. A file of several names is told apart: those are looked for. */
enum name_kind {
	NAME_NOTHING = 0,
	NAME_DIRECTORY = 1,
	NAME_LINK = 2,
	NAME_FILE = 3,
	NAME_SHARED = 4,
	NAME_UNKNOWN = 255, /* it may not be looked at */
};

uint8_t kind_in(const struct stat *stat);
uint8_t kind_after(int error);
/* Of a name in an open directory. */
uint8_t kind_of(int directory, const char *name);

#endif
