// Sessions whose supervisor was killed: their final state is taken by whoever comes next.

import { NonoError, type Snapshot, type SnapshotStore } from "nono-ts";
import { sessionsIn } from "./find-session.ts";

export type Recovery = Readonly<{ id: string }> &
  (Readonly<{ snapshot: Snapshot }> | Readonly<{ failure: unknown }>);

/** Of all that need it; one that fails does not keep the others from it. */
export async function recoverSessions(store: SnapshotStore): Promise<readonly Recovery[]> {
  const recoveries: Recovery[] = [];
  for (const id of sessionsIn(store)) {
    try {
      const snapshot = await recover(store, id);
      if (snapshot !== undefined) recoveries.push({ id, snapshot });
    } catch (failure) {
      recoveries.push({ id, failure });
    }
  }
  return recoveries;
}

async function recover(store: SnapshotStore, id: string): Promise<Snapshot | undefined> {
  if (!lacksFinal(store, id) || store.isOpen(id)) return undefined;
  try {
    const session = store.open(id);
    try {
      return session.files.lacksFinal() ? await session.take("recovered") : undefined;
    } finally {
      session.close();
    }
  } catch (error) {
    // Somebody else is about it.
    if (error instanceof NonoError && error.code === "session-locked") return undefined;
    throw error;
  }
}

/** One that is damaged is not recovered; `list` and `verify` tell of it. */
function lacksFinal(store: SnapshotStore, id: string): boolean {
  try {
    return store.look(id).lacksFinal();
  } catch (error) {
    if (error instanceof NonoError && error.code === "store-damaged") return false;
    throw error;
  }
}
