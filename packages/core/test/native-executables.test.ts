import { linkSync, symlinkSync } from "node:fs";
import { expect, it } from "vitest";
import { executablesOf } from "../src/command/executables-in.ts";
import type { CanonicalPath } from "../src/files/canonical-path.ts";
import { type Identity, realFiles } from "../src/files/file-view.ts";
import { nativeExecutables } from "../src/native/executables.ts";
import { loadAddon } from "../src/native/locate.ts";
import { makeTree } from "./support/tree.ts";

const native = nativeExecutables(loadAddon());
const plain = executablesOf(realFiles);

it("looks at directories of executables as node:fs does", async () => {
  await using tree = await makeTree({
    "bin/tool": "",
    "bin/n\u00e4me": "",
    "other/far": "",
    "bin/alone": "",
  });
  const bin = tree.at("bin") as CanonicalPath;
  linkSync(tree.at("bin/tool"), tree.at("bin/same"));
  symlinkSync("tool", tree.at("bin/short"));
  symlinkSync("short", tree.at("bin/chain"));
  symlinkSync("../other/far", tree.at("bin/far"));
  symlinkSync("nowhere", tree.at("bin/dangling"));
  const names = ["tool", "missing", "n\u00e4me", "dangling", ""];
  const objects = [tree.at("bin/tool"), tree.at("other/far"), tree.at("bin/n\u00e4me")].map(
    (path) => realFiles.identityOf(path as CanonicalPath) as Identity,
  );

  expect(native.present(names.slice(0, 4))(bin)).toEqual([
    { name: "tool", kind: "shared" },
    { name: "n\u00e4me", kind: "file" },
    { name: "dangling", kind: "link" },
  ]);
  expect(native.present(names.slice(0, 4))(bin)).toEqual(plain.present(names.slice(0, 4))(bin));
  expect(native.present(names)(tree.at("gone") as CanonicalPath)).toEqual([]);

  const links = native.namesBehind(bin, "link", objects).toSorted((a, b) => a.name.localeCompare(b.name));
  expect(links).toEqual([
    { name: "chain", object: 0 },
    { name: "far", object: 1 },
    { name: "short", object: 0 },
  ]);
  for (const kind of ["link", "file"] as const)
    expect(new Set(native.namesBehind(bin, kind, objects))).toEqual(
      new Set(plain.namesBehind(bin, kind, objects)),
    );
  expect(native.namesBehind(tree.at("gone") as CanonicalPath, "link", objects)).toEqual([]);
});
