// What a plan of every platform is compiled from, beside the capabilities.

import type { Capabilities } from "../capability/index.ts";
import {
  type BlockedCommands,
  blockedExecutables,
  namesToLookFor,
  stillBlocked,
} from "../command/blocked-executables.ts";
import type { ExecutablesIn } from "../command/executables-in.ts";
import { withoutLoaderVariables } from "../environment/loader-variables.ts";
import { type CanonicalPath, canonicalize } from "../files/canonical-path.ts";
import type { FileView } from "../files/file-view.ts";
import type { ProtectionName } from "../protection/protection.ts";
import type { Arch } from "../seccomp/program.ts";
import type { SoftAndHard } from "./limits.ts";
import type { Plan } from "./plan.ts";
import type { NamePattern } from "./supervision.ts";

export type CompileOptions = Readonly<{
  /** Absent: that of this machine. Compiling for another one needs nothing of it but a `view` that shows its files. */
  platform?: Plan["platform"];
  /** Landlock ABI to compile for; absent: that of the running kernel. */
  abi?: number;
  /** Absent: that of this machine. */
  arch?: Arch;
  /** `process`: for `apply`. Absent: `child`. */
  target?: "child" | "process";
  /** A supervisor will answer for the sandbox. */
  supervisor?: boolean;
  /** Names that the supervisor serves in directories that are not granted, beside those by which granted files are saved. */
  namePatterns?: readonly NamePattern[];
  /** The whole tree is ended with the session. */
  guard?: boolean;
  /** Where commands are looked for, beside the usual directories; absent: PATH. */
  commandPath?: readonly string[];
  /** For the very `commandPath`, of a moment ago: what the plan then need not wait for. */
  commandLook?: CommandLook | undefined;
  /** Variables to start from when the set names none; absent: those of this process, without loader variables. */
  environment?: Readonly<Record<string, string>>;
  /** Variables that somebody withheld already, for the record. */
  withheld?: Plan["withheld"];
  /** How many files the program may have open where the set says nothing; absent: as many as this process. */
  openFiles?: SoftAndHard;
  /** Protections without which there is no plan, beside those that are always needed. */
  require?: readonly ProtectionName[];
  /** Protections that may be missing although they were asked for. */
  mayBeMissing?: readonly ProtectionName[];
  view?: FileView;
}>;

/** Where executables lie whatever PATH says. */
const COMMAND_DIRECTORIES = {
  linux: ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"],
  darwin: ["/opt/homebrew/bin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"],
};

export function environmentOf(
  capabilities: Capabilities,
  options: CompileOptions,
): Pick<Plan, "environment" | "withheld"> {
  const given = capabilities.environment ?? options.environment;
  if (given !== undefined) return { environment: given, withheld: options.withheld ?? [] };
  return withoutLoaderVariables(process.env);
}

/** A look for the executables of blocked commands that has begun. */
export type CommandLook = Readonly<{ names: readonly string[]; executables: ExecutablesIn }>;

type Looked = Readonly<{
  platform: Plan["platform"];
  commandPath: readonly string[] | undefined;
  executablesOf: (directories: readonly CanonicalPath[], names: readonly string[]) => ExecutablesIn;
}>;

export function lookForBlocked(commands: Capabilities["commands"], looked: Looked): CommandLook {
  const names = namesToLookFor(commands);
  return { names, executables: looked.executablesOf(commandDirectories(looked), names) };
}

/**
 * Directories of executables are large: they are looked into only for something.
 *
 * @param begun taken if it is for the very names that are blocked
 */
export function blockedIn(
  { commands }: Capabilities,
  looked: Looked & Readonly<{ view: FileView }>,
  begun: CommandLook | undefined,
): BlockedCommands {
  if (stillBlocked(commands).length === 0) return { executables: [], unblockable: [], single: new Set() };
  const names = namesToLookFor(commands);
  const fits = begun?.names.length === names.length && begun.names.every((name, at) => name === names[at]);
  const { executables } = fits ? begun : lookForBlocked(commands, looked);
  return blockedExecutables(commands, { view: looked.view, executables, realPath: realPathOrNothing });
}

function commandDirectories({
  platform,
  commandPath,
}: Pick<Looked, "platform" | "commandPath">): readonly CanonicalPath[] {
  const path =
    commandPath ?? (process.env.PATH ?? "").split(":").filter((directory) => directory.startsWith("/"));
  const real = [...new Set([...path, ...COMMAND_DIRECTORIES[platform]])].map(realPathOrNothing);
  return [...new Set(real.filter((directory) => directory !== undefined))];
}

function realPathOrNothing(file: string): CanonicalPath | undefined {
  try {
    return canonicalize(file);
  } catch {
    return undefined;
  }
}
