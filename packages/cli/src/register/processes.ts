// What runs in a session's sandbox at this moment.

import { commandLineOf, descendantsOf } from "../session/process-identity.ts";
import type { RegisteredSession } from "./registry.ts";
import { lifeOf } from "./supervisor-process.ts";

/** What it was started as is its own word. */
export type SessionProcess = Readonly<{ pid: number; parent: number; command: readonly string[] }>;

/** Those below the guardian, parents before their children. None where their numbers are not counted here. */
export function processesOf({ record, state }: RegisteredSession): readonly SessionProcess[] {
  const { supervisor } = record;
  if (state !== "running" || lifeOf(supervisor) !== "lives") return [];
  return descendantsOf(supervisor.pid)
    .filter(({ parent }) => parent !== supervisor.pid)
    .map(({ pid, parent }) => ({ pid, parent, command: commandLineOf(pid) }));
}
