// One name in a snapshot, and the bytes that stand for it: what the Merkle tree commits to.

import type { Digest } from "../hash/digest.ts";
import { textOf } from "../text/bytes.ts";
import { ByteWriter } from "./byte-writer.ts";
import { HEAD } from "./leaves.ts";

/** Extended attributes of the user namespace: names as Latin-1 text, values in hexadecimal digits; sorted by name. */
export type Attributes = readonly (readonly [name: string, value: string])[];

/** Data of a sparse file, in bytes: [offset, length]. */
export type Stretch = readonly [offset: number, length: number];

/** What every captured name has. `path` is absolute, `mode` the low twelve bits, `modified` in ns since 1970. */
type Common = Readonly<{
  path: string;
  mode: number;
  uid: number;
  gid: number;
  modified: bigint;
  attributes: Attributes;
}>;

export type FileEntry = Common &
  Readonly<{
    type: "file";
    size: number;
    /** Of the data: of a sparse file, the stretches one behind the other. */
    content: Digest;
    /** Only of a file with holes. */
    stretches: readonly Stretch[] | undefined;
    /** The first name, in the order of the snapshot, of the same inode; of that name itself undefined. */
    linkedTo: string | undefined;
    /** It changed each time that it was read: the content is one that was seen, maybe half written. */
    unstable: boolean;
  }>;

export type DirectoryEntry = Common & Readonly<{ type: "directory" }>;
export type LinkEntry = Common & Readonly<{ type: "link"; target: string }>;
/** A fifo, a socket or a device: known to be there, not captured. */
export type OtherEntry = Common & Readonly<{ type: "other" }>;
/** A file or directory that could not be read; of a directory, all below it is unknown. */
export type UnreadEntry = Common & Readonly<{ type: "unread"; reason: string }>;

export type Entry = FileEntry | DirectoryEntry | LinkEntry | OtherEntry | UnreadEntry;

/** Before it: the type (1), mode (4), owner (4), group (4) and time (8). */
const PATH_LENGTH_AT = 21;
const TYPES = ["file", "directory", "link", "other", "unread"] as const;

/** Canonical: equal entries have equal bytes, and each part is led by its length. */
export function encodeEntry(entry: Entry): Buffer {
  writer.begin();
  writer.byte(TYPES.indexOf(entry.type));
  writer.uint32(entry.mode);
  writer.uint32(entry.uid);
  writer.uint32(entry.gid);
  writer.uint64(BigInt.asUintN(64, entry.modified));
  writer.uint32(0); // of the path, when it is known
  writer.uint16(entry.attributes.length);
  writer.uint32At(PATH_LENGTH_AT, writer.text(entry.path));
  for (const [name, value] of entry.attributes) {
    writer.sized(Buffer.from(name, "latin1"));
    writer.sized(Buffer.from(value, "hex"));
  }
  writeOwn(entry);
  return writer.end();
}

function writeOwn(entry: Entry): void {
  switch (entry.type) {
    case "file": {
      const stretches = entry.stretches ?? [];
      writer.uint64(BigInt(entry.size));
      writer.byte(entry.unstable ? 1 : 0);
      writer.byte(entry.stretches === undefined ? 0 : 1);
      writer.uint32(stretches.length);
      writer.hex(entry.content);
      writer.sizedText(entry.linkedTo ?? "");
      for (const stretch of stretches) for (const number of stretch) writer.uint64(BigInt(number));
      return;
    }
    case "link":
      writer.sizedText(entry.target);
      return;
    case "unread":
      writer.sized(Buffer.from(entry.reason));
      return;
    case "directory":
    case "other":
  }
}

/** One for all entries, ten thousands of which are encoded in a row: a buffer for each part is what would take long. */
const writer = new ByteWriter();

/** @throws RangeError for bytes that are none of an entry */
export function decodeEntry(bytes: Buffer): Entry {
  return decodeAt(bytes, 0, bytes.length);
}

/** The entries of a row of leaves, without cutting each of them out. @throws RangeError for bytes that are none */
export function decodeRow(row: Buffer): readonly Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < row.length; ) {
    const start = at + HEAD;
    at = start + row.readUInt32LE(at);
    if (at > row.length) throw new RangeError("a row of leaves is cut off");
    entries.push(decodeAt(row, start, at));
  }
  return entries;
}

function decodeAt(bytes: Buffer, start: number, end: number): Entry {
  const reader = new Reader(bytes, start + PATH_LENGTH_AT + 6, end);
  const pathLength = bytes.readUInt32LE(start + PATH_LENGTH_AT);
  const count = bytes.readUInt16LE(start + PATH_LENGTH_AT + 4);
  const common = {
    path: reader.text(pathLength),
    mode: bytes.readUInt32LE(start + 1),
    uid: bytes.readUInt32LE(start + 5),
    gid: bytes.readUInt32LE(start + 9),
    modified: bytes.readBigInt64LE(start + 13),
    attributes: count === 0 ? NONE : reader.several(count, () => reader.attribute()),
  };
  const entry = decodeOwn(TYPES[bytes[start] as number], common, reader);
  reader.end();
  return entry;
}

function decodeOwn(type: Entry["type"] | undefined, common: Common, reader: Reader): Entry {
  switch (type) {
    case "file": {
      const size = reader.uint64();
      const unstable = reader.byte() === 1;
      const isSparse = reader.byte() === 1;
      const count = reader.uint32();
      const content = reader.digest();
      const linkedTo = reader.text(reader.uint32());
      const stretches =
        count === 0 ? NONE : reader.several(count, (): Stretch => [reader.uint64(), reader.uint64()]);
      return {
        path: common.path,
        mode: common.mode,
        uid: common.uid,
        gid: common.gid,
        modified: common.modified,
        attributes: common.attributes,
        type,
        size,
        content,
        stretches: isSparse ? stretches : undefined,
        linkedTo: linkedTo === "" ? undefined : linkedTo,
        unstable,
      };
    }
    case "link":
      return { ...common, type, target: reader.text(reader.uint32()) };
    case "unread":
      return { ...common, type, reason: reader.sized().toString() };
    case "directory":
    case "other":
      return { ...common, type };
    case undefined:
      throw new RangeError("no such type of entry");
  }
}

/** Most entries have none of anything. */
const NONE: readonly never[] = [];

class Reader {
  private readonly bytes: Buffer;
  private readonly limit: number;
  private at: number;

  constructor(bytes: Buffer, at: number, limit: number) {
    this.bytes = bytes;
    this.limit = limit;
    this.at = at;
  }

  /** Where the next `length` bytes begin. Nothing is cut out that is not asked for: there are ten thousands of entries. */
  private next(length: number): number {
    const start = this.at;
    this.at += length;
    if (this.at > this.limit) throw new RangeError("an entry is cut off");
    return start;
  }

  several<T>(count: number, read: () => T): readonly T[] {
    return Array.from({ length: count }, read);
  }

  attribute(): Attributes[number] {
    return [this.sized().toString("latin1"), this.sized().toString("hex")];
  }

  byte(): number | undefined {
    return this.bytes[this.next(1)];
  }

  uint32(): number {
    return this.bytes.readUInt32LE(this.next(4));
  }

  uint64(): number {
    const start = this.next(8);
    return this.bytes.readUInt32LE(start) + this.bytes.readUInt32LE(start + 4) * 0x1_0000_0000;
  }

  digest(): Digest {
    const start = this.next(32);
    return this.bytes.toString("hex", start, start + 32) as Digest;
  }

  text(length: number): string {
    if (length === 0) return "";
    const start = this.next(length);
    const text = this.bytes.toString("utf8", start, start + length);
    // What stands for bytes that are no UTF-8, or was really there: that is told by the slow way.
    return text.includes("\ufffd") ? textOf(this.bytes.subarray(start, start + length)) : text;
  }

  sized(): Buffer {
    const length = this.uint32();
    const start = this.next(length);
    return this.bytes.subarray(start, start + length);
  }

  end(): void {
    if (this.at !== this.limit) throw new RangeError("an entry has bytes left over");
  }
}
