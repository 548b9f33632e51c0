// What README.md and docs/library.md tell a user of the library to write works as it stands, against the built JavaScript:
// each example once, and there is none that is not run here.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { itWhere } from "./support/requires.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

function examplesOf(file: string): readonly string[] {
  const text = readFileSync(`${repository}/${file}`, "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => code);
}

const readme = examplesOf("README.md");
const guide = examplesOf("docs/library.md");
const macos = examplesOf("docs/macos.md");

/** @returns what `code` writes to standard output, run in a package that has the library among its dependencies */
async function run(code: string, directory?: string): Promise<string> {
  const there = directory === undefined ? "" : `process.chdir(${JSON.stringify(directory)});\n`;
  const args = ["--input-type=module", "--eval", there + code];
  return (await promisify(execFile)(process.execPath, args, { cwd: `${repository}/packages/cli` })).stdout;
}

it("every example of the documentation is one of those below", () => {
  const files = readdirSync(`${repository}/docs`, { recursive: true, encoding: "utf8" });
  const others = files.filter((name) => name.endsWith(".md") && !["library.md", "macos.md"].includes(name));
  expect(others.flatMap((name) => examplesOf(`docs/${name}`))).toEqual([]);
  expect([readme.length, guide.length, macos.length]).toEqual([2, 3, 1]);
});

it("docs/macos.md shows the rules of a plan for macOS", async () => {
  const text = await run(macos[0] ?? "");
  expect(text).toMatch(/^\(version 1\)\n\(deny default\)\n/);
  expect(text).toContain('(subpath "/private/tmp")');
});

describe("the example that confines its own process", () => {
  it.each([
    ["README.md", readme[0] ?? ""],
    ["docs/library.md", guide[0] ?? ""],
  ])("in %s reads and writes what it was granted, and nothing else", async (_, example) => {
    await using tree = await makeTree({ "models/m": "model", "workspace/": "", secret: "s" });
    const code = example
      .replace("/data/models", tree.at("models"))
      .replace("/tmp/workspace", tree.at("workspace"));
    const look = `
      import fs from "node:fs";
      const attempt = (f) => { try { return f(); } catch (error) { return error.code; } };
      fs.writeFileSync(${JSON.stringify(tree.at("workspace/w"))}, "written");
      console.log(attempt(() => fs.readFileSync(${JSON.stringify(tree.at("models/m"))}, "utf8")));
      console.log(attempt(() => fs.readFileSync(${JSON.stringify(tree.at("secret"))}, "utf8")));`;
    expect(await run(code + look)).toBe("model\nEACCES\n");
    expect(tree.read("workspace/w")).toBe("written");
    const without = code.replace(/^apply\(.*$/m, "");
    expect(await run(without + look)).toBe("model\ns\n"); // control
  });
});

it("README.md confines the child of its second example", async () => {
  const example = readme[1] ?? "";
  expect(await run(example)).toMatch(/^PATH=/m);
  const look = (grant: string) =>
    example
      .replace('"/usr/bin/env", []', '"/usr/bin/env", ["head", "-n1", "/etc/passwd"]')
      .replace("allowPath(", grant);
  expect(await run(look("allowPath("))).toBe("");
  expect(await run(look('allowPath("/etc", AccessMode.Read).allowPath('))).toMatch(/^root:/); // control
});

describe("the guide's child", () => {
  const makeWork = (): Promise<TestTree> =>
    makeTree({
      "work/tool.sh": "cat notes .env; echo done > made/out",
      "work/notes": "n\n",
      "work/.env": "TOKEN",
      "work/made/": "",
    });
  const example = (guide[1] ?? "").replace('"python3", ["tool.py"]', '"sh", ["tool.sh"]');

  it("works in the directory that it was granted, without the file that is denied in it", async () => {
    await using tree = await makeWork();
    expect(await run(example, tree.root)).toBe("n\n");
    expect(tree.read("work/made/out")).toBe("done\n");
  });

  it("would have read it without the denial", async () => {
    await using tree = await makeWork();
    expect(await run(example.replace(/^ {2}\.denyPath.*\n/m, ""), tree.root)).toBe("n\nTOKEN");
  });
});

const hasHostname = (() => {
  try {
    return readFileSync("/etc/hostname", "utf8").trim() === os.hostname();
  } catch {
    return false;
  }
})();

itWhere(hasHostname, "/etc/hostname")(
  "the guide's supervisor is asked, and says yes to one file",
  async () => {
    await using tree = await makeTree({ "work/": "" });
    const example = guide[2] ?? "";
    const lines = (await run(example, tree.root)).split("\n");

    expect(lines).toContain(os.hostname());
    expect(lines).toContain("allowed open cat");
    expect(lines).toContain("denied open cat"); // the loader's cache, which nothing grants
    const without = await run(example.replace("request.target.path ===", "!"), tree.root).catch(() => "");
    expect(without).not.toContain(os.hostname());
  },
);
