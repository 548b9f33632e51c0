// Files that an agent may have prepared, read before the start: whatever they are, reading them ends.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { bytesOf, type CanonicalPath } from "nono-ts";

/** @returns undefined for what is missing, unreadable, no ordinary file, or longer than `limit` bytes */
export function readSmallFile(file: CanonicalPath, limit: number): string | undefined {
  let descriptor: number | undefined;
  try {
    // A pipe in its place must not make us wait for a writer.
    descriptor = openSync(bytesOf(file), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    if (!fstatSync(descriptor).isFile()) return undefined;
    const text = beginningOf(descriptor, limit + 1);
    return text.length > limit || text.includes(0) ? undefined : text.toString("utf8");
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Files of /proc have no size, and some no end. */
function beginningOf(descriptor: number, limit: number): Buffer {
  const room = Buffer.alloc(limit);
  let length = 0;
  for (let count = -1; count !== 0 && length < limit; length += count)
    count = readSync(descriptor, room, length, limit - length, null);
  return room.subarray(0, length);
}
