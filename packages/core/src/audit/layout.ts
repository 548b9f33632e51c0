// Where everything lies below the directory of the audit log.

import { mkdirSync } from "node:fs";
import { NonoError } from "../error.ts";
import { fileName } from "../text/bytes.ts";

export type AuditLayout = Readonly<{
  directory: string;
  /** The logs, `ID.jsonl` each. */
  sessions: string;
  /** The seed of the next session, and what it has to name. */
  head: string;
  /** Held while a session begins or ends. */
  lock: string;
  /** A log that has not begun yet. */
  starting: string;
}>;

/** Makes what is missing. @throws the file system's own error */
export function layOutAudit(directory: string): AuditLayout {
  const layout = auditLayout(directory);
  mkdirSync(fileName(layout.sessions), { recursive: true, mode: 0o700 });
  return layout;
}

export function auditLayout(directory: string): AuditLayout {
  return {
    directory,
    sessions: `${directory}/sessions`,
    head: `${directory}/head`,
    lock: `${directory}/lock`,
    starting: `${directory}/sessions/starting`,
  };
}

/** @throws NonoError `audit-unknown` for what is no name of a session */
export function logFile(layout: AuditLayout, session: string): string {
  if (!isLogName(session)) throw new NonoError({ code: "audit-unknown", session });
  return `${layout.sessions}/${session}.jsonl`;
}

export function isLogName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(text);
}
