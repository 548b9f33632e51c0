// One directory in what is remembered of a tree, in two parts: how it stands among the listings, and among the leaves.
//
// listing:
//   inode        device and number (16); of the first one, which is where the root lies, nothing
//   path         led by its length (4)
//   listing      led by its length (4)
// leaves:
//   lengths      4 for each entry of the listing: of its leaf, or 0 where nothing is known; led by their length (4)
//   row          of the leaves that are known; led by its length (4)
//   verdict (1), whole (1), entries (4), files (4), bytes of files (8)
//   directories  the rest: for each in it, where it begins in the listing (4), and its leaf in the row (4)

import { bytesOf, textOf } from "../text/bytes.ts";
import { type FileRecord, RECORD_SIZE, readListing } from "./file-record.ts";
import type { Verdict } from "./filter.ts";
import { rowOf } from "./leaves.ts";

/** A directory in another one: where its record begins in the listing, and its leaf in the row. */
export type Subdirectory = Readonly<{ inListing: number; inRow: number }>;

/** Bytes of a device and a number. */
export const INODE = 16;
const TAIL = 18;
const NO_INODE = Buffer.alloc(INODE);

/** Takes parts that are led by their length from the start of bytes. */
export function parts(bytes: Buffer, from: number): { next: () => Buffer; at: () => number } {
  let at = from;
  const next = () => {
    const start = at + 4;
    at = start + bytes.readUInt32LE(at);
    return bytes.subarray(start, at);
  };
  return { next, at: () => at };
}

export type EncodedBytes = Readonly<{ listing: Buffer; leaves: Buffer }>;

/** `entries`, `size`: of a directory that is whole. */
export type EncodedDirectory = Pick<CachedDirectory, "bytes" | "isWhole" | "entries" | "size">;

/** One directory as it was. */
export class CachedDirectory {
  /** How it stands among the listings, and among the leaves. */
  readonly bytes: EncodedBytes;
  readonly path: string;
  readonly listing: Buffer;
  /** Leaves of what is known of its entries, in the order of the listing. */
  readonly row: Buffer;
  readonly verdict: Verdict;
  /** Whether all that the filter captures of it is in the row, and nothing of it has to be looked at again. */
  readonly isWhole: boolean;
  readonly entries: number;
  readonly files: number;
  readonly size: number;
  private readonly lengths: Buffer;
  private readonly ends: Buffer;

  /** @param isSameFilter as the last time, so that it captures the same */
  constructor(bytes: EncodedBytes, isSameFilter: boolean) {
    const listed = parts(bytes.listing, INODE);
    const known = parts(bytes.leaves, 0);
    this.bytes = bytes;
    this.path = textOf(listed.next());
    this.listing = listed.next();
    this.lengths = known.next();
    this.row = known.next();
    const tail = bytes.leaves.subarray(known.at());
    this.verdict = tail[0] === 1 ? "transit" : "captured";
    this.isWhole = isSameFilter && tail[1] === 1;
    this.entries = tail.readUInt32LE(2);
    this.files = tail.readUInt32LE(6);
    this.size = Number(tail.readBigUInt64LE(10));
    this.ends = tail.subarray(TAIL);
  }

  subdirectories(): readonly Subdirectory[] {
    return Array.from({ length: this.ends.length / 8 }, (_, index) => ({
      inListing: this.ends.readUInt32LE(index * 8),
      inRow: this.ends.readUInt32LE(index * 8 + 4),
    }));
  }

  /** What is known of the entries of a listing, in its order. */
  leavesFor(listing: Buffer): readonly (Buffer | undefined)[] {
    if (this.listing.equals(listing)) return this.leaves();
    const before = new Map<string, { record: Buffer; leaf: Buffer | undefined }>();
    const leaves = this.leaves();
    let index = 0;
    for (const { name, record } of readListing(this.listing))
      before.set(name.toString("latin1"), { record: record.bytes, leaf: leaves[index++] });
    return Array.from(readListing(listing), ({ name, record }) => {
      const known = before.get(name.toString("latin1"));
      return known?.record.equals(record.bytes) ? known.leaf : undefined;
    });
  }

  private leaves(): (Buffer | undefined)[] {
    let at = 0;
    return Array.from({ length: this.lengths.length / 4 }, (_, index) => {
      const length = this.lengths.readUInt32LE(index * 4);
      if (length === 0) return undefined;
      at += 4 + length;
      return this.row.subarray(at - length, at);
    });
  }
}

/** What there is to remember of a directory. `leaves`: for each entry of the listing, where it is known for certain. */
export type Remembered = Readonly<{
  /** Undefined of the one that the root lies in. */
  record: FileRecord | undefined;
  path: string;
  listing: Buffer;
  leaves: readonly (Buffer | undefined)[];
  verdict: Verdict;
  isWhole: boolean;
  files: number;
  size: number;
}>;

export function encodeDirectory(directory: Remembered): EncodedDirectory {
  const { record: own, path, listing, leaves, verdict, isWhole, files, size } = directory;
  const lengths: number[] = [];
  const rows: Buffer[] = [];
  const ends: number[] = [];
  let [inListing, inRow, index] = [0, 0, 0];
  for (const { name, record } of readListing(listing)) {
    const leaf = leaves[index++];
    lengths.push(leaf?.length ?? 0);
    if (leaf !== undefined && record.kind === "directory") ends.push(inListing, inRow);
    if (leaf !== undefined) rows.push(rowOf(leaf));
    if (leaf !== undefined) inRow += 4 + leaf.length;
    inListing += RECORD_SIZE + name.length;
  }
  const tail = Buffer.alloc(TAIL);
  tail[0] = verdict === "transit" ? 1 : 0;
  tail[1] = isWhole ? 1 : 0;
  tail.writeUInt32LE(rows.length, 2);
  tail.writeUInt32LE(files, 6);
  tail.writeBigUInt64LE(BigInt(size), 10);
  const inode = own?.bytes.subarray(0, INODE) ?? NO_INODE;
  const bytes = {
    listing: Buffer.concat([inode, rowOf(bytesOf(path)), rowOf(listing)]),
    leaves: Buffer.concat([rowOf(numbers(lengths)), rowOf(Buffer.concat(rows)), tail, numbers(ends)]),
  };
  return { bytes, isWhole, entries: rows.length, size };
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}
