// What changed between two snapshots.

import { comparePaths, type Entries, sameContent, sameMode, sameState, sameTime } from "./compare.ts";
import type { Entry } from "./entry.ts";

/**
 * `modified`: another content. `type`: a file became a directory, and the like. `mode`: mode, owner or attributes. `link`: a
 * symbolic link says something else, or names stand for one file that did not, or no longer. `time`: nothing else.
 */
export type ChangeKind = "added" | "deleted" | "modified" | "type" | "mode" | "link" | "time";

export type Change = Readonly<{ path: string; kind: ChangeKind }> &
  Readonly<{ before: Entry | undefined; after: Entry | undefined }>;

/** In the order of a snapshot. */
export function diffEntries(before: Entries, after: Entries): Change[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  const changes = Array.from(paths, (path): Change | undefined => {
    const [old, now] = [before.get(path), after.get(path)];
    const kind = kindOfChange(old, now);
    return kind && { path, kind, before: old, after: now };
  }).filter((change) => change !== undefined);
  return changes.sort((a, b) => comparePaths(a.path, b.path));
}

function kindOfChange(old: Entry | undefined, now: Entry | undefined): ChangeKind | undefined {
  if (old === undefined) return now && "added";
  if (now === undefined) return "deleted";
  if (sameState(old, now, true)) return sameTime(old, now) ? undefined : "time";
  if (old.type !== now.type) return "type";
  if (old.type === "file" && now.type === "file" && !sameContent(old, now)) return "modified";
  return sameMode(old, now) ? "link" : "mode";
}
