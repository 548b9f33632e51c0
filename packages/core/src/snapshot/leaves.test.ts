import fc from "fast-check";
import { expect, it } from "vitest";
import { leafHash, merkleRoot } from "../hash/merkle.ts";
import { loadAddon } from "../native/locate.ts";
import { chunksOf, rowOf } from "./leaves.ts";

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
    fc.property(someLeaves, (leaves) => {
      const row = inRow(leaves);
      const chunks = [...chunksOf(row, addon.hashLeaves(row))];
      expect(chunks.flatMap(leavesOf)).toEqual(leaves);
      expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
    }),
  ));

it("shares all chunks but those around a change", () => {
  const leaves = Array.from({ length: 2000 }, (_, index) => Buffer.from(`leaf ${index}`));
  const chunksWith = (changed: readonly Buffer[]) => {
    const row = inRow(changed);
    return Array.from(chunksOf(row, addon.hashLeaves(row)), (chunk) => chunk.toString("hex"));
  };
  const before = new Set(chunksWith(leaves));
  const after = chunksWith([...leaves.slice(0, 1000), Buffer.from("new"), ...leaves.slice(1000)]);
  expect(before.size).toBeGreaterThan(20);
  expect(after.filter((chunk) => !before.has(chunk)).length).toBeLessThan(3);
});

it("is not read from bytes that are cut off", () =>
  fc.assert(
    fc.property(someLeaves, fc.nat(), (leaves, cut) => {
      const row = inRow([...leaves, Buffer.from("last")]);
      const short = row.subarray(0, row.length - 1 - (cut % 7));
      expect(() => addon.hashLeaves(short)).toThrow(RangeError);
    }),
  ));
