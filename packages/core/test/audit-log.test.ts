// The audit log: what is recorded can be believed, and what was changed shows.

import { createHash } from "node:crypto";
import fs from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAudit } from "../src/audit/audit-store.ts";
import { cleanUpAudit } from "../src/audit/clean-up.ts";
import type { AuditEntry } from "../src/audit/line.ts";
import { followEvents, readEvents } from "../src/audit/read-log.ts";
import { type AuditVerification, verifyAudit } from "../src/audit/verify-audit.ts";
import { textOf } from "../src/text/bytes.ts";
import { auditPlace } from "./support/audit-place.ts";

const audit = auditPlace();

const event = (number: number): AuditEntry => ({ kind: "denied", data: { path: `/secret/${number}` } });
const end: AuditEntry = { kind: "end", data: { code: 0 } };
const { fileOf } = audit;
const problemsOf = ({ findings }: AuditVerification) => findings.map(({ problem }) => problem);

async function record(session: string, events = 3): Promise<void> {
  const log = await audit.store.begin(session, { command: ["true"] });
  for (let number = 0; number < events; number++) log.append(event(number));
  await log.finish(end);
}

/** As after a SIGKILL. */
async function interrupt(session: string, events = 3): Promise<void> {
  const log = await audit.store.begin(session, {});
  for (let number = 0; number < events; number++) log.append(event(number));
  log.close();
}

describe("a session", () => {
  it("is read as it was recorded, bytes that are not UTF-8 included", async () => {
    const argument = textOf(Buffer.from([0x61, 0xff, 0xed, 0xb2, 0x80]));
    const log = await audit.store.begin("s-1", { command: ["cat", argument] });
    log.append(event(1));
    await log.finish(end);
    const events = [...readEvents(fileOf("s-1"))];
    expect(events.map(({ kind, n }) => `${n} ${kind}`)).toEqual([
      "0 start",
      "1 checkpoint",
      "2 denied",
      "3 end",
      "4 checkpoint",
    ]);
    expect(events[0]?.data.command).toEqual(["cat", argument]);
    expect(problemsOf(await verifyAudit(audit.store))).toEqual([]);
  });

  it("ends behind what comes while its end is signed, and takes nothing more then", async () => {
    const log = await audit.store.begin("s-1", {});
    const ending = log.finish(end);
    log.append(event(1));
    await ending;
    expect(() => log.append(event(2))).toThrow(expect.objectContaining({ code: "audit-failed" }));
    const kinds = [...readEvents(fileOf("s-1"))].map(({ kind }) => kind);
    expect(kinds).toEqual(["start", "checkpoint", "denied", "end", "checkpoint"]);
    expect(problemsOf(await verifyAudit(audit.store))).toEqual([]);
  });

  it("comes after one with a smaller number in the same second, and is chained by when it began", async () => {
    const begun = ["20260801-210405-10000", "20260801-210405-9999"];
    for (const session of begun) await record(session);
    expect(audit.store.sessions()).toEqual(begun);
    expect(problemsOf(await verifyAudit(audit.store))).toEqual([]);
    for (const [number, session] of begun.entries())
      expect([...readEvents(fileOf(session))][0]?.data.link).toMatchObject({ number });
  });

  it("is for its owner only", async () => {
    await record("s-1");
    const modeOf = (file: string) => (fs.statSync(file).mode & 0o777).toString(8);
    expect([`${audit.directory}/sessions`, fileOf("s-1"), `${audit.directory}/head`].map(modeOf)).toEqual([
      "700",
      "600",
      "600",
    ]);
  });

  it("shows as running, ended or interrupted", async () => {
    await record("s-1");
    await interrupt("s-2");
    const log = await audit.store.begin("s-3", {});
    const { sessions, findings } = await verifyAudit(audit.store);
    expect(findings).toEqual([]);
    expect(sessions.map(({ session, state }) => `${session} ${state}`)).toEqual([
      "s-3 running",
      "s-2 interrupted",
      "s-1 ended",
    ]);
    await log.finish(end);
  });

  it("that was begun by a process that was killed at that moment has begun, or not at all", async () => {
    await record("s-1");
    await interrupt("s-2");
    fs.renameSync(fileOf("s-2"), `${audit.directory}/sessions/starting`);
    expect(await verifyAudit(audit.store)).toMatchObject({
      findings: [],
      sessions: [{ session: "s-2", state: "interrupted" }, { session: "s-1" }],
    });
    fs.writeFileSync(`${audit.directory}/sessions/starting`, "{");
    expect((await verifyAudit(audit.store)).sessions).toHaveLength(2);
  });

  it("is signed every so many events", async () => {
    const log = await audit.store.begin("s-1", {}, { pace: { events: 10, milliseconds: 60_000 } });
    for (let number = 0; number < 100; number++) log.append(event(number));
    log.close();
    const { sessions } = await verifyAudit(audit.store);
    expect(sessions[0]).toMatchObject({ checkpoints: 11, signed: 112 });
  });

  it("is signed after a while", async () => {
    const log = await audit.store.begin("s-1", {}, { pace: { events: 1000, milliseconds: 5 } });
    log.append(event(1));
    await expect
      .poll(() => [...readEvents(fileOf("s-1"))].at(-1))
      .toMatchObject({ kind: "checkpoint", n: 3 });
    await log.finish(end);
  });

  it("can be followed until it has ended", async () => {
    const log = await audit.store.begin("s-1", {});
    const kinds: string[] = [];
    const following = (async () => {
      for await (const { kind } of followEvents(fileOf("s-1"), () => audit.store.isOpen("s-1")))
        kinds.push(kind);
    })();
    await expect.poll(() => kinds).toEqual(["start", "checkpoint"]);
    log.append(event(1));
    await expect.poll(() => kinds).toHaveLength(3);
    await log.finish(end);
    await following;
    expect(kinds).toEqual(["start", "checkpoint", "denied", "end", "checkpoint"]);
  });
});

/** What can be done to the lines of a log. */
const aTampering = fc.oneof(
  fc.record({ does: fc.constantFrom("flip", "drop", "repeat", "insert"), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({
    does: fc.constantFrom("drop line", "repeat line", "swap lines", "cut"),
    at: fc.nat(),
    bit: fc.nat(7),
  }),
);

function tampered(bytes: Buffer, { does, at, bit }: { does: string; at: number; bit: number }): Buffer {
  const place = at % bytes.length;
  const lines = bytes.toString("latin1").split(/(?<=\n)/);
  const line = at % lines.length;
  const joined = (list: readonly string[]) => Buffer.from(list.join(""), "latin1");
  switch (does) {
    case "flip": {
      const copy = Buffer.from(bytes);
      copy[place] = (copy[place] as number) ^ (1 << bit);
      return copy;
    }
    case "drop":
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
    case "repeat":
      return Buffer.concat([bytes.subarray(0, place + 1), bytes.subarray(place)]);
    case "insert":
      return Buffer.concat([bytes.subarray(0, place), Buffer.from("x"), bytes.subarray(place)]);
    case "cut":
      return bytes.subarray(0, place);
    case "drop line":
      return joined(lines.toSpliced(line, 1));
    case "repeat line":
      return joined(lines.toSpliced(line, 0, lines[line] as string));
    default: {
      const other = (line + 1 + bit) % lines.length;
      const [one, two] = [lines[line] as string, lines[other] as string];
      return joined(lines.toSpliced(line, 1, two).toSpliced(other, 1, one));
    }
  }
}

describe("tampering", () => {
  it.each(["ended", "interrupted"])(
    "with a byte or a line of a session that has %s is found",
    async (how) => {
      await (how === "ended" ? record : interrupt)("s-1", 6);
      await record("s-2", 0);
      const bytes = fs.readFileSync(fileOf("s-1"));
      expect((await verifyAudit(audit.store)).findings).toEqual([]);
      await fc.assert(
        fc.asyncProperty(aTampering, async (tampering) => {
          const changed = tampered(bytes, tampering);
          fc.pre(!changed.equals(bytes));
          fs.writeFileSync(fileOf("s-1"), changed);
          expect((await verifyAudit(audit.store)).findings).not.toEqual([]);
        }),
        { numRuns: Number(process.env.NONO_TAMPERINGS ?? 150) },
      );
    },
  );

  it("that makes the chain anew is found by the signature", async () => {
    await record("s-1");
    let previous = "0".repeat(64);
    const lines = [...readEvents(fileOf("s-1"))].map(({ kind, data, n, at }) => {
      const changed = kind === "denied" ? { path: "/harmless" } : data;
      const line = JSON.stringify({ at, data: changed, kind, n, prev: previous });
      previous = createHash("sha256").update(Buffer.of(0)).update(line).digest("hex");
      return `${line}\n`;
    });
    fs.writeFileSync(fileOf("s-1"), lines.join(""));
    expect((await verifyAudit(audit.store)).findings).not.toEqual([]);
  });

  it.each([
    ["deleted", () => fs.rmSync(fileOf("s-2"))],
    ["deleted as the last one", () => fs.rmSync(fileOf("s-4"))],
    ["deleted as the first one", () => fs.rmSync(fileOf("s-1"))],
    ["emptied", () => fs.truncateSync(fileOf("s-2"), 0)],
    ["exchanged for another", () => fs.copyFileSync(fileOf("s-1"), fileOf("s-2"))],
    ["copied to another name", () => fs.copyFileSync(fileOf("s-1"), fileOf("s-9"))],
    [
      "cut short to its last checkpoint but one",
      () => {
        const lines = fs.readFileSync(fileOf("s-4"), "utf8").split("\n");
        fs.writeFileSync(fileOf("s-4"), `${lines.slice(0, -3).join("\n")}\n`);
      },
    ],
  ])("a session that was %s is found", async (_, act) => {
    for (const session of ["s-1", "s-2", "s-3", "s-4"]) await record(session);
    expect((await verifyAudit(audit.store)).findings).toEqual([]);
    act();
    expect((await verifyAudit(audit.store)).findings).not.toEqual([]);
  });

  it("a chain that was continued twice is found", async () => {
    await record("s-1");
    fs.cpSync(audit.directory, `${audit.directory}.fork`, { recursive: true });
    await record("s-2");
    const fork = openAudit(`${audit.directory}.fork`);
    await (await fork.begin("s-3", {})).finish(end);
    fs.copyFileSync(`${audit.directory}.fork/sessions/s-3.jsonl`, fileOf("s-3"));
    fs.rmSync(`${audit.directory}.fork`, { recursive: true });
    expect(problemsOf(await verifyAudit(audit.store)).join()).toMatch(/has the number 1, and so has session/);
  });

  it("a chain that was rolled back cannot be continued without a trace: its key is gone", async () => {
    await record("s-1");
    await record("s-2");
    const { seed } = JSON.parse(
      /\{.*\}/.exec(fs.readFileSync(`${audit.directory}/head`, "latin1"))?.[0] as string,
    );
    fs.rmSync(fileOf("s-2"));
    fs.rmSync(`${audit.directory}/head`);
    const log = await audit.store.begin("s-3", {});
    await log.finish(end);
    expect(seed).toMatch(/^[0-9a-f]{64}$/);
    expect(problemsOf(await verifyAudit(audit.store)).join()).toMatch(
      /is not signed by the key that session s-1 names/,
    );
  });
});

describe("keys", () => {
  it("are not kept: the seed of a session is not on the disk once it has begun", async () => {
    await record("s-1");
    const seedOf = () =>
      /"seed":"([0-9a-f]{64})"/.exec(fs.readFileSync(`${audit.directory}/head`, "latin1"))?.[1];
    const first = seedOf() as string;
    await record("s-2");
    expect(fs.readFileSync(`${audit.directory}/head`, "latin1")).not.toContain(first);
  });

  it("follow from the first one, which can be given", async () => {
    await record("s-1");
    const { firstKey } = await verifyAudit(audit.store);
    expect(firstKey).toMatch(/^nono-audit\/s-1\+[0-9a-f]{8}\+/);
    expect((await verifyAudit(audit.store, { firstKey: firstKey as string })).findings).toEqual([]);
    expect((await verifyAudit(audit.store, { firstKey: "other" })).findings).not.toEqual([]);
  });
});

describe("a damaged last line", () => {
  it.each(['{"at":"2026', "\0\0\0\0", '{"x":1}\n'])(
    "is set aside, and later sessions record on: %j",
    async (junk) => {
      await interrupt("s-1");
      fs.appendFileSync(fileOf("s-1"), junk);
      await record("s-2");
      const { sessions, findings } = await verifyAudit(audit.store);
      expect(sessions.map(({ state }) => state)).toEqual(["ended", "interrupted"]);
      expect(sessions[1]).toMatchObject(junk.endsWith("\n") ? { end: { size: 5 } } : { cutOff: junk.length });
      expect(findings.map(({ session }) => session)).toEqual(junk.endsWith("\n") ? ["s-1"] : []);
    },
  );
});

describe("sessions at the same time", () => {
  it("hold together in whatever order they end", async () => {
    const logs = await Promise.all(["s-1", "s-2", "s-3"].map((session) => audit.store.begin(session, {})));
    for (const log of [logs[1], logs[0]]) log?.finish(end);
    await record("s-4");
    logs[2]?.finish(end);
    await record("s-5");
    expect((await verifyAudit(audit.store)).findings).toEqual([]);
  });
});

describe("a cleanup", () => {
  const names = () => audit.store.sessions();

  it("leaves what can be verified, and keeps the newest", async () => {
    for (const session of ["s-1", "s-2", "s-3", "s-4"]) await record(session);
    const before = await verifyAudit(audit.store);
    expect(await cleanUpAudit(audit.store, "s-5", { keep: 2, dryRun: true })).toMatchObject({
      removed: ["s-1", "s-2"],
    });
    expect(names()).toHaveLength(4);
    const { removed, freed } = await cleanUpAudit(audit.store, "s-5", { keep: 2 });
    expect(removed).toEqual(["s-1", "s-2"]);
    expect(freed).toBeGreaterThan(1000);
    expect(names()).toEqual(["s-5", "s-4", "s-3"]);
    const after = await verifyAudit(audit.store);
    expect([after.findings, after.firstKey]).toEqual([[], before.firstKey]);
    await record("s-6");
    expect((await cleanUpAudit(audit.store, "s-7", {})).removed).toEqual(["s-3", "s-4", "s-6"]);
    expect(await verifyAudit(audit.store)).toMatchObject({ findings: [], firstKey: before.firstKey });
  });

  it("takes those that began before, and neither what runs nor what is damaged", async () => {
    await record("s-1");
    await interrupt("s-2");
    await record("s-3");
    fs.writeFileSync(fileOf("s-1"), fs.readFileSync(fileOf("s-1"), "utf8").replace("secret/1", "secret/9"));
    const running = await audit.store.begin("s-4", {});
    expect((await cleanUpAudit(audit.store, "s-5", { olderThan: Date.now() - 60_000 })).removed).toEqual([]);
    expect(await cleanUpAudit(audit.store, "s-5", { olderThan: Date.now() + 1000 })).toMatchObject({
      removed: ["s-2", "s-3"],
      damaged: ["s-1"],
      open: ["s-4"],
    });
    await running.finish(end);
    const { findings } = await verifyAudit(audit.store);
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map(({ session }) => session))).toEqual(new Set(["s-1"]));
  });

  it("does not hide that a record was deleted before it", async () => {
    for (const session of ["s-1", "s-2", "s-3"]) await record(session);
    fs.rmSync(fileOf("s-2"));
    await cleanUpAudit(audit.store, "s-4", {});
    expect((await verifyAudit(audit.store)).findings).not.toEqual([]);
  });

  it("cannot be forged: what says that a record was removed is signed", async () => {
    for (const session of ["s-1", "s-2"]) await record(session);
    await cleanUpAudit(audit.store, "s-3", { keep: 1 });
    const text = fs.readFileSync(fileOf("s-3"), "utf8");
    fs.rmSync(fileOf("s-2"));
    fs.writeFileSync(fileOf("s-3"), text.replace('"session":"s-1"', '"session":"s-2"'));
    expect((await verifyAudit(audit.store)).findings).not.toEqual([]);
  });
});

describe("anchors and proofs", () => {
  const checkpointOf = (session: string, place = -1) =>
    [...readEvents(fileOf(session))].filter(({ kind }) => kind === "checkpoint").at(place)?.data
      .note as string;

  it("hold while the log continues what was anchored", async () => {
    await record("s-1");
    const anchors = [checkpointOf("s-1", 0), checkpointOf("s-1")];
    expect((await verifyAudit(audit.store, { anchors })).findings).toEqual([]);
    fs.rmSync(audit.directory, { recursive: true });
    openAudit(audit.directory);
    await record("s-1");
    expect((await verifyAudit(audit.store)).findings).toEqual([]);
    expect((await verifyAudit(audit.store, { anchors })).anchors.map(({ holds }) => holds)).toEqual([
      false,
      false,
    ]);
  });

  it("say how far what was recorded is out of reach of who holds it", async () => {
    for (const session of ["s-1", "s-2"]) await record(session);
    const anchors = [checkpointOf("s-2", 0)];
    await record("s-3");
    const { sessions } = await verifyAudit(audit.store, { anchors });
    expect(sessions.map(({ session, anchored }) => `${session} ${anchored}`)).toEqual([
      "s-3 0",
      "s-2 1",
      "s-1 7",
    ]);
    expect((await verifyAudit(audit.store)).sessions.map(({ anchored }) => anchored)).toEqual([0, 0, 0]);
  });
});
