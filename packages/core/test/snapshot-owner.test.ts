// Who owns what is taken back.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { expect } from "vitest";
import { applyRestore, prepareRestore } from "../src/snapshot/restore.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import { itAsRoot } from "./support/requires.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const [SOMEBODY, NOBODY] = [1000, 65_534];
const everything = { exclude: [], include: [] };

function ownersIn(tree: TestTree): readonly string[] {
  const lines = execFileSync("find", [tree.at("work"), "-mindepth", "1", "-printf", "%P %U:%G %m\n"], {
    encoding: "utf8",
  });
  return lines.trimEnd().split("\n").sort();
}

/** Takes the state before, lets an agent work, and takes the tree back. @returns what was left to do after that */
async function takenBack(tree: TestTree, work: () => void): Promise<number> {
  const store = openSnapshots(tree.at("store"));
  const session = store.create("s", [tree.at("work")], everything);
  await session.take("baseline");
  work();
  await session.take("final");
  await applyRestore(session, await prepareRestore(session, { to: 0 }));
  const { plan } = await prepareRestore(session, { to: 0 });
  session.close();
  store.close();
  return plan.actions.length + plan.conflicts.length;
}

itAsRoot(
  "root gives back to others what was theirs: what was changed, what is gone, and what was taken",
  async () => {
    await using tree = await makeTree({
      "work/changed": "x",
      "work/gone": "x",
      "work/taken": "x",
      "work/dir/gone": "x",
      "work/large": "x".repeat(2 << 20),
      "work/as-another": "x",
    });
    fs.symlinkSync("nowhere", tree.at("work/link"));
    fs.symlinkSync("nowhere", tree.at("work/taken-link"));
    for (const name of fs.readdirSync(tree.at("work")))
      fs.lchownSync(tree.at("work", name), SOMEBODY, NOBODY);
    fs.chownSync(tree.at("work/dir/gone"), NOBODY, SOMEBODY);
    fs.chmodSync(tree.at("work/gone"), 0o4755);
    fs.chmodSync(tree.at("work/as-another"), 0o4711);
    const before = ownersIn(tree);
    const left = await takenBack(tree, () => {
      fs.writeFileSync(tree.at("work/changed"), "y");
      for (const name of ["gone", "dir", "large", "link", "as-another"])
        fs.rmSync(tree.at("work", name), { recursive: true });
      fs.writeFileSync(tree.at("work/as-another"), "y");
      fs.chownSync(tree.at("work/taken"), 0, 0);
      fs.lchownSync(tree.at("work/taken-link"), 0, 0);
    });
    expect(ownersIn(tree)).toEqual(before);
    expect(left).toBe(0);
  },
);

itAsRoot(
  "who is not root gets what another one owned as its own, and no program that runs as somebody else",
  async () => {
    await using tree = await makeTree({
      "work/theirs": "x",
      "work/own": "x",
      "work/touched": "x",
      "store/": "",
    });
    for (const name of ["", "work", "work/own", "store"]) fs.chownSync(tree.at(name), NOBODY, NOBODY);
    for (const name of ["theirs", "own"]) fs.chmodSync(tree.at("work", name), 0o6755);
    process.setegid?.(NOBODY);
    process.seteuid?.(NOBODY);
    try {
      const left = await takenBack(tree, () => {
        for (const name of ["theirs", "own", "touched"]) fs.rmSync(tree.at("work", name));
      });
      expect(ownersIn(tree)).toEqual([
        `own ${NOBODY}:${NOBODY} 6755`,
        `theirs ${NOBODY}:${NOBODY} 755`,
        `touched ${NOBODY}:${NOBODY} 644`,
      ]);
      expect(left).toBe(0);
    } finally {
      process.seteuid?.(0);
      process.setegid?.(0);
    }
  },
);
