import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { makeTree } from "../../test/support/tree.ts";
import { bytesOf } from "../text/bytes.ts";
import { canonicalize, childOf } from "./canonical-path.ts";
import { realFiles } from "./file-view.ts";

it("lists names and kinds, names that are not UTF-8 included", async () => {
  await using tree = await makeTree({ file: "" });
  const root = canonicalize(tree.root);
  mkdirSync(tree.at("directory"));
  symlinkSync("file", tree.at("link"));
  expect([...(realFiles.list(root) ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: "directory", kind: "directory" },
    { name: "file", kind: "file" },
    { name: "link", kind: "link" },
  ]);

  const odd = childOf(root, "odd\udcff");
  writeFileSync(bytesOf(odd), "");
  expect(realFiles.list(root)).toContainEqual({ name: "odd\udcff", kind: "file" });
  expect(realFiles.kindOf(odd)).toBe("file");
});

it("follows no link, and gives nothing for what cannot be read", async () => {
  await using tree = await makeTree({ file: "" });
  symlinkSync("file", tree.at("link"));
  const link = childOf(canonicalize(tree.root), "link");
  expect([realFiles.kindOf(link), realFiles.linkTarget(link)]).toEqual(["link", "file"]);
  expect(realFiles.list(canonicalize(tree.at("file")))).toBeUndefined();
  expect(realFiles.kindOf(childOf(canonicalize(tree.root), "missing"))).toBe("missing");
});
