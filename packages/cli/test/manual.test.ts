// Manual pages, as `scripts/release/manual.mjs` makes them of the tables that --help prints: one for each command, with
// all of its options, and well-formed for both programs that show them.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itWhere } from "../../core/test/support/requires.ts";
import { makeTree, type TestTree } from "../../core/test/support/tree.ts";
import { flagOf } from "../src/args/option.ts";
import { ENTRIES } from "../src/commands/index.ts";
import { REPOSITORY } from "./support/guides.ts";
import { isInstalled } from "./support/installed.ts";

let tree: TestTree;
beforeAll(async () => {
  tree = await makeTree();
  const script = path.join(REPOSITORY, "scripts/release/manual.mjs");
  const { writeManual } = await import(script);
  writeManual(tree.at("man1"));
});
afterAll(() => tree[Symbol.asyncDispose]());

const COMMANDS = ENTRIES.flatMap((entry) =>
  "commands" in entry
    ? entry.commands.map((command) => ({ page: `nono-${entry.name}-${command.name}`, command }))
    : [{ page: `nono-${entry.name}`, command: entry }],
);

/** With its characters as they are shown. */
function pageOf(name: string): string {
  const page = fs.readFileSync(tree.at("man1", `${name}.1`), "utf8");
  return page.replaceAll("\\-", "-").replaceAll("\\(ti", "~").replaceAll("\\(ha", "^");
}

/** What a program says of all pages that it dislikes. */
function complaints(program: string, ...args: string[]): string {
  const pages = fs.readdirSync(tree.at("man1")).map((page) => tree.at("man1", page));
  const { stdout, stderr } = spawnSync(program, [...args, ...pages], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return program === "mandoc" ? stdout + stderr : stderr;
}

describe("the manual", () => {
  it("has a page for each command and each group of commands, and no other", () => {
    const names = ["nono", ...ENTRIES.map(({ name }) => `nono-${name}`), ...COMMANDS.map(({ page }) => page)];
    const pages = fs.readdirSync(tree.at("man1")).map((page) => page.replace(/\.1$/, ""));
    expect(pages.sort()).toEqual([...new Set(names)].sort());
  });

  it.each(COMMANDS)("tells every option of $page, and gives its examples", ({ page, command }) => {
    const text = pageOf(page);
    const options = command.sections.flatMap((section) => Object.keys(section.options));
    for (const option of options) expect(text).toContain(`\\fB${flagOf(option)}\\fR`);
    for (const example of command.examples) expect(text).toContain(`\n${example}\n`);
  });

  it("leads to pages that there are", () => {
    const pages = new Set(fs.readdirSync(tree.at("man1")));
    for (const page of pages)
      for (const [, target] of pageOf(page.replace(/\.1$/, "")).matchAll(/^\.BR (\S+) \(1\)/gm))
        expect(pages, `${page}: ${target}`).toContain(`${target}.1`);
  });

  itWhere(isInstalled("groff"), "groff")("is well-formed for groff", () => {
    expect(complaints("groff", "-man", "-ww", "-Tutf8")).toBe("");
  });

  itWhere(isInstalled("mandoc"), "mandoc")("is well-formed for mandoc", () => {
    expect(complaints("mandoc", "-Tlint", "-Wwarning")).toBe("");
  });
});
