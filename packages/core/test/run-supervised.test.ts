// What is done while the launcher gets ready: the command waits for it.

import { spawn as spawnUnconfined } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Outcome, outcomeOf } from "./support/confine.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const bun = new URL("../../../node_modules/bun/bin/bun.exe", import.meta.url).pathname;
const library = new URL("../src/index.ts", import.meta.url).href;

/** A process of its own whose command makes `file`; `meanwhile`: the body of that function. */
function run(tree: TestTree, meanwhile: string): Promise<Outcome> {
  writeFileSync(
    tree.at("program.ts"),
    `import { existsSync } from "node:fs";
     import { AccessMode, CapabilitySet, compilePlan, runSupervised } from ${JSON.stringify(library)};
     const file = ${JSON.stringify(tree.at("work/file"))};
     const isThere = async (patience: number) => {
       for (const end = Date.now() + patience; Date.now() < end; await new Promise((then) => setTimeout(then, 10)))
         if (existsSync(file)) return true;
       return existsSync(file);
     };
     const set = new CapabilitySet().allowPath("/usr", AccessMode.Read).allowFile("/dev/null", AccessMode.ReadWrite);
     set.allowPath(${JSON.stringify(tree.at("work"))}, AccessMode.ReadWrite);
     const plan = compilePlan(set, { guard: true, supervisor: true });
     const command = { path: "/bin/sh", argv: ["sh", "-c", 'echo > "$0"', file], cwd: "/" };
     const started = await runSupervised(plan, command, { meanwhile: async () => { ${meanwhile} } })
       .catch((error) => ({ failed: error.message }));
     if ("failed" in started) console.log(started.failed, await isThere(300));
     else console.log("ended with", (await started.ended).code, await isThere(0));
     started.supervisor?.close();`,
  );
  return outcomeOf(spawnUnconfined(bun, [tree.at("program.ts")], { stdio: ["ignore", "pipe", "inherit"] }));
}

it("starts the command when that is done, and not before", async () => {
  await using tree = await makeTree({ "work/": "" });
  const { stdout } = await run(tree, "console.log('meanwhile', await isThere(300));");
  expect(stdout).toBe("meanwhile false\nended with 0 true\n");
});

it("starts nothing where that fails", async () => {
  await using tree = await makeTree({ "work/": "" });
  const { stdout } = await run(tree, "throw new Error('not today');");
  expect(stdout).toBe("not today false\n");
  expect(existsSync(tree.at("work/file"))).toBe(false);
});
