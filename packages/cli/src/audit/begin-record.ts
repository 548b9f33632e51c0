// How the record of a run begins.

import type { Prepared } from "../sandbox/prepare.ts";
import { Recorder } from "./recorder.ts";
import { redactorOf } from "./redactor-of.ts";
import { startData } from "./start-data.ts";
import { openRecords, unreachable } from "./store.ts";

/**
 * @param state `$XDG_STATE_HOME/nono`
 * @param meanwhile done while it is waited for the disk
 * @throws CliError `audit-unreachable`; else as `AuditStore.begin`
 */
export async function beginRecord(
  state: string,
  sandbox: Prepared,
  uid: number,
  meanwhile: () => Promise<void>,
): Promise<Recorder> {
  try {
    const start = startData(sandbox, uid);
    const records = openRecords(state);
    return await Recorder.begin(records, sandbox.session.id, start, redactorOf(sandbox), meanwhile);
  } catch (error) {
    throw unreachable(state, error);
  }
}
