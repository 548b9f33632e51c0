import { linkSync, symlinkSync } from "node:fs";
import { expect, it } from "vitest";
import { CapabilitySet } from "../src/capability/index.ts";
import { executablesOf } from "../src/command/executables-in.ts";
import type { CanonicalPath } from "../src/files/canonical-path.ts";
import { type Identity, realFiles } from "../src/files/file-view.ts";
import { nativeExecutables } from "../src/native/executables.ts";
import { loadAddon } from "../src/native/locate.ts";
import { type CompileOptions, compilePlan } from "../src/plan/compile.ts";
import { lookForCommands } from "../src/plan/compile-linux.ts";
import { makeTree } from "./support/tree.ts";

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
  const [gone, other] = [tree.at("gone") as CanonicalPath, tree.at("other") as CanonicalPath];
  const directories = [gone, bin, other];
  const names = ["tool", "missing", "n\u00e4me", "dangling", "far"];
  const objects = [tree.at("bin/tool"), tree.at("other/far"), tree.at("bin/n\u00e4me")].map(
    (path) => realFiles.identityOf(path as CanonicalPath) as Identity,
  );

  const native = nativeExecutables(loadAddon(), directories, names);
  const plain = executablesOf(realFiles, directories, names);
  const present = native.present();
  expect(present).toEqual([
    { directory: bin, name: "tool", kind: "shared" },
    { directory: bin, name: "n\u00e4me", kind: "file" },
    { directory: bin, name: "dangling", kind: "link" },
    { directory: bin, name: "far", kind: "link" },
    { directory: other, name: "far", kind: "file" },
  ]);
  expect(present).toEqual(plain.present());

  const links = native.namesBehind("link", objects).toSorted((a, b) => a.name.localeCompare(b.name));
  expect(links).toEqual([
    { name: "chain", object: 0 },
    { name: "far", object: 1 },
    { name: "short", object: 0 },
  ]);
  for (const kind of ["link", "file"] as const)
    expect(new Set(native.namesBehind(kind, objects))).toEqual(new Set(plain.namesBehind(kind, objects)));
});

it("gives a plan what was looked for before it, and nothing that was looked for other commands", async () => {
  await using tree = await makeTree({ "bin/nono-tool": "", "bin/nono-other": "" });
  symlinkSync("nono-tool", tree.at("bin/nono-link"));
  const commandPath = [tree.at("bin")];
  const blocking = (...names: readonly string[]) => ({
    ...new CapabilitySet().value(),
    commands: { allowed: [], blocked: names.map((name) => ({ name, source: "test" })) },
  });
  const asked = blocking("nono-link", "nono-tool");
  const found = (options: CompileOptions) => {
    const { blockedExecutables, unblockable } = compilePlan(asked, { commandPath, ...options });
    return { blockedExecutables, unblockable };
  };

  const alone = found({});
  expect(alone.blockedExecutables).toEqual([{ command: "nono-link", path: tree.at("bin/nono-tool") }]);
  for (const names of [["nono-link", "nono-tool"], ["nono-other"], ["nono-tool"]])
    expect(found({ commandLook: lookForCommands(blocking(...names).commands, commandPath) })).toEqual(alone);
});
