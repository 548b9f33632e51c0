// What a start loads of the platform beside our own code: a module that only an option needs costs every start a
// millisecond or two, and is to be imported where it is used.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bunExecutable } from "../../../scripts/bun.mjs";
import { makeTree } from "../../core/test/support/tree.ts";

type Import = Readonly<{ path: string; kind: string; external?: boolean; original?: string }>;
type Output = Readonly<{
  entryPoint?: string;
  imports: readonly Import[];
  inputs: Readonly<Record<string, object>>;
}>;
type Bundle = Readonly<{
  outputs: Readonly<Record<string, Output>>;
  inputs: Readonly<Record<string, Readonly<{ imports: readonly Import[] }>>>;
}>;

/** As the executable is made of, without being compiled. */
async function bundle(): Promise<Bundle> {
  await using tree = await makeTree();
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const flags = ["--target=bun", "--conditions=source", "--format=esm", "--splitting"];
  const args = ["build", ...flags, `--metafile=${tree.at("meta.json")}`, main, "--outdir", tree.at("out")];
  execFileSync(bunExecutable(), args, { stdio: "ignore", cwd: tree.root });
  return JSON.parse(readFileSync(tree.at("meta.json"), "utf8"));
}

const isImported = ({ kind }: Import) => kind === "import-statement";

/** Modules of the platform that are loaded with the code of `source`. */
function builtins({ outputs, inputs }: Bundle, source: string): readonly string[] {
  const start = Object.keys(outputs).find((name) => outputs[name]?.entryPoint?.endsWith(source));
  expect(start).toBeDefined();
  const chunks = new Set([start as string]);
  for (const name of chunks)
    for (const { path } of outputs[name]?.imports.filter(isImported) ?? [])
      if (path in outputs) chunks.add(path);
  const files = [...chunks].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
  const external = files.flatMap((file) => inputs[file]?.imports.filter(isImported) ?? []);
  const names = external.flatMap(({ original = "" }) => (original.startsWith("node:") ? [original] : []));
  return [...new Set(names)].sort();
}

describe("a start loads no module of the platform that it does not need", async () => {
  const made = await bundle();
  const always = ["node:fs", "node:module"];

  it.each([
    ["src/main.ts", always],
    ["src/commands/wrap.ts", always],
    ["src/commands/run.ts", [...always, "node:os", "node:path", "node:timers/promises"]],
  ])("of %s", (source, expected) => {
    expect(builtins(made, source)).toEqual(expected);
  });
});
