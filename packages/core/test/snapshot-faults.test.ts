// Every system call of a snapshot, a restore and a cleanup fails in turn, or is the last one before the process is
// killed. By default a sample of them; NONO_FAULTS=all takes each.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { afterAll, describe, expect } from "vitest";
import { loadAddon } from "../src/native/locate.ts";
import { cleanUp } from "../src/snapshot/cleanup.ts";
import { applyRestore, prepareRestore } from "../src/snapshot/restore.ts";
import type { SnapshotSession } from "../src/snapshot/snapshot-session.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import { verifySession } from "../src/snapshot/verify.ts";
import {
  type Call,
  callsOf,
  FAULTS,
  type Fault,
  isThorough,
  itTraced,
  type Outcome,
  sampled,
  withFault,
} from "./support/faults.ts";
import { accountOf } from "./support/random-tree.ts";
import { IN_MEMORY } from "./support/tree.ts";

const program = new URL("support/snapshot-step.ts", import.meta.url).pathname;
const place = fs.mkdtempSync(`${IN_MEMORY}/nono-faults-`);
const [directory, pristine, work] = [`${place}/here`, `${place}/pristine`, `${place}/here/work`];
afterAll(() => fs.rmSync(place, { recursive: true, force: true }));

const everything = { exclude: [], include: [] };
const contents = (name: string) =>
  fs.existsSync(`${work}/${name}`) && fs.readFileSync(`${work}/${name}`, "utf8");

function setAttribute(name: string, value: string): void {
  const file = fs.openSync(`${work}/${name}`, "r+");
  loadAddon().setAttribute(file, Buffer.from("user.note"), Buffer.from(value));
  fs.closeSync(file);
}

function writeSparse(name: string, text: string): void {
  const file = fs.openSync(`${work}/${name}`, "w");
  fs.writeSync(file, text, 70_000);
  fs.ftruncateSync(file, 300_000);
  fs.closeSync(file);
}

function plant(): void {
  fs.mkdirSync(`${work}/d/e`, { recursive: true });
  for (const name of ["changed", "removed", "noted", "d/e/deep"])
    fs.writeFileSync(`${work}/${name}`, `old ${name}`);
  fs.symlinkSync("changed", `${work}/link`);
  fs.linkSync(`${work}/changed`, `${work}/same`);
  setAttribute("noted", "old");
  writeSparse("sparse", "old");
  fs.writeFileSync(`${work}/large`, randomBytes((1 << 20) + 1));
}

/** An agent changes, removes, adds and replaces something of every kind. */
function disturb(): void {
  fs.writeFileSync(`${work}/changed`, "new changed");
  for (const name of ["removed", "link"]) fs.rmSync(`${work}/${name}`);
  fs.rmSync(`${work}/d`, { recursive: true });
  fs.writeFileSync(`${work}/d`, "now a file");
  fs.mkdirSync(`${work}/added`);
  fs.writeFileSync(`${work}/added/file`, "new");
  setAttribute("noted", "new");
  writeSparse("sparse", "new");
  fs.writeFileSync(`${work}/large`, randomBytes((1 << 20) + 2));
}

/** Accounts of the tree at the baseline of the last session, and of what the agent left. */
type Accounts = Readonly<{ before: readonly string[]; after: readonly string[] }>;

/** Three sessions; in the last one an agent was at work. */
async function prepare(step: string): Promise<Accounts> {
  fs.rmSync(place, { recursive: true, force: true });
  fs.mkdirSync(work, { recursive: true });
  plant();
  const store = openSnapshots(`${directory}/store`);
  for (const id of ["s-0", "s-1", "s-2"]) {
    fs.writeFileSync(`${work}/own`, id);
    const session = store.create(id, [work], everything);
    await session.take("baseline");
    session.close();
  }
  const before = accountOf(work);
  disturb();
  if (step === "restore") {
    const session = store.open("s-2");
    await session.take("final");
    session.close();
  }
  store.close();
  execFileSync("cp", ["-a", directory, pristine]);
  return { before, after: accountOf(work) };
}

function begin(): void {
  fs.rmSync(directory, { recursive: true, force: true });
  execFileSync("cp", ["-a", pristine, directory]);
}

/** Whatever was left: every session is there or was to go, and every snapshot is whole. */
function expectWhole(step: string): void {
  const store = openSnapshots(`${directory}/store`);
  const sessions = store.sessions();
  if (step === "cleanup") expect(sessions).toContain("s-2");
  else expect(sessions).toEqual(["s-2", "s-1", "s-0"]);
  for (const id of sessions) expect(verifySession(store.objects, store.look(id)).damages).toEqual([]);
  store.close();
}

async function restoreTo(session: SnapshotSession, to: number): Promise<void> {
  const { conflicts } = await applyRestore(session, await prepareRestore(session, { to }));
  expect(conflicts).toEqual([]);
}

/** What was said to be done is done; nothing ends in silence. */
async function expectTruth(
  step: string,
  { code, told, complaint }: Outcome,
  accounts: Accounts,
): Promise<void> {
  if (code !== 0) {
    if (code !== null) expect(complaint).toMatch(/\bE[A-Z]+\b|error/);
    return;
  }
  const said = JSON.parse(told);
  if (step === "cleanup") expect(said).toMatchObject({ removed: ["s-0", "s-1"], open: [] });
  if (step === "restore" && said.conflicts.length === 0) expect(accountOf(work)).toEqual(accounts.before);
  if (step === "snapshot" && said.uncaptured.length === 0) await expectHolds(said.number, accounts.after);
}

/** Takes the tree away, and brings it back from the snapshot. */
async function expectHolds(number: number, account: readonly string[]): Promise<void> {
  const store = openSnapshots(`${directory}/store`);
  const session = store.open("s-2");
  fs.rmSync(work, { recursive: true });
  await session.take("final");
  await restoreTo(session, number);
  expect(accountOf(work)).toEqual(account);
  session.close();
  store.close();
}

/** The step once more, with nothing in its way. */
async function finish(step: string, { before, after }: Accounts): Promise<void> {
  const store = openSnapshots(`${directory}/store`);
  if (step === "cleanup") {
    await cleanUp(store, { keep: 1 });
    expect(store.sessions()).toEqual(["s-2"]);
    expect(fs.readdirSync(`${directory}/store/packs`).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  } else {
    const session = store.open("s-2");
    if (step === "snapshot") {
      const { number } = await session.take("final");
      session.close();
      await expectHolds(number, after);
    } else {
      for (const name of ["changed", "same"])
        expect(["old changed", "new changed"]).toContain(contents(name));
      expect([false, "old removed"]).toContain(contents("removed"));
      await restoreTo(session, 0);
      expect(accountOf(work)).toEqual(before);
      session.close();
    }
  }
  store.close();
}

async function attempt(step: string, call: Call, fault: Fault, accounts: Accounts): Promise<void> {
  begin();
  const outcome = await withFault(program, [step, directory], call, fault);
  expectWhole(step);
  await expectTruth(step, outcome, accounts);
  await finish(step, accounts);
}

describe.each(["snapshot", "restore", "cleanup"])("a %s", (step) => {
  itTraced(
    "leaves whole snapshots wherever it fails or ends, says so, and can be done again",
    async () => {
      const accounts = await prepare(step);
      begin();
      const calls = await callsOf(program, [step, directory], `${place}/log`);
      expect(calls.length).toBeGreaterThan(80);
      if (isThorough) process.stderr.write(`${step}: ${calls.length} system calls\n`);
      const failures: string[] = [];
      for (const fault of FAULTS)
        for (const call of sampled(calls, fault, 6))
          await attempt(step, call, fault, accounts).catch((error: Error) => {
            failures.push(`${call.call} ${call.number}, ${fault}: ${error.stack}`);
          });
      expect(failures).toEqual([]);
    },
    isThorough ? 7_200_000 : 600_000,
  );
});
