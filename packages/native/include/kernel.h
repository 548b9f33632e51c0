/*
 * What the kernel has and the headers of Debian 12 (Linux 6.1) lack, so that neither the build nor
 * the program depends on where it was compiled. Landlock's whole interface is here, and
 * linux/landlock.h is not included: half of it would be missing there, and its enum cannot be asked
 * for by the preprocessor.
 */
#ifndef NONO_KERNEL_H
#define NONO_KERNEL_H

#include <linux/openat2.h> /* Linux 5.6 */
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/syscall.h>

/* One number on every architecture since Linux 5.0 (arch/../syscall.tbl from 424 on). */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424 /* Linux 5.1 */
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* Linux 5.3 */
#endif
#ifndef SYS_close_range
#define SYS_close_range 436 /* Linux 5.9 */
#endif
#ifndef SYS_openat2
#define SYS_openat2 437 /* Linux 5.6 */
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* Linux 5.13 */
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

/* include/uapi/linux/landlock.h */
#define LANDLOCK_CREATE_RULESET_VERSION (1u << 0)
#define LANDLOCK_CREATE_RULESET_ERRATA (1u << 1) /* Linux 6.15 */
#define LANDLOCK_RESTRICT_SELF_TSYNC (1u << 3)   /* ABI 8, Linux 7.0 */
#define LANDLOCK_RULE_PATH_BENEATH 1
#define LANDLOCK_RULE_NET_PORT 2 /* ABI 4, Linux 6.7 */

/*
 * Grows at its end; a kernel takes every shorter size, and a longer one only if it does not know
 * about zeros.
 */
struct landlock_ruleset_attr {
	uint64_t handled_access_fs;
	uint64_t handled_access_net; /* ABI 4, Linux 6.7 */
	uint64_t scoped;             /* ABI 6, Linux 6.12 */
};

struct landlock_path_beneath_attr {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

struct landlock_net_port_attr {
	uint64_t allowed_access;
	uint64_t port;
};

/* include/uapi/linux/seccomp.h, Linux 5.19. Not 1 << 4, which is TSYNC_ESRCH and taken silently. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* include/uapi/linux/memfd.h, Linux 6.3 */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008u
#endif

/*
 * statx(2) as in include/uapi/linux/stat.h; the number of the mount came with Linux 5.8, and musl's own
 * struct does not have it.
 */
#define KERNEL_STATX_INODE 0x100u
#define KERNEL_STATX_MOUNT 0x1000u

struct kernel_statx {
	uint32_t mask;
	uint8_t before_inode[28];
	uint64_t inode;
	uint8_t before_device[96];
	uint32_t device_major;
	uint32_t device_minor;
	uint64_t mount;
	uint8_t rest[104];
};

_Static_assert(sizeof(struct kernel_statx) == 256, "the kernel writes 256 bytes");

/*
 * What rt_sigaction(2) takes on x86_64 and aarch64; libc's own struct differs and its wrapper hides
 * signals 32 and 33.
 */
struct kernel_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

#endif
