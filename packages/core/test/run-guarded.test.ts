import { type ChildProcess, spawn as spawnUnconfined } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, expect, it, vi } from "vitest";
import { outcomeOf } from "./support/confine.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const bun = new URL("../../../node_modules/bun/bin/bun.exe", import.meta.url).pathname;
const library = new URL("../src/index.ts", import.meta.url).href;

/** A process of its own that runs `script` guarded and exits with what it ended with. */
function start(tree: TestTree, script: string): ChildProcess {
  writeFileSync(
    tree.at("program.ts"),
    `import { AccessMode, CapabilitySet, compilePlan, runGuarded } from ${JSON.stringify(library)};
     const set = new CapabilitySet().allowPath("/usr", AccessMode.Read).allowPath("/proc", AccessMode.Read);
     for (const file of ["/dev/null", "/dev/zero"]) set.allowFile(file, AccessMode.ReadWrite);
     const plan = compilePlan(set, { guard: true });
     const { ended } = await runGuarded(plan, { path: "/bin/sh", argv: ["sh", "-c", ${JSON.stringify(script)}], cwd: "/" });
     const { code, signal } = await ended;
     process.exit(code ?? (signal === "SIGTERM" ? 143 : 99));`,
  );
  return spawnUnconfined(bun, [tree.at("program.ts")], { stdio: ["ignore", "pipe", "inherit"] });
}

const isAlive = (pid: string) => existsSync(`/proc/${pid}`);

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) return line;
  throw new Error("nothing was printed");
}

describe("a guarded command", () => {
  it("gives its exit code when everything it left behind is gone", async () => {
    await using tree = await makeTree({});
    const { stdout, code } = await outcomeOf(
      start(tree, "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!; exit 3"),
    );
    expect(code).toBe(3);
    expect(isAlive(stdout.trim())).toBe(false);
  });

  it("ends with the process that started it, also when that is killed", async () => {
    await using tree = await makeTree({});
    const script = "(setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $! $$; wait); sleep 1000";
    const child = start(tree, script);
    const pids = (await firstLine(child)).split(" ");
    expect(pids.map(isAlive)).toEqual([true, true]);
    child.kill("SIGKILL");
    await vi.waitUntil(() => !pids.some(isAlive), { timeout: 50_000 });
  });

  it("gets the signals that are sent to the process that started it", async () => {
    await using tree = await makeTree({});
    const child = start(tree, "trap 'echo caught; exit 9' TERM; echo up; while :; do sleep 0.05; done");
    await firstLine(child);
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    expect(code).toBe(9);
  });

  it("reports the signal that ended it", async () => {
    await using tree = await makeTree({});
    expect(await outcomeOf(start(tree, "kill -TERM $$"))).toMatchObject({ code: 143 });
  });

  it("ends hundreds of processes in sessions of their own", async () => {
    await using tree = await makeTree({});
    const bomb = "i=0; while [ $i -lt 300 ]; do setsid sleep 1234 & i=$((i+1)); done; echo up; wait";
    const child = start(tree, bomb);
    await firstLine(child);
    child.kill("SIGTERM");
    await once(child, "exit");
    const { stdout } = await outcomeOf(spawnUnconfined("pgrep", ["-f", "^sleep 1234$"]));
    expect(stdout).toBe("");
  });
});
