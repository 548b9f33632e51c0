import { mkdirSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { makeTree } from "../../test/support/tree.ts";
import { reserveFile, writeDurably } from "./durable-write.ts";

it("replaces a file whole and leaves nothing beside it", async () => {
  await using tree = await makeTree({ "a/file": "old" });
  writeDurably(tree.at("a/file"), "new");
  expect(tree.read("a/file")).toBe("new");
  expect(readdirSync(tree.at("a"))).toEqual(["file"]);
  expect(statSync(tree.at("a/file")).mode & 0o777).toBe(0o600);
});

it("writes where the directory was, not where a link leads that took its place", async () => {
  await using tree = await makeTree({ "a/": "", "elsewhere/": "" });
  const reserved = reserveFile(tree.at("a/file"));
  renameSync(tree.at("a"), tree.at("moved"));
  symlinkSync(tree.at("elsewhere"), tree.at("a"));
  reserved.write("x");
  reserved.close();
  expect(readdirSync(tree.at("elsewhere"))).toEqual([]);
  expect(tree.read("moved/file")).toBe("x");
});

it("replaces a link by a file instead of following it", async () => {
  await using tree = await makeTree({ "a/": "", victim: "v" });
  symlinkSync(tree.at("victim"), tree.at("a/file"));
  writeDurably(tree.at("a/file"), "x");
  expect([tree.read("victim"), tree.read("a/file")]).toEqual(["v", "x"]);
});

it("writes beside a name that somebody else took to stop it", async () => {
  await using tree = await makeTree({ "a/": "" });
  const reserved = reserveFile(tree.at("a/file"));
  writeFileSync(tree.at(`a/.file.${process.pid}.tmp`), "planted");
  reserved.write("x");
  reserved.close();
  expect(tree.read("a/file")).toBe("x");
});

it("keeps the old content and leaves nothing behind when it cannot be replaced", async () => {
  await using tree = await makeTree({ "a/": "" });
  mkdirSync(tree.at("a/file"));
  writeFileSync(tree.at("a/file/inside"), "i");
  expect(() => writeDurably(tree.at("a/file"), "x")).toThrow("EISDIR");
  expect(readdirSync(tree.at("a"))).toEqual(["file"]);
});
