// What the addon tells of a file: the records of packages/native/src/addon/file-record.h.

import { constants } from "node:fs";

export const RECORD_SIZE = 64;

/** The part that says whether a file is still what it was; an agent cannot set the time of change. */
export const IDENTITY_SIZE = 56;
export const CHANGED_AT = 40;
/** Bytes of a device and a number: what names an inode among all of the machine. */
export const INODE_SIZE = 16;
const NAME_LENGTH_AT = 56;
const FLAGS_AT = 60;
const [ATTRIBUTED, HOLES, UNTIMED] = [1, 2, 4];

export type Kind = "file" | "directory" | "link" | "other";

/**
 * Times in nanoseconds since 1970, size in bytes. `attributed` is only known of a file that was read. Most records are
 * only compared: what they say is read when it is asked for.
 */
export class FileRecord {
  private readonly buffer: Buffer;
  private readonly at: number;
  readonly kind: Kind;

  constructor(buffer: Buffer, at: number) {
    this.buffer = buffer;
    this.at = at;
    this.kind = kindOf(buffer.readUInt32LE(at + 48));
  }

  get bytes(): Buffer {
    return this.buffer.subarray(this.at, this.at + IDENTITY_SIZE);
  }

  get inode(): Buffer {
    return this.buffer.subarray(this.at, this.at + INODE_SIZE);
  }

  get mode(): number {
    return this.buffer.readUInt32LE(this.at + 48) & 0o7777;
  }

  get size(): number {
    return this.number(16);
  }

  get modified(): bigint {
    return this.buffer.readBigInt64LE(this.at + 32);
  }

  get changed(): bigint {
    return this.buffer.readBigInt64LE(this.at + CHANGED_AT);
  }

  get links(): number {
    return this.buffer.readUInt32LE(this.at + 52);
  }

  get mayHaveHoles(): boolean {
    return (this.flags & HOLES) !== 0;
  }

  get attributed(): boolean {
    return (this.flags & ATTRIBUTED) !== 0;
  }

  /** Its content may change, and its times do not. Only known of a file that was read. */
  get untimed(): boolean {
    return (this.flags & UNTIMED) !== 0;
  }

  get uid(): number {
    return this.buffer.readUInt32LE(this.at + 24);
  }

  get gid(): number {
    return this.buffer.readUInt32LE(this.at + 28);
  }

  private get flags(): number {
    return this.buffer.readUInt32LE(this.at + FLAGS_AT);
  }

  private number(offset: number): number {
    const at = this.at + offset;
    return this.buffer.readUInt32LE(at) + this.buffer.readUInt32LE(at + 4) * 0x1_0000_0000;
  }
}

export function readRecord(bytes: Buffer, at = 0): FileRecord {
  return new FileRecord(bytes, at);
}

/** The inode as a key. */
export function inodeOf(record: FileRecord): string {
  return record.inode.toString("latin1");
}

/** Whether both are of one inode that nobody touched in between. */
export function isUntouched(a: FileRecord, b: FileRecord): boolean {
  return a.bytes.equals(b.bytes);
}

type Listed = Readonly<{ name: Buffer; record: FileRecord }>;

/** A listing taken apart: names as bytes, in their order. */
export function* readListing(listing: Buffer): Generator<Listed> {
  for (let at = 0; at < listing.length; at = nextAt(listing, at))
    yield { name: nameAt(listing, at), record: readRecord(listing, at) };
}

/** The name of the entry of a listing that begins there. */
export function nameAt(listing: Buffer, at: number): Buffer {
  return listing.subarray(at + RECORD_SIZE, nextAt(listing, at));
}

/** Where the entry behind it begins. */
export function nextAt(listing: Buffer, at: number): number {
  return at + RECORD_SIZE + listing.readUInt32LE(at + NAME_LENGTH_AT);
}

function kindOf(mode: number): Kind {
  switch (mode & constants.S_IFMT) {
    case constants.S_IFREG:
      return "file";
    case constants.S_IFDIR:
      return "directory";
    case constants.S_IFLNK:
      return "link";
    default:
      return "other";
  }
}
