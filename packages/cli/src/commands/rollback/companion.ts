// What --rollback adds to a run: a snapshot before it, one when it has ended, and what it says about them.

import { NonoError, type SnapshotStore } from "nono-ts";
import type { Call } from "../../args/command.ts";
import { redactorOf } from "../../audit/redactor-of.ts";
import { answering, type Control } from "../../control/control.ts";
import { CliError } from "../../error.ts";
import { stateDirectory } from "../../policy/placed/protected-roots.ts";
import { laterOf } from "../../rollback/later/session-later.ts";
import { overlapsOf } from "../../rollback/overlaps.ts";
import { Pacer } from "../../rollback/pacer.ts";
import { RunSnapshots } from "../../rollback/run-snapshots.ts";
import { viewSession } from "../../rollback/session-view.ts";
import type { RollbackSettings } from "../../rollback/settings.ts";
import { openStore } from "../../rollback/store.ts";
import { trackedRoots } from "../../rollback/tracked-roots.ts";
import { forgetUnfinished, noteUnfinished } from "../../rollback/unfinished.ts";
import type { Companion, RunEvent } from "../../run/companion.ts";
import type { Prepared } from "../../sandbox/prepare.ts";
import { reasonOf, say, warn } from "../../ui/message.ts";
import { countText, sizeText } from "../../ui/quantities.ts";
import { renderBaseline, renderChanged, renderOverlaps } from "../../ui/rollback.ts";
import type { CheckpointTaken } from "./checkpoint.ts";
import { sayRecoveries } from "./recoveries.ts";
import { headingOf } from "./reviewed.ts";

export function rollbackCompanion(
  { filter, everything, budget, pace, prompt }: RollbackSettings,
  sandbox: Prepared,
  { io, silent }: Call,
  tell: (event: RunEvent) => Promise<void>,
  control: Control,
): Companion {
  const { id } = sandbox.session;
  const state = stateDirectory(sandbox.loaded.variables);
  let store: SnapshotStore | undefined;
  let snapshots: RunSnapshots | undefined;
  let pacer: Pacer | undefined;
  let hasChanged = false;

  return {
    takesTime: true,

    async begin() {
      const roots = trackedRoots(sandbox, everything);
      if (roots.length === 0) return say(io, "nothing is granted for writing: no snapshots are taken");
      store = openStore(state);
      await sayRecoveries(store, state, io);
      const tracked = {
        id,
        roots,
        filter,
        budget,
        command: redactorOf(sandbox).commandLine(sandbox.command.argv),
      };
      const begun = await RunSnapshots.begin(store, tracked, tell).catch((error) => {
        throw explained(error, state);
      });
      snapshots = begun.snapshots;
      noteUnfinished(state, id);
      pacer = new Pacer(pace, snapshots);
      control.add({ checkpoint: answering(checkpointer(begun.snapshots)) });
      say(io, renderBaseline(begun.baseline));
    },

    started() {
      pacer?.begin();
    },

    async ended() {
      if (store === undefined || snapshots === undefined) return;
      const failure = await pacer?.end();
      if (failure !== undefined) warn(io, `a snapshot in between was not taken: ${reasonOf(failure)}`);
      try {
        const final = await snapshots.take("final");
        forgetUnfinished(state, id);
        const { changes, left } = snapshots.compare(0, final.number);
        const later = laterOf(store.objects, changes, left, io.env);
        say(io, renderChanged(changes, later.length, id));
        hasChanged = changes.length > 0;
        const overlaps = hasChanged ? overlapsOf(store, viewSession(store, id)) : [];
        if (overlaps.length > 0) say(io, renderOverlaps(overlaps));
      } catch (error) {
        warn(
          io,
          `the state at the end was not kept (${reasonOf(error)}): nono rollback list tries again, before anything else is changed`,
        );
      }
    },

    async afterwards() {
      if (!hasChanged || !prompt || silent || store === undefined || snapshots === undefined) return;
      const { offerReview } = await import("./offer-review.ts");
      const heading = headingOf(store, id);
      await offerReview({ store, restoration: snapshots.restoration(), heading }, io);
    },

    close() {
      snapshots?.close();
      store?.close();
    },
  };
}

/** What other terminals can ask for. */
function checkpointer(snapshots: RunSnapshots): () => Promise<CheckpointTaken> {
  return async () => {
    const { number } = await snapshots.take("checkpoint");
    return { is: "taken", snapshot: number, changed: snapshots.compare(number - 1, number).changes.length };
  };
}

/** What can be done about it here. @param state `$XDG_STATE_HOME/nono` */
function explained(error: unknown, state: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EROFS")
    return new CliError({ code: "rollback-not-begun", path: state, reason: message }, { cause: error });
  if (!(error instanceof NonoError) || error.problem.code !== "snapshot-budget") return error;
  const { path, what, limit } = error.problem;
  const told =
    what === "entries"
      ? { limit: countText(limit, "name"), option: "--rollback-max-files NUMBER" }
      : { limit: sizeText(limit), option: "--rollback-max-size SIZE" };
  return new CliError({ code: "rollback-budget", path, ...told }, { cause: error });
}
