// What the command line adds to a profile: the options of `run`, `wrap`, `shell` and `why`, as a plain value.

import type { NamedHost } from "../text/host.ts";

/** Paths are as they were typed: relative to the directory that nono was called in. */
export type PolicyFlags = Readonly<{
  /** A name, FILE or FILE#NAME. */
  profile: string | undefined;
  allow: readonly string[];
  read: readonly string[];
  write: readonly string[];
  allowFile: readonly string[];
  readFile: readonly string[];
  writeFile: readonly string[];
  /** Directories below the working directory; `.` is all of it. */
  allowCwd: readonly string[];
  bypassProtection: readonly string[];
  guard: boolean;
  noGuard: boolean;
  blockNet: boolean;
  allowConnectPort: readonly number[];
  allowConnect: readonly NamedHost[];
  listenPort: readonly number[];
  openPort: readonly number[];
  allowUnixSocket: readonly string[];
  allowUnixSocketBind: readonly string[];
  allowUnixSocketDir: readonly string[];
  allowUnixSocketDirBind: readonly string[];
  allowUnixSocketSubtree: readonly string[];
  allowUnixSocketSubtreeBind: readonly string[];
  allowCommand: readonly string[];
  blockCommand: readonly string[];
  /** Names of variables; `*` stands for anything. */
  allowEnv: readonly string[];
  /** Names of secrets, and references to them, separated by commas. */
  secrets: readonly string[];
  envCredential: readonly string[];
  /** `REF=NAME` */
  secretEnv: readonly string[];
}>;

/** No option given. */
export const NO_FLAGS: PolicyFlags = {
  profile: undefined,
  allow: [],
  read: [],
  write: [],
  allowFile: [],
  readFile: [],
  writeFile: [],
  allowCwd: [],
  bypassProtection: [],
  guard: false,
  noGuard: false,
  blockNet: false,
  allowConnectPort: [],
  allowConnect: [],
  listenPort: [],
  openPort: [],
  allowUnixSocket: [],
  allowUnixSocketBind: [],
  allowUnixSocketDir: [],
  allowUnixSocketDirBind: [],
  allowUnixSocketSubtree: [],
  allowUnixSocketSubtreeBind: [],
  allowCommand: [],
  blockCommand: [],
  allowEnv: [],
  secrets: [],
  envCredential: [],
  secretEnv: [],
};
