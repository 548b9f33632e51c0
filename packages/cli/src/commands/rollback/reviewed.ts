// What goes into a review, and what is said after it.

import type { PreparedRestore, Restored, SnapshotStore } from "nono-ts";
import { show } from "nono-ts/internal";
import { ExitCode } from "../../exit-code.ts";
import type { Io } from "../../io.ts";
import { overlapsOf } from "../../rollback/overlaps.ts";
import type { Restoration } from "../../rollback/restoration.ts";
import { viewSession } from "../../rollback/session-view.ts";
import { say } from "../../ui/message.ts";
import { stepsText } from "../../ui/rollback-restore.ts";
import type { Heading } from "../../ui/rollback-review.ts";

export type Reviewed = Readonly<{ store: SnapshotStore; restoration: Restoration; heading: Heading }>;

/** @param to number of the snapshot to go back to */
export function headingOf(store: SnapshotStore, id: string, to = 0): Heading {
  const view = viewSession(store, id);
  const command = (view.tracked.command ?? []).map((word) => show(word)).join(" ");
  return { session: id, command, to, overlaps: overlapsOf(store, view) };
}

export function isNothing({ plan }: PreparedRestore): boolean {
  return plan.actions.length === 0 && plan.conflicts.length === 0;
}

/** What was left alone was seen, and is no failure here. */
export function tellReviewed(id: string, taken: readonly Restored[], io: Io): ExitCode {
  const done = taken.flatMap((one) => one.done);
  say(io, done.length === 0 ? "nothing was restored" : `restored: ${stepsText(done)}`);
  const [first] = taken.flatMap(({ before }) => before ?? []);
  if (first !== undefined) say(io, `undo this: nono rollback restore ${id} --all --snapshot ${first.number}`);
  return ExitCode.ok;
}
