// What was captured of a tree the last time, directory by directory. A file is known by its record: device, inode,
// size, mode, times of modification and of change in ns. An agent cannot set the time of change, but on a file system in
// memory it can leave it as it is: contents there are not remembered.
//
// The cache is a hint and never the truth: with one byte of it changed it is as if there were none. It has two parts, of
// which the second one, twice as long, is only read when something changed.
//
//   "nonocch6", SHA-256 of the listings (32), length of the listings (8)
//   listings: SHA-256 of the leaves (32), digest of the filter (32)
//             1 when all directories are whole (8), entries of all (8), bytes of their files (8)
//             directories in the order of the walk, each led by its length (4)
//   leaves:   the same directories, each led by its length (4): see cached-directory.ts for both

import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { directoryOf } from "../files/path-names.ts";
import { openRegular } from "../files/regular-file.ts";
import { hex, sha256 } from "../hash/digest.ts";
import { randomId } from "../random.ts";
import { fileName } from "../text/bytes.ts";
import { CachedDirectory, type EncodedDirectory, INODE, parts } from "./cached-directory.ts";
import type { Filter } from "./filter.ts";
import { rowOf } from "./leaves.ts";

/** By path. */
export type CachedDirectories = ReadonlyMap<string, CachedDirectory>;

const MAGIC = Buffer.from("nonocch6");
/** What stands before the listings, and before the first of them. */
const START = 48;
const HEAD = 88;
const NOTHING = Buffer.alloc(0);

function digestOfFilter({ exclude, include }: Filter): Buffer {
  return sha256(Buffer.from(JSON.stringify([exclude, include])));
}

/** What is remembered of one root. */
export class StatCache {
  /** SHA-256 of all that is remembered; undefined where nothing is. */
  readonly digest: string | undefined;
  /** Listings of directories one behind the other, each led by its length, and where each of them begins. */
  readonly bytes: Buffer;
  readonly starts: readonly number[];
  /** Whether nothing of the tree has to be looked at again that is as it was. */
  readonly isWhole: boolean;
  /** Of a tree that is whole. */
  readonly entries: number;
  readonly size: number;
  private readonly file: CacheFile | undefined;
  private readonly isSameFilter: boolean;
  private decoded: CachedDirectories | undefined;

  constructor(file: CacheFile | undefined, filter: Filter | undefined) {
    const head = file?.listings ?? EMPTY;
    this.file = file;
    this.digest = file?.digest;
    this.isSameFilter = filter !== undefined && head.subarray(32, 64).equals(digestOfFilter(filter));
    this.isWhole = this.isSameFilter && head[64] === 1;
    this.entries = Number(head.readBigUInt64LE(72));
    this.size = Number(head.readBigUInt64LE(80));
    this.bytes = head.subarray(HEAD);
    this.starts = startsIn(this.bytes);
  }

  /** How the root itself stood in the directory that it lies in; empty where it did not. */
  get rootListing(): Buffer {
    if (this.starts.length === 0) return NOTHING;
    const { next } = parts(parts(this.bytes, 0).next(), INODE);
    next();
    return next();
  }

  /** None when their leaves are not what was written. */
  get directories(): CachedDirectories {
    this.decoded ??= this.decode();
    return this.decoded;
  }

  private decode(): CachedDirectories {
    const leaves = this.file?.readLeaves() ?? NOTHING;
    if (leaves.length === 0) return new Map();
    const listings = parts(this.bytes, 0);
    const known = parts(leaves, 0);
    return new Map(
      this.starts.map(() => {
        const bytes = { listing: listings.next(), leaves: known.next() };
        const directory = new CachedDirectory(bytes, this.isSameFilter);
        return [directory.path, directory];
      }),
    );
  }

  close(): void {
    this.file?.close();
  }
}

const EMPTY = Buffer.alloc(HEAD);

function startsIn(bytes: Buffer): number[] {
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32LE(at)) starts.push(at);
  return starts;
}

/** A cache that is held open, so that both of its parts are of one writing. */
class CacheFile {
  readonly listings: Buffer;
  readonly digest: string;
  private readonly descriptor: number;
  private readonly leavesAt: number;

  /** @throws when it is not what was written, or cannot be read */
  constructor(file: string) {
    this.descriptor = openRegular(file, constants.O_RDONLY);
    try {
      const start = this.read(0, START);
      if (!start.subarray(0, 8).equals(MAGIC)) throw new TypeError("no cache");
      this.leavesAt = START + Number(start.readBigUInt64LE(40));
      this.listings = this.read(START, this.leavesAt);
      const digest = sha256(this.listings);
      if (this.listings.length < HEAD || !digest.equals(start.subarray(8, 40)))
        throw new TypeError("changed");
      this.digest = hex(digest);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Nothing when they are not what was written. */
  readLeaves(): Buffer {
    const leaves = this.read(this.leavesAt, fstatSync(this.descriptor).size);
    return sha256(leaves).equals(this.listings.subarray(0, 32)) ? leaves : NOTHING;
  }

  private read(from: number, to: number): Buffer {
    const size = Math.min(to, fstatSync(this.descriptor).size) - from;
    const bytes = Buffer.allocUnsafe(Math.max(0, size));
    let done = 0;
    for (let count = -1; count !== 0 && done < bytes.length; done += count)
      count = readSync(this.descriptor, bytes, done, bytes.length - done, from + done);
    return bytes.subarray(0, done);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/**
 * Empty when there is none, or one that is not what was written.
 * @param filter without one, or with another than the last time, no directory is whole
 */
export function readCache(file: string, filter: Filter | undefined): StatCache {
  try {
    return new StatCache(new CacheFile(file), filter);
  } catch {
    return new StatCache(undefined, filter);
  }
}

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
  const leaves = Buffer.concat(directories.map(({ bytes }) => rowOf(bytes.leaves)));
  const head = Buffer.alloc(HEAD);
  sha256(leaves).copy(head);
  digestOfFilter(filter).copy(head, 32);
  head[64] = isWhole ? 1 : 0;
  head.writeBigUInt64LE(BigInt(directories.reduce((sum, { entries }) => sum + entries, 0)), 72);
  head.writeBigUInt64LE(BigInt(directories.reduce((sum, { size }) => sum + size, 0)), 80);
  const listings = Buffer.concat([head, ...directories.map(({ bytes }) => rowOf(bytes.listing))]);
  const digest = sha256(listings);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(listings.length));
  writeHint(file, [MAGIC, digest, length, listings, leaves]);
  return { digest: hex(digest), isWhole };
}

/** In one piece or not at all; whether it outlives a crash of the machine does not matter. @throws the file system's own error */
export function writeHint(file: string, parts: readonly Buffer[]): void {
  const temporary = `${file}.${randomId()}.tmp`;
  mkdirSync(fileName(directoryOf(file)), { recursive: true, mode: 0o700 });
  try {
    for (const part of parts) writeFileSync(fileName(temporary), part, { mode: 0o600, flag: "a" });
    renameSync(fileName(temporary), fileName(file));
  } catch (error) {
    rmSync(fileName(temporary), { force: true });
    throw error;
  }
}
