// A sandbox as JSON: what `--dry-run --json` prints, and what the confined program finds in NONO_CAP_FILE. The form is
// described in docs/sandbox-document.md; `format` changes when a reader of the old one would be misled.

import type { Capabilities, DarwinPlan, LinuxPlan, Plan, Protection } from "nono-ts";
import { rightNames, showJson } from "nono-ts/internal";
import type { GuardStatus } from "../guard/guard.ts";
import type { SecretName } from "../secret/injected.ts";

export const FORMAT = 1;

/** Paths that are not UTF-8 have a lone surrogate U+DC80..U+DCFF for each byte that is not. */
export type SandboxDocument = Readonly<{
  format: typeof FORMAT;
  /** Of nono. */
  version: string;
  name: string | null;
  profile: string;
  groups: readonly string[];
  command: Readonly<{ path: string; argv: readonly string[]; cwd: string }> | null;
  /** What is granted, as it was asked for. */
  grants: readonly Readonly<{ path: string; kind: "file" | "directory"; access: string; source: string }>[];
  /** What was asked for and means nothing here, and why. */
  skipped: readonly Skipped[];
  /** Null on macOS. */
  landlock: Readonly<{
    abi: number;
    /** Rights that are refused wherever no rule gives them. */
    handled: readonly string[];
    rules: readonly Readonly<{
      path: string;
      rights: readonly string[];
      optional: boolean;
      source: string;
    }>[];
    /** Rights on each entry that a directory has at the start, by its kind, but on none of the names left out. */
    splits: readonly Readonly<{
      directory: string;
      files: readonly string[];
      directories: readonly string[];
      leftOut: readonly string[];
      optional: boolean;
      source: string;
    }>[];
  }> | null;
  /** Null on Linux. `text`: the rules as sandbox_init(3) takes them; of those the last one that fits decides. */
  seatbelt: DarwinPlan["seatbelt"] | null;
  /** `asks`: what a yes would let run; only such a denial may be asked about. */
  denials: readonly Readonly<{
    path: string;
    access: string;
    source: string;
    asks?: string;
    removable?: true;
  }>[];
  /** What no grant may reach: nono's own, and for writing the user's files that this was made from. */
  ungrantable: readonly Readonly<{ path: string; access: string }>[];
  /** The guard of the directories of work. */
  guard: GuardStatus;
  /** Whether a supervisor serves the grants where the kernel's rules cannot. */
  supervised: boolean;
  /**
   * Names that it serves in directories that are not granted, as files are saved: `*` stands for any characters, `?` for
   * one, a backslash takes the meaning of the next.
   */
  names: readonly Readonly<{ directory: string; name: string; rights: readonly string[] }>[];
  network: Capabilities["network"];
  /** What limited the network: `--block-net`, `profile:NAME`. */
  networkSource: string | null;
  unixSockets: readonly Readonly<{ path: string; scope: string; bind: boolean; source: string }>[];
  commands: Readonly<{
    blocked: readonly Readonly<{ name: string; source: string }>[];
    /** Executables that no rule covers. */
    executables: readonly Readonly<{ command: string; path: string }>[];
    /** Blocked by name only, and why. */
    unblockable: readonly Readonly<{ command: string; path: string; why: string }>[];
  }>;
  seccomp: readonly Readonly<{ name: string; instructions: number }>[];
  /** Variables of the command, without their values. */
  environment: readonly string[];
  withheld: readonly Readonly<{ name: string; why: string }>[];
  /** Those among the variables that are secrets, and where each comes from. */
  secrets: readonly SecretName[];
  limits: Capabilities["limits"];
  protections: readonly Protection[];
}>;

export type Skipped = Readonly<{ original: string; source: string; why: string }>;

export type Described = Pick<
  SandboxDocument,
  | "version"
  | "name"
  | "profile"
  | "groups"
  | "command"
  | "ungrantable"
  | "networkSource"
  | "skipped"
  | "guard"
  | "secrets"
> &
  Readonly<{
    capabilities: Capabilities;
    /** Blocked, and not opened again. */
    blockedCommands: readonly Readonly<{ name: string; source: string }>[];
    plan: Plan;
  }>;

export function documentOf({ capabilities, plan, blockedCommands, ...told }: Described): SandboxDocument {
  const { denials, blockedExecutables, unblockable, environment } = plan;
  const namesOf = remembered(rightNames);
  return {
    format: FORMAT,
    version: told.version,
    name: told.name,
    profile: told.profile,
    groups: told.groups,
    command: told.command,
    grants: capabilities.fs.map(({ path, kind, access, source }) => ({ path, kind, access, source })),
    skipped: told.skipped,
    landlock: plan.platform === "linux" ? landlockOf(plan, namesOf) : null,
    seatbelt: plan.platform === "darwin" ? plan.seatbelt : null,
    denials: denials.map(({ original: _, ...denial }) => denial),
    guard: told.guard,
    ungrantable: told.ungrantable,
    supervised: plan.supervision !== undefined,
    names: (plan.supervision?.patterns ?? []).map(({ directory, name, rights }) => ({
      directory,
      name,
      rights: namesOf(rights),
    })),
    network: capabilities.network,
    networkSource: told.networkSource,
    unixSockets: capabilities.unixSockets,
    commands: { blocked: blockedCommands, executables: blockedExecutables, unblockable },
    seccomp: plan.platform === "linux" ? seccompOf(plan) : [],
    environment: [...new Set([...Object.keys(environment), ...told.secrets.map(({ name }) => name)])].sort(),
    withheld: plan.withheld,
    secrets: told.secrets,
    limits: capabilities.limits,
    protections: plan.protections,
  };
}

function landlockOf(
  { abi, landlock }: LinuxPlan,
  namesOf: (rights: bigint) => readonly string[],
): SandboxDocument["landlock"] {
  return {
    abi,
    handled: rightNames(landlock.handledFs),
    rules: landlock.rules.map(({ path, rights, optional, source }) => ({
      path,
      rights: namesOf(rights),
      optional,
      source,
    })),
    splits: landlock.splits.map(({ directory, files, directories, leftOut, optional, source }) => ({
      directory,
      files: namesOf(files),
      directories: namesOf(directories),
      leftOut,
      optional,
      source,
    })),
  };
}

function seccompOf({ filters }: LinuxPlan): SandboxDocument["seccomp"] {
  return filters.map(({ name, program }) => ({ name, instructions: program.length }));
}

/** Rules are many, and their masks a handful. */
function remembered<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}

/** For people and their programs, with a line break at the end. Lone surrogates are escaped by JSON itself. */
export function toJson(value: unknown): string {
  return `${showJson(value, 2)}\n`;
}
