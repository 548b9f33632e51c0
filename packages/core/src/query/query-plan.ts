// Would a plan allow this? Answered from the very rules that the kernel gets, the way the kernel reads them.

import {
  type AccessHalf,
  type AccessMode,
  checkedAccess,
  halvesOf,
  type Source,
} from "../capability/index.ts";
import { type CanonicalPath, canonicalizeMissing, isWithin } from "../files/canonical-path.ts";
import { type FileView, realFiles } from "../files/file-view.ts";
import type { Common } from "../plan/plan.ts";
import { macPath } from "../seatbelt/mac-path.ts";
import { isGranted, type LandlockRules, rulesOn } from "./query-landlock.ts";
import { grantsOn, isAllowed, type SeatbeltRules } from "./query-seatbelt.ts";

/** As much of a plan as questions need: what a confined program is told of its own has no more. */
export type QueriedPlan = Pick<Common, "denials" | "blockedExecutables"> & (LandlockRules | SeatbeltRules);

export type PathAnswer = Readonly<{
  status: "allowed" | "denied";
  /** Links resolved; the part that does not exist is kept. */
  path: CanonicalPath;
  access: AccessMode;
  /** What the rules give on this path; `undefined`: nothing. */
  granted: AccessMode | undefined;
  /** The most specific rule that has a part in it. */
  rule: Readonly<{ path: CanonicalPath; source: Source }> | undefined;
  /** What withholds it inside a grant: a denial, or the command that the file belongs to. */
  withheld: Readonly<{ path: CanonicalPath; source: Source; command?: string; asks?: string }> | undefined;
}>;

/**
 * @param question.path as a program would name it; relative to `question.cwd`
 * @throws NonoError `invalid-value`, and the file system's own error when the path cannot be looked up
 */
export function queryPath(
  plan: QueriedPlan,
  question: Readonly<{ path: string; access: AccessMode; cwd?: string }>,
  view: FileView = realFiles,
): PathAnswer {
  const wanted = halvesOf(checkedAccess("queryPath", question.access));
  const { path, rules, has } = lookUp(plan, canonicalizeMissing(question.path, question.cwd), view);
  const halves = (["read", "write"] as const).filter(has);
  const allowed = wanted.every((half) => halves.includes(half));
  return {
    status: allowed ? "allowed" : "denied",
    path,
    access: question.access,
    granted: halves.length === 2 ? "read+write" : halves[0],
    rule: nearest(rules),
    withheld: allowed ? undefined : withheldBy(plan, path, wanted),
  };
}

type Found = Readonly<{
  path: CanonicalPath;
  /** Those that have a part in it. */
  rules: readonly Rule[];
  has: (half: AccessHalf) => boolean;
}>;

function lookUp(plan: QueriedPlan, asked: CanonicalPath, view: FileView): Found {
  if ("landlock" in plan) {
    const has = (half: AccessHalf) => isGranted(plan, asked, half, view);
    return { path: asked, rules: rulesOn(plan, asked, view), has };
  }
  const path = macPath(asked);
  const has = (half: AccessHalf) => isAllowed(plan, path, half, view);
  return { path, rules: grantsOn(plan, path), has };
}

type Rule = Readonly<{ path: CanonicalPath; source: Source }>;

function nearest(rules: readonly Rule[]): PathAnswer["rule"] {
  const rule = rules.toSorted((a, b) => b.path.length - a.path.length)[0];
  return rule && { path: rule.path, source: rule.source };
}

function withheldBy(
  plan: QueriedPlan,
  path: CanonicalPath,
  wanted: readonly AccessHalf[],
): PathAnswer["withheld"] {
  const denials = plan.denials.filter(
    (one) =>
      isWithin(path, placeIn(plan, one.path)) && halvesOf(one.access).some((half) => wanted.includes(half)),
  );
  // What may never be asked about decides, wherever a milder denial lies.
  const denial = denials.find((one) => one.asks === undefined) ?? denials[0];
  if (denial !== undefined) {
    const { source, asks } = denial;
    return asks === undefined ? { path: denial.path, source } : { path: denial.path, source, asks };
  }
  const executable = plan.blockedExecutables.find((one) => placeIn(plan, one.path) === path);
  return executable && { path, source: "blocked command", command: executable.command };
}

function placeIn(plan: QueriedPlan, path: CanonicalPath): CanonicalPath {
  return "landlock" in plan ? path : macPath(path);
}
