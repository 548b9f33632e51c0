// nono rollback show: what a session changed.

import type { Change, SnapshotStore } from "nono-ts";
import type { Action, FlagsOf } from "../../args/command.ts";
import { ExitCode } from "../../exit-code.ts";
import type { Io, Output } from "../../io.ts";
import { type Chosen, chooseFrom } from "../../rollback/chosen.ts";
import { changeDocument, sessionDocument } from "../../rollback/documents.ts";
import { diffOf, patchText } from "../../rollback/file-diff.ts";
import type { RunsLater } from "../../rollback/later/runs-later.ts";
import { laterOf } from "../../rollback/later/session-later.ts";
import { overlapsOf } from "../../rollback/overlaps.ts";
import { isAtOrBelow } from "../../rollback/paths.ts";
import { compareSnapshots, type SessionView } from "../../rollback/session-view.ts";
import { toJson } from "../../sandbox/document.ts";
import { say } from "../../ui/message.ts";
import { renderOverlaps, renderUncaptured } from "../../ui/rollback.ts";
import { diffLines } from "../../ui/rollback-diff.ts";
import { renderLater, renderLaterHint } from "../../ui/rollback-later.ts";
import { renderSnapshots } from "../../ui/rollback-list.ts";
import { renderTree } from "../../ui/rollback-tree.ts";
import { withSnapshots } from "./open.ts";
import type { ROLLBACK_SHOW_SECTIONS } from "./options.ts";

type ShowFlags = FlagsOf<typeof ROLLBACK_SHOW_SECTIONS>;

export const show: Action<ShowFlags> = (flags, { operands, io }) =>
  withSnapshots(io, (store) => {
    const chosen = chooseFrom(store, operands, io.cwd);
    if (flags.snapshots && !flags.json) io.stdout.write(renderSnapshots(chosen.view.snapshots, io.stdout));
    else write(store, chosen.view, changesOf(store, chosen, flags, io), flags, io);
    return ExitCode.ok;
  });

/** `all`: whatever is asked for; `changes`: what is to be shown; `later`: of what was asked for. */
type Changes = Readonly<{
  since: number;
  all: readonly Change[];
  changes: readonly Change[];
  later: readonly RunsLater[];
}>;

function changesOf(store: SnapshotStore, { view, paths }: Chosen, flags: ShowFlags, io: Io): Changes {
  const since = flags.snapshot ?? 0;
  const { changes: all, left } = compareSnapshots(store, view, since, view.last.number);
  const named = all.filter(({ path }) => paths === undefined || paths.some((one) => isAtOrBelow(path, one)));
  const later = laterOf(store.objects, named, left, io.env);
  return { since, all, changes: flags.runsLater ? later.map(({ change }) => change) : named, later };
}

function write(store: SnapshotStore, view: SessionView, found: Changes, flags: ShowFlags, io: Io): void {
  const { since, all, changes, later } = found;
  const overlaps = overlapsOf(store, view);
  if (overlaps.length > 0 && changes.length > 0 && !flags.json) say(io, renderOverlaps(overlaps));
  if (flags.json) {
    const changed = changedDocuments(store, changes, later, flags.diff);
    io.stdout.write(toJson({ ...sessionDocument(view, all), overlaps, since, changed }));
  } else if (flags.runsLater) writeLater(store, later, flags.diff, io.stdout);
  else if (flags.diff) writeDiffs(store, changes, io.stdout);
  else {
    io.stdout.write(renderTree(view.tracked.roots, changes));
    if (view.last.uncaptured.length > 0) say(io, renderUncaptured(view.last.uncaptured));
    if (later.length > 0) say(io, renderLaterHint(later, view.id));
  }
}

function changedDocuments(
  { objects }: SnapshotStore,
  changes: readonly Change[],
  later: readonly RunsLater[],
  diff: boolean,
) {
  const reasons = new Map(later.map((one) => [one.change, one]));
  return changes.map((change) => ({
    ...changeDocument(change, reasons.get(change)),
    ...(diff ? { diff: patchText(change, diffOf(objects, change)) } : {}),
  }));
}

function writeLater(store: SnapshotStore, later: readonly RunsLater[], diff: boolean, output: Output): void {
  if (later.length === 0)
    output.write("nothing that was changed runs later, as far as names and settings tell\n");
  for (const one of later) {
    output.write(renderLater(one, output));
    if (diff)
      for (const line of diffLines(one.change, diffOf(store.objects, one.change), output).slice(1))
        output.write(`${line}\n`);
  }
}

/** One at a time: there may be many. */
function writeDiffs(store: SnapshotStore, changes: readonly Change[], output: Output): void {
  for (const change of changes)
    for (const line of diffLines(change, diffOf(store.objects, change), output)) output.write(`${line}\n`);
}
