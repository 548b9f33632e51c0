// What is remembered of a tree: its directories in the order of the walk, one behind the other, in two parts that
// cached-directory.ts describes.

import type { Addon } from "../native/addon.ts";
import { CachedDirectory, type Parts } from "./cached-directory.ts";

/** A directory, and all directories below it, by their places in the order of the walk: the last one is not in it. */
export type Span = Readonly<{ from: number; to: number }>;

/** What is captured of directories and of what is in them: names, those that are files, and their bytes. */
export type Counts = Readonly<{ entries: number; files: number; size: number }>;

/** Of each place 8 numbers: see packages/native/src/addon/known-tree.c. */
const PLACE = 8;
const [LISTING, LEAVES, SPAN, NOT_WHOLE, ENTRIES, FILES, SIZE] = [0, 1, 2, 3, 4, 5, 6] as const;

export class KnownTree {
  /** Of directories. */
  readonly count: number;
  readonly parts: Parts;
  private readonly places: Uint32Array;

  /** @throws RangeError for parts that are none of a tree */
  constructor(addon: Addon, parts: Parts) {
    const { buffer, byteOffset, byteLength } = addon.indexTree(parts.listings, parts.leaves);
    this.parts = parts;
    this.places = new Uint32Array(buffer, byteOffset, byteLength / 4);
    this.count = this.places.length / PLACE - 1;
  }

  equals({ parts: { listings, leaves } }: KnownTree): boolean {
    return this.parts.listings.equals(listings) && this.parts.leaves.equals(leaves);
  }

  get all(): Span {
    return { from: 0, to: this.count };
  }

  /** @param at its place in the order of the walk */
  directory(at: number): CachedDirectory {
    return new CachedDirectory(this.parts, this.told(at, LISTING), this.told(at, LEAVES));
  }

  /** With all that is below it. */
  span(at: number): Span {
    return { from: at, to: at + this.told(at, SPAN) };
  }

  /** The places of the directories in one. */
  directoriesIn(at: number): readonly number[] {
    const { to } = this.span(at);
    const places: number[] = [];
    for (let next = at + 1; next < to; next = this.span(next).to) places.push(next);
    return places;
  }

  /** Whether all that the filter captures there is known for certain. */
  isWhole({ from, to }: Span): boolean {
    return this.told(from, NOT_WHOLE) === this.told(to, NOT_WHOLE);
  }

  counts({ from, to }: Span): Counts {
    const count = (what: number) => this.told(to, what) - this.told(from, what);
    return {
      entries: count(ENTRIES),
      files: count(FILES),
      size: count(SIZE) + count(SIZE + 1) * 0x1_0000_0000,
    };
  }

  /** As they stand there. */
  bytes({ from, to }: Span): Parts {
    return {
      listings: this.parts.listings.subarray(this.told(from, LISTING), this.told(to, LISTING)),
      leaves: this.parts.leaves.subarray(this.told(from, LEAVES), this.told(to, LEAVES)),
    };
  }

  private told(at: number, what: number): number {
    return this.places[at * PLACE + what] as number;
  }
}
