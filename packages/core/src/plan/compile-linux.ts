// From what was asked for to exactly what Linux is told: Landlock rules and seccomp programs. Effects come in as values: the
// file system as a view, the kernel as a number.

import type { Capabilities } from "../capability/index.ts";
import { stillBlocked } from "../command/blocked-executables.ts";
import { executablesOf } from "../command/executables-in.ts";
import { NonoError } from "../error.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import { knowingSingle, realFiles, remembering } from "../files/file-view.ts";
import { buildRuleset } from "../landlock/build-ruleset.ts";
import { NEWEST_ABI } from "../landlock/rights.ts";
import { nativeExecutables } from "../native/executables.ts";
import { loadAddon } from "../native/locate.ts";
import { placeHere } from "../place/place.ts";
import { errnoName, withoutFilters, withoutLandlock } from "../place/refusal.ts";
import { filtersOf } from "../seccomp/filters.ts";
import type { NetworkOptions } from "../seccomp/network.ts";
import type { Arch } from "../seccomp/program.ts";
import {
  blockedIn,
  type CommandLook,
  type CompileOptions,
  environmentOf,
  lookForBlocked,
} from "./compile-options.ts";
import { limitsOf } from "./limits.ts";
import type { LinuxPlan } from "./plan.ts";
import { KEPT_CAPABILITIES } from "./privileges.ts";
import { protectionsOf, requireProtections } from "./protections.ts";
import { checkedPatterns, supervisionOf } from "./supervision.ts";

/** @throws NonoError `protection-unavailable`, `grant-denied`, `rule-budget`, `unsupported-platform`, `unknown-abi`, `native-missing` */
export function compileLinux(capabilities: Capabilities, options: CompileOptions): LinuxPlan {
  const arch = options.arch ?? thisArch();
  const abi = Math.min(options.abi ?? runningAbi(), NEWEST_ABI);
  const view = remembering(options.view ?? realFiles);
  const target = options.target ?? "child";
  const supervisor = options.supervisor ?? false;
  const scopes = target === "child" || abi >= THREAD_SYNC_ABI;

  const { commandPath } = options;
  const executables = options.view === undefined ? executablesHere : executablesOf.bind(undefined, view);
  const looked = { platform: "linux", commandPath, view, executablesOf: executables } as const;
  const blocked = blockedIn(capabilities, looked, options.commandLook);
  const { ruleset, split } = buildRuleset(capabilities, {
    abi,
    view: knowingSingle(view, blocked.single),
    scopes,
    blocked: blocked.executables.map((one) => one.path),
  });
  const { environment, withheld } = environmentOf(capabilities, options);
  const protections = protectionsOf({
    capabilities,
    abi,
    target,
    supervisor,
    scopes,
    guard: options.guard ?? false,
    splitWrites: split.some((one) => one.half === "write"),
    unblockable: blocked.unblockable,
  });
  requireProtections(protections, options.require ?? [], options.mayBeMissing ?? []);

  const plan = {
    platform: "linux",
    arch,
    abi,
    landlock: ruleset,
    filters: filtersOf({
      arch,
      userNamespaces: capabilities.userNamespaces,
      ...socketsOf(capabilities.network),
      unixSockets: supervisor || abi >= UNIX_SOCKET_ABI || capabilities.unixSockets.length > 0,
      supervisor,
      anyProcess: capabilities.processes === "any",
    }),
    limits: limitsOf(capabilities.limits, "linux", options.openFiles),
    keepCapabilities: target === "child" ? KEPT_CAPABILITIES : undefined,
    environment,
    withheld,
    denials: capabilities.denials,
    blockedExecutables: blocked.executables,
    unblockable: blocked.unblockable,
    protections,
    supervision: supervisor
      ? supervisionOf(capabilities, {
          ruleset,
          blocked: blocked.executables.map((one) => one.path),
          patterns: checkedPatterns(options.namePatterns),
        })
      : undefined,
  };
  return plan as unknown as LinuxPlan;
}

function socketsOf(network: Capabilities["network"]): Pick<NetworkOptions, "network" | "listens"> {
  if (network.mode !== "ports") return { network: network.mode };
  return { network: "tcp", listens: network.listen.length > 0 };
}

/**
 * Begins to look for the executables of blocked commands, beside whatever else has to be done before there are capabilities
 * to compile: for `CompileOptions.commandLook`. Elsewhere than on Linux there is nothing to gain.
 */
export function lookForCommands(
  commands: Capabilities["commands"],
  commandPath: readonly string[],
): CommandLook | undefined {
  if (process.platform !== "linux" || stillBlocked(commands).length === 0) return undefined;
  return lookForBlocked(commands, { platform: "linux", commandPath, executablesOf: executablesHere });
}

const executablesHere = (directories: readonly CanonicalPath[], names: readonly string[]) =>
  nativeExecutables(loadAddon(), directories, names);

/** LANDLOCK_RESTRICT_SELF_TSYNC. */
const THREAD_SYNC_ABI = 8;
/** LANDLOCK_ACCESS_FS_RESOLVE_UNIX. */
const UNIX_SOCKET_ABI = 9;

function runningAbi(): number {
  if (process.platform !== "linux")
    throw new NonoError({ code: "unsupported-platform", platform: process.platform });
  const native = loadAddon();
  const { abi, error } = native.landlock();
  if (abi < 1)
    throw new NonoError({
      code: "protection-unavailable",
      protection: "file-grants",
      why: withoutLandlock(placeHere(), errnoName(error)),
    });
  if (!native.seccomp().filter)
    throw new NonoError({
      code: "protection-unavailable",
      protection: "kernel-surface",
      why: withoutFilters(placeHere()),
    });
  return abi;
}

function thisArch(): Arch {
  if (process.arch === "x64") return "x86_64";
  if (process.arch === "arm64") return "aarch64";
  throw new NonoError({ code: "unsupported-platform", platform: `${process.platform} on ${process.arch}` });
}
