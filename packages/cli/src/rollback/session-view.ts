// A session as its snapshots tell it.

import {
  type Change,
  diffEntries,
  type Entry,
  type SessionFiles,
  type Snapshot,
  type SnapshotStore,
  type TrackedSession,
} from "nono-ts";
import { byPath } from "nono-ts/internal";

/** `killed`: without a final state, which could not be taken yet. */
export type SessionState = "running" | "ended" | "recovered" | "killed";

export type SessionView = Readonly<{
  id: string;
  state: SessionState;
  tracked: TrackedSession;
  snapshots: readonly Snapshot[];
  /** What the session left: of one that runs, its latest snapshot. */
  last: Snapshot;
}>;

/** @throws NonoError `session-unknown`, `store-damaged` */
export function viewSession(store: SnapshotStore, id: string): SessionView {
  const files = store.look(id);
  const snapshots = files.snapshots();
  const last = lastOfRun(snapshots);
  return { id, state: stateOf(store, files, last), tracked: files.read(), snapshots, last };
}

/** The state that the session itself left. */
function lastOfRun(snapshots: readonly Snapshot[]): Snapshot {
  const own = snapshots.filter(({ kind }) => kind !== "before-restore" && kind !== "restored");
  return own.at(-1) as Snapshot;
}

function stateOf(store: SnapshotStore, files: SessionFiles, { kind }: Snapshot): SessionState {
  if (kind === "final") return "ended";
  if (kind === "recovered") return "recovered";
  return store.isOpen(files.id) ? "running" : "killed";
}

/** `left`: all of the later snapshot; empty where nothing differs. */
export type Compared = Readonly<{ changes: readonly Change[]; left: readonly Entry[] }>;

/** What differs between two of its snapshots; times alone do not count. @throws NonoError `store-damaged`, … */
export function compareSnapshots(
  store: SnapshotStore,
  { id, snapshots }: Pick<SessionView, "id" | "snapshots">,
  from: number,
  to: number,
): Compared {
  const files = store.look(id);
  const root = (number: number) => snapshots.find((snapshot) => snapshot.number === number)?.merkleRoot;
  if (root(from) !== undefined && root(from) === root(to)) return { changes: [], left: [] };
  return compareEntries(files.entries(store.objects, from), files.entries(store.objects, to));
}

/** The same of what was read already. */
export function compareEntries(before: readonly Entry[], left: readonly Entry[]): Compared {
  const changes = diffEntries(byPath(before), byPath(left)).filter(({ kind }) => kind !== "time");
  return { changes, left };
}
