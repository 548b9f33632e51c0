// A restore is recorded, too: in a log of its own, since that of the session has ended.

import {
  type AuditEvent,
  type AuditStore,
  type JsonObject,
  readEvents,
  readTail,
  type SessionLog,
} from "nono-ts";
import { stepsOf } from "../rollback/restoration.ts";

type Steps = Parameters<typeof stepsOf>[0];

const PURPOSE = "restore";

/** Of what is longer the beginning is recorded. */
const STEPS_MAX = 10_000;

export type RestoreStart = Readonly<{
  /** The session that is taken back. */
  restored: string;
  /** Number of a snapshot. */
  to: number;
  /** Absent: all that changed. */
  paths?: readonly string[] | undefined;
  force: boolean;
  uid: number;
}>;

/** As `nono audit show` has it. */
export type RecordedRestore = Readonly<{
  session_id: string;
  at: string;
  to: number;
  paths: readonly string[] | null;
  force: boolean;
  uid: number;
  /** null: it was interrupted, or failed. */
  steps: readonly JsonObject[] | null;
  conflicts: number | null;
}>;

export class RestoreRecord {
  readonly #log: SessionLog;

  private constructor(log: SessionLog) {
    this.#log = log;
  }

  /** To be closed. What is to be done is on the disk when it resolves. @throws as `AuditStore.begin` */
  static async begin(
    store: AuditStore,
    session: string,
    start: RestoreStart,
    planned: Steps,
  ): Promise<RestoreRecord> {
    return new RestoreRecord(
      await store.begin(session, { purpose: PURPOSE, ...start, ...stepsData(planned) }),
    );
  }

  /** @throws NonoError `audit-failed` */
  async done({ done, conflicts }: Readonly<{ done: Steps; conflicts: readonly unknown[] }>): Promise<void> {
    this.#log.append({ kind: "restored", data: { ...stepsData(done), conflicts: conflicts.length } });
    await this.#log.finish({ kind: "end", data: {} });
  }

  close(): void {
    this.#log.close();
  }
}

function stepsData(actions: Steps): JsonObject {
  const steps = stepsOf(actions);
  return { steps: steps.slice(0, STEPS_MAX), further_steps: Math.max(0, steps.length - STEPS_MAX) };
}

/** Oldest first. */
export function restoresOf(store: AuditStore, id: string): readonly RecordedRestore[] {
  return store
    .sessions()
    .flatMap((session) => {
      const [start] = readEvents(store.file(session));
      const fits = start?.data.purpose === PURPOSE && start.data.restored === id;
      return fits ? [restoreOf(session, start, readTail(store.file(session), 1 << 20))] : [];
    })
    .reverse();
}

function restoreOf(session: string, start: AuditEvent, tail: readonly AuditEvent[]): RecordedRestore {
  const { to, paths, force, uid } = start.data as unknown as RestoreStart;
  const done = tail.find(({ kind }) => kind === "restored")?.data as
    | Readonly<{ steps: readonly JsonObject[]; conflicts: number }>
    | undefined;
  return {
    session_id: session,
    at: start.at,
    to,
    paths: paths ?? null,
    force,
    uid,
    steps: done?.steps ?? null,
    conflicts: done?.conflicts ?? null,
  };
}
