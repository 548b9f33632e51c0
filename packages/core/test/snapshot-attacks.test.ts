// What an agent could do to a tree so that a snapshot of it shows something else, hangs, or fails.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Addon } from "../src/native/addon.ts";
import { loadAddon } from "../src/native/locate.ts";
import type { Entry } from "../src/snapshot/entry.ts";
import { applyRestore, prepareRestore } from "../src/snapshot/restore.ts";
import type { SnapshotSession } from "../src/snapshot/snapshot-session.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import { itWhere } from "./support/requires.ts";
import { compileC, supervised } from "./support/supervised.ts";
import { IN_MEMORY, isInMemory, makeTree, type TestTree } from "./support/tree.ts";

const everything = { exclude: [], include: [] };

const sessionOf = (tree: TestTree) =>
  openSnapshots(tree.at("store")).create("s", [tree.at("work")], everything);

/** Takes a snapshot in which the agent is quick: `attack` happens right behind (or before) one call of the addon. */
async function takenWhile(
  tree: TestTree,
  call: "listDirectory" | "readFiles",
  attack: (addon: Addon, ...of: never[]) => unknown,
): Promise<Map<string, Entry>> {
  const session = sessionOf(tree);
  const addon = loadAddon();
  const watched = { ...addon, [call]: (...of: never[]) => attack(addon, ...of) };
  const slow = Object.create(session, { addon: { value: watched } }) as SnapshotSession;
  const { number } = await slow.take("checkpoint");
  const entries = session.entries(number);
  session.close();
  return new Map(entries.map((entry) => [entry.path.slice(tree.at("work").length), entry]));
}

/** What stands in the store of a content. */
const isInStore = (tree: TestTree, text: string) =>
  fs
    .readdirSync(tree.at("store/packs"))
    .some((pack) => fs.readFileSync(tree.at("store/packs", pack)).includes(text));

/** After the listing of `work`, once. */
function afterListing(change: () => void) {
  let isDone = false;
  return (addon: Addon, ...of: Parameters<Addon["listDirectory"]>) => {
    const listing = addon.listDirectory(...of);
    if (!isDone) change();
    isDone = true;
    return listing;
  };
}

it("notices a directory that becomes a link in the middle of the walk", async () => {
  await using tree = await makeTree({ "work/dir/x": "x", "work/z": "z", "victim/x": "secret" }, IN_MEMORY);
  const swap = () => {
    fs.renameSync(tree.at("work/dir"), tree.at("moved"));
    fs.symlinkSync(tree.at("victim"), tree.at("work/dir"));
  };
  const entries = await takenWhile(tree, "listDirectory", afterListing(swap));
  expect(entries.get("/dir")).toMatchObject({ type: "unread", reason: "replaced while it was looked at" });
  expect([...entries.keys()]).toEqual(["", "/dir", "/z"]);
  expect(isInStore(tree, "secret")).toBe(false);
  // The control: by its name alone it leads there.
  expect(tree.read("work/dir/x")).toBe("secret");
});

it("notices a directory that becomes another one in the middle of the walk", async () => {
  await using tree = await makeTree({ "work/dir/x": "x", "work/z": "z", "victim/x": "secret" }, IN_MEMORY);
  const swap = () => {
    fs.renameSync(tree.at("work/dir"), tree.at("moved"));
    fs.renameSync(tree.at("victim"), tree.at("work/dir"));
  };
  const entries = await takenWhile(tree, "listDirectory", afterListing(swap));
  expect(entries.get("/dir")).toMatchObject({ type: "unread", reason: "replaced while it was looked at" });
  expect(isInStore(tree, "secret")).toBe(false);
});

it.each(["link", "fifo", "directory"])("notices a file that becomes a %s before it is read", async (kind) => {
  await using tree = await makeTree({ "work/file": "text", "work/z": "z", victim: "secret" }, IN_MEMORY);
  const replace = {
    link: () => fs.symlinkSync(tree.at("victim"), tree.at("work/file")),
    fifo: () => execFileSync("mkfifo", [tree.at("work/file")]),
    directory: () => fs.mkdirSync(tree.at("work/file")),
  }[kind];
  const entries = await takenWhile(tree, "readFiles", (addon, ...of: Parameters<Addon["readFiles"]>) => {
    fs.rmSync(tree.at("work/file"));
    replace?.();
    return addon.readFiles(...of);
  });
  expect(entries.get("/file")).toMatchObject({ type: "unread", reason: "replaced while it was read" });
  expect(entries.get("/z")).toMatchObject({ type: "file", size: 1 });
  expect(isInStore(tree, "secret")).toBe(false);
});

/** Makes directories in each other, by descriptors: no path is too long for that. The last one holds a file. */
function nest(root: string, name: string, depth: number): void {
  let directory = fs.openSync(root, fs.constants.O_DIRECTORY);
  for (let level = 0; level < depth; level++) {
    fs.mkdirSync(`/proc/self/fd/${directory}/${name}`);
    const next = fs.openSync(`/proc/self/fd/${directory}/${name}`, fs.constants.O_DIRECTORY);
    fs.closeSync(directory);
    directory = next;
  }
  fs.writeFileSync(`/proc/self/fd/${directory}/file`, "deep");
  fs.closeSync(directory);
}

it("captures and restores what lies deeper than any path can be long", async () => {
  await using tree = await makeTree({ "work/a": "a" }, IN_MEMORY);
  const session = sessionOf(tree);
  await session.take("baseline");
  nest(tree.at("work"), "n".repeat(200), 30);
  const final = await session.take("final");
  expect(final).toMatchObject({ uncaptured: [], fileCount: 2, entryCount: 33 });

  const restored = await applyRestore(session, await prepareRestore(session, { to: 0 }));
  expect(restored.conflicts).toEqual([]);
  expect(fs.readdirSync(tree.at("work"))).toEqual(["a"]);
  const undone = await applyRestore(
    session,
    await prepareRestore(session, { to: restored.before?.number ?? 0 }),
  );
  expect(undone.conflicts).toEqual([]);
  expect((await session.take("final")).merkleRoot).toBe(final.merkleRoot);
  execFileSync("rm", ["-rf", tree.at("work")]);
});

it("names what is nested without end, and captures the rest", async () => {
  await using tree = await makeTree({ "work/a": "a", "work/z": "z" }, IN_MEMORY);
  const session = sessionOf(tree);
  await session.take("baseline");
  nest(tree.at("work"), "d", 2000);
  fs.writeFileSync(tree.at("work/z"), "agent's");
  const { uncaptured } = await session.take("final");
  expect(uncaptured.map(({ reason }) => reason)).toEqual(["nested too deep"]);
  await applyRestore(session, await prepareRestore(session, { to: 0 }));
  expect(tree.read("work/z")).toBe("z");
  execFileSync("rm", ["-rf", tree.at("work")]);
});

/** Restores to the baseline; right behind the first look at `work/s`, the agent does something. */
async function restoredWhile(tree: TestTree, session: SnapshotSession, attack: () => void) {
  const addon = loadAddon();
  const prepared = await prepareRestore(session, { to: 0 });
  let looks = 0;
  const watched = {
    ...addon,
    describeFile(...of: Parameters<Addon["describeFile"]>) {
      const record = addon.describeFile(...of);
      if (Buffer.from(of[1]).toString() === "s" && looks++ === 0) attack();
      return record;
    },
  };
  const slow = Object.create(session, { addon: { value: watched } }) as SnapshotSession;
  const restored = await applyRestore(slow, prepared);
  expect(looks).toBeGreaterThan(0);
  return restored.conflicts.map(({ path, reason }) => [path.slice(tree.at("work").length), reason]);
}

it("gives no rights to what takes a file's place while it is restored", async () => {
  await using tree = await makeTree({ "work/s": "good", "outside/evil": "evil" }, IN_MEMORY);
  fs.chmodSync(tree.at("work/s"), 0o4755);
  const session = sessionOf(tree);
  await session.take("baseline");
  fs.chmodSync(tree.at("work/s"), 0o644);
  await session.take("final");
  const attack = () => fs.renameSync(tree.at("outside/evil"), tree.at("work/s"));
  expect(await restoredWhile(tree, session, attack)).toEqual([["/s", "changed"]]);
  expect(tree.read("work/s")).toBe("evil");
  expect(fs.statSync(tree.at("work/s")).mode & 0o7111).toBe(0);
});

it("gives no rights to what was written to since it was looked at, whatever its times say", async () => {
  await using tree = await makeTree({ "work/s": "good" }, IN_MEMORY);
  fs.chmodSync(tree.at("work/s"), 0o755);
  fs.utimesSync(tree.at("work/s"), 1, 1);
  const session = sessionOf(tree);
  await session.take("baseline");
  fs.chmodSync(tree.at("work/s"), 0o644);
  await session.take("final");
  const prepared = await prepareRestore(session, { to: 0 });
  fs.writeFileSync(tree.at("work/s"), "evil");
  fs.utimesSync(tree.at("work/s"), 1, 1);
  await applyRestore(session, prepared);
  expect([tree.read("work/s"), fs.statSync(tree.at("work/s")).mode & 0o7111]).toEqual(["evil", 0]);
});

itWhere(isInMemory(IN_MEMORY), "a file system in memory")(
  "notices what is written through mapped memory where that leaves no time behind",
  async () => {
    await using tools = await makeTree();
    fs.chmodSync(tools.root, 0o755);
    const attacks = compileC("attacks.c", tools.at("attacks"));
    await using tree = await makeTree({ "work/a": "A" }, IN_MEMORY);
    fs.chmodSync(tree.root, 0o755);
    await setTimeout(30); // what is younger is not remembered in any case
    const session = sessionOf(tree);
    await session.take("baseline");
    const before = fs.statSync(tree.at("work/a"), { bigint: true });
    const box = supervised({ readWrite: [tree.at("work")], read: [tools.root] });
    expect(await box.run(attacks, "write-mapped", tree.at("work/a"))).toMatchObject({ code: 0 });

    expect(tree.read("work/a")).toBe("B");
    const after = fs.statSync(tree.at("work/a"), { bigint: true });
    expect([after.mtimeNs, after.ctimeNs]).toEqual([before.mtimeNs, before.ctimeNs]);
    await session.take("final");
    await applyRestore(session, await prepareRestore(session, { to: 0 }));
    expect(tree.read("work/a")).toBe("A");
  },
);
