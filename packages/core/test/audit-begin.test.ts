// What is done while it is waited for the disk belongs to the beginning of a session.

import fs from "node:fs";
import { expect, it } from "vitest";
import { verifyAudit } from "../src/audit/verify-audit.ts";
import { auditPlace } from "./support/audit-place.ts";

const audit = auditPlace();

async function record(session: string, meanwhile?: () => Promise<void>): Promise<void> {
  const log = await audit.store.begin(session, {}, meanwhile === undefined ? {} : { meanwhile });
  await log.finish({ kind: "end", data: {} });
}

const isNamed = (session: string) => fs.existsSync(audit.fileOf(session));

it("has its name when what was done meanwhile is done", async () => {
  let wasNamed = true;
  await record("s-1", async () => {
    wasNamed = isNamed("s-1");
  });
  expect([wasNamed, isNamed("s-1")]).toEqual([false, true]);
});

it("never was where that failed", async () => {
  await record("s-1");
  const failing = async () => {
    throw new Error("not now");
  };
  await expect(record("s-2", failing)).rejects.toThrow("not now");
  expect(isNamed("s-2")).toBe(false);
  await record("s-3");
  const { findings, sessions } = await verifyAudit(audit.store);
  expect(findings).toEqual([]);
  expect(sessions.map(({ session }) => session)).toEqual(["s-3", "s-1"]);
});
