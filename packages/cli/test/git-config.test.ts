// Whether a configuration of git is read as git reads it: what is read otherwise is overlooked.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import * as fc from "fast-check";
import { describe, expect } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeTree } from "../../core/test/support/tree.ts";
import { configValues } from "../src/guard/git-config.ts";
import { changedPrograms } from "../src/rollback/later/git-programs.ts";

const git = (...args: string[]) =>
  execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

function hasGit(): boolean {
  try {
    return git("--version") !== "";
  } catch {
    return false;
  }
}

const itWithGit = itWhere(hasGit(), "git");

/** Undefined: git calls it bad. */
function asGitReads(file: string): readonly string[] | undefined {
  try {
    const [, ...entries] = `\0${git("config", "--file", file, "--null", "--list")}`.split("\0");
    return entries.slice(0, -1).map((entry) => entry.replace("\n", " = ").replace(/^[^=]*$/s, "$& = "));
  } catch {
    return undefined;
  }
}

const PIECES = [
  ...'[]="\\#; \t\n\n\r',
  "\\\n",
  "\r\n",
  "[core]\n",
  '[filter "a b"]',
  '[filter\r"x"]\n',
  "\\t",
  '[include "x\\"y"]\n',
  "[a.b]",
  "hooksPath",
  "path = ../x",
  "Key-1 = v",
  ' = "a # b" c',
  "# x \\\n",
  "; [core]\n",
  "bare\n",
];

describe("a configuration of git", () => {
  itWithGit("is read as git reads it, whatever stands in it", async () => {
    await using tree = await makeTree({});
    const file = tree.at("config");
    let accepted = 0;
    await fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
        const text = `[s]\n${pieces.join("")}`;
        fs.writeFileSync(file, text);
        const read = asGitReads(file);
        if (read === undefined) return;
        accepted += 1;
        // Git of some versions gives each white space in a value as a space.
        const plain = (entry: string) => entry.replaceAll(/[\t\r]/g, " ");
        const ours = configValues(text).map(({ key, value }) => `${key} = ${value}`);
        expect(ours.map(plain)).toEqual(read.map(plain));
      }),
      { numRuns: 50 },
    );
    expect(accepted).toBeGreaterThan(5);
  });
});

/** Names of keys that run a program, or say which. */
const SOUNDS =
  /\.[^.]*(command|cmd|program|prog|hook|editor|pager|helper|driver|textconv|clean|smudge|process|tool|browser|askpass|tunnel|template|templatedir|exec|vcs|uploadpack|receivepack)$/i;

/** What sounds so and runs none: hints, colours, whether and how. */
const RUNS_NONE =
  /^(advice\..*|color\.pager|column\.clean|commit\.template|diff\.<driver>\.cachetextconv|rebase\.rescheduleFailedExec|gui\.newBranchTemplate)$/;

describe("the keys of git's own documentation", () => {
  itWithGit("that sound as if they ran a program are known, as such or as harmless", () => {
    const sounding = git("help", "--config")
      .split("\n")
      .filter((key) => SOUNDS.test(key));
    expect(sounding.length).toBeGreaterThan(30);
    expect(sounding.filter((key) => !RUNS_NONE.test(key) && !isListed(key))).toEqual([]);
  });
});

function isListed(key: string): boolean {
  const [section = "", ...names] = key.split(".");
  const name = (names.pop() as string).replaceAll(/[<>*]/g, "x");
  const header = names.length === 0 ? section : `${section} "${names.join(".")}"`;
  return changedPrograms("", `[${header}]\n${name} = x\n`).length > 0;
}
