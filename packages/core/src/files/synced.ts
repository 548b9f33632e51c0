// fsync(2) on a thread of the pool, for the disk is slow.

import { fsync } from "node:fs";

/** Resolves when an open file or directory is on the disk. @throws the file system's own error */
export function synced(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(descriptor, (error) => (error === null ? resolve() : reject(error)));
  });
}
