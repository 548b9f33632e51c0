// Numbers of the kernel's interface that filters look for; the same on x86_64 and aarch64.

import type { Constant } from "./predicate.ts";

function constants<Names extends string>(numbers: Record<Names, number>): Record<Names, Constant> {
  const named = Object.entries<number>(numbers).map(([name, value]) => [name, { name, value }]);
  return Object.fromEntries(named);
}

/** linux/socket.h, linux/netlink.h: families of sockets. */
export const { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK } = constants({
  AF_UNIX: 1,
  AF_INET: 2,
  AF_INET6: 10,
  AF_NETLINK: 16,
});

/** prlimit(2): a process number that stands for the caller itself. */
export const { SELF } = constants({ SELF: 0 });

/** linux/resource.h, linux/ioprio.h: whose priority is meant; the others are a group of processes, or all of a user. */
export const { PRIO_PROCESS, IOPRIO_WHO_PROCESS } = constants({ PRIO_PROCESS: 0, IOPRIO_WHO_PROCESS: 1 });

/** asm-generic/signal.h; glibc's nptl and musl's pthread have the others. */
export const { SIGURG, SIGCANCEL, SIGSETXID, SIGSYNCCALL } = constants({
  SIGURG: 23,
  SIGCANCEL: 32,
  SIGSETXID: 33,
  SIGSYNCCALL: 34,
});

/** linux/net.h: types of sockets. They share their argument with SOCK_CLOEXEC and SOCK_NONBLOCK. */
export const { SOCK_TYPE_MASK, SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_PACKET } = constants({
  SOCK_TYPE_MASK: 0xf,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOCK_RAW: 3,
  SOCK_PACKET: 10,
});

/** linux/in.h, linux/in6.h, linux/netlink.h: protocols of sockets. IPPROTO_IP leaves the choice to the type. */
export const {
  IPPROTO_IP,
  IPPROTO_ICMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPPROTO_ICMPV6,
  IPPROTO_MPTCP,
  NETLINK_ROUTE,
} = constants({
  IPPROTO_IP: 0,
  IPPROTO_ICMP: 1,
  IPPROTO_TCP: 6,
  IPPROTO_UDP: 17,
  IPPROTO_ICMPV6: 58,
  IPPROTO_MPTCP: 262,
  NETLINK_ROUTE: 0,
});

/** asm-generic/socket.h. */
export const { SOL_SOCKET, SO_ZEROCOPY } = constants({ SOL_SOCKET: 1, SO_ZEROCOPY: 60 });

/** linux/socket.h, linux/tcp.h. */
export const { MSG_FASTOPEN, SOL_TCP, TCP_FASTOPEN_CONNECT } = constants({
  MSG_FASTOPEN: 0x2000_0000,
  SOL_TCP: 6,
  TCP_FASTOPEN_CONNECT: 30,
});

/** linux/in.h, linux/in6.h: levels of options, and those by which packets go by way of another host. */
export const { SOL_IP, SOL_IPV6, IP_OPTIONS, IPV6_2292PKTOPTIONS, IPV6_RTHDR } = constants({
  SOL_IP: 0,
  SOL_IPV6: 41,
  IP_OPTIONS: 4,
  IPV6_2292PKTOPTIONS: 6,
  IPV6_RTHDR: 57,
});

/** linux/sched.h: what clone and unshare share or take apart. */
export const {
  CLONE_VM,
  CLONE_FS,
  CLONE_FILES,
  CLONE_SIGHAND,
  CLONE_THREAD,
  CLONE_NEWNS,
  CLONE_SYSVSEM,
  CLONE_NEWCGROUP,
  CLONE_NEWUTS,
  CLONE_NEWIPC,
  CLONE_NEWUSER,
  CLONE_NEWPID,
  CLONE_NEWNET,
} = constants({
  CLONE_VM: 0x100,
  CLONE_FS: 0x200,
  CLONE_FILES: 0x400,
  CLONE_SIGHAND: 0x800,
  CLONE_THREAD: 0x1_0000,
  CLONE_NEWNS: 0x2_0000,
  CLONE_SYSVSEM: 0x4_0000,
  CLONE_NEWCGROUP: 0x0200_0000,
  CLONE_NEWUTS: 0x0400_0000,
  CLONE_NEWIPC: 0x0800_0000,
  CLONE_NEWUSER: 0x1000_0000,
  CLONE_NEWPID: 0x2000_0000,
  CLONE_NEWNET: 0x4000_0000,
});

/** asm-generic/ioctls.h: commands to terminals. */
export const { TIOCSTI, TIOCLINUX, TIOCSETD, TIOCEXCL, TCXONC } = constants({
  TCXONC: 0x540a,
  TIOCEXCL: 0x540c,
  TIOCSTI: 0x5412,
  TIOCLINUX: 0x541c,
  TIOCSETD: 0x5423,
});

/** linux/kd.h, linux/vt.h: what the machine's own console does with its keyboard and screen. */
export const { KDSETMODE, KDSKBMODE, VT_SETMODE, VT_ACTIVATE, VT_DISALLOCATE, VT_SETACTIVATE } = constants({
  KDSETMODE: 0x4b3a,
  KDSKBMODE: 0x4b45,
  VT_SETMODE: 0x5602,
  VT_ACTIVATE: 0x5606,
  VT_DISALLOCATE: 0x5608,
  VT_SETACTIVATE: 0x560f,
});

/** asm-generic/termbits-common.h: what TCXONC is to do. */
export const { TCOOFF } = constants({ TCOOFF: 0 });

/** linux/personality.h: execution domains. PERSONALITY_QUERY asks for the present one. */
export const { PER_LINUX, PER_LINUX32, UNAME26, ADDR_NO_RANDOMIZE, PERSONALITY_QUERY } = constants({
  PER_LINUX: 0,
  PER_LINUX32: 0x8,
  UNAME26: 0x2_0000,
  ADDR_NO_RANDOMIZE: 0x4_0000,
  PERSONALITY_QUERY: 0xffff_ffff,
});

/** linux/stat.h: kinds of files that mknod makes. */
export const { S_IFMT, S_IFCHR, S_IFBLK } = constants({
  S_IFMT: 0o170000,
  S_IFCHR: 0o020000,
  S_IFBLK: 0o060000,
});

/** linux/prctl.h. */
export const { PR_SET_DUMPABLE, PR_SET_MM } = constants({ PR_SET_DUMPABLE: 4, PR_SET_MM: 35 });

/** asm-generic/fcntl.h. */
export const { O_PATH } = constants({ O_PATH: 0o10000000 });

/** linux/fcntl.h: being asked before others open a file, or change a directory. */
export const { F_SETLEASE, F_SETDELEG } = constants({ F_SETLEASE: 1024, F_SETDELEG: 1040 });

/** linux/fs.h, linux/fsverity.h, linux/msdos_fs.h, fs/ext4/ext4.h: commands that change attributes, by a descriptor that may only be read. */
export const {
  FS_IOC_SETFLAGS,
  FS_IOC_SETVERSION,
  EXT4_IOC_SETVERSION,
  FS_IOC_FSSETXATTR,
  FS_IOC_ENABLE_VERITY,
  FAT_IOCTL_SET_ATTRIBUTES,
} = constants({
  FS_IOC_SETFLAGS: 0x4008_6602,
  FS_IOC_SETVERSION: 0x4008_7602,
  EXT4_IOC_SETVERSION: 0x4008_6604,
  FS_IOC_FSSETXATTR: 0x401c_5820,
  FS_IOC_ENABLE_VERITY: 0x4080_6685,
  FAT_IOCTL_SET_ATTRIBUTES: 0x4004_7211,
});

/** asm-generic/ioctl.h: which file system a command is meant for; linux/btrfs.h, BTRFS_IOCTL_MAGIC. */
export const { IOC_TYPE_MASK, IOC_TYPE_BTRFS } = constants({ IOC_TYPE_MASK: 0xff00, IOC_TYPE_BTRFS: 0x9400 });

/** linux/fs.h: what every file system has of Btrfs. They go by two descriptors, one of which may be written to. */
export const { FICLONE, FICLONERANGE, FIDEDUPERANGE } = constants({
  FICLONE: 0x4004_9409,
  FICLONERANGE: 0x4020_940d,
  FIDEDUPERANGE: 0xc018_9436,
});

/** linux/fscrypt.h: keys of a file system, and which directories they are for. */
export const {
  FS_IOC_SET_ENCRYPTION_POLICY,
  FS_IOC_ADD_ENCRYPTION_KEY,
  FS_IOC_REMOVE_ENCRYPTION_KEY,
  FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS,
} = constants({
  FS_IOC_SET_ENCRYPTION_POLICY: 0x800c_6613,
  FS_IOC_ADD_ENCRYPTION_KEY: 0xc050_6617,
  FS_IOC_REMOVE_ENCRYPTION_KEY: 0xc040_6618,
  FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS: 0xc040_6619,
});
