/* What the supervisor needs from the kernel and the headers of Debian 12 (Linux 6.1) lack. */
#ifndef NONO_KERNEL_NOTIFY_H
#define NONO_KERNEL_NOTIFY_H

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

/* include/uapi/linux/seccomp.h, Linux 6.6 */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1ul << 0)
#endif

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438 /* Linux 5.6 */
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439 /* Linux 5.8 */
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452 /* Linux 6.6 */
#endif

/* include/uapi/linux/pidfd.h, Linux 6.9 */
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

/* include/uapi/linux/magic.h */
#define PROC_MAGIC 0x9fa0

#endif
