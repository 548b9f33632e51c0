// The Merkle roots of a session's snapshots, as its record has them: kept elsewhere than the snapshots.

import { type AuditStore, readEvents } from "nono-ts";
import type { SessionData } from "./event.ts";

/** By number; undefined where the session has no record, or none that can be read. */
export function recordedRoots(store: AuditStore, session: string): ReadonlyMap<number, string> | undefined {
  if (!store.sessions().includes(session)) return undefined;
  const roots = new Map<number, string>();
  for (const { kind, data } of readEvents(store.file(session))) {
    if (kind !== "snapshot") continue;
    const { number, merkle_root } = data as unknown as SessionData["snapshot"];
    roots.set(number, merkle_root);
  }
  return roots;
}
