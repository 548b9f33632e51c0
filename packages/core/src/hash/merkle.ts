// Merkle tree hash. Source: RFC 6962, section 2.1: leaves and nodes have prefixes of their own, so that no node can
// pass for a leaf.

import { sha256 } from "./digest.ts";

const LEAF = Buffer.of(0);

/** @returns the hash of one leaf, 32 bytes */
export function leafHash(leaf: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF, leaf]));
}

const pair = Buffer.alloc(65, 1);

/** @returns the hash of a node over two others, 32 bytes each */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

/**
 * The root over leaf hashes, each 32 bytes.
 *
 * Built level by level with an odd last node carried up unchanged, which gives the tree of the RFC: its split at the
 * largest power of two below n is the same tree.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256(Buffer.alloc(0));
  let level = Buffer.concat(leaves);
  const node = Buffer.alloc(65);
  node[0] = 1;
  while (level.length > 32) {
    const above = Buffer.allocUnsafe(Math.ceil(level.length / 64) * 32);
    let to = 0;
    for (let at = 0; at < level.length; at += 64, to += 32) {
      if (at + 64 > level.length) level.copy(above, to, at, at + 32);
      else {
        level.copy(node, 1, at, at + 64);
        sha256(node).copy(above, to);
      }
    }
    level = above;
  }
  return level;
}
