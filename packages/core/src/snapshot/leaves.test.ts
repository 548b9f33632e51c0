import fc from "fast-check";
import { expect, it } from "vitest";
import { digestOf, hex } from "../hash/digest.ts";
import { leafHash, merkleRoot } from "../hash/merkle.ts";
import { loadAddon } from "../native/locate.ts";
import { digestRow, rowOf } from "./leaves.ts";

const addon = loadAddon();
const someLeaves = fc.array(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 300 },
);
const leavesOf = (row: Buffer): Buffer[] => {
  if (row.length === 0) return [];
  const end = 4 + row.readUInt32LE(0);
  return [row.subarray(4, end), ...leavesOf(row.subarray(end))];
};
const inRow = (leaves: readonly Buffer[]) => Buffer.concat(leaves.map(rowOf));

it("has the hashes and the root that the tree has in JavaScript", () =>
  fc.assert(
    fc.property(someLeaves, (leaves) => {
      const hashes = addon.hashLeaves(inRow(leaves));
      expect(hashes.equals(Buffer.concat(leaves.map(leafHash)))).toBe(true);
      expect(addon.merkleRoot(hashes).equals(merkleRoot(leaves.map(leafHash)))).toBe(true);
    }),
  ));

it("is cut into chunks that are rows of their own, and nothing gets lost", () =>
  fc.assert(
    fc.asyncProperty(someLeaves, async (leaves) => {
      const { chunks, merkleRoot: root } = await digestRow(addon, inRow(leaves));
      expect(chunks.flatMap(({ bytes }) => leavesOf(bytes))).toEqual(leaves);
      expect(chunks.every(({ bytes, digest }) => bytes.length > 0 && digest === digestOf(bytes))).toBe(true);
      expect(root).toBe(hex(merkleRoot(leaves.map(leafHash))));
    }),
  ));

it("ends a chunk behind each leaf whose hash begins with a multiple of sixteen, and the last one", () =>
  fc.assert(
    fc.asyncProperty(someLeaves, async (leaves) => {
      const { chunks } = await digestRow(addon, inRow(leaves));
      const lasts = leaves.filter(
        (leaf, index) => leafHash(leaf).readUInt16LE(0) % 16 === 0 || index === leaves.length - 1,
      );
      expect(chunks.map(({ bytes }) => leavesOf(bytes).at(-1))).toEqual(lasts);
    }),
  ));

it("makes no chunk much larger than 256 KiB", async () => {
  const leaves = Array.from({ length: 400 }, (_, index) => Buffer.alloc(60_000, index));
  const { chunks } = await digestRow(addon, inRow(leaves));
  expect(Math.max(...chunks.map(({ bytes }) => bytes.length))).toBeLessThan(256 * 1024 + 60_004);
});

it("shares all chunks but those around a change", async () => {
  const leaves = Array.from({ length: 2000 }, (_, index) => Buffer.from(`leaf ${index}`));
  const chunksWith = async (changed: readonly Buffer[]) =>
    (await digestRow(addon, inRow(changed))).chunks.map(({ digest }) => digest);
  const before = new Set(await chunksWith(leaves));
  const after = await chunksWith([...leaves.slice(0, 1000), Buffer.from("new"), ...leaves.slice(1000)]);
  expect(before.size).toBeGreaterThan(20);
  expect(after.filter((chunk) => !before.has(chunk)).length).toBeLessThan(3);
});

it("is not read from bytes that are cut off", () =>
  fc.assert(
    fc.asyncProperty(someLeaves, fc.nat(), async (leaves, cut) => {
      const row = inRow([...leaves, Buffer.from("last")]);
      const short = row.subarray(0, row.length - 1 - (cut % 7));
      expect(() => addon.hashLeaves(short)).toThrow(RangeError);
      await expect(digestRow(addon, short)).rejects.toMatchObject({ errno: 22 });
    }),
  ));
