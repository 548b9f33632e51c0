// What was captured of a tree the last time, directory by directory. A file is known by its record: device, inode,
// size, mode, times of modification and of change in ns. An agent cannot set the time of change, but on a file system in
// memory it can leave it as it is: contents there are not remembered.
//
// The cache is a hint and never the truth: with one byte of it changed it is as if there were none. It has two parts, of
// which the second one, twice as long, is only read when something changed.
//
//   "nonocch8", SHA-256 of the listings (32), length of the listings (8)
//   listings: SHA-256 of the leaves (32), digest of the filter (32)
//             1 when all directories are whole (8), how many they are (8), entries of all (8), bytes of their files (8)
//             directories: see known-tree.ts
//   leaves:   the same directories

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
import { hex, sha256, startSha256 } from "../hash/digest.ts";
import type { Addon } from "../native/addon.ts";
import { randomId } from "../random.ts";
import { fileName } from "../text/bytes.ts";
import { CachedDirectory } from "./cached-directory.ts";
import type { Filter } from "./filter.ts";
import { KnownTree } from "./known-tree.ts";

const MAGIC = Buffer.from("nonocch8");
/** What stands before the listings, and before the first of them. */
const START = 48;
const HEAD = 96;

function digestOfFilter({ exclude, include }: Filter): Buffer {
  return sha256(Buffer.from(JSON.stringify([exclude, include])));
}

/** What is remembered of one root. */
export class StatCache {
  /** SHA-256 of all that is remembered; undefined where nothing is. */
  readonly digest: string | undefined;
  /** Of directories in the order of the walk, and how many. */
  readonly listings: Buffer;
  readonly count: number;
  readonly isSameFilter: boolean;
  /** Whether nothing of the tree has to be looked at again that is as it was. */
  readonly isWhole: boolean;
  /** Of a tree that is whole. */
  readonly entries: number;
  readonly size: number;
  private readonly file: CacheFile | undefined;
  private readonly addon: Addon;
  private known: { tree: KnownTree | undefined } | undefined;

  constructor(addon: Addon, file: CacheFile | undefined, filter: Filter | undefined) {
    const head = file?.listings ?? EMPTY;
    this.addon = addon;
    this.file = file;
    this.digest = file?.digest;
    this.isSameFilter = filter !== undefined && head.subarray(32, 64).equals(digestOfFilter(filter));
    this.isWhole = this.isSameFilter && head[64] === 1;
    this.count = Number(head.readBigUInt64LE(72));
    this.entries = Number(head.readBigUInt64LE(80));
    this.size = Number(head.readBigUInt64LE(88));
    this.listings = head.subarray(HEAD);
  }

  /** How the root itself stood in the directory that it lies in; empty where it did not. */
  get rootListing(): Buffer {
    if (this.count === 0) return NOTHING;
    return new CachedDirectory({ listings: this.listings, leaves: NOTHING }, 0, 0).listing;
  }

  /** Undefined when nothing is remembered, or its leaves are not what was written. */
  get tree(): KnownTree | undefined {
    this.known ??= { tree: this.readTree() };
    return this.known.tree;
  }

  private readTree(): KnownTree | undefined {
    const leaves = this.count > 0 ? this.file?.readLeaves() : undefined;
    return leaves && new KnownTree(this.addon, { listings: this.listings, leaves });
  }

  close(): void {
    this.file?.close();
  }
}

const EMPTY = Buffer.alloc(HEAD);
const NOTHING = Buffer.alloc(0);

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

  /** Undefined when they are not what was written. */
  readLeaves(): Buffer | undefined {
    const leaves = this.read(this.leavesAt, fstatSync(this.descriptor).size);
    return sha256(leaves).equals(this.listings.subarray(0, 32)) ? leaves : undefined;
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
 * @param filter without one, or with another than the last time, nothing is whole
 */
export function readCache(addon: Addon, file: string, filter: Filter | undefined): StatCache {
  try {
    return new StatCache(addon, new CacheFile(file), filter);
  } catch {
    return new StatCache(addon, undefined, filter);
  }
}

/** What was written beside its place: `keep` puts it there, and `drop` removes it unless it was kept. */
export type Hint = Readonly<{ keep: () => void; drop: () => void }>;

export type CacheHint = Hint & Readonly<{ digest: string }>;

/** @throws the file system's own error, as `keep` does */
export function prepareCache(file: string, filter: Filter, tree: KnownTree): CacheHint {
  const { entries, size } = tree.counts(tree.all);
  const { listings, leaves } = tree.parts;
  const head = Buffer.alloc(HEAD);
  sha256(leaves).copy(head);
  digestOfFilter(filter).copy(head, 32);
  head[64] = tree.isWhole(tree.all) ? 1 : 0;
  head.writeBigUInt64LE(BigInt(tree.count), 72);
  head.writeBigUInt64LE(BigInt(entries), 80);
  head.writeBigUInt64LE(BigInt(size), 88);
  const hash = startSha256();
  hash.update(head);
  hash.update(listings);
  const digest = hash.digest("hex");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(HEAD + listings.length));
  const hint = prepareHint(file, [MAGIC, Buffer.from(digest, "hex"), length, head, listings, leaves]);
  return { ...hint, digest };
}

/**
 * In one piece or not at all; whether it outlives a crash of the machine does not matter.
 * @throws the file system's own error, as `keep` does
 */
export function prepareHint(file: string, parts: readonly Buffer[]): Hint {
  const temporary = fileName(`${file}.${randomId()}.tmp`);
  const drop = () => rmSync(temporary, { force: true });
  mkdirSync(fileName(directoryOf(file)), { recursive: true, mode: 0o700 });
  try {
    for (const part of parts) writeFileSync(temporary, part, { mode: 0o600, flag: "a" });
  } catch (error) {
    drop();
    throw error;
  }
  const keep = () => {
    // In the place of another one, ext4 would write it out at once (ext4(5), auto_da_alloc).
    rmSync(fileName(file), { force: true });
    renameSync(temporary, fileName(file));
  };
  return { keep, drop };
}
