// What `nono rollback list --json` and `show --json` write. A name here is API: never renamed.

import type { Change, Entry, Snapshot, Verification } from "nono-ts";
import type { RunsLater } from "./later/runs-later.ts";
import type { SessionView } from "./session-view.ts";

/** Numbers of changes by their kind. */
type ChangeCounts = Readonly<Record<Change["kind"], number>>;

function countsOf(changes: readonly Change[]): ChangeCounts {
  const counts = { added: 0, deleted: 0, modified: 0, type: 0, mode: 0, link: 0, time: 0 };
  for (const { kind } of changes) counts[kind] += 1;
  return counts;
}

export function sessionDocument({ id, state, tracked, snapshots }: SessionView, changes: readonly Change[]) {
  return {
    session_id: id,
    state,
    started: new Date(tracked.started).toISOString(),
    command: tracked.command ?? null,
    tracked_paths: tracked.roots,
    exclude: tracked.filter.exclude,
    include: tracked.filter.include,
    changes: countsOf(changes),
    snapshots: snapshots.map(snapshotDocument),
  };
}

/** Of one that cannot be read any more. */
export function damagedDocument(id: string, problem: string) {
  return { session_id: id, state: "damaged", problem };
}

function snapshotDocument(snapshot: Snapshot) {
  return {
    number: snapshot.number,
    kind: snapshot.kind,
    timestamp: new Date(snapshot.time).toISOString(),
    file_count: snapshot.fileCount,
    size: snapshot.size,
    merkle_root: snapshot.merkleRoot,
    not_captured: snapshot.uncaptured,
  };
}

/** @param later undefined: nothing runs it later, as far as is known */
export function changeDocument({ path, kind, before, after }: Change, later: RunsLater | undefined) {
  return {
    path,
    kind,
    before: entryDocument(before),
    after: entryDocument(after),
    runs_later: later === undefined ? null : { why: later.why, details: later.details },
  };
}

function entryDocument(entry: Entry | undefined) {
  if (entry === undefined) return null;
  return {
    type: entry.type,
    mode: entry.mode.toString(8).padStart(4, "0"),
    uid: entry.uid,
    gid: entry.gid,
    modified: new Date(Number(entry.modified / 1_000_000n)).toISOString(),
    ...(entry.type === "file"
      ? {
          size: entry.size,
          sha256: entry.content,
          // The digest is of the data alone then.
          holes: entry.stretches !== undefined,
          linked_to: entry.linkedTo ?? null,
        }
      : {}),
    ...(entry.type === "link" ? { target: entry.target } : {}),
    ...(entry.type === "unread" ? { reason: entry.reason } : {}),
  };
}

/** @param recorded how many roots the session's record has; undefined: there is no record */
export function verificationDocument(
  id: string,
  { snapshots, contents, damages }: Verification,
  recorded: number | undefined,
) {
  return {
    session_id: id,
    intact: damages.length === 0,
    snapshots,
    contents,
    recorded_roots: recorded ?? null,
    damages: damages.map(({ snapshot, problem }) => ({ snapshot: snapshot ?? null, problem })),
  };
}
