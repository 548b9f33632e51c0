// Refusals that have no path: what a program tries on processes outside stands in the report and in the record, and no flood of
// it fills either.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { compileC } from "../../core/test/support/supervised.ts";
import { makeWorld, type World } from "./support/world.ts";

type Denied = { subject: Record<string, unknown>; operations: string[]; count: number; change: null };
type Recorded = { kind: string; operation: string; object?: string; other?: { pid: number } };

async function outside() {
  const child = spawn("sleep", ["600"], { detached: true });
  await once(child, "spawn");
  return {
    pid: String(child.pid),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

function report(world: World): readonly Denied[] {
  return (JSON.parse(world.read("report.json")) as { denials: Denied[] }).denials;
}

async function recorded(world: World): Promise<readonly Recorded[]> {
  const { stdout } = await world.nono("audit", "show", "--json");
  return (JSON.parse(stdout) as { events: Recorded[] }).events;
}

/** Of this process alone, however many run at once. */
const KEY = String(0x7000_0000 + process.pid);

describe("what a program tries on processes outside", () => {
  it("is reported and recorded: signals, priorities, limits and shared objects", async () => {
    await using world = await makeWorld();
    await using victim = await outside();
    const ipc = compileC("ipc.c", world.at("project/ipc"));
    const made = execFileSync(ipc, ["make", KEY], { encoding: "utf8" }).trim().split(" ");
    const script = `kill -0 ${victim.pid}; kill -9 ${victim.pid}; renice -n 9 ${victim.pid}; prlimit --pid ${victim.pid} --cpu=0;
      ./ipc slow 0; ./ipc take ${KEY} ${made.join(" ")}; kill -0 $$ && renice -n 1 $$; true`;
    const options = ["--allow-cwd", "--diagnostics-json", world.at("report.json")];
    const { stderr } = await world.nono("run", ...options, "--", "sh", "-c", script);
    execFileSync("sh", ["-c", `${ipc} remove ${made.join(" ")} || true`]);

    expect(report(world).map(({ subject, operations, change }) => [subject, operations, change])).toEqual([
      [{ kind: "process", pid: Number(victim.pid), name: "sleep" }, ["signal", "schedule", "limit"], null],
      [{ kind: "processes" }, ["schedule"], null],
      ...["memory", "queue", "semaphores"].map((object) => [{ kind: "object", object }, ["share"], null]),
    ]);
    expect(stderr).toContain(`process ${victim.pid} (sleep)\n    because  it is outside the sandbox`);
    expect(stderr).toContain("use shared memory of System V\n    because  it belongs to a process outside");
    const denied = (await recorded(world)).filter(({ kind }) => kind === "denied");
    expect(denied).toContainEqual(
      expect.objectContaining({ operation: "signal", other: { pid: Number(victim.pid), name: "sleep" } }),
    );
    for (const object of ["memory", "queue", "semaphores"])
      expect(denied).toContainEqual(expect.objectContaining({ operation: "share", object }));
    expect((await world.nono("audit", "show")).stdout).toMatch(
      new RegExp(`denied +signal process ${victim.pid} \\(sleep\\), by sh`),
    );
  });

  it("is told of a group of processes, unless the kernel signals some of it", async () => {
    await using world = await makeWorld();
    await using victim = await outside();
    const own = `setsid --wait sh -c 'kill -s 0 -- -$$ && echo own'`;
    const script = `kill -s TERM -- -${victim.pid} || echo refused; ${own}; kill -s TERM -- -4194303`;
    const options = ["--allow-cwd", "--diagnostics-json", world.at("report.json")];
    const outcome = await world.nono("run", ...options, "--", "sh", "-c", script);
    expect(outcome.stdout).toBe("refused\nown\n");
    expect(report(world)).toMatchObject([
      { subject: { kind: "process", pid: Number(victim.pid) }, operations: ["signal"], count: 1 },
    ]);
  });

  it("is one line of each however often it is tried", async () => {
    await using world = await makeWorld();
    await using victim = await outside();
    const script = `i=0; while [ $i -lt 300 ]; do kill -0 ${victim.pid}; i=$((i+1)); done 2>/dev/null`;
    const options = ["--allow-cwd", "--diagnostics-json", world.at("report.json")];
    await world.nono("run", ...options, "--", "sh", "-c", script);
    expect(report(world)).toMatchObject([{ subject: { kind: "process" }, count: 300 }]);
    const events = await recorded(world);
    expect(events.filter(({ kind }) => kind === "denied")).toHaveLength(1);
    const [summary] = JSON.parse((await world.nono("audit", "list", "--json")).stdout);
    expect(summary.counts).toMatchObject({ denied: 1, repeated: 299 });
  });

  it("is not blamed on the sandbox where the kernel says no to everybody, or there is nobody", async () => {
    await using world = await makeWorld();
    const script = `kill -0 4194303; renice -n 9 4194303; kill -0 $$; kill -CHLD $PPID; sleep 9 & kill $!; wait; true`;
    const options = ["--allow-cwd", "--diagnostics-json", world.at("report.json")];
    const { stderr } = await world.nono("run", ...options, "--", "sh", "-c", script);
    expect(stderr).toMatch(/No such process/);
    const subjects = report(world).map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.name !== "nono-launch")).toEqual([]);
  });
});
