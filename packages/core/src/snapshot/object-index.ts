// Which pack has a content, for all packs at once: looking into each in turn would cost more with every session.

import type { Addon } from "../native/addon.ts";
import { ROW_SIZE } from "./pack.ts";

/** The index of one pack, as it lies in it. */
type Rows = Readonly<{ index: Buffer }>;

/** `row`: where in the index of the pack. */
export type Found<P> = Readonly<{ pack: P; row: number }>;

/** A table of hashes with open addressing. Digests are as good as random: their first bytes say where to look. */
export class ObjectIndex<P extends Rows> {
  private readonly packs: readonly P[];
  /** Number of the first row of each pack, counted over all. */
  private readonly starts: readonly number[];
  /** Number of a row plus one, or 0. */
  private readonly slots: Uint32Array;
  private readonly mask: number;
  private readonly wanted = Buffer.alloc(32);

  constructor(addon: Pick<Addon, "indexRows">, packs: readonly P[]) {
    this.packs = packs;
    const starts: number[] = [];
    let count = 0;
    for (const { index } of packs) {
      starts.push(count);
      count += index.length / ROW_SIZE;
    }
    this.starts = starts;
    this.mask = 2 ** Math.ceil(Math.log2(2 * count + 2)) - 1;
    this.slots = new Uint32Array(this.mask + 1);
    const bytes = new Uint8Array(this.slots.buffer);
    for (const [number, { index }] of packs.entries())
      addon.indexRows(index, ROW_SIZE, starts[number] as number, bytes);
  }

  /** In the first pack that has it. @param digest in hexadecimal digits */
  find(digest: string): Found<P> | undefined {
    this.wanted.write(digest, "hex");
    const { slots, mask } = this;
    for (let slot = this.wanted.readUInt32LE(0) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const found = this.at((slots[slot] as number) - 1);
      if (this.isWanted(found)) return found;
    }
    return undefined;
  }

  /** Byte by byte, which is compiled to less than one call of `compare` costs. */
  private isWanted({ pack: { index }, row }: Found<P>): boolean {
    for (let at = 0; at < 32; at++) if (index[row + at] !== this.wanted[at]) return false;
    return true;
  }

  private at(number: number): Found<P> {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= number) low = middle;
      else high = middle - 1;
    }
    return { pack: this.packs[low] as P, row: (number - (this.starts[low] as number)) * ROW_SIZE };
  }
}
