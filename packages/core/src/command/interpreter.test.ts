import { chmodSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTree, type TestTree } from "../../test/support/tree.ts";
import { findCommand } from "./find-command.ts";
import { interpreterOf, missingInterpreterOf, missingScriptInterpreterOf } from "./interpreter.ts";

let tree: TestTree;
beforeAll(async () => {
  tree = await makeTree({});
});
afterAll(() => tree[Symbol.asyncDispose]());

function script(line: string): string {
  writeFileSync(tree.at("script"), `${line}\necho\n`);
  return tree.at("script");
}

/** A command that is found shows as `found NAME`. */
const interpreter = (line: string) => interpreterOf(script(line), (name) => `found ${name}`);

describe("the interpreter of a script", () => {
  it.each([
    ["#!/bin/sh", "/bin/sh"],
    ["#! /bin/sh -e", "/bin/sh"],
    ["#!\t/bin/sh\t", "/bin/sh"],
    ["#!/usr/bin/env node", "found node"],
    ["#! /bin/env\tnode ", "found node"],
    ["#!/usr/bin/env -S node --import x", "found node"],
    ["#!/usr/bin/env -Snode --import x", "found node"],
    ["#!/usr/bin/env -vS A=1 /opt/python", "found /opt/python"],
    ["#!/usr/bin/env -S -u NODE_OPTIONS node", "found node"],
    ["#!/usr/bin/env -S-u NODE_OPTIONS node", "found node"],
    ["#!/usr/bin/env --split-string=node x", "found node"],
    ["echo", undefined],
    ["#!", undefined],
    ["#! \t", undefined],
  ])("of %j is %j", (line, expected) => {
    expect(interpreter(line)).toBe(expected);
  });

  // Each of these starts something that the writer of the script chose, and not /secret.
  it.each([
    "-S -u sh -u /secret",
    "-S -C /secret sh",
    "-S --chdir /secret sh",
    "-S -a /secret sh",
    "-S -P /secret sh",
    "-S --argv0 /secret sh",
    "-S -u'' /secret sh",
    "-S A=$B /secret sh",
    "-S '' /secret",
    "-S A=1\v/mine /secret",
    "-S A=1\f/mine /secret",
    "-S A=1\r/mine /secret",
    "-S A=1\0 /secret",
    "--unknown /secret",
    "-S PATH=/mine secret",
    "-S -u PATH secret",
    "-S --unset=PATH secret",
    "-iS secret",
    "-S -i secret",
    "-S --ignore-environment secret",
    "-S - secret",
    "secret file",
    "A=1 /secret",
    `-S A=${"x".repeat(300)} /secret`,
    `-S /mine${"/".repeat(250)}../secret`,
    "-",
    "",
  ])("started by env with %j is no file that only looks like it", (words) => {
    expect(interpreter(`#!/usr/bin/env ${words}`)).toBe("/usr/bin/env");
  });

  it.each(["/mine/env", "env", "/usr/bin/../../mine/env"])("is %s itself, which is not env(1)", (name) => {
    expect(interpreter(`#!${name} secret`)).toBe(name);
  });

  it.each(["\v", "\f", "\r", "\u00a0", "\ufeff", "\u2028"])(
    "has the blank %j in its name, as the kernel has it",
    (blank) => {
      expect(interpreter(`#!/mine/link${blank}`)).toBe(`/mine/link${blank}`);
      expect(interpreter(`#!${blank}/mine/link`)).toBe(`${blank}/mine/link`);
    },
  );

  it("is none that cannot be executed, and is not to be read", () => {
    const options = { path: "/bin", cwd: "/" };
    const interpreter = tree.at("interpreter");
    writeFileSync(interpreter, "#!/bin/sh\n", { mode: 0o644 });
    const file = script(`#!${interpreter}`);
    chmodSync(file, 0o755);
    expect(findCommand(file, options).files).toEqual([file]);
    chmodSync(interpreter, 0o755);
    expect(findCommand(file, options).files.slice(0, 2)).toEqual([file, interpreter]);
  });

  it("ends where the kernel stops to read", () => {
    for (const length of [252, 253, 300])
      expect(interpreter(`#!/${"a".repeat(length)}`)).toBe(
        length < 253 ? `/${"a".repeat(length)}` : undefined,
      );
    expect(interpreter(`#!/bin/sh ${"a".repeat(300)}`)).toBe("/bin/sh");
    writeFileSync(tree.at("short"), "#!/bin/sh");
    expect(interpreterOf(tree.at("short"), () => undefined)).toBe("/bin/sh");
    expect(interpreter("#!/mine\0/secret")).toBeUndefined();
  });

  it("is missing where there is none of that name, and only then", () => {
    expect(missingInterpreterOf(script("#!/no/such -x"))).toBe("/no/such");
    expect(missingScriptInterpreterOf(script("#!/no/such -x"))).toBe("/no/such");
    for (const line of ["#!/bin/sh", "#!/usr/bin/env no-such", "#!relative", "echo"])
      expect(missingInterpreterOf(script(line))).toBeUndefined();
    expect(missingScriptInterpreterOf("/bin/sh")).toBeUndefined();
    expect(missingInterpreterOf("/bin/sh")).toBeUndefined();
  });
});
