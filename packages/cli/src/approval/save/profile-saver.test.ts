import fs from "node:fs";
import { expect, it } from "vitest";
import { makeTree, type Tree } from "../../../test/policy/fixtures.ts";
import { request } from "../../../test/support/approval-requests.ts";
import { profileSaver } from "./profile-saver.ts";

const saverIn = (tree: Tree) =>
  profileSaver({
    directory: tree.at("nono"),
    inUse: "default",
    home: "/home/ana",
    workdir: "/home/ana/project",
    uid: process.getuid?.() ?? 0,
    clean: (text) => text.replaceAll("hunter2", "[redacted]"),
  });

it("writes no secret into a profile, and says so before", async () => {
  using tree = makeTree({ "nono/profiles/": "" });
  const both = [request({ id: "a", path: "/data/x" }), request({ id: "b", path: "/data/hunter2" })];
  const proposal = await saverIn(tree).propose(both);
  expect(proposal).toContain(
    "+ filesystem.read_file: /data/x\nnot in it: /data/[redacted], it looks like a secret",
  );
  expect(proposal).not.toContain("hunter2");
  const text = fs.readFileSync(await saverIn(tree).save(both), "utf8");
  expect(text).toContain("/data/x");
  expect(text).not.toMatch(/hunter2|redacted/);
});

it("proposes nothing where all of it holds one", async () => {
  using tree = makeTree({ "nono/profiles/": "" });
  const only = [request({ id: "b", path: "/data/hunter2" })];
  const saver = saverIn(tree);
  for (const refused of [saver.propose(only), saver.save(only)])
    await expect(refused).rejects.toThrow("/data/[redacted] is not for a profile");
  expect(fs.readdirSync(tree.at("nono/profiles"))).toEqual([]);
});
