// Removing old logs. What is left can be verified all the same: their ends and keys are recorded first, in a log of its own,
// which stays.

import { closeSync, constants, fsyncSync, openSync, rmSync, statSync } from "node:fs";
import { fileName } from "../text/bytes.ts";
import { compareSessions } from "../text/session-order.ts";
import type { AuditStore } from "./audit-store.ts";
import { checkLog } from "./check-log.ts";
import { logFile } from "./layout.ts";
import type { AuditEvent } from "./line.ts";
import { readEvents } from "./read-log.ts";
import { CLEANUP, REMOVED, type Removed, removedData, removedOf } from "./removed.ts";

export type AuditCleanupOptions = Readonly<{
  /** The newest of all stay. */
  keep?: number | undefined;
  /** Those that began before stay away, in milliseconds since 1970; absent: all others. */
  olderThan?: number | undefined;
  /** Those that somebody still needs. */
  inUse?: readonly string[];
  dryRun?: boolean;
}>;

export type AuditCleanup = Readonly<{
  /** Oldest first. */
  removed: readonly string[];
  /** Would go, but somebody records or needs them, or they are not as they were written. */
  open: readonly string[];
  damaged: readonly string[];
  /** Bytes. */
  freed: number;
}>;

/** How many stand in one event. */
const EACH = 200;

/**
 * @param session the name of the log that says what went
 * @throws as `AuditStore.begin` and `SessionLog.append`; nothing is removed then
 */
export async function cleanUpAudit(
  store: AuditStore,
  session: string,
  options: AuditCleanupOptions,
): Promise<AuditCleanup> {
  const survey = await store.survey();
  const chosen = chosenOf(store, survey.sessions, options);
  const needed = new Set([...survey.open, ...(options.inUse ?? [])]);
  const open = chosen.filter((one) => needed.has(one));
  const closed = chosen.filter((one) => !needed.has(one));
  const reports = closed.map((one) => checkLog(store.file(one), one));
  const sound = reports.flatMap((report) => (report.problems.length > 0 ? [] : (removedOf(report) ?? [])));
  const removed = sound.map(({ session }) => session);
  const damaged = closed.filter((one) => !removed.includes(one));
  const freed = removed.reduce((sum, one) => sum + statSync(fileName(store.file(one))).size, 0);
  if (removed.length > 0 && options.dryRun !== true) await remove(store, session, sound);
  return { removed, open, damaged, freed };
}

/** Oldest first. Those that say what went never go themselves. */
function chosenOf(
  store: AuditStore,
  sessions: readonly string[],
  { keep = 0, olderThan = Number.POSITIVE_INFINITY }: AuditCleanupOptions,
): readonly string[] {
  const known = sessions.map((session) => ({ session, first: firstOf(store, session) }));
  return known
    .filter(({ first }) => first?.data.purpose !== CLEANUP)
    .sort(
      (one, other) => timeOf(other.first) - timeOf(one.first) || compareSessions(other.session, one.session),
    )
    .slice(keep)
    .filter(({ first }) => timeOf(first) < olderThan)
    .map(({ session }) => session)
    .reverse();
}

function firstOf(store: AuditStore, session: string): AuditEvent | undefined {
  const [first] = readEvents(store.file(session));
  return first;
}

function timeOf(first: AuditEvent | undefined): number {
  return first === undefined ? 0 : Date.parse(first.at);
}

async function remove(store: AuditStore, session: string, sound: readonly Removed[]): Promise<void> {
  const log = await store.begin(session, { purpose: CLEANUP });
  try {
    for (let at = 0; at < sound.length; at += EACH)
      await log.commit({ kind: REMOVED, data: removedData(sound.slice(at, at + EACH)) });
    for (const one of sound) rmSync(fileName(logFile(store.layout, one.session)), { force: true });
    syncDirectory(store.layout.sessions);
    await log.finish({ kind: "end", data: {} });
  } finally {
    log.close();
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(fileName(directory), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
