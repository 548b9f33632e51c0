// Sessions that were killed are finished, and said.

import type { SnapshotStore } from "nono-ts";
import type { Io } from "../../io.ts";
import { recoverSessions } from "../../rollback/recover.ts";
import { forgetUnfinished, unfinishedIn } from "../../rollback/unfinished.ts";
import { say } from "../../ui/message.ts";
import { renderRecovery } from "../../ui/rollback.ts";

/** @param state `$XDG_STATE_HOME/nono` */
export async function sayRecoveries(store: SnapshotStore, state: string, io: Io): Promise<void> {
  const recoveries = await recoverSessions(store);
  for (const recovery of recoveries) say(io, renderRecovery(recovery));
  const failed = new Set(recoveries.filter((one) => "failure" in one).map(({ id }) => id));
  const known = new Set(store.sessions());
  for (const id of unfinishedIn(state))
    if (!known.has(id) || !(failed.has(id) || store.isOpen(id))) forgetUnfinished(state, id);
}
