// The baseline filter: what no agent needs from the kernel, shut in every sandbox.
//
// Landlock stands behind it: what Landlock already bounds (ptrace, process_vm_*, pidfd_getfd, kcmp) is not in here.
// The error is the one that programs are ready for: ENOSYS where they have another way, EPERM where they would have
// been refused anyway.

import { errno } from "./action.ts";
import {
  ADDR_NO_RANDOMIZE,
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_UNIX,
  CLONE_FILES,
  CLONE_FS,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  CLONE_SIGHAND,
  CLONE_SYSVSEM,
  CLONE_THREAD,
  CLONE_VM,
  F_SETDELEG,
  F_SETLEASE,
  FICLONE,
  FICLONERANGE,
  FIDEDUPERANGE,
  FS_IOC_ADD_ENCRYPTION_KEY,
  FS_IOC_REMOVE_ENCRYPTION_KEY,
  FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS,
  FS_IOC_SET_ENCRYPTION_POLICY,
  IOC_TYPE_BTRFS,
  IOC_TYPE_MASK,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IP,
  IPPROTO_MPTCP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  KDSETMODE,
  KDSKBMODE,
  NETLINK_ROUTE,
  PER_LINUX,
  PER_LINUX32,
  PERSONALITY_QUERY,
  PR_SET_MM,
  S_IFBLK,
  S_IFCHR,
  S_IFMT,
  SOCK_DGRAM,
  SOCK_PACKET,
  SOCK_RAW,
  SOCK_STREAM,
  SOCK_TYPE_MASK,
  TCOOFF,
  TCXONC,
  TIOCEXCL,
  TIOCLINUX,
  TIOCSETD,
  TIOCSTI,
  UNAME26,
  VT_ACTIVATE,
  VT_DISALLOCATE,
  VT_SETACTIVATE,
  VT_SETMODE,
} from "./constants.ts";
import { UNJUDGED } from "./other-processes.ts";
import { all, bits, low32, not, otherBits } from "./predicate.ts";
import type { Arch } from "./program.ts";
import type { FilterTable, Row } from "./table.ts";

const EPERM = errno("EPERM");
const ENOSYS = errno("ENOSYS");

const BYPASSES: readonly Row[] = [
  {
    calls: ["io_uring_setup", "io_uring_enter", "io_uring_register"],
    answer: ENOSYS,
    why: "opens and connects without a call that a filter sees; runtimes fall back to epoll and threads",
  },
  {
    calls: ["open_by_handle_at"],
    answer: EPERM,
    why: "opens by inode number, past every directory on the way",
  },
  {
    calls: ["name_to_handle_at"],
    answer: errno("EOPNOTSUPP"),
    why: "makes what open_by_handle_at opens; many file systems have none, so callers are ready for that",
  },
  {
    calls: ["fanotify_init", "fanotify_mark"],
    answer: EPERM,
    why: "watches whole file systems, and hands out descriptors of what others open",
  },
  {
    calls: ["add_key", "request_key", "keyctl"],
    answer: ENOSYS,
    why: "keyrings hold secrets and belong to the user, not to the sandbox; as on a kernel without them",
  },
  {
    calls: ["ioctl"],
    when: low32(1).in(TIOCSTI, TIOCLINUX),
    answer: EPERM,
    why: "types into the terminal, for the shell that runs after us",
  },
  {
    calls: ["ioctl"],
    when: low32(1).in(TIOCEXCL),
    answer: EPERM,
    why: "shuts the terminal to whatever opens it, after us too: nobody could be asked for a password there",
  },
  {
    calls: ["ioctl"],
    when: all(low32(1).in(TCXONC), low32(2).in(TCOOFF)),
    answer: EPERM,
    why: "stops what the terminal shows, and whoever writes to it waits: nono as well",
  },
  {
    calls: ["ioctl"],
    when: low32(1).in(KDSETMODE, KDSKBMODE, VT_SETMODE, VT_ACTIVATE, VT_DISALLOCATE, VT_SETACTIVATE),
    answer: EPERM,
    why: "switches the keyboard, the screen and the way to other consoles off, for whoever sits at the machine",
  },
  {
    calls: ["ioctl"],
    when: all(
      low32(1).masked(IOC_TYPE_MASK).in(IOC_TYPE_BTRFS),
      not(low32(1).in(FICLONE, FICLONERANGE, FIDEDUPERANGE)),
    ),
    answer: errno("ENOTTY"),
    why: "makes, removes and copies whole Btrfs subvolumes, where Landlock does not look; as on another file system",
  },
  {
    calls: ["ioctl"],
    when: low32(1).in(
      FS_IOC_SET_ENCRYPTION_POLICY,
      FS_IOC_ADD_ENCRYPTION_KEY,
      FS_IOC_REMOVE_ENCRYPTION_KEY,
      FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS,
    ),
    answer: errno("ENOTTY"),
    why: "locks directories that may only be read; as on a file system that encrypts none",
  },
  {
    calls: ["fcntl"],
    when: low32(1).in(F_SETLEASE, F_SETDELEG),
    answer: errno("EINVAL"),
    why: "makes whoever opens a file that may only be read wait, up to a minute each time; as on file systems without",
  },
  {
    calls: ["prctl"],
    when: low32(0).in(PR_SET_MM),
    answer: EPERM,
    why: "makes /proc/PID/exe and cmdline show another program to whoever decides by them",
  },
  {
    calls: ["mq_open", "mq_unlink"],
    answer: ENOSYS,
    why: "queues of all processes of the user: Landlock lets none be opened, but any be removed",
  },
  {
    calls: ["mknod"],
    when: low32(1).masked(S_IFMT).in(S_IFCHR, S_IFBLK),
    answer: EPERM,
    why: "a device node in a granted directory reaches the disk below it",
  },
  {
    calls: ["mknodat"],
    when: low32(2).masked(S_IFMT).in(S_IFCHR, S_IFBLK),
    answer: EPERM,
    why: "a device node in a granted directory reaches the disk below it",
  },
];

const ATTACK_SURFACE: readonly Row[] = [
  { calls: ["bpf"], answer: EPERM, why: "loads programs into the kernel" },
  {
    calls: ["perf_event_open"],
    answer: EPERM,
    why: "observes other programs; a steady source of kernel bugs",
  },
  {
    calls: ["userfaultfd"],
    answer: EPERM,
    why: "holds the kernel at a page fault: what exploits win their races with",
  },
  {
    calls: ["ioctl"],
    when: low32(1).in(TIOCSETD),
    answer: EPERM,
    why: "loads line disciplines, modules that hardly anyone uses",
  },
  { calls: ["modify_ldt"], answer: ENOSYS, why: "16-bit segments; as on a kernel built without them" },
  { calls: ["uselib"], answer: ENOSYS, why: "loads libraries of the a.out time; gone from newer kernels" },
  {
    calls: ["lookup_dcookie"],
    answer: ENOSYS,
    why: "served a profiler that is no more; gone from newer kernels",
  },
  {
    calls: ["personality"],
    when: not(
      low32(0).in(
        PER_LINUX,
        PER_LINUX32,
        UNAME26,
        bits(PER_LINUX32, UNAME26),
        ADDR_NO_RANDOMIZE, // debuggers and sanitizers start their program so
        bits(PER_LINUX32, ADDR_NO_RANDOMIZE),
        PERSONALITY_QUERY,
      ),
    ),
    answer: EPERM,
    why: "other personalities lower the guards of memory",
  },
];

const SYSTEM: readonly Row[] = [
  {
    calls: ["mount", "umount2", "pivot_root"],
    answer: EPERM,
    why: "Landlock lets no one inside change mounts either; this also shuts what parses file systems",
  },
  {
    calls: [
      "open_tree",
      "open_tree_attr",
      "move_mount",
      "fsopen",
      "fsconfig",
      "fsmount",
      "fspick",
      "mount_setattr",
    ],
    answer: ENOSYS,
    why: "mounts by the newer way; mount programs fall back to mount and say what is wrong",
  },
  { calls: ["swapon", "swapoff"], answer: EPERM, why: "administers the machine" },
  {
    calls: ["init_module", "finit_module", "delete_module"],
    answer: EPERM,
    why: "loads code into the kernel",
  },
  { calls: ["kexec_load", "kexec_file_load", "reboot"], answer: EPERM, why: "ends the running kernel" },
  { calls: ["acct", "quotactl", "quotactl_fd"], answer: EPERM, why: "administers the machine" },
  { calls: ["syslog"], answer: EPERM, why: "reads and clears the kernel's log, which tells addresses" },
  {
    calls: ["settimeofday", "clock_settime", "adjtimex", "clock_adjtime"],
    answer: EPERM,
    why: "sets the machine's clock",
  },
  { calls: ["iopl", "ioperm"], answer: EPERM, why: "talks to hardware past the kernel" },
  { calls: ["vhangup"], answer: EPERM, why: "takes the terminal away from everyone else" },
];

const NAMESPACES: readonly Row[] = [
  {
    calls: ["clone3"],
    answer: ENOSYS,
    why: "its flags lie in memory, where a filter cannot see them; libcs fall back to clone",
  },
  {
    calls: ["clone"],
    when: low32(0).hasAny(
      bits(
        CLONE_NEWNS,
        CLONE_NEWCGROUP,
        CLONE_NEWUTS,
        CLONE_NEWIPC,
        CLONE_NEWUSER,
        CLONE_NEWPID,
        CLONE_NEWNET,
      ),
    ),
    answer: EPERM,
    why: "a user namespace gives root's view of much of the kernel",
  },
  {
    calls: ["unshare"],
    when: low32(0).hasAny(
      otherBits(CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD, CLONE_SYSVSEM),
    ),
    answer: EPERM,
    why: "as clone; everything but what only takes a process apart, so that newer flags are refused too",
  },
  { calls: ["setns"], answer: EPERM, why: "enters the namespaces of others" },
  { calls: ["chroot"], answer: EPERM, why: "makes paths mean something else than to who decides by them" },
  { calls: ["sethostname", "setdomainname"], answer: EPERM, why: "names the machine" },
];

const INTERNET = low32(0).in(AF_INET, AF_INET6);

const SOCKETS: readonly Row[] = [
  {
    calls: ["socket"],
    when: not(low32(0).in(AF_UNIX, AF_INET, AF_INET6, AF_NETLINK)),
    answer: errno("EAFNOSUPPORT"),
    why: "dozens of families, loaded as modules when asked for; as on a kernel without them",
  },
  {
    calls: ["socket"],
    when: all(low32(0).in(AF_NETLINK), not(low32(2).in(NETLINK_ROUTE))),
    answer: errno("EPROTONOSUPPORT"),
    why: "only route netlink, which lists addresses; the others speak to the kernel's inside",
  },
  {
    calls: ["socket"],
    when: all(INTERNET, low32(1).masked(SOCK_TYPE_MASK).in(SOCK_RAW, SOCK_PACKET)),
    answer: EPERM,
    why: "reads and forges packets of others",
  },
  {
    calls: ["socket"],
    when: all(INTERNET, not(low32(1).masked(SOCK_TYPE_MASK).in(SOCK_STREAM, SOCK_DGRAM))),
    answer: errno("ESOCKTNOSUPPORT"),
    why: "SCTP, DCCP and the like are modules that hardly anyone uses",
  },
  {
    calls: ["socket"],
    when: all(
      INTERNET,
      not(low32(2).in(IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6, IPPROTO_MPTCP)),
    ),
    answer: errno("EPROTONOSUPPORT"),
    why: "SCTP, L2TP and the like are modules that hardly anyone uses; ICMP is ping's",
  },
  {
    calls: ["socketpair"],
    when: not(low32(0).in(AF_UNIX)),
    answer: errno("EAFNOSUPPORT"),
    why: "no other family that is left has pairs",
  },
];

export type BaselineOptions = Readonly<{
  arch: Arch;
  /** `judged`: a supervisor tells those of the sandbox from the others. Absent: only the sandbox's are within reach. */
  processes?: "judged" | "any";
  /** New namespaces are allowed, for tools that bring a sandbox of their own. Mounts stay shut: Landlock shuts them. */
  userNamespaces: boolean;
}>;

/** The filter that every sandbox has. */
export function baselineTable({ arch, userNamespaces, processes }: BaselineOptions): FilterTable {
  const rows = [
    ...BYPASSES,
    ...(processes === undefined ? UNJUDGED : []),
    ...ATTACK_SURFACE,
    ...SYSTEM,
    ...(userNamespaces ? [] : NAMESPACES),
    ...SOCKETS,
  ];
  // What came after the table was made may do anything; programs are ready for kernels that do not have it yet.
  return { name: "baseline", arch, rows, unknown: ENOSYS };
}
