// Every system call of a session's record fails in turn, or is the last one before the process is killed: nothing that was
// promised is lost, what is left can be believed, and the next session records on. By default a sample of the calls;
// NONO_FAULTS=all takes each.

import { execFile, execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import { promisify } from "node:util";
import { afterAll, describe, expect } from "vitest";
import { openAudit } from "../src/audit/audit-store.ts";
import { readEvents } from "../src/audit/read-log.ts";
import { verifyAudit } from "../src/audit/verify-audit.ts";
import { itWhere } from "./support/requires.ts";
import { IN_MEMORY } from "./support/tree.ts";

const bun = new URL("../../../node_modules/bun/bin/bun.exe", import.meta.url).pathname;
const program = new URL("support/audit-step.ts", import.meta.url).pathname;
const canTrace = spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0;
const itTraced = itWhere(canTrace, "strace that may trace");

const CALLS = [
  "openat",
  "write",
  "pwrite64",
  "pread64",
  "fsync",
  "fdatasync",
  "rename",
  "ftruncate",
  "flock",
  "unlink",
];

const place = fs.mkdtempSync(`${IN_MEMORY}/nono-audit-faults-`);
const [directory, pristine] = [`${place}/here`, `${place}/pristine`];
afterAll(() => fs.rmSync(place, { recursive: true, force: true }));

async function prepare(): Promise<void> {
  const store = openAudit(`${directory}/audit`);
  await (await store.begin("s-1", {})).finish({ kind: "end", data: {} });
  const killed = await store.begin("s-2", {});
  killed.append({ kind: "denied", data: { path: "/earlier" } });
  killed.close();
  execFileSync("cp", ["-a", directory, pristine]);
}

function begin(): void {
  fs.rmSync(directory, { recursive: true, force: true });
  execFileSync("cp", ["-a", pristine, directory]);
}

/** What it was promised, however it ended. */
async function traced(...options: string[]): Promise<readonly string[]> {
  const run = promisify(execFile)("strace", [
    ...["-f", "-qq", "--seccomp-bpf", ...options, bun, "--conditions=source", program, directory],
  ]);
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return stdout.split("\n").filter((line) => line !== "");
}

type Call = Readonly<{ call: string; number: number }>;

async function callsOf(): Promise<readonly Call[]> {
  begin();
  const watched = `trace=${CALLS.join()},access,faccessat,faccessat2,stat,newfstatat,statx`;
  expect(await traced("-o", `${place}/log`, "-e", watched)).toContain("end");
  const lines = fs.readFileSync(`${place}/log`, "utf8").split("\n");
  const marker = lines.findIndex((line) => line.includes("/nono-begins-here"));
  expect(marker).toBeGreaterThan(0);
  const counts = new Map<string, number>();
  return lines.flatMap((line, index) => {
    const [, thread, call = ""] = /^([0-9]+) +([a-z0-9_]+)\(/.exec(line) ?? [];
    if (!CALLS.includes(call)) return [];
    // strace counts the calls of each thread apart.
    const key = `${thread} ${call}`;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    return index > marker ? [{ call, number }] : [];
  });
}

function sampled<T>(all: readonly T[], offset: number): T[] {
  const stride = process.env.NONO_FAULTS === "all" ? 1 : Math.ceil(all.length / 5);
  return all.filter((_, index) => index % stride === offset % stride);
}

async function expectKept(promised: readonly string[]): Promise<void> {
  const store = openAudit(`${directory}/audit`);
  const file = `${directory}/audit/sessions/s-3.jsonl`;
  await (await store.begin("s-4", {})).finish({ kind: "end", data: {} });
  const { findings, sessions } = await verifyAudit(store);
  expect(findings).toEqual([]);
  expect(sessions.map(({ session }) => session)).toEqual(
    promised.includes("start") ? ["s-4", "s-3", "s-2", "s-1"] : expect.arrayContaining(["s-4", "s-2", "s-1"]),
  );
  const events = fs.existsSync(file) ? [...readEvents(file)] : [];
  const told = events.map(({ kind, data }) => (typeof data.path === "string" ? data.path : kind));
  expect(told).toEqual(expect.arrayContaining([...promised]));
}

describe("a record", () => {
  itTraced(
    "keeps what it promised wherever it fails or ends, and the next session records on",
    async () => {
      await prepare();
      const calls = await callsOf();
      expect(calls.length).toBeGreaterThan(15);
      for (const [offset, fault] of ["error=EIO", "error=ENOSPC", "signal=SIGKILL"].entries())
        for (const { call, number } of sampled(calls, offset)) {
          begin();
          const promised = await traced(
            ...["-o", "/dev/null", "-e", `trace=${call}`, "-e", `inject=${call}:${fault}:when=${number}`],
          );
          await expectKept(promised).catch((error) => {
            throw new Error(`${call} ${number} ${fault}: ${error.message}`, { cause: error });
          });
        }
    },
    600_000,
  );
});
