// A secret in a file: opened once, and judged by what was opened.

import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs";
import { NonoError } from "../error.ts";
import { fileName, textOf } from "../text/bytes.ts";
import { SecretBytes, withoutLineBreak } from "./secret-bytes.ts";
import { type Trust, trustedPath } from "./trusted-path.ts";

/** Bytes; one more is read, to see that it is longer. */
const SIZE_LIMIT = 1 << 20;

/**
 * The content, without a line break at its end.
 *
 * @param file absolute
 * @param secret what it is called in messages
 * @throws NonoError `secret-unreadable`, `secret-untrusted`, `secret-value`
 */
export function readPrivateFile(file: string, secret: string, trust: Trust): SecretBytes {
  const real = trustedPath(file, secret, trust);
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const unreadable = (reason: string, cause?: unknown) =>
    new NonoError({ code: "secret-unreadable", secret, reason }, { cause });
  let descriptor: number;
  try {
    descriptor = openSync(fileName(real), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    throw unreadable(String((error as NodeJS.ErrnoException).code), error);
  }
  try {
    const reason = problemOf(fstatSync(descriptor), trust.uid);
    if (reason !== undefined) throw unreadable(reason);
    // Another file may have taken the name since the path was looked at.
    if (pathOf(descriptor) !== real) throw unreadable("it was replaced while it was read");
    return new SecretBytes(contentOf(descriptor), secret);
  } finally {
    closeSync(descriptor);
  }
}

function problemOf(stat: Stats, uid: number): string | undefined {
  if (!stat.isFile()) return "it is not a regular file";
  if (stat.uid !== uid) return `it belongs to user ${stat.uid}: it must be yours`;
  if ((stat.mode & 0o077) !== 0) return "others may use it: chmod 600 it";
  return stat.size > SIZE_LIMIT ? "it is longer than 1 MiB" : undefined;
}

function pathOf(descriptor: number): string {
  return textOf(readlinkSync(`/proc/self/fd/${descriptor}`, { encoding: "buffer" }));
}

function contentOf(descriptor: number): Uint8Array {
  const room = Buffer.alloc(SIZE_LIMIT + 1);
  let length = 0;
  for (let count = -1; count !== 0 && length < room.length; length += count)
    count = readSync(descriptor, room, length, room.length - length, null);
  const content = Uint8Array.from(withoutLineBreak(room.subarray(0, length)));
  room.fill(0);
  return content;
}
