// What a root user keeps: enough to work on files of its own grants and to change user. Everything that reaches past
// the sandbox (ptrace, mounts, modules, raw devices and sockets, the clock, file handles) is dropped.
// Source: capabilities(7), linux/capability.h.

const KEPT = {
  CAP_CHOWN: 0, // tar and package managers set owners
  CAP_DAC_OVERRIDE: 1, // files of other users in the granted trees; Landlock bounds it
  CAP_FOWNER: 3,
  CAP_FSETID: 4,
  CAP_KILL: 5, // the signal scope bounds it
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_NET_BIND_SERVICE: 10,
} as const;

/** Mask of capabilities that survive; for a user who has none it changes nothing. */
export const KEPT_CAPABILITIES = Object.values(KEPT).reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);
