import fs from "node:fs";
import { expect, it } from "vitest";
import { cleanUp } from "../src/snapshot/cleanup.ts";
import { encodeSnapshot } from "../src/snapshot/manifest.ts";
import { openSnapshots, type SnapshotStore } from "../src/snapshot/snapshot-store.ts";
import { verifySession } from "../src/snapshot/verify.ts";
import { IN_MEMORY, makeTree, type TestTree } from "./support/tree.ts";

const everything = { exclude: [], include: [] };

/** Sessions s-0, s-1, …, each of a tree with one file that all share and one of its own. */
async function storeOf(tree: TestTree, count: number): Promise<SnapshotStore> {
  const store = openSnapshots(tree.at("store"));
  for (let index = 0; index < count; index++) {
    fs.writeFileSync(tree.at("work/own"), `${index}`.repeat(1000 + index));
    const session = store.create(`s-${index}`, [tree.at("work")], everything);
    await session.take("baseline");
    session.close();
  }
  return store;
}

const damagesOf = (store: SnapshotStore, id: string) => verifySession(store.objects, store.look(id)).damages;

it("keeps the newest sessions with all that they name, and frees the rest", async () => {
  await using tree = await makeTree({ "work/shared": "shared" }, IN_MEMORY);
  const store = await storeOf(tree, 4);
  const told = await cleanUp(store, { keep: 2, dryRun: true });
  expect(store.sessions()).toHaveLength(4);
  expect(await cleanUp(store, { keep: 2 })).toEqual(told);
  expect(told).toMatchObject({ removed: ["s-0", "s-1"], open: [] });
  expect(told.freed).toBeGreaterThan(2000);
  expect(store.sessions()).toEqual(["s-3", "s-2"]);
  expect([...damagesOf(store, "s-2"), ...damagesOf(store, "s-3")]).toEqual([]);
  expect(await cleanUp(store, { keep: 2 })).toMatchObject({ removed: [], freed: 0 });
});

it("keeps what is newer in the same second, where the number of the process gained a digit", async () => {
  await using tree = await makeTree({ "work/a": "a" }, IN_MEMORY);
  const store = openSnapshots(tree.at("store"));
  const ids = ["20260801-210405-9999", "20260801-210405-10000"];
  for (const id of ids) {
    const session = store.create(id, [tree.at("work")], everything);
    await session.take("baseline");
    session.close();
  }
  expect(store.sessions()).toEqual(ids.toReversed());
  expect(await cleanUp(store, { keep: 1 })).toMatchObject({ removed: ids.slice(0, 1) });
});

it("removes by age and by size, the oldest first, and never what is kept", async () => {
  await using tree = await makeTree({ "work/shared": "shared" }, IN_MEMORY);
  const store = await storeOf(tree, 3);
  expect(await cleanUp(store, { olderThan: 1 })).toMatchObject({ removed: [] });
  const middle = store.look("s-1").read().started;
  expect(await cleanUp(store, { olderThan: middle, dryRun: true })).toMatchObject({ removed: ["s-0"] });
  expect(await cleanUp(store, { size: 0, keep: 1, dryRun: true })).toMatchObject({ removed: ["s-0", "s-1"] });
  expect(await cleanUp(store, { size: 1 << 20 })).toMatchObject({ removed: [] });
});

it("leaves a session that is open, with all that it names", async () => {
  await using tree = await makeTree({ "work/shared": "shared" }, IN_MEMORY);
  const store = await storeOf(tree, 2);
  const session = store.open("s-0");
  expect(await cleanUp(store, { keep: 0 })).toMatchObject({ removed: ["s-1"], open: ["s-0"] });
  expect(damagesOf(store, "s-0")).toEqual([]);
  expect((await session.take("final")).fileCount).toBe(2);
  expect(damagesOf(store, "s-0")).toEqual([]);
});

it("deflates what stays, and what it deflated is still right", async () => {
  await using tree = await makeTree({ "work/shared": "text ".repeat(10_000) }, IN_MEMORY);
  const store = await storeOf(tree, 1);
  const sizeOfPacks = () => store.objects.packFiles().reduce((sum, file) => sum + fs.statSync(file).size, 0);
  const before = sizeOfPacks();
  await cleanUp(store, { keep: 1 });
  expect(sizeOfPacks()).toBeLessThan(before / 10);
  expect(damagesOf(store, "s-0")).toEqual([]);
});

it("finds every changed, added and missing byte of a session and its snapshots", async () => {
  await using tree = await makeTree({ "work/shared": "shared" }, IN_MEMORY);
  const store = await storeOf(tree, 1);
  const { directory } = store.look("s-0");
  expect(damagesOf(store, "s-0")).toEqual([]);
  for (const name of ["session.json", "snapshot-0.json"]) {
    const file = `${directory}/${name}`;
    const bytes = fs.readFileSync(file);
    const changed = Array.from(bytes, (byte, at) => {
      const copy = Buffer.from(bytes);
      copy[at] = byte ^ 1;
      return copy;
    });
    for (const content of [...changed, bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from("\n")])]) {
      fs.writeFileSync(file, content);
      expect(damagesOf(store, "s-0")).toHaveLength(1);
    }
    fs.writeFileSync(file, bytes);
  }
});

it("finds a snapshot that was changed, removed, or exchanged for another", async () => {
  await using tree = await makeTree({ "work/shared": "shared" }, IN_MEMORY);
  const store = await storeOf(tree, 1);
  const files = store.look("s-0");
  const file = files.snapshotFile(0);
  const [bytes, root] = [fs.readFileSync(file), files.snapshot(0).merkleRoot];
  const session = store.open("s-0");
  fs.writeFileSync(tree.at("work/own"), "another");
  await session.take("final");
  session.close();
  expect(damagesOf(store, "s-0")).toEqual([]);

  for (const [before, after] of [
    ['fileCount":2', 'fileCount":3'],
    [root, `${"0".repeat(64)}`],
    ["{", "["],
  ]) {
    fs.writeFileSync(file, bytes.toString().replace(before as string, after as string));
    expect(damagesOf(store, "s-0").map(({ snapshot }) => snapshot)).toEqual([0]);
  }
  // A snapshot that is right in itself, in the place of another: only a record elsewhere tells.
  fs.writeFileSync(file, encodeSnapshot({ ...files.snapshot(1), number: 0 }));
  expect(damagesOf(store, "s-0")).toEqual([]);
  expect(verifySession(store.objects, files, new Map([[0, root]])).damages).toMatchObject([{ snapshot: 0 }]);
  fs.rmSync(file);
  expect(damagesOf(store, "s-0").map(({ snapshot }) => snapshot)).toEqual([0]);
});
