// Made by scripts/make-tables.mjs from linux/landlock.h of Linux 6.1.187; what is newer is from
// Documentation/userspace-api/landlock.rst of Linux 7.2.

/**
 * A right on files. `abi`: the Landlock ABI that brought it. `half`: what an access mode calls it; connecting to a
 * unix socket is neither reading nor writing. `file`: valid on an object that is no directory.
 */
export const FS_RIGHTS = [
  { name: "EXECUTE", bit: 1n << 0n, abi: 1, half: "read", file: true },
  { name: "WRITE_FILE", bit: 1n << 1n, abi: 1, half: "write", file: true },
  { name: "READ_FILE", bit: 1n << 2n, abi: 1, half: "read", file: true },
  { name: "READ_DIR", bit: 1n << 3n, abi: 1, half: "read", file: false },
  { name: "REMOVE_DIR", bit: 1n << 4n, abi: 1, half: "write", file: false },
  { name: "REMOVE_FILE", bit: 1n << 5n, abi: 1, half: "write", file: false },
  { name: "MAKE_CHAR", bit: 1n << 6n, abi: 1, half: "write", file: false },
  { name: "MAKE_DIR", bit: 1n << 7n, abi: 1, half: "write", file: false },
  { name: "MAKE_REG", bit: 1n << 8n, abi: 1, half: "write", file: false },
  { name: "MAKE_SOCK", bit: 1n << 9n, abi: 1, half: "write", file: false },
  { name: "MAKE_FIFO", bit: 1n << 10n, abi: 1, half: "write", file: false },
  { name: "MAKE_BLOCK", bit: 1n << 11n, abi: 1, half: "write", file: false },
  { name: "MAKE_SYM", bit: 1n << 12n, abi: 1, half: "write", file: false },
  { name: "REFER", bit: 1n << 13n, abi: 2, half: "write", file: false },
  { name: "TRUNCATE", bit: 1n << 14n, abi: 3, half: "write", file: true },
  { name: "IOCTL_DEV", bit: 1n << 15n, abi: 5, half: "write", file: true },
  { name: "RESOLVE_UNIX", bit: 1n << 16n, abi: 9, half: "socket", file: true },
] as const;

/** A right on the ports of a protocol. */
export const NET_RIGHTS = [
  { name: "BIND_TCP", bit: 1n << 0n, abi: 4 },
  { name: "CONNECT_TCP", bit: 1n << 1n, abi: 4 },
  { name: "BIND_UDP", bit: 1n << 2n, abi: 10 },
  { name: "CONNECT_SEND_UDP", bit: 1n << 3n, abi: 10 },
] as const;

/** What a domain shuts off outside itself. */
export const SCOPES = [
  { name: "ABSTRACT_UNIX_SOCKET", bit: 1n << 0n, abi: 6 },
  { name: "SIGNAL", bit: 1n << 1n, abi: 6 },
] as const;
