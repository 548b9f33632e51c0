// Sessions that were at work in the same places at the same time. What is compared is trees, so that nobody can tell
// whose a change is: each of them has it in its list.

import { NonoError, type SnapshotStore } from "nono-ts";
import { treesMeet } from "./paths.ts";
import { type SessionView, viewSession } from "./session-view.ts";

/** Ids, oldest first; of sessions that keep snapshots, others are not known here. */
export function overlapsOf(store: SnapshotStore, view: SessionView): readonly string[] {
  const others = store.sessions().filter((id) => id !== view.id && overlaps(store, id, view));
  return others.reverse();
}

/** One that is damaged tells nothing. */
function overlaps(store: SnapshotStore, id: string, view: SessionView): boolean {
  try {
    const { roots, started } = store.look(id).read();
    if (started >= endOf(view) || !treesMeet(roots, view.tracked.roots)) return false;
    return store.look(id).numbers().length > 0 && endOf(viewSession(store, id)) > view.tracked.started;
  } catch (error) {
    if (error instanceof NonoError) return false;
    throw error;
  }
}

/** Milliseconds since 1970, of when what it left was captured. */
function endOf({ state, last }: SessionView): number {
  return state === "running" ? Number.POSITIVE_INFINITY : last.time;
}
