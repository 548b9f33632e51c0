// One directory in what is remembered of a tree, in two parts: how it stands among the listings, and among the leaves.
//
// listing:
//   itself       what identifies its record (56), without times where it changed right before; of the first one, which is where
//                the root lies, nothing
//   path         led by its length (4)
//   listing      led by its length (4)
// leaves:
//   whole (1), entries (4), files (4), bytes of files (8), directories gone into (4)
//   lengths      4 for each entry of the listing: of its leaf, or 0 for none, with two bits; led by their length (4)
//   row          the rest: its leaves

import { bytesOf, textOf } from "../text/bytes.ts";
import { CHANGED_AT, type FileRecord, IDENTITY_SIZE, INODE_SIZE } from "./file-record.ts";
import { HEAD, rowOf } from "./leaves.ts";

/** What stands before the lengths. */
const HEAD_SIZE = 21;
const [ENTRIES_AT, FILES_AT, SIZE_AT, DIRECTORIES_AT] = [1, 5, 9, 17] as const;

/** Beside the length of a leaf: it is not to be believed again; it is of a directory that was gone into. */
const [UNCERTAIN, ENTERED, LENGTH] = [0x8000_0000, 0x4000_0000, 0x3fff_ffff];

/** Of where the root lies. */
const NO_IDENTITY = Buffer.alloc(IDENTITY_SIZE);

/** Both parts of directories one behind the other, each directory led by its length. */
export type Parts = Readonly<{ listings: Buffer; leaves: Buffer }>;

/** One directory as it was. Nothing of it is cut out before it is asked for: most are not. */
export class CachedDirectory {
  private readonly listings: Buffer;
  private readonly leaves: Buffer;
  private readonly listedAt: number;
  private readonly leavesAt: number;

  /** @param listedAt where its length stands among the listings, @param leavesAt and among the leaves */
  constructor({ listings, leaves }: Parts, listedAt: number, leavesAt: number) {
    this.listings = listings;
    this.leaves = leaves;
    this.listedAt = listedAt + 4;
    this.leavesAt = leavesAt + 4;
  }

  get inode(): Buffer {
    return this.identity.subarray(0, INODE_SIZE);
  }

  get identity(): Buffer {
    return this.listings.subarray(this.listedAt, this.listedAt + IDENTITY_SIZE);
  }

  get path(): string {
    return textOf(partAt(this.listings, this.listedAt + IDENTITY_SIZE));
  }

  get listing(): Buffer {
    const pathAt = this.listedAt + IDENTITY_SIZE;
    return partAt(this.listings, pathAt + 4 + this.listings.readUInt32LE(pathAt));
  }

  /** Of the entries of its listing, in their order. */
  knownEntries(): readonly KnownEntry[] {
    const { leaves } = this;
    const lengths = partAt(leaves, this.leavesAt + HEAD_SIZE);
    let [end, directories] = [this.leavesAt + HEAD_SIZE + 4 + lengths.length, 0];
    return Array.from({ length: lengths.length / 4 }, (_, index) => {
      const told = lengths.readUInt32LE(4 * index);
      const start = end;
      if ((told & LENGTH) > 0) end += HEAD + (told & LENGTH);
      const isCertain = end > start && (told & UNCERTAIN) === 0;
      const directory = (told & ENTERED) === 0 ? undefined : directories++;
      return { leaves, start: isCertain ? start : end, end, directory };
    });
  }
}

/**
 * What is known of an entry. `start`, `end`: of its leaf, led by its length, among the leaves; the same where it is not known
 * for certain. `directory`: of one that was gone into, which of those in its directory it is.
 */
export type KnownEntry = Readonly<{
  leaves: Buffer;
  start: number;
  end: number;
  directory: number | undefined;
}>;

/** Undefined when it is not known for certain. */
export function leafOf({ leaves, start, end }: KnownEntry): Buffer | undefined {
  return end > start ? leaves.subarray(start + HEAD, end) : undefined;
}

/** What is led by its length there. */
function partAt(bytes: Buffer, at: number): Buffer {
  return bytes.subarray(at + 4, at + 4 + bytes.readUInt32LE(at));
}

/** What there is to remember of one entry. `isCertain`: it can be known again by its record. `bytes`: of a file. */
export type CapturedLeaf = Readonly<{
  leaf: Buffer;
  isCertain: boolean;
  isEntered: boolean;
  bytes: number | undefined;
  /** Another name may be of the same file, and the first one go. */
  isLinked: boolean;
}>;

/** Leaves as they are known, one behind the other. */
type Run = { leaves: Buffer; start: number; end: number };

/** One directory while its entries are looked at, in their order, and captured, in any. */
export class GrowingDirectory {
  readonly path: string;
  readonly listing: Buffer;
  private readonly identity: Buffer;
  private readonly lengths: number[] = [];
  /** By the number of the entry, of a run of the first one. */
  private readonly rows: (Buffer | Run | undefined)[] = [];
  private run: Run | undefined;
  private isWhole = true;
  private entries = 0;
  private files = 0;
  private size = 0;
  private directories = 0;

  /** @param identity from before it was listed; undefined of where the root lies */
  constructor(identity: Buffer | undefined, path: string, listing: Buffer) {
    this.identity = identity ?? NO_IDENTITY;
    this.path = path;
    this.listing = listing;
  }

  /** The next entry, of which there may be a leaf later. @returns its number */
  next(): number {
    this.run = undefined;
    return this.lengths.push(0) - 1;
  }

  /** The next entry, which is as it is known. */
  keep({ leaves, start, end }: KnownEntry, { kind, size }: FileRecord): void {
    const index = this.lengths.push(end - start - HEAD) - 1;
    this.count(kind === "file" ? size : undefined);
    if (this.run?.end === start) {
      this.run.end = end;
      return;
    }
    this.run = { leaves, start, end };
    this.rows[index] = this.run;
  }

  add(index: number, { leaf, isCertain, isEntered, bytes, isLinked }: CapturedLeaf): void {
    this.lengths[index] = leaf.length + (isCertain ? 0 : UNCERTAIN);
    this.rows[index] = rowOf(leaf);
    this.isWhole &&= isCertain && !isLinked;
    this.count(bytes);
    if (isEntered) this.enter(index);
  }

  /** Of one that vanished when what is in it was captured already. */
  addVanished(index: number, isEntered: boolean): void {
    this.isWhole = false;
    if (isEntered) this.enter(index);
  }

  private count(bytes: number | undefined): void {
    this.entries += 1;
    if (bytes === undefined) return;
    this.files += 1;
    this.size += bytes;
  }

  private enter(index: number): void {
    this.lengths[index] = (this.lengths[index] as number) + ENTERED;
    this.directories += 1;
  }

  /**
   * Adds both parts, each led by its length.
   * @param trustBefore nanoseconds since 1970. What changed later can change once more and have the same times
   */
  encode(listings: Buffer[], leaves: Buffer[], trustBefore: bigint): void {
    const path = bytesOf(this.path);
    const listed = IDENTITY_SIZE + 4 + path.length + 4 + this.listing.length;
    listings.push(numbers([listed]), settled(this.identity, trustBefore), numbers([path.length]), path);
    listings.push(numbers([this.listing.length]), this.listing);
    const row: Buffer[] = [];
    for (const part of this.rows)
      if (part !== undefined) row.push("start" in part ? part.leaves.subarray(part.start, part.end) : part);
    const lengths = numbers([4 * this.lengths.length, ...this.lengths]);
    const length = row.reduce((sum, part) => sum + part.length, HEAD_SIZE + lengths.length);
    leaves.push(numbers([length]), this.head(), lengths);
    for (const part of row) leaves.push(part);
  }

  private head(): Buffer {
    const head = Buffer.alloc(HEAD_SIZE);
    head[0] = this.isWhole ? 1 : 0;
    head.writeUInt32LE(this.entries, ENTRIES_AT);
    head.writeUInt32LE(this.files, FILES_AT);
    head.writeBigUInt64LE(BigInt(this.size), SIZE_AT);
    head.writeUInt32LE(this.directories, DIRECTORIES_AT);
    return head;
  }
}

/** Without times when it changed right before. */
function settled(identity: Buffer, trustBefore: bigint): Buffer {
  if (identity.readBigInt64LE(CHANGED_AT) < trustBefore) return identity;
  return Buffer.concat([identity.subarray(0, INODE_SIZE)], IDENTITY_SIZE);
}

/** 32 bits each. */
function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * values.length);
  for (let index = 0; index < values.length; index++) bytes.writeUInt32LE(values[index] as number, 4 * index);
  return bytes;
}
