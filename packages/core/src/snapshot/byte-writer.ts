// Puts bytes together in one room, which grows as it has to. Numbers are little-endian.

import { bytesOf, isEscaped } from "../text/bytes.ts";

/** To be used again: what it gives is a copy. */
export class ByteWriter {
  private room = Buffer.allocUnsafeSlow(1 << 16);
  private at = 0;

  begin(): void {
    this.at = 0;
  }

  end(): Buffer {
    return Buffer.from(this.room.subarray(0, this.at));
  }

  byte(value: number): void {
    this.room[this.reserve(1)] = value;
  }

  uint16(value: number): void {
    this.room.writeUInt16LE(value, this.reserve(2));
  }

  uint32(value: number): void {
    this.room.writeUInt32LE(value, this.reserve(4));
  }

  uint32At(at: number, value: number): void {
    this.room.writeUInt32LE(value, at);
  }

  uint64(value: bigint): void {
    this.room.writeBigUInt64LE(value, this.reserve(8));
  }

  hex(digits: string): void {
    this.room.write(digits, this.reserve(digits.length / 2), "hex");
  }

  sized(bytes: Buffer): void {
    this.uint32(bytes.length);
    bytes.copy(this.room, this.reserve(bytes.length));
  }

  sizedText(text: string): void {
    const head = this.reserve(4);
    this.uint32At(head, this.text(text));
  }

  /** @returns how many bytes it has */
  text(text: string): number {
    if (isEscaped(text)) {
      const bytes = bytesOf(text);
      bytes.copy(this.room, this.reserve(bytes.length));
      return bytes.length;
    }
    const at = this.reserve(3 * text.length); // UTF-8 of one UTF-16 unit has three bytes at most
    const length = this.room.write(text, at);
    this.at = at + length;
    return length;
  }

  /** Where the next `length` bytes belong. */
  private reserve(length: number): number {
    const start = this.at;
    this.at += length;
    if (this.at <= this.room.length) return start;
    const larger = Buffer.allocUnsafeSlow(2 * this.at);
    this.room.copy(larger, 0, 0, start);
    this.room = larger;
    return start;
  }
}
