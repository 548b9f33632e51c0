// What a sandbox is asked to allow, as one value. Made by CapabilitySet, read by the plan compiler and by queries.

import type { CanonicalPath } from "../files/canonical-path.ts";
import type { AccessMode } from "./access.ts";

/** Where a capability came from, for people: `--allow`, `group:system_read`, `profile:claude-code`. */
export type Source = string;

export type PathKind = "file" | "directory";

/** A grant of a file, or of a directory with all below it. */
export type FsCapability = Readonly<{
  /** As the caller wrote it. */
  original: string;
  path: CanonicalPath;
  kind: PathKind;
  access: AccessMode;
  source: Source;
}>;

/** A path that no grant covers, whatever else is granted. It need not exist: a name can be denied. */
export type FsDenial = Readonly<{
  original: string;
  path: CanonicalPath;
  access: AccessMode;
  source: Source;
  /** What a yes would bring about, for a question: a denial that has this may be asked about, any other never. */
  asks?: string;
  /** A supervisor lets it be removed: only what is put there is refused. */
  removable?: true;
}>;

/** A path-name unix socket, or those in a directory, or below it. `bind` also allows making one there. */
export type UnixSocketCapability = Readonly<{
  path: CanonicalPath;
  scope: "socket" | "directory" | "subtree";
  bind: boolean;
  source: Source;
}>;

/** TCP to one host, at one port or, without `port`, at every one. Only a supervisor can tell addresses apart. */
export type HostCapability = Readonly<{
  /** As it was named: an IP address, `localhost`, or a name in lower case. */
  host: string;
  /** What the name stands for, in the form of `ipAddressOf`. `loopback`: 127.0.0.0/8 and ::1, as `localhost` does. */
  addresses: "loopback" | readonly string[];
  port?: number;
  source: Source;
}>;

/**
 * TCP. `all`: nothing is refused. `ports`: connecting to `connect` of any address and to `hosts`, listening on `listen`,
 * no other socket kind. `none`: no socket but unix ones.
 */
export type NetworkCapability =
  | Readonly<{ mode: "all" }>
  | Readonly<{
      mode: "ports";
      connect: readonly number[];
      listen: readonly number[];
      hosts: readonly HostCapability[];
    }>
  | Readonly<{ mode: "none" }>;

/** A command by name, or an executable by absolute path. */
export type CommandRule = Readonly<{ name: string; source: Source }>;

/** The resources that can be limited, by their names in getrlimit(2). */
export const LIMITS = [
  "as",
  "core",
  "cpu",
  "data",
  "fsize",
  "memlock",
  "nofile",
  "nproc",
  "rss",
  "stack",
] as const;

/** POSIX resource limits (getrlimit(2)); `infinity` lifts one. Bytes, seconds or counts as the resource has it. */
export type ResourceLimits = Readonly<Partial<Record<(typeof LIMITS)[number], number | "infinity">>>;

/** The variables of the confined program: exactly these, no inheritance. Absent: the caller's own, less loader variables. */
export type Environment = Readonly<Record<string, string>>;

export type Capabilities = Readonly<{
  fs: readonly FsCapability[];
  denials: readonly FsDenial[];
  network: NetworkCapability;
  unixSockets: readonly UnixSocketCapability[];
  /** `sandbox`: only processes inside may be signalled, traced or reached by abstract socket. */
  processes: "sandbox" | "any";
  commands: Readonly<{ allowed: readonly CommandRule[]; blocked: readonly CommandRule[] }>;
  /** New user namespaces, for tools that bring a sandbox of their own. */
  userNamespaces: boolean;
  environment: Environment | undefined;
  limits: ResourceLimits;
  /** Seatbelt rules passed through on macOS; without meaning elsewhere, but never lost. */
  platformRules: readonly string[];
}>;
