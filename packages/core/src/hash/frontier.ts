// The right edge of a growing Merkle tree: what is needed to append to it and to know its root, without its leaves.
// Source: RFC 6962, section 2.1; RFC 9162, section 2.1.2.

import { sha256 } from "./digest.ts";
import { nodeHash } from "./merkle.ts";

/** A tree of n leaves is one perfect tree for each bit of n, the largest first; this holds their roots. */
export class Frontier {
  #size: number;
  /** The largest first. */
  readonly #peaks: Buffer[];

  /** @param peaks one for each bit of `size`, the largest tree's first */
  constructor(size = 0, peaks: readonly Buffer[] = []) {
    if (peaks.length !== bitsOf(size)) throw new RangeError(`${peaks.length} peaks for ${size} leaves`);
    this.#size = size;
    this.#peaks = [...peaks];
  }

  get size(): number {
    return this.#size;
  }

  get peaks(): readonly Buffer[] {
    return [...this.#peaks];
  }

  /** @param leaf hash of one leaf, 32 bytes */
  push(leaf: Buffer): void {
    let hash = leaf;
    // Leaves may be more than 2^32: no bit operators.
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2)
      hash = nodeHash(this.#peaks.pop() as Buffer, hash);
    this.#peaks.push(hash);
    this.#size += 1;
  }

  root(): Buffer {
    const last = this.#peaks.at(-1);
    if (last === undefined) return sha256(Buffer.alloc(0));
    return this.#peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
  }

  copy(): Frontier {
    return new Frontier(this.#size, this.#peaks);
  }
}

function bitsOf(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
