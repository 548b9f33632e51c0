// The lines of a log, read as a stream: a log may be larger than memory.

import { closeSync, constants, fstatSync, readSync } from "node:fs";
import { openRegular } from "../files/regular-file.ts";
import { LINE_MAX } from "./line.ts";

const CHUNK = 1 << 20;

/** Lines as they are appended. A line is there when its line break is. */
export class LogLines {
  readonly #descriptor: number;
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);

  /** To be closed. @throws NonoError `file-irregular`, and the file system's own error */
  constructor(file: string) {
    this.#descriptor = openRegular(file, constants.O_RDONLY);
  }

  /** All whole lines that have not been read yet, without their line breaks. Valid until the next one. */
  *next(): Generator<Buffer> {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = readSync(this.#descriptor, chunk, 0, CHUNK, this.#position);
      if (length === 0) return;
      this.#position += length;
      yield* this.#linesOf(chunk.subarray(0, length));
    }
  }

  *#linesOf(chunk: Buffer): Generator<Buffer> {
    let from = 0;
    for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
      const end = chunk.subarray(from, to);
      from = to + 1;
      if (this.#rest.length === 0) yield end;
      else {
        const line = Buffer.concat([this.#rest, end]);
        this.#rest = Buffer.alloc(0);
        yield line;
      }
    }
    if (from < chunk.length) this.#rest = Buffer.concat([this.#rest, chunk.subarray(from)]);
    if (this.#rest.length > LINE_MAX) throw new RangeError("a line is too long");
  }

  /** Bytes behind the last line break that was read. */
  get remainder(): number {
    return this.#rest.length;
  }

  /** How long the file is now, in bytes. */
  get size(): number {
    return fstatSync(this.#descriptor).size;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
