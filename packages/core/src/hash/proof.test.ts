import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Frontier } from "./frontier.ts";
import { leafHash, merkleRoot } from "./merkle.ts";
import { consistencyProof, inclusionProof, isContinued, isIncluded } from "./proof.ts";

const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString("hex"));
const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => leafHash(Buffer.from(`leaf ${n}`)));

/** The published test data of Certificate Transparency. */
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
]
  .map((text) => Buffer.from(text, "hex"))
  .map(leafHash);
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

describe("golden vectors", () => {
  it("has the roots of the published test data, grown leaf by leaf", () => {
    const frontier = new Frontier();
    const roots = LEAVES.map((leaf) => {
      frontier.push(leaf);
      return frontier.root();
    });
    expect(hex(roots)).toEqual(ROOTS);
  });

  it("has its inclusion proofs", () => {
    expect(hex(inclusionProof(LEAVES, 0))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(hex(inclusionProof(LEAVES.slice(0, 3), 2))).toEqual([ROOTS[1]]);
  });

  it("has its consistency proofs", () => {
    expect(hex(consistencyProof(LEAVES, 6))).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(hex(consistencyProof(LEAVES.slice(0, 5), 2))).toEqual([
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]);
  });
});

const aTree = fc
  .integer({ min: 1, max: 70 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), flip: fc.nat(1000) }));

it("proves every leaf, and nothing else in its place", () =>
  fc.assert(
    fc.property(aTree, ({ size, index, flip }) => {
      const leaves = leavesOf(size);
      const [root, proof, leaf] = [
        merkleRoot(leaves),
        inclusionProof(leaves, index),
        leaves[index] as Buffer,
      ];
      expect(isIncluded(leaf, index, size, proof, root)).toBe(true);
      expect(isIncluded(leafHash(Buffer.from("other")), index, size, proof, root)).toBe(false);
      expect(isIncluded(leaf, (index + 1) % (size + 1), size, proof, root)).toBe(false);
      expect(isIncluded(leaf, index, size, [...proof, root], root)).toBe(false);
      if (proof.length === 0) return;
      expect(isIncluded(leaf, index, size, proof.slice(1), root)).toBe(false);
      expect(isIncluded(leaf, index, size, flipped(proof, flip), root)).toBe(false);
    }),
  ));

it("proves every continuation, and none of another tree", () =>
  fc.assert(
    fc.property(aTree, ({ size, index, flip }) => {
      const leaves = leavesOf(size);
      const earlier = { size: index + 1, root: merkleRoot(leaves.slice(0, index + 1)) };
      const later = { size, root: merkleRoot(leaves) };
      const proof = consistencyProof(leaves, index + 1);
      expect(isContinued(earlier, later, proof)).toBe(true);
      expect(isContinued({ ...earlier, root: leafHash(Buffer.from("x")) }, later, proof)).toBe(false);
      expect(isContinued(earlier, { ...later, root: leafHash(Buffer.from("x")) }, proof)).toBe(false);
      expect(isContinued(earlier, later, [...proof, later.root])).toBe(false);
      if (proof.length === 0) return;
      expect(isContinued(earlier, later, proof.slice(1))).toBe(false);
      expect(isContinued(earlier, later, flipped(proof, flip))).toBe(false);
    }),
  ));

it("goes on from its right edge", () =>
  fc.assert(
    fc.property(aTree, ({ size, index }) => {
      const leaves = leavesOf(size);
      const first = new Frontier();
      for (const leaf of leaves.slice(0, index)) first.push(leaf);
      const second = new Frontier(first.size, first.peaks);
      for (const leaf of leaves.slice(index)) second.push(leaf);
      expect(second.root()).toEqual(merkleRoot(leaves));
      expect(first.root()).toEqual(merkleRoot(leaves.slice(0, index)));
    }),
  ));

function flipped(proof: readonly Buffer[], at: number): Buffer[] {
  const copy = proof.map((hash) => Buffer.from(hash));
  const hash = copy[at % copy.length] as Buffer;
  hash[at % 32] = (hash[at % 32] as number) ^ (1 << (at % 8));
  return copy;
}
