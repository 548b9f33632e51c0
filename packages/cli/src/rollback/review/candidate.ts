// What can be taken back: every change that a restore would undo, or would have to leave alone.

import {
  type Change,
  type ConflictReason,
  diffEntries,
  type Entries,
  type ObjectStore,
  type PreparedRestore,
} from "nono-ts";
import type { RunsLater } from "../later/runs-later.ts";
import { laterOf } from "../later/session-later.ts";

/** `conflict`: why it is left alone unless it is forced. */
export type Candidate = Readonly<{
  change: Change;
  conflict: ConflictReason | undefined;
  later: RunsLater | undefined;
}>;

/**
 * What the session left in place of the state to go back to, in the order of a snapshot; then what it did not leave, such
 * as pieces of a restore that was interrupted, as it is now. Times alone are nothing.
 *
 * @param prepared a restore of everything
 * @throws NonoError `object-missing`, `store-damaged`
 */
export function candidatesOf(
  { plan, target, known, present }: PreparedRestore,
  objects: ObjectStore,
  env: Readonly<Record<string, string | undefined>>,
): readonly Candidate[] {
  const conflicts = new Map(plan.conflicts.map(({ path, reason }) => [path, reason]));
  const planned = new Set([...plan.actions.map(({ path }) => path), ...conflicts.keys()]);
  const left = diffEntries(target, known).filter(({ path }) => planned.delete(path));
  const others = diffEntries(only(planned, target), only(planned, present));
  const changes = [...left, ...others].filter(({ kind }) => kind !== "time");
  const later = new Map(laterOf(objects, changes, known.values(), env).map((one) => [one.change, one]));
  return changes.map((change) => ({
    change,
    conflict: conflicts.get(change.path),
    later: later.get(change),
  }));
}

function only(paths: ReadonlySet<string>, entries: Entries): Entries {
  return new Map(
    [...paths].flatMap((path) => {
      const entry = entries.get(path);
      return entry === undefined ? [] : [[path, entry] as const];
    }),
  );
}
