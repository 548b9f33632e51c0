// The id of a session that begins now, in this process.

import { isInitialNamespace } from "./process-identity.ts";
import { sessionId, sessionNumber } from "./session-id.ts";

export function newSessionId(now: Date, pid: number): string {
  return sessionId(now, sessionNumber(pid, isInitialNamespace()));
}
