// The calls that a supervisor answers for. It is the only filter with a listener, and the last to be installed: what
// the baseline and the network filter refuse never reaches it.

import { allow, errno, notify, pretend } from "./action.ts";
import {
  EXT4_IOC_SETVERSION,
  FAT_IOCTL_SET_ATTRIBUTES,
  FS_IOC_ENABLE_VERITY,
  FS_IOC_FSSETXATTR,
  FS_IOC_SETFLAGS,
  FS_IOC_SETVERSION,
  O_PATH,
  PR_SET_DUMPABLE,
  SO_ZEROCOPY,
  SOL_SOCKET,
} from "./constants.ts";
import { type NetworkOptions, toldSockets } from "./network.ts";
import { JUDGED } from "./other-processes.ts";
import { all, full64, low32, not } from "./predicate.ts";
import type { Arch } from "./program.ts";
import type { FilterTable, Row } from "./table.ts";

const OPENED = "a denial is known exactly; what the kernel's rules cannot cover is opened on behalf";
const ENTRIES = "a denial is known exactly; entries of directories that hold a denial are made on behalf";
const ATTRIBUTES = "Landlock has no rule for attributes: they change on behalf, below a write grant";
const SENT =
  "its address lies in memory, and another socket may take the descriptor's place before it is used";
const ONE_WAY = "the same as the calls without at, which programs fall back to";

const OPENS: readonly Row[] = [
  { calls: ["open"], when: not(low32(1).hasAny(O_PATH)), answer: notify, why: OPENED },
  { calls: ["openat"], when: not(low32(2).hasAny(O_PATH)), answer: notify, why: OPENED },
  { calls: ["openat2", "creat", "truncate"], answer: notify, why: OPENED },
  {
    calls: ["execve", "execveat"],
    answer: notify,
    why: "a blocked command is known by its content, whatever its name",
  },
];

const DIRECTORY_ENTRIES: readonly Row[] = [
  {
    calls: ["mkdir", "mkdirat", "mknod", "mknodat", "symlink", "symlinkat", "link", "linkat"],
    answer: notify,
    why: ENTRIES,
  },
  {
    calls: ["rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir"],
    answer: notify,
    why: ENTRIES,
  },
];

const METADATA: readonly Row[] = [
  { calls: ["chmod", "fchmod", "fchmodat", "fchmodat2"], answer: notify, why: ATTRIBUTES },
  { calls: ["chown", "lchown", "fchown", "fchownat"], answer: notify, why: ATTRIBUTES },
  { calls: ["utime", "utimes", "futimesat", "utimensat"], answer: notify, why: ATTRIBUTES },
  { calls: ["setxattr", "lsetxattr", "fsetxattr"], answer: notify, why: ATTRIBUTES },
  { calls: ["removexattr", "lremovexattr", "fremovexattr"], answer: notify, why: ATTRIBUTES },
  { calls: ["setxattrat", "removexattrat", "file_setattr"], answer: errno("ENOSYS"), why: ONE_WAY },
  {
    calls: ["ioctl"],
    when: low32(1).in(
      FS_IOC_SETFLAGS,
      FS_IOC_SETVERSION,
      EXT4_IOC_SETVERSION,
      FS_IOC_FSSETXATTR,
      FS_IOC_ENABLE_VERITY,
      FAT_IOCTL_SET_ATTRIBUTES,
    ),
    answer: errno("EPERM"),
    why: "changes attributes of a file that may only be read",
  },
];

const SOCKETS: readonly Row[] = [
  {
    calls: ["connect"],
    answer: notify,
    why: "the kernel's rules know ports, but neither addresses nor path-name sockets",
  },
  { calls: ["bind"], answer: notify, why: "sockets of the sandbox's own may be connected to" },
  { calls: ["sendto"], when: not(full64(4).is(0n)), answer: notify, why: SENT },
  { calls: ["sendmsg", "sendmmsg"], answer: notify, why: SENT },
  {
    calls: ["setsockopt"],
    when: all(low32(1).in(SOL_SOCKET), low32(2).in(SO_ZEROCOPY)),
    answer: errno("ENOPROTOOPT"),
    why: "what is sent on behalf is sent from a copy, so that nobody would tell when the caller's memory is free again",
  },
];

/** Where only some ports are open. */
const LISTENS: Row = {
  calls: ["listen"],
  answer: notify,
  why: "a socket that is bound to nothing gets a port then, which no rule of the kernel looks at",
};

const SUPERVISION: readonly Row[] = [
  {
    calls: ["landlock_restrict_self"],
    answer: notify,
    why: "who brings a sandbox of its own gets nothing on behalf that its own rules may refuse",
  },
  {
    calls: ["prctl"],
    when: low32(0).in(PR_SET_DUMPABLE),
    answer: pretend,
    why: "a process that cannot be looked into gets nothing on behalf, and ssh-agent insists on this call",
  },
];

type Options = Readonly<{
  arch: Arch;
  /** Those outside are within reach. */
  anyProcess: boolean;
}> &
  Pick<NetworkOptions, "network">;

/** @returns the table of the filter whose listener the supervisor has */
export function supervisorTable({ arch, network, anyProcess }: Options): FilterTable {
  const others = anyProcess ? [] : JUDGED;
  const listens = network === "tcp" ? [LISTENS] : [];
  const sockets = [...SOCKETS, ...listens, ...toldSockets(network)];
  const rows = [...OPENS, ...DIRECTORY_ENTRIES, ...METADATA, ...sockets, ...others, ...SUPERVISION];
  return { name: "supervisor", arch, rows, unknown: allow };
}
