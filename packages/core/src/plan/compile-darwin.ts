// From what was asked for to exactly what macOS is told: a Seatbelt profile. The same on every machine.

import type { Capabilities } from "../capability/index.ts";
import { executablesOf } from "../command/executables-in.ts";
import { NonoError } from "../error.ts";
import { realFiles, remembering } from "../files/file-view.ts";
import { isDevice } from "../seatbelt/files.ts";
import { profileOf } from "../seatbelt/profile.ts";
import { blockedIn, type CompileOptions, environmentOf } from "./compile-options.ts";
import { darwinProtections, NO_SUPERVISOR } from "./darwin-protections.ts";
import { limitsOf } from "./limits.ts";
import type { DarwinPlan } from "./plan.ts";
import { requireProtections } from "./protections.ts";
import { checkedPatterns, replacementNames } from "./supervision.ts";

/** @throws NonoError `protection-unavailable`, `grant-denied`, `platform-rule` */
export function compileDarwin(capabilities: Capabilities, options: CompileOptions): DarwinPlan {
  if (options.supervisor) throw new NonoError({ code: "protection-unavailable", ...UNSUPERVISED });
  const view = remembering(options.view ?? realFiles);
  const target = options.target ?? "child";
  const { commandPath } = options;
  const looked = {
    platform: "darwin",
    commandPath,
    view,
    executablesOf: executablesOf.bind(undefined, view),
  } as const;
  const blocked = blockedIn(capabilities, looked, undefined);
  const protections = darwinProtections({
    capabilities,
    target,
    guard: options.guard ?? false,
    unblockable: blocked.unblockable,
  });
  requireProtections(protections, options.require ?? [], options.mayBeMissing ?? []);
  const files = capabilities.fs.filter((grant) => grant.kind === "file" && !isDevice(grant));
  const plan = {
    platform: "darwin",
    seatbelt: profileOf(capabilities, {
      blocked: blocked.executables.map(({ path }) => path),
      savedNames: [
        ...files.flatMap(({ path, access }) => replacementNames(path, access)),
        ...checkedPatterns(options.namePatterns),
      ],
    }),
    limits: limitsOf(capabilities.limits, "darwin", options.openFiles),
    ...environmentOf(capabilities, options),
    denials: capabilities.denials,
    blockedExecutables: blocked.executables,
    unblockable: blocked.unblockable,
    protections,
    supervision: undefined,
  };
  return plan as unknown as DarwinPlan;
}

const UNSUPERVISED = {
  protection: "approvals",
  why: `${NO_SUPERVISOR}: grant what is needed before the start`,
};
