// What nono itself has written is in regular files. Anything else in the place of one, such as a FIFO, is not read and
// never waited for.

import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { NonoError } from "../error.ts";
import { fileName } from "../text/bytes.ts";

/** `named`: what it is called in messages, where its path is one of a descriptor. */
type Options = Readonly<{ mode?: number; named?: string }>;

/**
 * To be closed. No link is followed.
 *
 * @param flags O_NOFOLLOW and O_NONBLOCK are added
 * @throws NonoError `file-irregular`, and the file system's own error
 */
export function openRegular(
  file: string,
  flags: number,
  { mode = 0o600, named = file }: Options = {},
): number {
  const irregular = (cause?: unknown) => new NonoError({ code: "file-irregular", file: named }, { cause });
  let descriptor: number;
  try {
    const { O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
    descriptor = openSync(fileName(file), flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode);
  } catch (error) {
    // A socket, or a device that is none.
    throw (error as NodeJS.ErrnoException).code === "ENXIO" ? irregular(error) : error;
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw irregular();
}

/** All of it. @throws as `openRegular` */
export function readRegular(file: string, named?: string): Buffer {
  const descriptor = openRegular(file, constants.O_RDONLY, named === undefined ? {} : { named });
  try {
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
