// A Btrfs subvolume is made, copied and removed by ioctl, on descriptors that may only be read: no rule of Landlock is asked.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { describe, expect } from "vitest";
import { canMountBtrfs, onBtrfs } from "./support/btrfs.ts";
import { type Asked, confine, type Outcome, unconfined } from "./support/confine.ts";
import { itWhere } from "./support/requires.ts";
import { compileC, supervised } from "./support/supervised.ts";

type Run = (command: string, ...args: string[]) => Promise<Outcome>;

/** On a disk where `project/work` may be written, `project` read, and `project/secret` neither. */
const attacked = (runOf: (asked: Asked) => Run, expected: string) =>
  onBtrfs(async (disk) => {
    const project = `${disk}/project`;
    const attack = compileC("subvolume.c", `${disk}/subvolume`);
    execFileSync(attack, ["make", disk, "project"]);
    fs.mkdirSync(`${project}/work`);
    fs.writeFileSync(`${project}/secret`, "s");
    execFileSync(attack, ["make", project, "old"]);
    const run = runOf({ read: [disk], readWrite: [`${project}/work`], deny: [`${project}/secret`] });
    const tried = async (...words: string[]) => expect((await run(attack, ...words)).stdout).toBe(expected);

    expect((await run("cat", `${project}/work/../secret`)).stdout).toBe(expected === "done\n" ? "s" : "");
    await tried("copy", project, `${project}/work`, "copy"); // what is denied, below a grant
    await tried("make", project, "planted");
    await tried("remove", project, "old");
    const done = expected === "done\n";
    expect(fs.existsSync(`${project}/work/copy/secret`)).toBe(done);
    expect(fs.existsSync(`${project}/planted`)).toBe(done);
    expect(fs.existsSync(`${project}/old`)).toBe(!done);
  });

describe("the subvolumes of a Btrfs", () => {
  const test = itWhere(canMountBtrfs, "a btrfs that may be mounted");
  const REFUSED = "Inappropriate ioctl for device\n";

  test("are out of reach without a supervisor", () => attacked((asked) => confine(asked).run, REFUSED));

  test("are out of reach with one", () => attacked((asked) => supervised(asked).run, REFUSED));

  test("can be had without a sandbox (control)", () => attacked(() => unconfined, "done\n"));

  test("leave files their shared contents", () =>
    onBtrfs(async (disk) => {
      fs.writeFileSync(`${disk}/file`, "x".repeat(100_000));
      const copy = ["--reflink=always", `${disk}/file`, `${disk}/copy`];
      expect(await confine({ readWrite: [disk] }).run("cp", ...copy)).toMatchObject({ code: 0 });
    }));
});
