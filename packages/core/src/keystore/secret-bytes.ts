// A secret in memory: bytes that can be overwritten, and that no log, no JSON and no message shows by accident.

import { inspect } from "node:util";
import { NonoError } from "../error.ts";
import { textOf } from "../text/bytes.ts";

/** Bytes. The kernel takes 128 KiB for `NAME=value` (MAX_ARG_STRLEN, execve(2)). */
const SIZE_LIMIT = 120 << 10;

export class SecretBytes {
  readonly #bytes: Uint8Array;

  /**
   * @param bytes are this object's own from now on: nobody else keeps or changes them
   * @param secret what it is called, for messages
   * @throws NonoError `secret-value` for what no variable can hold; the bytes are overwritten then
   */
  constructor(bytes: Uint8Array, secret: string) {
    const reason = problemOf(bytes);
    if (reason !== undefined) {
      bytes.fill(0);
      throw new NonoError({ code: "secret-value", secret, reason });
    }
    this.#bytes = bytes;
  }

  /** Not a copy: zeros after `wipe`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** A string, which no program can overwrite, in the form of `textOf`: only for who needs one. */
  text(): string {
    return textOf(this.#bytes);
  }

  wipe(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}

function problemOf(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "it is empty";
  if (bytes.length > SIZE_LIMIT) return `it is longer than ${SIZE_LIMIT} bytes`;
  return bytes.includes(0) ? "it holds a NUL byte, which no variable can" : undefined;
}

/** Without the line break that tools and editors put at the end of what they print. Not a copy. */
export function withoutLineBreak(bytes: Uint8Array): Uint8Array {
  const [beforeLast, last] = bytes.subarray(-2).length === 2 ? bytes.subarray(-2) : [undefined, bytes.at(-1)];
  if (last !== 0x0a) return bytes;
  return bytes.subarray(0, beforeLast === 0x0d ? -2 : -1);
}
