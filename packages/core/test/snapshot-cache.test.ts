// What is remembered of a tree saves work and changes nothing.

import fs from "node:fs";
import os from "node:os";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Addon } from "../src/native/addon.ts";
import type { Filter } from "../src/snapshot/filter.ts";
import type { SnapshotSession } from "../src/snapshot/snapshot-session.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import type { Budget } from "../src/snapshot/walk.ts";
import { edit, openUp, someEdits } from "./support/random-tree.ts";
import { itWhere } from "./support/requires.ts";
import { IN_MEMORY, isInMemory, makeTree, type TestTree } from "./support/tree.ts";

const itOnDisk = itWhere(!isInMemory(os.tmpdir()), "a temporary directory on a disk");

const everything: Filter = { exclude: [], include: [] };

/** Longer than a tick of the kernel's clock: what is younger is not remembered. */
const settle = () => setTimeout(30);

type Work = TestTree & Readonly<{ store: (...parts: string[]) => string }>;

/** Contents of files in memory are not remembered: only stores may lie there. */
async function makeWork(files: Readonly<Record<string, string>>): Promise<Work> {
  const [tree, stores] = [await makeTree(files), await makeTree({}, IN_MEMORY)];
  const both = [tree, stores];
  return {
    ...tree,
    store: stores.at,
    [Symbol.asyncDispose]: async () => {
      for (const one of both) await one[Symbol.asyncDispose]();
    },
  };
}

async function snapshotIn(tree: Work, place: string, filter = everything) {
  const store = openSnapshots(tree.store(place));
  const session = store.create(`s-${store.sessions().length}`, [tree.at("work")], filter);
  const { merkleRoot, fileCount, entryCount, size, uncaptured, chunks } = await session.take("baseline");
  session.close();
  store.close();
  return { merkleRoot, fileCount, entryCount, size, uncaptured, chunks };
}

it("gives the snapshot that it would be without, whatever was changed in between", async () => {
  const directories = ["", "/a", "/a/c", "/a/c/x", "/e", "/h/i", "/h/j"];
  const files = Object.fromEntries(
    directories.flatMap((at) => [1, 2].map((name) => [`work${at}/${name}`, at])),
  );
  await fc.assert(
    fc.asyncProperty(someEdits, fc.array(someEdits, { minLength: 1, maxLength: 3 }), async (first, then) => {
      await using tree = await makeWork(files);
      edit(tree.at("work"), first);
      await settle();
      await snapshotIn(tree, "with");
      expect(await snapshotIn(tree, "with")).toEqual(await snapshotIn(tree, "fresh"));
      for (const [index, edits] of then.entries()) {
        edit(tree.at("work"), edits);
        if (index % 2 === 0) await settle();
        expect(await snapshotIn(tree, "with")).toEqual(await snapshotIn(tree, `without-${index}`));
      }
      openUp(tree.at("work"));
    }),
    { numRuns: 30 },
  );
}, 120_000);

itOnDisk("tells nothing of a tree in which nothing changed but what the last snapshot was", async () => {
  await using tree = await makeWork({ "work/a/x": "1", "work/b/y": "2" });
  await settle();
  const first = await snapshotIn(tree, "with");
  const store = openSnapshots(tree.store("with"));
  const take = async (roots: readonly string[], budget?: Budget) => {
    const session = store.create(`t-${store.sessions().length}`, roots, everything);
    const hashed: number[] = [];
    const addon: Addon = {
      ...session.addon,
      digestRow: (row) => {
        hashed.push(row.length);
        return session.addon.digestRow(row);
      },
    };
    const watched = Object.create(session, { addon: { value: addon } }) as SnapshotSession;
    const { merkleRoot } = await watched.take("baseline", budget).finally(() => session.close());
    return { merkleRoot, isHashed: hashed.length > 0 };
  };
  const work = [tree.at("work")];
  expect(await take(work)).toEqual({ merkleRoot: first.merkleRoot, isHashed: false });
  await expect(take(work, { entries: 4, bytes: 10 })).rejects.toMatchObject({ code: "snapshot-budget" });
  await expect(take(work, { entries: 5, bytes: 1 })).rejects.toMatchObject({ code: "snapshot-budget" });
  expect(await take(work, { entries: 5, bytes: 2 })).toMatchObject({ isHashed: false });

  const [state] = fs.readdirSync(tree.store("with/caches")).filter((name) => name.endsWith(".state")) as [
    string,
  ];
  const bytes = fs.readFileSync(tree.store("with/caches", state), "latin1");
  fs.writeFileSync(
    tree.store("with/caches", state),
    bytes.replace(first.merkleRoot, "0".repeat(64)),
    "latin1",
  );
  expect(await take(work)).toEqual({ merkleRoot: first.merkleRoot, isHashed: true });
  expect(await take(work)).toMatchObject({ isHashed: false });

  fs.chmodSync(tree.at("work/b/y"), 0o600);
  await settle();
  expect(await take(work)).toMatchObject({ isHashed: true });
  expect(await take([tree.at("work/a")])).toMatchObject({ isHashed: true });
  store.close();
});

itOnDisk(
  "puts the entries of a tree in which nothing changed into the store again when they are gone",
  async () => {
    await using tree = await makeWork({ "work/a/x": "1" });
    await settle();
    const first = await snapshotIn(tree, "with");
    for (const pack of fs.readdirSync(tree.store("with/packs"))) fs.rmSync(tree.store("with/packs", pack));
    const store = openSnapshots(tree.store("with"));
    const session = store.create("again", [tree.at("work")], everything);
    const { number, merkleRoot } = await session.take("baseline");
    expect(merkleRoot).toBe(first.merkleRoot);
    expect(session.entries(number).map(({ path }) => path)).toContain(tree.at("work/a/x"));
    session.close();
    store.close();
  },
);

it("is not believed by a session that leaves out something else", async () => {
  await using tree = await makeWork({ "work/a/x": "1", "work/a/y": "2", "work/b/x": "3" });
  await settle();
  const filters: Filter[] = [everything, { exclude: ["x"], include: [] }, { exclude: ["a/"], include: [] }];
  for (const filter of [...filters, ...filters.toReversed()])
    expect(await snapshotIn(tree, "with", filter)).toEqual(
      await snapshotIn(tree, `fresh-${JSON.stringify(filter.exclude).replace("/", "")}`, filter),
    );
});

it("knows nothing of a directory that was replaced by another one with the same names", async () => {
  await using tree = await makeWork({ "work/a/x": "1", "other/x": "2" });
  for (const place of ["work/a/x", "other/x", "work/a", "other"]) fs.utimesSync(tree.at(place), 1, 1);
  await settle();
  await snapshotIn(tree, "with");
  fs.renameSync(tree.at("work/a"), tree.at("gone"));
  fs.renameSync(tree.at("other"), tree.at("work/a"));
  fs.utimesSync(tree.at("work"), 1, 1);
  expect(await snapshotIn(tree, "with")).toEqual(await snapshotIn(tree, "without"));
});
