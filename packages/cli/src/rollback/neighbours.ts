// Sessions that run and may write where another one is to be restored.

import type { SnapshotStore } from "nono-ts";
import { treesMeet } from "./paths.ts";

/** Ids; of sessions that keep snapshots, others are not known here. */
export function neighboursOf(store: SnapshotStore, id: string, roots: readonly string[]): readonly string[] {
  return store.sessions().filter((other) => {
    if (other === id || !store.isOpen(other)) return false;
    return treesMeet(store.look(other).read().roots, roots);
  });
}
