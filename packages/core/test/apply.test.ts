import { spawn as spawnUnconfined } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./support/confine.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const bun = new URL("../../../node_modules/bun/bin/bun.exe", import.meta.url).pathname;
const library = new URL("../dist/index.js", import.meta.url).href;

/** Runs a module that has `set` and `secret`, in a process of its own: `apply` cannot be taken back. */
async function run(runtime: string, tree: TestTree, script: string) {
  writeFileSync(
    tree.at("program.mjs"),
    `import fs from "node:fs"; import { Worker } from "node:worker_threads"; import { spawn } from "node:child_process";
     import { AccessMode, activeProtections, apply, CapabilitySet } from ${JSON.stringify(library)};
     const secret = ${JSON.stringify(tree.at("secret"))};
     const set = new CapabilitySet();
     for (const directory of ["/usr", "/lib", "/etc", "/proc"]) set.allowPath(directory, AccessMode.Read);
     set.allowFile("/dev/null", AccessMode.ReadWrite);
     const code = (read) => Promise.resolve().then(read).then(() => "read", (error) => error.code);
     ${script}`,
  );
  const { stdout, stderr, code } = await outcomeOf(spawnUnconfined(runtime, [tree.at("program.mjs")]));
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.each([
  ["Node.js", process.execPath],
  ["Bun", bun],
])("apply in %s", (_, runtime) => {
  it("closes the calling thread, pool threads, workers and threads that are made later", async () => {
    await using tree = await makeTree({ secret: "s" });
    const worker = `const { parentPort } = require("node:worker_threads"); const fs = require("node:fs");
      parentPort.on("message", (file) => { let answer = "read"; try { fs.readFileSync(file); } catch (error) { answer = error.code; } parentPort.postMessage(answer); });
      parentPort.postMessage("up");`;
    const script = `
      const start = async () => { const w = new Worker(${JSON.stringify(worker)}, { eval: true }); await new Promise((done) => w.once("message", done)); return w; };
      const ask = (w) => new Promise((done) => { w.once("message", done); w.postMessage(secret); });
      const early = await start();
      const before = [await code(() => fs.readFileSync(secret)), ...(await Promise.all(Array.from({ length: 8 }, () => code(() => fs.promises.readFile(secret))))), await ask(early)];
      apply(set);
      const late = await start();
      const after = [await code(() => fs.readFileSync(secret)), ...(await Promise.all(Array.from({ length: 8 }, () => code(() => fs.promises.readFile(secret))))), await ask(early), await ask(late)];
      console.log(JSON.stringify({ before: [...new Set(before)], after: [...new Set(after)] }));
      process.exit(0);`;
    expect(await run(runtime, tree, script)).toEqual({ before: ["read"], after: ["EACCES"] });
  });

  it("binds the processes that are started afterwards", async () => {
    await using tree = await makeTree({ secret: "s" });
    const script = `
      apply(set);
      const child = spawn("cat", [secret], { stdio: ["ignore", "pipe", "pipe"] });
      let said = ""; child.stdout.on("data", (chunk) => { said += chunk; });
      child.once("close", (exit) => console.log(JSON.stringify({ exit, said })));`;
    expect(await run(runtime, tree, script)).toEqual({ exit: 1, said: "" });
  });

  it("leaves children of different threads able to signal each other where threads are domains of their own", async () => {
    await using tree = await makeTree({});
    const script = `
      const worker = new Worker(\`const { parentPort } = require("node:worker_threads"); const { spawn } = require("node:child_process");
        parentPort.on("message", () => { const child = spawn("sleep", ["60"]); parentPort.postMessage(child.pid); });\`, { eval: true });
      await new Promise((done) => worker.once("online", done));
      apply(set);
      const pid = await new Promise((done) => { worker.once("message", done); worker.postMessage(""); });
      console.log(JSON.stringify(await code(() => process.kill(pid))));
      process.exit(0);`;
    expect(await run(runtime, tree, script)).toBe("read");
  });

  it("tells where each protection stands, and keeps what an earlier sandbox enforces", async () => {
    await using tree = await makeTree({ secret: "s" });
    const script = `
      const none = activeProtections();
      apply(new CapabilitySet().allowPath("/", AccessMode.Read).blockNetwork());
      apply(set);
      const of = (name) => activeProtections().find((one) => one.name === name).status;
      console.log(JSON.stringify({ none, network: of("network"), files: of("file-grants"), second: await code(() => fs.readFileSync(secret)) }));`;
    expect(await run(runtime, tree, script)).toEqual({
      none: [],
      network: "enforced",
      files: "enforced",
      second: "EACCES",
    });
  });
});
