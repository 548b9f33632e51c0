// nono rollback restore: takes back what a session did, as a whole or what is picked of it.

import type { PreparedRestore, Restored, SnapshotStore } from "nono-ts";
import { show } from "nono-ts/internal";
import type { Action, Call, FlagsOf } from "../../args/command.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import type { Io } from "../../io.ts";
import { chooseFrom } from "../../rollback/chosen.ts";
import { neighboursOf } from "../../rollback/neighbours.ts";
import { overlapsOf } from "../../rollback/overlaps.ts";
import { Restoration, type RestoreWish, restoreDocument } from "../../rollback/restoration.ts";
import { toJson } from "../../sandbox/document.ts";
import { say, warn } from "../../ui/message.ts";
import { renderOverlaps } from "../../ui/rollback.ts";
import { renderConflicts, renderSteps, stepsText } from "../../ui/rollback-restore.ts";
import { applyRecorded, unrecordedText } from "./apply-recorded.ts";
import { confirmed } from "./confirm.ts";
import { withSnapshots } from "./open.ts";
import type { ROLLBACK_RESTORE_SECTIONS } from "./options.ts";
import { headingOf, isNothing, tellReviewed } from "./reviewed.ts";

type RestoreFlags = FlagsOf<typeof ROLLBACK_RESTORE_SECTIONS>;

export const restore: Action<RestoreFlags> = (flags, call) => {
  if (flags.json && !flags.yes && !flags.dryRun)
    throw new CliError({ code: "option-needs", option: "--json", other: "--yes or --dry-run" });
  return withSnapshots(call.io, (store) => restoreFrom(store, flags, call));
};

async function restoreFrom(store: SnapshotStore, flags: RestoreFlags, call: Call): Promise<ExitCode> {
  const { io } = call;
  const { view, paths } = chooseFrom(store, call.operands, io.cwd);
  if (flags.all && paths !== undefined)
    throw new CliError({ code: "options-exclusive", option: "--all", other: "PATH" });
  const wish = { id: view.id, to: flags.snapshot ?? 0, paths, force: flags.force };
  const restoration = Restoration.open(store, view.id);
  const running = neighboursOf(store, view.id, view.tracked.roots);
  for (const other of running)
    warn(io, `session ${show(other)} runs, and may write in the same places meanwhile`);
  try {
    const prepared = await restoration.prepare(wish);
    if (isOpen(flags, paths) && !isNothing(prepared)) {
      const what = { store, restoration, heading: headingOf(store, view.id, wish.to) };
      const taken = await (await import("./review.ts")).reviewOnScreen(what, prepared, io);
      if (taken !== undefined) return tellReviewed(view.id, taken, io);
    }
    const ended = overlapsOf(store, view).filter((other) => !running.includes(other));
    if (ended.length > 0 && !isNothing(prepared)) warn(io, renderOverlaps(ended));
    if (flags.dryRun) return tellPlan(wish, prepared, flags, io);
    if (!flags.yes && !(await isWanted(prepared, io))) return ExitCode.failed;
    const unrecorded = (error: unknown) => warn(io, unrecordedText(error));
    return tellDone(wish, await applyRecorded(restoration, wish, prepared, io, unrecorded), flags, io);
  } finally {
    restoration.close();
  }
}

/** Nothing is said of what is to be restored: whoever sits there picks it. */
function isOpen({ all, yes, force, dryRun, json }: RestoreFlags, paths: unknown): boolean {
  return paths === undefined && !all && !yes && !force && !dryRun && !json;
}

function tellPlan(wish: RestoreWish, { plan }: PreparedRestore, { json }: RestoreFlags, io: Io): ExitCode {
  if (json) io.stdout.write(toJson(restoreDocument(wish, plan.actions, plan.conflicts, undefined)));
  else {
    io.stdout.write(renderSteps(plan.actions));
    io.stderr.write(renderConflicts(plan.conflicts, wish.force));
    if (plan.actions.length === 0) say(io, "nothing to restore");
  }
  return plan.conflicts.length === 0 ? ExitCode.ok : ExitCode.failed;
}

/** Only a person says yes, and silence is a no. @throws CliError `rollback-unasked` */
async function isWanted({ plan }: PreparedRestore, io: Io): Promise<boolean> {
  if (plan.actions.length === 0) return true;
  io.stderr.write(renderSteps(plan.actions));
  const answer = await confirmed("nono: do this? [y/N] ", io);
  if (answer === undefined) throw new CliError({ code: "rollback-unasked" });
  return answer;
}

function tellDone(
  wish: RestoreWish,
  { done, conflicts, before }: Restored,
  { json }: Pick<RestoreFlags, "json">,
  io: Io,
): ExitCode {
  if (json) io.stdout.write(toJson(restoreDocument(wish, done, conflicts, before?.number)));
  else {
    io.stderr.write(renderConflicts(conflicts, wish.force));
    const nothing = conflicts.length === 0 ? "nothing to restore" : "nothing was restored";
    say(io, done.length === 0 ? nothing : `restored: ${stepsText(done)}`);
    if (before !== undefined && done.length > 0)
      say(io, `undo this: nono rollback restore ${wish.id} --all --snapshot ${before.number}`);
  }
  return conflicts.length === 0 ? ExitCode.ok : ExitCode.failed;
}
