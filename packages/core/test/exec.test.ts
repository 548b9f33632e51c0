import { spawn as spawnUnconfined } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./support/confine.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

/** A program of its own, since `exec` replaces the process that calls it. */
function runScript(tree: TestTree, script: string) {
  const library = new URL("../src/index.ts", import.meta.url).href;
  writeFileSync(
    tree.at("program.ts"),
    `import { AccessMode, CapabilitySet, exec } from ${JSON.stringify(library)};
     const set = new CapabilitySet();
     for (const directory of ["/usr", "/lib", "/etc", "/proc"]) set.allowPath(directory, AccessMode.Read);
     ${script}`,
  );
  const bun = new URL("../../../node_modules/bun/bin/bun.exe", import.meta.url).pathname;
  return outcomeOf(spawnUnconfined(bun, [tree.at("program.ts")]));
}

describe("exec", () => {
  it("replaces the process: same process id, confined", async () => {
    await using tree = await makeTree({ secret: "s" });
    const script = `console.log(process.pid); exec("sh", ["-c", "echo $$; cat ${tree.at("secret")}"], { capabilities: set });`;
    const { stdout, code } = await runScript(tree, script);
    const [before, after, ...rest] = stdout.split("\n");
    expect(after).toBe(before);
    expect(rest).toEqual([""]);
    expect(code).toBe(1);
  });

  it("tells in a line what cannot be executed, with 127", async () => {
    await using tree = await makeTree({});
    writeFileSync(tree.at("outside"), "#!/bin/sh\n", { mode: 0o755 });
    const { stderr, code } = await runScript(
      tree,
      `exec("${tree.at("outside")}", [], { capabilities: set });`,
    );
    expect({ stderr, code }).toEqual({
      stderr: `nono: cannot execute ${tree.at("outside")}: Permission denied\n`,
      code: 127,
    });
  });

  it("throws for a missing command while the process is still whole", async () => {
    await using tree = await makeTree({});
    const script = `try { exec("no-such-command", [], { capabilities: set }); } catch (error) { console.log(error.code); }`;
    expect(await runScript(tree, script)).toMatchObject({ stdout: "command-missing\n", code: 0 });
  });
});
