// What a restore would do, has done, and has left alone.

import type { Conflict, ConflictReason, RestoreAction } from "nono-ts";
import { show } from "nono-ts/internal";
import { type PlannedStep, stepsOf } from "../rollback/restoration.ts";
import { countText } from "./quantities.ts";

/** Names that are listed before the rest is counted. */
const LISTED = 20;

const DONE: Readonly<Record<PlannedStep["step"], string>> = {
  remove: "removed",
  write: "written",
  link: "linked",
  make: "made",
  change: "with mode and times again",
  times: "with mode and times again",
};

export const REASONS: Readonly<Record<ConflictReason, string>> = {
  changed: "changed since the session ended",
  gone: "removed since the session ended",
  way: "a directory on the way to it is not there, or is none: make it first",
  inside: "its directory is left alone",
  occupied: "a directory in its place holds what is not the session's",
  refused: "the system does not let it be changed: it is immutable, mounted, or somebody else's",
  uncaptured: "its state was never captured",
  unreadable: "what is there now cannot be read",
};

/** Every step, a line each. */
export function renderSteps(actions: readonly RestoreAction[]): string {
  return stepsOf(actions)
    .map(({ step, path }) => `${step.padEnd(7)} ${show(path)}\n`)
    .join("");
}

/** `3 written, 1 removed`; that directories around have their times again is said only where it is all. */
export function stepsText(actions: readonly RestoreAction[]): string {
  const steps = stepsOf(actions);
  const told = steps.filter(({ step }) => step !== "times");
  const counts = new Map<string, number>();
  for (const { step } of told.length > 0 ? told : steps)
    counts.set(DONE[step], (counts.get(DONE[step]) ?? 0) + 1);
  return Array.from(counts, ([word, count]) => `${count} ${word}`).join(", ");
}

export function conflictLines(conflicts: readonly Conflict[]): readonly string[] {
  return conflicts.map(({ path, reason }) => `${show(path)}: ${REASONS[reason]}`);
}

/** Empty without any. */
export function renderConflicts(conflicts: readonly Conflict[], isForced: boolean): string {
  if (conflicts.length === 0) return "";
  const lines = conflictLines(conflicts.slice(0, LISTED)).map((line) => `  ${line}`);
  if (conflicts.length > LISTED) lines.push(`  and ${conflicts.length - LISTED} more`);
  const force = isForced ? "" : ": --force writes over what was changed";
  return [`nono: ${countText(conflicts.length, "path")} left alone${force}`, ...lines, ""].join("\n");
}
