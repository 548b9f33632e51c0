/*
 * What libSystem has and the headers at hand do not say: those of ziglang are a part of Apple's. What Apple declares in
 * no public header stands at the end, with where it is known from.
 */
#ifndef NONO_DARWIN_SYSTEM_H
#define NONO_DARWIN_SYSTEM_H

#include <stdint.h>
#include <sys/types.h>

/* <sandbox.h>, sandbox_init(3): deprecated there, and without a successor. flags 0: the profile is the text of one. */
int sandbox_init(const char *profile, uint64_t flags, char **error);
void sandbox_free_error(char *error);

/* <sys/xattr.h> */
ssize_t fgetxattr(int descriptor, const char *name, void *value, size_t size, uint32_t position, int options);
int fsetxattr(int descriptor, const char *name, const void *value, size_t size, uint32_t position, int options);
int fremovexattr(int descriptor, const char *name, int options);
ssize_t flistxattr(int descriptor, char *names, size_t size, int options);

/* 0: allowed, 1: denied, -1: no such process. WebKit, Source/WTF/wtf/spi/darwin/SandboxSPI.h */
#define SANDBOX_FILTER_GLOBAL_NAME 2
extern const int SANDBOX_CHECK_NO_REPORT;
int sandbox_check(pid_t process, const char *operation, int type, ...);

#endif
