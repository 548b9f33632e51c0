import { chmodSync, symlinkSync } from "node:fs";
import { expect, it } from "vitest";
import { pathResolver } from "../src/files/path-resolver.ts";
import { pathResolverFor } from "../src/native/look-ahead.ts";
import { itAsUser } from "./support/requires.ts";
import { makeTree } from "./support/tree.ts";

it("resolves many paths as each would be resolved by itself", async () => {
  await using tree = await makeTree({
    "home/file": "",
    "home/inner/deep": "",
    "home/n\u00e4me": "",
    "far/x": "",
  });
  symlinkSync("inner", tree.at("home/link"));
  symlinkSync("../far", tree.at("home/out"));
  symlinkSync("gone", tree.at("home/dangling"));
  symlinkSync("circle", tree.at("home/circle"));
  const names = [
    "file",
    "inner",
    "inner/deep",
    "link",
    "link/deep",
    "link/none",
    "out/x",
    "out/y",
    "dangling",
    "circle",
  ];
  const paths = [...names, "circle/x", "none", "none/below", "n\u00e4me", "file/below", "inner/../file", ""]
    .map((name) => tree.at(`home/${name}`))
    .flatMap((path) => [path, `${path}/`, `${path}\0x`]);

  const [ahead, alone] = [pathResolverFor(paths), pathResolver()];
  const answer = (resolve: typeof alone, path: string) => {
    try {
      return resolve(path);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  for (const path of paths) expect([path, answer(ahead, path)]).toEqual([path, answer(alone, path)]);
});

itAsUser("does not take what may not be looked at for missing", async () => {
  await using tree = await makeTree({ "shut/a": "", "shut/b": "" });
  chmodSync(tree.at("shut"), 0o600);
  const paths = [tree.at("shut/a"), tree.at("shut/b")];
  const resolve = pathResolverFor(paths);
  expect(paths.map((path) => resolve(path).kind)).toEqual(["unreachable", "unreachable"]);
  chmodSync(tree.at("shut"), 0o700);
});
