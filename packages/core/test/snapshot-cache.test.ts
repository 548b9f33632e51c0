// What is remembered of a tree saves work and changes nothing.

import fs from "node:fs";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Filter } from "../src/snapshot/filter.ts";
import { openSnapshots } from "../src/snapshot/snapshot-store.ts";
import { edit, openUp, someEdits } from "./support/random-tree.ts";
import { IN_MEMORY, makeTree, type TestTree } from "./support/tree.ts";

const everything: Filter = { exclude: [], include: [] };

/** Longer than a tick of the kernel's clock: what is younger is not remembered. */
const settle = () => setTimeout(30);

async function snapshotIn(tree: TestTree, place: string, filter = everything) {
  const store = openSnapshots(tree.at(place));
  const session = store.create(`s-${store.sessions().length}`, [tree.at("work")], filter);
  const { merkleRoot, fileCount, entryCount, size, uncaptured, chunks } = await session.take("baseline");
  session.close();
  store.close();
  return { merkleRoot, fileCount, entryCount, size, uncaptured, chunks };
}

it("gives the snapshot that it would be without, whatever was changed in between", async () => {
  await fc.assert(
    fc.asyncProperty(someEdits, someEdits, async (first, then) => {
      const files = { "work/a/b": "one", "work/a/c/d": "two", "work/e/f": "three", "work/g": "four" };
      await using tree = await makeTree(files, IN_MEMORY);
      edit(tree.at("work"), first);
      await settle();
      await snapshotIn(tree, "with");
      expect(await snapshotIn(tree, "with")).toEqual(await snapshotIn(tree, "fresh"));
      edit(tree.at("work"), then);
      expect(await snapshotIn(tree, "with")).toEqual(await snapshotIn(tree, "without"));
      openUp(tree.at("work"));
    }),
    { numRuns: 30 },
  );
}, 120_000);

it("is not believed by a session that leaves out something else", async () => {
  await using tree = await makeTree({ "work/a/x": "1", "work/a/y": "2", "work/b/x": "3" }, IN_MEMORY);
  await settle();
  const filters: Filter[] = [everything, { exclude: ["x"], include: [] }, { exclude: ["a/"], include: [] }];
  for (const filter of [...filters, ...filters.toReversed()])
    expect(await snapshotIn(tree, "with", filter)).toEqual(
      await snapshotIn(tree, `fresh-${JSON.stringify(filter.exclude).replace("/", "")}`, filter),
    );
});

it("knows nothing of a directory that was replaced by another one with the same names", async () => {
  await using tree = await makeTree({ "work/a/x": "1", "other/x": "2" }, IN_MEMORY);
  for (const place of ["work/a/x", "other/x", "work/a", "other"]) fs.utimesSync(tree.at(place), 1, 1);
  await settle();
  await snapshotIn(tree, "with");
  fs.renameSync(tree.at("work/a"), tree.at("gone"));
  fs.renameSync(tree.at("other"), tree.at("work/a"));
  fs.utimesSync(tree.at("work"), 1, 1);
  expect(await snapshotIn(tree, "with")).toEqual(await snapshotIn(tree, "without"));
});
