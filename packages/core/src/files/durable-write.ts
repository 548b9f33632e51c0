// Files that are written whole or not at all: temporary file, fsync, rename, fsync of the directory (fsync(2), rename(2)).
// The directory is opened once; what its path leads to later does not matter.

import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { randomId } from "../random.ts";
import { fileName } from "../text/bytes.ts";
import { baseNameOf, directoryOf } from "./path-names.ts";

const BEHIND_ID = ".tmp";
const beforeId = (name: string) => `.${name}.`;

/** A place for one file, kept by its directory. */
export interface ReservedFile {
  /** Replaces the file. @throws the file system's own error; the old content is then still there, whole */
  write(content: string | Uint8Array): void;
  close(): void;
}

/**
 * @param file absolute
 * @param mode of the file, 0600 unless it says otherwise
 * @throws the file system's own error where the directory cannot be opened
 */
export function reserveFile(file: string, mode = 0o600): ReservedFile {
  const directory = openSync(fileName(directoryOf(file)), constants.O_RDONLY | constants.O_DIRECTORY);
  const at = (name: string) => fileName(`/proc/self/fd/${directory}/${name}`);
  const name = baseNameOf(file);
  // Whoever else may write there must not be able to take the name first.
  const temporary = `${beforeId(name)}${randomId()}${BEHIND_ID}`;
  return {
    write(content) {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      const descriptor = openSync(at(temporary), flags, mode);
      try {
        try {
          writeFileSync(descriptor, content);
          fsyncSync(descriptor);
        } finally {
          closeSync(descriptor);
        }
        renameSync(at(temporary), at(name));
        fsyncSync(directory);
      } catch (error) {
        // Not there any more where only the last step failed.
        rmSync(at(temporary), { force: true });
        throw error;
      }
    },
    close: () => closeSync(directory),
  };
}

/** The same at once. */
export function writeDurably(file: string, content: string | Uint8Array, mode?: number): void {
  const reserved = reserveFile(file, mode);
  try {
    reserved.write(content);
  } finally {
    reserved.close();
  }
}

/** Removes what writers of the file left that were killed. Only for who knows that nobody else writes it now. */
export function removeLeftOver(file: string): void {
  const directory = directoryOf(file);
  for (const name of readdirSync(fileName(directory)))
    if (name.startsWith(beforeId(baseNameOf(file))) && name.endsWith(BEHIND_ID))
      rmSync(fileName(`${directory}/${name}`));
}
