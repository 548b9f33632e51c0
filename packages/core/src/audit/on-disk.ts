// Waiting for the disk while something else goes on.

import { fdatasync, fsync } from "node:fs";

/** fdatasync(2), beside JavaScript. @throws the file system's own error */
export function dataOnDisk(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(descriptor, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** fsync(2), likewise: of a directory, its names. */
export function allOnDisk(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(descriptor, (error) => (error === null ? resolve() : reject(error)));
  });
}
