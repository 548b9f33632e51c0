// Reading and writing descriptors that do not block.

import { readSync, writeSync } from "node:fs";

/** Bytes into `buffer`; `undefined`: none yet; 0: never again. */
export function readReady(descriptor: number, buffer: Buffer): number | undefined {
  try {
    return readSync(descriptor, buffer);
  } catch (error) {
    // A terminal whose other end is closed gives EIO where a pipe gives end of file.
    return isNotYet(error) ? undefined : 0;
  }
}

/** How much of `bytes` was taken; 0 as well when there is no room yet; `undefined`: nothing ever will be. */
export function writeReady(descriptor: number, bytes: Uint8Array): number | undefined {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    return isNotYet(error) ? 0 : undefined;
  }
}

function isNotYet(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EAGAIN" || code === "EINTR";
}
