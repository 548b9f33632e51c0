// Restores go into the record, before they are made and when they are.

import type { AuditStore, PreparedRestore, Restored } from "nono-ts";
import { RestoreRecord } from "../../audit/restore-record.ts";
import type { Io } from "../../io.ts";
import { type Restoration, type RestoreWish, stepsOf } from "../../rollback/restoration.ts";
import { newSessionId } from "../../session/new-session-id.ts";
import { reasonOf } from "../../ui/message.ts";
import { recordsFor } from "../audit/open.ts";

/** Of what was picked rather than named, so many paths are recorded. */
const PATHS_MAX = 1000;

/**
 * That it cannot be recorded keeps nobody from taking back what happened.
 *
 * @param unrecorded is told why it could not
 * @throws as `applyRestore` does
 */
export async function applyRecorded(
  restoration: Restoration,
  wish: RestoreWish,
  prepared: PreparedRestore,
  io: Io,
  unrecorded: (error: unknown) => void,
): Promise<Restored> {
  const record = await beginRecord(wish, prepared, io).catch(unrecorded);
  try {
    const result = await restoration.apply(prepared);
    try {
      await record?.done(result);
    } catch (error) {
      unrecorded(error);
    }
    return result;
  } finally {
    record?.close();
  }
}

export function unrecordedText(error: unknown): string {
  return `this restore is not recorded: ${reasonOf(error)}`;
}

/** @returns undefined where the session has no record, or nothing is to be done */
async function beginRecord(
  { id, to, paths, force }: RestoreWish,
  { plan: { actions } }: PreparedRestore,
  io: Io,
): Promise<RestoreRecord | undefined> {
  const records = recordsFor(io);
  if (actions.length === 0 || !records.sessions().includes(id)) return undefined;
  const named =
    typeof paths === "function"
      ? stepsOf(actions)
          .slice(0, PATHS_MAX)
          .map(({ path }) => path)
      : paths;
  const start = { restored: id, to, paths: named, force, uid: io.uid };
  return RestoreRecord.begin(records, freeId(records, io.pid), start, actions);
}

/** Several restores of one review, or one at the end of a short run, may fall into the same second. */
function freeId(records: AuditStore, pid: number): string {
  const taken = new Set(records.sessions());
  for (let time = Date.now(); ; time += 1000) {
    const id = newSessionId(new Date(time), pid);
    if (!taken.has(id)) return id;
  }
}
