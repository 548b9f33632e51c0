// A walk over one tracked root: every name that the filter captures, in the order of a snapshot, without following a
// link and without reading a file.
//
// The order is by components, each by its bytes: a directory, then all below it.

import { closeSync, constants } from "node:fs";
import { NonoError } from "../error.ts";
import { baseNameOf, directoryOf } from "../files/path-names.ts";
import type { Addon } from "../native/addon.ts";
import { bytesOf, textOf } from "../text/bytes.ts";
import type { CachedDirectory } from "./cached-directory.ts";
import { DirectoryCursor } from "./directory-cursor.ts";
import { errnoName, reasonOf } from "./failure.ts";
import { entryAt, type FileRecord, inodeOf, readListing, readRecord } from "./file-record.ts";
import type { Judge, Verdict } from "./filter.ts";
import type { ListAhead, Listed } from "./list-ahead.ts";
import type { CachedDirectories, StatCache } from "./stat-cache.ts";

/** One name that was found. `problem`: why a directory could not be listed. */
export type Item = Readonly<{
  path: string;
  directory: string;
  name: Buffer;
  record: FileRecord;
  /** What it was the last time, when it is untouched since. */
  known: Buffer | undefined;
  /** In the listing; undefined in a directory in which nothing changed. */
  index: number | undefined;
}> & { problem?: string };

/** Neighbours in a directory in which nothing changed: their leaves, how many of them are files, and their bytes. */
export type Untouched = Readonly<{ row: Buffer; files: number; size: number }>;

/** @throws NonoError `snapshot-budget` */
export type Meter = (entries: number, bytes: number) => void;

/** `record`: undefined of where the root lies. `cached`: what is remembered of it, when nothing in it changed. */
export type Visited = Readonly<{
  record: FileRecord | undefined;
  listing: Buffer;
  verdict: Verdict;
  cached: CachedDirectory | undefined;
}>;

/** `visited`: by directory, in the order of the walk. */
export type Walked = Readonly<{
  items: readonly (Item | Untouched)[];
  visited: ReadonlyMap<string, Visited>;
}>;

/** At most so many names and bytes; nothing is read before all of them are counted. */
export type Budget = Readonly<{ entries: number; bytes: number }>;

export function meterOf(root: string, budget: Budget | undefined): Meter {
  let [entries, bytes] = [0, 0];
  return (moreEntries, moreBytes) => {
    entries += moreEntries;
    bytes += moreBytes;
    if (budget === undefined) return;
    if (entries > budget.entries)
      throw new NonoError({
        code: "snapshot-budget",
        path: root,
        what: "entries",
        found: entries,
        limit: budget.entries,
      });
    if (bytes > budget.bytes)
      throw new NonoError({
        code: "snapshot-budget",
        path: root,
        what: "bytes",
        found: bytes,
        limit: budget.bytes,
      });
  };
}

export class Walker {
  private readonly addon: Addon;
  private readonly root: string;
  private readonly judge: Judge;
  private readonly cache: CachedDirectories;
  private readonly meter: Meter;
  private readonly breathe: () => Promise<void> | undefined;
  private readonly items: (Item | Untouched)[] = [];
  private readonly visited = new Map<string, Visited>();
  private readonly cursor: DirectoryCursor;
  private depth = 0;
  private readonly ahead: ListAhead;

  constructor(
    addon: Addon,
    root: string,
    judge: Judge,
    known: Readonly<{ cache: StatCache; ahead: ListAhead }>,
    meter: Meter,
    breathe: () => Promise<void> | undefined,
  ) {
    this.addon = addon;
    this.root = root;
    this.judge = judge;
    this.cache = known.cache.directories;
    this.meter = meter;
    this.breathe = breathe;
    this.cursor = new DirectoryCursor(addon);
    this.ahead = known.ahead;
  }

  /** Of a root that is not there: nothing. @throws NonoError `snapshot-budget`; the system's error above the root */
  async walk(): Promise<Walked> {
    try {
      const listing = listingOfRoot(this.addon, this.cursor, this.root);
      if (listing.length > 0) await this.visitAll(directoryOf(this.root), listing, "captured", undefined);
      return { items: this.items, visited: this.visited };
    } finally {
      this.cursor.close();
    }
  }

  private async visitAll(
    directory: string,
    listing: Buffer,
    verdict: Verdict,
    record: FileRecord | undefined,
  ): Promise<void> {
    const known = this.cache.get(directory);
    const isAsKnown = known?.isWhole === true && known.verdict === verdict && known.listing.equals(listing);
    this.visited.set(directory, { record, listing, verdict, cached: isAsKnown ? known : undefined });
    if (isAsKnown) await this.visitUntouched(known);
    else await this.visitEach(directory, listing, verdict, known?.leavesFor(listing) ?? []);
    await this.breathe();
  }

  private async visitEach(
    directory: string,
    listing: Buffer,
    verdict: Verdict,
    known: readonly (Buffer | undefined)[],
  ): Promise<void> {
    let index = -1;
    for (const { name, record } of readListing(listing)) {
      index += 1;
      const path = pathIn(directory, name);
      const own = this.verdictOn(path, record, verdict);
      if (own === "excluded") continue;
      const item: Item = { path, directory, name, record, known: known[index], index };
      this.items.push(item);
      this.meter(1, record.kind === "file" ? record.size : 0);
      if (record.kind === "directory") await this.descend(item, own);
    }
  }

  /** Only its directories are looked at one by one. */
  private async visitUntouched(known: CachedDirectory): Promise<void> {
    const { path: directory, listing, row } = known;
    let [from, files, size] = [0, known.files, known.size];
    this.meter(known.entries, size);
    for (const { inListing, inRow } of known.subdirectories()) {
      this.items.push({ row: row.subarray(from, inRow), files, size });
      [from, files, size] = [inRow + 4 + row.readUInt32LE(inRow), 0, 0];
      const { name, record } = entryAt(listing, inListing);
      const path = pathIn(directory, name);
      const leaf = row.subarray(inRow + 4, from);
      const item: Item = { path, directory, name, record, known: leaf, index: undefined };
      this.items.push(item);
      await this.descend(item, this.verdictOn(path, record, known.verdict));
    }
    this.items.push({ row: row.subarray(from), files, size });
  }

  private verdictOn(path: string, { kind }: FileRecord, parent: Verdict): Verdict {
    if (path === this.root) return parent;
    return this.judge(path.slice(this.root.length + 1), kind === "directory", parent);
  }

  private async descend(item: Item, verdict: Verdict): Promise<void> {
    if (this.depth >= DEEPEST) {
      item.problem = "nested too deep";
      return;
    }
    this.depth += 1;
    await this.enter(item, verdict);
    this.depth -= 1;
  }

  private async enter(item: Item, verdict: Verdict): Promise<void> {
    let listed: Listed;
    try {
      listed = (await this.ahead.take(item.path)) ?? this.list(item);
    } catch (error) {
      this.lose(item, error);
      return;
    }
    if (inodeOf(listed.record) !== inodeOf(item.record)) item.problem = REPLACED;
    else await this.visitAll(item.path, listed.listing, verdict, listed.record);
  }

  private list({ directory, name }: Item): Listed {
    const flags = constants.O_RDONLY | constants.O_DIRECTORY;
    const descriptor = this.addon.openFile(this.cursor.at(directory), name, flags, 0);
    try {
      const record = readRecord(this.addon.describeFile(descriptor, NOTHING) as Buffer);
      return { record, listing: this.addon.listDirectory(descriptor) };
    } finally {
      closeSync(descriptor);
    }
  }

  private lose(item: Item, error: unknown): void {
    const name = errnoName(error);
    if (name === "ENOENT") this.items.pop();
    else item.problem = name === "ELOOP" || name === "ENOTDIR" ? REPLACED : reasonOf(error);
  }
}

const NOTHING = new Uint8Array(0);

function pathIn(directory: string, name: Buffer): string {
  return `${directory === "/" ? "" : directory}/${textOf(name)}`;
}

/** Directories within another that are gone into. Each is held open, and an agent could make more than may be open. */
const DEEPEST = 500;

/** A directory that became something else between its listing and its opening. */
const REPLACED = "replaced while it was looked at";

/** As a listing with nothing else in it; empty when it is not there. @throws NonoError `snapshot-root` */
export function listingOfRoot(addon: Addon, cursor: DirectoryCursor, root: string): Buffer {
  const parent = parentDescriptor(cursor, root);
  const name = bytesOf(baseNameOf(root));
  const record = parent === undefined ? null : addon.describeFile(parent, name);
  if (record === null) return Buffer.alloc(0);
  record.writeUInt32LE(name.length, 56);
  return Buffer.concat([record, name]);
}

/** Undefined when there is no such directory. @throws NonoError `snapshot-root` */
function parentDescriptor(cursor: DirectoryCursor, root: string): number | undefined {
  if (root === "/") throw new NonoError({ code: "snapshot-root", path: root, reason: "it is everything" });
  try {
    return cursor.at(directoryOf(root));
  } catch (error) {
    const name = errnoName(error);
    if (name === "ENOENT") return undefined;
    if (name === "ELOOP" || name === "ENOTDIR")
      throw new NonoError(
        { code: "snapshot-root", path: root, reason: "a link lies on the way to it" },
        { cause: error },
      );
    throw error;
  }
}
