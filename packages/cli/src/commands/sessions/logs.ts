// nono logs: the events of a session as lines.

import { setTimeout as sleep } from "node:timers/promises";
import { type AuditEvent, type AuditStore, followEvents, readEvents } from "nono-ts";
import { showJson } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { eventDocument } from "../../audit/documents.ts";
import { findRecord, lookAtRecords, summaryOf } from "../../audit/store.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import type { Io } from "../../io.ts";
import { findSession } from "../../register/find.ts";
import { type RegisteredSession, sessionsIn } from "../../register/registry.ts";
import { lifeOf } from "../../register/supervisor-process.ts";
import { eventLine } from "../../ui/audit-event.ts";
import { say } from "../../ui/message.ts";
import { registerFor } from "./open.ts";
import type { LOGS_SECTIONS } from "./options.ts";

export const logs: Action<FlagsOf<typeof LOGS_SECTIONS>> = async (
  { follow, json },
  { operands: [named], io },
) => {
  const state = await registerFor(io);
  const store = lookAtRecords(state);
  const id = await recordOf(sessionsIn(state), store, named);
  const file = store.file(id);
  const write = writer(json, io);
  for await (const event of follow ? followEvents(file, () => store.isOpen(id)) : readEvents(file))
    if (!write(event)) return ExitCode.ok;
  if (follow && summaryOf(store, id)?.state === "interrupted") say(io, `${id} is over: interrupted`);
  return ExitCode.ok;
};

/** Milliseconds between looks for a record that is about to be. */
const LOOK = 50;

/**
 * The id of the session that has the record. One that was taken off the list is found by its id.
 *
 * @throws CliError as `findSession` and `findRecord`, and `session-unrecorded`
 */
async function recordOf(
  sessions: readonly RegisteredSession[],
  store: AuditStore,
  named: string | undefined,
): Promise<string> {
  const found = registered(sessions, named);
  if (found === undefined) return findRecord(store, named);
  const { session_id: id, features, supervisor } = found.record;
  if (!features.includes("audit")) throw new CliError({ code: "session-unrecorded", session: id });
  while (!store.sessions().includes(id)) {
    if (found.state !== "running" || lifeOf(supervisor) === "gone")
      throw new CliError({ code: "audit-missing", id });
    await sleep(LOOK);
  }
  return id;
}

function registered(
  sessions: readonly RegisteredSession[],
  named: string | undefined,
): RegisteredSession | undefined {
  try {
    return findSession(sessions, named);
  } catch (error) {
    if (error instanceof CliError && (error.code === "session-unknown" || error.code === "session-none"))
      return undefined;
    throw error;
  }
}

/** Gives false when nobody reads any more. */
function writer(json: boolean, io: Io): (event: AuditEvent) => boolean {
  return (event) => {
    if (event.kind === "checkpoint") return true;
    return io.stdout.write(`${json ? showJson(eventDocument(event)) : eventLine(event)}\n`);
  };
}
