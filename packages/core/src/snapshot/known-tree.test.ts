import fc from "fast-check";
import { expect, it } from "vitest";
import { loadAddon } from "../native/locate.ts";
import { GrowingDirectory, leafOf } from "./cached-directory.ts";
import { KnownTree } from "./known-tree.ts";
import { rowOf } from "./leaves.ts";

const addon = loadAddon();

type Entry = Readonly<{ leaf: Buffer | undefined; isCertain: boolean; bytes: number; below?: Directory }>;
type Directory = Readonly<{ entries: readonly Entry[] }>;

const { directory: someDirectory } = fc.letrec<{ directory: Directory; entry: Entry }>((tie) => ({
  directory: fc.record({ entries: fc.array(tie("entry"), { maxLength: 5 }) }),
  entry: fc.oneof(
    { depthSize: "small" },
    fc.record({
      leaf: fc.option(
        fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        { nil: undefined },
      ),
      isCertain: fc.boolean(),
      bytes: fc.nat(2 ** 40),
    }),
    fc.record({
      leaf: fc.constant(Buffer.from("directory")),
      isCertain: fc.constant(true),
      bytes: fc.constant(0),
      below: tie("directory"),
    }),
  ),
}));

/** Listings with as many entries, of which only the number is of interest here. */
const listingOf = ({ entries }: Directory) =>
  Buffer.concat(
    entries.map(() => {
      const entry = Buffer.alloc(65);
      entry.writeUInt32LE(1, 56);
      return entry;
    }),
  );

function grow(directory: Directory, path: string, all: GrowingDirectory[]): void {
  const growing = new GrowingDirectory(undefined, path, listingOf(directory));
  all.push(growing);
  for (const { leaf, isCertain, bytes, below } of directory.entries) {
    const index = growing.next();
    const isEntered = below !== undefined;
    if (leaf === undefined) growing.addVanished(index, isEntered);
    else
      growing.add(index, {
        leaf,
        isCertain,
        isEntered,
        bytes: isEntered ? undefined : bytes,
        isLinked: false,
      });
    if (below !== undefined) grow(below, `${path}/${index}`, all);
  }
}

function treeOf(directory: Directory): { tree: KnownTree; paths: string[] } {
  const [listings, leaves]: [Buffer[], Buffer[]] = [[], []];
  const all: GrowingDirectory[] = [];
  grow(directory, "/r", all);
  for (const each of all) each.encode(listings, leaves, 0n);
  const parts = { listings: Buffer.concat(listings), leaves: Buffer.concat(leaves) };
  return { tree: new KnownTree(addon, parts), paths: all.map(({ path }) => path) };
}

const leavesOf = ({ entries }: Directory): Buffer[] =>
  entries.flatMap(({ leaf, below }) => [
    ...(leaf === undefined ? [] : [leaf]),
    ...(below === undefined ? [] : leavesOf(below)),
  ]);
const filesOf = ({ entries }: Directory): Entry[] =>
  entries.flatMap((entry) =>
    entry.below === undefined ? (entry.leaf === undefined ? [] : [entry]) : filesOf(entry.below),
  );

it("has all leaves in the order of a snapshot: of a directory, then of all below it", () =>
  fc.assert(
    fc.property(someDirectory, (directory) => {
      const { tree } = treeOf(directory);
      expect(addon.joinLeaves(tree.parts.leaves)).toEqual(Buffer.concat(leavesOf(directory).map(rowOf)));
    }),
  ));

it("finds each directory, what is below it, and what it has", () =>
  fc.assert(
    fc.property(someDirectory, (directory) => {
      const { tree, paths } = treeOf(directory);
      expect(tree.count).toBe(paths.length);
      for (const [at, path] of paths.entries()) {
        const { from, to } = tree.span(at);
        expect(tree.directory(at).path).toBe(path);
        expect(paths.filter((each) => each === path || each.startsWith(`${path}/`))).toEqual(
          paths.slice(from, to),
        );
        expect(tree.directoriesIn(at).map((each) => paths[each])).toEqual(
          paths.filter((each) => each.slice(0, each.lastIndexOf("/")) === path),
        );
      }
      const files = filesOf(directory);
      expect(tree.counts(tree.all)).toEqual({
        entries: leavesOf(directory).length,
        files: files.length,
        size: files.reduce((sum, { bytes }) => sum + bytes, 0),
      });
    }),
  ));

it("does not remember the times of a directory that changed right before it was looked at", () => {
  const identity = Buffer.alloc(56, 7);
  identity.writeBigInt64LE(1000n, 40);
  const rememberedWith = (trustBefore: bigint) => {
    const [listings, leaves]: [Buffer[], Buffer[]] = [[], []];
    new GrowingDirectory(identity, "/r", Buffer.alloc(0)).encode(listings, leaves, trustBefore);
    const parts = { listings: Buffer.concat(listings), leaves: Buffer.concat(leaves) };
    return new KnownTree(addon, parts).directory(0).identity;
  };
  expect(rememberedWith(1001n)).toEqual(identity);
  expect(rememberedWith(1000n)).toEqual(Buffer.concat([identity.subarray(0, 16)], 56));
});

it("is whole where every leaf is certain, and tells no other leaf", () =>
  fc.assert(
    fc.property(someDirectory, (directory) => {
      const { tree } = treeOf(directory);
      const isCertain = ({ entries }: Directory): boolean =>
        entries.every(
          ({ leaf, isCertain: is, below }) =>
            leaf !== undefined && is && (below === undefined || isCertain(below)),
        );
      expect(tree.isWhole(tree.all)).toBe(isCertain(directory));
      expect(tree.directory(0).knownEntries().map(leafOf)).toEqual(
        directory.entries.map(({ leaf, isCertain: is }) => (is ? leaf : undefined)),
      );
    }),
  ));

it("is put together from runs of another one", () =>
  fc.assert(
    fc.property(someDirectory, fc.nat(), (directory, cut) => {
      const { tree } = treeOf(directory);
      const middle = cut % (tree.count + 1);
      const [first, second] = [
        tree.bytes({ from: 0, to: middle }),
        tree.bytes({ from: middle, to: tree.count }),
      ];
      const parts = {
        listings: Buffer.concat([first.listings, second.listings]),
        leaves: Buffer.concat([first.leaves, second.leaves]),
      };
      expect(new KnownTree(addon, parts).equals(tree)).toBe(true);
    }),
  ));

it("is not read from parts of which anything is missing", () =>
  fc.assert(
    fc.property(someDirectory, fc.nat(), (directory, cut) => {
      const { listings, leaves } = treeOf(directory).tree.parts;
      const short = (bytes: Buffer) => bytes.subarray(0, cut % bytes.length);
      expect(() => new KnownTree(addon, { listings: short(listings), leaves })).toThrow(RangeError);
      expect(() => new KnownTree(addon, { listings, leaves: short(leaves) })).toThrow(RangeError);
    }),
  ));
