// What was captured of a tree the last time, directory by directory. A file is known by its record: device, inode,
// size, mode, times of modification and of change in ns. An agent cannot set the time of change.
//
// The cache is a hint and never the truth: with one byte of it changed it is as if there were none.
//
//   "nonocch2", SHA-256 of the rest (32), digest of the filter (32); then directories in the order of the walk, each
//   led by its length (4):
//     path         led by its length (4)
//     listing      led by its length (4)
//     lengths      4 for each entry of the listing: of its leaf, or 0 where nothing is known; led by their length (4)
//     row          of the leaves that are known; led by its length (4)
//     verdict (1), whole (1), entries (4), files (4), bytes of files (8)
//     directories  the rest: for each in it, where it begins in the listing (4), and its leaf in the row (4)

import { mkdirSync, readFileSync } from "node:fs";
import { writeDurably } from "../files/durable-write.ts";
import { directoryOf } from "../files/path-names.ts";
import { sha256 } from "../hash/digest.ts";
import { bytesOf, fileName, textOf } from "../text/bytes.ts";
import { RECORD_SIZE, readListing } from "./file-record.ts";
import type { Filter, Verdict } from "./filter.ts";
import { rowOf } from "./leaves.ts";

/** A directory in another one: where its record begins in the listing, and its leaf in the row. */
export type Subdirectory = Readonly<{ inListing: number; inRow: number }>;

/** By path. */
export type StatCache = ReadonlyMap<string, CachedDirectory>;

const MAGIC = Buffer.from("nonocch2");
const TAIL = 18;

/** One directory as it was. */
export class CachedDirectory {
  /** How it stands in the cache. */
  readonly bytes: Buffer;
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
  constructor(bytes: Buffer, isSameFilter: boolean) {
    let at = 0;
    const part = () => {
      const start = at + 4;
      at = start + bytes.readUInt32LE(at);
      return bytes.subarray(start, at);
    };
    this.bytes = bytes;
    this.path = textOf(part());
    this.listing = part();
    this.lengths = part();
    this.row = part();
    this.verdict = bytes[at] === 1 ? "transit" : "captured";
    this.isWhole = isSameFilter && bytes[at + 1] === 1;
    this.entries = bytes.readUInt32LE(at + 2);
    this.files = bytes.readUInt32LE(at + 6);
    this.size = Number(bytes.readBigUInt64LE(at + 10));
    this.ends = bytes.subarray(at + TAIL);
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
  path: string;
  listing: Buffer;
  leaves: readonly (Buffer | undefined)[];
  verdict: Verdict;
  isWhole: boolean;
  files: number;
  size: number;
}>;

export function encodeDirectory(directory: Remembered): Buffer {
  const { path, listing, leaves, verdict, isWhole, files, size } = directory;
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
  const parts = [bytesOf(path), listing, numbers(lengths), Buffer.concat(rows)];
  return Buffer.concat([...parts.map(rowOf), tail, numbers(ends)]);
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}

function digestOfFilter({ exclude, include }: Filter): Buffer {
  return sha256(Buffer.from(JSON.stringify([exclude, include])));
}

/**
 * Empty when there is none, or one that is not what was written.
 * @param filter without one, or with another than the last time, no directory is whole
 */
export function readCache(file: string, filter: Filter | undefined): StatCache {
  let bytes: Buffer;
  try {
    bytes = readFileSync(fileName(file));
  } catch {
    return new Map();
  }
  const body = bytes.subarray(40);
  const isWhole = bytes.subarray(0, 8).equals(MAGIC) && bytes.subarray(8, 40).equals(sha256(body));
  return isWhole ? decode(body, filter) : new Map();
}

function decode(body: Buffer, filter: Filter | undefined): StatCache {
  const isSameFilter = filter !== undefined && body.subarray(0, 32).equals(digestOfFilter(filter));
  const cache = new Map<string, CachedDirectory>();
  for (let at = 32; at < body.length; ) {
    const end = at + 4 + body.readUInt32LE(at);
    const directory = new CachedDirectory(body.subarray(at + 4, end), isSameFilter);
    cache.set(directory.path, directory);
    at = end;
  }
  return cache;
}

/** @param directories in the order of the walk. @throws the file system's own error */
export function writeCache(file: string, filter: Filter, directories: Iterable<Buffer>): void {
  const parts = [digestOfFilter(filter)];
  for (const directory of directories) {
    const head = Buffer.allocUnsafe(4);
    head.writeUInt32LE(directory.length);
    parts.push(head, directory);
  }
  const body = Buffer.concat(parts);
  mkdirSync(fileName(directoryOf(file)), { recursive: true, mode: 0o700 });
  writeDurably(file, Buffer.concat([MAGIC, sha256(body), body]));
}
