// Proofs over a Merkle tree: that a leaf is in it, and that a later tree continues an earlier one. Making: RFC 6962,
// sections 2.1.1 and 2.1.2; checking: RFC 9162, sections 2.1.3.2 and 2.1.4.2. Leaves are hashes of 32 bytes.

import { merkleRoot, nodeHash } from "./merkle.ts";

/** The hashes that lead from leaf `index` to the root. @throws RangeError where there is no such leaf */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves.length)
    throw new RangeError(`no leaf ${index} in a tree of ${leaves.length}`);
  if (leaves.length === 1) return [];
  const half = halfOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...inclusionProof(left, index), merkleRoot(right)]
    : [...inclusionProof(right, index - half), merkleRoot(left)];
}

export function isIncluded(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash.equals(root);
}

/** That the tree of all leaves continues the one of the first `size`. @throws RangeError unless 0 < size <= leaves */
export function consistencyProof(leaves: readonly Buffer[], size: number): Buffer[] {
  if (!Number.isSafeInteger(size) || size < 1 || size > leaves.length)
    throw new RangeError(`no tree of ${size} in one of ${leaves.length}`);
  return subProof(leaves, size, true);
}

function subProof(leaves: readonly Buffer[], size: number, known: boolean): Buffer[] {
  if (size === leaves.length) return known ? [] : [merkleRoot(leaves)];
  const half = halfOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return size <= half
    ? [...subProof(left, size, known), merkleRoot(right)]
    : [...subProof(right, size - half, false), merkleRoot(left)];
}

/** A tree, as a checkpoint names it. */
export type TreeHead = Readonly<{ size: number; root: Buffer }>;

export function isContinued(earlier: TreeHead, later: TreeHead, proof: readonly Buffer[]): boolean {
  if (!isIndex(earlier.size) || !isIndex(later.size) || earlier.size < 1) return false;
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root);
  const roots = bothRoots(earlier, later.size, proof);
  return roots?.before.equals(earlier.root) === true && roots.after.equals(later.root);
}

/** @returns undefined for a proof of another length */
function bothRoots(
  earlier: TreeHead,
  size: number,
  proof: readonly Buffer[],
): Readonly<{ before: Buffer; after: Buffer }> | undefined {
  let [node, last] = [earlier.size - 1, size - 1];
  while (node % 2 === 1) [node, last] = [(node - 1) / 2, Math.floor(last / 2)];
  // Of a tree that is perfect its own root comes first, and is left out.
  const [first, ...path] = node === 0 ? [earlier.root, ...proof] : proof;
  if (first === undefined) return undefined;
  let [before, after] = [first, first];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      after = nodeHash(after, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? { before, after } : undefined;
}

/** The largest power of two below `count`, which is 2 or more. */
function halfOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

function isIndex(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}
