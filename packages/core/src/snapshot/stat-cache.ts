// What was captured of a tree the last time, directory by directory. A file is known by its record: device, inode,
// size, mode, times of modification and of change in ns. An agent cannot set the time of change, but on a file system in
// memory it can leave it as it is: contents there are not remembered.
//
// The cache is a hint and never the truth: with one byte of it changed it is as if there were none.
//
//   "nonocch5", SHA-256 of the rest (32)
//   digest of the filter (32), 1 when all directories are whole (8), entries of all (8), bytes of their files (8)
//   directories in the order of the walk, each led by its length (4):
//     inode        device and number (16); of the first one, which is where the root lies, nothing
//     path         led by its length (4)
//     listing      led by its length (4)
//     lengths      4 for each entry of the listing: of its leaf, or 0 where nothing is known; led by their length (4)
//     row          of the leaves that are known; led by its length (4)
//     verdict (1), whole (1), entries (4), files (4), bytes of files (8)
//     directories  the rest: for each in it, where it begins in the listing (4), and its leaf in the row (4)

import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { directoryOf } from "../files/path-names.ts";
import { hex, sha256 } from "../hash/digest.ts";
import { bytesOf, fileName, textOf } from "../text/bytes.ts";
import { type FileRecord, RECORD_SIZE, readListing } from "./file-record.ts";
import type { Filter, Verdict } from "./filter.ts";
import { rowOf } from "./leaves.ts";

/** A directory in another one: where its record begins in the listing, and its leaf in the row. */
export type Subdirectory = Readonly<{ inListing: number; inRow: number }>;

/** By path. */
export type CachedDirectories = ReadonlyMap<string, CachedDirectory>;

const MAGIC = Buffer.from("nonocch5");
const HEAD = 56;
const INODE = 16;
const TAIL = 18;
const NO_INODE = Buffer.alloc(INODE);

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
    let at = INODE;
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
  const parts = [bytesOf(path), listing, numbers(lengths), Buffer.concat(rows)];
  const inode = own?.bytes.subarray(0, INODE) ?? NO_INODE;
  const bytes = Buffer.concat([inode, ...parts.map(rowOf), tail, numbers(ends)]);
  return { bytes, isWhole, entries: rows.length, size };
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}

function digestOfFilter({ exclude, include }: Filter): Buffer {
  return sha256(Buffer.from(JSON.stringify([exclude, include])));
}

/** What is remembered of one root. */
export class StatCache {
  /** SHA-256 of all that is remembered; undefined where nothing is. */
  readonly digest: string | undefined;
  /** Directories one behind the other, each led by its length, and where each of them begins. */
  readonly bytes: Buffer;
  readonly starts: readonly number[];
  /** Whether nothing of the tree has to be looked at again that is as it was. */
  readonly isWhole: boolean;
  /** Of a tree that is whole. */
  readonly entries: number;
  readonly size: number;
  private readonly isSameFilter: boolean;
  private decoded: CachedDirectories | undefined;

  constructor(digest: string | undefined, body: Buffer, filter: Filter | undefined) {
    this.digest = digest;
    this.isSameFilter = filter !== undefined && body.subarray(0, 32).equals(digestOfFilter(filter));
    this.isWhole = this.isSameFilter && body[32] === 1;
    this.entries = body.length === 0 ? 0 : Number(body.readBigUInt64LE(40));
    this.size = body.length === 0 ? 0 : Number(body.readBigUInt64LE(48));
    this.bytes = body.subarray(HEAD);
    const starts: number[] = [];
    for (let at = 0; at < this.bytes.length; at += 4 + this.bytes.readUInt32LE(at)) starts.push(at);
    this.starts = starts;
  }

  /** How the root itself stood in the directory that it lies in; empty where it did not. */
  get rootListing(): Buffer {
    return this.directoryAt(0)?.listing ?? NOTHING;
  }

  get directories(): CachedDirectories {
    this.decoded ??= new Map(
      this.starts.map((_, index) => {
        const directory = this.directoryAt(index) as CachedDirectory;
        return [directory.path, directory];
      }),
    );
    return this.decoded;
  }

  private directoryAt(index: number): CachedDirectory | undefined {
    const at = this.starts[index];
    if (at === undefined) return undefined;
    const start = at + 4;
    return new CachedDirectory(
      this.bytes.subarray(start, start + this.bytes.readUInt32LE(at)),
      this.isSameFilter,
    );
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * Empty when there is none, or one that is not what was written.
 * @param filter without one, or with another than the last time, no directory is whole
 */
export function readCache(file: string, filter: Filter | undefined): StatCache {
  let bytes: Buffer;
  try {
    bytes = readFileSync(fileName(file));
  } catch {
    return new StatCache(undefined, NOTHING, filter);
  }
  const body = bytes.subarray(40);
  const digest = bytes.subarray(8, 40);
  return bytes.subarray(0, 8).equals(MAGIC) && digest.equals(sha256(body))
    ? new StatCache(hex(digest), body, filter)
    : new StatCache(undefined, NOTHING, filter);
}

/** `entries`, `size`: of a directory that is whole. */
export type EncodedDirectory = Pick<CachedDirectory, "bytes" | "isWhole" | "entries" | "size">;

/**
 * @param directories in the order of the walk
 * @returns its digest, and whether it is whole. @throws the file system's own error
 */
export function writeCache(
  file: string,
  filter: Filter,
  directories: readonly EncodedDirectory[],
): Pick<StatCache, "digest" | "isWhole"> {
  const isWhole = directories.length > 0 && directories.every((directory) => directory.isWhole);
  const head = Buffer.alloc(HEAD);
  digestOfFilter(filter).copy(head);
  head[32] = isWhole ? 1 : 0;
  head.writeBigUInt64LE(BigInt(directories.reduce((sum, { entries }) => sum + entries, 0)), 40);
  head.writeBigUInt64LE(BigInt(directories.reduce((sum, { size }) => sum + size, 0)), 48);
  const lengths = numbers(directories.map(({ bytes }) => bytes.length));
  const parts: Buffer[] = [head];
  for (const [index, { bytes }] of directories.entries())
    parts.push(lengths.subarray(4 * index, 4 * index + 4), bytes);
  const body = Buffer.concat(parts);
  const digest = sha256(body);
  writeHint(file, [MAGIC, digest, body]);
  return { digest: hex(digest), isWhole };
}

/** In one piece or not at all; whether it outlives a crash of the machine does not matter. @throws the file system's own error */
export function writeHint(file: string, parts: readonly Buffer[]): void {
  const temporary = `${file}.${randomUUID()}.tmp`;
  mkdirSync(fileName(directoryOf(file)), { recursive: true, mode: 0o700 });
  try {
    for (const part of parts) writeFileSync(fileName(temporary), part, { mode: 0o600, flag: "a" });
    renameSync(fileName(temporary), fileName(file));
  } catch (error) {
    rmSync(fileName(temporary), { force: true });
    throw error;
  }
}
