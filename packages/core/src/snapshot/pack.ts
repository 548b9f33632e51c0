// A pack: small contents in one file, with an index behind them.
//
// A file for each content would cost a create, an fsync and a block of the disk for each; a pack costs one fsync. Its
// index is sorted by digest; the pack is named by the hash of the index.
//
//   contents …
//   index    per content: digest (32), offset (8), stored length (4), form (4): 0 plain, 1 deflated
//   trailer  "nonopack", count (4), 1 when deflating was tried, else 0 (4), SHA-256 of the index and these two (32)

import { closeSync, constants, fstatSync, readSync } from "node:fs";
import { NonoError } from "../error.ts";
import { baseNameOf } from "../files/path-names.ts";
import { openRegular } from "../files/regular-file.ts";
import { type Digest, hex, sha256 } from "../hash/digest.ts";
import { zlibModule } from "../platform-modules.ts";

export const ROW_SIZE = 48;
export const TRAILER_SIZE = 48;
export const MAGIC = Buffer.from("nonopack");
export const PLAIN = 0;
export const DEFLATED = 1;

/** No content in a pack is larger: what a damaged one could make of memory when it is inflated. */
export const LARGEST_PACKED = 1 << 20;

/** Bytes in an open file: the content itself, or what it is deflated to. */
export type Location = Readonly<{ descriptor: number; offset: number; length: number; deflated: boolean }>;

export class Pack {
  readonly file: string;
  readonly size: number;
  private readonly descriptor: number;
  /** Rows, sorted by digest. */
  readonly index: Buffer;
  /** Whether what is plain in it is so because deflating does not pay. */
  readonly isDeflated: boolean;

  /** @throws NonoError `store-damaged` for an index that is not the one that was written */
  constructor(file: string) {
    this.file = file;
    this.descriptor = openRegular(file, constants.O_RDONLY);
    try {
      this.size = fstatSync(this.descriptor).size;
      this.index = this.readIndex();
      this.isDeflated = this.readAt(this.size - TRAILER_SIZE, TRAILER_SIZE).readUInt32LE(12) === 1;
    } catch (error) {
      closeSync(this.descriptor);
      throw error;
    }
  }

  private readIndex(): Buffer {
    const trailer = this.readAt(this.size - TRAILER_SIZE, TRAILER_SIZE);
    const count = trailer.readUInt32LE(8);
    const index = this.readAt(this.size - TRAILER_SIZE - count * ROW_SIZE, count * ROW_SIZE);
    const hash = sha256(Buffer.concat([index, trailer.subarray(8, 16)]));
    const isWhole = trailer.subarray(0, 8).equals(MAGIC) && trailer.subarray(16).equals(hash);
    if (!isWhole || baseNameOf(this.file) !== `${hex(hash)}.pack`)
      throw this.damaged("its index was changed");
    return index;
  }

  private readAt(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, length));
    if (offset < 0 || readSync(this.descriptor, bytes, 0, length, offset) !== length)
      throw this.damaged("it is cut off");
    return bytes;
  }

  private damaged(reason: string): NonoError {
    return new NonoError({ code: "store-damaged", file: this.file, reason });
  }

  /** Where the bytes of a row of the index lie; unlike what is read they are not checked. */
  locate(row: number): Location {
    return {
      descriptor: this.descriptor,
      offset: Number(this.index.readBigUInt64LE(row + 32)),
      length: this.index.readUInt32LE(row + 40),
      deflated: this.index.readUInt32LE(row + 44) === DEFLATED,
    };
  }

  /** @throws NonoError `store-damaged` when the bytes are not those of the digest that the row is of */
  read(row: number): Buffer {
    const { offset, length, deflated } = this.locate(row);
    const stored = this.readAt(offset, length);
    const content = deflated ? this.inflate(stored) : stored;
    if (!sha256(content).equals(this.index.subarray(row, row + 32)))
      throw this.damaged(`content ${this.index.toString("hex", row, row + 32)} was changed`);
    return content;
  }

  private inflate(stored: Buffer): Buffer {
    try {
      return zlibModule().inflateRawSync(stored, { maxOutputLength: LARGEST_PACKED });
    } catch (error) {
      throw new NonoError(
        { code: "store-damaged", file: this.file, reason: "a content cannot be inflated" },
        { cause: error },
      );
    }
  }

  /** Every content in it, with its row of the index and the bytes that it takes. */
  *contents(): Generator<{ row: number; digest: Digest; stored: number; plain: boolean }> {
    for (let row = 0; row < this.index.length; row += ROW_SIZE)
      yield {
        row,
        digest: hex(this.index.subarray(row, row + 32)),
        stored: this.index.readUInt32LE(row + 40),
        plain: this.index.readUInt32LE(row + 44) === PLAIN,
      };
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
