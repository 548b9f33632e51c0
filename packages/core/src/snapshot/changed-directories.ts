// Which directories of a known tree are not as they were: all are compared on the other processors.

import type { Addon } from "../native/addon.ts";
import { type FileRecord, RECORD_SIZE, readRecord } from "./file-record.ts";

/** Directories compared at once, and how many times that is under way. */
const DIRECTORIES = 128;
const BATCHES = 3;

/** What is told of each directory, before the matches and the listing. */
const TOLD = RECORD_SIZE + 16;
const [ERROR_AT, LENGTH_AT, COUNT_AT] = [RECORD_SIZE, RECORD_SIZE + 4, RECORD_SIZE + 8] as const;
const AS_KNOWN = 0xffff_ffff;

/** Beside the number of the known entry. */
const WHOLLY = 0x8000_0000;
const NUMBER = 0x7fff_ffff;

/** Which known entry has the name of an entry of a listing, and whether all of its record is the same, too. */
export type Match = Readonly<{ known: number | undefined; isSame: boolean }>;

/** By the number of the entry. */
export type Matching = (index: number) => Match;

/** How a directory is now. `record`: of the directory itself. */
export type Listed = Readonly<{ record: FileRecord; listing: Buffer; matching: Matching }>;

/** By their places in the order of the walk; undefined for one that cannot be listed. */
export type ChangedDirectories = ReadonlyMap<number, Listed | undefined>;

/**
 * Starts at once. Where the root lies nothing is compared, since only the root itself is of interest there.
 *
 * @param listings of the directories in the order of the walk, and how many
 * @param background an agent runs meanwhile, whose work is not to be slowed down
 */
export async function compareDirectories(
  addon: Addon,
  listings: Buffer,
  count: number,
  background: boolean,
): Promise<ChangedDirectories> {
  const changed = new Map<number, Listed | undefined>();
  const ahead: Promise<Buffer>[] = [];
  let [asked, told] = [1, 1];
  const ask = () => {
    for (; ahead.length < (background ? 1 : BATCHES) && asked < count; asked += DIRECTORIES)
      ahead.push(addon.compareDirectories(listings, asked, DIRECTORIES, background));
  };
  for (ask(); ahead.length > 0; ask()) {
    const bytes = (await ahead.shift()) as Buffer;
    for (let at = 0; at < bytes.length; told++) {
      const length = bytes.readUInt32LE(at + LENGTH_AT);
      const matchesAt = at + TOLD;
      if (length === AS_KNOWN) {
        at = matchesAt;
        continue;
      }
      const listingAt = matchesAt + 4 * bytes.readUInt32LE(at + COUNT_AT);
      const listed: Listed = {
        record: readRecord(bytes, at),
        listing: bytes.subarray(listingAt, listingAt + length),
        matching: matchingIn(bytes, matchesAt),
      };
      changed.set(told, bytes.readUInt32LE(at + ERROR_AT) === 0 ? listed : undefined);
      at = listingAt + length;
    }
  }
  return changed;
}

function matchingIn(bytes: Buffer, at: number): Matching {
  return (index) => {
    const told = bytes.readUInt32LE(at + 4 * index);
    const number = told & NUMBER;
    return { known: number === 0 ? undefined : number - 1, isSame: (told & WHOLLY) !== 0 };
  };
}
