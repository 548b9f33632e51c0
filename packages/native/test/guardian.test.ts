// The guardian against the real ends of a session: its own files see test/guard.c for the rest.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, expect, it, vi } from "vitest";
import { ADDON, LAUNCHER, outcomeOf } from "./support/native.ts";
import { encode, PlanFlag } from "./support/plan.ts";
import { makeTree } from "./support/tree.ts";

const GUARD = PlanFlag.guard | PlanFlag.deathSignal;
const isAlive = (pid: string) => existsSync(`/proc/${pid}`);

/** Prints the pid of a daemon that has left its session and parent, and its own. */
const WITH_DAEMON = "(setsid sh -c 'echo $$; exec sleep 1000' & ) ; sleep 1000 & echo $!; wait";

describe("a guardian", () => {
  it("tells start and end, and gives the exit code", async () => {
    const { code, records } = await outcomeOf({
      flags: GUARD,
      path: "/bin/sh",
      argv: ["sh", "-c", "exit 7"],
    });
    expect({ code, records }).toEqual({
      code: 7,
      records: [{ started: expect.any(Number) }, { exited: 7 << 8 }],
    });
  });

  it("tells that nothing was executed, and no start", async () => {
    expect(await outcomeOf({ flags: GUARD, path: "/nowhere" })).toMatchObject({
      code: 127,
      records: [{ failed: 21, index: 0 }],
    });
  });

  it("has ended the daemons of a command before it tells the end", async () => {
    const script = "setsid sleep 1000 >/dev/null 2>&1 & echo $!";
    const { stdout } = await outcomeOf({
      flags: GUARD,
      path: "/bin/sh",
      argv: ["sh", "-c", script],
      environment: ["PATH=/usr/bin:/bin"],
    });
    expect(stdout).toMatch(/^\d+\n$/);
    expect(isAlive(stdout.trim())).toBe(false);
  });

  // The whole of it: a parent that starts the launcher and is killed, which it can neither catch nor tell.
  it.each(["guarded", "control"])("ends the tree when its parent is killed (%s)", async (kind) => {
    using tree = makeTree({});
    const flags = kind === "guarded" ? GUARD : 0;
    const plan = {
      flags,
      path: "/bin/sh",
      argv: ["sh", "-c", WITH_DAEMON],
      environment: ["PATH=/usr/bin:/bin"],
    };
    writeFileSync(tree.at("plan"), encode(plan));
    writeFileSync(
      tree.at("parent.cjs"),
      `const { spawn } = require("node:child_process"); const fs = require("node:fs");
       const addon = require(${JSON.stringify(ADDON)});
       const status = addon.pipe();
       const file = addon.memfd("plan", fs.readFileSync(${JSON.stringify(tree.at("plan"))}));
       spawn(${JSON.stringify(LAUNCHER)}, ["3", "4"], { stdio: ["ignore", "inherit", "inherit", file, status.write] });
       fs.closeSync(status.write);`,
    );
    const parent = spawn(process.execPath, [tree.at("parent.cjs")], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
    const pids: string[] = [(await lines.next()).value, (await lines.next()).value];
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    if (kind === "guarded") {
      await vi.waitUntil(() => !pids.some(isAlive), { timeout: 50_000 });
    } else {
      expect(pids.map(isAlive)).toEqual([true, true]);
      for (const pid of pids) process.kill(Number(pid), "SIGKILL");
    }
  });
});
