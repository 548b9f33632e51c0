// Denials on a file system whose names mean the same in upper and lower case, as a container or WSL has them of the machine
// that it runs on. The kernel shows a file there by whatever name somebody looked it up.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type Asked, confine, unconfined } from "./support/confine.ts";
import { itWhere } from "./support/requires.ts";
import { compileC, supervised, told } from "./support/supervised.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const itFolding = itWhere(process.getuid?.() === 0 && existsSync("/dev/fuse"), "root, and /dev/fuse,");

let tools: TestTree;
let [acts, folding] = ["", ""];
beforeAll(async () => {
  tools = await makeTree();
  acts = compileC("acts.c", tools.at("acts"));
  folding = compileC("folding.c", tools.at("folding"));
});
afterAll(() => tools[Symbol.asyncDispose]());

const lines = (text: string) => text.split("\n").slice(0, -1);

/** A project there. */
async function project() {
  const tree = await makeTree({ "w/": "" });
  const server = spawn(folding, [tree.at("w")], { stdio: ["pipe", "pipe", "inherit"] });
  await once(server.stdout, "data");
  const at = (name: string) => path.join(tree.at("w"), name);
  for (const directory of [".git", ".git/hooks", "src"]) mkdirSync(at(directory));
  for (const file of ["secret", ".git/config", "src/file"]) writeFileSync(at(file), "old");
  return {
    at,
    asked: (more: Omit<Asked, "readWrite" | "read">): Asked => ({
      readWrite: [tree.at("w")],
      read: [tools.root],
      ...more,
    }),
    async [Symbol.asyncDispose]() {
      server.stdin.end();
      await once(server, "exit");
      await tree[Symbol.asyncDispose]();
    },
  };
}

describe("where names mean the same in upper and lower case", () => {
  itFolding("what is denied is denied by every spelling, and told by the one that is denied", async () => {
    await using place = await project();
    const denied = [place.at(".git/hooks"), place.at(".git/config"), place.at(".env")];
    const asked = place.asked({ deny: [place.at("secret")], denyWrite: denied });
    const script = [
      `chdir:${place.at("")}`,
      ...["open:secret:r", "open:SECRET:r", "open:src/../Secret:r", "open:secret.:r"],
      ...["creat:.GIT/hooks/pre-commit:0700", "creat:.git/HOOKS/pre-commit:0700", "open:.Git/Config:w"],
      ...[
        "rename:.GIT:other",
        "rename:src:.GIT",
        "creat:.ENV:0600",
        "rename:src/file:.Env",
        "mkdir:Src/Hooks",
      ],
    ];
    const outcome = await supervised(asked).run(acts, ...script);

    expect(lines(outcome.stdout).slice(1)).toEqual([
      ...["open=EACCES", "open=EACCES", "open=EACCES", "open=ENOENT"],
      ...["creat=EACCES", "creat=EACCES", "open=EACCES"],
      ...["rename=EACCES", "rename=EACCES", "creat=EACCES", "rename=EACCES", "mkdir=0"],
    ]);
    expect(told(outcome.events)).toContain(`denied open ${place.at(".git/config")}`);
    expect(readFileSync(place.at(".git/config"), "utf8")).toBe("old");
    expect(readdirSync(place.at(".git/hooks"))).toEqual([]);
    const control = await unconfined(acts, ...script.slice(0, 4), "open:.Git/Config:r");
    expect(control.stdout).not.toMatch(/=E/);
  });

  itFolding("a denial that is spelled otherwise than the file is one of the file", async () => {
    await using place = await project();
    const asked = place.asked({ deny: [place.at("SECRET")] });
    const script = [`open:${place.at("secret")}:r`, `open:${place.at("src/file")}:r`];

    for (const run of [confine(asked).run, supervised(asked).run]) {
      const outcome = await run(acts, ...script);
      expect(lines(outcome.stdout)).toEqual(["open=EACCES", expect.stringMatching(/^open=\d+$/)]);
    }
    expect((await unconfined(acts, ...script)).stdout).not.toMatch(/=E/);
  });
});
