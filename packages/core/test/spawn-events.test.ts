// What a child tells of its start and end, beside what Node's own child tells of the same.

import { type ChildProcess, spawn as nodeSpawn, type SpawnOptions } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { spawn, supervise } from "../src/index.ts";
import { capabilitiesFor } from "./support/confine.ts";
import { makeTree } from "./support/tree.ts";

type Told = Readonly<{ event: string; args: readonly unknown[] }>;

/** Everything until `close`, and what stands in the child then. */
async function toldBy(child: ChildProcess) {
  const told: Told[] = [];
  for (const event of ["spawn", "error", "exit", "close"])
    child.on(event, (...args) => told.push({ event, args: args.map(shown) }));
  const started = { pid: typeof child.pid, file: child.spawnfile, args: child.spawnargs };
  await new Promise((resolve) => child.once("close", resolve));
  const { exitCode, signalCode, killed } = child;
  return { told, started, ended: { exitCode, signalCode, killed, again: child.kill() } };
}

/** An error with all that it carries, its stack apart. */
function shown(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { ...value, name: value.name, message: value.message, cause: value.cause };
}

/** What both tell of the same start. A directory that may not be looked into would be EACCES for Node, and is nothing to us. */
async function both(command: string, args: readonly string[], asked: SpawnOptions, read: string[] = []) {
  const options = { env: { PATH: "/usr/bin:/bin" }, ...asked };
  const capabilities = capabilitiesFor({ read });
  const ours = await toldBy(spawn(command, args, { ...options, capabilities }));
  return { ours, nodes: await toldBy(nodeSpawn(command, args, options)) };
}

const events = ({ told }: Awaited<ReturnType<typeof toldBy>>) => told.map(({ event }) => event);

describe("a child tells what Node's own tells, in the same order,", () => {
  it("of a command that runs", async () => {
    const { ours, nodes } = await both("sh", ["-c", "exit 3"], {});
    expect(ours).toEqual(nodes);
    expect(events(ours)).toEqual(["spawn", "exit", "close"]);
  });

  it("of a command that is missing", async () => {
    for (const command of ["no-such-command", "/nothing/here", "./no/such"])
      for (const options of [{}, { stdio: "ignore" }, { argv0: "other" }] as const) {
        const { ours, nodes } = await both(command, ["x", "y"], options);
        expect(ours).toEqual(nodes);
        expect(events(ours)).toEqual(["error", "close"]);
      }
  });

  it("of a shell that is missing", async () => {
    const { ours, nodes } = await both("echo", ["x"], { shell: "/no/such/shell" });
    expect(ours).toEqual(nodes);
  });

  it("of a channel to a command that is missing", async () => {
    const { ours, nodes } = await both("no-such-command", [], { stdio: ["pipe", "pipe", "pipe", "ipc"] });
    expect(ours).toEqual(nodes);
  });

  it("of a script whose interpreter is missing, which only the kernel finds out", async () => {
    await using tree = await makeTree({});
    writeFileSync(tree.at("script"), "#!/no/such/interpreter\n", { mode: 0o755 });
    const { ours, nodes } = await both(tree.at("script"), ["x"], {}, [tree.root]);
    expect(ours).toEqual(nodes);
    expect(events(ours)).toEqual(["error", "close"]);
  });

  it("of a file that may not be executed, and of a directory", async () => {
    await using tree = await makeTree({ "bin/plain": "#!/bin/sh\n", "bin/directory/": "" });
    chmodSync(tree.at("bin/plain"), 0o644);
    const searched = { env: { PATH: tree.at("bin") } };
    for (const [command, options] of [
      [tree.at("bin/plain"), {}],
      [tree.at("bin/directory"), {}],
      ["./plain", { cwd: tree.at("bin") }],
      ["plain", searched],
    ] as const) {
      const { ours, nodes } = await both(command, ["x"], options, [tree.root]);
      expect(ours).toEqual(nodes);
      expect(events(ours)).toEqual(["error", "close"]);
    }
  });

  it("of a directory to start in that is missing", async () => {
    for (const command of ["true", "no-such-command"]) {
      const { ours, nodes } = await both(command, ["x"], { cwd: "/no/such/directory" });
      expect(ours).toEqual(nodes);
      expect(events(ours)).toEqual(["error", "close"]);
    }
  });

  it("of a signal that was aborted before, whether the command is there or not", async () => {
    for (const command of ["sleep", "no-such-command"]) {
      const { ours, nodes } = await both(command, ["60"], { signal: AbortSignal.abort() });
      expect(ours).toEqual(nodes);
      expect(events(ours)).toContain("error");
    }
  });

  it("of a signal that is aborted at once, where the launcher has found out and is gone", async () => {
    await using tree = await makeTree({});
    writeFileSync(tree.at("script"), "#!/no/such/interpreter\n", { mode: 0o755 });
    const controller = new AbortController();
    const capabilities = capabilitiesFor({ read: [tree.root] });
    const ours = toldBy(spawn(tree.at("script"), [], { signal: controller.signal, capabilities }));
    controller.abort();
    // Node's own is not aborted: it would signal whatever process has the number that stands in its memory.
    expect(await ours).toEqual(await toldBy(nodeSpawn(tree.at("script"), [])));
  });

  it("and signals nobody where there is no process", async () => {
    const controller = new AbortController();
    const capabilities = capabilitiesFor({});
    const child = spawn("no-such-command", [], { signal: controller.signal, capabilities });
    const { _handle: handle } = child as unknown as { _handle: { kill: (signal: number) => number } };
    const signalled = vi.spyOn(handle, "kill").mockReturnValue(0);
    const told = toldBy(child);
    controller.abort();
    expect(child.kill("SIGTERM")).toBe(false);
    expect(events(await told)).toEqual(["error", "close"]);
    expect(signalled).not.toHaveBeenCalled();
  });
});

describe("a child that the grants do not let start", () => {
  it("tells what Node tells of one that permissions do not let start", async () => {
    await using tree = await makeTree({});
    const script = tree.at("script");
    writeFileSync(script, "#!/bin/sh\n", { mode: 0o755 });
    const ours = await toldBy(spawn(script, ["x"], { capabilities: capabilitiesFor({}) }));
    chmodSync(script, 0o644);
    expect(ours).toEqual(await toldBy(nodeSpawn(script, ["x"])));
  });
});

describe("a child that waits for a supervisor", () => {
  it("tells the same of a command that cannot be executed, and can be supervised", async () => {
    await using tree = await makeTree({});
    const script = tree.at("script");
    writeFileSync(script, "#!/no/such/interpreter\n", { mode: 0o755 });
    for (const command of ["no-such-command", "/etc/passwd", script]) {
      const env = { PATH: "/usr/bin:/bin" };
      const child = spawn(command, ["x"], { capabilities: capabilitiesFor({}), supervised: true, env });
      const told = toldBy(child);
      const supervisor = supervise(child);
      expect(await told).toEqual(await toldBy(nodeSpawn(command, ["x"], { env })));
      for await (const event of supervisor) expect(event).toMatchObject({ kind: "ended" });
    }
  });
});
