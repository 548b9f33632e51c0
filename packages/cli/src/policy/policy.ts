// Profile, groups and flags merged into one value: what is asked for, each entry with who asked. Paths are absolute,
// their variables replaced; nothing has been looked up in the file system yet.

import type { AccessMode, FsDenial, ResourceLimits, Source, UnixSocketCapability } from "nono-ts";
import type { NamedHost } from "../text/host.ts";

/** Who asked. `nono`: the program itself. */
export type Asker = "group" | "profile" | "flag" | "nono";

/** `source` is the asker for people: `group:system_read`, `profile:claude-code`, `--allow`. */
export type Asked = Readonly<{ from: Asker; source: Source }>;

/** A path as it was written, and with its variables replaced. */
export type NamedPath = Readonly<{ original: string; path: string }>;

/** `either`: whatever is there. */
export type Grant = Asked &
  NamedPath &
  Readonly<{ kind: "file" | "directory" | "either"; access: AccessMode }>;

export type Denial = Asked &
  NamedPath &
  Readonly<{ access: AccessMode }> &
  Pick<FsDenial, "asks" | "removable">;

/** Lifts the denials of exactly this path; it still needs a grant. */
export type Bypass = Asked & NamedPath;

/** Names in one directory, by a pattern whose wildcards match no slash. For a supervised run. */
export type NamePattern = Asked & Readonly<{ original: string; directory: string; name: string }>;

export type SocketGrant = Asked & NamedPath & Pick<UnixSocketCapability, "scope" | "bind">;

/** To be made before the start, because a grant needs something that exists. */
export type Creation = Asked &
  NamedPath &
  (Readonly<{ kind: "directory" }> | Readonly<{ kind: "file"; content: string }>);

/** A path below a directory, or a pattern of names, and what the guard of it is for: a sentence without a full stop. */
export type GuardedName = Asked & Readonly<{ name: string; why: string }>;

/** What of the directories of work is guarded, by where it is looked for: see group-form.ts. */
export type GuardRules = Readonly<{
  repository: readonly GuardedName[];
  /** `name` is `.git`. */
  pointer: readonly GuardedName[];
  hooked: readonly GuardedName[];
  workspace: readonly GuardedName[];
  secrets: readonly GuardedName[];
  public: readonly string[];
}>;

export type Port = Asked & Readonly<{ port: number }>;
export type Host = Asked & NamedHost;
export type CommandEntry = Asked & Readonly<{ name: string }>;
export type VariablePattern = Asked & Readonly<{ pattern: string }>;
export type VariableValue = Asked & Readonly<{ name: string; value: string }>;

/** A secret that goes into the variable `name`. */
export type SecretVariable = Asked & Readonly<{ name: string; reference: string }>;

export type Limit = Asked & Readonly<{ resource: keyof ResourceLimits; value: number | "infinity" }>;

/** An entry that means nothing here, because a variable in it has no value. */
export type Unset = Asked & Readonly<{ original: string; variable: string }>;

export type SnapshotPattern = Asked & Readonly<{ pattern: string }>;

/** What profiles say about snapshots. Counts from 1; `maxSize` in bytes. */
export type RollbackRules = Readonly<{
  enabled: Asked | undefined;
  /** Nothing is left out. */
  everything: Asked | undefined;
  exclude: readonly SnapshotPattern[];
  include: readonly SnapshotPattern[];
  everyMinutes: number | undefined;
  everyChanges: number | undefined;
  maxFiles: number | undefined;
  maxSize: number | undefined;
}>;

export type Policy = Readonly<{
  /** The profile in force, and how another one names it to extend it: canonical, if it is a file. */
  profile: string;
  reference: string;
  /** Groups in force, and who asked for each. */
  groups: readonly (Asked & Readonly<{ name: string }>)[];
  grants: readonly Grant[];
  denials: readonly Denial[];
  bypasses: readonly Bypass[];
  guard: GuardRules;
  patterns: readonly NamePattern[];
  sockets: readonly SocketGrant[];
  creations: readonly Creation[];
  network: Readonly<{
    blocked: Asked | undefined;
    /** Once a port or host is named here or below, no other can be used. */
    connect: readonly Port[];
    hosts: readonly Host[];
    listen: readonly Port[];
  }>;
  commands: Readonly<{
    blocked: readonly CommandEntry[];
    /** Those that somebody blocked, and that run because of this. */
    allowed: readonly CommandEntry[];
  }>;
  environment: Readonly<{
    allow: readonly VariablePattern[];
    deny: readonly VariablePattern[];
    set: readonly VariableValue[];
  }>;
  /** No two of one name. */
  secrets: readonly SecretVariable[];
  limits: readonly Limit[];
  userNamespaces: Asked | undefined;
  /** What is not granted is asked for. */
  elevation: Asked | undefined;
  rollback: RollbackRules;
  /** What the record leaves out, beside what is always left out. */
  redaction: Readonly<{ names: readonly string[]; patterns: readonly string[] }>;
  /** Seatbelt rules, for macOS. */
  platformRules: readonly string[];
  unset: readonly Unset[];
  /** The user's files that this was made from, or another one would be, canonical. */
  files: readonly string[];
}>;
