// A directory of its own with an empty audit log, for each test of a file.

import fs from "node:fs";
import { afterEach, beforeEach } from "vitest";
import { type AuditStore, openAudit } from "../../src/audit/audit-store.ts";
import { IN_MEMORY } from "./tree.ts";

export type AuditPlace = Readonly<{
  /** Of the test that runs. */
  directory: string;
  store: AuditStore;
  /** Of a session's log. */
  fileOf(session: string): string;
}>;

/** To be called once, outside of a test. */
export function auditPlace(): AuditPlace {
  let directory: string;
  let store: AuditStore;
  beforeEach(() => {
    directory = fs.mkdtempSync(`${IN_MEMORY}/nono-audit-`);
    store = openAudit(directory);
  });
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));
  return {
    get directory() {
      return directory;
    },
    get store() {
      return store;
    },
    fileOf: (session) => `${directory}/sessions/${session}.jsonl`,
  };
}
