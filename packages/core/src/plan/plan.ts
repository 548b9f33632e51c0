// Exactly what the launcher will do: printed by --dry-run, encoded for C, compared in tests.

import type { FsDenial } from "../capability/capabilities.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import type { Ruleset } from "../landlock/ruleset.ts";
import type { Protection } from "../protection/protection.ts";
import type { SeatbeltProfile } from "../seatbelt/profile.ts";
import type { Arch, Filter } from "../seccomp/program.ts";
import type { Supervision } from "./supervision.ts";

declare const compiled: unique symbol;

/** setrlimit(2) by resource number. */
export type Limit = Readonly<{ resource: number; soft: bigint; hard: bigint }>;

/** How a sandbox looks to the kernel. Only `compilePlan` makes one. */
export type Plan = LinuxPlan | DarwinPlan;

export type LinuxPlan = Common &
  Readonly<{
    platform: "linux";
    arch: Arch;
    /** Landlock ABI that the plan was compiled for. */
    abi: number;
    landlock: Ruleset;
    filters: readonly Filter[];
    /** Mask of capabilities that a root user keeps; `undefined`: none are dropped. */
    keepCapabilities: bigint | undefined;
    /** What its supervisor looks up; `undefined`: there is to be none. */
    supervision: Supervision | undefined;
  }>;

export type DarwinPlan = Common &
  Readonly<{
    platform: "darwin";
    seatbelt: SeatbeltProfile;
    /** Seatbelt decides alone. */
    supervision: undefined;
  }>;

/** What there is on every platform. */
export type Common = Readonly<{
  limits: readonly Limit[];
  /** Variables of the command, by name. */
  environment: Readonly<Record<string, string>>;
  /** Variables that were withheld, by name, and why. */
  withheld: readonly Readonly<{ name: string; why: string }>[];
  /** Denials that the rules carry out: on Linux by not covering them. */
  denials: readonly FsDenial[];
  /** Executables that are withheld from every rule, with the command that they belong to. */
  blockedExecutables: readonly Readonly<{ command: string; path: CanonicalPath }>[];
  /** Blocked commands that only the start check refuses, and why. */
  unblockable: readonly Readonly<{ command: string; path: CanonicalPath; why: string }>[];
  protections: readonly Protection[];
}> & { readonly [compiled]: true };
