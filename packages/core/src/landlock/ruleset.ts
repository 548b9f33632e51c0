// A Landlock ruleset as the kernel will hold it. Source: Documentation/userspace-api/landlock.rst.

import type { Source } from "../capability/capabilities.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";

/** Rights on one object and all below it. `optional`: it may have vanished when the launcher opens it. */
export type PathRule = Readonly<{
  path: CanonicalPath;
  rights: bigint;
  optional: boolean;
  source: Source;
}>;

/**
 * Rights on each entry of a directory, and all below it, but on none of the names that are left out: the launcher lists
 * the directory itself. Links get nothing, and neither does what comes later.
 */
export type SplitRule = Readonly<{
  directory: CanonicalPath;
  files: bigint;
  directories: bigint;
  leftOut: readonly string[];
  optional: boolean;
  source: Source;
}>;

/** Rights on one TCP port, of every address. */
export type PortRule = Readonly<{ port: number; rights: bigint }>;

/** Masks of `struct landlock_ruleset_attr`. */
export type Ruleset = Readonly<{
  handledFs: bigint;
  handledNet: bigint;
  scoped: bigint;
  rules: readonly PathRule[];
  splits: readonly SplitRule[];
  ports: readonly PortRule[];
}>;
