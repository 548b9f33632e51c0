import { once } from "node:events";
import { openSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { protectionsOfChild, spawn } from "../src/index.ts";
import { capabilitiesFor, outcomeOf } from "./support/confine.ts";
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
      code: "command-unstartable",
      message: `cannot execute ${script}: permission denied`,
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

  it("tells where each protection of a child stands", () => {
    const child = spawn("true", [], { capabilities: capabilities() });
    expect(protectionsOfChild(child)?.find((one) => one.name === "file-grants")).toEqual({
      name: "file-grants",
      status: "enforced",
      by: "landlock",
    });
  });
});
