// What the kernel lets a process do to any other of its user, and no rule of Landlock covers.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { confine, unconfined } from "./support/confine.ts";
import { compileC, type Supervised, supervised, told } from "./support/supervised.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

/** Of this process alone, however many run at once. */
const KEY = String(0x6000_0000 + process.pid);
const OWN_KEY = String(0x6800_0000 + process.pid);

let tools: TestTree;
let ipc: string;
beforeAll(async () => {
  tools = await makeTree();
  chmodSync(tools.root, 0o755);
  ipc = compileC("ipc.c", tools.at("ipc"));
});
afterAll(() => tools[Symbol.asyncDispose]());

const SANDBOXES = {
  "with a supervisor": () => supervised({ read: [tools.root] }),
  "without a supervisor": () => confine({ read: [tools.root] }),
};

describe.each(Object.entries(SANDBOXES))("%s", (_, box) => {
  it("System V objects made outside are out of reach, by key, number and place", async () => {
    const made = execFileSync(ipc, ["make", KEY], { encoding: "utf8" }).trim().split(" ");
    const outcome = await box().run(ipc, "take", KEY, ...made);
    expect(outcome).toMatchObject({ code: 0, stdout: "" });
    if ("events" in outcome)
      expect(new Set(told(outcome.events as Supervised["events"]))).toEqual(
        new Set(["denied share memory", "denied share queue", "denied share semaphores"]),
      );
    const control = await unconfined(ipc, "take", KEY, ...made);
    execFileSync("sh", ["-c", `${ipc} remove ${made.join(" ")} || true`]);
    expect(control.stdout.split("\n")).toEqual([
      "memory by key",
      "memory",
      "what memory there is",
      "queue by key",
      "queue",
      "semaphore by key",
      "semaphore",
      "removed",
      "",
    ]);
  });

  it("POSIX queues cannot be removed", async () => {
    expect(await box().run(ipc, "queue", "/nono-test-missing")).toMatchObject({ stdout: "38\n" }); // ENOSYS
    expect(await unconfined(ipc, "queue", "/nono-test-missing")).toMatchObject({ stdout: "2\n" }); // control
  });

  it("the user's processes as a whole are not slowed", async () => {
    expect((await box().run(ipc, "slow", "0")).stdout).not.toContain("of the user");
  });
});

it("System V objects of the sandbox's own work, as without one", async () => {
  expect(await supervised({ read: [tools.root] }).run(ipc, "own", OWN_KEY)).toMatchObject({
    code: 0,
    stdout: "",
  });
  expect(await unconfined(ipc, "own", OWN_KEY)).toMatchObject({ code: 0, stdout: "" });
});

it("one sandbox's objects are not another's, though one supervisor's process made both", async () => {
  const made = (await supervised({ read: [tools.root] }).run(ipc, "make", OWN_KEY)).stdout.trim().split(" ");
  expect(await supervised({ read: [tools.root] }).run(ipc, "take", OWN_KEY, ...made)).toMatchObject({
    stdout: "",
  });
  execFileSync(ipc, ["remove", ...made]);
});

const ALL = "setpriority\nioprio_set\nsched_setscheduler\nsched_setaffinity\n";

describe("priorities and processors", () => {
  let victim: ChildProcess;
  beforeEach(() => {
    victim = spawn("sleep", ["600"]);
  });
  afterEach(async () => {
    victim.kill("SIGKILL");
    if (victim.exitCode === null && victim.signalCode === null) await once(victim, "exit");
  });

  it("of processes outside stay as they are", async () => {
    const box = supervised({ read: [tools.root] });
    for (const process of [victim.pid, globalThis.process.pid]) {
      const outcome = await box.run(ipc, "slow", String(process));
      expect(outcome).toMatchObject({ code: 0, stdout: "" });
      const one = `denied schedule ${process}`;
      expect(told(outcome.events)).toEqual([one, one, one, one, "denied schedule many"]);
    }
    expect((await unconfined(ipc, "slow", String(victim.pid))).stdout).toContain(ALL); // control
  });

  it("of the sandbox's own can be set: of itself, a sibling, and a thread", async () => {
    const box = supervised({ read: [tools.root] });
    const script = `sleep 600 & ${ipc} slow $!; ${ipc} slow $$; kill $!; renice -n 6 $$ >/dev/null && echo fine`;
    expect(await box.run("sh", "-c", script)).toMatchObject({ stdout: `${ALL}${ALL}fine\n` });
  });

  it("are set as the kernel sets them, by the supervisor: a number may be another process's a moment later", async () => {
    const script = `sleep 600 & ${ipc} set $!; echo $?; kill $!`;
    const outcome = await supervised({ read: [tools.root] }).run("sh", "-c", script);
    expect(outcome.stdout).toBe("0\n");
    expect(outcome.counts.performed).toBeGreaterThanOrEqual(7);
    expect((await unconfined("sh", "-c", script)).stdout).toBe("0\n"); // control
  });

  it("limits as well", async () => {
    const box = supervised({ read: [tools.root] });
    const script =
      "sleep 600 & prlimit --pid $! --nofile=50:60 && grep -c 'open files *50 *60 ' /proc/$!/limits; kill $!";
    expect(await box.run("sh", "-c", script)).toMatchObject({ stdout: "1\n" });
    expect(await box.run("prlimit", "--pid", String(victim.pid), "--nofile=50:60")).toMatchObject({
      code: 1,
    });
  });
});
