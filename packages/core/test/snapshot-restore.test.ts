import { execFileSync } from "node:child_process";
import fs from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Filter } from "../src/snapshot/filter.ts";
import { applyRestore, prepareRestore, type RestoreOptions } from "../src/snapshot/restore.ts";
import { writeJournal } from "../src/snapshot/restore-journal.ts";
import type { SnapshotSession } from "../src/snapshot/snapshot-session.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import { accountOf, edit, openUp, someEdits } from "./support/random-tree.ts";
import { IN_MEMORY, makeTree, type TestTree } from "./support/tree.ts";

const everything: Filter = { exclude: [], include: [] };

function sessionOf(tree: TestTree, filter: Filter = everything): SnapshotSession {
  return openSnapshots(tree.at("store")).create("s", [tree.at("work")], filter);
}

async function restore(session: SnapshotSession, options: Partial<RestoreOptions> = {}) {
  return applyRestore(session, await prepareRestore(session, { to: 0, ...options }));
}

it("brings a tree back to what it was, whatever was done to it, and back again", async () => {
  await fc.assert(
    fc.asyncProperty(someEdits, someEdits, async (first, then) => {
      await using tree = await makeTree({ "work/a/b": "one", "work/c.txt": "two", "store/": "" }, IN_MEMORY);
      edit(tree.at("work"), first);
      const session = sessionOf(tree);
      const before = accountOf(tree.at("work"));
      await session.take("baseline");
      edit(tree.at("work"), then);
      const after = accountOf(tree.at("work"));
      await session.take("final");

      const restored = await restore(session);
      expect(restored.conflicts).toEqual([]);
      expect(accountOf(tree.at("work"))).toEqual(before);
      if (restored.before !== undefined) {
        expect((await restore(session, { to: restored.before.number })).conflicts).toEqual([]);
        expect(accountOf(tree.at("work"))).toEqual(after);
      }
      session.close();
      openUp(tree.at("work"));
    }),
    { numRuns: 40 },
  );
}, 120_000);

it("brings back a tree that is gone altogether", async () => {
  await using tree = await makeTree({ "work/a/b": "one", "work/c": "two", "work/empty/": "" }, IN_MEMORY);
  const session = sessionOf(tree);
  await session.take("baseline");
  const before = accountOf(tree.at("work"));
  fs.rmSync(tree.at("work"), { recursive: true });
  await session.take("final");
  expect((await restore(session)).conflicts).toEqual([]);
  expect(accountOf(tree.at("work"))).toEqual(before);
});

/** A baseline, what an agent did, and the final state. */
async function sessionWith(tree: TestTree, agent: () => void, filter = everything): Promise<SnapshotSession> {
  const session = sessionOf(tree, filter);
  await session.take("baseline");
  agent();
  await session.take("final");
  return session;
}

it("leaves alone what the person changed after the session, and says so, unless forced", async () => {
  const files = { "work/agent": "old", "work/both": "old", "work/gone": "old", "work/mine": "old" };
  await using tree = await makeTree(files, IN_MEMORY);
  const session = await sessionWith(tree, () => {
    for (const name of ["agent", "both", "gone"]) fs.writeFileSync(tree.at("work", name), "agent's");
    fs.writeFileSync(tree.at("work/added"), "agent's");
    fs.writeFileSync(tree.at("work/added-both"), "agent's");
  });
  for (const name of ["both", "mine", "new", "added-both"])
    fs.writeFileSync(tree.at("work", name), "person's");
  fs.rmSync(tree.at("work/gone"));

  const { conflicts } = await restore(session);
  expect(conflicts.map(({ path, reason }) => `${path.slice(tree.at("work/").length)} ${reason}`)).toEqual([
    "added-both changed",
    "both changed",
    "gone gone",
  ]);
  const contents = () =>
    Object.fromEntries(fs.readdirSync(tree.at("work")).map((name) => [name, tree.read(`work/${name}`)]));
  const left = {
    agent: "old",
    both: "person's",
    mine: "person's",
    new: "person's",
    "added-both": "person's",
  };
  expect(contents()).toEqual(left);
  expect((await restore(session)).conflicts).toHaveLength(3);
  expect(contents()).toEqual(left);

  await restore(session, { force: true });
  const theirs = { mine: "person's", new: "person's" };
  expect(contents()).toEqual({ agent: "old", both: "old", gone: "old", ...theirs });
});

it("restores only what is asked for, with the directories on the way", async () => {
  await using tree = await makeTree({ "work/a/b/c": "c", "work/a/d": "d", "work/ab": "e" }, IN_MEMORY);
  const session = await sessionWith(tree, () => {
    fs.rmSync(tree.at("work/a"), { recursive: true });
    fs.rmSync(tree.at("work/ab"));
  });
  await restore(session, { paths: [tree.at("work/a/b")] });
  expect(accountOf(tree.at("work")).map((line) => line.split(" ")[0])).toEqual(["", "/a", "/a/b", "/a/b/c"]);
});

it("gives nothing to an agent that put a link in the place of a directory", async () => {
  await using tree = await makeTree(
    { "work/dir/authorized_keys": "old", "victim/authorized_keys": "victim's" },
    IN_MEMORY,
  );
  const session = await sessionWith(tree, () => {
    fs.rmSync(tree.at("work/dir"), { recursive: true });
    fs.symlinkSync(tree.at("victim"), tree.at("work/dir"));
  });
  const prepared = await prepareRestore(session, { to: 0 });
  await applyRestore(session, prepared);
  expect(tree.read("work/dir/authorized_keys")).toBe("old");
  expect(tree.read("victim/authorized_keys")).toBe("victim's");
});

it("notices a directory that becomes a link between the plan and the restore", async () => {
  await using tree = await makeTree({ "work/dir/file": "old", "victim/file": "victim's" }, IN_MEMORY);
  const session = await sessionWith(tree, () => fs.writeFileSync(tree.at("work/dir/file"), "agent's"));
  const prepared = await prepareRestore(session, { to: 0 });
  fs.renameSync(tree.at("work/dir"), tree.at("moved"));
  fs.symlinkSync(tree.at("victim"), tree.at("work/dir"));
  const { conflicts } = await applyRestore(session, prepared);
  expect(conflicts).toContainEqual({ path: tree.at("work/dir/file"), reason: "way" });
  expect(tree.read("victim/file")).toBe("victim's");
  // The control: the name alone leads to the victim.
  expect(tree.read("work/dir/file")).toBe("victim's");
});

it("notices a file that is changed between the plan and the restore", async () => {
  await using tree = await makeTree({ "work/file": "old" }, IN_MEMORY);
  const session = await sessionWith(tree, () => fs.writeFileSync(tree.at("work/file"), "agent's"));
  const prepared = await prepareRestore(session, { to: 0 });
  fs.writeFileSync(tree.at("work/file"), "person's own");
  const { conflicts } = await applyRestore(session, prepared);
  expect(conflicts).toEqual([{ path: tree.at("work/file"), reason: "changed" }]);
  expect(tree.read("work/file")).toBe("person's own");
});

it("keeps a directory of the agent's that holds what was excluded or is the person's", async () => {
  await using tree = await makeTree({ "work/": "" }, IN_MEMORY);
  const filter = { exclude: ["node_modules/"], include: [] };
  const session = await sessionWith(
    tree,
    () => {
      for (const name of ["app/node_modules/x", "lib"])
        fs.mkdirSync(tree.at("work", name), { recursive: true });
      fs.writeFileSync(tree.at("work/lib/agent"), "agent's");
    },
    filter,
  );
  fs.writeFileSync(tree.at("work/lib/mine"), "person's");
  const { conflicts } = await restore(session);
  expect(conflicts).toEqual([{ path: tree.at("work/app"), reason: "occupied" }]);
  expect(fs.readdirSync(tree.at("work/lib"))).toEqual(["mine"]);
});

it("says of a fifo that it cannot come back, and never waits for one", async () => {
  await using tree = await makeTree({ "work/a": "a" }, IN_MEMORY);
  execFileSync("mkfifo", [tree.at("work/fifo")]);
  const session = await sessionWith(tree, () => fs.rmSync(tree.at("work/fifo")));
  expect((await restore(session)).conflicts).toEqual([{ path: tree.at("work/fifo"), reason: "uncaptured" }]);
});

it("does not go by the journal of a restore that was changed", async () => {
  await using tree = await makeTree({ "work/a": "old" }, IN_MEMORY);
  const session = await sessionWith(tree, () => fs.writeFileSync(tree.at("work/a"), "agent's"));
  writeJournal(session.files.journalFile, { target: 0, temporary: ".nono-x", changed: [tree.at("work/a")] });
  expect(await prepareRestore(session, { to: 0 })).toMatchObject({ continues: true });
  fs.writeFileSync(
    session.files.journalFile,
    fs.readFileSync(session.files.journalFile, "utf8").replace("work", "mork"),
  );
  await expect(prepareRestore(session, { to: 0 })).rejects.toThrow(/journal of a restore was changed/);
});

it("joins names of one file again, also after one of them alone was restored", async () => {
  await using tree = await makeTree({ "work/a": "old" }, IN_MEMORY);
  fs.linkSync(tree.at("work/a"), tree.at("work/b"));
  const before = accountOf(tree.at("work"));
  const session = await sessionWith(tree, () => fs.writeFileSync(tree.at("work/a"), "agent's"));
  await restore(session, { paths: [tree.at("work/b")] });
  expect([tree.read("work/a"), tree.read("work/b")]).toEqual(["agent's", "old"]);
  expect((await restore(session)).conflicts).toEqual([]);
  expect(accountOf(tree.at("work"))).toEqual(before);
});
