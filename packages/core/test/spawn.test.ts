import { type StdioOptions, spawn as spawnUnconfined } from "node:child_process";
import { once } from "node:events";
import { chmodSync, createWriteStream, openSync, readdirSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { compilePlan, protectionsOfChild, SandboxState, spawn } from "../src/index.ts";
import { capabilitiesFor, outcomeOf } from "./support/confine.ts";
import { itAsRoot } from "./support/requires.ts";
import { makeTree } from "./support/tree.ts";

const node = process.execPath;

/** What a Node.js of any installation needs. */
const capabilities = () => capabilitiesFor({ set: (set) => set.allowFile(node, "read") });

describe("spawn", () => {
  it("gives Node's own child, with its streams", async () => {
    const child = spawn("cat", [], { capabilities: capabilities() });
    child.stdin?.end("through");
    expect(await text(child.stdout as NodeJS.ReadableStream)).toBe("through");
    expect(child.spawnargs).toEqual(["cat"]);
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(0);
  });

  it("passes exit codes and signals on", async () => {
    expect(await outcomeOf(spawn("sh", ["-c", "exit 7"], { capabilities: capabilities() }))).toMatchObject({
      code: 7,
    });
    const child = spawn("sleep", ["60"], { capabilities: capabilities() });
    child.kill("SIGTERM");
    expect(await outcomeOf(child)).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  it("says what a caller without types got wrong", () => {
    const call = spawn as unknown as (...given: unknown[]) => unknown;
    for (const given of [
      ["true"],
      ["true", []],
      ["true", [], null],
      ["true", [], { capabilities: {} }],
      [7, [], { capabilities: capabilities() }],
      ["true", "-x", { capabilities: capabilities() }],
      ["true", [7], { capabilities: capabilities() }],
    ])
      expect(() => call(...given)).toThrow(expect.objectContaining({ code: "invalid-value" }));
  });

  it("ends with an AbortSignal", async () => {
    const controller = new AbortController();
    const child = spawn("sleep", ["60"], { capabilities: capabilities(), signal: controller.signal });
    const outcome = outcomeOf(child);
    controller.abort();
    await expect(outcome).rejects.toMatchObject({ name: "AbortError" });
  });

  it("speaks over an IPC channel", async () => {
    const script = "process.on('message', (m) => process.send({ got: m }, () => process.disconnect()))";
    const child = spawn(node, ["-e", script], {
      capabilities: capabilities(),
      stdio: ["pipe", "pipe", "inherit", "ipc"],
    });
    child.send({ a: 1 });
    const answers = await once(child, "message");
    expect(answers[0]).toEqual({ got: { a: 1 } });
    await once(child, "close");
  });

  it("speaks over an IPC channel that carries more than JSON", async () => {
    const script =
      "process.on('message', (m) => process.send(new Map([[m, 1n]]), () => process.disconnect()))";
    const child = spawn(node, ["-e", script], {
      capabilities: capabilities(),
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "advanced",
    });
    child.send("key");
    expect(await once(child, "message")).toEqual([new Map([["key", 1n]]), undefined]);
    await once(child, "close");
  });

  it("takes every shape of stdio that Node takes", async () => {
    await using tree = await makeTree({ out: "" });
    const script = 'ls /proc/self/fd | tr "\n" " "; echo further >&4';
    const child = spawn("sh", ["-c", script], {
      capabilities: capabilities(),
      stdio: ["ignore", undefined, "pipe", null, "pipe"],
    });
    const further = text(child.stdio[4] as NodeJS.ReadableStream);
    expect(await outcomeOf(child)).toMatchObject({ code: 0, stdout: "0 1 2 3 4 ", stderr: "" });
    expect(await further).toBe("further\n");
    expect(child.stdin).toBeNull();

    await using file = await open(tree.at("out"), "w");
    const stream = createWriteStream("", { fd: file.fd, autoClose: false });
    for (const stdio of [[0, file.fd], ["ignore", stream], "ignore"] as StdioOptions[]) {
      const child = spawn("echo", ["line"], { capabilities: capabilities(), stdio });
      expect(await outcomeOf(child)).toMatchObject({ code: 0, stdout: "" });
    }
    expect(tree.read("out")).toBe("line\nline\n");
    const bad = { capabilities: capabilities(), stdio: ["bad"] as never };
    const openHere = () => readdirSync("/proc/self/fd").length;
    const before = openHere();
    expect(() => spawn("true", [], bad)).toThrow(TypeError);
    expect(() => spawn("true", [], { ...bad, supervised: true })).toThrow(TypeError);
    expect(openHere()).toBe(before);
  });

  it("starts a process group of its own where asked, which can be signalled as one", async () => {
    const child = spawn("sh", ["-c", "sleep 60 & cut -d' ' -f5,6 /proc/$$/stat; wait"], {
      capabilities: capabilities(),
      detached: true,
    });
    const outcome = outcomeOf(child);
    expect(String(await once(child.stdout as Readable, "data"))).toBe(`${child.pid} ${child.pid}\n`);
    process.kill(-(child.pid as number), "SIGKILL");
    expect(await outcome).toMatchObject({ signal: "SIGKILL" }); // its sleep holds no pipe open either
  });

  itAsRoot("runs as another user where asked", async () => {
    const child = spawn("id", [], { capabilities: capabilities(), uid: 65534, gid: 65533 });
    expect((await outcomeOf(child)).stdout).toMatch(/^uid=65534\S* gid=65533/);
  });

  it("ends a child that takes too long, with the signal that was asked for", async () => {
    const child = spawn("sleep", ["60"], { capabilities: capabilities(), timeout: 1, killSignal: "SIGINT" });
    expect(await outcomeOf(child)).toMatchObject({ code: null, signal: "SIGINT" });
  });

  it("finds a relative command in the directory that it is given, as text or URL", async () => {
    await using tree = await makeTree({ "here/tool": "#!/bin/sh\necho $1\n" });
    chmodSync(tree.at("here/tool"), 0o755);
    const set = capabilitiesFor({ read: [tree.at("here")] });
    for (const cwd of [tree.at("here"), pathToFileURL(tree.at("here"))])
      expect(await outcomeOf(spawn("./tool", ["1"], { capabilities: set, cwd }))).toMatchObject({
        stdout: "1\n",
      });
  });

  it("tells of a shell what Node tells, and finds it by name", async () => {
    for (const shell of [true, "sh", "/bin/sh"]) {
      const ours = spawn("echo $0", ["a b"], { capabilities: capabilities(), shell });
      const nodes = spawnUnconfined("echo $0", ["a b"], { shell });
      expect([ours.spawnfile, ours.spawnargs]).toEqual([nodes.spawnfile, nodes.spawnargs]);
      const [confined, bare] = await Promise.all([outcomeOf(ours), outcomeOf(nodes)]);
      expect(confined).toEqual(bare);
    }
  });

  it("passes descriptors on that are named in stdio, and no other", async () => {
    await using tree = await makeTree({ given: "given", kept: "kept" });
    const given = openSync(tree.at("given"), "r");
    const kept = openSync(tree.at("kept"), "r"); // Node opens close-on-exec; the launcher closes what is left anyway
    const child = spawn("sh", ["-c", `cat <&3; ls /proc/self/fd | wc -l; cat <&${kept}`], {
      capabilities: capabilities(),
      stdio: ["ignore", "pipe", "pipe", given],
    });
    const { stdout } = await outcomeOf(child);
    expect(stdout).toMatch(/^given/);
    expect(stdout).not.toContain("kept");
  });

  it("runs a shell where asked, in the directory and environment it is given", async () => {
    await using tree = await makeTree({ "here/": "" });
    const set = capabilitiesFor({ readWrite: [tree.at("here")] });
    const child = spawn("echo $MARK > out; pwd", [], {
      capabilities: set,
      shell: true,
      cwd: tree.at("here"),
      env: { MARK: "ü", PATH: process.env.PATH },
    });
    expect(await outcomeOf(child)).toMatchObject({ code: 0, stdout: `${tree.at("here")}\n` });
    expect(tree.read("here/out")).toBe("ü\n");
  });

  it("lets no variable that loads code come along by inheritance", async () => {
    process.env.LD_PRELOAD_TEST_MARK = "1";
    try {
      const child = spawn("env", [], { capabilities: capabilities() });
      expect((await outcomeOf(child)).stdout).not.toContain("LD_PRELOAD_TEST_MARK");
    } finally {
      delete process.env.LD_PRELOAD_TEST_MARK;
    }
  });

  it("emits an error for a missing command, as Node does", async () => {
    const child = spawn("no-such-command", ["x"], { capabilities: capabilities() });
    await expect(outcomeOf(child)).rejects.toMatchObject({
      code: "ENOENT",
      path: "no-such-command",
      syscall: "spawn no-such-command",
      spawnargs: ["x"],
    });
  });

  it("names the command that the grants do not let be executed", async () => {
    await using tree = await makeTree({});
    const script = tree.at("script");
    writeFileSync(script, "#!/bin/sh\n", { mode: 0o755 });
    await expect(outcomeOf(spawn(script, [], { capabilities: capabilities() }))).rejects.toMatchObject({
      code: "EACCES",
      path: script,
    });
  });

  it("keeps sandboxes of one process apart", async () => {
    await using tree = await makeTree({ "a/file": "a", "b/file": "b" });
    const boxes = ["a", "b"].map((name) => capabilitiesFor({ read: [tree.at(name)] }));
    const outcomes = await Promise.all(
      boxes.map((set) =>
        outcomeOf(spawn("cat", [tree.at("a/file"), tree.at("b/file")], { capabilities: set })),
      ),
    );
    expect(outcomes.map((outcome) => outcome.stdout)).toEqual(["a", "b"]);
  });

  it("confines by a set that went through JSON as by the set itself", async () => {
    await using tree = await makeTree({ "w/secret": "s", "w/notes": "n" });
    const set = capabilitiesFor({ readWrite: [tree.at("w")], deny: [tree.at("w/secret")], block: ["rm"] })
      .blockNetwork()
      .setEnvironment({ PATH: process.env.PATH ?? "", MARK: "m" })
      .setLimits({ nofile: 77 });
    const restored = SandboxState.fromJson(SandboxState.fromCaps(set).toJson()).toCaps();
    expect(compilePlan(restored)).toEqual(compilePlan(set));
    const script = "cat notes secret; rm notes; ulimit -n; echo $MARK";
    const child = spawn("sh", ["-c", script], { capabilities: restored, cwd: tree.at("w") });
    expect(await outcomeOf(child)).toMatchObject({ stdout: "n77\nm\n" });
    expect(tree.read("w/notes")).toBe("n");
  });

  it("tells where each protection of a child stands", () => {
    const child = spawn("true", [], { capabilities: capabilities() });
    expect(protectionsOfChild(child)?.find((one) => one.name === "file-grants")).toEqual({
      name: "file-grants",
      status: "enforced",
      by: "landlock",
    });
  });
});
