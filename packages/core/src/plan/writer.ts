// Values as bytes: the form in which plans and tables reach C.

import { NonoError } from "../error.ts";
import { bytesOf, isEscaped } from "../text/bytes.ts";

/** From plan.h; C rejects what is longer. */
const STRING_MAX = 1 << 20;

/** Little-endian and packed, into a buffer that doubles. */
export class Writer {
  #buffer = Buffer.allocUnsafeSlow(4096);
  length = 0;

  u32(value: number): this {
    this.#reserve(4);
    this.length = this.#buffer.writeUInt32LE(value, this.length);
    return this;
  }

  u64(value: bigint): this {
    this.#reserve(8);
    this.length = this.#buffer.writeBigUInt64LE(value, this.length);
    return this;
  }

  /** @throws NonoError `invalid-text` for a NUL byte, `plan-too-large`; both name `part` */
  text(part: string, text: string): this {
    if (text.includes("\0")) throw new NonoError({ code: "invalid-text", option: part });
    const bytes = isEscaped(text) ? bytesOf(text) : text;
    const size = Buffer.byteLength(bytes);
    if (size > STRING_MAX) throw new NonoError({ code: "plan-too-large", part, size, limit: STRING_MAX });
    this.u32(size).#reserve(size + 1);
    if (typeof bytes === "string") this.#buffer.write(bytes, this.length);
    else this.#buffer.set(bytes, this.length);
    this.length += size;
    this.#buffer[this.length++] = 0;
    return this;
  }

  /** `NAME=value` as `text` writes it, from bytes that never were a string. @throws as `text` does */
  variable(name: string, value: Uint8Array): this {
    const part = `variable ${name}`;
    if (value.includes(0)) throw new NonoError({ code: "invalid-text", option: part });
    const head = bytesOf(`${name}=`);
    const size = head.length + value.length;
    if (size > STRING_MAX) throw new NonoError({ code: "plan-too-large", part, size, limit: STRING_MAX });
    return this.u32(size).raw(head).raw(value).raw(Buffer.of(0));
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  /** Overwrites what was written. */
  wipe(): void {
    this.#buffer.fill(0);
    this.length = 0;
  }

  #reserve(size: number): void {
    if (this.length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.length + size));
    this.#buffer.copy(larger, 0, 0, this.length);
    this.#buffer.fill(0); // it may hold a secret, and its memory is used again
    this.#buffer = larger;
  }
}
