// Before anything else can be changed: sessions whose nono was killed get their final state, by whatever starts next.

import type { Io } from "../../io.ts";
import { unfinishedIn } from "../../rollback/unfinished.ts";
import { reasonOf, warn } from "../../ui/message.ts";

/** What fails is said, and holds nothing back. @param state `$XDG_STATE_HOME/nono` */
export async function finishKilled(state: string, io: Io): Promise<void> {
  if (unfinishedIn(state).length === 0) return;
  try {
    const [{ openStore }, { sayRecoveries }] = await Promise.all([
      import("../../rollback/store.ts"),
      import("./recoveries.ts"),
    ]);
    const store = openStore(state);
    try {
      await sayRecoveries(store, state, io);
    } finally {
      store.close();
    }
  } catch (error) {
    warn(io, `a session that was killed could not be finished: ${reasonOf(error)}`);
  }
}
